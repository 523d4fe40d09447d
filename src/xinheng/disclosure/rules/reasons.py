"""Which stable reasons does a decision give, and which article of the law pack founds each?

The article comes from the pack in force (its grounds ``disclosure.<reason>``), so no article stands in code. The
words of a reason stand in `xinheng.ui.wording`.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from xinheng.law.lookup import reason_article
from xinheng.law.pack import Bilingual, Pack

UNLISTED = Bilingual(zh="没有列出的事项", en="A matter that is not listed")
UNREADABLE = "identifier_unreadable"  # beside an empty answer: told, for it says nothing of anybody
HOUSE = ""  # a rule of the house, cited to no article


class Reason(StrEnum):
    """Why a question is refused, a field withheld, masked or shown."""

    # The question may not be asked
    GROUND_MISSING = "ground_missing"
    MATTER_NOT_LISTED = "matter_not_listed"
    MATTER_NOT_FOR_YOU = "matter_not_for_you"
    POWER_MISSING = "power_missing"
    CASE_MISSING = "case_missing"
    STATUTE_MISSING = "statute_missing"
    BATCH_OF_PERSONS = "batch_of_persons"
    PERSON_NOT_PARTY = "person_not_party"
    TOO_MANY_PERSONS = "too_many_persons"
    SUBJECT_FROZEN = "subject_frozen"
    NOT_OWN = "not_own"
    AUTHORISATION_MISSING = "authorisation_missing"
    AUTHORISATION_ENDED = "authorisation_ended"
    STATUTE_UNKNOWN = "statute_unknown"
    # A record is not shown
    NOT_LINKED = "not_linked"
    NOT_SHARED = "not_shared"
    PERSON_NOT_PUBLIC = "person_not_public"
    PUBLICITY_NOT_RUNNING = "publicity_not_running"
    USE_ENDED = "use_ended"
    REPAIRED = "repaired"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CONSENT_MISSING = "consent_missing"
    # A field is withheld
    NOT_PUBLIC = "not_public"
    OPERATOR_PRIVATE = "operator_private"
    REPRESENTATIVE_DOCUMENT = "representative_document"
    NOT_NEEDED = "not_needed"
    THIRD_PERSON = "third_person"
    ERASED = "erased"
    # A field is shown
    MASKED_PERSONAL = "masked_personal"
    GRANTED_PUBLIC = "granted_public"
    GRANTED_OFFICIAL = "granted_official"
    GRANTED_OWN = "granted_own"
    GRANTED_AUTHORISED = "granted_authorised"
    GRANTED_STATUTE = "granted_statute"


# What cites the article of the matter itself.
FOUNDED_ELSEWHERE = frozenset({Reason.GRANTED_OFFICIAL})


def as_told(result: str, reason: str) -> tuple[str, str]:
    """What the asker was told, from what the ledger says of an official answer (result, reason). The ledger knows
    more: that a person died or has another name is told to no officer, in the answer or later.
    """
    if reason == Reason.SUBJECT_FROZEN:
        return "empty", ""
    return result, "" if result == "empty" and reason != UNREADABLE else reason


def article(pack: Pack, reason: Reason, day: date) -> str:
    """The article of ``pack`` that founds ``reason`` on ``day``; "" for a rule of the house.

    Raises NoValueInForce when the pack says nothing.
    """
    return reason_article(pack, reason.value, day) or HOUSE
