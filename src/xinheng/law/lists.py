"""What does a row of a list of measures, a conduct, a category or a field of serious dishonesty say?

A row says who may do what to whom for which conduct, how heavily and for how long (ZY-38 to 42, SP-20 to 22). A value
that is not ``on`` is carried so that everybody can read why it is off; nothing rests on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from xinheng.law.conditions import Condition
from xinheng.law.enums import Level, Rank, SubjectKind

if TYPE_CHECKING:
    from xinheng.law.pack import Amount, Bilingual, Law


class Side(StrEnum):
    """Three lists: for good faith, for dishonest conduct, for serious dishonesty."""

    INCENTIVE = "incentive"
    PUNISHMENT = "punishment"
    SEVERE = "severe"

    @property
    def adverse(self) -> bool:
        """Whether rows of this list burden the subject."""
        return self is not Side.INCENTIVE


class Modality(StrEnum):
    """可以, 采取一项或者多项, 应当."""

    MAY = "may"
    ONE_OR_MORE = "one_or_more"
    SHALL = "shall"


class Bar(StrEnum):
    """Whether a row bars the subject by law itself (no override), or leaves discretion (written reasons)."""

    NONE = "none"
    DISCRETION = "discretion"
    MANDATORY = "mandatory"


class Relation(StrEnum):
    """How the target of a measure stands to whoever acted; a row may reach all but relatives."""

    SUBJECT = "subject"
    RESPONSIBLE_PERSON = "responsible_person"
    RELATIVE = "relative"


class Touch(StrEnum):
    """Which good of the subject a row touches; the loader holds each to its own limits."""

    HANDLING = "handling"
    SUPERVISION = "supervision"
    PUBLIC_MONEY = "public_money"
    HONOURS = "honour_selection"
    PUBLICITY = "publicity"
    SHARING = "sharing"
    CREDIT_BUSINESS = "credit_business"
    TRADING = "trading"
    BID_POINTS = "bid_points"
    GRADE = "grade"
    MARKET_ENTRY = "market_entry"
    OFFICE = "office"
    CONSUMPTION = "consumption"
    EXIT = "exit"
    SCHOOLING = "schooling"
    BASIC_SERVICES = "basic_services"
    OTHER = "other"


class Step(StrEnum):
    """Steps of a determination of serious dishonesty, in the order in which they are taken (ZY-41, SP-23)."""

    LEAD = "lead"
    NOTICE = "notice"
    STATEMENT = "statement"
    REPLY = "reply"
    REVIEW = "review"
    DECISION = "decision"
    SERVICE = "service"
    LISTING = "listing"
    PUBLICATION = "publication_if_ordered"
    EXIT = "exit"


class Founder(StrEnum):
    """What a catch-all row names as able to found a measure: 法律, 法规, 国家规定, 省规定, 市规定."""

    LAW = "law"
    REGULATION = "regulation"
    STATE_RULE = "state_rule"
    PROVINCIAL_RULE = "provincial_rule"
    CITY_RULE = "city_rule"

    def covers(self, law: Law) -> bool:
        """Say whether an instrument is of this sort."""
        rule = law.kind in {"ministry_order", "policy"}
        match self:
            case Founder.LAW:
                return law.kind == "statute"
            case Founder.REGULATION:
                return law.kind in {"administrative_regulation", "local_regulation"}
            case Founder.STATE_RULE:
                return rule and law.rank is Rank.NATIONAL
            case Founder.PROVINCIAL_RULE:
                return rule and law.rank is Rank.PROVINCIAL
            case Founder.CITY_RULE:
                return rule and law.rank is Rank.CITY


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of a list for a period.

    ``powers``: the organ needs one of them. ``targets``: kinds of subject. ``reaches``: who besides the subject itself
    may be a target. ``conduct``: codes of conducts, for serious dishonesty of categories; a person's incentive rests on
    one of ``person_conduct`` and not on any other. ``consent_of``: kinds of subject that must have consented.
    ``severity_max``: 1 light, 2 medium, 3 heavy. ``statute``: the article, besides the row's own, on which the row
    rests; ``founders``: of which sort it must be. ``why_off``: why a row that is not ``on`` is carried.
    """

    code: str
    side: Side
    level: Level
    from_: date
    until: date | None
    on: bool
    why_off: Bilingual | None
    content: Bilingual
    modality: Modality
    bar: Bar
    powers: frozenset[str]
    targets: frozenset[SubjectKind]
    reaches: frozenset[Relation]
    conduct: frozenset[str]
    person_conduct: frozenset[str]
    consent_of: frozenset[SubjectKind]
    severity_max: int | None
    longest: Amount | None
    needs_service: bool
    catch_all: bool
    founders: frozenset[Founder]
    statute: str | None
    article: str
    rank: Rank


@dataclass(frozen=True, slots=True)
class Conduct:
    """A conduct that rows link to: records of an item for which ``when`` holds; without an item, what papers show."""

    code: str
    label: Bilingual
    from_: date
    until: date | None
    item: str | None
    when: Condition | None
    article: str
    rank: Rank


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that must be found before a category holds."""

    code: str
    label: Bilingual


@dataclass(frozen=True, slots=True)
class SevereCategory:
    """A category of serious dishonesty for a period (ZY-41, SP-22); ``founded_by`` names fields with a founding rule.

    Whoever determines needs one of ``powers``; every element must be found; the steps are taken in their order.
    """

    code: str
    label: Bilingual
    from_: date
    until: date | None
    on: bool
    why_off: Bilingual | None
    elements: tuple[Element, ...]
    steps: tuple[Step, ...]
    powers: frozenset[str]
    founded_by: frozenset[str]
    catch_all: bool
    founders: frozenset[Founder]
    article: str
    rank: Rank


@dataclass(frozen=True, slots=True)
class SevereField:
    """A field in which a list of serious dishonesty exists: who keeps it, on which rule, whether it is published."""

    code: str
    label: Bilingual
    from_: date
    until: date | None
    on: bool
    why_off: Bilingual | None
    authority: Bilingual
    basis: Bilingual
    published: bool
    article: str
    rank: Rank
