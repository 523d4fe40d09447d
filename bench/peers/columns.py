"""The two check characters over a whole column in NumPy: for the peers that take a check of a column.

No peer brings this check; it is given to each in the fastest form that it can take.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bench.peers.rules import ALPHABET, ID_WEIGHTS

type Fits = np.ndarray[tuple[int], np.dtype[np.bool_]]

_VALUES = np.full(128, -1, dtype=np.int64)
_VALUES[[ord(c) for c in ALPHABET]] = np.arange(31)
_CODE_WEIGHTS = np.array([*(pow(3, i, 31) for i in range(17)), 1])


def _grid(texts: Sequence[str]) -> tuple[Fits, np.ndarray[tuple[int, int], np.dtype[np.uint8]]]:
    """Which texts are 18 ASCII characters, and those as rows of bytes."""
    shaped = np.fromiter((len(t) == 18 and t.isascii() for t in texts), dtype=np.bool_, count=len(texts))
    joined = "".join(t for t, fits in zip(texts, shaped, strict=True) if fits)
    return shaped, np.frombuffer(joined.encode("ascii"), dtype=np.uint8).reshape(-1, 18)


def codes_fit(texts: Sequence[str]) -> Fits:
    """Which texts pass the check of GB 32100; those of another shape are for the pattern and count as sound."""
    shaped, grid = _grid(texts)
    values = _VALUES[grid]
    fits = np.ones(len(texts), dtype=np.bool_)
    fits[shaped] = (values < 0).any(axis=1) | ((values @ _CODE_WEIGHTS) % 31 == 0)
    return fits


def identities_fit(texts: Sequence[str]) -> Fits:
    """The same for GB 11643."""
    shaped, grid = _grid(texts)
    digits = grid[:, :17].astype(np.int64) - 48
    wanted = np.frombuffer(b"10X98765432", dtype=np.uint8)[(digits @ np.array(ID_WEIGHTS)) % 11]
    fits = np.ones(len(texts), dtype=np.bool_)
    fits[shaped] = ((digits < 0) | (digits > 9)).any(axis=1) | (grid[:, 17] == wanted)
    return fits
