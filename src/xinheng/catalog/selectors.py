"""Which version of an item was in force on a day, and what does the city's own supplement add to its pack?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date

from django.db.models import F, Q

from xinheng.catalog.models import CatalogItemVersion
from xinheng.law.items import Item, ItemVersion
from xinheng.law.linking import linked
from xinheng.law.loader import drafts
from xinheng.law.pack import Pack
from xinheng.lib.errors import NotFound


def item_version_id(*, code: str, on: date) -> int:
    """The id of the published version of item ``code`` in force on ``on``.

    Raises NotFound ``item_not_in_force``: what no catalog in force names is not collected (ZY-32, SP-8, INV-2).
    """
    found = (
        CatalogItemVersion.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=on))
        .filter(item__code=code, valid_from__lte=on)
        .order_by("-valid_from", "-id")
        .values_list("id", flat=True)
        .first()
    )
    if found is None:
        raise NotFound("item_not_in_force", item=code, on=on.isoformat())
    return found


def item_version_ids(code: str) -> list[int]:
    """The ids of all published versions of an item, oldest first."""
    versions = CatalogItemVersion.objects.filter(item__code=code).order_by("valid_from", "id")
    return list(versions.values_list("id", flat=True))


def supplemented(pack: Pack) -> Pack:
    """The pack with the items that the city itself put into force or ended (ZY-32); the pack itself when there is none.

    What was published is read for its shape alone: it was judged when it was published.
    """
    rows = list(
        CatalogItemVersion.objects.filter(Q(norm__isnull=False) | Q(closed_by__isnull=False))
        .order_by("valid_from", "id")
        .values_list(F("item__code"), "valid_from", "valid_until", "text")
    )
    if not rows:
        return pack
    made: dict[str, list[ItemVersion]] = defaultdict(list)
    ends: dict[tuple[str, date], date | None] = {}
    for code, valid_from, valid_until, text in rows:
        ends[code, valid_from] = valid_until
        if text:
            made[code].append(_read(text, pack))
    items = dict(pack.items)
    for code in {code for code, _ in ends}:
        own = items[code].versions if code in items else ()
        versions = [replace(v, until=ends.get((code, v.from_), v.until)) for v in (*own, *made[code])]
        items[code] = Item(code, versions[-1].level, versions[-1].label, tuple(versions))
    return replace(pack, items=items, matters=linked(pack.matters, items))


_texts: dict[tuple[str, str], ItemVersion] = {}


def _read(text: str, pack: Pack) -> ItemVersion:
    key = (text, pack.id)
    if key not in _texts:
        _texts[key] = drafts.reread(text, pack)
    return _texts[key]
