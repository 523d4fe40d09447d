"""Does every clock show what its opening and its trace say, and are these what the ledger says?

Registered with `ledger verify`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from xinheng.accounts.checks import compared
from xinheng.casework.models import Clock, ClockOpened, ClockTrace
from xinheng.casework.rules import (
    OPENED,
    RECOMPUTED,
    STOPPED,
    Reckoning,
    Step,
    opened_line,
    trace_line,
    trace_root,
)
from xinheng.casework.selectors import line_of
from xinheng.ledger.verify import Damage, Finding, Tally, Verification
from xinheng.lib.clock import stamp

CHUNK = 2000
NOTHING: tuple[int, Mapping[str, Any]] = (0, {})


def check_clocks(verification: Verification) -> Iterator[Finding]:
    """Every clock follows from its history, and the history from the ledger. One CheckResult ``clocks``, counting."""
    tally = Tally("clocks")
    yield from _openings(tally, verification)
    yield from _stops(tally, verification)
    yield from _recomputed(tally, verification)
    yield from _projection(tally)
    yield tally.result()


def _said(verification: Verification, act: str) -> dict[int, Mapping[str, Any]]:
    """Entry -> what it says."""
    return {entry: body["fields"] for entry, body in verification.bodies(act) if body is not None}


def _openings(tally: Tally, verification: Verification) -> Iterator[Damage]:
    said = {str(fields["clock"]): (entry, fields) for entry, fields in _said(verification, OPENED).items()}
    for row in ClockOpened.objects.select_related("law_version").order_by("clock_id").iterator(chunk_size=CHUNK):
        tally.count += 1
        entry, stated = said.pop(str(row.clock_id), NOTHING)
        found = opened_line(
            clock_id=row.clock_id,
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
        yield from compared(tally, "clock_opened", stated, found, entry)
    for clock, (entry, _) in said.items():
        yield tally.damage("clock_opened_missing", "clock_opened", expected=clock, found="none", entry=entry)


def _stops(tally: Tally, verification: Verification) -> Iterator[Damage]:
    said = _said(verification, STOPPED)
    steps = ClockTrace.objects.select_related("law_before", "law_after").filter(step=Step.STOPPED.value)
    for row in steps.order_by("id").iterator(chunk_size=CHUNK):
        found = trace_line(row.clock_id, line_of(row))
        yield from compared(tally, "clock_trace", said.pop(row.entry_id, {}), found, row.entry_id)
    for entry, fields in said.items():
        yield tally.damage("clock_trace_missing", "clock_trace", expected=fields["clock"], found="none", entry=entry)


def _recomputed(tally: Tally, verification: Verification) -> Iterator[Damage]:
    """The steps of each recomputation give the root that its entry names."""
    said = _said(verification, RECOMPUTED)
    steps = ClockTrace.objects.select_related("law_before", "law_after").filter(step=Step.RECOMPUTED.value)
    rows = steps.order_by("entry_id", "clock_id").iterator(chunk_size=CHUNK)
    for entry, group in groupby(rows, key=lambda row: row.entry_id):
        lines = [trace_line(row.clock_id, line_of(row)) for row in group]
        found = {"count": str(len(lines)), "root": trace_root(lines)}
        yield from compared(tally, "clock_trace", said.pop(entry, {}), found, entry)
    for entry, fields in said.items():
        yield tally.damage("clock_trace_missing", "clock_trace", expected=fields["count"], found="none", entry=entry)


def _projection(tally: Tally) -> Iterator[Damage]:
    """Each clock is its opening with the last step of its trace, and each step begins where the one before ended."""
    openings = {row.clock_id: row for row in ClockOpened.objects.select_related("law_version").iterator(CHUNK)}
    traces: dict[int, list[ClockTrace]] = defaultdict(list)
    steps = ClockTrace.objects.select_related("law_before", "law_after").order_by("clock_id", "n")
    for step in steps.iterator(chunk_size=CHUNK):
        traces[step.clock_id].append(step)
    for row in Clock.objects.select_related("law_version").order_by("id").iterator(chunk_size=CHUNK):
        opening = openings.pop(row.id, None)
        if opening is None:
            yield tally.damage("clock_without_opening", "clock", expected="an opening", found=row.id)
            continue
        yield from _chain(tally, opening, traces.get(row.id, []))
        yield from compared(tally, "clock", _expected(opening, traces.get(row.id, [])), _shown(row), opening.entry_id)
    for clock_id, opening in openings.items():
        yield tally.damage("clock_missing", "clock", expected=clock_id, found="none", entry=opening.entry_id)


def _chain(tally: Tally, opening: ClockOpened, steps: list[ClockTrace]) -> Iterator[Damage]:
    last = Reckoning(opening.starts_on, opening.due_on, opening.provisional)
    law = opening.law_version.label
    for n, step in enumerate(steps, start=1):
        line = line_of(step)
        ended = n > 1 and steps[n - 2].step == Step.STOPPED.value
        if (line.n, line.before, line.law_before) != (n, last, law) or ended:
            yield tally.damage("clock_trace_broken", "clock_trace", expected=n, found=line.n, entry=step.entry_id)
        last, law = line.after, line.law_after


def _expected(opening: ClockOpened, steps: list[ClockTrace]) -> dict[str, Any]:
    """The clock as its history says."""
    last = line_of(steps[-1]) if steps else None
    after = last.after if last else Reckoning(opening.starts_on, opening.due_on, opening.provisional)
    stopped = last is not None and last.step is Step.STOPPED
    return {
        **_same(opening),
        "starts_on": str(after.starts_on),
        "due_on": str(after.due_on),
        "provisional": after.provisional,
        "law_version": last.law_after if last else opening.law_version.label,
        "stopped_at": stamp(last.at) if last and stopped else "",
        "late": last.late if last and stopped else None,
    }


def _shown(row: Clock) -> dict[str, Any]:
    """The clock as it stands, in the words of `_expected`."""
    return {
        **_same(row),
        "starts_on": str(row.starts_on),
        "due_on": str(row.due_on),
        "provisional": row.provisional,
        "law_version": row.law_version.label,
        "stopped_at": stamp(row.stopped_at) if row.stopped_at else "",
        "late": row.late,
    }


def _same(row: Clock | ClockOpened) -> dict[str, Any]:
    """What never changes."""
    return {
        "case": f"{row.case_kind}:{row.case_id}",
        "deadline": row.deadline,
        "received_at": stamp(row.received_at),
        "zone": row.zone,
        "article": row.article,
        "opened_at": stamp(row.opened_at),
    }
