"""Does a division code begin with a province that exists? (GB/T 2260)

Only the first two digits are judged: counties were renumbered often, and late registrations make old and new numbers
real. A fault here is a warning, never an error.
"""

from __future__ import annotations

PROVINCES: frozenset[str] = frozenset(
    f"{n}"
    for run in ((11, 16), (21, 24), (31, 38), (41, 47), (50, 55), (61, 66), (71, 72), (81, 84))
    for n in range(*run)
)
# Divisions in use that end like a century. Read as a body's code, an identity number has its century there, so any
# other division shows that the number is a person's, even when the check character of a body happens to fit.
CENTURY_ENDINGS = frozenset(
    (
        *("110118", "110119", "120118", "120119", "230718", "230719", "310118", "310120"),
        *("320118", "440118", "500118", "500119", "500120", "510118", "610118"),
    )
)
NATIONAL = "100000"  # bodies registered by the state itself


def province_known(division: str) -> bool:
    """Whether the province part of a six-digit ``division`` code is in use."""
    return division[:2] in PROVINCES


def registration_known(division: str) -> bool:
    """The same for the division of a registering authority, which may be the state itself."""
    return division == NATIONAL or division[:2] in PROVINCES
