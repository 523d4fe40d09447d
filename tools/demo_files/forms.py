"""How do rows become the bytes of a file? Text, JSON lines and workbooks; each tells where every row came to stand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
import xlwt

from demo_files.dress import MONEY
from demo_files.rows import Cell, Layout, Sent
from demo_files.styles import Style

MADE = datetime(2026, 1, 5, 9, 0)  # noqa: DTZ001 - a property of a file, the same in every zone
REQUIRED = ("*{}", "{}（必填）", "{}*")


@dataclass
class Sheet:
    """A table to be written: lines of cells, and the row that stands on a line. ``note``: it is no row, only words."""

    name: str
    lines: list[tuple[list[Cell], Sent | None]] = field(default_factory=list)
    header: int = 0  # number of the last header line, from 1

    def add(self, cells: Sequence[Cell], row: Sent | None = None) -> None:
        """Put one more line below."""
        self.lines.append((list(cells), row))

    def places(self) -> list[tuple[int, Sent]]:
        """Number of the line, counted from 1, and the row on it."""
        return [(number, row) for number, (_, row) in enumerate(self.lines, start=1) if row is not None]


@dataclass(frozen=True)
class Written:
    """A file and the truth about its rows, by sheet."""

    data: bytes
    places: dict[str, list[tuple[int, Sent]]]


def heads(columns: Sequence[str], layout: Layout, style: Style, kind: str) -> list[str]:
    """One line of headings: codes, labels, or labels marked where a cell is required."""
    found = list(columns) if kind == "codes" else [layout.labels[code] for code in columns]
    if kind == "marked":
        found = [
            REQUIRED[number % 3].format(label) if code in layout.needed else label
            for number, (code, label) in enumerate(zip(columns, found, strict=True))
        ]
    if style.in_yuan:
        found = [label.replace("(万元)", "（元）") for label in found]
    if style.hidden_heads:
        found = ["\u200b" + label if number % 4 == 0 else label for number, label in enumerate(found)]
    return found


def sheet(
    name: str, *, columns: Sequence[str], layout: Layout, style: Style, rows: Sequence[Sent], words: dict[str, str]
) -> Sheet:
    """Titles, headings, rows and what stands behind them."""
    made = Sheet(name)
    width = len(columns)
    for line in style.lines:
        made.add([line.format(**words), *[""] * (width - 1)])
    for kind in ("codes", "labels") if style.heads == "both" else (style.heads,):
        made.add(heads(columns, layout, style, kind))
    made.header = len(made.lines)
    if style.remark:
        made.add(["填写示例：某某有限公司", *[""] * (width - 1)], _words_only(layout))
    for row in rows:
        made.add([row.cells.get(code, "") for code in columns], row)
    if style.total:
        made.add([f"合计：{len(rows)}条", *[""] * (width - 1)], _words_only(layout))
    for _ in range(style.tail):
        made.add([""] * width)
    return made


def _words_only(layout: Layout) -> Sent:
    """A line of words behind the header is read as a row that lacks nearly everything."""
    row = Sent({})
    row.find("reject", "required_missing", *(["document_missing"] if layout.adverse else []))
    return row


def text(made: Sheet, style: Style) -> Written:
    """A text file with separators; a row out of shape is written as it was typed."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=style.separator, lineterminator="\r\n")
    for cells, row in made.lines:
        plain = [_plain(cell) for cell in cells]
        if row is not None and row.shape:
            out.write(style.separator.join(_misshapen(plain, row.shape)) + "\r\n")
        else:
            writer.writerow(plain)
    return Written(_encoded(out.getvalue(), style.encoding), {"": made.places()})


def _misshapen(cells: list[str], shape: str) -> list[str]:
    bare = [cell.replace("\n", "").replace('"', "") for cell in cells]
    if shape == "row_too_long":
        return [*bare[:6], "见附件1", *bare[6:-1], bare[-1] or "无"]
    if shape == "row_too_short":
        return bare[:-3]
    return ['"老字号"' + bare[0], *bare[1:]]


def _encoded(content: str, encoding: str) -> bytes:
    # "utf-16" would follow the byte order of the machine; Excel writes little-endian with its mark
    return b"\xff\xfe" + content.encode("utf-16-le") if encoding == "utf-16" else content.encode(encoding)


