"""What is a clock, what happens to it, and to which bytes does the ledger commit? Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from xinheng.lib import merkle
from xinheng.lib.canonical import canonical, leaf_hash
from xinheng.lib.clock import day_of, stamp

OPENED = "clock.opened"
STOPPED = "clock.stopped"
RECOMPUTED = "clocks.recomputed"


class Step(StrEnum):
    """What is written into the trace of a clock."""

    RECOMPUTED = "recomputed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What the law says of a clock: first day that counts, last day in time, whether the calendar is only assumed."""

    starts_on: date
    due_on: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One step after the opening: the reckoning before and after it, under which edition of the law.

    ``late`` is None for a step that does not end the clock.
    """

    n: int
    step: Step
    at: datetime
    before: Reckoning
    after: Reckoning
    law_before: str
    law_after: str
    late: bool | None


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """A clock of a case. ``law`` is the label of the edition it was last reckoned under.

    Time runs from ``received_at`` whatever happens after; ``stopped_at`` and ``late`` are None while it runs.
    """

    id: int
    case_kind: str
    case_id: int
    deadline: str
    received_at: datetime
    zone: str
    starts_on: date
    due_on: date
    provisional: bool
    article: str
    law: str
    opened_at: datetime
    stopped_at: datetime | None
    late: bool | None
    trace: tuple[TraceLine, ...]

    @property
    def reckoning(self) -> Reckoning:
        return Reckoning(self.starts_on, self.due_on, self.provisional)

    @property
    def received_on(self) -> date:
        """The legal day of receipt."""
        return day_of(self.received_at, self.zone)


def is_late(*, due_on: date, at: datetime, zone: str) -> bool:
    """Whether an act at ``at`` comes after the last day, which ends at 24:00 in the zone of the law."""
    return day_of(at, zone) > due_on


def opened_line(
    *,
    clock_id: int,
    case_kind: str,
    case_id: int,
    deadline: str,
    received_at: datetime,
    zone: str,
    reckoning: Reckoning,
    article: str,
    law: str,
    at: datetime,
) -> dict[str, str | bool]:
    """What the entry of an opening says; canonical."""
    return {
        "clock": str(clock_id),
        "case": f"{case_kind}:{case_id}",
        "deadline": deadline,
        "received_at": stamp(received_at),
        "zone": zone,
        **_reckoned("", reckoning),
        "article": article,
        "law": law,
        "at": stamp(at),
    }


def trace_line(clock_id: int, line: TraceLine) -> dict[str, str | bool]:
    """What the ledger commits to for one step; canonical."""
    return {
        "clock": str(clock_id),
        "n": str(line.n),
        "step": line.step.value,
        "at": stamp(line.at),
        **_reckoned("before_", line.before),
        **_reckoned("after_", line.after),
        "law_before": line.law_before,
        "law_after": line.law_after,
        "late": "" if line.late is None else line.late,
    }


def _reckoned(prefix: str, reckoning: Reckoning) -> dict[str, str | bool]:
    return {
        f"{prefix}starts_on": reckoning.starts_on.isoformat(),
        f"{prefix}due_on": reckoning.due_on.isoformat(),
        f"{prefix}provisional": reckoning.provisional,
    }


def trace_root(lines: list[dict[str, str | bool]]) -> str:
    """The RFC 6962 root (hex) over steps in the order of their clocks."""
    return merkle.root([leaf_hash(canonical(line)) for line in lines]).hex()
