"""What is the answer about each row of a file, whatever its format?"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import BinaryIO

from xinheng.intake.reading.blocks import SIZE, Form, blocks
from xinheng.intake.reading.formats import Opened, open_file
from xinheng.intake.reading.headless import told_row_by_row
from xinheng.intake.reading.limits import Limits
from xinheng.intake.reading.tables import Table
from xinheng.intake.rules.check import Judged, Sitting
from xinheng.intake.rules.layout import Layout, find_layout
from xinheng.intake.rules.persons import ground
from xinheng.intake.rules.provider import ProviderFacts, may_report
from xinheng.intake.rules.reader import FileRefused, records
from xinheng.intake.rules.roles import roles_of
from xinheng.intake.rules.rows import Judge
from xinheng.intake.rules.seen import Seen
from xinheng.intake.rules.verdicts import RowResult
from xinheng.law.decision import Refused
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack

_HEAD = 1 << 18  # bytes in which the header is looked for
_NOT_READ_YET = 1 << 62  # no row of the file can stand in a table whose reading has not begun


@dataclass(slots=True)
class Sheet:
    """One table of the file: ``shift`` makes its record numbers row numbers of the file; ``head``: what stands before
    the first row.
    """

    table: Table
    layout: Layout
    shift: int
    head: bytes = b""
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class FileReport:
    """What was found about the file as a whole, complete once all rows were read."""

    format: str = ""
    encoding: str = ""
    mark: bytes = b""
    size: int = 0
    sha256: str = ""
    sheets: list[Sheet] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    @property
    def layout(self) -> Layout:
        """The layout of the first table."""
        return self.sheets[0].layout

    @property
    def counts(self) -> Counter[str]:
        """Records, titles, headers, blank lines, rows and verdicts over all tables."""
        return sum((sheet.counts for sheet in self.sheets), Counter())

    def summary(self) -> dict[str, object]:
        """Counts of records and rows, and what became of columns that are no fields."""
        names = ("records", "titles", "headers", "blank", "rows", "accept", "review", "reject", "unchanged")
        counts = self.counts
        return {
            **{name: counts[name] for name in names},
            "format": self.format,
            "encoding": self.encoding + ("-sig" if self.mark else ""),
            "separator": self.layout.separator,
            "columns_ignored": _each(sheet.layout.ignored() for sheet in self.sheets),
            "columns_unknown": _each(sheet.layout.unknown() for sheet in self.sheets),
            "layout": "2015" if self.layout.old else "current",
            **({"sheets": [s.table.name for s in self.sheets]} if len(self.sheets) > 1 else {}),
            **({"sheets_without_rows": self.skipped} if self.skipped else {}),
            **({"sheets_hidden": self.hidden} if self.hidden else {}),
        }

    def place(self, row: int) -> tuple[str, int]:
        """(sheet, number in it) of a row of the file; the name is empty when there is one table only."""
        sheet = next(one for one in reversed(self.sheets) if row > one.shift or one is self.sheets[0])
        return (sheet.table.name if len(self.sheets) > 1 else "", row - sheet.shift)


def _each(lists: Iterator[list[str]]) -> list[str]:
    return list(dict.fromkeys(name for names in lists for name in names))


@dataclass(frozen=True, slots=True)
class JudgedBlock:
    """The answers about a piece of the table ``sheet`` (its place in the report): ``text``, from byte ``start`` on."""

    sheet: int
    start: int
    text: bytes
    judged: Judged


def check_blocks(
    file: BinaryIO,
    *,
    item: ItemVersion,
    pack: Pack,
    provider: ProviderFacts,
    today: date,
    report: FileReport,
    limits: Limits | None = None,
) -> Iterator[JudgedBlock]:
    """Judge a file block by block. ``today`` is the legal day; ``report`` is filled on the way.

    Raises FileRefused, before the first answer, when the sender may not report the item (SUB-2) or the file can't be
    read as rows of it.
    """
    allowed = may_report(pack, item, provider, today)
    if isinstance(allowed, Refused):
        raise FileRefused(allowed.reason, article=allowed.article, organisation=provider.name, item=item.label.zh)
    limits = limits or Limits()
    opened = open_file(file, limits=limits)
    report.format, report.encoding, report.mark = opened.format, opened.encoding, opened.mark
    report.size, report.sha256, report.hidden = opened.size, opened.sha256, list(opened.hidden)
    _lay_out(opened, item, report)
    article = ground(pack, "intake.document", today)
    judges = [Judge(roles_of(item), pack, provider, sheet.layout, today, article) for sheet in report.sheets]
    return _judged(report, judges, limits)


def _judged(report: FileReport, judges: list[Judge], limits: Limits) -> Iterator[JudgedBlock]:
    seen, shift = Seen(), 0
    for n, (sheet, judge) in enumerate(zip(report.sheets, judges, strict=True)):
        sheet.shift = shift
        faults = {number: (fault.code, fault.params) for number, fault in sheet.table.faults.items()}
        sitting = Sitting(judge, seen, shift, faults, sheet.counts)
        sheet.head = _head_counted(sheet)
        first = sheet.layout.header_row + sheet.table.number_from
        form = Form(sheet.layout.separator, sheet.layout.cells)
        for block in blocks(sheet.table, form, start=sheet.table.start + len(sheet.head), number=first, size=SIZE):
            if report.counts["records"] > limits.records:
                raise FileRefused("file_too_many_records", limit=f"{limits.records:,}")
            yield JudgedBlock(n, block.start, block.text, sitting.block(block))
        shift += sheet.counts["records"]
    if not report.counts["rows"]:
        raise FileRefused("file_no_rows")


def _head_counted(sheet: Sheet) -> bytes:
    """Count titles, blank lines and the header, and give their text."""
    text = _head(sheet.table)
    for record in records(text, sheet.layout.separator, limit=sheet.layout.header_row):
        if sheet.table.number_from < 1:  # a header that we wrote ourselves is no record of the file
            continue
        sheet.counts["records"] += 1
        is_header = record.number == sheet.layout.header_row
        sheet.counts["headers" if is_header else "blank" if record.blank else "titles"] += 1
    return text[: sheet.layout.ends].encode()


def _lay_out(opened: Opened, item: ItemVersion, report: FileReport) -> None:
    """The layout of each table; a sheet without the header of the item is no table of it, unless it is the only one.

    Where such a sheet holds rows nevertheless, behind one that has the header, each of them is told.
    """
    refused: FileRefused | None = None
    for table in opened.tables:
        try:
            report.sheets.append(Sheet(table, _layout(table, item), _NOT_READ_YET))
        except FileRefused as error:
            if error.code != "header_missing":
                raise
            told = told_row_by_row(table, report.layout, item) if report.sheets else None
            if told is not None:
                report.sheets.append(Sheet(*told, _NOT_READ_YET))
                continue
            report.skipped.append(table.name)
            refused = refused or error
    if not report.sheets:
        raise refused or FileRefused("file_empty")


def _layout(table: Table, item: ItemVersion) -> Layout:
    layout = find_layout(_head(table), item)
    if table.since_1904:
        layout.columns = tuple(replace(column, since_1904=True) for column in layout.columns)
    return layout


def _head(table: Table) -> str:
    """The beginning of a table, cut behind a whole character."""
    table.text.seek(table.start)
    return table.text.read(_HEAD).decode(errors="ignore")


def check_file(
    data: bytes | BinaryIO,
    *,
    item: ItemVersion,
    pack: Pack,
    provider: ProviderFacts,
    today: date,
    report: FileReport | None = None,
    limits: Limits | None = None,
) -> Iterator[RowResult]:
    """Judge every row, in file order; blank lines, titles and headers are counted and give no answer.

    See `check_blocks`.
    """
    file = io.BytesIO(data) if isinstance(data, bytes) else data
    report = FileReport() if report is None else report
    found = check_blocks(file, item=item, pack=pack, provider=provider, today=today, report=report, limits=limits)
    return (row for block in found for row in block.judged.each())
