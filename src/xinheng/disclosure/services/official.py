"""How does an official question become an answer? Settle it, and only after the commit promise and answer.

INV-3: each question about a subject, also a refused or empty one, is durably in the ledger before the asker sees a
byte. If we crash before the commit there is no entry and no answer; after it there is an entry, and the asker asks
again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from xinheng.accounts.models import Organisation
from xinheng.accounts.rules import AskerFacts, Role
from xinheng.accounts.selectors import account, account_asker
from xinheng.disclosure.rules import Asker, Ground, listed_matter, official_ground
from xinheng.disclosure.services.denials import enter_denial
from xinheng.disclosure.services.question import Identifier, Officer, Question, is_person, listed
from xinheng.disclosure.services.refusals import bound_refusals
from xinheng.disclosure.services.settling import Outcome, settle
from xinheng.disclosure.services.shown import ShownRecord
from xinheng.law.enums import SubjectKind
from xinheng.law.pack import Pack
from xinheng.ledger.rules import Receipt
from xinheng.ledger.services import promise
from xinheng.lib.errors import BadInput, NotAllowed
from xinheng.lib.freetext import holds_number
from xinheng.records.selectors import data_version

MOST = 10_000  # identifiers in one question whose matter is unknown
TOGETHER = 500  # subjects answered in one transaction


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
        line |= {"article": self.article, "entry": self.entry, "leaf": self.leaf}
        return {**line, "promise": self.promise} if self.promise else line


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

    ``parties_stated``: the asker states that all persons asked about are parties of the case; without it only those
    listed as such (`Identifier.party`), and other persons are refused. The bound of the pack holds for the case: all
    its questions together, persons that nobody knows too, so that a list can't be tried out.
    Refusals and empty answers are results, not errors. Raises BadInput ``too_many_identifiers`` (nobody was looked
    up; the denial is entered) when the list is longer than the matter allows, and ``ground_holds_identifier`` when
    matter, case number, statute or role hold a number of a person: the ledger would keep and show it.
    Raises NotAllowed when the post or a power is lost before a long list is at its end (`still_asking`).
    """
    if parties_stated:
        identifiers = [replace(one, party=True) if is_person(one) else one for one in identifiers]
    question, identifiers = prepared(
        asker=asker,
        officer=officer,
        ground=ground,
        identifiers=identifiers,
        channel_name=channel_name,
        at=at,
        pack=pack,
    )
    answers: list[QueryAnswer] = []
    for start in range(0, len(identifiers), TOGETHER):
        if start:
            still_asking(question, left=len(identifiers) - start)
        settled = settle(question, identifiers[start : start + TOGETHER])
        answers += [shown_answer(question, outcome, receipt, promise(receipt)) for outcome, receipt in settled]
    return answers


def prepared(
    *,
    asker: Asker,
    officer: Officer,
    ground: Ground,
    identifiers: Sequence[Identifier],
    channel_name: str,
    at: datetime,
    pack: Pack,
) -> tuple[Question, Sequence[Identifier]]:
    """A question in order and those it is about, each judged as a code once. Raises as `official_query` does, and
    NotAllowed ``too_many_refusals`` by `bound_refusals`.
    """
    roles = {one.role for one in identifiers if one.role}
    if holds_number_of_person(ground.matter or "", ground.case_number or "", ground.statute or "", *roles):
        raise BadInput("ground_holds_identifier")
    day = at.astimezone(pack.tz).date()
    too_long = (most := _most(ground, day, pack)) < len(identifiers)
    if too_long or not official_ground(asker, ground, day, pack):
        house, weight = officer.organisation_code, 1 if too_long else len(identifiers)
        bound_refusals(account_id=asker.account_id, organisation=house, at=at, pack=pack, weight=weight)
    if too_long:
        enter_denial(
            account_id=asker.account_id,
            organisation=officer.organisation_code,
            reason="too_many_identifiers",
            at=at,
            pack=pack,
            matter=ground.matter or "",
            case_number=ground.case_number or "",
            given=len(identifiers),
            channel_name=channel_name,
        )
        raise BadInput("too_many_identifiers", most=str(most), given=str(len(identifiers)))
    judged = [one if one.verdict else replace(one, verdict=one.judged()) for one in identifiers]
    parties = {keys[0]: keys for one in judged if one.party and is_person(one) for keys in (listed(one),)}
    return Question(asker, officer, ground, channel_name, at, day, pack, parties), judged


def still_asking(question: Question, *, left: int) -> None:
    """Look again, in the middle of a long list, whether the account may ask at all; ``left`` are still to be answered.

    Raises NotAllowed ``role_missing`` when it lost its post or its organisation a power since; the denial is entered.
    """
    asker = question.asker
    facts = account_asker(account(asker.account_id or 0))
    if Role.QUERIER in facts.roles and asker.powers <= facts.powers:
        return
    enter_denial(
        account_id=asker.account_id,
        organisation=question.officer.organisation_code,
        reason="role_missing",
        at=question.at,
        pack=question.pack,
        matter=question.ground.matter or "",
        case_number=question.ground.case_number or "",
        given=left,
        channel_name=question.channel_name,
    )
    raise NotAllowed("role_missing")


def holds_number_of_person(*texts: str) -> bool:
    """Whether an identity, phone or card number stands in one of the texts, however it was written."""
    return any(map(holds_number, texts))


def _most(ground: Ground, day: date, pack: Pack) -> int:
    matter = listed_matter(ground, day, pack)
    return matter.max_organisations if matter else MOST


def shown_answer(question: Question, outcome: Outcome, receipt: Receipt, promised: str) -> QueryAnswer:
    """An outcome as it leaves the house, after its commit. ``promised`` is empty where a batch is promised as one."""
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
