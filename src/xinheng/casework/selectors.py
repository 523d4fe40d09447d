"""Which clocks run, until when, and how did each come to its day?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from xinheng.casework.models import Clock, ClockTrace
from xinheng.casework.rules import ClockFacts, Reckoning, Step, TraceLine


def clocks(*, case_kind: str, case_id: int) -> tuple[ClockFacts, ...]:
    """All clocks of a case with their traces, in the order in which they were opened; none when it has none."""
    rows = Clock.objects.select_related("law_version").filter(case_kind=case_kind, case_id=case_id)
    return facts_of(rows.order_by("opened_at", "id"))


def clocks_of(*, case_kind: str, case_ids: Iterable[int]) -> dict[int, tuple[ClockFacts, ...]]:
    """The clocks of several cases of one kind, by case; a case without a clock is absent."""
    rows = Clock.objects.select_related("law_version").filter(case_kind=case_kind, case_id__in=list(case_ids))
    found: dict[int, list[ClockFacts]] = defaultdict(list)
    for facts in facts_of(rows.order_by("opened_at", "id")):
        found[facts.case_id].append(facts)
    return {case: tuple(clocks) for case, clocks in found.items()}


def open_clocks(*, due_by: date | None) -> tuple[ClockFacts, ...]:
    """The clocks that run, the most urgent first; with ``due_by`` only those whose last day is that day or before."""
    rows = Clock.objects.select_related("law_version").filter(stopped_at__isnull=True)
    if due_by is not None:
        rows = rows.filter(due_on__lte=due_by)
    return facts_of(rows.order_by("due_on", "id"))


def facts_of(rows: Iterable[Clock]) -> tuple[ClockFacts, ...]:
    """Clocks as facts, their traces read in one question. The rows come with their law version."""
    found = list(rows)
    traces: dict[int, list[TraceLine]] = defaultdict(list)
    steps = ClockTrace.objects.select_related("law_before", "law_after")
    for step in steps.filter(clock_id__in=[row.id for row in found]).order_by("clock_id", "n"):
        traces[step.clock_id].append(line_of(step))
    return tuple(_facts(row, tuple(traces[row.id])) for row in found)


def line_of(step: ClockTrace) -> TraceLine:
    """A step of a trace as it stands in its row."""
    return TraceLine(
        n=step.n,
        step=Step(step.step),
        at=step.at,
        before=Reckoning(step.starts_before, step.due_before, step.provisional_before),
        after=Reckoning(step.starts_after, step.due_after, step.provisional_after),
        law_before=step.law_before.label,
        law_after=step.law_after.label,
        late=step.late,
    )


def _facts(row: Clock, trace: tuple[TraceLine, ...]) -> ClockFacts:
    return ClockFacts(
        id=row.id,
        case_kind=row.case_kind,
        case_id=row.case_id,
        deadline=row.deadline,
        received_at=row.received_at,
        zone=row.zone,
        starts_on=row.starts_on,
        due_on=row.due_on,
        provisional=row.provisional,
        article=row.article,
        law=row.law_version.label,
        opened_at=row.opened_at,
        stopped_at=row.stopped_at,
        late=row.late,
        trace=trace,
    )
