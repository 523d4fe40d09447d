"""How does a text file become UTF-8, whatever its encoding, without holding it whole?

Encodings: UTF-8 with or without mark, UTF-16, GB18030 (which contains GBK). A file in UTF-8 is used as it lies; any
other is written once more, into a temporary file.
"""

from __future__ import annotations

import codecs
import tempfile
from dataclasses import dataclass
from typing import BinaryIO, cast

from xinheng.intake.reading.tables import Table
from xinheng.intake.rules.reader import FileRefused, utf16_without_mark

PIECE = 4 << 20  # bytes
IN_MEMORY = 8 << 20  # bytes of a temporary file that stay off the disk
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Text:
    """A text file: its one table, the codec that writes it back, and its byte-order mark."""

    table: Table
    encoding: str
    mark: bytes


def read_text(file: BinaryIO) -> Text:
    """The table of a text file. Raises FileRefused ``file_encoding`` with the line where no encoding fits."""
    file.seek(0)
    head = file.read(4096)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return _decoded(file, encoding, mark)
    guessed = utf16_without_mark(head)
    if guessed:
        return _decoded(file, guessed, b"")
    try:
        return _decoded(file, "utf-8", b"")
    except FileRefused:
        return _decoded(file, "gb18030", b"")


def _decoded(file: BinaryIO, encoding: str, mark: bytes) -> Text:
    """The file in one encoding, from its first byte to its last. Raises FileRefused where it does not fit."""
    file.seek(len(mark))
    into = None if encoding == "utf-8" else temporary()
    decoder, line = codecs.getincrementaldecoder(encoding)(), 1
    while True:
        piece = file.read(PIECE)
        try:
            text = decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            line += error.object[: error.start].count("\n".encode(encoding))
            raise FileRefused("file_encoding", line=str(line)) from None
        if into is not None:
            into.write(text.encode())
        if not piece:
            break
        line += text.count("\n")
    return Text(Table("", file if into is None else into, start=len(mark) if into is None else 0), encoding, mark)


class _Vanishing(tempfile.SpooledTemporaryFile[bytes]):
    """Closed with its last reader: a table outlives the function that wrote it."""

    def __del__(self) -> None:
        self.close()


def temporary() -> BinaryIO:
    """A file without a name that vanishes with its last reader; small ones never reach the disk."""
    return cast(BinaryIO, _Vanishing(max_size=IN_MEMORY))
