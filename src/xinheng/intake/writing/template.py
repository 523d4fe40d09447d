"""How does a department get a workbook into which it can only write what intake takes? (CAT-2, INT-1)

The first sheet is the data: headers that `find_layout` reads, text formats, drop-down lists, bounds. Instructions and
examples follow on sheets that intake passes over.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xinheng.intake.writing import columns
from xinheng.intake.writing.examples import example_rows
from xinheng.intake.writing.instructions import write_instructions
from xinheng.intake.writing.speaking import Words
from xinheng.law import saying
from xinheng.law.items import Field, ItemVersion
from xinheng.law.pack import Pack


def template(item: ItemVersion, *, pack: Pack, today: date, english: bool = False) -> bytes:
    """The workbook (xlsx) of an item version. ``english``: a second instruction sheet, in English.

    The data sheet is Chinese in any case: its header is what intake reads.
    """
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        to, rows = Words(pack), example_rows(item, pack, today)
        book.set_properties({"title": item.label.zh, "comments": f"{item.code} {item.version} {pack.edition}"})
        fields = columns.filled_in(item)
        lists = columns.Lists(book, to)
        _data(book, item, fields, lists, to)
        example = rows[0] if rows else {}
        for speaker in (to, *([Words(pack, english=True)] if english else [])):
            write_instructions(book, item, example, today, speaker)
        _examples(book, item, fields, rows, to)
        lists.write(fields)
    return out.getvalue()


def _data(book: Workbook, item: ItemVersion, fields: Sequence[Field], lists: columns.Lists, to: Words) -> None:
    sheet = book.add_worksheet(columns.sheet_name(item.label.zh))
    columns.write_header(book, sheet, fields, item, to)
    missing = book.add_format({"bg_color": "#FBF0D9"})
    for place, entry in enumerate(fields):
        sheet.set_column(place, place, columns.width_of(entry), columns.cell_format(book, entry, plain=False))
        columns.validate(sheet, place, entry=entry, item=item, lists=lists, to=to)
        if columns.need(entry) == "always":
            _mark_missing(sheet, place, len(fields), missing)
    columns.one_page_wide(sheet)
    sheet.freeze_panes(columns.HEADS, 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{_letters(len(fields) - 1)}{columns.LAST + 1}"})


def _mark_missing(sheet: Worksheet, place: int, width: int, look: object) -> None:
    """Colour a required cell that is empty in a row where something stands."""
    first = columns.HEADS + 1
    criteria = f"=AND(COUNTA($A{first}:${_letters(width - 1)}{first})>0,LEN({_letters(place)}{first})=0)"
    rule = {"type": "formula", "criteria": criteria, "format": look}
    sheet.conditional_format(columns.HEADS, place, columns.LAST, place, rule)


def _letters(place: int) -> str:
    """The name of a column: 0 → A, 26 → AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _examples(
    book: Workbook, item: ItemVersion, fields: Sequence[Field], rows: Sequence[dict[str, str]], to: Words
) -> None:
    """The examples upright, a field a line: no line is a header or a row of the item."""
    sheet = book.add_worksheet(to.say("sheet.examples"))
    head = book.add_format(dict(columns.HEADERS["always"]))
    cell = book.add_format(columns.CELL | {"num_format": "@", "text_wrap": True})
    sheet.write_string(0, 0, to.say("sheet.examples.note"), book.add_format(columns.CELL | {"bold": True}))
    heads = [to.say(f"sheet.col.{column}") for column in ("code", "label", "required")]
    heads += [to.say("sheet.examples.one", n=str(n)) for n in range(1, len(rows) + 1)]
    widths = [18, 30, 30, *[38] * len(rows)]
    for place, (text, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.write_string(1, place, text, head)
        sheet.set_column(place, place, width)
    for line, entry in enumerate(fields, start=2):
        told = [entry.code, entry.label.zh, saying.required(entry, item, to)]
        texts = [*told, *(row.get(entry.code, "") for row in rows)]
        sheet.set_row(line, columns.height(texts, widths))
        for place, text in enumerate(texts):
            sheet.write_string(line, place, text, cell)
    columns.one_page_wide(sheet)
    sheet.freeze_panes(2, 3)
