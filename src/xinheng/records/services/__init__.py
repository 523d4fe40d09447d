"""The verbs of the records: accept a batch, review a row, correct, withdraw, expire, erase."""

from xinheng.records.services.batches import BatchReceipt, accept_batch
from xinheng.records.services.changes import correct, withdraw
from xinheng.records.services.endings import erase_content, expire
from xinheng.records.services.reporting import Reported, may_report_by_machine, report_by_machine
from xinheng.records.services.returning import hand_back
from xinheng.records.services.review import Difference, differences, review_row
from xinheng.records.services.sealing import remove_sealed

__all__ = [
    "BatchReceipt",
    "Difference",
    "Reported",
    "accept_batch",
    "correct",
    "differences",
    "erase_content",
    "expire",
    "hand_back",
    "may_report_by_machine",
    "remove_sealed",
    "report_by_machine",
    "review_row",
    "withdraw",
]
