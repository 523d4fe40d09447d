"""The credit record: history (`record_version`), content (`record_content`) and projection (`record`).

History is only added to. Content is the only table of a record from which a row may go. The projection can be
computed again from history. All lead with ``subject_id`` and refer to one another through composite keys; the SQL
foreign keys stand in the migration that creates the tables.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from xinheng.accounts.models import Organisation
from xinheng.catalog.models import CatalogItemVersion
from xinheng.law.enums import SubjectKind
from xinheng.ledger.models import LawVersion
from xinheng.records.rules import SNAPSHOT_FIELDS, Act, RecordState, Snapshot, Version
from xinheng.store.kinds import Keeping, Placement, kept
from xinheng.subjects.models import Subject

PERSON = SubjectKind.NATURAL_PERSON.value
_PUBLIC_ONLY_WHILE_LIVE = Q(publicity_from__isnull=True) | Q(state__in=["active", "corrected"])


class RecordColumns(models.Model):
    """The columns of a `Snapshot`, the same in history and projection."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    subject_kind = models.CharField(max_length=24)
    item_code = models.CharField(max_length=32)
    item_version = models.ForeignKey(CatalogItemVersion, models.PROTECT, related_name="+", db_index=False)
    law_version = models.ForeignKey(LawVersion, models.PROTECT, related_name="+", db_index=False)
    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    batch_id = models.BigIntegerField()
    row = models.IntegerField()
    registered_at = models.DateTimeField()
    decided_on = models.DateField()
    state = models.CharField(max_length=12)
    publicity_from = models.DateField(null=True)
    publicity_until = models.DateField(null=True)
    use_until = models.DateField(null=True)
    retention_until = models.DateField(null=True)
    severity = models.CharField(max_length=16, blank=True)
    severity_suggested = models.BooleanField(default=False)
    disputed = models.BooleanField(default=False)
    as_minor = models.BooleanField(default=False)
    person_statute = models.CharField(max_length=64, blank=True)
    cause = models.CharField(max_length=64, blank=True)
    content_id = models.BigIntegerField()
    content_commit = models.BinaryField(max_length=32)

    class Meta:
        abstract = True

    def snapshot(self, record_id: int) -> Snapshot:
        """The frozen form of these columns."""
        values = {name: getattr(self, name) for name in SNAPSHOT_FIELDS if name != "record_id"}
        values["state"] = RecordState(self.state)
        values["content_commit"] = bytes(self.content_commit)
        return Snapshot(record_id=record_id, **values)


def _checks(table: str) -> list[models.BaseConstraint]:
    """What the database refuses in both tables."""
    return [
        models.CheckConstraint(condition=Q(state__in=[s.value for s in RecordState]), name=f"{table}_state_known"),
        models.CheckConstraint(
            condition=Q(publicity_until__isnull=True)
            | (Q(publicity_from__isnull=False) & Q(publicity_until__gt=F("publicity_from"))),
            name=f"{table}_publicity_half_open",
        ),
        models.CheckConstraint(condition=_PUBLIC_ONLY_WHILE_LIVE, name=f"{table}_public_while_live"),
        models.CheckConstraint(
            condition=~Q(subject_kind=PERSON)
            | Q(publicity_from__isnull=True)
            | (~Q(person_statute="") & Q(as_minor=False)),
            name=f"{table}_person_public_by_statute",
        ),
    ]


@kept(Keeping.PROJECTION, Placement.DISTRIBUTED)
class Record(RecordColumns):
    """The present state of a record. ``version_n`` counts its history."""

    pk = models.CompositePrimaryKey("subject_id", "id")
    id = models.BigIntegerField()
    version_n = models.IntegerField()

    class Meta:
        db_table = "record"
        constraints: ClassVar[list[models.BaseConstraint]] = _checks("record")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["item_code", "publicity_from", "id"],
                name="record_public_list",
                condition=Q(publicity_from__isnull=False),
            ),
            models.Index(
                fields=["item_code", "provider", "publicity_from", "id"],
                name="record_public_list_of",
                condition=Q(publicity_from__isnull=False),
            ),
            models.Index(fields=["use_until"], name="record_use_end", condition=Q(state__in=["active", "corrected"])),
            models.Index(fields=["retention_until"], name="record_retention_end", condition=~Q(state="erased")),
        ]


@kept(Keeping.HISTORY, Placement.DISTRIBUTED)
class RecordVersion(RecordColumns):
    """One act on a record and the record after it. ``entry_id`` is the ledger entry that binds it."""

    pk = models.CompositePrimaryKey("subject_id", "id")
    id = models.BigIntegerField()
    record_id = models.BigIntegerField()
    record = models.ForeignObject(
        Record,
        models.PROTECT,
        from_fields=["subject_id", "record_id"],
        to_fields=["subject_id", "id"],
        related_name="versions",
    )
    n = models.IntegerField()
    act = models.CharField(max_length=12)
    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    organisation = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    article = models.CharField(max_length=64)
    entry_id = models.BigIntegerField()

    class Meta:
        db_table = "record_version"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *_checks("record_version"),
            models.CheckConstraint(condition=Q(act__in=[a.value for a in Act]), name="record_version_act_known"),
            models.CheckConstraint(condition=Q(act="registered") | ~Q(reason=""), name="record_version_reasoned"),
            models.UniqueConstraint(fields=["subject", "record_id", "n"], name="record_version_n_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["entry_id"], name="record_version_entry")]

    def version(self) -> Version:
        """The frozen form of this row."""
        return Version(
            self.id, self.n, Act(self.act), self.at, self.actor, self.organisation, self.reason, self.article,
            self.snapshot(self.record_id),
        )  # fmt: skip


@kept(Keeping.CONTENT, Placement.DISTRIBUTED)
class RecordContent(models.Model):
    """The content a version brought, and its salt. ``body``: canonical JSON, personal fields empty; ``personal``:
    sealed JSON.
    """

    pk = models.CompositePrimaryKey("subject_id", "id")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    id = models.BigIntegerField()
    version = models.ForeignObject(
        RecordVersion,
        models.PROTECT,
        from_fields=["subject_id", "id"],
        to_fields=["subject_id", "id"],
        related_name="content",
    )
    record_id = models.BigIntegerField()
    body = models.TextField()
    personal = models.BinaryField(null=True)
    salt = models.BinaryField(max_length=32)

    class Meta:
        db_table = "record_content"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject", "record_id"], name="record_content_record")
        ]


@kept(Keeping.LOOKUP, Placement.KEY_LOOKUP)
class RecordKey(models.Model):
    """Keyed digest of the natural key (item, document number, counterpart, authority) leads to the record it
    registered.
    """

    key = models.CharField(max_length=100, primary_key=True)
    subject_id = models.BigIntegerField()
    record_id = models.BigIntegerField()

    class Meta:
        db_table = "record_key"
