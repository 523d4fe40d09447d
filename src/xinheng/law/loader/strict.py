"""What exactly does a pack file say, and on which line?

YAML read in its narrowest form: every scalar is text with its place, ``null`` is None, ``true`` and ``false`` are the
texts "true" and "false". Refused: duplicate keys, anchors, aliases, tags, merge keys, several documents, values that
YAML 1.1 reads as something else (yes, no, on, off, 007, 1.10, 2024-01-01 without quotes).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

DEEPEST = 40
LARGEST = 5_000_000
_WHOLE = re.compile(r"0|[1-9][0-9]{0,17}")
_TRAPS = frozenset({"yes", "no", "on", "off", "y", "n", "true", "false"})
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVERS: dict[str, list[tuple[str, re.Pattern[str]]]] = yaml.SafeLoader.yaml_implicit_resolvers
_CHANGED = frozenset({"int", "float", "timestamp", "value", "null"})

Report = Callable[[int, int, str, str], None]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text with its place (from 1); None is ``null``."""

    line: int
    column: int
    text: str | None


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list with its place."""

    line: int
    column: int
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping with its place; ``keys`` gives the place of each key."""

    line: int
    column: int
    nodes: dict[str, Node]
    keys: dict[str, Scalar]


type Node = Scalar | Sequence | Mapping


class _Unreadable(Exception):
    """The file can't be read further."""


def compose(data: bytes, report: Report) -> Node | None:
    """Read the bytes of a file; ``report`` takes each fault; None when the file can't be read to its end."""
    try:
        if len(data) > LARGEST:
            raise _Unreadable(1, 1, "too_large", f"文件超过{LARGEST}字节")
        text = data.decode("utf-8-sig")
        events = _checked(text)
        node = _Composer(events, report).document()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        report(before.count("\n") + 1, len(before) - before.rfind("\n"), "not_utf8", "文件不是UTF-8编码")
        return None
    except _Unreadable as error:
        report(*error.args)
        return None
    return node


def _checked(text: str) -> Iterator[Any]:
    """Give the events of the text; a syntax error becomes one finding in words."""
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = "；".join(part for part in (error.context, error.problem) if part)
        raise _Unreadable(line, column, "yaml_syntax", f"不是有效的YAML：{problem}") from None
    except yaml.reader.ReaderError as error:
        sign = error.character if isinstance(error.character, str) else chr(error.character)
        place = text.find(sign)
        before = text[: max(place, 0)]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise _Unreadable(line, column, "control_character", f"含有不允许的字符U+{ord(sign):04X}") from None


class _Composer:
    """Builds nodes from events and reports what the narrow form forbids."""

    def __init__(self, events: Iterator[Any], report: Report) -> None:
        self.events = events
        self.report = report

    def document(self) -> Node | None:
        """Read the one document of a file."""
        node: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if node is not None:
                    raise _Unreadable(*_place(event), "several_documents", "一个文件只能有一份内容，请去掉“---”")
                if event.version or event.tags:
                    self.report(*_place(event), "directive", "不使用YAML指令，请删除以%开头的行")
                node = self.node(next(self.events), 1)
        if node is None:
            raise _Unreadable(1, 1, "empty_file", "文件没有内容")
        return node

    def node(self, event: Any, depth: int) -> Node:
        """Read one node and all below it."""
        line, column = _place(event)
        if depth > DEEPEST:
            raise _Unreadable(line, column, "too_deep", f"嵌套超过{DEEPEST}层")
        if isinstance(event, yaml.AliasEvent):
            self.report(line, column, "anchor", "不使用锚点和引用（&、*），请把内容写全")
            return Scalar(line, column, "")
        if event.anchor is not None:
            self.report(line, column, "anchor", "不使用锚点和引用（&、*），请把内容写全")
        if event.tag is not None:
            self.report(line, column, "tag", "不使用YAML标签（!），每个值都按文字读取")
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(line, column, self.text(event, line, column))
        if isinstance(event, yaml.SequenceStartEvent):
            nodes = []
            while not isinstance(item := next(self.events), yaml.SequenceEndEvent):
                nodes.append(self.node(item, depth + 1))
            return Sequence(line, column, tuple(nodes))
        return self.mapping(line, column, depth)

    def mapping(self, line: int, column: int, depth: int) -> Mapping:
        """Read a mapping; a key written twice is a fault, the first one is kept."""
        nodes: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.node(event, depth + 1)
            value = self.node(next(self.events), depth + 1)
            if not isinstance(key, Scalar) or key.text is None:
                self.report(key.line, key.column, "key_not_text", "键必须是文字")
            elif key.text in nodes:
                first = keys[key.text].line
                self.report(key.line, key.column, "duplicate_key", f"键“{key.text}”重复，第{first}行已经写过")
            else:
                nodes[key.text], keys[key.text] = value, key
        return Mapping(line, column, nodes, keys)

    def text(self, event: Any, line: int, column: int) -> str | None:
        """Take the text of a scalar; an unquoted one must mean the same to every YAML reader."""
        text: str = event.value
        if not event.implicit[0]:
            return text
        if text == "null":
            return None
        if text in {"true", "false"}:
            return text
        if text in {"", "~"}:
            self.report(line, column, "null_form", "没有值时写null")
        elif text == "<<":
            self.report(line, column, "merge_key", "不使用合并键（<<），请把内容写全")
        elif text.lower() in _TRAPS and not (len(text) == 1 and text == "n"):
            self.report(
                line, column, "boolean_trap", f"“{text}”在YAML里会变成真假值：文字请加引号，真假请写true或false"
            )
        elif not _WHOLE.fullmatch(text) and (tag := _resolved(text)):
            self.report(line, column, "unquoted", f"“{text}”会被当成{tag}，请加引号")
        return text


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _resolved(text: str) -> str | None:
    """Name what a YAML 1.1 reader would turn the unquoted text into, None when it stays text."""
    for tag, pattern in _RESOLVERS.get(text[0], []):
        kind = tag.rpartition(":")[2]
        if kind in _CHANGED and pattern.match(text):
            return {"int": "整数", "float": "小数", "timestamp": "日期"}.get(kind, "别的值")
    return None


def plain(node: Node) -> Any:
    """Give the node as texts, lists and dicts, without places."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(part) for part in node.nodes]
    return {key: plain(value) for key, value in node.nodes.items()}


def at(node: Node, path: tuple[str | int, ...]) -> tuple[int, int]:
    """Give line and column of the part that a path of keys and positions leads to."""
    for step in path:
        below: Node | None = None
        if isinstance(node, Mapping) and isinstance(step, str):
            below = node.nodes.get(step)
        elif isinstance(node, Sequence) and isinstance(step, int):
            below = node.nodes[step] if step < len(node.nodes) else None
        if below is None:
            break
        node = below
    return node.line, node.column
