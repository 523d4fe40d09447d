"""Does a sheet without a header hold rows all the same? Then each of them is told, not the sheet alone (INT-1).

A second sheet into which a first one was continued has no header. Which of its columns is which would be a guess, so
every row of it goes back with that reason. A sheet of notes, or of a list of values, holds no rows.
"""

from __future__ import annotations

from dataclasses import replace

from xinheng.intake.reading.tables import Fault, Table
from xinheng.intake.rules.layout import Column, Layout
from xinheng.intake.rules.reader import Record, records
from xinheng.law.items import ItemVersion
from xinheng.lib import dates
from xinheng.lib.codes import idnumber, uscc
from xinheng.lib.codes.clean import clean
from xinheng.lib.errors import BadInput

_LOOKED_AT = 50  # records: a list that was continued begins at once


def told_row_by_row(table: Table, first: Layout, item: ItemVersion) -> tuple[Table, Layout] | None:
    """The table with a fault for each of its records, and a layout that knows no column; None for a sheet of notes.

    ``first``: the layout of the table before it.
    """
    table.text.seek(table.start)
    text = table.text.read().decode()
    needed = sum(entry.required == "always" for entry in item.fields)
    if not any(_speaks(record, needed) for record in records(text, first.separator, limit=_LOOKED_AT)):
        return None
    fault = Fault("sheet_header_missing", {"sheet": table.name})
    faults = {one.number: fault for one in records(text, first.separator, width=first.width) if not one.blank}
    width = max(first.width, 1)
    layout = Layout(first.separator, (Column("", None),) * width, header_row=0, old=False, cells=width)
    return replace(table, faults={**faults, **table.faults}), layout


def _speaks(record: Record, needed: int) -> bool:
    """Whether a record has about the cells of a row of the item, among them a day and the code of a subject."""
    cells = [cell for cell in record.cells if cell.strip()]
    return len(cells) * 2 >= needed and any(map(_is_day, cells)) and any(map(_is_code, cells))


def _is_day(cell: str) -> bool:
    try:
        dates.parse_day(cell)
    except BadInput:
        return False
    return True


def _is_code(cell: str) -> bool:
    code = clean(cell)
    if code.fault is not None or len(code.text) != 18:
        return False
    return uscc.check_uscc(code.text).valid or (code.text[:17].isdigit() and idnumber.check_id(code.text).valid)
