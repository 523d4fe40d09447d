"""What does the decision of disclosure look at, and what does it say?

Frozen facts only: who asks, on which ground, about whom, which records. Days are legal days in the zone of the pack;
periods are half-open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from xinheng.disclosure.rules.masks import Mask
from xinheng.law.enums import SubjectKind
from xinheng.law.items import ItemVersion
from xinheng.records.rules import Period, RecordState


class Channel(StrEnum):
    """The ground of a disclosure, one of the closed list of INV-3."""

    PUBLIC = "public"
    OFFICIAL = "official"
    OWN = "own"
    AUTHORISED = "authorised"
    STATUTE = "statute"


class Release(StrEnum):
    """How much of a field is shown."""

    FULL = "full"
    MASKED = "masked"
    WITHHELD = "withheld"

    @property
    def rank(self) -> int:
        """0 withheld, 1 masked, 2 full: a wider ground never has a lower rank."""
        return _RANK[self]


# The version of a catalog item by which a record was collected: the law pack's own frozen dataclass.
ItemVersionFacts = ItemVersion

_RANK = {Release.WITHHELD: 0, Release.MASKED: 1, Release.FULL: 2}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks. A visitor has neither account nor organisation. ``powers`` are those of the organisation's register
    entry.
    """

    account_id: int | None
    organisation_id: int | None
    powers: frozenset[str]
    subject_id: int | None
    acts_for: frozenset[int]
    organisation_kind: str | None = None


@dataclass(frozen=True, slots=True)
class AuthorisationFacts:
    """A written authorisation of the subject: which items, to whom, what for, how long, whether withdrawn."""

    subject_id: int
    recipient_organisation_id: int | None
    recipient_account_id: int | None
    items: frozenset[str]
    purpose: str
    period: Period
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """Why it is asked. ``parties`` are the subjects that the asker lists as parties of the stated case, ``beyond``
    those listed who would make the case hold more persons than the pack allows.
    """

    channel: Channel
    matter: str | None
    case_number: str | None
    authorisation: AuthorisationFacts | None
    statute: str | None
    parties: frozenset[int] = field(default_factory=frozenset)
    beyond: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """About whom. ``frozen``: a person who died or lost capacity; disclosure stands still (SUB-1)."""

    subject_id: int
    kind: SubjectKind
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """The subject's consent or will behind market or self-declared information: for which channels, how long."""

    channels: frozenset[Channel]
    period: Period
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class PublicationFacts:
    """The publishing organ's decision to publish one record of a person (INV-4).

    ``social_impact``: the finding that a penalty has a certain social impact. ``consented``: an honour, volunteering
    or donation published with the person's consent.
    """

    statute: str
    decided_by: int
    decided_on: date
    social_impact: bool = False
    consented: bool = False


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """One record as the decision needs it. ``publicity`` None: not published at all; ``use`` None: no end is set."""

    record_id: int
    item: ItemVersionFacts
    state: RecordState
    publicity: Period | None
    disputed: bool
    consent: ConsentFacts | None
    self_declared: bool
    use: Period | None = None
    person_publication: PublicationFacts | None = None
    as_minor: bool = False


@dataclass(frozen=True, slots=True)
class FieldDecision:
    """What is shown of one field, with the stable reason code and the article of the pack in force."""

    release: Release
    mask: Mask | None
    article: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The records shown, each with a decision per field, and how many fields of linked records stay hidden.

    A field that is absent is withheld. ``hidden`` goes to the ledger and to the subject, never to an official.
    """

    records: tuple[tuple[int, Mapping[str, FieldDecision]], ...]
    hidden: int
