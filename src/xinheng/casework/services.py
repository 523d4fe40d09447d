"""How does a clock start, end, and move when the law's calendar becomes known?

The law alone says until when: nobody sets a date by hand, nothing pauses a clock or starts it again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from xinheng.casework.models import Clock, ClockOpened, ClockTrace
from xinheng.casework.rules import (
    OPENED,
    RECOMPUTED,
    STOPPED,
    ClockFacts,
    Reckoning,
    Step,
    TraceLine,
    is_late,
    opened_line,
    trace_line,
    trace_root,
)
from xinheng.casework.selectors import facts_of
from xinheng.law import deadlines, explaining
from xinheng.law.pack import Pack
from xinheng.ledger.models import LawVersion
from xinheng.ledger.services import append
from xinheng.lib.errors import Conflict, NotFound
from xinheng.store import ids

PLATFORM = "platform"


@transaction.atomic
def open_clock(
    *,
    case_kind: str,
    case_id: int,
    deadline: str,
    received_at: datetime,
    pack: Pack,
    law_version: LawVersion,
    at: datetime,
) -> ClockFacts:
    """Start the clock ``deadline`` of a case at its first receipt (ZY-46, SP-25), with a ledger entry.

    Idempotent: the clock that a case already has goes on as it was, so routing and a second receipt change nothing.
    Raises `NoValueInForce` when the pack has no such deadline on the legal day of receipt, Conflict
    ``clock_received_earlier`` when the case's clock runs from a later receipt than this one.
    """
    due = deadlines.due(pack, deadline, received_at)
    fresh = Clock(
        id=ids.next_id("local"),
        case_kind=case_kind,
        case_id=case_id,
        deadline=deadline,
        received_at=received_at,
        zone=pack.zone,
        article=due.article,
        law_version=law_version,
        opened_at=at,
        **_columns(reckoned(pack, deadline, received_at)),
    )
    Clock.objects.bulk_create([fresh], ignore_conflicts=True)  # two doors at once: one of them opens it
    row = _row(case_kind, case_id, deadline)
    if row.id == fresh.id:
        _enter_opening(row, at)
    elif received_at < row.received_at:
        raise Conflict("clock_received_earlier", deadline=deadline)
    return facts_of([row])[0]


def reckoned(pack: Pack, deadline: str, received_at: datetime) -> Reckoning:
    """What a pack says of a deadline: the value of the day of receipt, the calendar as it is known now."""
    found = explaining.explain(pack, deadline, received_at)
    return Reckoning(found.starts_on, found.due.due, found.due.provisional)


def _columns(reckoning: Reckoning) -> dict[str, Any]:
    return {
        "starts_on": reckoning.starts_on,
        "due_on": reckoning.due_on,
        "provisional": reckoning.provisional,
    }


def _row(case_kind: str, case_id: int, deadline: str) -> Clock:
    """The clock of a case, locked."""
    rows = Clock.objects.select_related("law_version").select_for_update(of=("self",))
    found = rows.filter(case_kind=case_kind, case_id=case_id, deadline=deadline).first()
    if found is None:
        raise NotFound("clock_unknown", deadline=deadline)
    return found


def _enter_opening(row: Clock, at: datetime) -> None:
    begun = {name.attname: getattr(row, name.attname) for name in Clock._meta.fields}
    shared = {name: value for name, value in begun.items() if name not in ("id", "stopped_at", "late")}
    said = opened_line(
        clock_id=row.id,
        case_kind=row.case_kind,
        case_id=row.case_id,
        deadline=row.deadline,
        received_at=row.received_at,
        zone=row.zone,
        reckoning=Reckoning(row.starts_on, row.due_on, row.provisional),
        article=row.article,
        law=row.law_version.label,
        at=row.opened_at,
    )
    entry = _enter(OPENED, row.law_version, row.article, said, at)
    ClockOpened.objects.create(clock_id=row.id, entry_id=entry, **shared)


def _enter(act: str, law: LawVersion, article: str, fields: dict[str, Any], at: datetime) -> int:
    """One ledger entry about clocks; its number."""
    receipt = append(
        act=act,
        at=at,
        law=law,
        actor=PLATFORM,
        organisation="",
        channel="system",
        subject=None,
        ground={"article": article} if article else {},
        result="done",
        fields=fields,
    )
    return receipt.entry_id


@transaction.atomic
def stop_clock(*, case_kind: str, case_id: int, deadline: str, at: datetime, waited: bool = False) -> ClockFacts:
    """Stop a clock: the act was done at ``at``, in time or late, with a ledger entry. It is never computed again.

    ``waited``: the time was one that others have, such as that for opinions; nobody is late when it is over.
    Idempotent: a stopped clock stays as it was stopped. Raises NotFound ``clock_unknown``.
    """
    row = _row(case_kind, case_id, deadline)
    if row.stopped_at is None:
        row.stopped_at, row.late = at, not waited and is_late(due_on=row.due_on, at=at, zone=row.zone)
        same = Reckoning(row.starts_on, row.due_on, row.provisional)
        law = row.law_version
        line = TraceLine(_next(row.id), Step.STOPPED, at, same, same, law.label, law.label, row.late)
        entry = _enter(STOPPED, law, row.article, trace_line(row.id, line), at)
        _trace(row.id, line, law, law, entry).save(force_insert=True)
        row.save(update_fields=["stopped_at", "late"])
    return facts_of([row])[0]


def _next(clock_id: int) -> int:
    return ClockTrace.objects.filter(clock_id=clock_id).count() + 1


def _trace(clock_id: int, line: TraceLine, before: LawVersion, after: LawVersion, entry: int) -> ClockTrace:
    return ClockTrace(
        id=ids.next_id("local"),
        clock_id=clock_id,
        n=line.n,
        step=line.step.value,
        at=line.at,
        starts_before=line.before.starts_on,
        starts_after=line.after.starts_on,
        due_before=line.before.due_on,
        due_after=line.after.due_on,
        provisional_before=line.before.provisional,
        provisional_after=line.after.provisional,
        law_before=before,
        law_after=after,
        late=line.late,
        entry_id=entry,
    )


@transaction.atomic
def recompute_clocks(*, pack: Pack, law_version: LawVersion, at: datetime) -> int:
    """Compute every running clock again under the edition now in force; how many moved or became certain.

    The value that the deadline had on the day of receipt still decides, so only a calendar that became known, or was
    corrected, moves a clock. Each change leaves a line in the clock's trace; together they are one ledger entry
    ``clocks.recomputed``. Idempotent. Raises `NoValueInForce` when the edition lost the deadline of a running clock:
    such an edition cannot come into force.
    """
    running = Clock.objects.filter(stopped_at__isnull=True)
    moved = [row.id for row in running.order_by("id").iterator() if _moved(pack, row)]
    rows = running.select_related("law_version").select_for_update(of=("self",)).filter(id__in=moved).order_by("id")
    steps: list[tuple[Clock, TraceLine]] = []
    for row in rows if moved else ():
        if (after := _moved(pack, row)) is not None:
            before = Reckoning(row.starts_on, row.due_on, row.provisional)
            laws = row.law_version.label, law_version.label
            steps.append((row, TraceLine(_next(row.id), Step.RECOMPUTED, at, before, after, *laws, None)))
    if steps:
        _write_steps(steps, law_version, at)
    return len(steps)


def _moved(pack: Pack, row: Clock) -> Reckoning | None:
    """What the law says now, None when that is what the clock shows."""
    found = reckoned(pack, row.deadline, row.received_at)
    return None if found == Reckoning(row.starts_on, row.due_on, row.provisional) else found


def _write_steps(steps: list[tuple[Clock, TraceLine]], law: LawVersion, at: datetime) -> None:
    root = trace_root([trace_line(row.id, line) for row, line in steps])
    entry = _enter(RECOMPUTED, law, "", {"count": str(len(steps)), "root": root}, at)
    ClockTrace.objects.bulk_create([_trace(row.id, line, row.law_version, law, entry) for row, line in steps])
    for row, line in steps:
        for name, value in _columns(line.after).items():
            setattr(row, name, value)
        row.law_version = law
        row.save(update_fields=["starts_on", "due_on", "provisional", "law_version"])
