"""What is on file about me, from whom, under which item and law? (ZY-44, SP-24)

The subject's own right is the ground. Each reading is a disclosure like any other: entered and committed before it is
shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from xinheng.disclosure.rules import (
    Asker,
    Channel,
    Ground,
    Mask,
    MaskKind,
    Reason,
    SubjectFacts,
    admit,
    article,
    is_sealed,
    masked,
    unpublished,
)
from xinheng.disclosure.services.own_waiting import Waiting, said_of, waiting_of
from xinheng.disclosure.services.shown import ShownRecord, Told, facts_of, tell
from xinheng.law.decision import Refused
from xinheng.law.enums import SubjectKind
from xinheng.law.lookup import ground as law_ground
from xinheng.law.pack import Pack
from xinheng.ledger.rules import Receipt, SubjectRef
from xinheng.ledger.selectors import chain
from xinheng.ledger.services import append, promise
from xinheng.lib.codes import check
from xinheng.lib.errors import NotFound, RefusedByLaw
from xinheng.records.rules import HeldRecord
from xinheng.records.selectors import data_version, records_of
from xinheng.subjects.rules import Capacity, Scheme
from xinheng.subjects.rules import SubjectFacts as KnownSubject
from xinheng.subjects.selectors import display_name, facts_many, identifier_of, keys_of, lock, standings
from xinheng.ui import wording

ACT = "disclosure.answered"
OWN = Ground(Channel.OWN, None, None, None, None)
VISITS = ("file", "copy")  # readings of the own file that show its records
_PART, _FAR = 100, 1_000  # entries of a chain read at a time, and how far back an earlier visit is looked for


@dataclass(frozen=True, slots=True)
class Whom:
    """For whom an account looks. ``several``: it stands for others besides. ``name`` of a person is its own."""

    subject_id: int
    name: str
    code: str
    kind: SubjectKind
    capacity: str
    several: bool


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A subject's own file as it is shown. ``identifier`` of a person shows its last two characters.

    ``last_visit``: when this account saw the file before, None when it never did or long ago; ``new``: the records
    that were registered since.
    """

    subject_id: int
    name: str
    identifier: str
    kind: SubjectKind
    records: tuple[ShownRecord, ...]
    waiting: tuple[Waiting, ...]
    at: datetime
    article: str
    entry: str
    leaf: str
    promise: str
    data_version: str
    whom: Whom
    last_visit: datetime | None
    new: frozenset[int]


def own_subjects(*, account_id: int, at: datetime) -> tuple[Whom, ...]:
    """For whom the account may look now, its own file first. Names only: nothing of a file is told."""
    found = standings(account_id, at)
    known = facts_many(one.subject_id for one in found)
    return tuple(_whom(known[one.subject_id], one.capacity, len(found) > 1) for one in found)


def own_file(*, account_id: int, at: datetime, pack: Pack, subject_id: int | None = None) -> OwnFile:
    """The own file of an account, or of the subject it stands for, entered in the ledger before it is returned.

    Raises NotFound ``no_own_file`` when no file belongs to the account, RefusedByLaw when the file is closed to it.
    """
    law = founding("query.own", at, pack)
    with transaction.atomic():
        opened = open_own(account_id=account_id, at=at, pack=pack, subject_id=subject_id)
        if opened.refused is not None:
            opened.enter_refusal(account_id=account_id, at=at, pack=pack, act=ACT, purpose="file")
        else:
            shown = shown_of(opened, account_id, at, pack, purpose="file", law=law)
    opened.raise_refusal()
    return replace(shown[0], promise=promise(shown[1]))


@dataclass(frozen=True, slots=True)
class Opened:
    """The own subject of an account, locked; ``refused`` when its file is closed to the account."""

    asker: Asker
    subject: KnownSubject
    refused: Refused | None
    whom: Whom

    def raise_refusal(self) -> None:
        """Raise RefusedByLaw when the file is closed to the account; the refusal is entered and committed by then."""
        if self.refused is not None:
            raise RefusedByLaw(self.refused.reason, self.refused.article)

    def enter_refusal(self, *, account_id: int, at: datetime, pack: Pack, act: str, purpose: str) -> None:
        """Enter that the file was not opened. The caller commits it before it raises (INV-3)."""
        assert self.refused is not None
        append(
            act=act,
            at=at,
            law=pack.label,
            actor=f"account:{account_id}",
            organisation="",
            channel="web",
            subject=SubjectRef(self.subject.subject_id, self.subject.tag),
            ground={
                "channel": Channel.OWN.value,
                "purpose": purpose,
                "article": self.refused.article,
                "reason": self.refused.reason,
            },
            result="refused",
            fields={"items": {}, "hidden": 0},
        )


def open_own(*, account_id: int, at: datetime, pack: Pack, subject_id: int | None = None) -> Opened:
    """Load *and* authorise the own subject of an account; the subject is locked, inside the caller's transaction.

    ``subject_id``: whom the account chose among those it stands for; one for whom it no longer stands is refused.
    None: its own file, or the first. Whoever opens enters a refusal, commits and then raises it. Raises NotFound
    ``no_own_file``.
    """
    found = standings(account_id, at)
    number = subject_id or next((one.subject_id for one in found), None)
    if number is None:
        raise NotFound("no_own_file")
    mine = next((one.subject_id for one in found if one.capacity is Capacity.SELF), None)
    subject = lock(number)
    # An agency ends with its principal: of a frozen file guardians and close relatives keep the right (SUB-1).
    over = {Capacity.SELF, Capacity.AGENT} if subject.frozen else {Capacity.SELF}
    others = frozenset(one.subject_id for one in found if one.capacity not in over)
    asker = Asker(account_id, None, frozenset(), number if number == mine else None, others)
    facts = SubjectFacts(subject.subject_id, subject.kind, subject.frozen)
    verdict = admit(asker, OWN, facts, at.astimezone(pack.tz).date(), pack)
    refused = verdict if isinstance(verdict, Refused) else None
    capacity = next((one.capacity for one in found if one.subject_id == number), None)
    return Opened(asker, subject, refused, _whom(subject, capacity, len(found) > 1, named=refused is None))


