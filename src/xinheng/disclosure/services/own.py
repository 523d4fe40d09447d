"""What is on file about me, from whom, under which item and law? (ZY-44, SP-24)

The subject's own right is the ground. Each reading is a disclosure like any other: entered and committed before it is
shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

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
from xinheng.disclosure.services.shown import ShownRecord, Told, facts_of, tell
from xinheng.intake.selectors import WaitingRow, waiting_about
from xinheng.law.decision import Refused
from xinheng.law.enums import SubjectKind
from xinheng.law.lookup import ground as law_ground
from xinheng.law.pack import Pack
from xinheng.ledger.rules import Receipt, SubjectRef
from xinheng.ledger.services import append, promise
from xinheng.lib.codes import check
from xinheng.lib.errors import NotFound, RefusedByLaw
from xinheng.records.rules import HeldRecord
from xinheng.records.selectors import data_version, records_of
from xinheng.subjects.rules import Scheme
from xinheng.subjects.rules import SubjectFacts as KnownSubject
from xinheng.subjects.selectors import acts_for, display_name, identifier_of, keys_of, lock, own_subject
from xinheng.ui import wording

ACT = "disclosure.answered"
OWN = Ground(Channel.OWN, None, None, None, None)


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A subject's own file as it is shown. ``identifier`` of a person shows its last two characters."""

    subject_id: int
    name: str
    identifier: str
    kind: SubjectKind
    records: tuple[ShownRecord, ...]
    waiting: tuple[WaitingRow, ...]
    at: datetime
    article: str
    entry: str
    leaf: str
    promise: str
    data_version: str


def own_file(*, account_id: int, at: datetime, pack: Pack) -> OwnFile:
    """The own file of an account, entered in the ledger before it is returned.

    Raises NotFound ``no_own_file`` when no file belongs to the account, RefusedByLaw when the file is closed to it.
    """
    return _read(account_id, at, pack, purpose="file", founded="query.own")


def own_copy(*, account_id: int, at: datetime, pack: Pack) -> OwnFile:
    """The same for a copy to take away, under the article on copying. Raises as `own_file`."""
    return _read(account_id, at, pack, purpose="copy", founded="query.copy")


@dataclass(frozen=True, slots=True)
class Opened:
    """The own subject of an account, locked; ``refused`` when its file is closed to the account."""

    asker: Asker
    subject: KnownSubject
    refused: Refused | None

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


def open_own(*, account_id: int, at: datetime, pack: Pack) -> Opened:
    """Load *and* authorise the own subject of an account; the subject is locked, inside the caller's transaction.

    Whoever opens enters a refusal, commits and then raises it. Raises NotFound ``no_own_file``.
    """
    others = acts_for(account_id, at)
    number = own_subject(account_id) or min(others, default=None)
    if number is None:
        raise NotFound("no_own_file")
    own_number = None if number in others else number
    asker = Asker(account_id, None, frozenset(), own_number, others)
    subject = lock(number)
    facts = SubjectFacts(subject.subject_id, subject.kind, subject.frozen)
    verdict = admit(asker, OWN, facts, at.astimezone(pack.tz).date(), pack)
    return Opened(asker, subject, verdict if isinstance(verdict, Refused) else None)


def _read(account_id: int, at: datetime, pack: Pack, *, purpose: str, founded: str) -> OwnFile:
    day = at.astimezone(pack.tz).date()
    law = law_ground(pack, founded, day).article or article(pack, Reason.GRANTED_OWN, day)
    with transaction.atomic():
        opened = open_own(account_id=account_id, at=at, pack=pack)
        if opened.refused is not None:
            opened.enter_refusal(account_id=account_id, at=at, pack=pack, act=ACT, purpose=purpose)
        else:
            shown = _shown(opened, account_id, at, pack, purpose=purpose, law=law)
    if opened.refused is not None:
        raise RefusedByLaw(opened.refused.reason, opened.refused.article)
    return replace(shown[0], promise=promise(shown[1]))


def _shown(
    opened: Opened, account_id: int, at: datetime, pack: Pack, *, purpose: str, law: str
) -> tuple[OwnFile, Receipt]:
    """The file as it is shown, entered inside the caller's transaction; the promise is signed after its commit."""
    subject, day = opened.subject, at.astimezone(pack.tz).date()
    held = records_of(subject.subject_id)
    facts = SubjectFacts(subject.subject_id, subject.kind, subject.frozen)
    told = tell(asker=opened.asker, ground=OWN, subject=facts, held=held, day=day, pack=pack, dates=True)
    name, identifier = display_name(subject.subject_id), identifier_of(subject.subject_id)
    waiting = tuple(waiting_about(_keys(subject.kind, identifier)))
    receipt = _enter(account_id, subject, told, at, pack, purpose=purpose, law=law)
    if subject.kind is SubjectKind.NATURAL_PERSON:
        identifier = masked(Mask(MaskKind.ID_TAIL), identifier, {})
    file = OwnFile(
        subject_id=subject.subject_id,
        name=name,
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
    )
    return file, receipt


def _keys(kind: SubjectKind, identifier: str) -> list[str]:
    """The keys by which rows that wait in intake name this subject."""
    if kind is not SubjectKind.NATURAL_PERSON:
        return keys_of(Scheme.USCC if len(identifier) == 18 else Scheme.ORG, identifier)
    return keys_of(Scheme.ID if check(identifier).kind == "id" else Scheme.DOC, identifier)


def _enter(
    account_id: int, subject: KnownSubject, told: Told, at: datetime, pack: Pack, *, purpose: str, law: str
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
        result="granted" if told.records else "empty",
        fields={"items": told.fields, "hidden": told.hidden},
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
