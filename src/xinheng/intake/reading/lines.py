"""Which records does a file of JSON lines hold? One object a line, or one array of objects around all of them.

A number keeps the text it was written with, so that no digit is lost. Null is an empty cell. A line that is no flat
object is a fault of that record alone; the others go on. Read as a stream: at most one line is in memory.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

from xinheng.intake.reading.cells import LONGEST as LONGEST_CELL
from xinheng.intake.reading.cells import record
from xinheng.intake.reading.tables import Fault, Table
from xinheng.intake.reading.text import temporary
from xinheng.intake.rules.reader import FileRefused

LONGEST = 1 << 20  # bytes of one record
MOST_NAMES = 1_000  # different names in a file: an item has some 30 fields
MOST_FAULTS = 100_000  # a file with more is no file of JSON lines
MOST_RECORDS = 2_000_000
_SPACE = b" \t\r\n"
_SURROGATE = re.compile("[\ud800-\udfff]")
_BETWEEN = re.compile(r"[^ \t\r\n]")
Object = dict[str, str]


class _Unended(Exception):
    """An array that stops in the middle or goes on with something else; ``number`` of the record."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def read_lines(file: BinaryIO) -> Table:
    """The table: record 0 is the header we make of the names in order of first appearance, record k is line k of the
    file (element k of an array). Raises FileRefused: ``file_empty``, ``lines_none``, ``lines_too_many_names``,
    ``lines_too_many_faults``, ``lines_array_broken``, ``file_too_many_records``.
    """
    names: dict[str, None] = {}
    try:
        # a name may appear behind the first record; then all are known at the end, and it is done again
        table = _written(file, names) or _written(file, names)
    except _Unended as broken:
        raise FileRefused("lines_array_broken", record=str(broken.number)) from None
    assert table is not None
    return table


def _written(file: BinaryIO, names: dict[str, None]) -> Table | None:
    """The table under ``names``, or None when a name was missing there; then they are complete now."""
    faults: dict[int, Fault] = {}
    header: list[str] = []
    number = 0
    target = temporary()
    for number, found in _numbered(file, faults):
        if isinstance(found, dict) and not found.keys() <= names.keys():
            names.update(dict.fromkeys(found))
            if len(names) > MOST_NAMES:
                raise FileRefused("lines_too_many_names", limit=str(MOST_NAMES))
        if not header and names:
            header = list(names)
            target.write(record(header).encode() + b"\n" * number)
        if len(header) == len(names) > 0:
            target.write(_line(found, header))
    if not names:
        raise FileRefused("lines_none" if number else "file_empty")
    if len(header) < len(names):
        return None
    target.seek(0)
    return Table("", target, number_from=0, faults=faults)


def _numbered(file: BinaryIO, faults: dict[int, Fault]) -> Iterator[tuple[int, Object | Fault | None]]:
    """The records with their numbers; faults are noted, and too many of either refused."""
    known: dict[str, Fault] = {}
    for number, found in enumerate(_records(file), 1):
        if number > MOST_RECORDS:
            raise FileRefused("file_too_many_records", limit=str(MOST_RECORDS))
        if isinstance(found, Fault):
            faults[number] = _shared(found, known)
            if len(faults) > MOST_FAULTS:
                raise FileRefused("lines_too_many_faults", first=str(next(iter(faults))))
        yield number, found


def _line(found: Object | Fault | None, names: list[str]) -> bytes:
    if not found or isinstance(found, Fault):
        return b"\n"
    return record([found.get(name, "") for name in names]).encode() + b"\n"


def _shared(fault: Fault, known: dict[str, Fault]) -> Fault:
    """One object for all faults that say the same: there may be many."""
    key = f"{fault.code} {fault.params}"
    return known.setdefault(key, fault) if len(known) < 1000 else known.get(key, fault)


def _records(file: BinaryIO) -> Iterator[Object | Fault | None]:
    """Each record: an object, why it is none, or None for a blank line."""
    file.seek(0)
    head = file.read(4096)
    mark = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    file.seek(mark)
    return _elements(_Array(file)) if head[mark:].lstrip(_SPACE).startswith(b"[") else _lines(file)


