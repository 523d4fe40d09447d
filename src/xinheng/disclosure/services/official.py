"""How does an official question become an answer? Lock, decide, enter, commit, promise: only then is there an answer.

INV-3: each question about a subject, also a refused or empty one, is durably in the ledger before the asker sees a
byte. If we crash before the commit there is no entry and no answer; after it there is an entry, and the asker asks
again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from xinheng.accounts.models import Organisation
from xinheng.accounts.rules import AskerFacts
from xinheng.accounts.selectors import account, account_asker
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
from xinheng.disclosure.services.shown import ShownRecord, Told, tell
from xinheng.intake.rules.freetext import personal_numbers
from xinheng.law.decision import Refused
from xinheng.law.enums import SubjectKind
from xinheng.law.pack import Pack
from xinheng.ledger.rules import Act, Receipt, SubjectRef
from xinheng.ledger.services import append_many, promise
from xinheng.lib.codes import check
from xinheng.lib.errors import BadInput
from xinheng.lib.text import clean
from xinheng.records.rules import HeldRecord
from xinheng.records.selectors import data_version, records_of, records_of_many
from xinheng.store.crypto import blind_now
from xinheng.store.retry import atomic_retry
from xinheng.subjects.rules import SubjectFacts as KnownSubject
from xinheng.subjects.selectors import display_name, lock_by_identifiers, name_history

ACT = "disclosure.answered"
MOST = 10_000  # identifiers in one question whose matter is unknown
TOGETHER = 500  # subjects answered in one transaction


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

    ``kind`` is uscc, org, id or "" (told by the shape). ``name`` is only checked.
    """

    row: int
    kind: str
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """The answer about one subject, with the receipt of its ledger entry. ``result`` is granted, empty or refused."""

    input_row: int
    result: str
    subject_kind: str
    subject_name: str
    records: tuple[ShownRecord, ...]
    reason: str
    article: str
    entry: str
    leaf: str
    promise: str
    at: datetime
    data_version: str

    @property
    def disputed(self) -> bool:
        """Whether a shown record is under objection."""
        return any("disputed" in record.marks for record in self.records)

    def as_dict(self) -> dict[str, Any]:
        """The line of ``query --json``. The subject is named only when something about it is shown."""
        line: dict[str, Any] = {"input_row": self.input_row, "result": self.result}
        if self.records:
            line["subject"] = {"kind": self.subject_kind, "name": self.subject_name}
        line["records"] = [_record_line(record) for record in self.records]
        if self.reason:
            line["reason"] = self.reason
        return {**line, "article": self.article, "entry": self.entry, "leaf": self.leaf, "promise": self.promise}


def _record_line(record: ShownRecord) -> dict[str, Any]:
    fields: dict[str, dict[str, str]] = {}
    for shown in record.fields:
        fields[shown.code] = {"release": shown.release, "value": shown.value, "article": shown.article}
        if shown.release == "withheld":
            fields[shown.code]["reason"] = shown.reason
    return {"item": record.item, "record": str(record.record_id), "fields": fields, "marks": list(record.marks)}


def asking(facts: AskerFacts, body: Organisation | None, *, claimed_by: str = "") -> tuple[Asker, Officer]:
    """The account that asks, as the decision needs it and as the ledger and the subject will be told of it."""
    kind = facts.organisation_kind.value if facts.organisation_kind else None
    asker = Asker(facts.account_id, facts.organisation_id, facts.powers, None, frozenset(), kind)
    names = (body.name_zh, body.name_en) if body else ("", "")
    return asker, Officer(facts.organisation_code, *names, facts.department, facts.staff_number, claimed_by)


def officer_of(account_id: int, *, claimed_by: str = "") -> tuple[Asker, Officer]:
    """`asking` for an account number. Raises NotFound."""
    found = account(account_id)
    return asking(account_asker(found), found.organisation, claimed_by=claimed_by)


def official_query(
    *,
    asker: Asker,
    officer: Officer,
    ground: Ground,
    identifiers: Sequence[Identifier],
    channel_name: str,
    at: datetime,
    pack: Pack,
    parties_stated: bool = True,
) -> list[QueryAnswer]:
    """Answer an official question about each of ``identifiers``, in their order, each with its own ledger entry.

    ``parties_stated``: the asker states that the persons asked about are parties of the case; without it persons are
    refused. Persons that nobody knows count against the bound of the pack too, so that a list can't be tried out.
    Refusals and empty answers are results, not errors. Raises BadInput ``too_many_identifiers`` (nothing was looked
    at, so nothing is entered) when the list is longer than the matter allows, and ``ground_holds_identifier`` when the
    case number or the statute holds a number of a person: the ledger would keep and show it.
    """
    if holds_number_of_person(ground.case_number or "", ground.statute or ""):
        raise BadInput("ground_holds_identifier")
    day = at.astimezone(pack.tz).date()
    _bound(identifiers, ground, day, pack)
    persons = sum(is_person(one) for one in identifiers)
    question = _Question(asker, officer, ground, channel_name, at, day, pack, persons if parties_stated else 0)
    answers: list[QueryAnswer] = []
    for start in range(0, len(identifiers), TOGETHER):
        part = identifiers[start : start + TOGETHER]
        settled = atomic_retry(partial(_settle, question, part))
        answers += [_answer(question, outcome, receipt, promise(receipt)) for outcome, receipt in settled]
    return answers


