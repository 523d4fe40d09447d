"""How is a question settled? Lock the subjects, decide about each, enter all, commit (INV-3).

Questions that arrive at the same moment share one transaction: the locks, the reads, the entries and the wait for the
disk are then paid once. Each still has its own decision, its own entry and its own answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from xinheng.disclosure.rules import (
    HOUSE,
    Asker,
    Channel,
    Ground,
    Reason,
    SubjectFacts,
    admit,
    listed_matter,
    official_ground,
)
from xinheng.disclosure.services.operators import operators_of
from xinheng.disclosure.services.shown import Told, tell
from xinheng.law.decision import Refused
from xinheng.law.enums import SubjectKind
from xinheng.law.pack import Pack
from xinheng.ledger.rules import Act, Receipt, SubjectRef
from xinheng.ledger.services import append_many
from xinheng.lib.codes import CodeVerdict, check
from xinheng.lib.text import clean
from xinheng.records.rules import HeldRecord
from xinheng.records.selectors import data_version, records_of_many
from xinheng.store.crypto import blind_now
from xinheng.store.retry import atomic_retry
from xinheng.store.together import Together, Unclear
from xinheng.subjects.rules import SubjectFacts as KnownSubject
from xinheng.subjects.selectors import display_name, lock_by_identifiers, name_history

ACT = "disclosure.answered"
SHORT = 5  # identifiers of a question that may share its transaction


@dataclass(frozen=True, slots=True)
class Officer:
    """The officer behind a question, as the subject will be told: organisation, department, staff number (QRY-2).

    ``claimed_by``: on the command line the operating-system user and the claimed user, "root:lin_cx"; else "".
    """

    organisation_code: str
    organisation_zh: str
    organisation_en: str
    department: str
    staff_number: str
    claimed_by: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """Whom a question is about. ``row`` stands for it in answers; the text itself is never repeated.

    ``kind`` is uscc, org, id or "" (told by the shape). ``name`` is only checked. ``verdict`` is `check` of the text
    where the asker's door had to know it already.
    """

    row: int
    kind: str
    text: str
    name: str = ""
    verdict: CodeVerdict | None = field(default=None, compare=False, repr=False)

    def judged(self) -> CodeVerdict:
        """What the text is worth as a code."""
        return self.verdict or check(self.text)


def is_person(identifier: Identifier) -> bool:
    """Whether the identifier means a natural person, by its stated kind or its shape."""
    return (identifier.kind or identifier.judged().kind) == "id"


@dataclass(frozen=True, slots=True)
class Question:
    """A question but for whom it is about. ``persons``: how many persons are stated as parties of the case."""

    asker: Asker
    officer: Officer
    ground: Ground
    channel_name: str
    at: datetime
    day: date
    pack: Pack
    persons: int

    def about(self, persons: frozenset[int]) -> Ground:
        """The ground with its parties: the persons found, and one stand-in for each that nobody knows."""
        if not self.persons:
            return self.ground
        unknown = frozenset(range(-(self.persons - len(persons)), 0))
        return replace(self.ground, parties=persons | unknown)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found about one identifier. ``entered`` is what the ledger says, ``result`` what the asker is told."""

    row: int
    subject: KnownSubject | None
    result: str
    entered: str
    reason: str
    article: str
    told: Told
    noted: str = ""  # the reason that the ledger and the subject know and the asker is not told
    asked: str = ""  # keyed digest of an identifier that nobody knows: the same one asked for again is recognised


