"""What text does a cell become that a spreadsheet keeps as a number, a date or a truth value?

As the clerk sees it, never guessed: normalising is the work of the rules. Imported by the child: keep it light.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from xinheng.intake.reading.limits import letters

LONGEST = 32_767  # characters that a cell of a spreadsheet can hold
_EXACT = 10**15  # a spreadsheet keeps 15 digits: from here on some were lost


def shown(value: Any) -> str:
    """The text of one cell: ``2024-05-01``, ``3``, ``0.3``, ``9.16208E+17``, ``TRUE``."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, dt.datetime):
        return _moment(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.replace(microsecond=0).isoformat()
    if isinstance(value, dt.timedelta):
        return _span(value)
    return str(value)


def _number(value: float) -> str:
    """Up to 15 digits as they are, which is what a spreadsheet shows and keeps (0.1 + 0.2 is 0.3 there too).

    A larger number is an identifier whose last digits the spreadsheet has replaced by zeros: it is written the way the
    cell shows it, so that whoever judges it refuses it instead of taking it for a code.
    """
    if abs(value) < 10 * _EXACT:
        value = float(f"{value:.15g}")
    if value == 0:
        return "0"
    if math.isnan(value) or abs(value) >= _EXACT or abs(value) < 1e-9:
        mantissa, _, power = f"{value:.5E}".partition("E")
        return f"{mantissa.rstrip('0').rstrip('.')}E{power}" if power else str(value)
    if value == int(value):
        return str(int(value))
    digits = 15 - len(str(abs(int(value)))) if abs(value) >= 1 else 15 + _zeros(abs(value))
    return f"{value:.{digits}f}".rstrip("0")


def _zeros(value: float) -> int:
    """Zeros behind the point of a number below 1."""
    return -int(f"{value:.14E}".partition("E")[2]) - 1


def _moment(value: dt.datetime) -> str:
    """The day alone at midnight; seconds rounded, since a spreadsheet counts in fractions of a day."""
    try:
        value = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
    except OverflowError:
        value = value.replace(microsecond=0)
    return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")


def _span(value: dt.timedelta) -> str:
    seconds = round(value.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'-' if seconds < 0 else ''}{hours}:{rest // 60:02}:{rest % 60:02}"


def record(cells: list[str]) -> str:
    """One line of CSV without its end; a record of empty cells is an empty line."""
    line = ",".join(cells)
    if line.count(",") == len(cells) - 1 and '"' not in line and "\n" not in line and "\r" not in line:
        return line if len(line) >= len(cells) else ""
    return ",".join(map(quoted, cells))


def quoted(cell: str) -> str:
    """The cell, in quotation marks where CSV asks for them."""
    if "," in cell or '"' in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def unfit(cells: list[str]) -> tuple[str, str] | None:
    """Code of the fault and letters of the first column with a text that no spreadsheet or database could hold."""
    for at, cell in enumerate(cells, 1):
        if len(cell) > LONGEST:
            return "cell_too_long", letters(at)
        if "\0" in cell:
            return "cell_null", letters(at)
    return None
