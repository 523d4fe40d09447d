"""What time is it, and which day is it under the law?

Only doors, commands and this module read the clock. ``XINHENG_TODAY`` sets the business day for a demo or a test; the
time of day stays real so that entries keep their order.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from xinheng.lib.errors import BadInput

STAMP = "%Y-%m-%dT%H:%M:%S.%fZ"
_UTC_SUFFIX = len("+00:00")


def business_day() -> date | None:
    """The day set by ``XINHENG_TODAY``, or None when the real calendar rules.

    Raises BadInput when the value is no ISO day, or when it is set in production.
    """
    text = os.environ.get("XINHENG_TODAY")
    if not text:
        return None
    if os.environ.get("XINHENG_MODE", "demo") == "production":
        raise BadInput("today_set_in_production")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("today_not_a_day", value=text) from None


def real() -> datetime:
    """The present instant in UTC whatever business day is set: for what a device outside the house reads off its own
    clock, such as the code of an authenticator.
    """
    return datetime.now(UTC)


def now() -> datetime:
    """The present instant in UTC, moved to the business day when one is set."""
    real = datetime.now(UTC)
    day = business_day()
    if day is None:
        return real
    # Asia/Shanghai is the zone of every pack so far; shifting by whole days keeps the local time of day in any zone.
    local_day = real.astimezone(ZoneInfo("Asia/Shanghai")).date()
    return real + timedelta(days=(day - local_day).days)


def today(zone: str) -> date:
    """The legal day in ``zone`` (an IANA name, from the law pack)."""
    return day_of(now(), zone)


def day_of(instant: datetime, zone: str) -> date:
    """The legal day on which ``instant`` falls in ``zone``; days end at 24:00 there."""
    return instant.astimezone(ZoneInfo(zone)).date()


def stamp(instant: datetime) -> str:
    """``instant`` in the one form of the ledger: ``YYYY-MM-DDTHH:MM:SS.ffffffZ``. Naive instants are an error."""
    if instant.tzinfo is None:
        raise BadInput("instant_without_zone")
    return instant.astimezone(UTC).isoformat(timespec="microseconds")[:-_UTC_SUFFIX] + "Z"


def parse_stamp(text: str) -> datetime:
    """The inverse of `stamp`. Raises BadInput for any other form."""
    try:
        return datetime.strptime(text, STAMP).replace(tzinfo=UTC)
    except ValueError:
        raise BadInput("not_a_stamp", value=text) from None
