"""What is the answer about each row of a file?"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from xinheng.intake.rules.layout import Layout, find_layout, is_repeated_header
from xinheng.intake.rules.persons import check_person, ground, sealed_in
from xinheng.intake.rules.provider import ProviderFacts, may_report
from xinheng.intake.rules.reader import FileRefused, Record, decode, records
from xinheng.intake.rules.roles import full_values, roles_of
from xinheng.intake.rules.rows import Judge, Row, check_row, read_row
from xinheng.intake.rules.verdicts import Finding, RowResult, Verdict, keeps, verdict_of
from xinheng.law.decision import Refused
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack

LARGEST = 1 << 30  # bytes
MOST_RECORDS = 2_000_000


@dataclass(slots=True)
class FileReport:
    """What was found about the file as a whole, complete once all rows were read."""

    text: str = ""
    encoding: str = ""
    mark: bytes = b""
    layout: Layout | None = None
    counts: Counter[str] = field(default_factory=Counter)

    def summary(self) -> dict[str, object]:
        """Counts of records and rows, and what became of columns that are no fields."""
        assert self.layout is not None
        names = ("records", "titles", "headers", "blank", "rows", "accept", "review", "reject", "unchanged")
        return {
            **{name: self.counts[name] for name in names},
            "encoding": self.encoding + ("-sig" if self.mark else ""),
            "separator": self.layout.separator,
            "columns_ignored": self.layout.ignored(),
            "columns_unknown": self.layout.unknown(),
            "layout": "2015" if self.layout.old else "current",
        }


def check_file(
    data: bytes,
    *,
    item: ItemVersion,
    pack: Pack,
    provider: ProviderFacts,
    today: date,
    report: FileReport | None = None,
) -> Iterator[RowResult]:
    """Judge every row of ``data``, in file order; blank lines, titles and headers are counted and give no answer.

    ``today`` is the legal day. ``report`` is filled on the way. Raises FileRefused, before the first row, when the
    sender may not report the item (SUB-2) or the file can't be read as rows of it.
    """
    report = FileReport() if report is None else report
    allowed = may_report(pack, item, provider, today)
    if isinstance(allowed, Refused):
        raise FileRefused(allowed.reason, article=allowed.article, organisation=provider.name, item=item.label.zh)
    if len(data) > LARGEST:
        raise FileRefused("file_too_large", limit="1 GB")
    decoded = decode(data)
    report.text, report.encoding, report.mark = decoded.text, decoded.encoding, decoded.mark
    report.layout = find_layout(decoded.text, item)
    judge = Judge(roles_of(item), pack, provider, report.layout, today, ground(pack, "intake.document", today))
    return _rows(judge, report)


def _rows(judge: Judge, report: FileReport) -> Iterator[RowResult]:
    seen = _Seen(judge)
    behind_header = False
    for record in records(report.text, judge.layout.separator, width=judge.layout.width):
        if record.number > MOST_RECORDS:
            raise FileRefused("file_too_many_records", limit=f"{MOST_RECORDS:,}")
        report.counts["records"] += 1
        part = _part(judge, record, behind_header)
        report.counts[part] += 1
        behind_header = behind_header or part == "headers"
        if part == "rows":
            result = seen.compared(_result(judge, record))
            report.counts[result.verdict.value] += 1
            report.counts["unchanged"] += result.unchanged
            yield result
    if not report.counts["rows"]:
        raise FileRefused("file_no_rows")


def _part(judge: Judge, record: Record, behind_header: bool) -> str:
    if record.number == judge.layout.header_row:
        return "headers"
    if record.blank:
        return "blank"
    if not behind_header:
        return "titles"
    return "headers" if is_repeated_header(record.cells, judge.roles.item) else "rows"


def _result(judge: Judge, record: Record) -> RowResult:
    fault = _shape(judge, record)
    if fault is not None:
        row = Row(record.number, findings=[fault])
        raw = judge.layout.separator.join(record.cells)
        if sealed_in(raw, judge):
            row.find("sealed", article=ground(judge.pack, "intake.sealed", judge.today), what="")
    else:
        row = read_row(judge, record.number, record.cells)
        check_row(judge, row)
        check_person(judge, row)
    verdict = verdict_of(row.findings)
    findings = tuple(row.findings)
    return RowResult(record.number, verdict, row.values, findings, keeps(verdict, findings), record.span)


def _shape(judge: Judge, record: Record) -> Finding | None:
    """A record that has not as many cells as there are columns: it is told, never padded."""
    width, cells = judge.layout.width, record.cells
    surplus = cells[width:]
    if record.stray:
        return Finding("", "stray_quote")
    if len(cells) < width:
        return Finding("", "row_too_short", {"cells": str(len(cells)), "columns": str(width)})
    if any(cell.strip() for cell in surplus):
        return Finding("", "row_too_long", {"cells": str(len(cells)), "columns": str(width)})
    return None


class _Seen:
    """Rows of this file by natural key, so that the same decision sent twice is found."""

    def __init__(self, judge: Judge) -> None:
        self._roles = judge.roles
        self._rows: dict[bytes, tuple[int, bytes]] = {}

    def compared(self, result: RowResult) -> RowResult:
        """The row with a finding when the file had the same decision before: equal or differing content."""
        if result.verdict is Verdict.REJECT:
            return result
        key = hashlib.sha256("\0".join(self._roles.natural_key(result.values)).encode()).digest()
        content = hashlib.sha256("\0".join(full_values(self._roles.item, result.values).values()).encode()).digest()
        first, held = self._rows.setdefault(key, (result.row, content))
        if first == result.row:
            return result
        code = "unchanged_in_file" if held == content else "differs_in_file"
        findings = (*result.findings, Finding("", code, {"first": str(first)}))
        return replace(result, verdict=verdict_of(findings), findings=findings)
