"""Subjects, the keys they are found by, the encrypted identities of persons, and names over time.

`Subject` leads every subject-owned table (`subject_id`). A natural person's row holds no name and no code: the
database refuses it (INV-4). Guards "no person is evaluated" and "no person is published by accident" hang on
``UNIQUE (id, kind)``: rows of other rooms copy the kind through a foreign key and check it.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from xinheng.law.enums import SubjectKind
from xinheng.ledger.models import LawVersion
from xinheng.store.kinds import Keeping, Placement, kept
from xinheng.subjects.rules import Capacity, SubjectFacts

PERSON = SubjectKind.NATURAL_PERSON.value


@kept(Keeping.PROJECTION, Placement.DISTRIBUTED)
class Subject(models.Model):
    """One credit subject. ``name_key`` sorts names by pinyin; ``tag`` (16 random bytes) stands for the subject in
    the ledger.
    """

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=24)
    name = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=18, blank=True)
    name_key = models.CharField(max_length=800, blank=True)
    tag = models.BinaryField(max_length=16)
    frozen = models.BooleanField(default=False)
    law_version = models.ForeignKey(LawVersion, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "subject"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["id", "kind"], name="subject_id_kind"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in SubjectKind]), name="subject_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind=PERSON) | Q(name="", code="", name_key=""), name="subject_person_has_no_open_name"
            ),
            models.CheckConstraint(condition=Q(kind=PERSON) | ~Q(code=""), name="subject_organisation_has_code"),
        ]

    def facts(self) -> SubjectFacts:
        """The frozen facts of this row."""
        return SubjectFacts(self.id, SubjectKind(self.kind), self.name, self.code, bytes(self.tag), self.frozen)


@kept(Keeping.LOOKUP, Placement.KEY_LOOKUP)
class SubjectKey(models.Model):
    """``uscc:<code>``, ``org:<code>``, ``id:<digest>`` or ``doc:<digest>`` leads to one subject."""

    key = models.CharField(max_length=100, primary_key=True)
    subject_id = models.BigIntegerField()

    class Meta:
        db_table = "subject_key"


@kept(Keeping.CONTENT, Placement.DISTRIBUTED)
class SubjectIdentity(models.Model):
    """A person's name or identifier, encrypted. The newest name is the one shown."""

    pk = models.CompositePrimaryKey("subject_id", "id")
    id = models.BigIntegerField()
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="identities", db_index=False)
    kind = models.CharField(max_length=8)
    sealed = models.BinaryField()

    class Meta:
        db_table = "subject_identity"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(kind__in=["id", "doc", "name"]), name="subject_identity_kind_known")
        ]


@kept(Keeping.HISTORY, Placement.DISTRIBUTED)
class SubjectName(models.Model):
    """A name an organisation was seen under, from a day on. Persons have none here: their kind is copied and
    refused.
    """

    pk = models.CompositePrimaryKey("subject_id", "id")
    id = models.BigIntegerField()
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="names", db_index=False)
    subject_kind = models.CharField(max_length=24)
    name = models.CharField(max_length=200)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    source = models.CharField(max_length=100, blank=True)

    class Meta:
        db_table = "subject_name"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(subject_kind=PERSON), name="subject_name_organisations_only"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gt=models.F("from_on")), name="subject_name_half_open"
            ),
        ]


@kept(Keeping.LOOKUP, Placement.DISTRIBUTED)
class SubjectSpelling(models.Model):
    """A name of an organisation, present or former, as everybody may search it; persons have none.

    ``name`` is what may be shown (an operator's name starred), ``plain`` the same for comparing, ``pairs`` its
    characters two by two, ``latin`` its pinyin and after a space the first letters. A projection of `SubjectName`.
    """

    pk = models.CompositePrimaryKey("subject_id", "id")
    id = models.BigIntegerField()
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    subject_kind = models.CharField(max_length=24)
    present = models.BooleanField()
    name = models.CharField(max_length=200)
    plain = models.CharField(max_length=200)
    pairs = ArrayField(models.CharField(max_length=2))
    latin = models.CharField(max_length=1100)

    class Meta:
        db_table = "subject_spelling"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(subject_kind=PERSON), name="subject_spelling_organisations_only")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["plain"], name="subject_spelling_begins", opclasses=["varchar_pattern_ops"]),
            GinIndex(fields=["pairs"], name="subject_spelling_holds"),
            GinIndex(fields=["latin"], name="subject_spelling_sounds", opclasses=["gin_trgm_ops"]),
        ]


@kept(Keeping.PROJECTION, Placement.DISTRIBUTED)
class SubjectAccount(models.Model):
    """An account stands for a subject, in a capacity, over a half-open period of instants."""

    pk = models.CompositePrimaryKey("subject_id", "id")
    id = models.BigIntegerField()
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="accounts", db_index=False)
    account_id = models.BigIntegerField()
    capacity = models.CharField(max_length=16)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "subject_account"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(capacity__in=[c.value for c in Capacity]), name="subject_account_capacity_known"
            ),
            models.UniqueConstraint(
                fields=["subject", "account_id", "capacity"],
                condition=Q(until_at__isnull=True),
                name="subject_account_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["account_id"], name="subject_account_of")]


@kept(Keeping.LOCAL, Placement.LOCAL)
class UnlinkRequest(models.Model):
    """Somebody of a file asks the competent department to end a link. It binds nobody: the end is the link's own entry,
    a refusal has one in ``entry_id``.
    """

    id = models.BigIntegerField(primary_key=True)
    subject_id = models.BigIntegerField(db_index=True)
    link_id = models.BigIntegerField()
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=500, blank=True)
    entry_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "unlink_request"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["link_id"], condition=Q(decided_at__isnull=True), name="unlink_request_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="unlink_request_reasoned"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, refusal="", entry_id__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="unlink_request_decided_whole",
            ),
        ]


@kept(Keeping.LOOKUP, Placement.KEY_LOOKUP)
class AccountSubject(models.Model):
    """Leads from an account to its own file."""

    account_id = models.BigIntegerField(primary_key=True)
    subject_id = models.BigIntegerField()

    class Meta:
        db_table = "account_subject"


@kept(Keeping.CONTENT, Placement.LOCAL)
class SubjectVerification(models.Model):
    """That an account was verified: by whom, at which level, when. Who it was stays with the verifier: kept is a keyed
    digest of the account there (``holder_digest``), by which the same person comes back to the same account.

    ``subject_id``: the file that was found, null when nothing was on file. The newest row of an account holds.
    """

    id = models.BigIntegerField(primary_key=True)
    account_id = models.BigIntegerField(db_index=True)
    verifier = models.CharField(max_length=200)
    holder_digest = models.CharField(max_length=80, db_index=True)
    scheme = models.CharField(max_length=8)
    level = models.CharField(max_length=200)
    at = models.DateTimeField()
    subject_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "subject_verification"
