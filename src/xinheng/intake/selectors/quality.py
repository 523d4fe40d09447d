"""How does each provider report, item by item and month by month? (INT-2)

One function gives the figures: pages, file and command show what `report` says, a provider's own page the same lines
as the competent department's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import reduce
from operator import add
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from xinheng.accounts.selectors import organisations
from xinheng.intake.models import BatchState, IntakeBatch, IntakeFinding, IntakeReminder
from xinheng.intake.rules.places import finding_place
from xinheng.intake.rules.quality import Kind, Measure, Month, Outcome, Share, Stage, Sums
from xinheng.intake.rules.verdicts import WEIGHTS, Weight
from xinheng.intake.selectors.returned import legal_day, unmended
from xinheng.lib.freetext import guarded
from xinheng.store import crypto
from xinheng.store.guard import across_subjects
from xinheng.ui import city

_NOTES = [code for code, weight in WEIGHTS.items() if weight is Weight.NOTE]
_SUMS = ("timely", "late", "first_sent", "complete", "judged", "faultless")
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A provider's figures for an item in a month, beside those of the month before.

    ``last_on``: the legal day of its newest batch; ``open``: rows that went back, ever, and have not come again.
    """

    provider_id: int
    code: str
    name_zh: str
    name_en: str
    item_code: str
    batches: int
    now: Sums
    before: Sums
    last_on: date | None
    open: int

    def share(self, measure: Measure) -> Share:
        """What is measured of this month."""
        return self.now.of(measure)


@dataclass(frozen=True, slots=True)
class Fault:
    """A reason why rows were not taken in as they came: ``rows`` of them, and how it was said of the newest one."""

    code: str
    field: str
    rows: int
    params: dict[str, str]


@dataclass(frozen=True, slots=True)
class ReminderView:
    """A reminder as provider and department see it."""

    reminder_id: int
    provider_id: int
    provider: str
    batch_id: int
    file_name: str
    item_code: str
    kind: Kind
    stage: Stage
    due_on: date
    rows: int
    created_at: datetime
    seen_at: datetime | None
    ended_at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True)
class ReminderSums:
    """The reminders of a provider of one kind. ``first_due``: the first last day of those that stand; ``last_at``:
    when the newest was made.
    """

    name_zh: str
    name_en: str
    kind: Kind
    made: int
    done: int
    standing: int
    unseen: int
    first_due: date | None
    last_at: datetime


def _received(since: Month, until: Month, provider_id: int | None) -> QuerySet[IntakeBatch]:
    """The closed batches from the first day of a month to the last of another, of one provider or of all."""
    zone = ZoneInfo(city.pack().zone)
    start, end = (datetime.combine(month.first, time(), zone) for month in (since, until.next))
    found = IntakeBatch.objects.filter(state=BatchState.CLOSED, received_at__gte=start, received_at__lt=end)
    return found if provider_id is None else found.filter(provider_id=provider_id)


@across_subjects("sums of batches by provider, item and month: no row of a batch is read")
def sums(
    *, since: Month, until: Month, provider_id: int | None = None
) -> dict[tuple[int, str, Month], tuple[int, Sums]]:
    """(provider, item, month) → (batches, sums), for the months in which something was received."""
    days = _received(since, until, provider_id).annotate(day=legal_day())
    totals = {name: Sum(name) for name in _SUMS}
    found: dict[tuple[int, str, Month], tuple[int, Sums]] = {}
    by_day = days.values("provider_id", "item_code", "day").annotate(batches=Count("id"), **totals).order_by()
    for one in by_day:
        key = (one["provider_id"], one["item_code"], Month.of(one["day"]))
        batches, before = found.get(key, (0, Sums()))
        found[key] = batches + one["batches"], before + Sums(*_counts(one))
    return found


def _counts(one: Mapping[str, Any]) -> list[int]:
    return [one[name] for name in _SUMS]


@across_subjects("the day of the newest batch of each provider and item")
def _last_days(provider_id: int | None) -> dict[tuple[int, str], date]:
    found = IntakeBatch.objects.filter(state=BatchState.CLOSED)
    found = found if provider_id is None else found.filter(provider_id=provider_id)
    newest = found.values_list("provider_id", "item_code").annotate(last=Max(legal_day())).order_by()
    return {(provider, item): last for provider, item, last in newest}


