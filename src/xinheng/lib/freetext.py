"""Does a free text hold identifiers of persons: identity, phone or card numbers?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from xinheng.lib import han
from xinheng.lib.codes import idnumber, uscc
from xinheng.lib.codes.clean import invisible
from xinheng.lib.text import half_width

# Digits in one run, groups parted by single spaces or hyphens as cards and phones are written.
_RUN = re.compile(r"(?<![0-9A-Za-z])[0-9](?:[ -]?[0-9]){9,18}(?:[ -]?[Xx])?(?![0-9A-Za-z])")
_DIGITS = re.compile("[0-9０-９](?:[ 　－-]?[0-9０-９]){9}")  # the shortest that can be a number of a person
_PHONE = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}")
_SUSPECT = re.compile(r"(?<![0-9A-Za-z])[0-9](?:[ -]?[0-9OoIl]){10,20}(?:[ -]?[Xx])?(?![0-9A-Za-z])")
_BETWEEN = re.compile("[ -]")
_MISTYPED = str.maketrans("OIL", "011")
_BORN = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])?")
_PHONE_DIGITS, _PHONE_WITH_COUNTRY = 11, 13
_ID_LENGTHS, _LONGEST_ID = (15, 17, 18, 19), 18
_CASE_NUMBERS_FROM = 2013
_CHAIN = re.compile(r"[0-9](?:[\W_]{0,8}[0-9]){9,79}(?:[\W_]{0,8}[Xx](?![A-Za-z]))?")
_GROUP = re.compile(r"[0-9]+X?|X")
_CARD = re.compile(r"62[0-9]{14}|62[0-9]{17}|4[0-9]{15}|5[1-5][0-9]{14}")


@dataclass(frozen=True, slots=True)
class Found:
    """``kind``: "id", "phone" or "card"; ``span`` its place in the text."""

    kind: str
    span: tuple[int, int]


def personal_numbers(text: str) -> Iterator[Found]:
    """Numbers of persons in ``text``, from left to right. Codes of bodies are none, whatever digits they hold."""
    if not _DIGITS.search(text):
        return
    plain = half_width(text)
    for found in _RUN.finditer(plain):
        kind = _kind(re.sub("[ -]", "", found.group()).upper())
        if kind:
            yield Found(kind, found.span())


def holds_number(text: str) -> bool:
    """Whether a number of a person stands in a short text that many will read, however it was written: in digits of
    another script or Chinese ones, with characters in it that draw nothing, with letters around it, an identity number
    or phone number parted by anything. For what a writer can be asked to change; stricter than `personal_numbers`.
    """
    if next(personal_numbers(text), None) is not None:
        return True
    if sum(c.isnumeric() for c in text) < _PHONE_DIGITS:
        return False
    plain = "".join(_digit(c) for c in unicodedata.normalize("NFKC", text) if not invisible(c))
    both = (plain, "".join(han.digits(c) or c for c in plain))
    return any(_parted(run.upper()) for one in both for run in _CHAIN.findall(one))


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def _parted(run: str) -> bool:
    """Whether one group of digits of a run, or several side by side, are a number of a person."""
    groups = _GROUP.findall(run)
    if any(_kind(group) for group in groups):
        return True
    joined = [groups[at:end] for at in range(len(groups)) for end in range(at + 2, len(groups) + 1)]
    phones = ("".join(some) for some in joined if [len(one) for one in some] == [3, 4, 4])
    persons = (one for some in joined if len(one := "".join(some)) == _LONGEST_ID)
    return any(map(_PHONE.fullmatch, phones)) or any(idnumber.check_id(one).valid for one in persons)


def masked(text: str) -> str:
    """``text`` with the numbers of persons replaced, the last two characters left."""
    pieces, at = [], 0
    for found in personal_numbers(text):
        start, end = found.span
        pieces += [text[at:start], "*" * (end - start - 2), text[end - 2 : end]]
        at = end
    return "".join(pieces) + text[at:]


def guarded(text: str) -> str:
    """``text`` for a sentence about a mistake: also what only looks like a number of a person is replaced.

    A digit too few or too many, a letter O for a nought: the number is a person's number still. Codes of bodies stay.
    """
    pieces, at = [], 0
    for found in _SUSPECT.finditer(half_width(text)):
        start, end = found.span()
        if _suspected(_BETWEEN.sub("", found.group()).upper()):
            pieces += [text[at:start], "*" * (end - start - 2), text[end - 2 : end]]
            at = end
    return masked("".join(pieces) + text[at:])


def _suspected(run: str) -> bool:
    number = run.translate(_MISTYPED)
    if len(run) == _LONGEST_ID and uscc.check_uscc(run).valid:
        return False
    if len(number) <= _PHONE_WITH_COUNTRY:
        return len(number) >= _PHONE_DIGITS and _PHONE.fullmatch(number) is not None
    return _BORN.search(number[4:14]) is not None or (len(number) in _ID_LENGTHS and idnumber.region_known(number))


def _kind(number: str) -> str | None:
    if _PHONE.fullmatch(number):
        return "phone"
    if _is_identity(number):
        return "id"
    if _CARD.fullmatch(number) and _luhn(number):
        return "card"
    return None


def _is_identity(number: str) -> bool:
    if len(number) == 15:
        return number.isdigit() and idnumber.check_id(number).code is None
    born = idnumber.birth_date(number) if len(number) == 18 else None
    if born is None or not idnumber.region_known(number):
        return False
    # A mistyped number is a person's number still; case numbers carry recent days, and a body's code that fits is none.
    mistyped = born.year < _CASE_NUMBERS_FROM and not uscc.check_uscc(number).valid
    return idnumber.check_id(number).valid or mistyped


def _luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
