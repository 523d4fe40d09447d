"""How is a question settled? Lock the subjects, decide about each, enter all, commit (INV-3).

Questions that arrive at the same moment share one transaction: the locks, the reads, the entries and the wait for the
disk are then paid once. Each still has its own decision, its own entry and its own answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from xinheng.disclosure.rules import (
    HOUSE,
    UNREADABLE,
    Channel,
    Ground,
    SubjectFacts,
    admit,
    case_words,
    listed_matter,
    official_ground,
)
from xinheng.disclosure.services.operators import operators_of
from xinheng.disclosure.services.parties import Counted, count, join
from xinheng.disclosure.services.question import Identifier, Question, digest_of, is_person
from xinheng.disclosure.services.receipts import Noted, note
from xinheng.disclosure.services.shown import Told, tell
from xinheng.law.decision import Refused
from xinheng.law.enums import SubjectKind
from xinheng.law.pack import Pack
from xinheng.ledger.rules import Act, Receipt, SubjectRef
from xinheng.ledger.services import append_many
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
    person: bool = False  # whether that identifier is one of a person
    role: str = ""  # of a listed party in the case


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
    digests: Mapping[int, str]  # place in the part → digest of the listed person there
    stand_ins: Mapping[str, int]  # digest → the number, below nought, of a listed person whom nobody knows
    counted: Counted | None


def _ground(asked: Asked, known: Sequence[KnownSubject | None]) -> _Grounded:
    """A question with its subjects and, when it lists persons, with the case locked and its parties counted."""
    question, part = asked.question, asked.part
    numbers = frozenset(subject.subject_id for subject in known if subject is not None)
    if not question.parties:
        return _Grounded(question, question.ground, part, known, numbers, {}, {}, None)
    digests = {place: digest_of(one) for place, one in enumerate(part) if one.party and is_person(one)}
    counted = _counted(question) if digests else None
    stand_ins = {digest: -1 - n for n, digest in enumerate(question.parties)}
    parties, over = set[int](), set[int]()
    for place, digest in digests.items():
        subject = known[place]
        number = stand_ins[digest] if subject is None else subject.subject_id
        (over if counted and digest in counted.beyond else parties).add(number)
    ground = replace(question.ground, parties=frozenset(parties), beyond=frozenset(over))
    return _Grounded(question, ground, part, known, numbers, digests, stand_ins, counted)


def _counted(question: Question) -> Counted | None:
    """The parties of the case with those of the question; None where the question may not be asked anyway. In a matter
    without case numbers the day stands for the case.
    """
    matter = listed_matter(question.ground, question.day, question.pack)
    admitted = official_ground(question.asker, question.ground, question.day, question.pack)
    if matter is None or not matter.persons_admitted or not admitted or question.asker.organisation_id is None:
        return None
    return count(
        organisation_id=question.asker.organisation_id,
        matter=matter.code,
        case=case_words(question.ground.case_number or "") or question.day.isoformat(),
        named=question.parties,
        most=matter.max_persons,
    )


def _settle(asked: Sequence[Asked], *, brief: bool = False) -> list[Settled]:
    """Lock the subjects by id, decide about each, enter all. The caller commits and only then promises.

    ``brief``: give up soon when somebody else holds a subject. Raises OperationalError then.
    """
    known = iter(lock_by_identifiers([_pair(one) for each in asked for one in each.part], brief=brief))
    grounded = [_ground(each, [next(known) for _ in each.part]) for each in asked]
    outcomes = [_decide(each, held) for each, held in zip(grounded, _records(grounded), strict=True)]
    acts = [_act(each.question, one) for each, found in zip(asked, outcomes, strict=True) for one in found]
    receipts = iter(append_many(acts))
    settled = [[(outcome, next(receipts)) for outcome in found] for found in outcomes]
    for each, found in zip(grounded, settled, strict=True):
        if each.counted is not None:
            entries = [(digest, found[place][1].entry_id) for place, digest in each.digests.items()]
            join(each.counted, entries, at=each.question.at)
    note([_noted(each.question, found) for each, found in zip(asked, settled, strict=True) if found])
    return settled


def _noted(question: Question, found: Settled) -> Noted:
    return Noted(
        organisation_id=question.asker.organisation_id or 0,
        account_id=question.asker.account_id or 0,
        at=question.at,
        matter=matter if (matter := question.ground.matter or "") in question.pack.matters else "",
        case_number=question.ground.case_number or "",
        answers=[(receipt.entry_id, outcome.result) for outcome, receipt in found],
        batch=question.batch,
    )


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


def settle(question: Question, part: Sequence[Identifier]) -> Settled:
    """Answer and enter a question about a part of those it is about, committed. A short one may share its transaction
    with others of the same moment; one that lists persons may not, for it may have to wait for its case.
    """
    asked = Asked(question, part)
    alone = len(part) > SHORT or bool(question.parties)
    return _alone(asked) if alone else _shared.ask(asked)


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
    outcomes = []
    for place, (one, subject) in enumerate(zip(each.part, each.known, strict=True)):
        facts = _facts(each, place)
        outcome = _outcome(each.question, each.ground, one, subject, held, facts=facts, operators=hidden)
        asked = "" if outcome.subject else _digest(one)
        role = one.role if place in each.digests else ""
        person = bool(asked) and is_person(one)
        outcomes.append(replace(outcome, asked=asked, person=person, role=role) if asked or role else outcome)
    return outcomes


def _facts(each: _Grounded, place: int) -> SubjectFacts:
    """The subject as the decision knows it; of whom nobody knows, only the kind that is meant."""
    subject = each.known[place]
    if subject is not None:
        return SubjectFacts(subject.subject_id, subject.kind, subject.frozen)
    kind = SubjectKind.NATURAL_PERSON if is_person(each.part[place]) else SubjectKind.LEGAL_PERSON
    return SubjectFacts(each.stand_ins[each.digests[place]] if place in each.digests else 0, kind)


def _outcome(
    question: Question,
    ground: Ground,
    identifier: Identifier,
    subject: KnownSubject | None,
    held: Mapping[int, Sequence[HeldRecord]],
    *,
    facts: SubjectFacts,
    operators: Mapping[int, Sequence[str]],
) -> Outcome:
    """The answer about one identifier. A person nobody knows is refused or answered exactly like a known one."""
    day, pack, row = question.day, question.pack, identifier.row
    verdict = admit(question.asker, ground, replace(facts, frozen=False) if facts.frozen else facts, day, pack)
    if isinstance(verdict, Refused):
        return Outcome(row, subject, "refused", "refused", verdict.reason, verdict.article, NOTHING)
    closed = admit(question.asker, ground, facts, day, pack) if facts.frozen else verdict
    if isinstance(closed, Refused):  # that a person died is nobody's business here: empty to the asker
        return Outcome(row, subject, "empty", "refused", "", _founded(ground, day, pack), NOTHING, closed.reason)
    founded = _founded(ground, day, pack)
    if subject is None:
        unreadable = "" if identifier.judged().valid else UNREADABLE
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
    if question.parties:
        why["parties"] = "stated"
    if outcome.role:
        why["role"] = outcome.role
    extra: dict[str, Any] = {"officer": {"department": officer.department, "staff_number": officer.staff_number}}
    if subject is None:
        extra |= {"asked": outcome.asked, "person": outcome.person}
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
