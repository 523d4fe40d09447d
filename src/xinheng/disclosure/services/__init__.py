"""The verbs of disclosure: official query, own file and who looked, copies, and what is public."""

from xinheng.disclosure.services.batches import BatchAnswer, batch_csv, batch_jsonl, query_batch
from xinheng.disclosure.services.copies import own_csv, own_json, public_export
from xinheng.disclosure.services.counting import close_counts, count_public, write_counts_each_second
from xinheng.disclosure.services.denials import enter_denial
from xinheng.disclosure.services.looks import LOG_PAGE, LOGGED, Look, Looks, Seen, read_log, who_looked
from xinheng.disclosure.services.official import QueryAnswer, asking, holds_number_of_person, officer_of, official_query
from xinheng.disclosure.services.own import OwnFile, own_copy, own_file
from xinheng.disclosure.services.parties import forget_parties
from xinheng.disclosure.services.public import (
    Candidate,
    ListedRecord,
    PublicList,
    PublicSubject,
    SearchResult,
    public_list,
    public_search,
    public_state,
    public_subject,
)
from xinheng.disclosure.services.question import Identifier, Officer, is_person
from xinheng.disclosure.services.receipts import (
    PAGE,
    RESULTS,
    KeptReceipt,
    Wanted,
    forget_questions,
    kept_receipt,
    question_text,
    questions,
)
from xinheng.disclosure.services.shown import ShownField, ShownRecord

__all__ = [
    "LOGGED",
    "LOG_PAGE",
    "PAGE",
    "RESULTS",
    "BatchAnswer",
    "Candidate",
    "Identifier",
    "KeptReceipt",
    "ListedRecord",
    "Look",
    "Looks",
    "Officer",
    "OwnFile",
    "PublicList",
    "PublicSubject",
    "QueryAnswer",
    "SearchResult",
    "Seen",
    "ShownField",
    "ShownRecord",
    "Wanted",
    "asking",
    "batch_csv",
    "batch_jsonl",
    "close_counts",
    "count_public",
    "enter_denial",
    "forget_parties",
    "forget_questions",
    "holds_number_of_person",
    "is_person",
    "kept_receipt",
    "officer_of",
    "official_query",
    "own_copy",
    "own_csv",
    "own_file",
    "own_json",
    "public_export",
    "public_list",
    "public_search",
    "public_state",
    "public_subject",
    "query_batch",
    "question_text",
    "questions",
    "read_log",
    "who_looked",
    "write_counts_each_second",
]
