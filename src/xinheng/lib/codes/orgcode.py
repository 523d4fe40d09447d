"""Organisation codes: nine characters, the last a check character (GB 11714)."""

from __future__ import annotations

from xinheng.lib.codes.verdict import CodeVerdict

WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
VALUES = {c: i for i, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}


def check_character(body: str) -> str:
    """The check character that belongs to the eight characters ``body`` (digits and capitals)."""
    rest = 11 - sum(VALUES[c] * w for c, w in zip(body, WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def check_org(text: str) -> CodeVerdict:
    """Judge nine capital ASCII characters as an organisation code."""
    if text[8] != "X" and not text[8].isdigit():
        return CodeVerdict("org", False, None, "org_letter", {"character": text[8]})
    expected = check_character(text[:8])
    if text[8] != expected:
        return CodeVerdict("org", False, None, "org_check_character", {"expected": expected, "found": text[8]})
    return CodeVerdict("org", True, text)
