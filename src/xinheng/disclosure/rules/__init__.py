"""The decision of disclosure, pure: `admit` (may this be asked), `decide` (what is shown), `apply` (the values that
leave).
"""

from xinheng.disclosure.rules.admission import admit, listed_matter, offered, official_ground
from xinheng.disclosure.rules.decision import apply, decide, for_bulk, is_sealed, public_name, unpublished, unseen
from xinheng.disclosure.rules.facts import (
    Answer,
    Asker,
    AuthorisationFacts,
    Channel,
    ConsentFacts,
    FieldDecision,
    Ground,
    ItemVersionFacts,
    PublicationFacts,
    RecordFacts,
    Release,
    SubjectFacts,
)
from xinheng.disclosure.rules.fields import Fields
from xinheng.disclosure.rules.masks import Mask, MaskKind, masked
from xinheng.disclosure.rules.parties import beyond, case_words, newcomers
from xinheng.disclosure.rules.reasons import HOUSE, UNLISTED, UNREADABLE, Reason, article, as_told
from xinheng.records.rules import Period

__all__ = [
    "HOUSE",
    "UNLISTED",
    "UNREADABLE",
    "Answer",
    "Asker",
    "AuthorisationFacts",
    "Channel",
    "ConsentFacts",
    "FieldDecision",
    "Fields",
    "Ground",
    "ItemVersionFacts",
    "Mask",
    "MaskKind",
    "Period",
    "PublicationFacts",
    "Reason",
    "RecordFacts",
    "Release",
    "SubjectFacts",
    "admit",
    "apply",
    "article",
    "as_told",
    "beyond",
    "case_words",
    "decide",
    "for_bulk",
    "is_sealed",
    "listed_matter",
    "masked",
    "newcomers",
    "offered",
    "official_ground",
    "public_name",
    "unpublished",
    "unseen",
]
