"""Which official queries should an auditor look at first, and why? (QRY-5)

A flag is about a query: it names something of the query that the auditor may want explained, and says nothing else.
Nobody who asks is counted, graded or ranked (INV-1, ACC-1); flags are never added up. Bounds come from the law pack.

`Watch` reads lines in the order of the log. It flags the first line of what is unusual, not every line after it: one
question about 200 organisations at night is one unusual query.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from xinheng.law.calendar import is_workday
from xinheng.law.lookup import query_log
from xinheng.law.pack import Pack
from xinheng.law.query_log import QueryLogRule

COMMAND_LINE = "cli"
NAME_DIFFERS = "name_differs"


class Flag(StrEnum):
    """What is unusual about a query."""

    NIGHT = "night"
    REST_DAY = "rest_day"
    COMMAND_LINE = "command_line"
    SAME_PERSON = "same_person"
    CASE_PERSONS = "case_persons"
    CASE_MATTERS = "case_matters"
    MISSES = "misses"
    NAMES = "names"
    OWN_SUBJECT = "own_subject"


BY_QUESTION = frozenset({Flag.NIGHT, Flag.REST_DAY, Flag.COMMAND_LINE})  # told at the first line of a question


@dataclass(frozen=True, slots=True)
class Query:
    """One line of the log of official queries, as the rules see it.

    ``case`` and ``about`` stand for the case number and for whom it was about (a subject, or a digest of an identifier
    that nobody knows); both are opaque. ``own``: it was about the subject of the asker's own account.
    """

    at: datetime
    organisation: int | None
    account: int | None
    channel: str
    matter: str
    case: str
    about: str
    person: bool
    known: bool
    result: str
    reason: str
    own: bool = False
    flags: frozenset[Flag] = frozenset()

    @property
    def missed(self) -> bool:
        """A person whom nobody knows, or a refusal that is not for a name: tried out, perhaps."""
        return (self.person and not self.known) or (self.result == "refused" and not self.misnamed)

    @property
    def misnamed(self) -> bool:
        """The name given did not fit the code."""
        return self.reason == NAME_DIFFERS


@dataclass(slots=True)
class _Series:
    """Events of one account since the last flag."""

    times: deque[datetime] = field(default_factory=deque)

    def full(self, at: datetime, *, count: int, within: timedelta) -> bool:
        """Add an event; True when ``count`` fell within the time, and then the series begins anew."""
        self.times.append(at)
        while self.times and self.times[0] <= at - within:
            self.times.popleft()
        return len(self.times) >= count


class Watch:
    """Gives each line its flags, from the lines before it.

    ``earlier`` are lines with the flags they were given, in the order of the log; they need not be all, only those that
    `looks_back` and the shared case numbers and persons ask for.
    """

    def __init__(self, pack: Pack, earlier: Iterable[Query] = ()) -> None:
        self._pack = pack
        self._asked: set[tuple[int | None, str, datetime, Flag]] = set()
        self._cases: dict[tuple[int | None, str], dict[str, datetime]] = {}
        self._persons: dict[tuple[int | None, str], set[str]] = {}
        self._matters: dict[tuple[int | None, str], set[str]] = {}
        self._misses: dict[int | None, _Series] = {}
        self._names: dict[int | None, _Series] = {}
        for query in earlier:
            self._replay(query)

    def judge(self, query: Query) -> frozenset[Flag]:
        """The flags of the next line of the log."""
        rule = self._rule(query)
        found = set(self._of_question(query, rule))
        if query.own:
            found.add(Flag.OWN_SUBJECT)
        if self._series(query, rule, Flag.MISSES):
            found.add(Flag.MISSES)
        if self._series(query, rule, Flag.NAMES):
            found.add(Flag.NAMES)
        return frozenset(found | self._of_case(query, rule))

    def _replay(self, query: Query) -> None:
        rule = self._rule(query)
        self._asked |= {(query.account, query.case, query.at, flag) for flag in query.flags & BY_QUESTION}
        for flag in (Flag.MISSES, Flag.NAMES):
            self._series(query, rule, flag)
        self._of_case(query, rule)

    def _rule(self, query: Query) -> QueryLogRule:
        return query_log(self._pack, day_of(query.at, self._pack))

    def _of_question(self, query: Query, rule: QueryLogRule) -> Iterable[Flag]:
        for flag in out_of_hours(query.at, self._pack, rule) | over_the_command_line(query):
            key = (query.account, query.case, query.at, flag)
            if key not in self._asked:
                self._asked.add(key)
                yield flag

    def _series(self, query: Query, rule: QueryLogRule, flag: Flag) -> bool:
        wanted, kept = (query.missed, self._misses) if flag is Flag.MISSES else (query.misnamed, self._names)
        if not wanted:
            return False
        count = rule.misses if flag is Flag.MISSES else rule.names
        minutes = rule.misses_minutes if flag is Flag.MISSES else rule.names_minutes
        series = kept.setdefault(query.account, _Series())
        if not series.full(query.at, count=count, within=timedelta(minutes=minutes)):
            return False
        series.times.clear()
        return True

    def _of_case(self, query: Query, rule: QueryLogRule) -> frozenset[Flag]:
        """Flags of what a case number and a person have to do with one another; a line without either has none."""
        if not query.case:
            return frozenset()
        found: set[Flag] = set()
        here = (query.organisation, query.case)
        matters = self._matters.setdefault(here, set())
        if query.matter and query.matter not in matters:
            matters.add(query.matter)
            if len(matters) > 1:
                found.add(Flag.CASE_MATTERS)
        if query.person and query.about:
            persons = self._persons.setdefault(here, set())
            if query.about not in persons:
                persons.add(query.about)
                if len(persons) > rule.case_persons:
                    found.add(Flag.CASE_PERSONS)
            if self._another_case(query, rule):
                found.add(Flag.SAME_PERSON)
        return frozenset(found)

    def _another_case(self, query: Query, rule: QueryLogRule) -> bool:
        """Whether this is a further case number for the person, and with it there are too many within the days."""
        cases = self._cases.setdefault((query.organisation, query.about), {})
        since = query.at - timedelta(days=rule.person_days)
        fresh = cases.get(query.case, since) <= since
        cases[query.case] = query.at
        return fresh and sum(last > since for last in cases.values()) >= rule.person_cases


def day_of(at: datetime, pack: Pack) -> date:
    """The legal day of an instant."""
    return at.astimezone(pack.tz).date()


def out_of_hours(at: datetime, pack: Pack, rule: QueryLogRule) -> frozenset[Flag]:
    """Whether an instant lies at night or on a day off by the calendar of the pack (make-up days are worked)."""
    hour = at.astimezone(pack.tz).hour
    from_, until = rule.night_from, rule.night_until
    night = from_ <= hour < until if from_ < until else hour >= from_ or hour < until
    found = {Flag.NIGHT} if night else set()
    return frozenset(found if is_workday(pack, day_of(at, pack)).is_workday else found | {Flag.REST_DAY})


def over_the_command_line(query: Query) -> frozenset[Flag]:
    """Whether it was asked beside the pages, by somebody with access to the machine."""
    return frozenset({Flag.COMMAND_LINE}) if query.channel == COMMAND_LINE else frozenset()


def looks_back(rule: QueryLogRule) -> timedelta:
    """How long before a line the lines of the same account matter to it."""
    return timedelta(minutes=max(rule.misses_minutes, rule.names_minutes))


def person_back(rule: QueryLogRule) -> timedelta:
    """How long before a line other cases of the same person matter to it."""
    return timedelta(days=rule.person_days)
