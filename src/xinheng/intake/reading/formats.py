"""Which kind of file is this, told by its first bytes and never by its name?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from xinheng.intake.reading.limits import Limits
from xinheng.intake.reading.lines import read_lines
from xinheng.intake.reading.tables import Table
from xinheng.intake.reading.text import PIECE, read_text
from xinheng.intake.reading.workbook import open_workbook
from xinheng.intake.rules.reader import FileRefused

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "RTF"),
)
_WORKBOOKS = ((b"PK", "xlsx"), (b"\xd0\xcf\x11\xe0", "xls"))
_LINES = re.compile(rb'^\s*(?:\[\s*)?\{\s*["}]', re.MULTILINE)  # an object, or an array of objects
_HEAD = 1 << 16  # bytes in which an object is looked for
_NOTHING = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that can be read: what it is, its size in bytes, SHA-256 (hex) of it as received, and its tables.

    ``hidden``: sheets that hold something and are not read, since their sender does not see them.
    """

    format: str
    size: int
    sha256: str
    tables: Sequence[Table]
    encoding: str = "utf-8"
    mark: bytes = b""
    hidden: Sequence[str] = ()


def open_file(file: BinaryIO, *, limits: Limits) -> Opened:
    """Open a file. Raises FileRefused: ``file_too_large``, ``file_empty``, ``file_not_text``, ``file_encoding``…"""
    size, digest, bare = _measured(file, limits)
    if bare:
        raise FileRefused("file_empty")
    file.seek(0)
    head = file.read(4096)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            raise FileRefused("file_not_text", kind=kind)
    for signature, form in _WORKBOOKS:
        if head.startswith(signature):
            workbook = open_workbook(file, limits=limits)
            return Opened(form, size, digest, workbook.tables, hidden=workbook.hidden)
    text = read_text(file)
    text.table.text.seek(text.table.start)
    if _LINES.search(_first_lines(text.table.text.read(_HEAD))):
        return Opened("jsonl", size, digest, (read_lines(text.table.text),), text.encoding, text.mark)
    return Opened("text", size, digest, (text.table,), text.encoding, text.mark)


def _first_lines(head: bytes) -> bytes:
    """Some lines from the beginning: the first of them may be broken."""
    return b"\n".join(line for line in head.splitlines()[:20] if line.strip())


def _measured(file: BinaryIO, limits: Limits) -> tuple[int, str, bool]:
    """(bytes, SHA-256, whether there is nothing in it)."""
    file.seek(0)
    digest, size, bare = hashlib.sha256(), 0, True
    while piece := file.read(PIECE):
        size += len(piece)
        if size > limits.size:
            raise FileRefused("file_too_large", limit=f"{limits.size / (1 << 30):g} GB")
        digest.update(piece)
        bare = bare and not piece.strip(_NOTHING)
    return size, digest.hexdigest(), bare
