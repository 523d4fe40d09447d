"""Does the text of a single catalog item, drafted outside the pack files, fit the law of a pack?

The same reading and the same checks as for a pack file, so a draft that passes here could stand in the pack (ZY-32).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from xinheng.law.enums import Rank
from xinheng.law.errors import Finding, PackError
from xinheng.law.items import Item, ItemVersion
from xinheng.law.loader import catalog, crosscheck, forbidden, itemchecks, schemas, strict
from xinheng.law.loader.layers import Layer
from xinheng.law.loader.reading import Faults, Reader, Source
from xinheng.law.pack import Pack


def text_of(tree: Mapping[str, Any]) -> str:
    """Write the tree of an item as the one canonical text that is hashed and kept: keys sorted, no blanks."""
    return json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read(text: str, pack: Pack) -> tuple[Item | None, tuple[Finding, ...]]:
    """Read an item in the shape of a pack file, at the rank of a city.

    Gives the item and no finding, or the findings: whatever a pack file would be refused for, and a level that the
    city's law does not know (SP-8). The item is None whenever there is a finding.
    """
    faults = Faults()
    node = strict.compose(text.encode(), lambda *found: faults.add("draft", *found))
    if not isinstance(node, strict.Mapping):
        faults.add("draft", 1, 1, "not_a_mapping", "这不是一个目录项")
        return None, tuple(faults.findings)
    code = node.nodes.get("code")
    stem = code.text or "" if isinstance(code, strict.Scalar) else ""
    source = Source("draft", stem, node, Rank.CITY, pack.id)
    reader = Reader(node, source, faults, "ItemVersion")
    found = catalog.items([_layer(pack, source, reader)], faults)
    if not faults.findings:
        layer, known = [_layer(pack, source, reader)], _known(pack, found)
        # A pack that lies alone, away from the house's packs, has no schemas beside it: the loader judges shapes then.
        faults.findings.extend(schemas.faults(layer, pack.folder.parent))
        crosscheck.crosscheck(layer, known, faults)
        crosscheck.publicity(layer, found, pack.rule_sets, faults)
        itemchecks.check(layer, found, known, pack.limits, faults)
        forbidden.judge(layer, found, pack.forbidden.values(), faults)
    item = next((one for one in found.values() if one.versions), None)
    if item is None and not faults.findings:
        faults.add("draft", 1, 1, "no_values", "这个目录项没有版本")
    if item is not None and item.level not in pack.catalog_levels:
        faults.add("draft", 1, 1, "level_not_allowed", f"目录项“{item.code}”是{item.level}级，本市法规不设这一级目录")
    return (None if faults.findings else item), tuple(sorted(set(faults.findings)))


def reread(text: str, pack: Pack) -> ItemVersion:
    """Read the version of a text that was published: its shape alone, for the law has judged it. Raises PackError."""
    faults = Faults()
    node = strict.compose(text.encode(), lambda *found: faults.add("published", *found))
    code = node.nodes.get("code") if isinstance(node, strict.Mapping) else None
    if node is not None and isinstance(code, strict.Scalar):
        source = Source("published", code.text or "", node, Rank.CITY, pack.id)
        reader = Reader(node, source, faults, "ItemVersion")
        found = catalog.items([_layer(pack, source, reader)], faults)
        if not faults.findings:
            return found[code.text or ""].versions[-1]
    faults.findings = faults.findings or [Finding("published", 1, 1, "not_a_mapping", "这不是一个目录项")]
    raise PackError(tuple(faults.findings))


def _layer(pack: Pack, source: Source, reader: Reader) -> Layer:
    return Layer(pack.id, pack.folder, Rank.CITY, reader, {f"catalog/{source.stem}": source})


def _known(pack: Pack, items: dict[str, Item]) -> crosscheck.Known:
    return crosscheck.Known(
        dict(pack.articles),
        {**pack.items, **items},
        dict(pack.organ_kinds),
        dict(pack.sectors),
        dict(pack.powers),
        dict(pack.laws),
        dict(pack.matters),
        dict(pack.categories),
    )
