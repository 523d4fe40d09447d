"""What did keyboards and spreadsheets do to the outside of a code, and can it be undone without a guess?

Undone: full width, lower case, every kind of space, invisible characters, apostrophes and quotation marks at the ends.
Refused: letters and digits of other scripts that look like ours, scientific notation, formulas.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_SCIENTIFIC = re.compile(r"[0-9]+(\.[0-9]*)?E([+-][0-9]+|[0-9]{1,2})")
_NUMBER = re.compile(r"[0-9]+\.[0-9]*")
_MARKS = "'\"‘’‛′`´ʹʼ“”"

# Letters of other scripts drawn like ours; NFKD covers mathematical, circled and superscript forms beside these.
_DRAWN = dict(
    zip(
        "АВСЕНІЈКМОРЅТХУЗавсенікморѕтхуΑΒΕΖΗΙΚΜΝΟΡΤΥΧοιν〇○◯×✕✖",
        "ABCEHIJKMOPSTXY3ABCEHIKMOPSTXYABEZHIKMNOPTYXOIV000XXX",
        strict=True,
    )
)
# Drawn as nothing, yet neither white space nor a format character for Unicode.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """``text`` in capital ASCII; ``changes`` says what was undone; ``fault`` is (reason code, params) or None."""

    text: str
    changes: tuple[str, ...] = ()
    fault: tuple[str, dict[str, str]] | None = None


def clean(text: str) -> Cleaned:
    """``text`` as a code should be written. `Cleaned.fault` is set when only a guess could repair it."""
    if text.isascii() and text.isalnum():
        upper = text.upper()
        if _is_scientific(upper):
            return Cleaned(upper, (), ("excel_scientific", {}))
        return Cleaned(upper, () if upper == text else ("小写改为大写",))
    return _clean_slowly(text)


def _clean_slowly(text: str) -> Cleaned:
    changes: dict[str, None] = {}
    kept: list[str] = []
    for character in text.removesuffix("\r"):
        change, replacement = _outside(character)
        if change:
            changes[change] = None
        kept.append(replacement)
    joined = "".join(kept)
    bare = joined.strip(_MARKS)
    if bare != joined:
        changes["去除撇号引号"] = None
    upper = bare.translate(_UPPER)
    if upper != bare:
        changes["小写改为大写"] = None
    return Cleaned(upper, tuple(changes), _fault(upper))


_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@lru_cache(maxsize=4096)
def _outside(character: str) -> tuple[str | None, str]:
    """What was undone on one character, and what is left of it."""
    point = ord(character)
    if 0xFF01 <= point <= 0xFF5E:
        return "全角改为半角", chr(point - 0xFEE0)
    if character.isspace():
        return "去除空白", ""
    if invisible(character):
        return "去除不可见字符", ""
    return None, character


def invisible(character: str) -> bool:
    """Whether nothing is drawn for ``character`` (format and control characters, variation selectors, fillers)."""
    return (
        unicodedata.category(character) in ("Cf", "Cc")
        or character in _BLANKS
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )


def _is_scientific(text: str) -> bool:
    # 18 and 9 characters of digits with one E in them may well be a code: only their check character tells.
    return _SCIENTIFIC.fullmatch(text) is not None and not (text.isalnum() and len(text) in (9, 18))


def _fault(text: str) -> tuple[str, dict[str, str]] | None:
    if _is_scientific(text):
        return "excel_scientific", {}
    if _NUMBER.fullmatch(text):
        return "excel_number", {}
    if text.startswith("="):
        return "formula", {}
    for index, character in enumerate(text):
        if character.isascii() and (character.isalnum() or (character == "-" and index == 8 and len(text) == 10)):
            continue
        params = {"position": str(index + 1), "character": character, "point": f"U+{ord(character):04X}"}
        like = looks_like(character)
        if like is None:
            return "character", params
        return "look_alike", {**params, "like": like}
    return None


def looks_like(character: str) -> str | None:
    """The ASCII capital or digit that ``character`` of another script is taken for by the eye, or None."""
    if character in _DRAWN:
        return _DRAWN[character]
    digit = unicodedata.decimal(character, None) if not character.isascii() else None
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKD", character)[:1].upper()
    return plain if not character.isascii() and plain.isascii() and plain.isalnum() else None
