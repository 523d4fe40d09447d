"""Which tables keep clocks? The opening and each step are history; the clock is the present state of both.

A case need not have a subject (a draft of a catalog has none), so a clock has no subject to lead its key and could not
lie with one on a distributed PostgreSQL. Open clocks are few and are read by day across all cases, so all three tables
are local, as the batches of intake and the ledger are. None points to a case: cases belong to rooms above.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from xinheng.casework.rules import Step
from xinheng.ledger.models import LawVersion
from xinheng.store.kinds import Keeping, Placement, kept


class _Begun(models.Model):
    """What is the same in the opening and in the present state: whose clock it is, and from when time runs."""

    case_kind = models.CharField(max_length=32)
    case_id = models.BigIntegerField()
    deadline = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    zone = models.CharField(max_length=40)
    starts_on = models.DateField()
    due_on = models.DateField()
    provisional = models.BooleanField()
    article = models.CharField(max_length=64)
    law_version = models.ForeignKey(LawVersion, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        abstract = True


@kept(Keeping.PROJECTION, Placement.LOCAL)
class Clock(_Begun):
    """A clock of a case as it stands; ``stopped_at`` and ``late`` are null while it runs."""

    id = models.BigIntegerField(primary_key=True)
    stopped_at = models.DateTimeField(null=True)
    late = models.BooleanField(null=True)

    class Meta:
        db_table = "clock"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case_kind", "case_id", "deadline"], name="clock_once_for_each_case"),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, late__isnull=True)
                | Q(stopped_at__isnull=False, late__isnull=False),
                name="clock_stopped_in_time_or_late",
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("starts_on")), name="clock_ends_after_it_starts"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_on", "id"], condition=Q(stopped_at__isnull=True), name="clock_running_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.case_kind}:{self.case_id} {self.deadline}"


@kept(Keeping.HISTORY, Placement.LOCAL)
class ClockOpened(_Begun):
    """How a clock was opened, with the ledger entry that binds it."""

    clock_id = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField()

    class Meta:
        db_table = "clock_opened"

    def __str__(self) -> str:
        return str(self.clock_id)


@kept(Keeping.HISTORY, Placement.LOCAL)
class ClockTrace(models.Model):
    """A step of a clock: computed again under another edition of the law, or stopped. ``late`` only when stopped."""

    id = models.BigIntegerField(primary_key=True)
    clock_id = models.BigIntegerField()
    n = models.IntegerField()
    step = models.CharField(max_length=12)
    at = models.DateTimeField()
    starts_before = models.DateField()
    starts_after = models.DateField()
    due_before = models.DateField()
    due_after = models.DateField()
    provisional_before = models.BooleanField()
    provisional_after = models.BooleanField()
    law_before = models.ForeignKey(LawVersion, models.PROTECT, related_name="+")
    law_after = models.ForeignKey(LawVersion, models.PROTECT, related_name="+")
    late = models.BooleanField(null=True)
    entry_id = models.BigIntegerField()

    class Meta:
        db_table = "clock_trace"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["clock_id", "n"], name="clock_trace_in_order"),
            models.CheckConstraint(
                condition=Q(step=Step.STOPPED.value, late__isnull=False)
                | Q(step=Step.RECOMPUTED.value, late__isnull=True),
                name="clock_trace_step_known",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["entry_id"], name="clock_trace_of_entry")]

    def __str__(self) -> str:
        return f"{self.clock_id}/{self.n}"
