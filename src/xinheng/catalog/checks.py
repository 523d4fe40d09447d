"""Are the law versions and the versions of catalog items those whose publication the ledger holds?

Registered with `ledger verify`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from django.conf import settings
from django.db.models import Q

from xinheng.accounts.checks import compared
from xinheng.catalog.models import CatalogItem, CatalogItemVersion
from xinheng.law.loader import drafts, load
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
    said_of_items = _items_said(verification)
    items = [
        (
            str(v.id),
            {
                "item": v.item.code,
                "level": v.item.level,
                "from": v.valid_from.isoformat(),
                "until": v.valid_until.isoformat() if v.valid_until else "",
                "sha256": v.sha256,
                "norm": str(v.norm_id or ""),
                "closed_by": str(v.closed_by_id or ""),
                "law": v.law_version.label,
            },
        )
        for v in CatalogItemVersion.objects.select_related("item", "law_version").order_by("id")
    ]
    yield from _rows(tally, "catalog_item_version", said_of_items, items)
    yield from _codes(tally, {str(fields["item"]) for _, fields in said_of_items.values()})
    yield from _texts(tally)
    yield tally.result()


def _items_said(verification: Verification) -> dict[str, tuple[int, dict[str, Any]]]:
    """Number of an item's version -> (entry, what its publication and its end say of the row)."""
    said = _published(verification, "norm.published")
    for entry, fields in said.values():
        named = verification.facts(entry)
        fields["law"] = named.law if named else ""
        fields.setdefault("closed_by", "")
    for number, (_, closing) in _published(verification, "norm.closed").items():
        if number in said:
            said[number][1].update(until=closing["until"], closed_by=closing["norm"])
    return said


def _codes(tally: Tally, published: Set[str]) -> Iterator[Damage]:
    """No item stands in the table of which no version was ever published; those of versions are compared with them."""
    for code in CatalogItem.objects.order_by("id").values_list("code", flat=True):
        tally.count += 1
        if code not in published:
            what = "catalog_item_without_entry"
            yield tally.damage(what, "catalog_item", expected="an entry", found=code, entry=0)


def _texts(tally: Tally) -> Iterator[Damage]:
    """The text of each version that the city made itself is the one whose hash was published, and no other has one.

    Read with the pack's files alone: with the supplement the law would rest on what is judged here.
    """
    pack = load(settings.XINHENG_LAW, root=settings.XINHENG_LAWPACKS)
    for row in CatalogItemVersion.objects.filter(Q(norm__isnull=False) | ~Q(text="")).order_by("id"):
        tally.count += 1
        try:
            found = drafts.reread(row.text, pack).sha256
        except Exception:  # a text that can't be read is damage, however it fails
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
