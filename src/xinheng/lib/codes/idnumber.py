"""Identity numbers of persons (GB 11643-1999), 18 digits and the 15 digits used until 1999.

Check character and date of birth are errors; the division is a warning, for late registrations and renumbered
counties make numbers real that a strict table refuses. Numbers of permanent residents from abroad (first digit 9)
share the form.
"""

from __future__ import annotations

from datetime import date

from xinheng.lib.codes.divisions import province_known
from xinheng.lib.codes.verdict import CodeVerdict

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_TABLE = "10X98765432"
EARLIEST = date(1900, 1, 1)


def check_character(body: str) -> str:
    """The check character that belongs to the 17 digits ``body``."""
    return _TABLE[sum(int(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 11]


def birth_date(number: str) -> date | None:
    """The date of birth in an 18-digit number; None when the eight digits are no date or lie before 1900."""
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if born >= EARLIEST else None


def region_known(number: str) -> bool:
    """Whether the region part fits: a province, or for permanent residents from abroad 9 and a province."""
    if number[0] == "9":
        return number[1:3] in _ABROAD and number[3:6] != "000"
    return province_known(number)


_ABROAD = frozenset(f"{n}" for n in range(11, 84) if province_known(f"{n}"))


def modernise(old: str) -> str:
    """The 18-digit form of a 15-digit number: 19 before the year, check character behind."""
    body = f"{old[:6]}19{old[6:]}"
    return body + check_character(body)


def check_id(text: str, today: date | None = None) -> CodeVerdict:
    """Judge 15 digits, or 17 digits and a digit or X. ``today`` None: dates of birth in the future are not asked."""
    if len(text) == 15:
        return _check_old(text)
    born = birth_date(text)
    if born is None:
        return CodeVerdict("id", False, None, "id_date", {"date": text[6:14]})
    if today is not None and born > today:
        return CodeVerdict("id", False, None, "id_future", {"date": born.isoformat()})
    expected = check_character(text[:17])
    if expected != text[17]:
        if text.endswith("000"):
            return CodeVerdict("id", False, None, "id_truncated")
        return CodeVerdict("id", False, None, "id_check_character", {"expected": expected, "found": text[17]})
    return _warned(text)


def _check_old(text: str) -> CodeVerdict:
    modern = modernise(text)
    if birth_date(modern) is None:
        return CodeVerdict("id", False, None, "id_date_15", {"date": text[6:12]})
    return _warned(modern)


def _warned(number: str) -> CodeVerdict:
    if not region_known(number):
        return CodeVerdict("id", True, number, "id_division", {"division": number[:6]})
    return CodeVerdict("id", True, number)
