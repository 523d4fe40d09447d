"""Did the same file bring the same decision before? In memory of a few bytes a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

Hashes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]
_PARTS = 8  # sorted parts that are held before they are made one


@dataclass(frozen=True, slots=True)
class Before:
    """The first row of the file that speaks of the same decision, and whether it says the same."""

    row: int
    same: bool


@dataclass(slots=True)
class _Part:
    """Rows sorted by the hash of their decision."""

    keys: Hashes
    rows: Numbers
    said: Hashes


@dataclass(slots=True)
class Seen:
    """The rows of a file so far, by decision; told by hashes that nobody outside the process can foresee."""

    _parts: list[_Part] = field(default_factory=list)

    def compared(self, natural: pl.Series, content: pl.Series, rows: Numbers) -> Mapping[int, Before]:
        """Which of ``rows`` speak of a decision that an earlier row of the file spoke of.

        ``natural`` and ``content``: natural key and canonical values of each row, as text; rows in file order. The
        first row of each decision is remembered.
        """
        keys, said = natural.hash(seed=1).to_numpy(), content.hash(seed=2).to_numpy()
        found: dict[int, Before] = {}
        for part in self._parts:
            self._known(part, keys, said, rows, found)
        fresh = ~np.isin(rows, np.fromiter(found, dtype=np.int64, count=len(found)))
        order = np.lexsort((rows[fresh], keys[fresh]))
        part = _Part(keys[fresh][order], rows[fresh][order], said[fresh][order])
        first = np.concatenate(([True], part.keys[1:] != part.keys[:-1])) if len(part.keys) else np.zeros(0, bool)
        leads = np.flatnonzero(first)
        for place in np.flatnonzero(~first).tolist():
            lead = leads[np.searchsorted(leads, place, side="right") - 1]
            found[int(part.rows[place])] = Before(int(part.rows[lead]), bool(part.said[lead] == part.said[place]))
        self._keep(_Part(part.keys[first], part.rows[first], part.said[first]))
        return found

    def _known(self, part: _Part, keys: Hashes, said: Hashes, rows: Numbers, found: dict[int, Before]) -> None:
        places = np.minimum(np.searchsorted(part.keys, keys), len(part.keys) - 1)
        for place in np.flatnonzero(part.keys[places] == keys).tolist():
            held = places[place]
            found[int(rows[place])] = Before(int(part.rows[held]), bool(part.said[held] == said[place]))

    def _keep(self, part: _Part) -> None:
        if not len(part.keys):
            return
        self._parts.append(part)
        if len(self._parts) > _PARTS:
            keys = np.concatenate([one.keys for one in self._parts])
            order = np.argsort(keys, kind="stable")
            rows = np.concatenate([one.rows for one in self._parts])[order]
            said = np.concatenate([one.said for one in self._parts])[order]
            self._parts = [_Part(keys[order], rows, said)]
