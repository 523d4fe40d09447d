"""Is a day a working day, and how sure is that?

The law counts working days of the State Council's calendar with its days off and make-up days (调休). A year whose
holidays are not announced yet is counted Monday to Friday and every answer that rests on it is provisional.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from xinheng.law.errors import NoValueInForce
from xinheng.law.pack import Bilingual, CalendarDay, Pack
from xinheng.lib.errors import BadInput

FARTHEST_YEAR = 2200
NEW_YEAR = "元旦"


class DayName(StrEnum):
    """What kind of day it is: worked are ``workday`` and ``makeup``."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"


@dataclass(frozen=True, slots=True)
class DayKind:
    """One day with its kind; ``name`` tells which holiday, when the calendar says so."""

    date: date
    is_workday: bool
    kind: DayName
    provisional: bool
    name: Bilingual | None = None


def is_workday(pack: Pack, day: date) -> DayKind:
    """Say what kind of day it is.

    Years after the last announced one are provisional. A year before the first one raises `NoValueInForce`.
    """
    year = pack.calendar.get(day.year)
    announced = year is not None and year.announced
    if not announced and not _later(pack, day.year):
        raise NoValueInForce(what="calendar", name=str(day.year), on=day.isoformat(), pack=pack.edition)
    special = year.days.get(day) if year is not None and announced else None
    if special is not None:
        kind = DayName(special.kind)
        return DayKind(day, kind is DayName.MAKEUP, kind, False, special.name)
    working = day.weekday() < 5
    return DayKind(day, working, DayName.WORKDAY if working else DayName.WEEKEND, not announced)


def workdays(pack: Pack, from_: date, to: date) -> Iterator[DayKind]:
    """Give every day from ``from_`` to ``to``, both inclusive; an order the wrong way round raises `BadInput`."""
    if to < from_:
        raise BadInput("period_reversed", from_=from_.isoformat(), to=to.isoformat())
    if to.year > FARTHEST_YEAR:
        raise BadInput("day_too_far", day=to.isoformat(), limit=str(FARTHEST_YEAR))
    for step in range((to - from_).days + 1):
        yield is_workday(pack, from_ + timedelta(days=step))


def add_workdays(pack: Pack, day: date, count: int) -> tuple[DayKind, ...]:
    """Give the ``count`` working days that follow a day, the day itself not counted; the last one is the deadline."""
    found: list[DayKind] = []
    while len(found) < count:
        if day.year > FARTHEST_YEAR:
            raise BadInput("day_too_far", day=day.isoformat(), limit=str(FARTHEST_YEAR))
        day += timedelta(days=1)
        kind = is_workday(pack, day)
        if kind.is_workday:
            found.append(kind)
    return tuple(found)


def of_next_year(day: date, special: CalendarDay | DayKind) -> bool:
    """Say whether a day was set by the notice of the year after: New Year's Day reaches into December."""
    return day.month == 12 and special.name is not None and special.name.zh == NEW_YEAR


def as_known(pack: Pack, last: int) -> Pack:
    """Give the pack as it stood before the notice for the year after ``last``."""
    years = {number: year for number, year in pack.calendar.items() if number <= last}
    days = {day: one for day, one in years[last].days.items() if not of_next_year(day, one)}
    return replace(pack, calendar={**years, last: replace(years[last], days=days)})


def _later(pack: Pack, year: int) -> bool:
    """Say whether a year lies after the last one announced."""
    announced = [one.year for one in pack.calendar.values() if one.announced]
    return bool(announced) and year > max(announced)
