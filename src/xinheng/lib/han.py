"""Which number do Chinese numerals state, the everyday ones, those of cheques, or a mixture with figures?

A numeral that breaks the rule of its kind (贰拾伍拾) is none; nothing is guessed.
"""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = dict(zip("〇零○一二三四五六七八九壹贰叁肆伍陆柒捌玖", [0, 0, 0, *range(1, 10), *range(1, 10)], strict=True))
_DIGITS |= {"两": 2, "貳": 2, "參": 3, "叄": 3, "陸": 6, "弌": 1, "弍": 2, "弎": 3}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SCORES = {"廿": "二十", "卅": "三十"}
_MYRIADS = {"亿": 10**8, "億": 10**8, "万": 10**4, "萬": 10**4}
DIGIT = "[" + "".join(_DIGITS) + "]"
NUMERAL = "[" + "".join([*_DIGITS, *_TENS, *_SCORES, *_MYRIADS]) + "]"
_SECTION = re.compile(rf"(?P<n>[0-9]+(?:[.][0-9]+)?|{DIGIT})?(?P<unit>[{''.join(_TENS)}])?")
_NOUGHT = "〇零○"


def digits(text: str) -> str | None:
    """Numerals read one by one, as in a year: ``二〇二四`` and ``二0二四`` are ``2024``; None for anything else."""
    read = [c if c in "0123456789" else str(_DIGITS.get(c, "x")) for c in text]
    return None if "x" in read or not read else "".join(read)


def number(text: str) -> Decimal | None:
    """The number that ``text`` states: ``十五`` 15, ``壹万贰仟`` 12000, ``2万5千`` 25000; None if it states none."""
    for score, tens in _SCORES.items():
        text = text.replace(score, tens)
    total, rest, least = Decimal(0), text, 10**12
    for myriad in (*_MYRIADS,):
        head, found, tail = rest.partition(myriad)
        if not found:
            continue
        section = _section(head)
        if section is None or section == 0 or _MYRIADS[myriad] >= least:
            return None
        total, rest, least = total + section * _MYRIADS[myriad], tail.lstrip(_NOUGHT), _MYRIADS[myriad]
        if not rest:
            return total
        if len(tail) == 1:  # 三万五 is 35,000 in speech and 30,005 to the letter
            return None
    section = _section(rest)
    return None if section is None or section >= least else total + section


def _section(text: str) -> Decimal | None:
    """A number without myriads, each unit smaller than the one before."""
    if not text:
        return None
    total, at, least, nought = Decimal(0), 0, 10**5, False
    while at < len(text):
        if text[at] in _NOUGHT and at and at + 1 < len(text):  # 壹仟零伍
            at, nought = at + 1, True
            continue
        found = _SECTION.match(text, at)
        if found is None or not found.group():
            return None
        unit = _TENS.get(found["unit"] or "", 1)
        if unit >= least or (found["n"] is None and (unit != 10 or at)):  # 十五, yet neither 百五 nor 二百十五
            return None
        if unit == 1 and 10 < least < 10**5 and not nought:  # 二百五
            return None
        total, at, least, nought = total + _figure(found["n"]) * unit, found.end(), unit, False
    return total


def _figure(text: str | None) -> Decimal:
    if text is None:
        return Decimal(1)
    return Decimal(_DIGITS[text]) if text in _DIGITS else Decimal(text)
