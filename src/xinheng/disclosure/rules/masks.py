"""What is left of a value that may be shown in part only, and of free text that names third persons?

Masks have constant length, so a mask tells nothing about the value behind it. Of an identity number at most the last
two characters stay. Free text of every answer to others than the subject goes through `scrub`, which stars identity,
phone and card numbers; it errs towards the person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from xinheng.lib.freetext import personal_numbers
from xinheng.lib.text import STARS, half_width, without_names

IDENTITY_STARS = "*" * 16

_GAP = r"[ \n./·•\-－\u3000\u00a0\u2010-\u2015\u200b-\u200d\ufeff]{0,3}"  # what people write between digits
_IDENTITY_18 = re.compile(rf"(?<!\d)(?:\d{_GAP}){{17}}(?:\d(?!\d)|[Xx](?![0-9A-Za-z]))")
_IDENTITY_15 = re.compile(rf"(?<![0-9A-Za-z])\d(?:{_GAP}\d){{14}}(?![0-9A-Za-z])")
_MOBILE = re.compile(rf"(?<!\d)(?:(?:\+|00){_GAP}86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[\-\u2010-\u2015]\d{7,8}(?!\d)")
_CARD = re.compile(rf"(?<!\d)[3-69](?:{_GAP}\d){{14,18}}(?!\d)")


_SHORTEST = re.compile(rf"\d(?:{_GAP}\d){{9}}")  # shorter runs of digits are no number of a person


class MaskKind(StrEnum):
    """The closed list of masks a pack may name. The last four leave the rest of the value word for word."""

    ID_TAIL = "id_tail"
    SURNAME = "surname"
    ALL = "all"
    FREE_TEXT = "free_text"
    FREE_TEXT_NAMES = "free_text_names"
    OPERATOR_IN_NAME = "operator_in_name"
    NUMBERS = "numbers"


@dataclass(frozen=True, slots=True)
class Mask:
    """A mask and, where names are hidden, the codes of the fields of the same record that hold these names."""

    kind: MaskKind
    names: tuple[str, ...] = ()


def masked(mask: Mask, value: str, content: Mapping[str, str], operators: Iterable[str] = ()) -> str:
    """``value`` as the mask leaves it; ``content`` is the record, looked at only for the names to hide.

    ``operators``: everyone ever reported as the operator of the business; whatever hides a name hides theirs too.
    """
    if not value:
        return ""
    match mask.kind:
        case MaskKind.ID_TAIL:
            return id_tail(value)
        case MaskKind.SURNAME:
            return surname(value)
        case MaskKind.ALL:
            return STARS
        case MaskKind.NUMBERS:
            return numbers(value)
        case MaskKind.OPERATOR_IN_NAME:
            return without_names(numbers(value), _names(mask, content, operators))
        case MaskKind.FREE_TEXT:
            return scrub(value)
        case MaskKind.FREE_TEXT_NAMES:
            return without_names(scrub(value), _names(mask, content, operators))


def _names(mask: Mask, content: Mapping[str, str], operators: Iterable[str]) -> list[str]:
    """The names that the mask hides in this record."""
    return [*operators, *(content.get(code, "") for code in mask.names)]


def id_tail(value: str) -> str:
    """An identity or document number: sixteen stars and at most the last two characters; a short number shows none."""
    compact = value.strip()
    return IDENTITY_STARS + (compact[-2:] if len(compact) >= 8 else "")


def surname(value: str) -> str:
    """A person's name: the first character and two stars, however long the name."""
    return value.strip()[:1] + STARS


def scrub(text: str) -> str:
    """Free text with identity numbers, phone numbers and card numbers starred; everything else word for word.

    Whatever intake reports as a number of a person is starred, and more: mistyped numbers and landlines.
    """
    if not _SHORTEST.search(text):
        return text
    plain = half_width(text)
    found = [found.span for found in personal_numbers(text)]
    found += [m.span() for m in _CARD.finditer(plain) if _luhn(_plain(m.group()))]
    found += [m.span() for pattern in (_MOBILE, _LANDLINE) for m in pattern.finditer(plain)]
    return _starred(text, dict.fromkeys(found, STARS) | dict.fromkeys(_identities(plain), IDENTITY_STARS))


def numbers(text: str) -> str:
    """Text with identity numbers starred (18 digits with a date of birth in them, or the 15 digits of old cards)."""
    if not _SHORTEST.search(text):
        return text
    return _starred(text, dict.fromkeys(_identities(half_width(text)), IDENTITY_STARS))


def _identities(plain: str) -> list[tuple[int, int]]:
    """Where identity numbers stand in half-width text."""
    long = [m.span() for m in _IDENTITY_18.finditer(plain) if _birth_18(_plain(m.group()))]
    return long + [m.span() for m in _IDENTITY_15.finditer(plain) if _birth_15(_plain(m.group()))]


def _starred(text: str, spans: Mapping[tuple[int, int], str]) -> str:
    """``text`` with the places of ``spans`` replaced; of overlapping places the widest reach goes."""
    pieces, at = [], 0
    for (start, end), stars in sorted(spans.items(), key=lambda one: (one[0][0], -one[0][1])):
        if start >= at:
            pieces += [text[at:start], stars]
        at = max(at, end)
    return "".join(pieces) + text[at:]


def _plain(match: str) -> str:
    """The digits of a match in ASCII, so that full-width digits are judged like others."""
    return "".join(str(int(c)) if c.isdigit() else "X" for c in match if c.isdigit() or c in "Xx")


def _birth_18(digits: str) -> bool:
    return "1850" <= digits[6:10] <= "2099" and _is_date(digits[6:10], digits[10:12], digits[12:14])


def _birth_15(digits: str) -> bool:
    return digits[0] in "12345678" and _is_date("19" + digits[6:8], digits[8:10], digits[10:12])


def _is_date(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _luhn(digits: str) -> bool:
    """Whether the check digit of a card number fits (ISO/IEC 7812)."""
    if not digits.isdigit():
        return False
    doubled = (int(d) * 2 if i % 2 else int(d) for i, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
