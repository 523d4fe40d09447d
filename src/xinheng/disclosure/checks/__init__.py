"""What `ledger verify` looks at of disclosure: lines of the log with flags and reviews, questions, parties of cases."""

from xinheng.disclosure.checks.lines import check_query_lines
from xinheng.disclosure.checks.questions import check_questions

__all__ = ["check_query_lines", "check_questions"]
