"""Is this really a workbook, and may a library open it? Told by content, not by name, before any library runs.

What is read of it is bounded: the zip directory first, then each XML part in blocks. Of a macro workbook (xlsm) the
cells are taken like any other: nothing here can run a macro, only the text of cells is kept, and a clerk whose office
adds macros to every form would be turned back for nothing. Links to other files are never followed.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from xinheng.intake.reading import ole
from xinheng.intake.reading.limits import Limits, Refused, Tally, letters
from xinheng.intake.reading.sheet_xml import Reach, reach

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DIRECTORY = 2 << 20  # bytes of the zip's directory, the one thing that is read at once
_PARTS = 5_000
_RATIO, _RATIO_FROM = 200, 16 << 20  # real sheets pack 10 to 40 times
_HTML = re.compile(rb"<(?:!doctype html|html|head|body|table|meta|style|script)\b|mime-version:", re.IGNORECASE)
_INNER = (  # a part that tells what a zip file is
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("content.xml", "ods"),
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
)
_KNOWN_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error, KeyError,
    IndexError, OverflowError,
)  # fmt: skip
Errors = Mapping[tuple[int, int], str]
_SINCE_1904 = re.compile(rb"""<(?:\w+:)?workbookPr\s[^<>]*\bdate1904\s*=\s*["'](?:1|true|on)["']""")


@dataclass(frozen=True, slots=True)
class Scan:
    """``kind``: xlsx or xls; ``errors``: place of the sheet in the workbook → its error cells, which the reading
    library leaves empty. ``since_1904``: days are counted from 1904, so that a bare number is not the usual serial."""

    kind: str
    errors: Mapping[int, Errors] = field(default_factory=dict)
    since_1904: bool = False


class _Bounded(io.RawIOBase):
    """A file that refuses to be read in one huge piece: that is how a zip's directory is loaded."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        if size > _DIRECTORY:
            raise Refused("workbook_too_many_parts", limit=str(_PARTS))
        return self._file.read(size if size >= 0 else _DIRECTORY)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True


def prescan(file: BinaryIO, *, limits: Limits) -> Scan:
    """What the workbook is. Raises Refused, each with the limit or the remedy in its words."""
    file.seek(0)
    head = file.read(4096)
    try:
        if head.startswith(b"PK"):
            return _zipped(file, limits)
        if head.startswith(_OLE):
            file.seek(0)
            return Scan("xls", ole.scan(file.read(), limits=limits))
    except _BROKEN:
        raise Refused("workbook_damaged") from None
    raise _no_workbook(head)


def _no_workbook(head: bytes) -> Refused:
    """Why a file without a workbook's signature is none."""
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not plain:
        return Refused("file_empty")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in plain:
        return Refused("workbook_other_kind", kind="XML 2003")
    if _HTML.search(plain):
        return Refused("workbook_is_page")
    if head[:1] == b"\x09" and head[1:2] in (b"\0", b"\x02", b"\x04", b"\x08"):
        return Refused("workbook_other_kind", kind="Excel 4.0/5.0")
    return Refused("workbook_not")


def _zipped(file: BinaryIO, limits: Limits) -> Scan:
    with zipfile.ZipFile(_Bounded(file)) as archive:
        parts = archive.infolist()
        _check_directory(parts, limits)
        names = {part.filename for part in parts}
        kind = next((kind for name, kind in _INNER if name in names), "zip")
        if kind != "xlsx":
            raise Refused("workbook_other_kind" if kind in ("xlsb", "ods") else "workbook_not_but", kind=kind)
        tally, errors = Tally(limits), {}
        for part in parts:
            found = _part(archive, part, tally)
            if found.is_sheet:
                tally.sheet(rows=found.rows, columns=found.columns, cells=found.cells)
                if found.errors:
                    errors[part.filename] = found.errors
        order = _order(archive, tally)
        since_1904 = _SINCE_1904.search(archive.read("xl/workbook.xml")) is not None
        errors_by_place = {order[name]: cells for name, cells in _readable(errors).items() if name in order}
        return Scan("xlsx", errors_by_place, since_1904)


def _check_directory(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(parts) > _PARTS:
        raise Refused("workbook_too_many_parts", limit=str(_PARTS))
    if len({part.filename for part in parts}) < len(parts):
        raise Refused("workbook_damaged")
    end = 0
    for part in sorted(parts, key=lambda one: one.header_offset):
        steps = part.filename.replace("\\", "/").split("/")
        if part.header_offset < end or ".." in steps or part.filename[:1] in "/\\" or "\0" in part.orig_filename:
            raise Refused("workbook_unsafe", part=_shown(part.filename))
        if part.flag_bits & 1:
            raise Refused("workbook_password")
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused("workbook_damaged")
        if part.file_size > max(_RATIO_FROM, part.compress_size * _RATIO):
            raise Refused("workbook_bomb", part=_shown(part.filename))
        end = part.header_offset + 30 + part.compress_size
    if sum(part.file_size for part in parts) > limits.unpacked:
        raise Refused("workbook_too_large", limit=f"{limits.unpacked >> 20} MB")


def _part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, tally: Tally) -> Reach:
    """What one part holds; pictures and other parts that are no XML are left alone, as the reader does."""
    with archive.open(part) as stream:
        start = stream.read(256).lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    if not start.startswith(b"<"):
        return Reach()
    return reach(lambda: archive.open(part), part=_shown(part.filename), tally=tally)


def _order(archive: zipfile.ZipFile, tally: Tally) -> dict[str, int]:
    """Part → place of its sheet in the workbook; sheets are counted and their names compared on the way."""
    workbook = archive.read("xl/workbook.xml")
    sheets = re.findall(rb"<(?:[\w]+:)?sheet(\s[^<>]*)>", workbook)
    names = [_attribute(rb"name", sheet) for sheet in sheets]
    tally.names(names)
    if len({name.casefold() for name in names}) < len(names):
        raise Refused("workbook_damaged")
    if "xl/_rels/workbook.xml.rels" not in archive.namelist():
        return {}
    links = re.findall(rb"<(?:[\w]+:)?Relationship(\s[^<>]*)>", archive.read("xl/_rels/workbook.xml.rels"))
    target = {_attribute(rb"Id", link): _attribute(rb"Target", link) for link in links}
    places = [target.get(_attribute(rb"[\w]+:id", sheet), "") for sheet in sheets]
    return {_inside(place): at for at, place in enumerate(places) if place}


def _inside(target: str) -> str:
    """The part that a link of the workbook means, as the reading library resolves it."""
    return target.removeprefix("/") if target.startswith(("/xl/", "xl/")) else f"xl/{target}"


def _attribute(name: bytes, tag: bytes) -> str:
    found = re.search(rb"\s" + name + rb"""\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return (found[1] or found[2] or b"").decode("utf-8", "replace") if found else ""


def _readable(errors: dict[str, dict[tuple[int, int], str]]) -> dict[str, dict[tuple[int, int], str]]:
    """The error cells, when the reader knows each of them; a newer one (#SPILL!) would fail the whole workbook."""
    for cells in errors.values():
        for (row, column), text in cells.items():
            if text not in _KNOWN_ERRORS:
                raise Refused("workbook_error_cell", cell=f"{letters(column + 1)}{row + 1}", value=_shown(text))
    return errors


def _shown(name: str) -> str:
    """A name from the file, fit to be shown."""
    return "".join(letter if letter.isprintable() else "?" for letter in name[:60])
