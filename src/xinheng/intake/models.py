"""Batches as received: the file in encrypted pieces, one row for each record of it, contents and findings apart.

Of a row returned under INV-2, INV-5, INV-9 or SUB-1 nothing is here but its number, its reason and the article: no
content row, no params of a finding, and blanks in the kept file.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from xinheng.accounts.models import Organisation
from xinheng.catalog.models import CatalogItemVersion
from xinheng.intake.rules.quality import Kind, Outcome, Stage
from xinheng.intake.rules.verdicts import RowState, Verdict
from xinheng.ledger.models import LawVersion
from xinheng.store.kinds import Keeping, Placement, kept


class BatchState:
    """States of a batch: received within a transaction, closed with its ledger entry, withdrawn by its sender."""

    RECEIVED = "received"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    ALL = (RECEIVED, CLOSED, WITHDRAWN)


@kept(Keeping.PROJECTION, Placement.LOCAL)
class IntakeBatch(models.Model):
    """One file of one provider for one item. ``root``: RFC 6962 root over the leaves of its rows in file order.

    ``timely`` and ``late`` count the rows that were taken in, by the frequency of the item (ZY-33, SP-8); what
    ``first_sent``, ``complete``, ``judged`` and ``faultless`` count says `xinheng.intake.rules.quality.Sums`. ``ended``
    counts the rows by which a record was withdrawn. ``mends``: the batch whose rows stand here again, mended; row k of
    `IntakeRow.mended_as` there is row k here. ``withdrawn_entry_id``: the entry by which its sender withdrew it.
    """

    id = models.BigIntegerField(primary_key=True)
    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    item_code = models.CharField(max_length=64)
    item_version = models.ForeignKey(CatalogItemVersion, models.PROTECT, related_name="+")
    law_version = models.ForeignKey(LawVersion, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    file_size = models.BigIntegerField(default=0)
    format = models.CharField(max_length=8, default="text")
    encoding = models.CharField(max_length=16)
    marked = models.BooleanField()
    row_count = models.IntegerField()
    accepted = models.IntegerField()
    review = models.IntegerField()
    rejected = models.IntegerField()
    unchanged = models.IntegerField()
    ended = models.IntegerField(default=0)
    timely = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    first_sent = models.IntegerField(default=0)
    complete = models.IntegerField(default=0)
    judged = models.IntegerField(default=0)
    faultless = models.IntegerField(default=0)
    root = models.CharField(max_length=64)
    entry_id = models.BigIntegerField(null=True)
    uploaded_by = models.BigIntegerField(null=True)
    mends = models.BigIntegerField(null=True)
    withdrawn_entry_id = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=16)

    class Meta:
        db_table = "intake_batch"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(
                    row_count=models.F("accepted")
                    + models.F("review")
                    + models.F("rejected")
                    + models.F("unchanged")
                    + models.F("ended")
                ),
                name="intake_batch_every_row_counted",
            ),
            models.CheckConstraint(condition=Q(state__in=BatchState.ALL), name="intake_batch_state_known"),
            models.CheckConstraint(
                condition=~Q(state=BatchState.CLOSED) | Q(entry_id__isnull=False), name="intake_batch_closed_has_entry"
            ),
            models.CheckConstraint(
                condition=Q(complete__lte=models.F("first_sent"), judged__lte=models.F("first_sent"))
                & Q(faultless__lte=models.F("judged"), first_sent__lte=models.F("row_count")),
                name="intake_batch_shares_of_rows",
            ),
            models.CheckConstraint(
                condition=Q(state=BatchState.WITHDRAWN, withdrawn_entry_id__isnull=False)
                | (~Q(state=BatchState.WITHDRAWN) & Q(withdrawn_entry_id__isnull=True)),
                name="intake_batch_withdrawn_has_entry",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["provider", "-received_at"], name="intake_batch_of_provider"),
            models.Index(fields=["mends"], name="intake_batch_mends", condition=Q(mends__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.id)


@kept(Keeping.HISTORY, Placement.LOCAL)
class IntakeSheet(models.Model):
    """One table of the file: how its cells are read again.

    Row numbers of the batch up to ``shift`` belong to the tables before it. ``columns``: the field code of each column,
    parted by commas, empty where it is no field.
    """

    id = models.BigIntegerField(primary_key=True)
    batch = models.ForeignKey(IntakeBatch, models.PROTECT, related_name="sheets")
    n = models.IntegerField()
    name = models.CharField(max_length=255, blank=True)
    shift = models.IntegerField()
    header_row = models.IntegerField()
    separator = models.CharField(max_length=1)
    columns = models.TextField()

    class Meta:
        db_table = "intake_sheet"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["batch", "n"], name="intake_sheet_once"),
        ]


@kept(Keeping.CONTENT, Placement.LOCAL)
class IntakeChunk(models.Model):
    """A piece of the text of a table, encrypted: UTF-8 from byte ``start`` on, whole records."""

    id = models.BigIntegerField(primary_key=True)
    batch = models.ForeignKey(IntakeBatch, models.PROTECT, related_name="chunks")
    n = models.IntegerField()
    sheet = models.IntegerField(default=0)
    start = models.BigIntegerField(default=0)
    sealed = models.BinaryField()

    class Meta:
        db_table = "intake_chunk"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["batch", "n"], name="intake_chunk_once"),
        ]


@kept(Keeping.PROJECTION, Placement.LOCAL)
class IntakeRow(models.Model):
    """One row: verdict, leaf and where it is.

    ``span_*``: its bytes in the text of its table. ``due_on``: the last day on which it was to be reported; None when
    its day of decision can't be read. ``followed_in``: the batch with which a returned row came again. ``mended_in``
    and ``mended_as``: batch and row that say this again, mended on the page.
    """

    id = models.BigIntegerField(primary_key=True)
    batch = models.ForeignKey(IntakeBatch, models.PROTECT, related_name="rows")
    row = models.IntegerField()
    verdict = models.CharField(max_length=8)
    state = models.CharField(max_length=12)
    leaf = models.BinaryField(max_length=32)
    span_from = models.IntegerField()
    span_until = models.IntegerField()
    due_on = models.DateField(null=True)
    followed_in = models.BigIntegerField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    mended_in = models.BigIntegerField(null=True)
    mended_as = models.IntegerField(null=True)

    class Meta:
        db_table = "intake_row"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["batch", "row"], name="intake_row_once"),
            models.CheckConstraint(
                condition=Q(verdict__in=[v.value for v in Verdict]), name="intake_row_verdict_known"
            ),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in RowState]), name="intake_row_state_known"),
            # What was returned or waits is never registered without a person.
            models.CheckConstraint(
                condition=~Q(state=RowState.REGISTERED.value)
                | Q(verdict=Verdict.ACCEPT.value)
                | Q(verdict=Verdict.REVIEW.value, decided_by__isnull=False),
                name="intake_row_registered_lawfully",
            ),
            # Only what was not taken is mended or taken back, and somebody did it.
            models.CheckConstraint(
                condition=Q(
                    state=RowState.MENDED.value,
                    mended_in__isnull=False,
                    mended_as__isnull=False,
                    decided_by__isnull=False,
                )
                | (~Q(state=RowState.MENDED.value) & Q(mended_in__isnull=True, mended_as__isnull=True)),
                name="intake_row_mended_has_place",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RowState.MENDED.value, RowState.DROPPED.value])
                | (~Q(verdict=Verdict.ACCEPT.value) & Q(decided_by__isnull=False)),
                name="intake_row_not_taken_before",
            ),
            models.CheckConstraint(
                condition=~Q(state=RowState.WITHDREW.value) | Q(verdict=Verdict.ACCEPT.value),
                name="intake_row_withdrew_accepted",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["id"], condition=Q(state=RowState.WAITING.value), name="intake_row_waiting"),
            models.Index(
                fields=["due_on", "batch"],
                condition=Q(state=RowState.RETURNED.value, followed_in__isnull=True),
                name="intake_row_not_mended",
            ),
            models.Index(
                fields=["mended_in", "mended_as"], condition=Q(mended_in__isnull=False), name="intake_row_mended_in"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.row}"


@kept(Keeping.CONTENT, Placement.LOCAL)
class IntakeRowContent(models.Model):
    """What a row said that no record says: salt and canonical values, encrypted.

    Absent when the row was registered at once (its record has both), must not be kept, or was erased.
    """

    row = models.OneToOneField(IntakeRow, models.PROTECT, primary_key=True, related_name="content")
    sealed = models.BinaryField()

    class Meta:
        db_table = "intake_row_content"


@kept(Keeping.CONTENT, Placement.LOCAL)
class IntakeFinding(models.Model):
    """One finding. ``sealed``: what fills its sentence, encrypted, for a wrong cell may hold anything."""

    id = models.BigIntegerField(primary_key=True)
    row = models.ForeignKey(IntakeRow, models.PROTECT, related_name="findings")
    field = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=64)
    article = models.CharField(max_length=64, blank=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        db_table = "intake_finding"


@kept(Keeping.LOOKUP, Placement.LOCAL)
class IntakeRowKey(models.Model):
    """How a row without a record is found again: by its subject while it waits (``uscc:…``, ``id:<digest>``), by its
    decision always.

    Keys that hold an identifier of a person are keyed digests.
    """

    id = models.BigIntegerField(primary_key=True)
    row = models.ForeignKey(IntakeRow, models.PROTECT, related_name="keys")
    key = models.CharField(max_length=160, db_index=True)

    class Meta:
        db_table = "intake_row_key"


@kept(Keeping.PROJECTION, Placement.LOCAL)
class IntakeReminder(models.Model):
    """A provider was reminded of rows of a batch that have one last day: once in each stage.

    ``rows``: how many there were then. It tells no content: which rows they are is asked when it is shown.
    """

    id = models.BigIntegerField(primary_key=True)
    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    batch = models.ForeignKey(IntakeBatch, models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=8)
    stage = models.CharField(max_length=8)
    due_on = models.DateField()
    rows = models.IntegerField()
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)

    class Meta:
        db_table = "intake_reminder"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["batch", "kind", "due_on", "stage"], name="intake_reminder_once"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in Kind]), name="intake_reminder_kind_known"),
            models.CheckConstraint(condition=Q(stage__in=[s.value for s in Stage]), name="intake_reminder_stage_known"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="")
                | Q(ended_at__isnull=False, outcome__in=[o.value for o in Outcome]),
                name="intake_reminder_ends_with_an_outcome",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["provider", "due_on"], condition=Q(ended_at__isnull=True), name="intake_reminder_standing"
            ),
            models.Index(fields=["-created_at"], name="intake_reminder_newest"),
        ]


class WithdrawalState:
    """States of a proposal to withdraw a batch."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    ALL = (PROPOSED, CONFIRMED, REFUSED)


