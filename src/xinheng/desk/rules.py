"""What stands on a start page: tasks in the order of urgency, each with where it leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """Something a role can do now. ``count`` None: nothing to count; 0: nothing waits. ``name`` is a URL name."""

    name: str
    title: str
    text: str
    verb: str
    count: int | None = None

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