def _lines(file: BinaryIO) -> Iterator[Object | Fault | None]:
    while line := file.readline(LONGEST + 1):
        if len(line) > LONGEST and not line.endswith(b"\n"):
            while (more := file.readline(LONGEST)) and not more.endswith(b"\n"):
                pass
            yield Fault("line_too_long", {"limit": f"{LONGEST >> 20} MB"})
        else:
            yield _object(line) if line.strip(_SPACE) else None


def _object(line: bytes) -> Object | Fault:
    """What a line says; a comma behind its object is left over from an array that was cut into lines."""
    try:
        return _fit(_DECODER.decode(_COMMA.sub(rb"}", line).decode()))
    except UnicodeDecodeError:
        return Fault("line_unicode")
    except RecursionError:
        return Fault("line_nested", {"field": ""})
    except ValueError:
        return Fault("line_not_json")


def _fit(value: Any) -> Object | Fault:
    return value if isinstance(value, dict | Fault) else Fault("line_not_object")


def _pairs(pairs: list[tuple[str, Any]]) -> Object | Fault:
    """The cells of one object; a fault of it is a value too, since behind it the reading goes on."""
    cells: Object = {}
    for name, value in pairs:
        text = _WORDS.get(value, value) if value is None or isinstance(value, bool) else value
        if not isinstance(text, str):
            return Fault("line_nested", {"field": _shown(name)})
        if name in cells:
            return Fault("line_name_doubled", {"field": _shown(name)})
        if _SURROGATE.search(text) or _SURROGATE.search(name):
            return Fault("line_unicode")
        if "\0" in text:
            return Fault("cell_null", {"column": _shown(name)})
        if len(text) > LONGEST_CELL:
            return Fault("cell_too_long", {"column": _shown(name), "limit": str(LONGEST_CELL)})
        cells[name] = text
    return cells


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name[:60])


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)  # NaN and Infinity are no JSON


_WORDS: dict[Any, str] = {None: "", True: "TRUE", False: "FALSE"}
_COMMA = re.compile(rb"\}[ \t]*,\s*\Z")
_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_int=str, parse_float=str, parse_constant=_no_number)


def _elements(array: _Array) -> Iterator[Object | Fault | None]:
    array.mark()  # the opening bracket
    number = 1
    if array.mark(only="]"):
        return
    while True:
        try:
            yield _fit(array.value())
        except (ValueError, RecursionError):
            raise _Unended(number) from None
        following = array.mark()
        if following == "]" and not array.mark():
            return
        if following != ",":
            raise _Unended(number)
        number += 1


class _Array:
    """An array whose text is read as far as one element needs."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._text, self._at, self._ended = "", 0, False

    def mark(self, *, only: str = "") -> str:
        """The next sign that is no white space, taken (if it is ``only``, when that is given); empty at the end."""
        found = _BETWEEN.search(self._text, self._at)
        while found is None and not self._ended:
            self._at = len(self._text)
            self._more()
            found = _BETWEEN.search(self._text, self._at)
        if found is None or (only and found[0] != only):
            return ""
        self._at = found.end()
        return found[0]

    def value(self) -> Any:
        """The next value, taken. Raises ValueError when there is none or it is longer than a record may be."""
        found = _BETWEEN.search(self._text, self._at)
        while True:
            try:
                if found is None:
                    raise ValueError
                value, self._at = _DECODER.raw_decode(self._text, found.start())
                return value
            except ValueError:
                if self._ended or (found is not None and len(self._text) - found.start() > LONGEST):
                    raise
                self._more()
                found = _BETWEEN.search(self._text, self._at)

    def _more(self) -> None:
        """Twice the text that is waiting, so that an element is tried a few times only."""
        block = self._file.read(max(1 << 16, len(self._text) - self._at))
        self._ended = not block
        self._text = self._text[self._at :] + self._decoder.decode(block, final=self._ended)
        self._at = 0