@kept(Keeping.PROJECTION, Placement.LOCAL)
class IntakeWithdrawal(models.Model):
    """A proposal of its sender to withdraw a whole batch, and what a second person made of it.

    ``entry_id``: the entry of the proposal; ``decided_entry_id``: that of the decision.
    """

    id = models.BigIntegerField(primary_key=True)
    batch = models.ForeignKey(IntakeBatch, models.PROTECT, related_name="withdrawals")
    state = models.CharField(max_length=12)
    reason = models.TextField()
    proposed_by = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    entry_id = models.BigIntegerField()
    answer = models.TextField(blank=True)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_entry_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "intake_withdrawal"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(state__in=WithdrawalState.ALL), name="intake_withdrawal_state_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="intake_withdrawal_reasoned"),
            models.CheckConstraint(
                condition=Q(state=WithdrawalState.PROPOSED, decided_by__isnull=True, decided_entry_id__isnull=True)
                | (
                    ~Q(state=WithdrawalState.PROPOSED)
                    & Q(decided_by__isnull=False, decided_entry_id__isnull=False)
                    & ~Q(decided_by=models.F("proposed_by"))
                ),
                name="intake_withdrawal_second_person",
            ),
            models.UniqueConstraint(
                fields=["batch"],
                name="intake_withdrawal_once",
                condition=Q(state__in=[WithdrawalState.PROPOSED, WithdrawalState.CONFIRMED]),
            ),
        ]
