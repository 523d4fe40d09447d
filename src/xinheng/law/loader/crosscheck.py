"""Do the parts of a pack fit together: articles cited, kinds, powers and items named, levels, ranks, evidence?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from xinheng.law.items import Item
from xinheng.law.loader import strict
from xinheng.law.loader.layers import Layer
from xinheng.law.loader.reading import Faults, Source
from xinheng.law.pack import Article, Category, Law, Matter, OrganKind, Power, RuleSet, Sector, Timeline
from xinheng.law.statutes import allowed_kinds

_ITEM = re.compile(r"\(\d+\)$")
VERIFIED = frozenset({"text", "seen"})


@dataclass(frozen=True, slots=True)
class Known:
    """The names that other parts of the pack may use."""

    articles: dict[str, Article]
    items: dict[str, Item]
    organ_kinds: dict[str, OrganKind]
    sectors: dict[str, Sector]
    powers: dict[str, Timeline[Power]]
    laws: dict[str, Law]
    matters: dict[str, Timeline[Matter]]
    categories: dict[str, Category]


def crosscheck(layers: list[Layer], known: Known, faults: Faults) -> None:
    """Report whatever names something the pack lacks, and adverse rules that nobody verified."""
    for layer in layers:
        for name, source in layer.files.items():
            _walk(source.node, source, known, faults)
            if name == "matters":
                _matters(source, known, faults)
            if name == "organs":
                _powers(source, known, faults)
            if name.startswith("catalog/"):
                _item(source, known, faults)


def levels(layers: list[Layer], items: dict[str, Item], faults: Faults) -> None:
    """Report items of a level that the city's law doesn't know (SP-8 knows no city level)."""
    head = layers[-1].head
    allowed = {node.text for node in _scalars(head.nodes.get("catalog_levels"))}
    for layer in layers:
        for name, source in layer.files.items():
            item = items.get(source.stem) if name.startswith("catalog/") else None
            if item is not None and item.level.value not in allowed and isinstance(source.node, strict.Mapping):
                place = source.node.nodes.get("level", source.node)
                text = f"目录项“{item.code}”是{item.level}级，本市法规不设这一级目录"
                faults.add(source.file, place.line, place.column, "level_not_allowed", text)


def publicity(layers: list[Layer], items: dict[str, Item], rule_sets: tuple[RuleSet, ...], faults: Faults) -> None:
    """Report adverse items that take in decisions from before the first rule set of publicity and repair."""
    first = min((rules.from_ for rules in rule_sets), default=date.max)
    for layer in layers:
        for name, source in layer.files.items():
            item = items.get(source.stem) if name.startswith("catalog/") else None
            if item is None or not isinstance(source.node, strict.Mapping):
                continue
            if any(v.publicity_period == "repair_rules" and v.from_ < first for v in item.versions):
                place = source.node.nodes.get("versions", source.node)
                text = f"目录项“{item.code}”早于第一套公示和修复规则（{first}），其间的决定没有公示期"
                faults.add(source.file, place.line, place.column, "gap", text)


def _walk(node: strict.Node, source: Source, known: Known, faults: Faults) -> None:
    """Look at every mapping: a cited article must exist, an adverse rule that is on must be verified."""
    if isinstance(node, strict.Sequence):
        for part in node.nodes:
            _walk(part, source, known, faults)
    if not isinstance(node, strict.Mapping):
        return
    cited = node.nodes.get("article")
    if isinstance(cited, strict.Scalar) and cited.text not in {None, "none"} and not _known(cited.text, known):
        text = f"条文“{cited.text}”不在条文表里"
        faults.add(source.file, cited.line, cited.column, "article_unknown", text)
    adverse, evidence, state = (_text(node.nodes.get(key)) for key in ("adverse", "evidence", "state"))
    if adverse == "true" and evidence is not None and evidence not in VERIFIED and state not in {"off", "draft"}:
        place = node.nodes["evidence"]
        text = '对主体不利的规则未经逐字核对，只能写state: "off"或者state: draft'
        faults.add(source.file, place.line, place.column, "unverified_on", text)
    for part in node.nodes.values():
        _walk(part, source, known, faults)


def _known(article: str | None, known: Known) -> bool:
    return _ITEM.sub("", article or "") in known.articles


def _matters(source: Source, known: Known, faults: Faults) -> None:
    for value in _values(source.node):
        named = _Named(source, value, faults)
        named.among("askers", set(known.organ_kinds), "organ_kind_unknown", "组织类别")
        named.among("powers", set(known.powers), "power_unknown", "职权")
        named.among("items", {code for code, item in known.items.items() if item.versions}, "item_unknown", "目录项")
        kinds = value.nodes.get("statute_kinds") if isinstance(value, strict.Mapping) else None
        named.among("statutes", _citable(known, kinds), "article_unknown", "可援引的条文")


def _item(source: Source, known: Known, faults: Faults) -> None:
    """Report unknown matters and powers of the versions of an item, and a category that the pack lacks."""
    if not isinstance(source.node, strict.Mapping):
        return
    versions = source.node.nodes.get("versions")
    for version in versions.nodes if isinstance(versions, strict.Sequence) else ():
        named = _Named(source, version, faults)
        named.among("matters", set(known.matters), "matter_unknown", "查询事项")
        named.among("providers", set(known.powers), "power_unknown", "职权")
    place = source.node.nodes.get("category", source.node)
    category = _text(place)
    if known.categories and category not in known.categories:
        text = f"没有目录类别“{category}”" if category else "缺少“category”：目录项属于全国基础目录的哪一类"
        faults.add(source.file, place.line, place.column, "category_unknown", text)


def _citable(known: Known, kinds: strict.Node | None) -> set[str]:
    """The articles, and instruments with articles, of the kinds that a matter admits."""
    allowed = allowed_kinds(frozenset(scalar.text or "" for scalar in _scalars(kinds)))
    found = [a for a in known.articles.values() if a.law in known.laws and known.laws[a.law].kind in allowed]
    return {article.id for article in found} | {article.law for article in found}


def _powers(source: Source, known: Known, faults: Faults) -> None:
    if not isinstance(source.node, strict.Mapping):
        return
    powers = source.node.nodes.get("powers")
    for power in powers.nodes if isinstance(powers, strict.Sequence) else ():
        named = _Named(source, power, faults)
        named.among("holders", {*known.sectors, "any"}, "sector_unknown", "领域")
        named.among("kinds", set(known.organ_kinds), "organ_kind_unknown", "组织类别")
    provides = source.node.nodes.get("provides")
    for part in provides.nodes.values() if isinstance(provides, strict.Mapping) else ():
        _Named(source, part, faults).among("kinds", set(known.organ_kinds), "organ_kind_unknown", "组织类别")


@dataclass(frozen=True, slots=True)
class _Named:
    """A mapping whose lists name other parts of the pack."""

    source: Source
    node: strict.Node
    faults: Faults

    def among(self, key: str, allowed: set[str], code: str, noun: str) -> None:
        """Report each name of the list ``key`` that the pack lacks."""
        node = self.node.nodes.get(key) if isinstance(self.node, strict.Mapping) else None
        for scalar in _scalars(node):
            if scalar.text not in allowed:
                self.faults.add(self.source.file, scalar.line, scalar.column, code, f"没有{noun}“{scalar.text}”")


def _values(node: strict.Node) -> Iterator[strict.Node]:
    """Give each dated value of a file of named entries."""
    for entry in node.nodes if isinstance(node, strict.Sequence) else ():
        values = entry.nodes.get("values") if isinstance(entry, strict.Mapping) else None
        yield from values.nodes if isinstance(values, strict.Sequence) else ()


def _scalars(node: strict.Node | None) -> tuple[strict.Scalar, ...]:
    parts = node.nodes if isinstance(node, strict.Sequence) else ()
    return tuple(part for part in parts if isinstance(part, strict.Scalar))


def _text(node: strict.Node | None) -> str | None:
    return node.text if isinstance(node, strict.Scalar) else None
