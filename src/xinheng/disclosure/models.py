"""Counts of public answers, and what bounds and finds official questions (INV-3)."""

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
