"""Why is a deadline this day and no other?

Every day from receipt to the last one, with the reason why it counts or not; where the count starts; which value of the
law decided and which there were before and after; from which day on the calendar is only assumed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any

from xinheng.law import calendar, deadlines, lookup
from xinheng.law.calendar import DayKind, DayName
from xinheng.law.deadlines import Due
from xinheng.law.enums import Unit
from xinheng.law.pack import Bilingual, DeadlineValue, Pack

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


class Why(StrEnum):
    """What a day is for a deadline. ``counted`` and ``makeup`` count."""

    RECEIPT = "receipt"
    COUNTED = "counted"
    MAKEUP = "makeup"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    RUNNING = "running"  # a day of a deadline in months or calendar days: passes, whatever day it is


@dataclass(frozen=True, slots=True)
class ExplainedDay:
    """A day between receipt and the last day. ``number``: the how-manieth working day, 0 for one that does not count.

    ``name`` and ``source`` tell the holiday and the notice that set it; empty for plain days.
    """

    date: date
    why: Why
    kind: DayKind
    number: int
    name: Bilingual | None
    source: str

    @property
    def provisional(self) -> bool:
        return self.kind.provisional


@dataclass(frozen=True, slots=True)
class Run:
    """Days in a row that are not plain working days, for one reason. ``number``: that of a make-up day, else 0."""

    first: date
    last: date
    why: Why
    name: Bilingual | None
    source: str
    provisional: bool
    number: int

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Explanation:
    """A deadline with its reasons. ``starts_on``: the first day that counts. ``provisional_from``: the first day of it
    that lies in a year without a notice. ``history``: all values the deadline had and will have, oldest first.
    """

    due: Due
    label: Bilingual | None
    value: DeadlineValue
    history: tuple[DeadlineValue, ...]
    days: tuple[ExplainedDay, ...]
    starts_on: date
    provisional_from: date | None

    @property
    def receipt(self) -> ExplainedDay:
        """The day of receipt, which is not counted."""
        return self.days[0]

    @property
    def passages(self) -> tuple[Run, ...]:
        """What is to be told of the days after receipt: the days left out, those in a row for one reason together, and
        each Saturday or Sunday that counts.
        """
        return tuple(_runs(day for day in self.days[1:] if day.why in (Why.WEEKEND, Why.HOLIDAY, Why.MAKEUP)))


def explain(pack: Pack, name: str, received: datetime) -> Explanation:
    """Count a deadline as `deadlines.due` does and give the reason for each day; the same errors."""
    due = deadlines.due(pack, name, received)
    value = lookup.deadline(pack, name, due.received_on)
    working = value.unit is Unit.WORKING_DAY
    if working:
        numbers = {day: number for number, day in enumerate(due.counted, start=1)}
        kinds = calendar.workdays(pack, due.received_on, due.due)
        days = tuple(_explained(pack, kind, numbers.get(kind.date, 0), due.received_on) for kind in kinds)
    else:  # what lies between is not counted day by day
        ends = dict.fromkeys((due.received_on, due.due))
        days = tuple(_running(calendar.is_workday(pack, day), due.received_on) for day in ends)
    return Explanation(
        due=due,
        label=pack.deadlines[name].label,
        value=value,
        history=pack.deadlines[name].values,
        days=days,
        starts_on=due.counted[0] if working else due.received_on + timedelta(days=1),
        provisional_from=next((day.date for day in days if working and day.provisional), None),
    )


def _explained(pack: Pack, kind: DayKind, number: int, received_on: date) -> ExplainedDay:
    if kind.date == received_on:
        why = Why.RECEIPT
    elif kind.kind is DayName.WORKDAY:
        why = Why.COUNTED
    else:
        why = Why(kind.kind.value)
    return ExplainedDay(kind.date, why, kind, number, kind.name, source(pack, kind))


def _running(kind: DayKind, received_on: date) -> ExplainedDay:
    why = Why.RECEIPT if kind.date == received_on else Why.RUNNING
    return ExplainedDay(kind.date, why, kind, 0, kind.name, "")


def source(pack: Pack, kind: DayKind) -> str:
    """The notice that makes a day what it is; empty for one that is plain by its weekday.

    Days of December around New Year's Day are set by the notice of the year after.
    """
    if kind.kind not in (DayName.HOLIDAY, DayName.MAKEUP):
        return ""
    year = pack.calendar.get(kind.date.year + calendar.of_next_year(kind.date, kind))
    if year is None or not year.announced:
        year = pack.calendar[kind.date.year]
    return year.source.split("；")[0]


def _runs(days: Iterable[ExplainedDay]) -> Iterator[Run]:
    def key(pair: tuple[int, ExplainedDay]) -> tuple[int, Why, str, bool, int]:
        place, day = pair
        return day.date.toordinal() - place, day.why, day.name.zh if day.name else "", day.provisional, day.number

    for _, group in groupby(enumerate(days), key=key):
        found = [day for _, day in group]
        one = found[0]
        yield Run(one.date, found[-1].date, one.why, one.name, one.source, one.provisional, one.number)


def as_data(found: Explanation) -> dict[str, Any]:
    """The explanation as plain data, for ``law deadline --explain --json``."""
    return {
        "received_on": found.due.received_on.isoformat(),
        "received_kind": found.receipt.kind.kind.value,
        "starts_on": found.starts_on.isoformat(),
        "provisional_from": found.provisional_from.isoformat() if found.provisional_from else None,
        "value": _value(found.value),
        "history": [_value(one) for one in found.history],
        "days": [
            {
                "date": day.date.isoformat(),
                "why": day.why.value,
                "number": day.number,
                "name": day.name.zh if day.name else "",
                "source": day.source,
                "provisional": day.provisional,
            }
            for day in found.days
        ],
    }


def _value(value: DeadlineValue) -> dict[str, Any]:
    return {
        "from": value.from_.isoformat(),
        "until": value.until.isoformat() if value.until else None,
        "count": value.count,
        "unit": value.unit.value,
        "starts": value.starts,
        "article": value.article,
    }


_UNITS = {Unit.WORKING_DAY: "个工作日", Unit.CALENDAR_DAY: "天", Unit.MONTH: "个月", Unit.YEAR: "年"}
_KINDS = {DayName.WORKDAY: "工作日", DayName.WEEKEND: "周末", DayName.HOLIDAY: "放假", DayName.MAKEUP: "调休上班日"}


def sentences(found: Explanation) -> Iterator[str]:
    """The explanation in Chinese, line by line, for the command line."""
    due, value = found.due, found.value
    label = found.label.zh if found.label else due.name
    yield f"{label}：{_said(due.due)}24:00前{'（暂定）' if due.provisional else ''}"
    yield f"期限{value.count}{_UNITS[value.unit]}，依据{value.article}（{due.law}）"
    receipt = found.receipt
    kind = _KINDS[receipt.kind.kind]
    name = f"，{receipt.name.zh}" if receipt.name else ""
    yield f"{_said(receipt.date)}收到（{kind}{name}），当日不计，从{_said(found.starts_on)}起算"
    for day in found.days[1:]:
        yield f"  {_said(day.date)}  {_reason(day)}{'（安排未公布，暂按星期）' if day.provisional else ''}"
    if found.provisional_from:
        yield f"{found.provisional_from.year}年的放假安排尚未公布：到期日暂定，公布后重算并留痕"
    for one in found.history if len(found.history) > 1 else ():
        until = f"至{one.until - timedelta(days=1)}" if one.until else "起"
        mark = "，本次适用" if one == value else ""
        yield f"规定沿革：{one.from_}{until} {one.count}{_UNITS[one.unit]}（{one.article}）{mark}"


def _said(day: date) -> str:
    return f"{day}（{WEEKDAYS[day.weekday()]}）"


def _reason(day: ExplainedDay) -> str:
    name = day.name.zh if day.name else ""
    match day.why:
        case Why.COUNTED:
            return f"第{day.number}个工作日"
        case Why.MAKEUP:
            return f"第{day.number}个工作日：{name}调休上班，依据{day.source}"
        case Why.HOLIDAY:
            return f"不计：{name}放假，依据{day.source}"
        case Why.WEEKEND:
            return "不计：周末"
        case _:
            return "期限届满"
