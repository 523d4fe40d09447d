"""How does a sender take a whole batch back? (INV-2, INV-7; ZY-33, ZY-35(2), SP-8, SP-15(3))

A collector of the organisation that sent it proposes, with a reason; a reviewer of the same organisation who is not
the proposer decides. Two persons, because the law forbids to hide or delete credit information against the rules, and a
withdrawal hides thousands of records at a stroke. Once decided, everything happens in one transaction: each live record
that came from the batch leaves publicity, sharing and use, what rests on it stops, waiting rows go back.

Left alone: records that have ended, and records whose present content another batch brought, since that batch stands
for them. Records of earlier batches that a row of this one corrected keep the correction, which a second person made
and another correction undoes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import connection, transaction

from xinheng.accounts.models import Account
from xinheng.accounts.selectors import account
from xinheng.intake import selectors as received
from xinheng.intake.services import (
    close_proposal,
    hold_open,
    mark_withdrawn,
    note_proposal,
    open_proposal,
    return_waiting,
)
from xinheng.ledger import selectors as ledger
from xinheng.ledger.models import LawVersion
from xinheng.ledger.rules import Receipt
from xinheng.ledger.services import append
from xinheng.lib import merkle
from xinheng.lib.clock import day_of
from xinheng.lib.errors import NotAllowed, NotFound
from xinheng.records import selectors
from xinheng.records.models import Record, RecordKey, RecordVersion
from xinheng.records.rules import (
    BATCH_WITHDRAWN,
    LIVE,
    Act,
    RecordState,
    Version,
    ended,
    run_consequences,
    version_leaf,
)
from xinheng.records.services import writing
from xinheng.records.services.changes import need_reason
from xinheng.store.copying import copy_rows
from xinheng.store.ids import take
from xinheng.subjects.models import Subject

PROPOSED, REFUSED, DONE = "withdrawal.proposed", "withdrawal.refused", "batch.withdrawn"
AT_ONCE = 5000
Place = tuple[int, int]  # (subject, record)


@dataclass(frozen=True, slots=True)
class Reach:
    """What the withdrawal of a batch would touch: records by place, and how many are left alone and why."""

    live: tuple[Place, ...]
    ended: int
    corrected: int  # their present content came with another batch
    corrections: int  # records of other batches that this one corrected


@transaction.atomic
def propose_withdrawal(*, batch_id: int, reason: str, clerk: int, at: datetime) -> int:
    """Propose to take a batch back; the number of the proposal.

    Raises NotFound for a batch of another organisation, Conflict ``batch_taken_back`` and ``withdrawal_proposed``,
    BadInput for a reason that is missing or holds a number of a person.
    """
    need_reason(reason)
    batch, who = hold_open(batch_id), _of_sender(batch_id, clerk)
    receipt = _entered(PROPOSED, batch_id, who, at, ground=reason, extra={})
    return note_proposal(batch_id=batch.id, reason=reason, by=clerk, entry_id=receipt.entry_id, at=at)


@transaction.atomic
def refuse_withdrawal(*, batch_id: int, reason: str, reviewer: int, at: datetime) -> Receipt:
    """Decide that a batch stays. Raises as `withdraw_batch`."""
    need_reason(reason)
    who = _of_sender(batch_id, reviewer)
    proposal = open_proposal(batch_id=batch_id, by=reviewer)
    receipt = _entered(REFUSED, batch_id, who, at, ground=reason, extra={"proposal": str(proposal.entry_id)})
    close_proposal(number=proposal.id, confirmed=False, answer=reason, by=reviewer, entry_id=receipt.entry_id, at=at)
    return receipt


@transaction.atomic
def withdraw_batch(*, batch_id: int, reason: str, reviewer: int, at: datetime) -> Receipt:
    """Carry out the open proposal to take a batch back.

    One entry ``batch.withdrawn`` binds the new versions of all its records (``records_root``: RFC 6962 root over their
    leaves in the order of their ids), the proposal and the rows that go back. The keys of the decisions are free
    again, so that a mended file registers them anew. Raises NotFound for a batch of another organisation or without a
    proposal, NotAllowed ``second_person_needed`` for the proposer, Conflict ``batch_taken_back``, BadInput.
    """
    need_reason(reason)
    who = _of_sender(batch_id, reviewer)
    proposal = open_proposal(batch_id=batch_id, by=reviewer)
    pack, law_version = selectors.law_in_force()
    told = reach(batch_id, locked=True)
    act = _Withdrawal(
        batch_id, who, law_version, received.item_of(batch_id).article, proposal.reason, at, day_of(at, pack.zone)
    )
    versions = act.versions(told.live)
    returned = return_waiting(batch_id=batch_id, by=reviewer, at=at)
    receipt = _entered(
        DONE,
        batch_id,
        who,
        at,
        ground=proposal.reason,
        extra={
            "answer": reason,
            "proposal": str(proposal.entry_id),
            "proposed_by": f"account:{proposal.proposed_by}",
            "records": str(len(versions)),
            "records_root": merkle.root([version_leaf(version) for version in versions]).hex(),
            "returned": [str(row) for row in returned],
            "left": {"ended": told.ended, "corrected": told.corrected, "corrections": told.corrections},
        },
    )
    act.write(versions, receipt.entry_id)
    close_proposal(number=proposal.id, confirmed=True, answer=reason, by=reviewer, entry_id=receipt.entry_id, at=at)
    mark_withdrawn(batch_id=batch_id, entry_id=receipt.entry_id)
    return receipt


def reach(batch_id: int, *, locked: bool = False) -> Reach:
    """What the withdrawal of a batch would touch. ``locked``: the subjects are locked for it, in the order of ids."""
    batch = received.batch(batch_id)
    first = RecordVersion.objects.filter(entry_id=batch.entry_id or 0, n=1).values_list("subject_id", "record_id")
    reviewed = _of_reviewed_rows(batch_id)
    own = sorted({*first, *(place for place, of in reviewed.items() if of == batch_id)})
    live: list[Place] = []
    gone = elsewhere = 0
    for some in _pieces(own):
        if locked:
            _lock({subject_id for subject_id, _ in some})
        held = _states(some)
        foreign = _corrected_elsewhere(batch_id, [content for state, content in held.values() if state in _CHANGED])
        for place in some:
            state, content_id = held[place]
            gone += state not in LIVE
            elsewhere += state in LIVE and content_id in foreign
            if state in LIVE and content_id not in foreign:
                live.append(place)
    return Reach(tuple(live), gone, elsewhere, sum(of != batch_id for of in reviewed.values()))


_CHANGED = frozenset({RecordState.CORRECTED})


def _of_reviewed_rows(batch_id: int) -> dict[Place, int]:
    """The records to which rows of the batch led that a second person accepted -> the batch each came from."""
    keys = received.decisions_of_reviewed(batch_id)
    places = {(key.subject_id, key.record_id) for key in RecordKey.objects.filter(key__in=keys)}
    rows = Record.objects.filter(subject_id__in={s for s, _ in places}, id__in={r for _, r in places})
    return {(subject, number): of for subject, number, of in rows.values_list("subject_id", "id", "batch_id")}


def _pieces(places: Sequence[Place]) -> Iterable[Sequence[Place]]:
    return (places[start : start + AT_ONCE] for start in range(0, len(places), AT_ONCE))


def _lock(subjects: Iterable[int]) -> None:
    """Lock subjects for the transaction, in the order of their ids."""
    list(Subject.objects.select_for_update(no_key=True).filter(id__in=subjects).order_by("id").values_list("id"))


def _states(places: Sequence[Place]) -> dict[Place, tuple[RecordState, int]]:
    """(subject, record) -> (its state, the version whose content is in force)."""
    rows = Record.objects.filter(subject_id__in={s for s, _ in places}, id__in={r for _, r in places})
    held = rows.values_list("subject_id", "id", "state", "content_id")
    return {(subject, number): (RecordState(state), content) for subject, number, state, content in held}


def _corrected_elsewhere(batch_id: int, contents: Sequence[int]) -> set[int]:
    """Those of the contents that a row of another batch brought."""
    brought = RecordVersion.objects.filter(id__in=contents, act=Act.CORRECTED.value).values_list("id", "entry_id")
    found = set()
    for content_id, entry_id in brought:
        entry = ledger.entry(entry_id)
        if entry.act == "batch.reviewed" and (entry.body is None or str(entry.body["batch"]) != str(batch_id)):
            found.add(content_id)
    return found


@dataclass(frozen=True, slots=True)
class _Withdrawal:
    """A withdrawal under way."""

    batch_id: int
    who: Account
    law_version: LawVersion
    article: str
    reason: str
    at: datetime
    day: date

    def versions(self, places: Sequence[Place]) -> list[Version]:
        """The version that ends each record, in the order of their ids; subjects are locked."""
        found: list[Version] = []
        for some in _pieces(places):
            rows = Record.objects.filter(subject_id__in={s for s, _ in some}, id__in={r for _, r in some})
            held = list(rows.order_by("subject_id", "id"))
            found += [self._version(number, row) for number, row in zip(take("version", len(held)), held, strict=True)]
        return sorted(found, key=lambda version: version.version_id)

    def _version(self, number: int, row: Record) -> Version:
        after = ended(row.snapshot(row.id), state=RecordState.WITHDRAWN, cause=BATCH_WITHDRAWN, day=self.day)
        after = replace(after, law_version_id=self.law_version.id)
        return Version(
            number, row.version_n + 1, Act.WITHDRAWN, self.at, f"account:{self.who.id}", _office(self.who),
            self.reason, self.article, after,
        )  # fmt: skip

    def write(self, versions: Sequence[Version], entry_id: int) -> None:
        """Write history, projection and what follows; free the keys of the decisions."""
        copy_rows([writing.version_row(version, entry_id) for version in versions])
        writing.write_endings(versions)
        _free_keys(versions)
        for version in versions:
            run_consequences(writing.ended_of(version.after, version.article), self.at)


def _free_keys(versions: Sequence[Version]) -> None:
    """Delete the keys of the records: what was sent by mistake may be sent again rightly, as a record of its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {RecordKey._meta.db_table} k USING unnest(%s::bigint[], %s::bigint[]) AS gone (s, r)"  # noqa: S608
            " WHERE k.subject_id = gone.s AND k.record_id = gone.r",
            [[v.after.subject_id for v in versions], [v.after.record_id for v in versions]],
        )


def _of_sender(batch_id: int, number: int) -> Account:
    """The account, when it belongs to the organisation that sent the batch. Raises NotFound ``batch_unknown``."""
    who = account(number)
    if who.organisation_id is None:
        raise NotAllowed("role_missing")
    if received.batch(batch_id).provider_id != who.organisation_id:
        raise NotFound("batch_unknown")
    return who


def _office(who: Account) -> str:
    return who.organisation.code if who.organisation else ""


def _entered(
    act: str, batch_id: int, who: Account, at: datetime, *, ground: str, extra: Mapping[str, object]
) -> Receipt:
    _, law_version = selectors.law_in_force()
    return append(
        act=act,
        at=at,
        law=law_version,
        actor=f"account:{who.id}",
        organisation=_office(who),
        channel="web",
        subject=None,
        ground={"ground": ground, "article": received.item_of(batch_id).article},
        result="done",
        fields={},
        extra={"batch": str(batch_id), **extra},
    )
