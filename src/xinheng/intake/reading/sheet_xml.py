"""How far does a sheet's XML reach, and which cells hold an error? Asked before any library builds the sheet.

A part is read in blocks and never kept. Cells as programs write them are counted by two regular expressions at the
speed of the disk; a part with any other spelling is read again by expat, whose answer is exact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO

from xinheng.intake.reading.limits import Refused, Tally

BLOCK = 1 << 20
_LONGEST = 1 << 18  # bytes without one "<": a cell holds at most 32,767 characters, and no tag has so many attributes
_CELL = re.compile(rb"<(?:[^\s<>/!?:]++:)?+c[\s/>]")
_OTHERS = rb"""(?:\s++(?!r[\s=])[\w:]++="[^"<>]*+")*+"""
_HEAD = rb"<(?:\w++:)?+c" + _OTHERS + rb"""\s++r="([A-Z]{1,3}[1-9][0-9]{0,6})\"""" + _OTHERS + rb"\s*+"
_FILLED = re.compile(_HEAD + rb">")
_EMPTY = re.compile(_HEAD + rb"/>")
# A negative place in the table of texts: the reader would take the first text for it.
_NEGATIVE = re.compile(rb"""t\s*=\s*["']s["'][^<>]*+>\s*+<(?:\w++:)?+v>\s*+-""")
_ERROR = re.compile(_HEAD + rb">(?:(?!</(?:\w++:)?+c>).)*?<(?:\w++:)?+v>([^<]*+)<", re.DOTALL)
_IS_ERROR = re.compile(rb"""t\s*=\s*["']e["']""")
_DIGITS = b"0123456789"
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FURTHEST = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
Opened = Callable[[], IO[bytes]]