def report(*, month: Month, provider_id: int | None = None) -> list[Line]:
    """A line for each provider and each item that it has ever reported, by provider and item; of one provider or all.

    Silence is no fault: dual publicity is owed for each decision, and how many were made the platform does not know.
    """
    counted = sums(since=month.back(1), until=month, provider_id=provider_id)
    named = {body.id: body for body in organisations()}
    open_ = {(provider, item): n for provider, item, n, _ in unmended()}
    lines = []
    for (provider, item), last in _last_days(provider_id).items():
        batches, now = counted.get((provider, item, month), (0, Sums()))
        _, before = counted.get((provider, item, month.back(1)), (0, Sums()))
        body = named[provider]
        lines.append(
            Line(
                provider, body.code, body.name_zh, body.name_en, item, batches, now, before, last,
                open_.get((provider, item), 0),
            )
        )  # fmt: skip
    return sorted(lines, key=lambda line: (line.code, line.item_code))


def total(sums_: Iterable[Sums]) -> Sums:
    """All of them together."""
    return reduce(add, sums_, Sums())


def months(*, provider_id: int, until: Month) -> list[tuple[Month, int, Sums]]:
    """The twelve months to ``until``, newest first: (month, batches, sums of all items)."""
    counted = sums(since=until.back(MONTHS - 1), until=until, provider_id=provider_id)
    told = []
    for month in (until.back(n) for n in range(MONTHS)):
        here = [value for key, value in counted.items() if key[2] == month]
        told.append((month, sum(batches for batches, _ in here), total(one for _, one in here)))
    return told


@across_subjects("a provider's own findings, counted by code and field over its batches of some months")
def faults(*, provider_id: int, since: Month, until: Month, limit: int = 5) -> list[Fault]:
    """Why rows of a provider were not taken in as they came, the most frequent first."""
    batches = _received(since, until, provider_id).values("id")
    found = IntakeFinding.objects.filter(row__batch__in=batches).exclude(code__in=_NOTES)
    counted = found.values_list("code", "field").annotate(n=Count("row", distinct=True), newest=Max("id"))
    told = list(counted.order_by("-n", "code", "field")[:limit])
    said = dict(IntakeFinding.objects.filter(id__in=[one[3] for one in told]).values_list("id", "sealed"))
    return [Fault(code, field, n, _params(newest, said[newest])) for code, field, n, newest in told]


def _params(finding_id: int, sealed: bytes | memoryview | None) -> dict[str, str]:
    if sealed is None:
        return {}
    opened: dict[str, str] = orjson.loads(crypto.unseal(bytes(sealed), aad=finding_place(finding_id)))
    return {name: guarded(text) for name, text in opened.items()}


@across_subjects("reminders that stand, or the newest ones, by index, limited")
def reminders(
    *, provider_id: int | None = None, kinds: Iterable[Kind] = Kind, standing: bool = True, limit: int = 200
) -> list[ReminderView]:
    """Reminders of one provider or of all: those that stand, the earliest last day first; or the newest, whatever
    became of them.
    """
    found = IntakeReminder.objects.filter(kind__in=[*kinds]).select_related("provider", "batch")
    found = found if provider_id is None else found.filter(provider_id=provider_id)
    if standing:
        found = found.filter(ended_at__isnull=True).order_by("due_on", "id")
    else:
        found = found.order_by("-created_at", "-id")
    return [
        ReminderView(
            one.id, one.provider_id, one.provider.name_zh, one.batch_id, one.batch.file_name, one.batch.item_code,
            Kind(one.kind), Stage(one.stage), one.due_on, one.rows, one.created_at, one.seen_at, one.ended_at,
            one.outcome,
        )
        for one in found[:limit]
    ]  # fmt: skip


@across_subjects("all reminders, counted by provider and kind")
def reminder_sums() -> list[ReminderSums]:
    """What each provider was reminded of and what came of it, by provider and kind."""
    counted = IntakeReminder.objects.values_list("provider__code", "provider__name_zh", "provider__name_en", "kind")
    standing = Q(ended_at__isnull=True)
    found = counted.annotate(
        made=Count("id"),
        done=Count("id", filter=Q(outcome=Outcome.DONE.value)),
        standing=Count("id", filter=standing),
        unseen=Count("id", filter=standing & Q(seen_at__isnull=True)),
        first=Min("due_on", filter=standing),
        last=Max("created_at"),
    ).order_by("provider__code", "kind")
    return [ReminderSums(name_zh, name_en, Kind(kind), *rest) for _, name_zh, name_en, kind, *rest in found]


@across_subjects("how many reminders of a provider stand, by a partial index")
def reminded(*, provider_id: int, kinds: Iterable[Kind]) -> tuple[int, int, date | None]:
    """(reminders that stand, the rows they speak of, the first last day)."""
    found = IntakeReminder.objects.filter(provider_id=provider_id, ended_at__isnull=True, kind__in=[*kinds])
    rows = list(found.values_list("rows", "due_on"))
    return len(rows), sum(n for n, _ in rows), min((due for _, due in rows), default=None)
