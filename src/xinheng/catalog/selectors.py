"""Which version of an item was in force on a day, and what does the city's own supplement add to its pack?"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from django.db.models import Q

from xinheng.catalog.models import CatalogItemVersion
from xinheng.law.items import Item, ItemVersion
from xinheng.law.linking import linked
from xinheng.law.loader import drafts
from xinheng.law.pack import Pack
from xinheng.lib.errors import NotFound

log = logging.getLogger(__name__)


def item_version_id(*, code: str, on: date) -> int:
    """The id of the published version of item ``code`` in force on ``on``.

    Raises NotFound ``item_not_in_force``: what no catalog in force names is not collected (ZY-32, SP-8, INV-2).
    """
    begun = CatalogItemVersion.objects.filter(item__code=code, valid_from__lte=on)
    newest = begun.order_by("-valid_from", "-id").values_list("id", "valid_until").first()
    if newest is None or (newest[1] is not None and newest[1] <= on):  # what has ended brings no older one back
        raise NotFound("item_not_in_force", item=code, on=on.isoformat())
    return newest[0]


def item_version_ids(code: str) -> list[int]:
    """The ids of all published versions of an item, oldest first."""
    versions = CatalogItemVersion.objects.filter(item__code=code).order_by("valid_from", "id")
    return list(versions.values_list("id", flat=True))


class _Row(NamedTuple):
    """A version that the city's own procedure made or ended, as the table has it."""

    code: str
    first: date
    until: date | None
    sha256: str
    text: str
    norm_id: int | None


def supplemented(pack: Pack) -> Pack:
    """The pack with the items that the city itself put into force or ended (ZY-32); the pack itself when there is none.

    What was published is read for its shape alone: it was judged when it was published. Versions follow one another:
    each ends where the next begins, and what an instrument ended stays ended. A row that is not what was published is
    not in force, nor is what it replaced; nothing else is touched, and `ledger verify` tells.
    """
    made: dict[str, list[_Row]] = defaultdict(list)
    for row in _rows():
        made[row.code].append(row)
    if not made:
        return pack
    items = dict(pack.items)
    for code, rows in made.items():
        item = _merged(pack.items.get(code), rows, pack)
        if item is not None:
            items[code] = item
        else:
            items.pop(code, None)
    return replace(pack, items=items, matters=linked(pack.matters, items))


def published_text(code: str, first: date, pack: Pack) -> tuple[bool, ItemVersion | None]:
    """(whether an instrument of the city put a version with this first day into force, the version if it is readable).

    For a release of the pack, which may take such a version over, but never change it.
    """
    found = [row for row in _rows(code) if row.first == first and row.norm_id is not None]
    return bool(found), _read(found[-1], pack) if found else None


def instruments_of(code: str) -> list[tuple[date, date | None, bool]]:
    """(first day, end, whether the city made it) of every version that an instrument of the city made or ended."""
    return [(row.first, row.until, row.norm_id is not None) for row in _rows(code)]


def _rows(code: str | None = None) -> Iterator[_Row]:
    touched = Q(norm__isnull=False) | Q(closed_by__isnull=False) | ~Q(text="")
    rows = CatalogItemVersion.objects.filter(touched).order_by("valid_from", "id")
    if code is not None:
        rows = rows.filter(item__code=code)
    for row in rows.values_list("item__code", "valid_from", "valid_until", "sha256", "text", "norm_id"):
        yield _Row(*row)


def _merged(own: Item | None, rows: Sequence[_Row], pack: Pack) -> Item | None:
    """An item of the pack, or none, with what the city made and ended; None when nothing of it is left to read."""
    found: dict[date, ItemVersion | None] = {v.from_: v for v in own.versions} if own else {}
    ends = {row.first: row.until for row in rows}
    written = {row.first: _read(row, pack) for row in rows if row.norm_id is not None or row.text}
    found |= written
    versions: list[ItemVersion] = []
    for first, following in pairwise([*sorted(found), None]):
        version = found[first] if first is not None else None
        if first is None or version is None:
            continue
        until = min((day for day in (ends.get(first, version.until), following) if day is not None), default=None)
        versions.append(replace(version, until=until))
    draft = own.draft if own and not (written and versions) else None
    if versions:
        return Item(versions[-1].code, versions[-1].level, versions[-1].label, tuple(versions), draft)
    return replace(own, versions=(), draft=draft) if own and draft else None


_texts: dict[tuple[_Row, str], ItemVersion | None] = {}


def _read(row: _Row, pack: Pack) -> ItemVersion | None:
    """The version that a row holds, as published; None for a row that somebody damaged."""
    key = (row._replace(until=None), pack.label)
    if key not in _texts:
        _texts[key] = _reread(row, pack)
    return _texts[key]


def _reread(row: _Row, pack: Pack) -> ItemVersion | None:
    try:
        version = drafts.reread(row.text, pack)
    except Exception:  # whatever the text has become, the rest of the law goes on
        version = None
    if version is None or (version.code, version.from_, version.sha256) != (row.code, row.first, row.sha256):
        log.error("%s from %s is not what was published: not in force; see `xinheng ledger verify`", *row[:2])
        return None
    return version
