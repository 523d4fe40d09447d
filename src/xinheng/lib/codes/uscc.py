"""Unified social credit codes (GB 32100-2015).

Character 1 names the registering authority (digits and the letters A, N, Y), 2 the kind of body, 3 to 8 the division of
the authority, 9 to 17 the organisation code, 18 is the check character. The inner check of 9 to 17 and the division are
warnings: codes in use fail them.
"""

from __future__ import annotations

from xinheng.lib.codes import orgcode
from xinheng.lib.codes.divisions import registration_known
from xinheng.lib.codes.verdict import CodeVerdict

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, Z, S, V
VALUES = {c: i for i, c in enumerate(ALPHABET)}
WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
LIKE = {"I": "1", "O": "0", "Z": "2", "S": "5", "V": "U"}

# Registering authority -> (its name, kinds of body it registers).
AUTHORITIES: dict[str, tuple[str, str]] = {
    "1": ("机构编制", "1239"),
    "2": ("外交", "19"),
    "3": ("司法行政", "123459"),
    "4": ("文化", "19"),
    "5": ("民政", "1239"),
    "6": ("旅游", "129"),
    "7": ("宗教", "129"),
    "8": ("工会", "19"),
    "9": ("工商（市场监管）", "123"),
    "A": ("中央军委改革和编制办公室", "19"),
    "N": ("农业", "1239"),
    "Y": ("其他", "1"),
}


def check_character(body: str) -> str:
    """The check character that belongs to the 17 characters ``body``, all in `ALPHABET`."""
    return ALPHABET[-sum(VALUES[c] * w for c, w in zip(body, WEIGHTS, strict=True)) % 31]


def structure_fits(text: str) -> bool:
    """Whether authority, kind of body and division have the shape of a code."""
    return text[0] in AUTHORITIES and text[1] in AUTHORITIES[text[0]][1] and text[2:8].isdigit()


def registration_fits(text: str) -> bool:
    """The stronger reading used when a number could also be a person's: division and inner code fit as well."""
    return registration_known(text[2:8]) and orgcode.check_character(text[8:16]) == text[16]


def check_uscc(text: str) -> CodeVerdict:
    """Judge 18 capital ASCII characters as a unified social credit code."""
    for index, character in enumerate(text):
        if character not in VALUES:
            params = {"position": str(index + 1), "character": character, "like": LIKE[character]}
            return _invalid("uscc_letter", params)
    if text[0] not in AUTHORITIES:
        return _invalid("uscc_authority", {"character": text[0]})
    if text[1] not in AUTHORITIES[text[0]][1]:
        return _invalid("uscc_body_kind", {"character": text[1], "authority": AUTHORITIES[text[0]][0]})
    if not text[2:8].isdigit():
        return _invalid("uscc_division_digits", {"division": text[2:8]})
    expected = check_character(text[:17])
    if expected != text[17]:
        return _invalid("uscc_check_character", {"expected": expected, "found": text[17]})
    return _warned(text)


def _invalid(code: str, params: dict[str, str]) -> CodeVerdict:
    return CodeVerdict("uscc", False, None, code, params)


def _warned(text: str) -> CodeVerdict:
    if not registration_known(text[2:8]):
        return CodeVerdict("uscc", True, text, "uscc_division", {"division": text[2:8]})
    expected = orgcode.check_character(text[8:16])
    if expected != text[16]:
        return CodeVerdict("uscc", True, text, "uscc_org_check", {"expected": expected, "found": text[16]})
    return CodeVerdict("uscc", True, text)
