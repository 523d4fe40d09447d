"""How often was something public looked at, who is party of a case, and which queries does the log hold?

Counts per item and hour, without the visitor (INV-3). Parties bound the questions about persons in one case. Lines of
the log of queries, read out of the bodies of its entries so that an auditor can look for one; they can be rebuilt at
any time and go when the content of the entry goes (QRY-5).
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from xinheng.store.kinds import Keeping, Placement, kept


@kept(Keeping.LOCAL, Placement.LOCAL)
class PublicCount(models.Model):
    """Public answers for one item in one hour. ``shard`` spreads writers; ``entry_id`` names the entry that closed
    the day.
    """

    pk = models.CompositePrimaryKey("item_code", "hour", "shard")
    item_code = models.CharField(max_length=32)
    hour = models.DateTimeField()
    shard = models.SmallIntegerField()
    n = models.BigIntegerField()
    entry_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "public_count"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(n__gt=0), name="public_count_positive")
        ]


@kept(Keeping.LOCAL, Placement.LOCAL)
class QueryLine(models.Model):
    """One query, or one reading of the log or of an own file, as its sealed entry says.

    ``leaf`` is the place in the tree. ``ground`` is official, own or audit. No identifier stands here: the subject is
    its tag in the ledger, an identifier that nobody knows its digest, the case number a keyed digest and its cipher.
    ``matter`` is a code of the law pack, empty for anything else that was typed. ``flags``: codes of what is unusual,
    each between blanks. ``stage``: 0 nothing unusual, 1 unusual and reviewed, 2 unusual and not reviewed yet.
    """

    entry_id = models.BigIntegerField(primary_key=True)
    leaf = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    ground = models.CharField(max_length=16)
    organisation_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=16)
    matter = models.CharField(max_length=64)
    case_digest = models.CharField(max_length=80)
    case_sealed = models.BinaryField(null=True)
    result = models.CharField(max_length=16)
    reason = models.CharField(max_length=64)
    article = models.CharField(max_length=64)
    person = models.BooleanField()
    items = models.IntegerField()
    records = models.IntegerField()
    withheld = models.IntegerField()
    subject_tag = models.BinaryField(null=True)
    asked = models.CharField(max_length=80)
    flags = models.CharField(max_length=200)
    stage = models.SmallIntegerField()

    class Meta:
        db_table = "query_line"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(stage=0, flags="") | (models.Q(stage__in=[1, 2]) & ~models.Q(flags="")),
                name="query_line_stage",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["stage", "leaf"], name="query_line_unusual_first"),
            models.Index(fields=["at"], name="query_line_at"),
            models.Index(fields=["organisation_id", "leaf"], name="query_line_of_organisation"),
            models.Index(fields=["account_id", "at"], name="query_line_of_account"),
            models.Index(fields=["case_digest", "leaf"], name="query_line_of_case"),
            models.Index(
                fields=["subject_tag", "leaf"], name="query_line_of_subject", condition=~models.Q(subject_tag=None)
            ),
            models.Index(fields=["asked"], name="query_line_of_asked", condition=~models.Q(asked="")),
        ]


@kept(Keeping.LOCAL, Placement.LOCAL)
class QueryReview(models.Model):
    """A review of a query: the entry that holds the auditor's words, and the entry of the query."""

    entry_id = models.BigIntegerField(primary_key=True)
    line_id = models.BigIntegerField(db_index=True)
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "query_review"


@kept(Keeping.LOCAL, Placement.LOCAL)
class QueryMark(models.Model):
    """How far the lines were read out of the log: the one row that the reader locks."""

    id = models.SmallIntegerField(primary_key=True)
    leaf = models.BigIntegerField()

    class Meta:
        db_table = "query_mark"


@kept(Keeping.LOOKUP, Placement.LOCAL)
class CaseParty(models.Model):
    """A person whom an organisation listed as party of a case, by keyed digests: neither case nor person is told.

    ``first_entry`` is the ledger entry of the first question about the person in this case.
    """

    pk = models.CompositePrimaryKey("organisation_id", "matter", "case_digest", "party_digest")
    organisation_id = models.BigIntegerField()
    matter = models.CharField(max_length=64)
    case_digest = models.CharField(max_length=80)
    party_digest = models.CharField(max_length=80)
    first_entry = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "case_party"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"], name="case_party_age")]


@kept(Keeping.LOOKUP, Placement.LOCAL)
class AskedQuestion(models.Model):
    """An official question as its organisation finds it again: which entries of the ledger hold its answers.

    ``id`` is the first of its ``entries``. It names no subject; the case stands as a keyed digest. A batch by file is
    several questions, one for each transaction, under the ``batch`` of the first.
    """

    id = models.BigIntegerField(primary_key=True)
    organisation_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    at = models.DateTimeField()
    matter = models.CharField(max_length=64)
    case_digest = models.CharField(max_length=80)
    granted = models.IntegerField()
    empty = models.IntegerField()
    refused = models.IntegerField()
    entries = ArrayField(models.BigIntegerField())
    batch = models.BigIntegerField(null=True)

    class Meta:
        db_table = "asked_question"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation_id", "-at", "-id"], name="asked_question_newest"),
            models.Index(fields=["at"], name="asked_question_age"),
        ]


@kept(Keeping.LOCAL, Placement.LOCAL)
class RefusalCount(models.Model):
    """The refused questions of an account that nobody was looked up for, since ``began_at``: how many have an entry of
    their own, and how many are ``held`` for the one that sums them. Gone with the time it is about.
    """

    account_id = models.BigIntegerField(primary_key=True)
    organisation = models.CharField(max_length=64, blank=True)
    began_at = models.DateTimeField()
    last_at = models.DateTimeField()
    entered = models.IntegerField(default=0)
    held = models.IntegerField(default=0)

    class Meta:
        db_table = "refusal_count"
