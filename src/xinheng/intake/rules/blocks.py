"""What does a piece of a file hold? Regular records as columns, and the others one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from xinheng.intake.rules.reader import Record

Numbers = npt.NDArray[np.int64]


@dataclass(slots=True)
class Block:
    """Consecutive records of a table.

    ``frame``: the cells of the regular records, column ``c0`` for the first; ``numbers``, ``starts`` and ``ends``:
    number of each and its bytes in the table's text. ``odd``: records with fewer or more cells, or a stray quotation
    mark. ``text``: the block as it stands in the table,
    from byte ``start`` on.
    """

    frame: pl.DataFrame
    numbers: Numbers
    starts: Numbers
    ends: Numbers
    odd: list[Record] = field(default_factory=list)
    start: int = 0
    text: bytes = b""

    def __len__(self) -> int:
        return len(self.numbers) + len(self.odd)

    def record(self, place: int) -> Record:
        """The regular record at a place of the frame."""
        return self._record(place, self.frame.row(place))

    def records(self, places: Numbers) -> Iterator[Record]:
        """The regular records at several places, in their order."""
        for place, cells in zip(places.tolist(), self.frame[places].iter_rows(), strict=True):
            yield self._record(place, cells)

    def _record(self, place: int, cells: tuple[Any, ...]) -> Record:
        span = (int(self.starts[place]), int(self.ends[place]))
        return Record(int(self.numbers[place]), list(cells), span)


def block_of(found: list[Record], width: int) -> Block:
    """A block of records that were read one by one: those of ``width`` cells are regular."""
    plain = [record for record in found if len(record.cells) == width and not record.stray]
    odd = [record for record in found if len(record.cells) != width or record.stray]
    columns = list(zip(*(record.cells for record in plain), strict=True)) or [()] * width
    return Block(
        pl.DataFrame({f"c{n}": pl.Series(list(column), dtype=pl.String) for n, column in enumerate(columns)}),
        np.array([record.number for record in plain], dtype=np.int64),
        np.array([record.span[0] for record in plain], dtype=np.int64),
        np.array([record.span[1] for record in plain], dtype=np.int64),
        odd,
    )


def joined(blocks: list[Block], width: int) -> Block:
    """Several consecutive blocks as one."""
    if len(blocks) == 1:
        return blocks[0]
    if not blocks:
        return block_of([], width)
    return Block(
        pl.concat([block.frame for block in blocks]),
        np.concatenate([block.numbers for block in blocks]),
        np.concatenate([block.starts for block in blocks]),
        np.concatenate([block.ends for block in blocks]),
        [record for block in blocks for record in block.odd],
    )
