"""The verbs of intake: receive a file block by block, decide a row that waits, erase what a row said,
remind a provider.

Registering what was accepted is the next room's act; it calls these verbs inside its own transaction.
"""

from __future__ import annotations

from xinheng.intake.selectors import WaitingRow
from xinheng.intake.services.mending import hold_open, mark_mended, take_back
from xinheng.intake.services.receiving import (
    BODY,
    SALTS,
    OpenBatch,
    ReceivedBatch,
    ReceivedRow,
    TakenBlock,
    close_batch,
    open_batch,
    standing,
    store_block,
    take_block,
)
from xinheng.intake.services.reminding import note_seen, remind
from xinheng.intake.services.reviewing import decide_review, open_review
from xinheng.intake.services.storing import erase_row_content
from xinheng.intake.services.withdrawing import (
    close_proposal,
    mark_withdrawn,
    note_proposal,
    open_proposal,
    return_waiting,
)

__all__ = [
    "BODY",
    "SALTS",
    "OpenBatch",
    "ReceivedBatch",
    "ReceivedRow",
    "TakenBlock",
    "WaitingRow",
    "close_batch",
    "close_proposal",
    "decide_review",
    "erase_row_content",
    "hold_open",
    "mark_mended",
    "mark_withdrawn",
    "note_proposal",
    "note_seen",
    "open_batch",
    "open_proposal",
    "open_review",
    "remind",
    "return_waiting",
    "standing",
    "store_block",
    "take_back",
    "take_block",
]
