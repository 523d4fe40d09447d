"""What was received, how did each row fare, which rows wait for whom, and what did the file say?

Identifiers of persons come out masked, except from `waiting_row`, which serves the verbs of review, and `cells_of`.
"""

from __future__ import annotations

from xinheng.intake.selectors.files import cells_of, file_text, place_of, sheet_of, sheets
from xinheng.intake.selectors.returning import parts_to_mend, returned_sheet
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
    "FindingView",
    "LeafCheck",
    "RowView",
    "WaitingRow",
    "batch",
    "batches",
    "cells_of",
    "file_text",
    "item_of",
    "leaf_checks",
    "open_content",
    "open_rows",
    "parts_to_mend",
    "place_of",
    "returned_sheet",
    "rows",
    "sent_before",
    "sheet_of",
    "sheets",
    "waiting_about",
    "waiting_count",
    "waiting_row",
    "waiting_rows",
]
