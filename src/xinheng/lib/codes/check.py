"""Which kind of code is a text, and does it hold?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from xinheng.lib.codes import idnumber, uscc
from xinheng.lib.codes.clean import Cleaned, clean, looks_like
from xinheng.lib.codes.divisions import CENTURY_ENDINGS
from xinheng.lib.codes.orgcode import check_org
from xinheng.lib.codes.verdict import PLACEHOLDER, CodeVerdict, Kind


def check(text: str, *, today: date | None = None) -> CodeVerdict:
    """Judge one text. ``today`` (the business day) makes dates of birth in the future an error.

    Never raises: whatever the text is, there is an answer with a reason.
    """
    cleaned = clean(text) if text else Cleaned("")
    if not cleaned.text:
        return CodeVerdict(None, False, None, "blank")
    if cleaned.fault is not None:
        return CodeVerdict(_kind_behind(cleaned), False, None, *cleaned.fault)
    verdict = judge(cleaned.text, today)
    if verdict.valid and verdict.code is None and cleaned.changes:
        return replace(verdict, code="normalised", params={"changes": "、".join(cleaned.changes)})
    return verdict


def judge(text: str, today: date | None = None) -> CodeVerdict:
    """Judge a text of capital ASCII letters and digits (an organisation code may carry its hyphen)."""
    if text == PLACEHOLDER:
        return CodeVerdict("uscc", False, None, "placeholder")
    if len(text) == 18:
        return _judge_18(text, today)
    if len(text) == 15 and text.isdigit():
        return idnumber.check_id(text, today)
    if len(text) == 10 and text[8] == "-":
        return check_org(text[:8] + text[9])
    if len(text) == 9:
        return check_org(text)
    return CodeVerdict(None, False, None, "length", {"length": str(len(text))})


def _judge_18(text: str, today: date | None) -> CodeVerdict:
    if not _could_be_id(text):
        return _letter_in_id(text) or _letter_for_digit(text) or uscc.check_uscc(text)
    person, body = idnumber.check_id(text, today), uscc.check_uscc(text)
    century = text[6:8] in CENTURIES
    body_fits = body.valid and _no_mistyped_number(text, century)
    if person.valid and body_fits:
        return body if uscc.registration_fits(text) and not idnumber.region_known(text) else person
    if person.valid or body_fits:
        return person if person.valid else body
    return person if century or body.valid else body


CENTURIES = ("18", "19", "20")


def _no_mistyped_number(text: str, century: bool) -> bool:
    """Whether 18 digits that pass as a body's code do so in earnest.

    One mistyped identity number in 31 has the check character of a body. So where the digits are drawn like a number
    (a century, or a region, a month and a day around a mistyped year), the inner code and the division must fit too.
    """
    if century:
        return text[2:8] in CENTURY_ENDINGS and uscc.registration_fits(text)
    near = (text[6] in "12" or text[7] in "90") and "01" <= text[10:12] <= "12" and "01" <= text[12:14] <= "31"
    return not (near and idnumber.region_known(text)) or uscc.registration_fits(text)


def _letter_in_id(text: str) -> CodeVerdict | None:
    """The refusal of an identity number in which letters were typed for digits; None when it is no such thing."""
    digits = text[:17].translate(TYPED_FOR) + text[17]
    if not _could_be_id(digits) or digits[6:8] not in CENTURIES or uscc.check_uscc(text).valid:
        return None
    at = next(i for i, c in enumerate(text) if c != digits[i])
    params = {"position": str(at + 1), "character": text[at], "like": digits[at]}
    return CodeVerdict("id", False, None, "id_letter", params)


def _letter_for_digit(text: str) -> CodeVerdict | None:
    """The refusal of what is drawn like an identity number but for one letter, and fits a body's code by its check
    character alone: one mistyped number in 31 does. None when it is no such thing.
    """
    letters = [place for place, c in enumerate(text) if not (c.isdigit() or (place == 17 and c == "X"))]
    drawn = len(letters) == 1 and text[6:8] in CENTURIES
    if not drawn or uscc.registration_fits(text) or not uscc.check_uscc(text).valid:
        return None
    return CodeVerdict(
        "id", False, None, "id_letter_inside", {"position": str(letters[0] + 1), "character": text[letters[0]]}
    )


# Letters that hands and scanners put in the place of digits.
TYPED_FOR = str.maketrans("OILZSB", "011258")


def _could_be_id(text: str) -> bool:
    return text[:17].isdigit() and (text[17].isdigit() or text[17] == "X")


def _kind_behind(cleaned: Cleaned) -> Kind | None:
    """The kind that the text would be of, told by its shape alone, when a character in it is refused."""
    if cleaned.fault is None or cleaned.fault[0] != "look_alike":
        return None
    guess = "".join(looks_like(c) or c for c in cleaned.text)
    if len(guess) == 18 and guess.isalnum():
        return "id" if _could_be_id(guess) and guess[6:8] in CENTURIES else "uscc"
    if len(guess) == 15 and guess.isdigit():
        return "id"
    return "org" if len(guess) == 9 and guess.isalnum() else None
