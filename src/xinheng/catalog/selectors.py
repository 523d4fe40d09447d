"""Which version of an item was in force on a day?"""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from xinheng.catalog.models import CatalogItemVersion
from xinheng.lib.errors import NotFound


def item_version_id(*, code: str, on: date) -> int:
    """The id of the published version of item ``code`` in force on ``on``.

    Raises NotFound ``item_not_in_force``: what no catalog in force names is not collected (ZY-32, SP-8, INV-2).
    """
    found = (
        CatalogItemVersion.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=on))
        .filter(item__code=code, valid_from__lte=on)
        .order_by("-valid_from", "-id")
        .values_list("id", flat=True)
        .first()
    )
    if found is None:
        raise NotFound("item_not_in_force", item=code, on=on.isoformat())
    return found


def item_version_ids(code: str) -> list[int]:
    """The ids of all published versions of an item, oldest first."""
    versions = CatalogItemVersion.objects.filter(item__code=code).order_by("valid_from", "id")
    return list(versions.values_list("id", flat=True))
