"""What does the text of an instrument hold, how is it changed, and what is wrong with its basis? (ZY-32)"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from xinheng.law import writing
from xinheng.law.comparing import Change as Difference
from xinheng.law.comparing import What, compare
from xinheng.law.enums import Level, Rank
from xinheng.law.items import ItemVersion
from xinheng.law.judging import Reach
from xinheng.law.norms import Procedure

_TITLE = re.compile("《[^《》]{2,}》")
_ARTICLE = re.compile(r"第[一二三四五六七八九十百千零〇\d]+条")
LESSER = frozenset({"n", "length", "digits", "places", "required", "mask", "disclosure", "disclosure_for", "exports"})


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
    found += ["norm_basis_untitled" for one in basis if not _TITLE.search(one.title)]
    found += ["norm_basis_no_article" for one in basis if one.kind != "state_rule" and not _ARTICLE.search(one.title)]
    return tuple(dict.fromkeys(found))


def goes_beyond(asked: ItemVersion, now: ItemVersion) -> bool:
    """Does a text go beyond the one that opinions were asked about, so that they must be asked again?

    What ZY-32 names for each item (conduct, publicity, sharing, source, channel, frequency), its basis, its name, whom
    it is about and what is asked may not change any more; a field may go, be shown to fewer, be shorter, be asked less.
    """
    return any(not _lesser(change) for change in compare(asked, now).changes)


def _lesser(change: Difference) -> bool:
    """Is a difference no more than was asked about?"""
    if change.field is None or change.reach in {Reach.WIDER, Reach.UNCLEAR}:
        return False
    return change.what is What.REMOVED if not change.within else change.within[0] in LESSER


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
    field = _own_enum(text, dict(field), values)
    fields = list(text.item["fields"])
    place = next((n for n, one in enumerate(fields) if one["code"] == code), len(fields))
    number = fields[place]["n"] if place < len(fields) else str(max(int(one["n"]) for one in fields) + 1)
    fields[place : place + 1] = [{**field, "n": number}]
    enums = dict(text.item.get("enums", {}))
    if values:
        name = _enum_of(field)
        enums[name] = {**enums.get(name, {"separator": ";"}), "values": [dict(one) for one in values]}
    return _with_enums({**text.item, "fields": fields}, enums)


def _own_enum(text: Text, field: dict[str, Any], values: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The field with an enumeration of its own, when it changes one that another field uses too."""
    name = _enum_of(field)
    others = [one for one in text.item["fields"] if one["code"] != field["code"] and _enum_of(one) == name]
    before = text.item.get("enums", {}).get(name, {}).get("values", [])
    plain = [{"value": one["value"], "en": one.get("en", "")} for one in before]
    if values and name and others and plain != [dict(one) for one in values]:
        field["type"] = {next(iter(field["type"])): field["code"]}
    return field


def _enum_of(field: Mapping[str, Any]) -> str:
    """The name of the enumeration that a field chooses from, empty for others."""
    kind = field["type"]
    name = next(iter(kind.values())) if isinstance(kind, dict) else ""
    return name if isinstance(name, str) else ""


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
