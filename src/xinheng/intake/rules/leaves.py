"""Which 32 bytes bind a row to the ledger without telling what it said?

Leaf = SHA-256(0x00 ‖ salt ‖ row number ‖ verdict ‖ canonical values): 32 bytes of salt, 8 bytes big-endian, one byte,
UTF-8. Every row of the file has a leaf, returned and unchanged rows too; the batch's root is the RFC 6962 root over
them in file order. A leaf outlives its row: without the salt it tells nothing.
"""

from __future__ import annotations

from xinheng.intake.rules.verdicts import Verdict
from xinheng.lib.canonical import leaf_hash

VERDICT_BYTE: dict[Verdict, bytes] = {Verdict.ACCEPT: b"\x01", Verdict.REVIEW: b"\x02", Verdict.REJECT: b"\x03"}
SALT = 32


def row_leaf(*, salt: bytes, row: int, verdict: Verdict, body: bytes) -> bytes:
    """The leaf of one row; ``body`` is ``canonical(full_values(…))``."""
    return leaf_hash(salt + row.to_bytes(8, "big") + VERDICT_BYTE[verdict] + body)
