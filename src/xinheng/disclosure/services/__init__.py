"""The verbs of disclosure: official query, own file and who looked, copies, and what is public."""

from xinheng.disclosure.services.auditing import (
    Line,
    LogFilter,
    LogPage,
    OpenedLine,
    Reader,
    Review,
    export_lines,
    open_line,
    read_lines,
    review_line,
)
from xinheng.disclosure.services.batches import BatchAnswer, batch_csv, batch_jsonl, query_batch
from xinheng.disclosure.services.copies import EXPORTED, Exported, public_export, public_record_json
from xinheng.disclosure.services.counting import close_counts, count_public, write_counts_each_second
from xinheng.disclosure.services.denials import enter_denial
from xinheng.disclosure.services.folding import behind, fold, rebuild
from xinheng.disclosure.services.looks import LOG_PAGE, Look, Seen
from xinheng.disclosure.services.nothing import NothingOnFile, nothing_on_file
from xinheng.disclosure.services.official import QueryAnswer, asking, holds_number_of_person, officer_of, official_query
from xinheng.disclosure.services.own import OwnFile, Whom, own_file, own_subjects
from xinheng.disclosure.services.own_copy import OwnCopy, looks_csv, looks_json, own_copy, own_csv, own_json
from xinheng.disclosure.services.own_looks import KINDS, LOOKS_IN_FILE, Looks, Wanted, who_looked
from xinheng.disclosure.services.own_waiting import Waiting
from xinheng.disclosure.services.parties import forget_parties
from xinheng.disclosure.services.public import (
    NOBODY,
    Candidate,
    Filters,
    ListedRecord,
    PublicList,
    PublicSubject,
    SearchResult,
    list_providers,
    public_length,
    public_list,
    public_list_state,
    public_search,
    public_state,
    public_subject,
)
from xinheng.disclosure.services.question import Identifier, Officer, is_person
from xinheng.disclosure.services.receipts import (
    PAGE,
    RESULTS,
    KeptReceipt,
    QuestionFilter,
    forget_questions,
    kept_receipt,
    question_text,
    questions,
)
from xinheng.disclosure.services.refusals import bound_refusals, close_refusals
from xinheng.disclosure.services.shown import ShownField, ShownRecord
from xinheng.disclosure.services.single import public_record
from xinheng.disclosure.services.terms import erase_ended

__all__ = [
    "EXPORTED",
    "KINDS",
    "LOG_PAGE",
    "LOOKS_IN_FILE",
    "NOBODY",
    "PAGE",
    "RESULTS",
    "BatchAnswer",
    "Candidate",
    "Exported",
    "Filters",
    "Identifier",
    "KeptReceipt",
    "Line",
    "ListedRecord",
    "LogFilter",
    "LogPage",
    "Look",
    "Looks",
    "NothingOnFile",
    "Officer",
    "OpenedLine",
    "OwnCopy",
    "OwnFile",
    "PublicList",
    "PublicSubject",
    "QueryAnswer",
    "QuestionFilter",
    "Reader",
    "Review",
    "SearchResult",
    "Seen",
    "ShownField",
    "ShownRecord",
    "Waiting",
    "Wanted",
    "Whom",
    "asking",
    "batch_csv",
    "batch_jsonl",
    "behind",
    "bound_refusals",
    "close_counts",
    "close_refusals",
    "count_public",
    "enter_denial",
    "erase_ended",
    "export_lines",
    "fold",
    "forget_parties",
    "forget_questions",
    "holds_number_of_person",
    "is_person",
    "kept_receipt",
    "list_providers",
    "looks_csv",
    "looks_json",
    "nothing_on_file",
    "officer_of",
    "official_query",
    "open_line",
    "own_copy",
    "own_csv",
    "own_file",
    "own_json",
    "own_subjects",
    "public_export",
    "public_length",
    "public_list",
    "public_list_state",
    "public_record",
    "public_record_json",
    "public_search",
    "public_state",
    "public_subject",
    "query_batch",
    "question_text",
    "questions",
    "read_lines",
    "rebuild",
    "review_line",
    "who_looked",
    "write_counts_each_second",
]
