"""Are the law versions and the versions of catalog items those whose publication the ledger holds?

Registered with `ledger verify`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from xinheng.accounts.checks import compared
from xinheng.catalog.models import CatalogItemVersion
from xinheng.law.errors import PackError
from xinheng.law.loader import drafts
from xinheng.ledger.models import LawVersion
from xinheng.ledger.verify import Damage, Finding, Tally, Verification
from xinheng.ui import city


def check_norms(verification: Verification) -> Iterator[Finding]:
    """Every law version and item version is what was published. One CheckResult ``norms``, counting rows."""
    tally = Tally("norms")
    laws = [
        (str(v.id), {"pack": v.pack, "version": v.version, "hash": v.hash, "label": v.label})
        for v in LawVersion.objects.order_by("id")
    ]
    said = _published(verification, "pack.published")
    for _, fields in said.values():
        fields["label"] = f"{fields['pack']}@{fields['version']}#{fields['hash']}"
    yield from _rows(tally, "law_version", said, laws)
    said_of_items = _published(verification, "norm.published")
    for number, (_, closing) in _published(verification, "norm.closed").items():
        if number in said_of_items:
            said_of_items[number][1]["until"] = closing["until"]
    items = [
        (
            str(v.id),
            {
                "item": v.item.code,
                "level": v.item.level,
                "from": v.valid_from.isoformat(),
                "until": v.valid_until.isoformat() if v.valid_until else "",
                "sha256": v.sha256,
            },
        )
        for v in CatalogItemVersion.objects.select_related("item").order_by("id")
    ]
    yield from _rows(tally, "catalog_item_version", said_of_items, items)
    yield from _texts(tally)
    yield tally.result()


def _texts(tally: Tally) -> Iterator[Damage]:
    """The text of each version that the city made itself is the one whose hash was published."""
    pack = city.pack()
    for row in CatalogItemVersion.objects.exclude(text="").order_by("id"):
        tally.count += 1
        try:
            found = drafts.reread(row.text, pack).sha256
        except PackError:
            found = "unreadable"
        if found != row.sha256:
            what = "catalog_item_version_text"
            yield tally.damage(what, "catalog_item_version", expected=row.sha256, found=found, entry=0)


def _published(verification: Verification, act: str) -> dict[str, tuple[int, dict[str, Any]]]:
    """Number of the row -> (entry, what it says of the row)."""
    found: dict[str, tuple[int, dict[str, Any]]] = {}
    for entry, body in verification.bodies(act):
        if body is not None:
            fields = dict(body["fields"])
            found[str(fields.pop("id"))] = entry, fields
    return found


def _rows(
    tally: Tally, table: str, said: Mapping[str, tuple[int, Mapping[str, Any]]], rows: list[tuple[str, dict[str, Any]]]
) -> Iterator[Damage]:
    for number, found in rows:
        tally.count += 1
        entry, stated = said.get(number, (0, {}))
        yield from compared(tally, table, stated, found, entry)
    for number in said.keys() - {number for number, _ in rows}:
        yield tally.damage(f"{table}_missing", table, expected=number, found="none", entry=said[number][0])
