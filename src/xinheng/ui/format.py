"""How are days, instants and money written on a page?

Chinese as in official documents, ``2026年11月22日``, ``3.00万元``; English ``22 November 2026``, ``CNY 30,000``. The
national format's "long-term" day 2099/12/31 is shown as a word. Machine formats stay ISO and decimal strings and are
not made here.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from xinheng.lib.errors import BadInput

LONG_TERM = date(2099, 12, 31)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def day(value: date | str, language: str) -> str:
    """A legal day in full. An ISO string is accepted because record content keeps days as text; empty stays empty."""
    on = _as_day(value)
    if on is None:
        return ""
    if on == LONG_TERM:
        return "long-term" if language == "en" else "长期"
    if language == "en":
        return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"
    return f"{on.year}年{on.month}月{on.day}日"


def month(number: int, language: str) -> str:
    """11月, November."""
    return _MONTHS[number - 1] if language == "en" else f"{number}月"


def month_year(year: int, number: int, language: str) -> str:
    """2026年11月, November 2026."""
    return f"{_MONTHS[number - 1]} {year}" if language == "en" else f"{year}年{number}月"


def day_short(value: date, language: str) -> str:
    """A day of the present year in a list, with its weekday: 11月26日（四）, 26 Nov (Thu)."""
    if language == "en":
        return f"{value.day} {_MONTHS[value.month - 1][:3]} ({_WEEKDAYS_EN[value.weekday()][:3]})"
    return f"{value.month}月{value.day}日（{_WEEKDAYS_ZH[value.weekday()]}）"


def weekday(value: date, language: str) -> str:
    """星期四, Thursday."""
    return _WEEKDAYS_EN[value.weekday()] if language == "en" else f"星期{_WEEKDAYS_ZH[value.weekday()]}"


def weekday_short(value: date, language: str) -> str:
    """周四, Thu: for narrow cells."""
    return _WEEKDAYS_EN[value.weekday()][:3] if language == "en" else f"周{_WEEKDAYS_ZH[value.weekday()]}"


def moment(value: datetime, zone: str, language: str, *, seconds: bool = True) -> str:
    """An instant on the clock of ``zone``: 2026年11月23日10:26:41, 23 November 2026, 10:26:41."""
    local = value.astimezone(ZoneInfo(zone))
    clock = local.strftime("%H:%M:%S" if seconds else "%H:%M")
    return f"{day(local.date(), language)}{', ' if language == 'en' else ''}{clock}"


def money(value: str | Decimal, language: str) -> str:
    """An amount kept in 万元 (10,000 yuan). Chinese keeps that unit with at least two places; English says whole yuan.

    Empty stays empty; anything that is no decimal raises BadInput, it is never read as 0.
    """
    if value == "":
        return ""
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise BadInput("money_unreadable", value=str(value)) from None
    if language == "en":
        yuan = (amount * 10_000).normalize()
        return f"CNY {yuan:,f}"
    places = max(2, -int(amount.normalize().as_tuple().exponent))
    return f"{amount:.{places}f}万元"


def _as_day(value: date | str) -> date | None:
    if isinstance(value, datetime):
        raise BadInput("instant_shown_as_day")
    if isinstance(value, date):
        return value
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadInput("day_unreadable", value=value) from None
