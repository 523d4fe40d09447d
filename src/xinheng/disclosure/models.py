"""How often was something public looked at? Counts per item and hour, without the visitor (INV-3)."""

from __future__ import annotations

from typing import ClassVar

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
