"""What `ledger verify` looks at beyond the log: records and their history, batches of intake, subjects, spellings."""

from xinheng.records.checks.batches import check_batches
from xinheng.records.checks.spellings import check_spellings
from xinheng.records.checks.subjects import check_subjects
from xinheng.records.checks.versions import check_records

__all__ = ["check_batches", "check_records", "check_spellings", "check_subjects"]
