"""What stands in the cells of a workbook? Answered inside the child process of `machine.limited`, never in a server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Any

import python_calamine as calamine

from xinheng.intake.reading.cells import LONGEST, record, shown, unfit
from xinheng.intake.reading.limits import Limits, Refused
from xinheng.intake.reading.prescan import Errors, prescan

Answer = dict[str, Any]


def read(given: Mapping[str, Any], files: list[int]) -> Answer:
    """Write the sheets of the workbook ``files[0]`` one behind the other to ``files[1]``, as CSV.

    Answers ``sheets`` (name, length in bytes, faults by record) and ``hidden`` (names of sheets that hold something a
    clerk does not see) and ``since_1904`` (how days are counted), or ``refused`` with its ``params``.
    """
    try:
        with open(files[1], "wb", closefd=False, buffering=1 << 20) as target:
            return sheets(f"/dev/fd/{files[0]}", target, limits=Limits(**given))
    except Refused as refused:
        return {"refused": refused.code, "params": refused.params}


def sheets(path: str, target: IO[bytes], *, limits: Limits) -> Answer:
    """As `read`. Raises Refused."""
    with open(path, "rb") as file:
        scan = prescan(file, limits=limits)
    found: list[Answer] = []
    hidden: list[str] = []
    try:
        with calamine.CalamineWorkbook.from_path(path) as workbook:
            for at, about in enumerate(workbook.sheets_metadata):
                if about.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue  # a chart, or macros
                sheet = workbook.get_sheet_by_index(at)
                if sheet.end is None:
                    continue
                if about.visible != calamine.SheetVisibleEnum.Visible:
                    hidden.append(about.name)
                    continue
                if one := _sheet(sheet, scan.errors.get(at, {}), target):
                    found.append({"name": about.name, **one})
    except calamine.PasswordError:
        raise Refused("workbook_password") from None
    except (calamine.CalamineError, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno:
            raise  # the bounds of the process, not the workbook
        raise Refused("workbook_damaged") from None
    return {"sheets": found, "hidden": hidden, "since_1904": scan.since_1904}


def _sheet(sheet: calamine.CalamineSheet, errors: Errors, target: IO[bytes]) -> Answer | None:
    """Write one sheet; None when all its cells are empty. Columns behind the last with content are cut."""
    assert sheet.end is not None
    begin, width = target.tell(), sheet.end[1] + 1
    widest, faults = _write(sheet, errors, target, width)
    if widest < width:
        target.seek(begin)
        target.truncate()
        if not widest:
            return None
        _write(sheet, errors, target, widest)
    return {"bytes": target.tell() - begin, "faults": faults}


def _write(
    sheet: calamine.CalamineSheet, errors: Errors, target: IO[bytes], width: int
) -> tuple[int, list[tuple[int, str, str]]]:
    """The widest record in fact, and the records with a cell that is too long."""
    widest, faults = 0, []
    for number, cells in enumerate(_rows(sheet, errors), 1):
        line = record(cells[:width])
        if (len(line) > LONGEST or "\0" in line) and (fault := unfit(cells)):
            faults.append((number, *fault))
            line = record([""] * width)
        target.write(line.encode() + b"\n")
        if widest < width and any(cells):
            widest = max(widest, next((at for at in range(len(cells), 0, -1) if cells[at - 1]), 0))
    return widest, faults


def _rows(sheet: calamine.CalamineSheet, errors: Errors) -> Iterator[list[str]]:
    """The rows from the first on; the library leaves out empty columns on the left, and the text of errors."""
    assert sheet.start is not None
    left = [""] * sheet.start[1]
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (row, column), text in errors.items():
        by_row.setdefault(row, []).append((column, text))
    for number, values in enumerate(sheet.iter_rows()):
        cells = left + [value if type(value) is str else shown(value) for value in values]
        for column, text in by_row.get(number, ()):
            if column < len(cells):
                cells[column] = text
        yield cells
