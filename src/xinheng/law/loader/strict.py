"""What exactly does a pack file say, and on which line?

YAML read in its narrowest form: every scalar is text with its place, ``null`` is None, ``true`` and ``false`` are the
texts "true" and "false". Refused: duplicate keys, anchors, aliases, tags, merge keys, several documents, values that
YAML 1.1 reads as something else (yes, no, on, off, 007, 1.10, 2024-01-01 without quotes).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

DEEPEST = 40
LARGEST = 5_000_000
_WHOLE = re.compile(r"0|[1-9][0-9]{0,17}")
_TRAPS = frozenset({"yes", "no", "on", "off", "y", "n", "true", "false"})
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVERS: dict[str, list[tuple[str, re.Pattern[str]]]] = yaml.SafeLoader.yaml_implicit_resolvers
_CHANGED = {
    "tag:yaml.org,2002:int": "整数",
    "tag:yaml.org,2002:float": "小数",
    "tag:yaml.org,2002:timestamp": "日期",
    "tag:yaml.org,2002:value": "别的值",
    "tag:yaml.org,2002:null": "空值",
}
# numbers of YAML 1.2 that YAML 1.1 reads as text
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+")

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
        return _Composer(text, report).document()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        report(*_end(before), "not_utf8", "文件不是UTF-8编码")
    except _Unreadable as error:
        report(*error.args)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = "；".join(part for part in (error.context, error.problem) if part)
        report(line, column, "yaml_syntax", f"不是有效的YAML：{problem}")
    except yaml.reader.ReaderError as error:
        sign = error.character if isinstance(error.character, str) else chr(error.character)
        before = text[: max(text.find(sign), 0)]
        report(*_end(before), "control_character", f"含有不允许的字符U+{ord(sign):04X}")
    return None


class _Composer:
    """Builds nodes from the events of the parser and reports what the narrow form forbids."""

    def __init__(self, text: str, report: Report) -> None:
        self.next: Callable[[], Any] = _LOADER(text).get_event
        self.report = report

    def document(self) -> Node | None:
        """Read the one document of a file."""
        node: Node | None = None
        while not isinstance(event := self.next(), yaml.StreamEndEvent):
            if isinstance(event, yaml.DocumentStartEvent):
                if node is not None:
                    raise _Unreadable(*_place(event), "several_documents", "一个文件只能有一份内容，请去掉“---”")
                if event.version or event.tags:
                    self.report(*_place(event), "directive", "不使用YAML指令，请删除以%开头的行")
                node = self.node(self.next(), 1)
        if node is None:
            raise _Unreadable(1, 1, "empty_file", "文件没有内容")
        return node

    def node(self, event: Any, depth: int) -> Node:
        """Read one node and all below it."""
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if event.anchor is not None:
            self.report(line, column, "anchor", "不使用锚点和引用（&、*），请把内容写全")
        kind = type(event)
        if kind is yaml.AliasEvent:
            return Scalar(line, column, "")
        if event.tag is not None:
            self.report(line, column, "tag", "不使用YAML标签（!），每个值都按文字读取")
        if kind is yaml.ScalarEvent:
            return Scalar(line, column, self.text(event.value, line, column) if event.implicit[0] else event.value)
        if depth > DEEPEST:
            raise _Unreadable(line, column, "too_deep", f"嵌套超过{DEEPEST}层")
        if kind is yaml.SequenceStartEvent:
            nodes = []
            while type(item := self.next()) is not yaml.SequenceEndEvent:
                nodes.append(self.node(item, depth + 1))
            return Sequence(line, column, tuple(nodes))
        return self.mapping(line, column, depth)

    def mapping(self, line: int, column: int, depth: int) -> Mapping:
        """Read a mapping; a key written twice is a fault, the first one is kept."""
        nodes: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        while type(event := self.next()) is not yaml.MappingEndEvent:
            key = self.node(event, depth + 1)
            value = self.node(self.next(), depth + 1)
            if not isinstance(key, Scalar) or key.text is None:
                self.report(key.line, key.column, "key_not_text", "键必须是文字")
            elif key.text in nodes:
                first = keys[key.text].line
                self.report(key.line, key.column, "duplicate_key", f"键“{key.text}”重复，第{first}行已经写过")
            else:
                nodes[key.text], keys[key.text] = value, key
        return Mapping(line, column, nodes, keys)

    def text(self, text: str, line: int, column: int) -> str | None:
        """Take the text of an unquoted scalar, which must mean the same to every YAML reader."""
        fault = _trap(text)
        if fault is not None:
            self.report(line, column, *fault)
        return None if text == "null" else text


@lru_cache(maxsize=4096)
def _trap(text: str) -> tuple[str, str] | None:
    """Give code and sentence when some YAML reader would turn the unquoted text into something else."""
    if text in {"null", "true", "false"}:
        return None
    if text in {"", "~"}:
        return "null_form", "没有值时写null"
    if text == "<<":
        return "merge_key", "不使用合并键（<<），请把内容写全"
    if text.lower() in _TRAPS and text != "n":
        return "boolean_trap", f"“{text}”在YAML里会变成真假值：文字请加引号，真假请写true或false"
    if _WHOLE.fullmatch(text):
        return None
    kind = next((_CHANGED[tag] for tag, pattern in _RESOLVERS.get(text[0], []) if _changes(tag, pattern, text)), None)
    if kind is None and _NUMBER.fullmatch(text):
        kind = "数字"
    return ("unquoted", f"“{text}”会被当成{kind}，请加引号") if kind else None


def _changes(tag: str, pattern: re.Pattern[str], text: str) -> bool:
    return tag in _CHANGED and pattern.match(text) is not None


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _end(text: str) -> tuple[int, int]:
    """Line and column behind a text."""
    return text.count("\n") + 1, len(text) - text.rfind("\n")


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
