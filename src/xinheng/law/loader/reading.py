"""How is a mapping of a pack file read into typed values, with every fault at its line?

`Reader` wraps one mapping: each key is asked for by its type; `done` reports keys nobody asked for. A fault never stops
the reading: a stand-in is returned and the pack is refused at the end with all its faults.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from xinheng.law.enums import Rank, Unit
from xinheng.law.errors import Finding
from xinheng.law.loader.strict import Mapping, Node, Scalar, Sequence
from xinheng.law.pack import Amount, Bilingual, Tree

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingOf


@dataclass(slots=True)
class Faults:
    """The findings of one pack, and where each value that code may read stands (for ``--used``)."""

    findings: list[Finding] = field(default_factory=list)
    uses: list[tuple[str, str, int, int]] = field(default_factory=list)

    def add(self, file: str, line: int, column: int, code: str, message: str) -> None:
        """Note a fault."""
        self.findings.append(Finding(file, line, column, code, message))


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a layer: its path as shown to the user, its content, the rank of its pack."""

    file: str
    stem: str
    node: Node
    rank: Rank
    pack: str


class Reader:
    """Reads one mapping. ``shape`` names the class of the pack that its keys fill."""

    def __init__(self, node: Node, source: Source, faults: Faults, shape: str) -> None:
        self.source, self.faults, self.shape = source, faults, shape
        self.line, self.column = node.line, node.column
        self.nodes: dict[str, Node] = {}
        self.keys: dict[str, Scalar] = {}
        if isinstance(node, Mapping):
            self.nodes, self.keys = node.nodes, node.keys
        else:
            self.fault("not_a_mapping", "这里应当是“键: 值”的形式", node)
        self.asked: set[str] = set()

    # -- faults and places

    def fault(self, code: str, message: str, node: Node | str | None = None) -> None:
        """Note a fault at a node, at a key's value, or at this mapping."""
        if isinstance(node, str):
            node = self.nodes.get(node)
        line, column = (node.line, node.column) if node is not None else (self.line, self.column)
        self.faults.add(self.source.file, line, column, code, message)

    def named(self, shape: str, name: str) -> None:
        """Note a value that code asks for by this name."""
        self.faults.uses.append((f"{shape}:{name}", self.source.file, self.line, self.column))

    def has(self, key: str) -> bool:
        """Say whether the key is there with a value other than null."""
        node = self.nodes.get(key)
        return node is not None and not (isinstance(node, Scalar) and node.text is None)

    def node(self, key: str, *, attribute: str | None = None) -> Node | None:
        """Give the node of a key, None when the key is absent or null.

        ``attribute`` names the attribute of the pack that the value fills when it differs from the key; "" when the
        loader alone uses the value, or when the values inside it speak for themselves.
        """
        self.asked.add(key)
        found = self.nodes.get(key)
        if found is None or (isinstance(found, Scalar) and found.text is None):
            return None
        if attribute != "":
            place = (found.line, found.column)
            self.faults.uses.append((f"{self.shape}.{attribute or key}", self.source.file, *place))
        return found

    def needed(self, key: str, attribute: str | None = None) -> Node | None:
        """Give the node of a key that must be there."""
        node = self.node(key, attribute=attribute)
        if node is None:
            self.fault("missing_key", f"缺少“{key}”", self.keys.get(key))
        return node

    def documentary(self, *keys: str) -> None:
        """Name keys that inform the reader of the file and that no code reads."""
        self.asked.update(keys)

    def done(self) -> None:
        """Report keys that the shape does not know."""
        for key, place in self.keys.items():
            if key not in self.asked:
                self.fault("unknown_key", f"不认识的键“{key}”", place)

    # -- typed values

    def text(self, key: str, attribute: str | None = None) -> str:
        """Read a text that must be there."""
        return self._text(self.needed(key, attribute)) or ""

    def optional(self, key: str, attribute: str | None = None) -> str | None:
        """Read a text that may be absent, null or "none"."""
        node = self.node(key, attribute=attribute)
        text = self._text(node) if node is not None else None
        return None if text == "none" else text

    def day(self, key: str, attribute: str | None = None) -> date:
        """Read a day that must be there, "2024-01-01"."""
        node = self.needed(key, attribute)
        return (self._day(node) if node is not None else None) or date.min

    def optional_day(self, key: str, attribute: str | None = None) -> date | None:
        """Read a day that may be null."""
        node = self.node(key, attribute=attribute)
        return self._day(node) if node is not None else None

    def whole(self, key: str, attribute: str | None = None, *, least: int = 0) -> int:
        """Read a whole number that must be there."""
        return self._whole(self.needed(key, attribute), least)

    def optional_whole(self, key: str, attribute: str | None = None) -> int | None:
        """Read a whole number that may be absent."""
        node = self.node(key, attribute=attribute)
        return None if node is None else self._whole(node)

    def flag(self, key: str, *, default: bool | None = None, attribute: str | None = None) -> bool:
        """Read true or false; a default only for keys that mark an exception."""
        node = self.node(key, attribute=attribute) if default is not None else self.needed(key, attribute)
        if node is None:
            return bool(default)
        text = self._text(node)
        if text not in {"true", "false"}:
            self.fault("not_a_boolean", "这里只能写true或false", node)
        return text == "true"

    def bilingual(self, key: str, attribute: str | None = None) -> Bilingual:
        """Read ``{zh, en}`` that must be there."""
        return self._bilingual(self.needed(key, attribute))

    def optional_bilingual(self, key: str, attribute: str | None = None) -> Bilingual | None:
        """Read ``{zh, en}`` that may be absent."""
        node = self.node(key, attribute=attribute)
        return None if node is None else self._bilingual(node)

    def word[E: StrEnum](self, key: str, of: type[E], attribute: str | None = None) -> E:
        """Read a word of a closed vocabulary."""
        return self._word(self.needed(key, attribute), of)

    def choice(self, key: str, *words: str, default: str | None = None, attribute: str | None = None) -> str:
        """Read one of a few words."""
        node = self.node(key, attribute=attribute) if default is not None else self.needed(key, attribute)
        if node is None:
            return default or words[0]
        text = self._text(node) or ""
        if text and text not in words:
            self.fault("not_in_vocabulary", f"“{text}”不在允许的词里：{'、'.join(words)}", node)
        return text

    def texts(self, key: str, *, needed: bool = False, attribute: str | None = None) -> tuple[str, ...]:
        """Read a list of texts; absent means empty unless needed."""
        node = self.needed(key, attribute) if needed else self.node(key, attribute=attribute)
        return tuple(self._text(part) or "" for part in self._list(node))

    def words[E: StrEnum](
        self, key: str, of: type[E], *, needed: bool = True, attribute: str | None = None
    ) -> tuple[E, ...]:
        """Read a list of words of a closed vocabulary."""
        node = self.needed(key, attribute) if needed else self.node(key, attribute=attribute)
        found = tuple(self._word(part, of) for part in self._list(node))
        if len(set(found)) != len(found):
            self.fault("duplicate_value", f"“{key}”里有重复的词", node)
        return found

    def amount(self, key: str) -> Amount:
        """Read ``{count, unit}`` that must be there."""
        return self._amount(self.needed(key))

    def optional_amount(self, key: str) -> Amount | None:
        """Read ``{count, unit}`` that may be absent."""
        node = self.node(key)
        return None if node is None else self._amount(node)

    def each(self, key: str, shape: str, *, needed: bool = True) -> Iterator[Reader]:
        """Read a list of mappings."""
        node = self.needed(key, "") if needed else self.node(key, attribute="")
        for part in self._list(node):
            yield Reader(part, self.source, self.faults, shape)

    def inner(self, key: str, shape: str, *, needed: bool = False) -> Reader | None:
        """Read a mapping inside this one."""
        node = self.needed(key, "") if needed else self.node(key, attribute="")
        return None if node is None else Reader(node, self.source, self.faults, shape)

    def pairs(self, key: str) -> dict[str, str]:
        """Read a mapping of texts; absent means empty."""
        inner = self.inner(key, self.shape)
        if inner is None:
            return {}
        self.faults.uses.append((f"{self.shape}.{key}", self.source.file, inner.line, inner.column))
        return {name: self._text(node) or "" for name, node in inner.nodes.items()}

    # -- nodes

    def _text(self, node: Node | None) -> str | None:
        if node is None:
            return None
        if not isinstance(node, Scalar) or node.text is None:
            self.fault("not_a_text", "这里应当是一个文字值", node)
            return None
        if not node.text.strip():
            self.fault("empty_text", "这里不能是空文字", node)
        elif node.text != node.text.strip():
            self.fault("blank_around", "文字前后有多余的空白", node)
        return node.text

    def _day(self, node: Node) -> date | None:
        text = self._text(node) or ""
        try:
            if len(text) != 10:
                raise ValueError
            return date.fromisoformat(text)
        except ValueError:
            self.fault("not_a_day", f"“{text}”不是日期，应写成“2024-01-01”", node)
            return None

    def _whole(self, node: Node | None, least: int = 0) -> int:
        text = self._text(node) or ""
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
        if node is not None and number is None:
            self.fault("not_a_number", f"“{text}”不是整数", node)
        elif number is not None and number < least:
            self.fault("not_positive", f"这里至少是{least}", node)
        return number or 0

    def _word[E: StrEnum](self, node: Node | None, of: type[E]) -> E:
        text = self._text(node)
        try:
            return of(text or "")
        except ValueError:
            if text is not None:
                self.fault("not_in_vocabulary", f"“{text}”不在允许的词里：{'、'.join(of)}", node)
            return next(iter(of))

    def _list(self, node: Node | None) -> tuple[Node, ...]:
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            self.fault("not_a_list", "这里应当是列表", node)
            return ()
        return node.nodes

    def _bilingual(self, node: Node | None) -> Bilingual:
        if node is None:
            return Bilingual("", "")
        inner = Reader(node, self.source, self.faults, "Bilingual")
        found = Bilingual(inner.text("zh"), inner.text("en"))
        inner.done()
        return found

    def _amount(self, node: Node | None) -> Amount:
        if node is None:
            return Amount(0, Unit.WORKING_DAY)
        inner = Reader(node, self.source, self.faults, "Amount")
        found = Amount(inner.whole("count", least=1), inner.word("unit", Unit))
        inner.documentary("starts", "house", "note")
        inner.done()
        return found


def tree(node: Node) -> Tree:
    """Give a part of a pack that no shape types: texts, tuples and read-only mappings."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return tuple(tree(part) for part in node.nodes)
    return MappingProxyType({key: tree(value) for key, value in node.nodes.items()})


def frozen[K, V](found: dict[K, V]) -> MappingOf[K, V]:
    """Give a read-only view of a mapping."""
    return MappingProxyType(found)


def records(source: Source, faults: Faults, shape: str) -> Iterator[Reader]:
    """Read a file that is a list of mappings."""
    if not isinstance(source.node, Sequence):
        faults.add(source.file, source.node.line, source.node.column, "not_a_list", "这个文件应当是列表")
        return
    for part in source.node.nodes:
        yield Reader(part, source, faults, shape)
