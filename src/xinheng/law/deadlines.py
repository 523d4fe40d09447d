"""Until when must an authority act?

The day of receipt is not counted; days end at 24:00 in the pack's zone; receipt on a day off starts the count at the
next working day like any other receipt. The value in force on the day of receipt decides (ZY-46, SP-25).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from xinheng.law import calendar, lookup
from xinheng.law.enums import Unit
from xinheng.law.pack import Amount, Pack
from xinheng.lib.errors import BadInput

_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Due:
    """The last day on which the act is in time, and the days that were counted.

    ``provisional``: a counted day lies in a year whose holidays are not announced; the deadline is computed again when
    they are. ``starts_on``: the first day that counts. ``ends_at`` is 24:00 of the day in the pack's zone, as UTC.
    """

    name: str
    due: date
    ends_at: datetime
    provisional: bool
    counted: tuple[date, ...]
    article: str
    law: str
    received_on: date
    starts_on: date


def due(pack: Pack, name: str, received: datetime) -> Due:
    """Count a deadline from an aware instant of receipt.

    Raises `NoValueInForce` when the pack has no such deadline in force on the day of receipt.
    """
    if received.tzinfo is None:
        raise BadInput("timestamp_without_zone", text=received.isoformat())
    received_on = received.astimezone(pack.tz).date()
    value = lookup.deadline(pack, name, received_on)
    if value.unit is Unit.WORKING_DAY:
        days = calendar.add_workdays(pack, received_on, value.count)
        counted, provisional = tuple(day.date for day in days), days[-1].provisional
        starts_on = counted[0]
    else:
        counted, provisional = (Amount(value.count, value.unit).after(received_on),), False
        starts_on = received_on + timedelta(days=1)
    last = counted[-1]
    midnight = datetime.combine(last + timedelta(days=1), time(), tzinfo=pack.tz)
    ends_at, article = midnight.astimezone(UTC), value.article
    return Due(name, last, ends_at, provisional, counted, article, pack.edition, received_on, starts_on)


def receipt(pack: Pack, text: str) -> datetime:
    """Read an ISO 8601 timestamp; one without offset, or a day alone, is meant in the pack's zone.

    Raises `BadInput` ("timestamp_unreadable") for anything else.
    """
    clean = text.strip()
    try:
        if not _TIMESTAMP.fullmatch(clean):
            raise ValueError
        found = datetime.fromisoformat(clean)
        found = found if found.tzinfo else found.replace(tzinfo=pack.tz)
        found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput("timestamp_unreadable", text=text[:40]) from None
    return found
