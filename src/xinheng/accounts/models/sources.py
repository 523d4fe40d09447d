"""From which addresses somebody failed to sign in of late."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xinheng.store.kinds import Keeping, Placement, kept


@kept(Keeping.LOCAL, Placement.LOCAL)
class SourceFailure(models.Model):
    """One failure from one address, under whatever name; the address as a keyed digest, as long as a pause lasts."""

    id = models.BigIntegerField(primary_key=True)
    source_digest = models.CharField(max_length=80)
    at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "source_failure"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["source_digest", "at"], name="source_failure_recent")
        ]
