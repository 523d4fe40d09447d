"""What does a law pack hold once it is read?

Every class is frozen. Texts stay texts unless a type is given here. Periods are half-open: ``from_`` is the first day
in force, ``until`` the first day no longer (None: open).
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from xinheng.law.conditions import Condition
from xinheng.law.enums import Level, Rank, SubjectKind, Unit
from xinheng.law.items import Item
from xinheng.law.lists import Conduct, Measure, SevereCategory, SevereField

if TYPE_CHECKING:
    from xinheng.law.collection import Statement
    from xinheng.law.consents import ConsentRule
    from xinheng.law.forbidden import Forbidden
    from xinheng.law.limits import Limit
    from xinheng.law.norms import Procedure
    from xinheng.law.query_log import QueryLogRule

type Tree = str | tuple[Tree, ...] | Mapping[str, Tree] | None

NOTHING: Mapping[str, Tree] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text in Chinese and English."""

    zh: str
    en: str

    def get(self, lang: str) -> str:
        """Give the English text for "en" and its variants, the Chinese one for every other language."""
        return self.en if lang.startswith("en") else self.zh

    @classmethod
    def of(cls, tree: Tree) -> Bilingual:
        """Read ``{zh, en}`` out of a generic part of a pack."""
        assert isinstance(tree, Mapping)
        return cls(zh=str(tree["zh"]), en=str(tree["en"]))


@dataclass(frozen=True, slots=True)
class Amount:
    """A length of time as the law states it."""

    count: int
    unit: Unit

    def after(self, day: date) -> date:
        """Add the length to a day by the calendar; 31 January + 1 month is the last day of February.

        Working days need a pack's calendar: `xinheng.law.calendar.add_workdays`.
        """
        match self.unit:
            case Unit.CALENDAR_DAY:
                return day + timedelta(days=self.count)
            case Unit.MONTH | Unit.YEAR:
                months = day.month - 1 + self.count * (12 if self.unit is Unit.YEAR else 1)
                year, month = day.year + months // 12, months % 12 + 1
                return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
            case Unit.WORKING_DAY:
                raise ValueError("working days are counted by xinheng.law.calendar")

    def before(self, day: date) -> date:
        """Take the length from a day by the calendar, as `after` adds it."""
        return Amount(-self.count, self.unit).after(day)


