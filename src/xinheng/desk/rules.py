"""What stands on a start page: tasks in the order of urgency, each with where it leads, and what is due now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

SEALS_WITHIN = timedelta(seconds=60)  # what every promise promises
RUNS_WITHIN = timedelta(minutes=5)  # a sweep that did not end for so long is late
VERIFIED_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Due:
    """Something to be done now: a sentence with its number, leading to where it is done.

    ``name`` is a URL name with ``args``; "" where it is done outside the pages.
    """

    count: int
    text: str
    name: str = ""
    args: tuple[int, ...] = ()
    query: str = ""


@dataclass(frozen=True, slots=True)
class Recent:
    """An own question of late: when, what for, how it ended, and where its receipt stands ("" when there is none)."""

    at: datetime
    text: str
    result: str
    entry: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """Something a role can do now. ``count`` None: nothing to count; 0: nothing waits. ``name`` is a URL name.

    ``dues``: what of it is due now, each with its own link. ``told``: plain sentences about how things stand.
    """

    name: str
    title: str
    text: str
    verb: str
    count: int | None = None
    dues: tuple[Due, ...] = ()
    told: tuple[str, ...] = ()
    recent: tuple[Recent, ...] = ()

    @property
    def badge(self) -> str:
        """The number as a mark shows it."""
        return str(self.count)


def waiting(tasks: Sequence[Task]) -> int:
    """How many things wait for this person."""
    return sum(task.count or 0 for task in tasks)


def ordered(tasks: Sequence[Task]) -> tuple[Task, ...]:
    """What waits first, then what may be done, then what is empty."""
    return tuple(sorted(tasks, key=lambda task: (not task.count, task.count == 0)))


def standing(dues: Sequence[Due]) -> tuple[Due, ...]:
    """What is due at all."""
    return tuple(due for due in dues if due.count)


def late_sweeps(run: Mapping[str, datetime], now: datetime) -> tuple[str, ...]:
    """The sweeps that ran before and did not come to their end of late, by name."""
    return tuple(sorted(name for name, at in run.items() if now - at > RUNS_WITHIN))
