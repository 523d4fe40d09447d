"""Which records does a text hold, whatever the office program wrote?

Separators: comma, tab, semicolon, bar. Lines end at carriage return and line feed only. A quoted line break belongs to
its record; a stray quotation mark spoils one line, never the rest of the file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xinheng.lib.errors import BadInput

SEPARATORS = ("\t", ",", ";", "|")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
LONGEST_QUOTE = 200  # lines: a quotation that runs longer was never meant as one


class FileRefused(BadInput):
    """A file that is returned whole; ``code`` and ``params`` say why, ``article`` where a law speaks."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: ``number`` counts from 1, ``span`` its place in the text; ``stray``: a quotation mark is odd."""

    number: int
    cells: list[str]
    span: tuple[int, int]
    stray: bool = False

    @property
    def blank(self) -> bool:
        """Whether no cell holds anything to see."""
        return not any(cell.strip(' \t\u3000\ufeff\u200b\xa0"') for cell in self.cells)


def utf16_without_mark(head: bytes) -> str | None:
    """The codec of a text in UTF-16 that has no mark, told by its first bytes; None when it is none."""
    sample = head[:4096]
    if b"\0" not in sample or len(sample) % 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > even and odd * 10 > len(sample):
        return "utf-16-le"
    return "utf-16-be" if even > odd and even * 10 > len(sample) else None


def records(text: str, separator: str, *, width: int | None = None, limit: int | None = None) -> Iterator[Record]:
    """The records of ``text``. ``width``: the number of columns, by which a run-away quotation is told."""
    lines = list(_lines(text))
    at, number = 0, 0
    while at < len(lines) and (limit is None or number < limit):
        number += 1
        start, line = lines[at]
        if '"' not in line:
            used, cells, stray = 1, line.rstrip("\r\n").split(separator), False
        else:
            used, cells, stray = _quoted([entry for _, entry in lines[at : at + LONGEST_QUOTE]], separator, width)
        at += used
        end = lines[at][0] if at < len(lines) else len(text)
        yield Record(number, cells, (start, end), stray)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return ((found.start(), found.group()) for found in _LINE.finditer(text))


def _quoted(lines: Sequence[str], separator: str, width: int | None) -> tuple[int, list[str], bool]:
    """Lines used, cells, and whether a quotation mark went astray, for a record that begins on the first line."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        cells = next(reader)
    except csv.Error:
        return 1, _unquoted(lines[0], separator), True
    if reader.line_num > 1 and width is not None and len(cells) != width:
        alone = _unquoted(lines[0], separator)
        if len(alone) == width:
            return 1, alone, True
    return reader.line_num, cells, False


def _unquoted(line: str, separator: str) -> list[str]:
    return [
        cell.removeprefix('"').removesuffix('"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell
        for cell in line.rstrip("\r\n").split(separator)
    ]
