"""The steelyard beam under a published penalty: where does today stand between the first and the last day of publicity?

Ticks stand at whole months from the first day; positions are thousandths of the beam's length, so that the drawing
needs no inline style. Labels come in order of time, because on a phone they cannot stand under their ticks.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

BEAM = 1000


@dataclass(frozen=True, slots=True)
class Tick:
    """A month on the beam; ``top`` is where its stroke begins: higher for every third (long beams: twelfth)."""

    x: float
    top: int


@dataclass(frozen=True, slots=True)
class Label:
    """One of the texts below the beam; ``kind``: start, today, repair_from, repair_open, end."""

    kind: str
    on: date
    days: int = 0


@dataclass(frozen=True, slots=True)
class Scale:
    """A drawing in numbers."""

    ticks: tuple[Tick, ...]
    done: float
    repair: float | None
    labels: tuple[Label, ...]


def scale(*, from_on: date, until_on: date, earliest_repair: date | None, today: date) -> Scale | None:
    """The beam for publicity from ``from_on`` until ``until_on`` (the first day on which it has ended).

    None when today lies outside: nothing is shown of a record whose publicity does not run.
    """
    if not from_on <= today < until_on:
        return None
    length = (until_on - from_on).days

    def at(on: date) -> float:
        return round((on - from_on).days / length * BEAM, 1)

    marks: list[Label] = [Label("today", today, (until_on - today).days)]
    repair = None
    if earliest_repair is not None and from_on <= earliest_repair < until_on:
        repair = at(earliest_repair)
        marks.append(Label("repair_open" if earliest_repair <= today else "repair_from", earliest_repair))
    marks.sort(key=lambda label: label.on)
    return Scale(
        ticks=tuple(_ticks(from_on, until_on, at(until_on), at)),
        done=at(today),
        repair=repair,
        labels=(Label("start", from_on), *marks, Label("end", until_on)),
    )


def _ticks(from_on: date, until_on: date, end: float, at: Callable[[date], float]) -> Iterator[Tick]:
    months = (until_on.year - from_on.year) * 12 + until_on.month - from_on.month
    long = 12 if months > 18 else 3
    month = 0
    while (on := months_later(from_on, month)) < until_on:
        yield Tick(at(on), 9 if month % long == 0 else 13)
        month += 1
    yield Tick(end, 9)


def months_later(on: date, months: int) -> date:
    """``on`` moved by whole months; the last day of a shorter month stands for a day it lacks."""
    year, month = divmod(on.month - 1 + months, 12)
    year, month = on.year + year, month + 1
    return date(year, month, min(on.day, monthrange(year, month)[1]))
