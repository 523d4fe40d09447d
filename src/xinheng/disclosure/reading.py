"""Which subjects does a list name, whatever program wrote the file?

CSV in UTF-8 or GBK, tab-separated text and workbooks, read under the same limits as what providers send. A row that
can't be read is answered by its number and holds nobody else up; its content is never repeated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from xinheng.intake.reading.formats import open_file
from xinheng.intake.reading.limits import Limits
from xinheng.intake.reading.tables import Table
from xinheng.intake.rules.reader import SEPARATORS, Record, records
from xinheng.lib.errors import BadInput
from xinheng.lib.freetext import holds_number
from xinheng.lib.text import one_line

ROLE_LONGEST = 20
LIMITS = Limits(size=8 << 20, records=50_000, rows=50_000, columns=20, cells=500_000, sheets=20, unpacked=64 << 20)
_COLUMNS = {
    "identifier": "identifier", "代码": "identifier", "统一社会信用代码": "identifier", "证件号码": "identifier",
    "kind": "kind", "类型": "kind", "代码类型": "kind",
    "name": "name", "名称": "name", "姓名": "name",
    "role": "role", "身份": "role", "在本案的身份": "role",
}  # fmt: skip
_KINDS = {
    "": "", "uscc": "uscc", "统一社会信用代码": "uscc", "org": "org", "组织机构代码": "org",
    "id": "id", "身份证": "id", "身份证号": "id", "居民身份证": "id",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a list: ``row`` is its number in the file, the header counted."""

    row: int
    kind: str
    identifier: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class ListFile:
    """What a list names, and why rows could not be read (row, code), in file order. ``sha256`` as received, hex."""

    rows: tuple[Listed, ...]
    faults: tuple[tuple[int, str], ...]
    sha256: str


def read_list(file: BinaryIO, *, limits: Limits = LIMITS) -> ListFile:
    """Read a list with the header ``identifier,kind,name`` (代码,类型,名称), if need be with ``role`` (身份).

    Raises BadInput ``ids_file_unreadable`` when no table has such a header, and what intake raises for a file that is
    no table, too large or a danger.
    """
    opened = open_file(file, limits=limits)
    for table in opened.tables:
        found = _read(table)
        if found is not None:
            return ListFile(tuple(found[0]), tuple(found[1]), opened.sha256)
    raise BadInput("ids_file_unreadable")


def _read(table: Table) -> tuple[list[Listed], list[tuple[int, str]]] | None:
    table.text.seek(table.start)
    text = table.text.read().decode()
    separator, columns = _header(text)
    if not columns:
        return None
    rows: list[Listed] = []
    faults: list[tuple[int, str]] = []
    lines = _records(text, separator, len(columns))
    next(lines, None)
    for record in lines:
        number = record.number - 1 + table.number_from
        if number in table.faults:
            faults.append((number, "ids_row_unreadable"))
        elif not record.blank:
            told = _row(number, record, columns)
            faults.append((number, told)) if isinstance(told, str) else rows.append(told)
    return rows, faults


def _header(text: str) -> tuple[str, list[str]]:
    """The separator and what each column is; no columns when this is no such list."""
    for separator in SEPARATORS:
        first = next(records(text[: 1 << 16], separator, limit=1), None)
        columns = [_COLUMNS.get(one_line(cell).lower(), "") for cell in first.cells] if first else []
        while columns and not columns[-1] and first and not first.cells[len(columns) - 1].strip():
            columns.pop()
        if "identifier" in columns and all(columns) and len(set(columns)) == len(columns):
            return separator, columns
    return "", []


def _records(text: str, separator: str, width: int) -> Iterator[Record]:
    return records(text, separator, width=width)


def _row(number: int, record: Record, columns: Sequence[str]) -> Listed | str:
    """The row, or why it can't be read."""
    spare = record.cells[len(columns) :]
    if record.stray or any(cell.strip() for cell in spare):
        return "ids_row_unreadable"
    cells = dict(zip(columns, map(one_line, record.cells), strict=False))
    kind = _KINDS.get(cells.get("kind", "").lower())
    if kind is None:
        return "ids_kind_unknown"
    if not cells.get("identifier"):
        return "ids_identifier_missing"
    role = cells.get("role", "")
    if len(role) > ROLE_LONGEST or holds_number(role):
        return "ids_role_unreadable"
    return Listed(number, kind, cells["identifier"], cells.get("name", ""), role)
