"""Where in its file does a catalog item say something?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xinheng.law.items import Item
from xinheng.law.loader.layers import Layer
from xinheng.law.loader.reading import Faults, Source
from xinheng.law.loader.strict import Mapping as Node
from xinheng.law.loader.strict import Node as AnyNode
from xinheng.law.loader.strict import Scalar, Sequence


@dataclass(frozen=True, slots=True)
class Place:
    """An item with the file in which it stands."""

    item: Item
    layer: Layer
    source: Source
    node: Node

    def fault(self, faults: Faults, code: str, message: str, *keys: str) -> None:
        """Report a fault at the first of these keys that the item, or else its first version, writes."""
        tables = (self.node, *_rows(self.node, "versions"))
        found = next((table.nodes[key] for key in keys for table in tables if key in table.nodes), self.node)
        self._add(faults, found, code, message)

    def version_fault(self, faults: Faults, code: str, message: str, begins: str, key: str) -> None:
        """Report a fault at a key of the version that begins on a day."""
        rows = [row for row in _rows(self.node, "versions") if _text(row, "from") == begins]
        found = next((row.nodes.get(key, row) for row in rows), self.node)
        self._add(faults, found, code, message)

    def field_fault(self, faults: Faults, code: str, message: str, field: str) -> None:
        """Report a fault at a field; at ``use`` where the field comes from a block that items share."""
        tables = (self.node, *_rows(self.node, "versions"))
        rows = (row for table in tables for row in _rows(table, "fields") if _text(row, "code") == field)
        found = next(rows, None) or self.node.nodes.get("use") or self.node.nodes.get("fields") or self.node
        self._add(faults, found, code, message)

    def _add(self, faults: Faults, node: AnyNode, code: str, message: str) -> None:
        faults.add(self.source.file, node.line, node.column, code, message)


def places(layers: list[Layer], items: Mapping[str, Item]) -> Iterator[Place]:
    """Give every item of the layers with its file, the nation first."""
    for layer in layers:
        for name, source in layer.files.items():
            item = items.get(source.stem) if name.startswith("catalog/") else None
            if item is not None and isinstance(source.node, Node):
                yield Place(item, layer, source, source.node)


def _rows(table: Node, key: str) -> tuple[Node, ...]:
    found = table.nodes.get(key)
    return tuple(row for row in found.nodes if isinstance(row, Node)) if isinstance(found, Sequence) else ()


def _text(row: Node, key: str) -> str | None:
    found = row.nodes.get(key)
    return found.text if isinstance(found, Scalar) else None
