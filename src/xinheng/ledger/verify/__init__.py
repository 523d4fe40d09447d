"""Is the log whole? Everything is recomputed from the rows and compared with what was signed, inside and outside.

Found: a deleted, altered, added or reordered row, a subject's shortened chain, a rollback, a truncation, a re-signing.
A body that was lawfully erased is reported as erased, never as damage. Rooms above add their own checks with `extend`.
"""

from __future__ import annotations

from collections.abc import Iterator

from xinheng.ledger.verify.bodies import check_bodies
from xinheng.ledger.verify.findings import Check, CheckResult, Damage, Erased, Finding, Tally
from xinheng.ledger.verify.heads import check_heads
from xinheng.ledger.verify.snapshot import Verification, snapshot, stream
from xinheng.ledger.verify.tree import check_entries, check_tree
from xinheng.ledger.verify.witnesses import check_witness

__all__ = [
    "CHECKS",
    "Check",
    "CheckResult",
    "Damage",
    "Erased",
    "Finding",
    "Tally",
    "Verification",
    "extend",
    "run",
    "snapshot",
    "stream",
]

# Checks of rooms above (records, batches), filled at start-up in one place.
CHECKS: list[Check] = []


def extend(*checks: Check) -> None:
    """Add checks of a room above; adding one twice changes nothing."""
    CHECKS.extend(check for check in checks if check not in CHECKS)


def run() -> Iterator[Finding]:
    """Every finding of every check, in one consistent view of the database."""
    with snapshot() as verification:
        for check in (check_tree, check_entries, check_bodies, *CHECKS, check_heads, check_witness):
            yield from check(verification)