NOTHING = Told((), (), {}, 0)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and those it is about; answered in one transaction."""

    question: Question
    part: Sequence[Identifier]


Settled = list[tuple[Outcome, Receipt]]


@dataclass(frozen=True, slots=True)
class _Grounded:
    """A question with its subjects, locked, and with the persons among them as parties of the case."""

    question: Question
    ground: Ground
    part: Sequence[Identifier]
    known: Sequence[KnownSubject | None]
    numbers: frozenset[int]


def _ground(asked: Asked, known: Sequence[KnownSubject | None]) -> _Grounded:
    found = [subject for subject in known if subject is not None]
    persons = frozenset(s.subject_id for s in found if s.kind is SubjectKind.NATURAL_PERSON)
    question, numbers = asked.question, frozenset(s.subject_id for s in found)
    return _Grounded(question, question.about(persons), asked.part, known, numbers)


def _settle(asked: Sequence[Asked], *, brief: bool = False) -> list[Settled]:
    """Lock the subjects by id, decide about each, enter all. The caller commits and only then promises.

    ``brief``: give up soon when somebody else holds a subject. Raises OperationalError then.
    """
    known = iter(lock_by_identifiers([_pair(one) for each in asked for one in each.part], brief=brief))
    grounded = [_ground(each, [next(known) for _ in each.part]) for each in asked]
    outcomes = [_decide(each, held) for each, held in zip(grounded, _records(grounded), strict=True)]
    acts = [_act(each.question, one) for each, found in zip(asked, outcomes, strict=True) for one in found]
    receipts = iter(append_many(acts))
    return [[(outcome, next(receipts)) for outcome in found] for found in outcomes]


def _alone(asked: Asked) -> Settled:
    """One question in a transaction of its own, committed."""
    return atomic_retry(partial(_settle, [asked]))[0]


def _several(asked: Sequence[Asked]) -> list[Settled]:
    """The questions of one moment in one transaction, committed: one wait for the disk instead of one for each.

    Raises Unclear when the commit was sent and its answer never came: a second try could enter the same look twice.
    """
    sent = False
    try:
        with transaction.atomic():
            settled = _settle(asked, brief=True)
            sent = True
    except (OperationalError, InterfaceError) as error:
        if sent:
            raise Unclear from error
        raise
    return settled


_shared: Together[Asked, Settled] = Together(_several, alone=_alone)


def settle(asked: Asked) -> Settled:
    """Answer and enter a question about a part of those it is about, committed. A short one may share its transaction
    with others of the same moment.
    """
    return _shared.ask(asked) if len(asked.part) <= SHORT else _alone(asked)


def _pair(identifier: Identifier) -> tuple[str | None, str]:
    verdict = identifier.judged()
    readable = verdict.valid and verdict.canonical
    return (identifier.kind or verdict.kind, verdict.canonical or "") if readable else (None, "")


def _records(grounded: Sequence[_Grounded]) -> list[Mapping[int, Sequence[HeldRecord]]]:
    """For each question the records linked to its matter, by subject: one statement for all questions of a matter.

    Nothing is read for a question that may not be asked at all.
    """
    wanted: dict[frozenset[str], set[int]] = {}
    linked = [_linked(each) for each in grounded]
    numbers = [_readable(each) for each in grounded]
    for found, items in zip(numbers, linked, strict=True):
        if items and found:
            wanted.setdefault(items, set()).update(found)
    read = {items: records_of_many(numbers, items=items) for items, numbers in wanted.items()}
    return [
        {number: read[items][number] for number in found} if items in read else {}
        for found, items in zip(numbers, linked, strict=True)
    ]


def _readable(each: _Grounded) -> frozenset[int]:
    """Whose records are read. Of a person about whom the question is refused nothing is, so that the work done tells
    nobody who is on file.
    """
    barred = (
        subject.subject_id
        for subject in each.known
        if subject is not None and subject.kind is SubjectKind.NATURAL_PERSON and not _admitted(each, subject)
    )
    return each.numbers.difference(barred)


def _admitted(each: _Grounded, subject: KnownSubject) -> bool:
    question, facts = each.question, SubjectFacts(subject.subject_id, subject.kind, subject.frozen)
    return bool(admit(question.asker, each.ground, facts, question.day, question.pack))


def _linked(each: _Grounded) -> frozenset[str]:
    """The items linked to the matter of a question; none when it may not be asked at all."""
    question = each.question
    matter = listed_matter(each.ground, question.day, question.pack)
    if matter is None or not official_ground(question.asker, each.ground, question.day, question.pack):
        return frozenset()
    return frozenset(matter.items)


def _decide(each: _Grounded, held: Mapping[int, Sequence[HeldRecord]]) -> list[Outcome]:
    """The outcome about each of those asked about."""
    shown = [subject for subject in each.known if subject is not None and held.get(subject.subject_id)]
    hidden = operators_of(shown, each.question.pack)
    outcomes = [
        _outcome(each.question, each.ground, one, subject, held, operators=hidden)
        for one, subject in zip(each.part, each.known, strict=True)
    ]
    return [
        outcome if outcome.subject else replace(outcome, asked=_digest(one))
        for one, outcome in zip(each.part, outcomes, strict=True)
    ]


def _outcome(
    question: Question,
    ground: Ground,
    identifier: Identifier,
    subject: KnownSubject | None,
    held: Mapping[int, Sequence[HeldRecord]],
    *,
    operators: Mapping[int, Sequence[str]],
) -> Outcome:
    """The answer about one identifier. A person nobody knows is refused or answered exactly like a known one."""
    day, pack, row = question.day, question.pack, identifier.row
    if subject is None:
        kind = SubjectKind.NATURAL_PERSON if is_person(identifier) else SubjectKind.LEGAL_PERSON
        facts = SubjectFacts(min(ground.parties, default=0), kind)
    else:
        facts = SubjectFacts(subject.subject_id, subject.kind, subject.frozen)
    verdict = admit(question.asker, ground, facts, day, pack)
    if isinstance(verdict, Refused):
        if verdict.reason == Reason.SUBJECT_FROZEN:  # that a person died is nobody's business here: empty to the asker
            return Outcome(row, subject, "empty", "refused", "", _founded(ground, day, pack), NOTHING, verdict.reason)
        return Outcome(row, subject, "refused", "refused", verdict.reason, verdict.article, NOTHING)
    founded = _founded(ground, day, pack)
    if subject is None:
        unreadable = "" if identifier.judged().valid else "identifier_unreadable"
        return Outcome(row, None, "empty", "empty", unreadable, founded, NOTHING)
    if identifier.name.strip() and not _named(identifier.name, subject):
        if subject.kind is SubjectKind.NATURAL_PERSON:
            return Outcome(row, subject, "empty", "empty", "", founded, NOTHING, "name_differs")
        return Outcome(row, subject, "refused", "refused", "name_differs", HOUSE, NOTHING)
    told = tell(
        asker=question.asker,
        ground=ground,
        subject=facts,
        held=held.get(subject.subject_id, ()),
        day=day,
        pack=pack,
        operators=operators.get(subject.subject_id, ()),
    )
    result = "granted" if told.records else "empty"
    return Outcome(row, subject, result, result, "", founded, told)


def _digest(identifier: Identifier) -> str:
    """What the ledger keeps of an identifier that nobody knows, so that trying out numbers can be reviewed."""
    return blind_now("asked", identifier.judged().canonical or clean(identifier.text))


def _founded(ground: Ground, day: date, pack: Pack) -> str:
    matter = listed_matter(ground, day, pack)
    return matter.article if matter else ""


def _named(given: str, subject: KnownSubject) -> bool:
    """Whether ``given`` is the subject's name, now or before."""
    name = clean(given)
    if subject.kind is SubjectKind.NATURAL_PERSON:
        return name == display_name(subject.subject_id)
    return name == subject.name or any(name == span.name for span in name_history(subject.subject_id))


def _act(question: Question, outcome: Outcome) -> Act:
    """What the ledger says of this question: organisation, officer, matter, case, article, fields, and the refusal."""
    officer, ground, subject = question.officer, question.ground, outcome.subject
    why = {
        "channel": Channel.OFFICIAL.value,
        "matter": ground.matter or "",
        "case": ground.case_number or "",
        "statute": ground.statute or "",
        "article": outcome.article,
        "reason": outcome.noted or outcome.reason,
    }
    if question.persons:
        why["parties"] = "stated"
    extra: dict[str, Any] = {"officer": {"department": officer.department, "staff_number": officer.staff_number}}
    if subject is None:
        extra["asked"] = outcome.asked
    claimed = f"cli:{officer.claimed_by}" if officer.claimed_by else ""
    return Act(
        act=ACT,
        at=question.at,
        law=question.pack.label,
        actor=claimed or f"account:{question.asker.account_id}",
        organisation=officer.organisation_code,
        channel=question.channel_name,
        subject=SubjectRef(subject.subject_id, subject.tag) if subject else None,
        ground=why,
        result=outcome.entered,
        fields={"items": outcome.told.fields, "hidden": outcome.told.hidden},
        data_version=data_version(outcome.told.held),
        extra=extra,
    )
