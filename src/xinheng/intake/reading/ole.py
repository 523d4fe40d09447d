"""What does an old workbook (xls) hold, as far as its records tell before a library opens it?

The container (a small file system of sectors) is followed with every chain bounded, the records of the workbook are
walked once. A sheet of this format has at most 65,536 rows and 256 columns; whatever lies beyond the records read
here is left to the bounds of the child process.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from xinheng.intake.reading.limits import Limits, Refused, Tally

_NO_SECTOR = 0xFFFFFFFA  # and above: end of chain, free, reserved
_SMALLEST = 4096  # shorter streams lie in a container of their own, too short to harm
_BOF, _EOF, _FILEPASS, _SHEET = 0x809, 0x0A, 0x2F, 0x85
_FORMULAS = frozenset({0x06, 0x206, 0x406})
_ERROR = 0x205
_CELLS = frozenset({0x203, 0x27E, 0xFD, 0x204, 0xD6, _ERROR}) | _FORMULAS
_MANY = 0xBD
_TEXT = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_OTHERS = {"WordDocument": "doc", "PowerPoint Document": "ppt", "__properties_version1.0": "msg"}


def scan(data: bytes, *, limits: Limits) -> Mapping[int, Mapping[tuple[int, int], str]]:
    """The error cells by place of the sheet. Raises Refused; struct.error and IndexError where the file is broken."""
    streams = _Container(data)
    if "EncryptedPackage" in streams.entries or "EncryptionInfo" in streams.entries:
        raise Refused("workbook_password")
    name = next((name for name in ("Workbook", "WORKBOOK", "Book", "BOOK") if name in streams.entries), None)
    if name is None:
        kind = next((kind for other, kind in _OTHERS.items() if other in streams.entries), None)
        raise Refused("workbook_not_but", kind=kind) if kind else Refused("workbook_damaged")
    return _walk(streams.read(name), limits)


class _Container:
    def __init__(self, data: bytes) -> None:
        self.data = data
        shift, count = struct.unpack_from("<H", data, 30)[0], struct.unpack_from("<I", data, 44)[0]
        if shift not in (9, 12) or count > len(data) >> shift:
            raise Refused("workbook_damaged")
        self.shift = shift
        self.table: list[int] = []
        for sector in self._table_sectors(count):
            self.table += struct.unpack(f"<{1 << (shift - 2)}I", self._sector(sector))
        self.entries = dict(self._directory())

    def _sector(self, number: int) -> bytes:
        found = self.data[(number + 1) << self.shift : (number + 2) << self.shift]
        if len(found) < 1 << self.shift:
            raise Refused("workbook_damaged")
        return found

    def _table_sectors(self, count: int) -> list[int]:
        found = [one for one in struct.unpack_from("<109I", self.data, 76) if one < _NO_SECTOR]
        following, seen = struct.unpack_from("<I", self.data, 68)[0], 0
        while following < _NO_SECTOR:
            seen += 1
            if seen > len(self.data) >> self.shift:
                raise Refused("workbook_damaged")
            *more, following = struct.unpack(f"<{1 << (self.shift - 2)}I", self._sector(following))
            found += [one for one in more if one < _NO_SECTOR]
        return found[:count]

    def _chain(self, start: int) -> Iterator[bytes]:
        seen = 0
        while start < _NO_SECTOR:
            seen += 1
            if seen > len(self.data) >> self.shift or start >= len(self.table):
                raise Refused("workbook_damaged")  # a chain that bites its tail, or leaves the table
            # the last sector of a file may be cut short by the program that wrote it
            yield self.data[(start + 1) << self.shift : (start + 2) << self.shift]
            start = self.table[start]

    def _directory(self) -> Iterator[tuple[str, tuple[int, int]]]:
        for sector in self._chain(struct.unpack_from("<I", self.data, 48)[0]):
            for at in range(0, len(sector) - 127, 128):
                length = struct.unpack_from("<H", sector, at + 64)[0]
                if sector[at + 66] == 2 and 2 <= length <= 64:
                    name = sector[at : at + length - 2].decode("utf-16-le", "replace")
                    yield name, struct.unpack_from("<II", sector, at + 116)

    def read(self, name: str) -> bytes:
        start, size = self.entries[name]
        if size < _SMALLEST:
            return b""
        if size > len(self.data):
            raise Refused("workbook_damaged")
        return b"".join(self._chain(start))[:size]


def _walk(stream: bytes, limits: Limits) -> Mapping[int, Mapping[tuple[int, int], str]]:
    tally = Tally(limits)
    starts: list[int] = []
    errors: dict[int, dict[tuple[int, int], str]] = {}
    for begin, records in _substreams(stream):
        rows = columns = cells = 0
        found: dict[tuple[int, int], str] = {}
        for kind, at, length in records:
            if kind in _CELLS or kind == _MANY:
                row, column = struct.unpack_from("<HH", stream, at)
                last = struct.unpack_from("<H", stream, at + length - 2)[0] if kind == _MANY else column
                rows, columns, cells = max(rows, row + 1), max(columns, last + 1), cells + max(last - column, 0) + 1
                if text := _error(stream, kind, at):
                    found[row, column] = text
            elif kind == _FILEPASS:
                raise Refused("workbook_password")
            elif kind == _SHEET and length >= 6:
                starts.append(struct.unpack_from("<I", stream, at)[0])
        if cells:
            tally.sheet(rows=rows, columns=columns, cells=cells)
        errors[begin] = found
    tally.names([str(start) for start in starts])
    return {place: errors[start] for place, start in enumerate(starts) if errors.get(start)}


def _substreams(stream: bytes) -> Iterator[tuple[int, Iterator[tuple[int, int, int]]]]:
    """Each part between a BOF and its EOF: where it begins, and its records. Charts nested in a sheet belong to it."""
    at = 0
    while at + 4 <= len(stream):
        if struct.unpack_from("<H", stream, at)[0] != _BOF:
            return  # padding behind the last sheet
        end = [at]
        yield at, _records(stream, end)
        at = end[0]


def _records(stream: bytes, end: list[int]) -> Iterator[tuple[int, int, int]]:
    """Kind, place and length of the records of one substream; ``end[0]`` becomes the place behind it."""
    at, depth = end[0], 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        at += 4
        if at + length > len(stream):
            raise Refused("workbook_damaged")  # a length that lies
        yield kind, at, length
        at += length
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 0:
            break
    end[0] = at


def _error(stream: bytes, kind: int, at: int) -> str | None:
    if kind == _ERROR and stream[at + 7] == 1:
        return _TEXT.get(stream[at + 6], "#ERROR!")
    if kind in _FORMULAS and stream[at + 6] == 2 and stream[at + 12 : at + 14] == b"\xff\xff":
        return _TEXT.get(stream[at + 8], "#ERROR!")
    return None
