"""How long at most may what burdens a subject last, where no statute says it? (``limits.yaml``; INV-2, INV-6, QRY-5)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from xinheng.law import usage
from xinheng.law.enums import Rank
from xinheng.law.pack import Amount, Bilingual, Timeline

RETENTION = "adverse.retention"
MEASURE = "measure.duration"
QUERY_LOG = "query.log"
NAMES = (RETENTION, MEASURE, QUERY_LOG)

_ANY_DAY = date(2001, 1, 1)


@dataclass(frozen=True, slots=True)
class Limit:
    """The longest length that a pack may write; ``house``: no article says it, it is a rule of the platform."""

    name: str
    label: Bilingual
    from_: date
    until: date | None
    longest: Amount
    article: str
    house: bool
    rank: Rank


def exceeded(limits: Mapping[str, Timeline[Limit]], name: str, length: Amount) -> Limit | None:
    """Give the limit that a length of calendar days, months or years exceeds, by the newest value of that name.

    None when it keeps within the limit, or when the pack has none. Lengths are compared from one and the same day.
    """
    usage.named("Limit", name)
    timeline = limits.get(name)
    if timeline is None:
        return None
    newest = timeline.values[-1]
    return newest if _days(length) > _days(newest.longest) else None


def longest(limits: Mapping[str, Timeline[Limit]], name: str, day: date) -> Amount | None:
    """The limit in force on ``day``; None when the pack has none."""
    usage.named("Limit", name)
    found = limits[name].on(day) if name in limits else None
    return found.longest if found else None


def _days(length: Amount) -> int:
    """The days of a length from one and the same day on; one that runs past the calendar is longer than any other."""
    try:
        return (length.after(_ANY_DAY) - _ANY_DAY).days
    except (ValueError, OverflowError):
        return date.max.toordinal()
