"""What the holder of an account is told of what others did to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from xinheng.store.kinds import Keeping, Placement, kept


@kept(Keeping.LOCAL, Placement.LOCAL)
class AccountNotice(models.Model):
    """One thing that happened to an account. ``by``: codes of the organisations whose administrators did it, parted by
    spaces, empty when the subject itself did; the act is the entry. ``read_at``: when its holder said it was read.
    """

    id = models.BigIntegerField(primary_key=True)
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="notices")
    what = models.CharField(max_length=20)
    by = models.CharField(max_length=200, blank=True)
    about = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    entry_id = models.BigIntegerField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "account_notice"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(what=""), name="account_notice_says_what")
        ]
