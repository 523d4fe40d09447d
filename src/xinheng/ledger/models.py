"""Which tables keep the log? History is written once; bodies can be erased; heads and the queue are working state.

No table here points to another by a foreign key: verification must be able to meet a missing row and name it, and the
hot path saves the look-ups. `xinheng.ledger.verify` checks each of these relations, against the tables' owner too.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xinheng.store.kinds import Keeping, Placement, kept


@kept(Keeping.REFERENCE, Placement.REFERENCE)
class LawVersion(models.Model):
    """A law pack as it was loaded: every act names one."""

    id = models.BigIntegerField(primary_key=True)
    pack = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    hash = models.CharField(max_length=12)
    label = models.CharField(max_length=120, unique=True)
    loaded_at = models.DateTimeField()

    class Meta:
        db_table = "law_version"

    def __str__(self) -> str:
        return self.label


@kept(Keeping.HISTORY, Placement.LOCAL)
class LedgerEntry(models.Model):
    """The leaf's bytes, written in the transaction of the act."""

    id = models.BigIntegerField(primary_key=True)
    bytes = models.BinaryField()

    class Meta:
        db_table = "ledger_entry"


@kept(Keeping.CONTENT, Placement.LOCAL)
class LedgerBody(models.Model):
    """What the entry commits to, encrypted, with its salt. Both go when it is lawfully erased."""

    entry_id = models.BigIntegerField(primary_key=True)
    tag = models.BinaryField(null=True)
    seq = models.BigIntegerField(null=True)
    sealed = models.BinaryField()
    salt = models.BinaryField()

    class Meta:
        db_table = "ledger_body"
        constraints: ClassVar = [
            # A subject's entries are one chain: a second entry under the same number is refused.
            models.UniqueConstraint(fields=["tag", "seq"], name="ledger_body_one_chain"),
        ]


@kept(Keeping.LOCAL, Placement.LOCAL)
class LedgerPending(models.Model):
    """An entry that waits for the sealer. Only the sealer numbers leaves."""

    entry_id = models.BigIntegerField(primary_key=True)

    class Meta:
        db_table = "ledger_pending"


@kept(Keeping.HISTORY, Placement.LOCAL)
class LedgerLeaf(models.Model):
    """The position of an entry in the tree, and its leaf hash."""

    index = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    hash = models.BinaryField()

    class Meta:
        db_table = "ledger_leaf"


@kept(Keeping.HISTORY, Placement.LOCAL)
class LedgerNode(models.Model):
    """The root over 256 hashes of the level below, so that sealing and proving never load the whole tree."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "ledger_node"


@kept(Keeping.HISTORY, Placement.LOCAL)
class LedgerCheckpoint(models.Model):
    """A signed checkpoint, the same note that was written outside."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "ledger_checkpoint"


@kept(Keeping.PROJECTION, Placement.LOCAL)
class LedgerHead(models.Model):
    """A subject's last entry: locked for the next one, rebuilt by verification."""

    tag = models.BinaryField(primary_key=True)
    last_seq = models.BigIntegerField()
    last_leaf = models.BinaryField()

    class Meta:
        db_table = "ledger_head"


@kept(Keeping.LOCAL, Placement.LOCAL)
class LedgerHeadSeal(models.Model):
    """The heads as the newest ``heads.sealed`` entry covers them, packed and in chunks, to prove a subject's head."""

    pk = models.CompositePrimaryKey("entry_id", "chunk")
    entry_id = models.BigIntegerField()
    chunk = models.IntegerField()
    at = models.DateTimeField()
    heads = models.BinaryField()

    class Meta:
        db_table = "ledger_head_seal"


@kept(Keeping.LOCAL, Placement.LOCAL)
class LedgerSealer(models.Model):
    """The one row that the sealer locks. ``signing``: tree size whose checkpoint is being made, null when at rest."""

    id = models.SmallIntegerField(primary_key=True)
    signing = models.BigIntegerField(null=True)

    class Meta:
        db_table = "ledger_sealer"


@kept(Keeping.LOCAL, Placement.LOCAL)
class LedgerVerification(models.Model):
    """One run of ``ledger verify`` to its end: when, over how many leaves, and what it found."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    leaves = models.BigIntegerField()
    damage = models.IntegerField()
    erased = models.IntegerField()

    class Meta:
        db_table = "ledger_verification"


@kept(Keeping.LOCAL, Placement.LOCAL)
class SweepRun(models.Model):
    """When a sweep last came to its end, so that somebody sees when the worker stands still."""

    name = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "sweep_run"

    def __str__(self) -> str:
        return self.name
