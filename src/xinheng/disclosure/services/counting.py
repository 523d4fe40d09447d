"""How often was what is public looked at? Per item and hour, without the visitor; each closed day becomes one entry."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Sum

from xinheng.disclosure.models import PublicCount
from xinheng.law.pack import Pack
from xinheng.ledger.rules import Receipt
from xinheng.ledger.services import append

SHARDS = 16
NOTHING = ""  # the item of an answer that showed nothing

# A lost count is no lost act, so this one statement does not wait for the disk.
_COUNT = """
INSERT INTO public_count AS c (item_code, hour, shard, n)
SELECT item, %s, %s, 1 FROM unnest(%s::text[]) AS item, set_config('synchronous_commit', 'off', true)
ON CONFLICT (item_code, hour, shard) DO UPDATE SET n = c.n + 1
"""


def count_public(items: Iterable[str], *, at: datetime) -> None:
    """Count one public answer for each of ``items``; an answer that showed nothing counts under no item."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [hour, threading.get_ident() % SHARDS, sorted(set(items)) or [NOTHING]])


def close_counts(*, at: datetime, pack: Pack) -> Receipt | None:
    """Enter the counts of all closed days that are not in the ledger yet; None when there are none."""
    midnight = at.astimezone(pack.tz).replace(hour=0, minute=0, second=0, microsecond=0)
    with transaction.atomic():
        due = PublicCount.objects.select_for_update().filter(hour__lt=midnight, entry_id__isnull=True)
        if not list(due.values_list("item_code")[:1]):
            return None
        rows = list(due)
        counts: dict[str, dict[str, int]] = {}
        for row in rows:
            day = row.hour.astimezone(pack.tz).date().isoformat()
            said = counts.setdefault(day, {})
            said[row.item_code or "nothing"] = said.get(row.item_code or "nothing", 0) + row.n
        receipt = append(
            act="counts.closed",
            at=at,
            law=pack.label,
            actor="platform",
            organisation="",
            channel="system",
            subject=None,
            ground={},
            result="done",
            fields=counts,
        )
        PublicCount.objects.filter(hour__lt=midnight, entry_id__isnull=True).update(entry_id=receipt.entry_id)
    return receipt


def counted(*, since: datetime, until: datetime) -> dict[str, int]:
    """Item -> number of public answers in [since, until)."""
    rows = PublicCount.objects.filter(hour__gte=since, hour__lt=until).values_list("item_code")
    return dict(rows.annotate(total=Sum("n")).order_by("item_code"))


HOUR = timedelta(hours=1)
