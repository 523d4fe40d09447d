"""Which catalog items were in force from when, and which text of them?

The text of an item of a law pack stays in the pack, that of the city's own supplement is kept here.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xinheng.ledger.models import LawVersion
from xinheng.norms.models import Norm
from xinheng.store.kinds import Keeping, Placement, kept


@kept(Keeping.REFERENCE, Placement.REFERENCE)
class CatalogItem(models.Model):
    """An item of a catalog: what may be collected, at which level it is laid down (ZY-32, SP-8)."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=64, unique=True)
    level = models.CharField(max_length=16)

    class Meta:
        db_table = "catalog_item"

    def __str__(self) -> str:
        return self.code


@kept(Keeping.REFERENCE, Placement.REFERENCE)
class CatalogItemVersion(models.Model):
    """A version of an item, as one law pack has it. Records point here, so they keep the version they came under.

    One that the city made itself has the instrument it came by and its whole text; ``closed_by`` is the instrument that
    ended it.
    """

    id = models.BigIntegerField(primary_key=True)
    item = models.ForeignKey(CatalogItem, on_delete=models.PROTECT, related_name="versions")
    law_version = models.ForeignKey(LawVersion, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    sha256 = models.CharField(max_length=64)
    norm = models.ForeignKey(Norm, models.PROTECT, related_name="+", null=True)
    text = models.TextField(blank=True)
    closed_by = models.ForeignKey(Norm, models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "catalog_item_version"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "valid_from", "sha256"], name="catalog_item_version_once"),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gt=models.F("valid_from")),
                name="catalog_item_version_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}@{self.valid_from}"
