"""The verbs of intake: receive a file, decide a row that waits, close a batch, erase what a row said.

Registering what was accepted is the next room's act; it calls these verbs inside its own transaction.
"""

from __future__ import annotations

from xinheng.intake.selectors import WaitingRow
from xinheng.intake.services.receiving import (
    Compare,
    ReceivedBatch,
    ReceivedRow,
    close_batch,
    mark_registered,
    receive_batch,
)
from xinheng.intake.services.reviewing import decide_review, open_review
from xinheng.intake.services.storing import erase_row_content

__all__ = [
    "Compare",
    "ReceivedBatch",
    "ReceivedRow",
    "WaitingRow",
    "close_batch",
    "decide_review",
    "erase_row_content",
    "mark_registered",
    "open_review",
    "receive_batch",
]
