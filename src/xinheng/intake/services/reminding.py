"""Who is reminded of what, and when does a reminder end? (INT-2; ZY-33, SP-8)

Once for the rows of a batch with one last day in each stage: the table itself refuses a second one, so that two
workers may sweep at once. A reminder ends by itself when its cause is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count

from xinheng.intake.models import BatchState, IntakeReminder, IntakeRow
from xinheng.intake.rules.quality import NEAR, WAITING_LONG, Cause, Kind, Outcome, Stage, outcome
from xinheng.intake.rules.verdicts import RowState
from xinheng.law.calendar import add_workdays
from xinheng.law.pack import Pack
from xinheng.lib.clock import day_of
from xinheng.store import ids
from xinheng.store.guard import across_subjects


@transaction.atomic
def remind(*, at: datetime, pack: Pack) -> int:
    """Make the reminders that are missing and end those whose cause is gone; how many it made or ended. Idempotent."""
    today = day_of(at, pack.zone)
    near = add_workdays(pack, today, NEAR)[-1].date
    causes = {cause.due: cause for cause in (*_returned(near), *_waiting(pack, today))}
    wanted = {due: stage for due, cause in causes.items() if (stage := cause.stage(today=today, near=near))}
    ended = 0
    for one in IntakeReminder.objects.select_for_update(skip_locked=True).filter(ended_at__isnull=True).order_by("id"):
        became = outcome(due=(Kind(one.kind), one.batch_id, one.due_on), stage=Stage(one.stage), wanted=wanted)
        if became is not None:
            ended += _end(one, became, at)
    return ended + _make([(causes[due], stage) for due, stage in wanted.items()], at)


def _end(one: IntakeReminder, became: Outcome, at: datetime) -> int:
    return IntakeReminder.objects.filter(pk=one.pk, ended_at__isnull=True).update(ended_at=at, outcome=became.value)


def _make(wanted: list[tuple[Cause, Stage]], at: datetime) -> int:
    """Write those that were never made; what another worker writes at the same time is written once."""
    keys = {(cause.kind.value, cause.batch_id, cause.due_on, stage.value): cause for cause, stage in wanted}
    batches = {cause.batch_id for cause in keys.values()}
    made = IntakeReminder.objects.filter(batch_id__in=batches).values_list("kind", "batch_id", "due_on", "stage")
    missing = [key for key in keys if key not in set(made)]
    fresh = [
        IntakeReminder(
            id=number, provider_id=keys[key].provider_id, batch_id=key[1], kind=key[0], stage=key[3], due_on=key[2],
            rows=keys[key].rows, created_at=at,
        )
        for number, key in zip(ids.take("local", len(missing)), missing, strict=True)
    ]  # fmt: skip
    IntakeReminder.objects.bulk_create(fresh, ignore_conflicts=True)
    return IntakeReminder.objects.filter(pk__in=[one.pk for one in fresh]).count() if fresh else 0


@across_subjects("rows that went back and whose last day is near or past, by a partial index, counted")
def _returned(near: date) -> list[Cause]:
    rows = IntakeRow.objects.filter(state=RowState.RETURNED.value, followed_in__isnull=True, due_on__lte=near)
    found = rows.filter(batch__state=BatchState.CLOSED).values_list("batch_id", "batch__provider_id", "due_on")
    counted = found.annotate(n=Count("id")).order_by()
    return [Cause(Kind.RETURNED, batch, provider, due, n) for batch, provider, due, n in counted if due]


@across_subjects("batches with rows that wait for a second person, by a partial index, counted")
def _waiting(pack: Pack, today: date) -> Iterator[Cause]:
    rows = IntakeRow.objects.filter(state=RowState.WAITING.value, batch__state=BatchState.CLOSED)
    found = rows.values_list("batch_id", "batch__provider_id", "batch__received_at").annotate(n=Count("id")).order_by()
    for batch, provider, received, n in found:
        due = add_workdays(pack, day_of(received, pack.zone), WAITING_LONG)[-1].date
        if due < today:
            yield Cause(Kind.WAITING, batch, provider, due, n)


def note_seen(*, provider_id: int, account_id: int, at: datetime) -> int:
    """Keep that somebody of a provider has read the reminders that stand; how many were new to it."""
    found = IntakeReminder.objects.filter(provider_id=provider_id, ended_at__isnull=True, seen_at__isnull=True)
    return found.update(seen_at=at, seen_by=account_id)
