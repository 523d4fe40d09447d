"""How large may a file be? Each limit is said in the refusal (decisions §8)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """``size``: bytes of a file. ``records``: of a text. ``rows``, ``columns``, ``cells``: of a workbook."""

    size: int = 1 << 30
    records: int = 2_000_000
    rows: int = 100_000
    columns: int = 100
    cells: int = 3_000_000
