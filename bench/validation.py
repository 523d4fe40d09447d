"""Judging alone: a million rows with 14 × 1,000 seeded defects, against pandera, frictionless and Great Expectations.

Every tool reads the file itself and says row and column of what is wrong, in a process of its own, one after another.
The peers are told the same rules as far as they have words for them (`bench.peers.rules`); the check characters,
which none of them brings, are given to each as a check of its own kind.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.line import Line
from bench.made import Made, seeded
from bench.process import Told, measured, peer

ROWS = 1_000_000
EACH = 1_000
MOST_RUNS = 3
SLOW = 100_000  # rows for the two peers that would take minutes
HEAD = ("tool", "rows", "rows/s", "peak memory", "rows found", "at the right column", "missed kinds", "false alarms")


@dataclass(frozen=True, slots=True)
class Judged:
    """How one tool fared: ``rows`` and ``cells`` are kind -> share found, ``alarms`` clean rows that it named."""

    name: str
    told: tuple[Told, ...]
    rows: dict[str, float]
    cells: dict[str, float]
    alarms: int

    @property
    def rate(self) -> float:
        return statistics.median(one.rate for one in self.told)

    def line(self) -> tuple[str, ...]:
        """The cells of its line in the table."""
        missed = ", ".join(f"{kind} {share:.0%}" for kind, share in self.rows.items() if share < 1)
        return (
            self.name,
            f"{self.told[0].rows:,}",
            f"{self.rate:,.0f}",
            f"{max(one.peak for one in self.told):,.0f} MB",
            f"{statistics.fmean(self.rows.values()):.1%}",
            f"{statistics.fmean(self.cells.values()):.1%}",
            missed or "none",
            f"{self.alarms:,}",
        )


def lines(*, runs: int, rows: int | None = None) -> tuple[list[Line], list[str]]:
    """The line against pandera, and the table of all tools."""
    rows = rows or int(os.environ.get("XINHENG_BENCH_ROWS", str(ROWS)))
    with tempfile.TemporaryDirectory(prefix="xinheng-bench-") as folder:
        large = seeded(Path(folder) / "large.csv", rows=rows, each=_each(rows))
        small = large if rows <= SLOW else seeded(Path(folder) / "small.csv", rows=SLOW, each=_each(SLOW))
        pandera = peer("pandera")
        pairs = [
            (measured("bench.ours", str(large.path)), _run("bench.peers.pandera_polars", large, pandera))
            for _ in range(min(runs, MOST_RUNS))
        ]
        ours = judged("xinheng", large, [a for a, _ in pairs])
        theirs = judged("pandera on polars", large, [b for _, b in pairs])
        others = [
            judged(name, small, [_run(module, small, peer(environment))])
            for name, module, environment in (
                ("frictionless", "bench.peers.frictionless_rows", "frictionless"),
                ("Great Expectations on pandas", "bench.peers.gx_pandas", "great-expectations"),
            )
        ]
        note = (
            f"{rows:,} rows, {large.size:,.0f} MB, with {len(large.truth):,} seeded defects of 14 kinds; with reading"
        )
    line = Line(
        name="file judged",
        unit="rows/s",
        ours=[one.rate for one in ours.told],
        floor=[one.rate for one in theirs.told],
        floor_is="pandera on polars with the same rules (a peer, no floor)",
        reach=1.0,
        broken=_broken(ours),
        note=note,
    )
    return [line], table([ours, theirs, *others])


def _each(rows: int) -> int:
    """Defects of one kind: a thousand in a million rows, more densely in a small file, yet most rows stay clean."""
    return min(EACH, rows // 100)


def _run(module: str, made: Made, python: str) -> Told:
    return measured(module, str(made.path), python=python)


def judged(name: str, made: Made, told: Sequence[Told]) -> Judged:
    """Compare what a tool found with the truth."""
    named = {row for row, *_ in told[0].found}
    cells = {(row, column) for row, column, *_ in told[0].found}

    def share(hit: Callable[[tuple[int, str]], bool]) -> dict[str, float]:
        return {kind: sum(map(hit, places)) / len(places) for kind, places in sorted(made.seeded.items())}

    return Judged(
        name=name,
        told=tuple(told),
        rows=share(lambda place: place[0] in named),
        cells=share(lambda place: place in cells if place[1] else place[0] in named),
        alarms=len(named - made.truth.keys() - made.twins),
    )


def _broken(ours: Judged) -> tuple[str, ...]:
    """What must hold and does not: every defect found at its column, no clean row named."""
    missed = [kind for kind, share in ours.cells.items() if share < 1]
    said = [f"defects missed: {', '.join(missed)}"] if missed else []
    return (*said, *([f"{ours.alarms} false alarms"] if ours.alarms else []))


def table(found: Sequence[Judged]) -> list[str]:
    """All tools as a Markdown table."""
    cells = [HEAD, tuple("---" for _ in HEAD), *(one.line() for one in found)]
    return [f"| {' | '.join(row)} |" for row in cells]
