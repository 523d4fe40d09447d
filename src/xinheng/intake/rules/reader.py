"""Which records does a text file hold, whatever the office program wrote?

Encodings: UTF-8 with or without mark, UTF-16, GB18030 (which contains GBK). Separators: comma, tab, semicolon, bar.
Lines end at carriage return and line feed only. A quoted line break belongs to its record; a stray quotation mark
spoils one line, never the rest of the file.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xinheng.lib.errors import BadInput

SEPARATORS = ("\t", ",", ";", "|")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_LONGEST_QUOTE = 200  # lines: a quotation that runs longer was never meant as one
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "xlsx"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gz"),
    (b"{\\rtf", "rtf"),
)


class FileRefused(BadInput):
    """A file that is returned whole; ``code`` and ``params`` say why, ``article`` where a law speaks."""


@dataclass(frozen=True, slots=True)
class Text:
    """The decoded file. ``encoding`` is a Python codec name that writes the text back, mark included."""

    text: str
    encoding: str
    mark: bytes


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


def decode(data: bytes) -> Text:
    """The text of a file. Raises FileRefused: ``file_empty``, ``file_not_text`` or ``file_encoding``."""
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise FileRefused("file_empty")
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise FileRefused("file_not_text", kind=kind)
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding, mark)
    guessed = _utf16_without_mark(data)
    if guessed:
        return _decoded(data, guessed, b"")
    try:
        return Text(data.decode("utf-8"), "utf-8", b"")
    except UnicodeDecodeError:
        return _decoded(data, "gb18030", b"")


def _decoded(data: bytes, encoding: str, mark: bytes) -> Text:
    try:
        return Text(data.decode(encoding), encoding, mark)
    except UnicodeDecodeError as error:
        line = data[: error.start].count("\n".encode(encoding)) + 1
        raise FileRefused("file_encoding", line=str(line)) from None


def _utf16_without_mark(data: bytes) -> str | None:
    sample = data[:4096]
    if b"\0" not in sample or len(data) % 2:
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
            used, cells, stray = _quoted([entry for _, entry in lines[at : at + _LONGEST_QUOTE]], separator, width)
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
