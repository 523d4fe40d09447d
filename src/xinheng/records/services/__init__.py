"""The verbs of the records: accept a batch, mend it, take it back, review a row, correct, withdraw, expire, erase."""

from xinheng.records.services.batches import BatchReceipt, accept_batch
from xinheng.records.services.changes import correct, withdraw
from xinheng.records.services.endings import erase_content, expire
from xinheng.records.services.mending import Handled, WrongAgain, mend
from xinheng.records.services.reporting import Reported, may_report_by_machine, report_by_machine
from xinheng.records.services.returning import hand_back
from xinheng.records.services.review import Difference, differences, review_row
from xinheng.records.services.sealing import remove_sealed
from xinheng.records.services.spelling import spell_earlier_names, spell_names
from xinheng.records.services.withdrawing import (
    Reach,
    propose_withdrawal,
    reach,
    refuse_withdrawal,
    withdraw_batch,
)

__all__ = [
    "BatchReceipt",
    "Difference",
    "Handled",
    "Reach",
    "Reported",
    "WrongAgain",
    "accept_batch",
    "correct",
    "differences",
    "erase_content",
    "expire",
    "hand_back",
    "may_report_by_machine",
    "mend",
    "propose_withdrawal",
    "reach",
    "refuse_withdrawal",
    "remove_sealed",
    "report_by_machine",
    "review_row",
    "spell_earlier_names",
    "spell_names",
    "withdraw",
    "withdraw_batch",
]
