"""How often was what is public looked at? Per item and hour, without the visitor; each closed day becomes one entry.

Views are counted in memory and written once a second, for a page that is looked at a thousand times a second needs no
thousand rows written. A process that ends loses the views of its last second; a lost count is no lost act.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import close_old_connections, connection, transaction
from django.db.models import Sum

from xinheng.disclosure.models import PublicCount
from xinheng.law.pack import Pack
from xinheng.ledger.rules import Receipt
from xinheng.ledger.services import append

SHARDS = 16
LAST_SHARD = 32_000
NOTHING = ""  # the item of an answer that showed nothing
WRITTEN_AFTER = 1.0  # seconds
LATE = timedelta(minutes=5)  # a day is closed only when no process can hold views of it any more

# A lost count is no lost act, so a statement of its own does not wait for the disk; one inside somebody's transaction
# waits as that transaction does. A day that was closed is never changed: what comes late gets rows of its own.
_COUNT = """
INSERT INTO public_count AS c (item_code, hour, shard, n)
SELECT item, hour, %s, n FROM unnest(%s::text[], %s::timestamptz[], %s::bigint[]) AS seen (item, hour, n)
  JOIN set_config('synchronous_commit', %s, true) ON true
ON CONFLICT (item_code, hour, shard) DO UPDATE SET n = c.n + excluded.n WHERE c.entry_id IS NULL
RETURNING item_code, hour
"""

_log = logging.getLogger(__name__)
_guard = threading.Lock()
_views: Counter[tuple[str, datetime]] = Counter()  # (item, hour) -> views of this process that are not written yet


def count_public(items: Iterable[str], *, at: datetime) -> None:
    """Count one public answer for each of ``items``; an answer that showed nothing counts under no item."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    with _guard:
        _views.update((item, hour) for item in set(items) or {NOTHING})


def write_counts() -> None:
    """Write what this process counted and has not written yet. What can't be written now stays for the next time."""
    views = take_counts()
    try:
        for shard in range(os.getpid() % SHARDS, LAST_SHARD, SHARDS):
            if not views:
                return
            for key in _written(views, shard):
                del views[key]
    finally:
        with _guard:
            _views.update(views)


def _written(views: Mapping[tuple[str, datetime], int], shard: int) -> list[tuple[str, datetime]]:
    """Write to the rows of one shard that are not closed; which those were."""
    rows = sorted(views.items())
    items, hours, numbers = [item for (item, _), _ in rows], [hour for (_, hour), _ in rows], [n for _, n in rows]
    with connection.cursor() as cursor:
        durable = "on" if connection.in_atomic_block else "off"
        cursor.execute(_COUNT, [shard, items, hours, numbers, durable])
        return [(str(item), hour) for item, hour in cursor.fetchall()]


def take_counts() -> Counter[tuple[str, datetime]]:
    """What this process counted and has not written; nobody else writes it then."""
    with _guard:
        taken = _views.copy()
        _views.clear()
    return taken


def write_counts_each_second() -> None:
    """Begin to write counts in the background: called once by a process that serves pages."""

    def run() -> None:
        while True:
            time.sleep(WRITTEN_AFTER)
            try:
                close_old_connections()
                write_counts()
            except Exception as fault:
                _log.warning("public views can't be written now: %s", type(fault).__name__)

    threading.Thread(target=run, name="public-counts", daemon=True).start()


def close_counts(*, at: datetime, pack: Pack) -> Receipt | None:
    """Enter the counts of all closed days that are not in the ledger yet; None when there are none."""
    write_counts()
    midnight = (at - LATE).astimezone(pack.tz).replace(hour=0, minute=0, second=0, microsecond=0)
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
    """Item -> number of public answers in [since, until), those of this process included."""
    write_counts()
    rows = PublicCount.objects.filter(hour__gte=since, hour__lt=until).values_list("item_code")
    return dict(rows.annotate(total=Sum("n")).order_by("item_code"))


HOUR = timedelta(hours=1)