@dataclass(slots=True)
class Reach:
    """Last row and column with content (from 1), cells with content, error cells by (row, column) from 0."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    is_sheet: bool = False


def reach(opened: Opened, *, part: str, tally: Tally) -> Reach:
    """What the part holds. Raises Refused ``workbook_unsafe`` for what no office program writes,
    and the limits of ``tally``, at the first block that passes them."""
    found = Reach()
    with opened() as stream:
        for block in blocks(stream, part=part):
            found.is_sheet = found.is_sheet or b"sheetData" in block
            if not _count(block, found):
                return _reach_exactly(opened, part=part, tally=tally)
            _check(found, tally)
    return found


def _check(found: Reach, tally: Tally) -> None:
    if found.is_sheet:
        tally.check(rows=found.rows, columns=found.columns, cells=found.cells)


def blocks(stream: IO[bytes], *, part: str) -> Iterator[bytes]:
    """The part in pieces that cut no tag, and no cell where it can be helped; refused when it is no plain XML."""
    rest, first = b"", True
    while True:
        read = stream.read(BLOCK)
        rest += read
        if first and read:
            _check_start(rest, part)
            first = False
        cut = _cut(rest) if read else len(rest)
        if b"<!D" in rest or b"<!E" in rest or _runs_on(rest):
            raise Refused("workbook_unsafe", part=part)
        block, rest = rest[:cut], rest[cut:]
        if block:
            yield block
        if not read:
            return


def _runs_on(data: bytes) -> bool:
    windows = range(0, len(data) - _LONGEST, _LONGEST)
    return any(data.find(b"<", at, at + _LONGEST) < 0 for at in windows)


def _cut(data: bytes) -> int:
    cell = data.rfind(b"</c>")
    return cell + 4 if cell >= 0 else max(data.rfind(b"<"), 0)


def _check_start(data: bytes, part: str) -> None:
    """Only UTF-8: in another encoding the expressions above would see nothing."""
    declared = re.match(rb"""(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""", data[:400])
    if b"\0" in data[:4] or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii", b"utf8")):
        raise Refused("workbook_unsafe", part=part)


def _count(block: bytes, found: Reach) -> bool:
    """Add the cells of a block; False when it holds one that is not spelt as usual."""
    filled: list[bytes] = _FILLED.findall(block)
    everything = len(_CELL.findall(block))
    if everything != len(filled) and everything != len(filled) + len(_EMPTY.findall(block)):
        return False
    if not filled:
        return True
    if _NEGATIVE.search(block):
        raise Refused("workbook_damaged")
    found.cells += len(filled)
    places = b",".join(filled)  # taken apart as one text: millions of small steps would take seconds
    found.rows = max(found.rows, *map(int, set(places.translate(None, _LETTERS).split(b","))))
    found.columns = max(found.columns, *map(column_of, set(places.translate(None, _DIGITS).split(b","))))
    if _IS_ERROR.search(block):
        for cell in _ERROR.finditer(block):
            if _IS_ERROR.search(cell[0][: cell[0].index(b">")]):
                row, column = int(cell[1].lstrip(_LETTERS)), column_of(cell[1].rstrip(_DIGITS))
                found.errors[row - 1, column - 1] = cell[2].decode("utf-8", "replace").strip()
    return True


def column_of(name: bytes | str) -> int:
    """``A`` → 1, ``AB`` → 28."""
    number = 0
    for letter in name.encode() if isinstance(name, str) else name:
        number = number * 26 + (letter & 0x1F)
    return number


class _Exact:
    """Handlers for expat that follow rows and cells as the reader behind does, with or without places in them."""

    def __init__(self, part: str) -> None:
        self.found, self.part = Reach(), part
        self.row = self.column = 0
        self.kind: str | None = None  # of the open cell
        self.inside = self.filled = False
        self.text: list[str] | None = None

    def doctype(self, *_: object) -> None:
        raise Refused("workbook_unsafe", part=self.part)

    def start(self, name: str, given: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if self.inside:
            self._fill()
            self.text = [] if local == "v" else self.text
        elif local == "c":
            self.inside, self.filled, self.kind, self.text = True, False, given.get("t"), None
            self._place(given.get("r"))
        elif local == "row":
            self.row = self._number(given["r"]) - 1 if "r" in given else self.row
        elif local == "sheetData":
            self.found.is_sheet = True

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "c" and self.inside:
            if self.kind == "e" and self.text is not None:
                self.found.errors[self.row_now, self.column] = "".join(self.text).strip()
            if self.kind == "s" and self.text is not None and "".join(self.text).strip().startswith("-"):
                raise Refused("workbook_damaged")
            self.inside = False
            self.column += 1
        elif local == "row":
            self.row, self.column = self.row + 1, 0

    def data(self, text: str) -> None:
        if self.text is not None and len(self.text) < 100:
            self.text.append(text)

    def _place(self, place: str | None) -> None:
        self.row_now = self.row
        if place is not None:
            found = _FURTHEST.fullmatch(place)
            if found is None:
                raise Refused("workbook_damaged")
            self.row_now, self.column = int(found[2]) - 1, column_of(found[1]) - 1

    def _fill(self) -> None:
        if self.filled:
            return
        self.filled = True
        self.found.cells += 1
        self.found.rows = max(self.found.rows, self.row_now + 1)
        self.found.columns = max(self.found.columns, self.column + 1)

    def _number(self, text: str) -> int:
        if not text.strip().isdecimal() or len(text) > 9:
            raise Refused("workbook_damaged")
        return int(text)


def _reach_exactly(opened: Opened, *, part: str, tally: Tally) -> Reach:
    from xml.parsers import expat  # seldom needed, and DOCTYPE, which makes it dangerous, is refused by `blocks`

    handlers = _Exact(part)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = handlers.start, handlers.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = handlers.data, handlers.doctype
    try:
        with opened() as stream:
            for block in blocks(stream, part=part):
                parser.Parse(block, False)
                _check(handlers.found, tally)
            parser.Parse(b"", True)
    except expat.ExpatError:
        raise Refused("workbook_damaged") from None
    return handlers.found