def _plain(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return MONEY["plain"][0](cell)
    return f"{cell:%Y/%m/%d}" if isinstance(cell, date) else str(cell)


def json_lines(rows: Sequence[Sent], *, columns: Sequence[str], layout: Layout, style: Style) -> Written:
    """One object a line, empty fields left out; every other amount that is plain as a number."""
    names = dict(zip(columns, heads(columns, layout, style, style.heads), strict=True))
    lines = []
    for number, row in enumerate(rows):
        said = {names[code]: _value(row.cells[code], number) for code in columns if row.cells.get(code, "") != ""}
        lines.append(json.dumps(said, ensure_ascii=False))
    data = ("\n".join(lines) + "\n").encode()
    return Written(data, {"": list(enumerate(rows, start=1))})


def _value(cell: Cell, number: int) -> str | float:
    if isinstance(cell, Decimal) and number % 2:
        return float(cell)
    return _plain(cell)


def xlsx(sheets: Sequence[Sheet], style: Style, *, front: Sequence[str]) -> Written:
    """A workbook as clerks style it: merged titles, frozen header, cells of dates and amounts."""
    out = io.BytesIO()
    settings = {
        "in_memory": True,
        "constant_memory": style.inline,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(out, {**settings, "default_date_format": "yyyy/m/d"})
    book.set_properties({"created": MADE, "author": "", "title": ""})
    looks = _looks(book)
    if front:
        page = book.add_worksheet("填报说明")
        page.set_column(0, 0, 80)
        for number, line in enumerate(front):
            page.write_string(number, 0, line, looks["title" if number == 0 else "text"])
    for made in sheets:
        page = book.add_worksheet(made.name)
        page.freeze_panes(made.header, 1)
        page.set_column(0, max(len(cells) for cells, _ in made.lines) - 1, 18)
        for number, (cells, row) in enumerate(made.lines):
            _xlsx_line(
                page, number, cells, looks, title=row is None and number < len(style.lines), body=number >= made.header
            )
    if front:
        book.get_worksheet_by_name(sheets[0].name).activate()
    book.close()
    return Written(out.getvalue(), {made.name: made.places() for made in sheets})


def _looks(book: Any) -> dict[str, Any]:
    framed = {"border": 1, "valign": "vcenter"}
    return {
        "title": book.add_format({"bold": True, "font_size": 16, "align": "center"}),
        "head": book.add_format({**framed, "bold": True, "text_wrap": True, "bg_color": "#DDEBF7"}),
        "text": book.add_format({**framed, "num_format": "@"}),
        "date": book.add_format({**framed, "num_format": "yyyy/m/d"}),
        "written": book.add_format({**framed, "num_format": 'yyyy"年"m"月"d"日"'}),
        "money": book.add_format({**framed, "num_format": "0.00"}),
    }


def _xlsx_line(
    page: Any, number: int, cells: Sequence[Cell], looks: dict[str, Any], *, title: bool, body: bool
) -> None:
    if title:
        page.merge_range(number, 0, number, len(cells) - 1, str(cells[0]), looks["title"])
        return
    for column, cell in enumerate(cells):
        if isinstance(cell, date):
            page.write_datetime(number, column, cell, looks["date" if number % 3 else "written"])
        elif isinstance(cell, float):
            page.write_number(number, column, cell, looks["text"])
        elif isinstance(cell, Decimal) and number % 5 == 0:
            page.write_formula(number, column, f"={int(cell * 10_000)}/10000", looks["money"], float(cell))
        elif isinstance(cell, Decimal):
            page.write_number(number, column, float(cell), looks["money"])
        elif cell == "":
            page.write_blank(number, column, None, looks["text"])
        else:
            page.write_string(number, column, str(cell), looks["text" if body else "head"])


def xls(sheets: Sequence[Sheet], style: Style) -> Written:
    """The old binary workbook, with merged titles and cells of dates and amounts."""
    book = xlwt.Workbook(encoding="utf-8")
    day, money = xlwt.XFStyle(), xlwt.XFStyle()
    day.num_format_str, money.num_format_str = "yyyy/m/d", "0.00"
    for made in sheets:
        page = book.add_sheet(made.name)
        page.set_panes_frozen(True)
        page.set_horz_split_pos(made.header)
        for number, (cells, row) in enumerate(made.lines):
            if row is None and number < len(style.lines):
                page.write_merge(number, number, 0, len(cells) - 1, str(cells[0]))
                continue
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    page.write(number, column, cell, day)
                elif isinstance(cell, Decimal):
                    page.write(number, column, float(cell), money)
                elif isinstance(cell, float):
                    page.write(number, column, cell)
                elif cell != "":
                    page.write(number, column, str(cell))
    out = io.BytesIO()
    book.save(out)
    return Written(out.getvalue(), {made.name: made.places() for made in sheets})
