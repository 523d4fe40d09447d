"""Is every body still the one its entry commits to, or lawfully erased?"""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from xinheng.ledger.rules import body_place, read_entry
from xinheng.ledger.verify.findings import Finding, Tally
from xinheng.ledger.verify.snapshot import BODY_TABLE, Verification, stream
from xinheng.lib.canonical import commitment, leaf_hash
from xinheng.lib.errors import XinhengError
from xinheng.store import crypto

_BODIES = """
SELECT e.id, e.bytes, b.seq, b.sealed, b.salt FROM ledger_entry e LEFT JOIN ledger_body b ON b.entry_id = e.id
ORDER BY e.id
"""
_WITHOUT_ENTRY = """
SELECT b.entry_id FROM ledger_body b LEFT JOIN ledger_entry e ON e.id = b.entry_id WHERE e.id IS NULL
ORDER BY b.entry_id
"""


def check_bodies(verification: Verification) -> Iterator[Finding]:
    """Each body opens under our key, at its place, to what the entry commits to; a gap needs its sealed erasure."""
    tally = Tally("bodies")
    erasures = verification.erasures(BODY_TABLE)
    for entry_id, data, seq, sealed, salt in stream(_BODIES):
        tally.count += 1
        if sealed is None:
            erased = erasures.get(str(entry_id))
            lawful = "a body, or its sealed erasure"
            yield erased or tally.damage("body_missing", BODY_TABLE, expected=lawful, entry=entry_id)
            continue
        try:
            body = crypto.unseal(sealed, aad=body_place(leaf_hash(bytes(data))))
            expected = read_entry(bytes(data)).commit
        except (XinhengError, IndexError, ValueError) as error:
            code = error.code if isinstance(error, XinhengError) else "unreadable"
            yield tally.damage("body_altered", BODY_TABLE, expected="a body sealed here", found=code, entry=entry_id)
            continue
        found = commitment(bytes(salt), body).hex()
        if found != expected:
            yield tally.damage("body_altered", BODY_TABLE, expected=expected, found=found, entry=entry_id)
        elif (said := orjson.loads(body)["seq"]) != (seq or 0):
            yield tally.damage("body_renumbered", BODY_TABLE, expected=said, found=seq, entry=entry_id)
    for (entry_id,) in stream(_WITHOUT_ENTRY):
        yield tally.damage("body_without_entry", BODY_TABLE, expected="an entry", entry=entry_id)
    yield tally.result()
