"""Are the law versions and the versions of catalog items those whose publication the ledger holds?

Registered with `ledger verify`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from xinheng.accounts.checks import compared
from xinheng.catalog.models import CatalogItemVersion
from xinheng.ledger.models import LawVersion
from xinheng.ledger.verify import Damage, Finding, Tally, Verification


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
    yield from _rows(tally, "catalog_item_version", _published(verification, "norm.published"), items)
    yield tally.result()


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
