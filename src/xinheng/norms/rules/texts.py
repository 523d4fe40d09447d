"""What does the text of an instrument hold, how is it changed, and what is wrong with its basis? (ZY-32)"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from xinheng.law import writing
from xinheng.law.enums import Level, Rank
from xinheng.law.items import ItemVersion
from xinheng.law.norms import Procedure

_TITLE = re.compile("《[^《》]{2,}》")


@dataclass(frozen=True, slots=True)
class Basis:
    """What a draft rests on: ``kind`` is law, regulation or state_rule, ``title`` names instrument and article."""

    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Text:
    """The whole text of an instrument: the item in the shape of a pack file, basis, reasons, impact on persons."""

    item: Mapping[str, Any]
    basis: tuple[Basis, ...]
    reasons: str
    assessment: str = ""

    def tree(self) -> dict[str, Any]:
        """The form that is hashed and kept."""
        return {
            "item": self.item,
            "basis": [{"kind": one.kind, "title": one.title} for one in self.basis],
            "reasons": self.reasons,
            "assessment": self.assessment,
        }

    @classmethod
    def of(cls, tree: Mapping[str, Any]) -> Text:
        """Read what `tree` wrote."""
        basis = tuple(Basis(one["kind"], one["title"]) for one in tree["basis"])
        return cls(tree["item"], basis, tree["reasons"], tree["assessment"])

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of subjects that the item is about."""
        return frozenset(self.item["versions"][0].get("kinds", {}))


def basis_faults(basis: Sequence[Basis], procedure: Procedure) -> tuple[str, ...]:
    """What is wrong with a basis: none at all, a kind that the law does not name, an instrument without 《title》."""
    if not basis:
        return ("norm_basis_missing",)
    found = ["norm_basis_kind" for one in basis if one.kind not in procedure.basis]
    return tuple(found + ["norm_basis_untitled" for one in basis if not _TITLE.search(one.title)])


def begun(version: ItemVersion, *, code: str, label: Mapping[str, str], article: str, proposed: date) -> dict[str, Any]:
    """The item that a draft begins with: another version's fields and attributes under a code and name of its own."""
    tree = writing.tree(replace(version, state="on", rank=Rank.CITY, level=Level.CITY))
    first = tree["versions"][0] | {"from": proposed.isoformat(), "until": None, "article": article}
    return tree | {"code": code, "label": dict(label), "versions": [first]}


def with_attributes(text: Text, *, label: Mapping[str, str], attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The item with other attributes; one that is None or empty is taken away."""
    first = {**text.item["versions"][0], **attributes}
    kept = {name: value for name, value in first.items() if name == "until" or value not in (None, "", [], {})}
    return {**text.item, "label": dict(label), "versions": [kept]}


def with_field(text: Text, field: Mapping[str, Any], *, values: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The item with this field in place of the one of its code, or behind the others; ``values`` of its enumeration."""
    code = str(field["code"])
    fields = list(text.item["fields"])
    place = next((n for n, one in enumerate(fields) if one["code"] == code), len(fields))
    number = fields[place]["n"] if place < len(fields) else str(max(int(one["n"]) for one in fields) + 1)
    fields[place : place + 1] = [{**field, "n": number}]
    enums = dict(text.item.get("enums", {}))
    if values:
        enums[code] = {**enums.get(code, {"separator": ";"}), "values": [dict(one) for one in values]}
    return _with_enums({**text.item, "fields": fields}, enums)


def without_field(text: Text, code: str) -> dict[str, Any] | None:
    """The item without a field; None for one that it cannot do without, since it says whose or which decision it is."""
    if code in text.item.get("roles", {}).values():
        return None
    fields = [one for one in text.item["fields"] if one["code"] != code]
    checks = [one for one in text.item.get("checks", ()) if code not in (one["field"], one.get("other"))]
    return _with_enums({**text.item, "fields": fields, "checks": checks}, dict(text.item.get("enums", {})))


def _with_enums(item: dict[str, Any], enums: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the enumerations that a field still uses."""
    types = [one["type"] for one in item["fields"] if isinstance(one["type"], dict)]
    used = {str(name) for kind in types for name in kind.values() if isinstance(name, str)}
    kept = {name: enum for name, enum in enums.items() if name in used}
    return {**{k: v for k, v in item.items() if k != "enums"}, **({"enums": kept} if kept else {})}