def founding(name: str, at: datetime, pack: Pack) -> str:
    """The article under which the subject's right is used; that of the decision where the city names none."""
    day = at.astimezone(pack.tz).date()
    return law_ground(pack, name, day).article or article(pack, Reason.GRANTED_OWN, day)


def _whom(subject: KnownSubject, capacity: Capacity | None, several: bool, *, named: bool = True) -> Whom:
    return Whom(
        subject_id=subject.subject_id,
        name=display_name(subject.subject_id) if named else "",
        code=subject.code,
        kind=subject.kind,
        capacity=capacity.value if capacity else "",
        several=several,
    )


def _last_visit(tag: bytes, account_id: int) -> datetime | None:
    """When this account saw the records of this subject before."""
    before, far, actor = None, _FAR, f"account:{account_id}"
    while far > 0:
        part = chain(tag, before_seq=before, limit=_PART)
        for entry in reversed(part):
            body = entry.body or {}
            seen = entry.act == ACT and body.get("actor") == actor and body.get("result") != "refused"
            if seen and body["ground"].get("purpose") in VISITS:
                return entry.at
        if not part or part[0].seq <= 1:
            return None
        before, far = part[0].seq, far - _PART
    return None


def shown_of(
    opened: Opened,
    account_id: int,
    at: datetime,
    pack: Pack,
    *,
    purpose: str,
    law: str,
    besides: Mapping[str, Any] | None = None,
) -> tuple[OwnFile, Receipt]:
    """The file as it is shown, entered inside the caller's transaction; the promise is signed after its commit.

    ``besides``: what else is given with it, for the entry.
    """
    subject, day = opened.subject, at.astimezone(pack.tz).date()
    last = _last_visit(subject.tag, account_id)
    held = records_of(subject.subject_id)
    facts = SubjectFacts(subject.subject_id, subject.kind, subject.frozen)
    told = tell(asker=opened.asker, ground=OWN, subject=facts, held=held, day=day, pack=pack, dates=True)
    identifier = identifier_of(subject.subject_id)
    waiting = waiting_of(
        _keys(subject.kind, identifier),
        asker=opened.asker,
        ground=OWN,
        subject=facts,
        identifier=identifier,
        day=day,
        pack=pack,
    )
    rows = said_of(waiting)
    besides = {**({"waiting": rows} if rows else {}), **(besides or {})}
    receipt = _enter(account_id, subject, told, at, pack, purpose=purpose, law=law, besides=besides)
    if subject.kind is SubjectKind.NATURAL_PERSON:
        identifier = masked(Mask(MaskKind.ID_TAIL), identifier, {})
    file = OwnFile(
        subject_id=subject.subject_id,
        name=opened.whom.name,
        identifier=identifier,
        kind=subject.kind,
        records=_with_standing(told.records, held, subject.kind, day, pack),
        waiting=waiting,
        at=at,
        article=law,
        entry=str(receipt.entry_id),
        leaf=receipt.leaf,
        promise="",
        data_version=data_version(told.held),
        whom=opened.whom,
        last_visit=last,
        new=frozenset(one.record_id for one in told.records if last and one.registered_at > last),
    )
    return file, receipt


def _keys(kind: SubjectKind, identifier: str) -> list[str]:
    """The keys by which rows that wait in intake name this subject."""
    if kind is not SubjectKind.NATURAL_PERSON:
        return keys_of(Scheme.USCC if len(identifier) == 18 else Scheme.ORG, identifier)
    return keys_of(Scheme.ID if check(identifier).kind == "id" else Scheme.DOC, identifier)


def _enter(
    account_id: int,
    subject: KnownSubject,
    told: Told,
    at: datetime,
    pack: Pack,
    *,
    purpose: str,
    law: str,
    besides: Mapping[str, Any] | None,
) -> Receipt:
    return append(
        act=ACT,
        at=at,
        law=pack.label,
        actor=f"account:{account_id}",
        organisation="",
        channel="web",
        subject=SubjectRef(subject.subject_id, subject.tag),
        ground={"channel": Channel.OWN.value, "purpose": purpose, "article": law},
        result="granted" if told.records or "waiting" in (besides or {}) else "empty",
        fields={"items": told.fields, "hidden": told.hidden, **(besides or {})},
        data_version=data_version(told.held),
    )


def _with_standing(
    records: Sequence[ShownRecord], held: Sequence[HeldRecord], kind: SubjectKind, day: date, pack: Pack
) -> tuple[ShownRecord, ...]:
    """Each record with the reason, and its article, why the public does not see it now."""
    facts = {one.record_id: facts_of(one, pack) for one in held}
    causes = {one.record_id: one.cause if wording.known(one.cause) else "" for one in held}
    out = []
    for record in records:
        why = None if is_sealed(facts[record.record_id]) else unpublished(facts[record.record_id], kind, day)
        founded = article(pack, why, day) if why else ""
        told = replace(record, not_public=why.value if why else "", not_public_article=founded)
        out.append(replace(told, ended_because=causes[record.record_id]))
    return tuple(out)
