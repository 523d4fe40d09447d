"""An instrument on its way: its state (`norm`), its texts and steps (history), and the opinions received (content)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xinheng.accounts.models import Account, Organisation
from xinheng.norms.rules import Act, Change, State
from xinheng.store.kinds import Keeping, Placement, kept


@kept(Keeping.PROJECTION, Placement.LOCAL)
class Norm(models.Model):
    """The present state of an instrument; `norm_event` is what it is computed from."""

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=32)
    code = models.CharField(max_length=32)
    change = models.CharField(max_length=8)
    state = models.CharField(max_length=12)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    effective_from = models.DateField(null=True)

    class Meta:
        db_table = "norm"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=[s.value for s in State]), name="norm_state_known"),
            models.CheckConstraint(condition=models.Q(change__in=[c.value for c in Change]), name="norm_change_known"),
            models.UniqueConstraint(
                fields=["kind", "code"],
                condition=~models.Q(state__in=["published", "abandoned"]),
                name="norm_one_on_its_way",
            ),
        ]


@kept(Keeping.HISTORY, Placement.LOCAL)
class NormText(models.Model):
    """A text as it was written: never changed, a revision is the next one (`xinheng.norms.rules.Text`)."""

    id = models.BigIntegerField(primary_key=True)
    norm = models.ForeignKey(Norm, models.PROTECT, related_name="texts")
    n = models.IntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        db_table = "norm_text"
        constraints: ClassVar = [models.UniqueConstraint(fields=["norm", "n"], name="norm_text_once")]


@kept(Keeping.HISTORY, Placement.LOCAL)
class NormEvent(models.Model):
    """One step, with the ledger entry that binds it. ``fields`` is canonical text and names no private person."""

    id = models.BigIntegerField(primary_key=True)
    norm = models.ForeignKey(Norm, models.PROTECT, related_name="events")
    n = models.IntegerField()
    act = models.CharField(max_length=20)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", null=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    fields = models.TextField()
    entry_id = models.BigIntegerField()

    class Meta:
        db_table = "norm_event"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["norm", "n"], name="norm_event_once"),
            models.CheckConstraint(condition=models.Q(act__in=[a.value for a in Act]), name="norm_event_act_known"),
        ]


@kept(Keeping.CONTENT, Placement.LOCAL)
class NormOpinion(models.Model):
    """An opinion as it was received, sealed: who wrote it is nobody's business but that of who answers.

    Its step holds a salted commitment; the row may go when its author asks for it, the answer stays.
    """

    id = models.BigIntegerField(primary_key=True)
    norm = models.ForeignKey(Norm, models.PROTECT, related_name="opinions")
    group = models.CharField(max_length=24)
    sealed = models.BinaryField()
    salt = models.BinaryField(max_length=32)

    class Meta:
        db_table = "norm_opinion"
