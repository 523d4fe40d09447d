"""How does a table become a file that a spreadsheet opens without harm?

Cells that a spreadsheet would take for a formula are made plain text; files start with a byte-order mark so that the
common spreadsheets read Chinese.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

BOM = "\ufeff"
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def neutral(cell: str) -> str:
    """A CSV cell that no spreadsheet takes for a formula; plain numbers stay numbers."""
    if cell.startswith(_STARTS_A_FORMULA) and not cell.removeprefix("-").replace(".", "", 1).isdigit():
        return "'" + cell
    return cell


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV text with byte-order mark, every cell neutral."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return BOM + out.getvalue()
