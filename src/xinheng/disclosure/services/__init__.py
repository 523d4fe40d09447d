"""The verbs of disclosure: official query, own file and who looked, copies, and what is public."""

from xinheng.disclosure.services.copies import (
    EXPORTED,
    Exported,
    own_csv,
    own_json,
    public_export,
    public_record_json,
)
from xinheng.disclosure.services.counting import close_counts, count_public, write_counts_each_second
from xinheng.disclosure.services.looks import LOG_PAGE, LOGGED, Look, Looks, Seen, read_log, who_looked
from xinheng.disclosure.services.official import QueryAnswer, asking, holds_number_of_person, officer_of, official_query
from xinheng.disclosure.services.own import OwnFile, own_copy, own_file
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
from xinheng.disclosure.services.settling import Identifier, Officer, is_person
from xinheng.disclosure.services.shown import ShownField, ShownRecord
from xinheng.disclosure.services.single import public_record

__all__ = [
    "EXPORTED",
    "LOGGED",
    "LOG_PAGE",
    "NOBODY",
    "Candidate",
    "Exported",
    "Filters",
    "Identifier",
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
    "asking",
    "close_counts",
    "count_public",
    "holds_number_of_person",
    "is_person",
    "list_providers",
    "officer_of",
    "official_query",
    "own_copy",
    "own_csv",
    "own_file",
    "own_json",
    "public_export",
    "public_length",
    "public_list",
    "public_list_state",
    "public_record",
    "public_record_json",
    "public_search",
    "public_state",
    "public_subject",
    "read_log",
    "who_looked",
    "write_counts_each_second",
]
