"""Which day does a text state, in any of the forms that offices write?

A form that can be read in two ways (5/1/2024, 24-5-1) is an error, never a guess. A day with a time of day is that day.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from xinheng.lib.errors import BadInput
from xinheng.lib.text import clean, half_width

LONG_TERM = date(2099, 12, 31)
_LONG_TERM_WORDS = frozenset({"长期", "长期有效", "永久", "永久有效", "无固定期限"})

_TIME = (
    r"(?:[ T]*(?:上午|下午)?[0-9]{1,2}[:时点][0-9]{1,2}(?:[:分][0-9]{1,2}(?:[.][0-9]+)?秒?)?分?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_SEPARATED = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})\.?" + _TIME)
_WRITTEN = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})[日号]?" + _TIME)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{6})?")
_SERIAL = re.compile(r"(?:[2-6][0-9]{4}|7[0-2][0-9]{3}|730[0-4][0-9]|73050)(?:\.0*)?")  # to 2099-12-31
_AMBIGUOUS = re.compile(r"[0-9]{1,2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,4}[日号]?" + _TIME)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-")
_STROKES = {ord("／"): "/", ord("．"): ".", ord("。"): ".", ord("、"): ".", ord("："): ":", ord("∕"): "/"}
_HAN_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_HAN_DAY = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]?"
)


def parse_day(text: str) -> date:
    """The day that ``text`` states.

    Raises BadInput: ``date_unreadable``, ``date_ambiguous`` (two-digit year, or day and month unclear),
    ``date_not_real`` (30 February), ``date_serial`` (a bare spreadsheet serial: see `parse_serial`).
    """
    plain = half_width(clean(text).translate(_DASHES).translate(_STROKES)).strip()
    if han := _HAN_DAY.fullmatch(plain.replace(" ", "")):
        return _real(int(han[1].translate(_HAN_DIGITS)), _han_number(han[2]), _han_number(han[3]))
    # Spaces are kept only where they part a day from its time.
    plain = re.sub(r"\s*([-/.年月日号])\s*", r"\1", plain)
    if found := _SEPARATED.fullmatch(plain):
        return _real(int(found[1]), int(found[3]), int(found[4]))
    if found := _WRITTEN.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return _real(int(found[1]), int(found[2]), int(found[3]))
    if _SERIAL.fullmatch(plain):
        raise BadInput("date_serial")
    raise BadInput("date_ambiguous" if _AMBIGUOUS.fullmatch(plain) else "date_unreadable")


def parse_serial(text: str) -> date:
    """The day of a spreadsheet serial (days since 1899-12-30, the 1900 system). Raises BadInput for any other text."""
    plain = half_width(clean(text))
    if not _SERIAL.fullmatch(plain):
        raise BadInput("date_unreadable")
    return date(1899, 12, 30) + timedelta(days=int(plain.split(".")[0]))


def is_long_term(text: str) -> bool:
    """Whether ``text`` says in words that there is no end."""
    return clean(text) in _LONG_TERM_WORDS


def _real(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise BadInput("date_not_real") from None


def _han_number(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int(text.translate(_HAN_DIGITS))
    return (int(tens.translate(_HAN_DIGITS)) if tens else 1) * 10 + (int(ones.translate(_HAN_DIGITS)) if ones else 0)
