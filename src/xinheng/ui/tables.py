"""How does a small table keep its meaning on a phone?

Rows become cards under 48 em; roles stand in the markup and each cell carries its column's name, so nothing is lost.
Templates write ``{% table t %}`` with one of these; a table with forms in its cells is written by hand after the same
pattern.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """``numeric`` columns stand right."""

    label: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` are lists of cells, the first one the row's heading; cells are text or safe HTML (``format_html``)."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    caption_shown: bool = False

    def lines(self) -> list[tuple[object, list[tuple[Column, object]]]]:
        """(heading, [(column, cell), …]) for the template."""
        return [(row[0], list(zip(self.columns[1:], row[1:], strict=True))) for row in self.rows]


def table(
    caption: str, columns: Sequence[str | Column], rows: Sequence[Sequence[object]], *, shown: bool = False
) -> Table:
    """Short hand: a column may be its label alone."""
    heads = [column if isinstance(column, Column) else Column(column) for column in columns]
    return Table(caption=caption, columns=heads, rows=rows, caption_shown=shown)