def holds_number_of_person(*texts: str) -> bool:
    """Whether an identity, phone or card number stands in one of the texts."""
    return any(next(personal_numbers(text), None) is not None for text in texts)


def is_person(identifier: Identifier) -> bool:
    """Whether the identifier means a natural person, by its stated kind or its shape."""
    return (identifier.kind or check(identifier.text).kind) == "id"


def _bound(identifiers: Sequence[Identifier], ground: Ground, day: date, pack: Pack) -> None:
    matter = listed_matter(ground, day, pack)
    most = matter.max_organisations if matter else MOST
    if len(identifiers) > most:
        raise BadInput("too_many_identifiers", most=str(most), given=str(len(identifiers)))


@dataclass(frozen=True, slots=True)
class _Question:
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
class _Outcome:
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


def _settle(question: _Question, part: Sequence[Identifier]) -> list[tuple[_Outcome, Receipt]]:
    """Lock the subjects by id, decide about each, enter all. The caller commits and only then promises."""
    verdicts = [check(one.text) for one in part]
    pairs = [
        (one.kind or verdict.kind, verdict.canonical) if verdict.valid and verdict.canonical else (None, "")
        for one, verdict in zip(part, verdicts, strict=True)
    ]
    known = lock_by_identifiers(pairs)
    persons = frozenset(s.subject_id for s in known if s is not None and s.kind is SubjectKind.NATURAL_PERSON)
    ground = question.about(persons)
    held = _records(question, ground, known)
    shown = [subject for subject in known if subject is not None and held.get(subject.subject_id)]
    hidden = operators_of(shown, question.pack)
    outcomes = [
        _outcome(question, ground, one, subject, held, operators=hidden)
        for one, subject in zip(part, known, strict=True)
    ]
    outcomes = [
        outcome if outcome.subject else replace(outcome, asked=_digest(one))
        for one, outcome in zip(part, outcomes, strict=True)
    ]
    receipts = append_many([_act(question, outcome) for outcome in outcomes])
    return list(zip(outcomes, receipts, strict=True))


def _records(
    question: _Question, ground: Ground, known: Sequence[KnownSubject | None]
) -> Mapping[int, Sequence[HeldRecord]]:
    """The records linked to the matter of each subject; nothing is read for a question that may not be asked at all."""
    matter = listed_matter(ground, question.day, question.pack)
    if matter is None or not official_ground(question.asker, ground, question.day, question.pack):
        return {}
    wanted = {subject.subject_id for subject in known if subject is not None}
    if len(wanted) == 1:
        number = wanted.pop()
        return {number: records_of(number, items=matter.items)}
    return records_of_many(wanted, items=matter.items) if wanted else {}


def _outcome(
    question: _Question,
    ground: Ground,
    identifier: Identifier,
    subject: KnownSubject | None,
    held: Mapping[int, Sequence[HeldRecord]],
    *,
    operators: Mapping[int, Sequence[str]],
) -> _Outcome:
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
            return _Outcome(row, subject, "empty", "refused", "", _founded(ground, day, pack), NOTHING, verdict.reason)
        return _Outcome(row, subject, "refused", "refused", verdict.reason, verdict.article, NOTHING)
    founded = _founded(ground, day, pack)
    if subject is None:
        unreadable = "" if check(identifier.text).valid else "identifier_unreadable"
        return _Outcome(row, None, "empty", "empty", unreadable, founded, NOTHING)
    if identifier.name.strip() and not _named(identifier.name, subject):
        if subject.kind is SubjectKind.NATURAL_PERSON:
            return _Outcome(row, subject, "empty", "empty", "", founded, NOTHING, "name_differs")
        return _Outcome(row, subject, "refused", "refused", "name_differs", HOUSE, NOTHING)
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
    return _Outcome(row, subject, result, result, "", founded, told)


def _digest(identifier: Identifier) -> str:
    """What the ledger keeps of an identifier that nobody knows, so that trying out numbers can be reviewed."""
    return blind_now("asked", check(identifier.text).canonical or clean(identifier.text))


def _founded(ground: Ground, day: date, pack: Pack) -> str:
    matter = listed_matter(ground, day, pack)
    return matter.article if matter else ""


def _named(given: str, subject: KnownSubject) -> bool:
    """Whether ``given`` is the subject's name, now or before."""
    name = clean(given)
    if subject.kind is SubjectKind.NATURAL_PERSON:
        return name == display_name(subject.subject_id)
    return name == subject.name or any(name == span.name for span in name_history(subject.subject_id))


def _act(question: _Question, outcome: _Outcome) -> Act:
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


def _answer(question: _Question, outcome: _Outcome, receipt: Receipt, promised: str) -> QueryAnswer:
    records, subject = outcome.told.records, outcome.subject
    name = ""
    if subject is not None and records:
        name = records[0].value("name") if subject.kind is SubjectKind.NATURAL_PERSON else subject.name
    return QueryAnswer(
        input_row=outcome.row,
        result=outcome.result,
        subject_kind=subject.kind.value if subject and records else "",
        subject_name=name,
        records=records,
        reason=outcome.reason,
        article=outcome.article,
        entry=str(receipt.entry_id),
        leaf=receipt.leaf,
        promise=promised,
        at=question.at,
        data_version=data_version(outcome.told.held),
    )
