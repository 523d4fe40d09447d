"""Which amount does a text state, exactly?

Amounts are decimals and travel as plain decimal strings: no exponent, no trailing zeros. What can't be read is an
error, never zero; so is an amount that leaves open whether it counts yuan or 10,000 yuan.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from xinheng.lib import han
from xinheng.lib.errors import BadInput
from xinheng.lib.text import clean, half_width

# Units written behind an amount, as multiples of 10,000 yuan.
UNITS: dict[str, Decimal] = {
    "万元": Decimal(1),
    "万": Decimal(1),
    "元": Decimal("0.0001"),
    "圆": Decimal("0.0001"),
    "亿元": Decimal(10_000),
    "亿": Decimal(10_000),
    "千元": Decimal("0.1"),
    "百万元": Decimal(100),
    "千万元": Decimal(1000),
    "百元": Decimal("0.01"),
}
_SIGN = r"(?P<sign>人民币|RMB|CNY|¥|￥)?:?(?:¥|￥)?"
_END = r"(?P<whole>[整正])?(?:人民币)?[整正]?"
_AMOUNT = re.compile(
    _SIGN + r"(?P<minus>[-+]?)(?:¥|￥)?(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+)"
    r"(?P<unit>百万元|千万元|万元|亿元|千元|百元|万|亿|元|圆)?" + _END,
    re.IGNORECASE,
)
_WORDED = re.compile(
    _SIGN + rf"(?P<minus>)(?P<number>(?:{han.NUMERAL}|[0-9.])+?)?(?:(?P<unit>[元圆圓])零?)?"
    rf"(?:(?P<jiao>{han.DIGIT})角零?)?(?:(?P<fen>{han.DIGIT})分)?" + _END,
    re.IGNORECASE,
)
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]+(,[0-9]{4})+|[0-9]+")
_SCIENTIFIC = re.compile(r"[-+]?[0-9]+(\.[0-9]*)?[eE][-+]?[0-9]+")


@dataclass(frozen=True, slots=True)
class Amount:
    """``value`` in the unit of the field; ``unit`` the unit that stood in the text, or None."""

    value: Decimal
    unit: str | None


def parse_decimal(text: str, *, digits: int, places: int) -> Decimal:
    """The decimal that ``text`` states: at most ``digits`` digits, ``places`` of them behind the point.

    Raises BadInput: ``decimal_unreadable``, ``decimal_scientific``, ``decimal_places``, ``decimal_too_large``.
    """
    return _fit(_number(half_width(clean(text)).replace(" ", "")), digits=digits, places=places)


def parse_ten_thousands(text: str, *, digits: int, places: int) -> Amount:
    """An amount in 10,000 yuan. A unit in the text is honoured: ``2000元`` is 0.2, ``贰仟元整`` too; a sign of the
    currency (``￥2,000.00``) says yuan.

    Raises BadInput as `parse_decimal`, and ``decimal_unit_unclear``: Chinese numerals without a unit, or a sign before
    less than one yuan, where it may stand for decoration.
    """
    plain = half_width(clean(text)).replace(" ", "").replace("\n", "")
    if _SCIENTIFIC.fullmatch(plain):
        raise BadInput("decimal_scientific")
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        return _worded(plain, digits=digits, places=places)
    value, unit = _number(found["minus"] + found["number"]), found["unit"]
    if unit is None and (found["sign"] or found["whole"] or re.search("[¥￥]|人民币", plain)):
        unit = "元"
        if abs(value) < 1:
            raise BadInput("decimal_unit_unclear")
    return Amount(_fit(value * (UNITS[unit] if unit else 1), digits=digits, places=places), unit)


def _worded(plain: str, *, digits: int, places: int) -> Amount:
    """``壹万贰仟叁佰肆拾伍元陆角柒分``, ``2万5千元``: in yuan, or in 10,000 where nothing stands behind 万."""
    found = _WORDED.fullmatch(plain)
    if found is None or not (found["number"] or found["jiao"] or found["fen"]):
        raise BadInput("decimal_unreadable")
    yuan = han.number(found["number"]) if found["number"] else Decimal(0)
    if yuan is None or (found["number"] and not found["unit"] and (found["jiao"] or found["fen"])):
        raise BadInput("decimal_unreadable")
    if not (found["unit"] or found["jiao"] or found["fen"] or found["sign"] or plain[-1] in "万萬亿億整正"):
        raise BadInput("decimal_unit_unclear")
    for part, worth in ((found["jiao"], Decimal("0.1")), (found["fen"], Decimal("0.01"))):
        yuan += (han.number(part) or 0) * worth if part else 0
    return Amount(_fit(yuan / 10_000, digits=digits, places=places), "元")


def money_text(value: Decimal) -> str:
    """``value`` as a plain decimal string: ``0.2``, ``3``, ``-1.5``."""
    plain = format(value, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in ("-0", "") else plain


def _number(text: str) -> Decimal:
    if _SCIENTIFIC.fullmatch(text):
        raise BadInput("decimal_scientific")
    whole = text.lstrip("+-").split(".")[0]
    if whole and not _GROUPED.fullmatch(whole):
        raise BadInput("decimal_unreadable")
    try:
        value = Decimal(text.replace(",", "")) if text.isascii() else None
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite():
        raise BadInput("decimal_unreadable")
    return value


def _fit(value: Decimal, *, digits: int, places: int) -> Decimal:
    trimmed = Decimal(money_text(value))
    exponent = trimmed.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places:
        raise BadInput("decimal_places", places=str(places))
    if abs(trimmed) >= Decimal(10) ** (digits - places):
        raise BadInput("decimal_too_large", digits=str(digits - places))
    return trimmed
