"""Which day does a text state, in any of the forms that offices write?

A form that can be read in two ways (5/1/2024, 24-5-1) is an error, never a guess. A day with a time of day is that day;
one with a day of the week must fall on it. A moment told in the time of another place (2024-04-30T16:00:00Z) is the day
that it was in China.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

from xinheng.lib import han
from xinheng.lib.errors import BadInput
from xinheng.lib.text import clean, half_width

LONG_TERM = date(2099, 12, 31)
_LONG_TERM_WORDS = frozenset(
    {"长期", "长期有效", "永久", "永久有效", "永久性", "无固定期限", "无期限", "无限期", "不限期", "无有效期限"}
)
_NO_END = frozenset({date(9999, 12, 31), date(2999, 12, 31), date(3000, 12, 31), date(2199, 12, 31)})  # of registers
_SERIAL_OF_NO_END = "2958465"  # 9999-12-31

_CHINA = timezone(timedelta(hours=8))  # the one civil time of the country
_HOUR, _MINUTE = "(?:[01]?[0-9]|2[0-4])", "[0-5]?[0-9]"
_TIME = (
    rf"(?:[ T]*(?:(?:上午|下午|凌晨|晚上|中午) ?)?{_HOUR}[:时点]{_MINUTE}(?:[:分]{_MINUTE}(?:[.][0-9]+)?秒?)?分?"
    r"(?: ?[AP]M)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}.*(?:Z|[+-][0-9]{2}:?[0-9]{2})")
_SEPARATED = re.compile(r"([0-9]{4})([-/. ])([0-9]{1,2})\2([0-9]{1,2})\.?" + _TIME)
_WRITTEN = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})[日号]?" + _TIME)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{6})?")
_SERIAL = re.compile(r"(?:[2-6][0-9]{4}|7[0-2][0-9]{3}|730[0-4][0-9]|73050)(?:\.[0-9]*)?")  # to 2099-12-31
_AMBIGUOUS = re.compile(r"[0-9]{1,2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,4}[日号]?" + _TIME)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-")
_STROKES = {ord("／"): "/", ord("．"): ".", ord("。"): ".", ord("、"): ".", ord("："): ":", ord("∕"): "/"}
_DAY_OF_WEEK = re.compile(r"[ ,]*[(\[]?(?:星期|周|礼拜)([一二三四五六日天])[)\]]?")
_WEEK = "一二三四五六日"
_HAN_DAY = re.compile(rf"((?:{han.DIGIT}|[0-9O]){{4}})年({han.NUMERAL}+|元|[0-9]+)月((?:{han.NUMERAL}|[0-9])+)[日号]?")


def day_after(day: date) -> date | None:
    """The next day; None after the last day of all, behind which nothing can lie."""
    return None if day == date.max else day + timedelta(days=1)


def parse_day(text: str) -> date:
    """The day that ``text`` states.

    Raises BadInput: ``date_unreadable``, ``date_ambiguous`` (two-digit year, or day and month unclear),
    ``date_not_real`` (30 February), ``date_weekday`` (falls on another day of the week), ``date_serial`` (a bare
    spreadsheet serial: see `parse_serial`).
    """
    plain = half_width(clean(text).translate(_DASHES).translate(_STROKES)).strip()
    week = _DAY_OF_WEEK.search(plain)
    if week is None:
        return _day(plain)
    day = _day((plain[: week.start()] + " " + plain[week.end() :]).strip())
    if day.weekday() != _WEEK.index(week[1].replace("天", "日")):
        raise BadInput("date_weekday")
    return day


def _day(plain: str) -> date:
    if written := _HAN_DAY.fullmatch(plain.replace(" ", "")):
        return _han_day(*written.groups())
    # Spaces are kept only where they part a day from its time, or the parts of a day from one another.
    plain = re.sub(r"\s*([-/.年月日号])\s*", r"\1", plain)
    if found := _SEPARATED.fullmatch(plain):
        if _MOMENT.fullmatch(plain):
            return _moment(plain)
        return _real(int(found[1]), int(found[3]), int(found[4]))
    if found := _WRITTEN.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return _real(int(found[1]), int(found[2]), int(found[3]))
    if _SERIAL.fullmatch(plain):
        raise BadInput("date_serial")
    raise BadInput("date_ambiguous" if _AMBIGUOUS.fullmatch(plain) else "date_unreadable")


def parse_serial(text: str) -> date:
    """The day of a spreadsheet serial (days since 1899-12-30, the 1900 system; a fraction is a time of day).

    Raises BadInput for any other text.
    """
    plain = half_width(clean(text))
    if not _SERIAL.fullmatch(plain):
        raise BadInput("date_unreadable")
    return date(1899, 12, 30) + timedelta(days=int(plain.split(".")[0]))


def is_long_term(text: str) -> bool:
    """Whether ``text`` says that there is no end: in words, or with the last day that another register can hold."""
    plain = clean(text)
    if plain.removeprefix("至") in _LONG_TERM_WORDS or plain.split(".")[0] == _SERIAL_OF_NO_END:
        return True
    try:
        return parse_day(plain) in _NO_END
    except BadInput:
        return False


def _moment(plain: str) -> date:
    """The day in China of a moment with its distance from UTC, as programs write it."""
    try:
        return datetime.fromisoformat(plain).astimezone(_CHINA).date()
    except (ValueError, OverflowError):
        raise BadInput("date_unreadable") from None


def _real(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise BadInput("date_not_real") from None


def _han_day(year: str, month: str, day: str) -> date:
    """A day in Chinese numerals, the year figure by figure; 元月 is January."""
    read = han.digits(year.replace("O", "0")), han.number(month.replace("元", "一")), han.number(day)
    if None in read:
        raise BadInput("date_unreadable")
    return _real(*(int(part) for part in read if part is not None))
