"""What is a file to the rooms behind, whatever program wrote it? One or several tables of records, as UTF-8 text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a record can't be read at all: the code of a finding, and what fills its sentence."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of records as UTF-8 text.

    ``text`` is seekable and begins at ``start``, behind a byte-order mark. What was no text before is CSV: comma,
    quoted where needed, lines ending in ``\\n``. ``name``: the sheet, empty when the file is one table.
    ``number_from``: the number of the first record. ``faults``: record number → why it can't be read; its line is a
    record of empty cells. ``since_1904``: a bare number in a column of days may count from 1904.
    """

    name: str
    text: BinaryIO
    number_from: int = 1
    faults: Mapping[int, Fault] = field(default_factory=dict)
    start: int = 0
    since_1904: bool = False
