"""What is one line of the bench: what we reach, what the floor reaches in the same run, and the ratio."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """``ours`` and ``floor`` in ``unit`` (more is better), each the median of the runs; ``reach`` is the ratio and
    ``least`` the rate that must hold; ``broken`` says what else must hold and does not.
    """

    name: str
    unit: str
    ours: list[float]
    floor: list[float]
    floor_is: str
    reach: float | None = None
    aim: float | None = None
    note: str = ""
    least: float | None = None
    broken: tuple[str, ...] = ()

    @property
    def missed(self) -> bool:
        """Whether something that must hold does not."""
        slow = self.least is not None and statistics.median(self.ours) < self.least
        return slow or bool(self.broken) or (self.reach is not None and self.ratio < self.reach)

    @property
    def ratio(self) -> float:
        """Median of the ratios pair by pair, so that a machine whose speed drifts does not mislead."""
        return statistics.median(a / b for a, b in zip(self.ours, self.floor, strict=True))

    def cells(self) -> tuple[str, ...]:
        """The cells of the table."""
        return (
            self.name,
            f"{statistics.median(self.ours):,.0f} {self.unit}",
            f"{statistics.median(self.floor):,.0f} {self.unit}",
            self.floor_is,
            f"**{self.ratio:.2f}×**",
            "–" if self.reach is None else f"≥ {self.reach:.2f}×",
            "–" if self.aim is None else f"≥ {self.aim:.2f}×",
            "; ".join([*(f"**{what}**" for what in self.broken), self.note]),
        )


HEAD = ("what", "ours", "floor", "the floor is", "ratio", "reach", "aim", "note")


def in_turn(ours: Callable[[], float], floor: Callable[[], float], *, runs: int) -> tuple[list[float], list[float]]:
    """Measure both in turn, ``runs`` times, after one warm-up of each that does not count."""
    ours(), floor()
    pairs = [(ours(), floor()) for _ in range(runs)]
    return [a for a, _ in pairs], [b for _, b in pairs]
