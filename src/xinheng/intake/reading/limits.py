"""How much may a file hold, and how is it said that it holds too much? Imported by the child: keep it light."""

from __future__ import annotations

from dataclasses import dataclass

from xinheng.lib.errors import BadInput

HEAD = 30  # rows above the data, titles and header, that no limit counts


class Refused(BadInput):
    """A file that is returned whole; becomes `FileRefused` where the rules, which take long to import, are at hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may hold, and what reading it may cost (decisions §8).

    ``size``: bytes of any file; ``records`` of a text. Of a workbook: ``rows`` (of all sheets), ``columns`` (of each),
    ``cells`` with content (of all), ``sheets``; ``unpacked``: bytes of everything packed in it; ``memory`` bytes and
    ``seconds`` of the child that reads it.
    """

    size: int = 1 << 30
    records: int = 2_000_000
    rows: int = 100_000
    columns: int = 100
    cells: int = 10_000_000
    sheets: int = 100
    unpacked: int = 1 << 30
    memory: int = 3 << 29
    seconds: int = 120


class Tally:
    """Counts what the sheets of one workbook hold and refuses at the first limit that is passed."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.rows = self.cells = self.sheets = 0

    def sheet(self, *, rows: int, columns: int, cells: int) -> None:
        """One more sheet: its last row and column with content, and its cells with content."""
        self.check(rows=rows, columns=columns, cells=cells)
        self.rows += max(rows - HEAD, 0)
        self.cells += cells

    def check(self, *, rows: int, columns: int, cells: int) -> None:
        """What is known of the present sheet so far."""
        if self.rows + rows - HEAD > self.limits.rows:
            raise Refused("workbook_too_many_rows", row=str(rows), limit=str(self.limits.rows))
        if columns > self.limits.columns:
            raise Refused("workbook_too_many_columns", column=letters(columns), limit=str(self.limits.columns))
        if self.cells + cells > self.limits.cells:
            raise Refused("workbook_too_many_cells", limit=str(self.limits.cells))

    def names(self, names: list[str]) -> None:
        """The sheets that the workbook lists."""
        if len(names) > self.limits.sheets:
            raise Refused("workbook_too_many_sheets", count=str(len(names)), limit=str(self.limits.sheets))


def letters(column: int) -> str:
    """What a spreadsheet writes above a column, counted from 1: ``1`` → ``A``, ``28`` → ``AB``."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