class Dated(Protocol):
    """Whatever is in force for a half-open period."""

    @property
    def from_(self) -> date: ...
    @property
    def until(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Timeline[T: Dated]:
    """The values that one name of a pack had one after another, oldest first, without overlap."""

    name: str
    label: Bilingual | None
    values: tuple[T, ...]

    def on(self, day: date) -> T | None:
        """Give the value in force on a day, None when there is none."""
        for value in reversed(self.values):
            if value.from_ <= day:
                return value if value.until is None or day < value.until else None
        return None


@dataclass(frozen=True, slots=True)
class Law:
    """An instrument that articles belong to; ``prefix`` is the article id without "-number".

    ``force_note`` says what is uncertain about the day from which it is in force.
    """

    prefix: str
    title: Bilingual
    short: Bilingual
    kind: str
    rank: Rank
    from_: date | None
    until: date | None
    force_note: Bilingual | None
    adopted: date | None
    approved: date | None
    chapters: Mapping[str, Bilingual]


@dataclass(frozen=True, slots=True)
class Article:
    """One article with our own one-line summary; ``asks`` are the requirement ids it founds.

    ``orders_publication``: it orders publication of information about natural persons, read word by word (INV-4).
    """

    id: str
    law: str
    number: str | None
    chapter: str | None
    from_: date
    until: date | None
    summary: Bilingual
    asks: tuple[str, ...]
    states: str
    orders_publication: bool


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that departs from "Monday to Friday is worked"."""

    kind: str
    name: Bilingual | None


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The holidays of a year as the State Council announced them."""

    year: int
    announced: bool
    source: str
    days: Mapping[date, CalendarDay]


@dataclass(frozen=True, slots=True)
class DeadlineValue:
    """How long an authority has, counted from the day after an event (``starts`` says which)."""

    name: str
    from_: date
    until: date | None
    count: int
    unit: Unit
    starts: str
    article: str
    house: bool
    rank: Rank


@dataclass(frozen=True, slots=True)
class Matter:
    """An official matter in which credit information may be queried (ZY-34, SP-10).

    ``statutes``: the articles and instruments that may be cited where one must be, of the kinds in ``statute_kinds``.
    ``powers``: the asker needs one of them, empty means any. ``max_persons`` is 0 where persons may not be asked about.
    """

    code: str
    label: Bilingual
    from_: date
    until: date | None
    askers: frozenset[str]
    powers: frozenset[str]
    case_number: str
    statute: str
    statute_kinds: frozenset[str]
    statutes: tuple[str, ...]
    register_entry: bool
    items: frozenset[str]
    persons_admitted: bool
    max_persons: int
    max_organisations: int
    article: str
    rank: Rank


@dataclass(frozen=True, slots=True)
class Ground:
    """Which article founds a recurring answer of the platform; ``house``: no article, a rule of the platform."""

    name: str
    label: Bilingual | None
    from_: date
    until: date | None
    article: str
    house: bool
    rank: Rank


@dataclass(frozen=True, slots=True)
class Category:
    """A category of the national base catalog that an item belongs to; ``burdens``: its items are adverse."""

    code: str
    label: Bilingual
    burdens: bool


@dataclass(frozen=True, slots=True)
class PersonRule:
    """Which natural persons the pack admits as credit subjects (ZY-3, SP-3); ages in full years."""

    from_: date
    until: date | None
    admits: str
    full_capacity_from: int | None
    own_work_from: int | None
    own_work: str | None
    guardian: str
    article: str
    rank: Rank


@dataclass(frozen=True, slots=True)
class Power:
    """A power that an organisation may hold: at which level, which sectors and kinds of organ."""

    code: str
    label: Bilingual
    level: str
    holders: frozenset[str]
    kinds: frozenset[str]
    from_: date
    until: date | None
    article: str
    rank: Rank


@dataclass(frozen=True, slots=True)
class OrganKind:
    """A kind of organisation and the classes of information it may provide (ZY-3, SP-7, SP-8)."""

    code: str
    label: Bilingual
    information: frozenset[str]
    article: str


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector of administration with the organ that leads it."""

    code: str
    label: Bilingual
    organ: Bilingual
    duties: Bilingual | None
    article: str


@dataclass(frozen=True, slots=True)
class Provides:
    """Kinds of organisation that provide a class of information; ``open``: the article's list ends with 等."""

    kinds: frozenset[str]
    open: bool
    article: str


@dataclass(frozen=True, slots=True)
class RepairClass:
    """A class of dishonesty in a rule set: published or not, shortest and longest period from the decision."""

    code: str
    label: Bilingual | None
    publish: bool
    min: Amount | None
    max: Amount | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """When the condition holds for a record without a class, this class is suggested."""

    when: Condition
    suggests: str


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The national rules of publicity and repair in force for decisions of a period (Orders 58 and 36)."""

    code: str
    label: Bilingual | None
    from_: date
    until: date | None
    article: str
    rank: Rank
    evidence: str
    transition: str
    running: str
    transition_evidence: str
    classes: Mapping[str, RepairClass]
    unset_class: str
    default: str
    suggest: tuple[Suggestion, ...]
    outcome: str
    ends: frozenset[str]
    conditions: tuple[str, ...]
    papers: tuple[Bilingual, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """The whole law of one city: its own values over those of its province and the nation."""

    id: str
    version: str
    hash: str
    name: Bilingual
    zone: str
    division: str
    rank: Rank
    extends: tuple[str, ...]
    fictional: bool
    notices: tuple[Bilingual, ...]
    subject_kinds: tuple[SubjectKind, ...]
    catalog_levels: tuple[Level, ...]
    laws: Mapping[str, Law]
    articles: Mapping[str, Article]
    calendar: Mapping[int, CalendarYear]
    deadlines: Mapping[str, Timeline[DeadlineValue]]
    matters: Mapping[str, Timeline[Matter]]
    grounds: Mapping[str, Timeline[Ground]]
    reasons: Mapping[str, Timeline[Ground]]
    person: Timeline[PersonRule] | None
    items: Mapping[str, Item]
    categories: Mapping[str, Category]
    powers: Mapping[str, Timeline[Power]]
    organ_kinds: Mapping[str, OrganKind]
    sectors: Mapping[str, Sector]
    provides: Mapping[str, Provides]
    rule_sets: tuple[RuleSet, ...]
    norms: Mapping[str, Timeline[Procedure]]
    forbidden: Mapping[str, Timeline[Forbidden]]
    limits: Mapping[str, Timeline[Limit]]
    query_log: Mapping[str, Timeline[QueryLogRule]]
    notice: Mapping[str, Timeline[Statement]]
    consents: Mapping[str, Timeline[ConsentRule]]
    measures: Mapping[str, Timeline[Measure]]
    conducts: Mapping[str, Timeline[Conduct]]
    severe: Mapping[str, Timeline[SevereCategory]]
    severe_fields: Mapping[str, Timeline[SevereField]]
    terms: Mapping[str, Bilingual]
    presentation: Mapping[str, Tree]
    demo: Mapping[str, Tree]
    folder: Path

    @property
    def edition(self) -> str:
        """Id and version, "demo-city@2026.1"."""
        return f"{self.id}@{self.version}"

    @property
    def label(self) -> str:
        """Id, version and hash, "demo-city@2026.1#" and 12 hex digits: what every record and entry names."""
        return f"{self.id}@{self.version}#{self.hash}"

    @property
    def tz(self) -> ZoneInfo:
        """The zone in which the law's days begin and end."""
        return ZoneInfo(self.zone)

    @property
    def law(self) -> Law | None:
        """The city's own regulation: the law of the pack's rank with most articles, None when it has none."""
        own = [law for law in self.laws.values() if law.rank is self.rank]
        count = {law.prefix: sum(a.law == law.prefix for a in self.articles.values()) for law in own}
        return max(own, key=lambda law: count[law.prefix], default=None)

    def subject_kind_allowed(self, kind: SubjectKind) -> bool:
        """Say whether the law of the city knows this kind of subject."""
        return kind in self.subject_kinds
