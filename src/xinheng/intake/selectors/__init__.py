"""What was received, how did each row fare, which rows wait for whom, and what did the file say?

Identifiers of persons come out masked, except from `waiting_row`, which serves the verbs of review, and `cells_of`.
"""

from __future__ import annotations

from xinheng.intake.selectors.cards import Card, FaultyCell, cards
from xinheng.intake.selectors.files import cells_of, file_text, header_of, place_of, records_of, sheet_of, sheets
from xinheng.intake.selectors.handling import (
    MendedFile,
    Withdrawal,
    decisions_of_reviewed,
    handled,
    mended_by,
    mended_files,
    most_urgent,
    proposals,
    rows_to_handle,
    withdrawal,
)
from xinheng.intake.selectors.rows import (
    BatchView,
    FindingView,
    LeafCheck,
    RowView,
    WaitingRow,
    batch,
    batches,
    item_of,
    leaf_checks,
    open_content,
    open_rows,
    rows,
    sent_before,
    waiting_about,
    waiting_count,
    waiting_row,
    waiting_rows,
)

__all__ = [
    "BatchView",
    "Card",
    "FaultyCell",
    "FindingView",
    "LeafCheck",
    "MendedFile",
    "RowView",
    "WaitingRow",
    "Withdrawal",
    "batch",
    "batches",
    "cards",
    "cells_of",
    "decisions_of_reviewed",
    "file_text",
    "handled",
    "header_of",
    "item_of",
    "leaf_checks",
    "mended_by",
    "mended_files",
    "most_urgent",
    "open_content",
    "open_rows",
    "place_of",
    "proposals",
    "records_of",
    "rows",
    "rows_to_handle",
    "sent_before",
    "sheet_of",
    "sheets",
    "waiting_about",
    "waiting_count",
    "waiting_row",
    "waiting_rows",
    "withdrawal",
]
