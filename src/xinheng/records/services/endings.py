"""How a record ends by time, and how its content is lawfully destroyed.

Visibility ends by itself, by comparing dates at every read. The sweep only carries out what follows: it marks
records whose last day of use has passed, stops what rests on them, and destroys content whose retention has ended.
It can run at any time and again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q

from xinheng.intake.services import erase_row_content
from xinheng.law.enums import SubjectKind
from xinheng.law.errors import NoValueInForce
from xinheng.law.lookup import recorded
from xinheng.law.pack import Pack
from xinheng.ledger.models import LawVersion
from xinheng.ledger.rules import Receipt
from xinheng.ledger.services import append, record_erasure, seal
from xinheng.lib import merkle
from xinheng.lib.clock import day_of
from xinheng.records import selectors
from xinheng.records.models import Record, RecordContent
from xinheng.records.rules import LIVE, Act, RecordState, Version, ended, run_consequences, version_leaf
from xinheng.records.services import writing
from xinheng.records.services.changes import need_reason
from xinheng.records.services.judging import natural_keys
from xinheng.store.guard import across_subjects
from xinheng.store.ids import next_id
from xinheng.subjects.models import Subject
from xinheng.subjects.selectors import ref
from xinheng.subjects.services import forget_identity

log = logging.getLogger(__name__)
PLATFORM = "platform"
INTAKE_CONTENT = "intake_row_content"
AT_ONCE = 500  # records a sweep touches in one round


@transaction.atomic
def erase_content(
    *,
    subject_id: int,
    record_id: int,
    ground: str,
    article: str,
    actor: str,
    organisation: str,
    channel: str,
    at: datetime,
) -> Receipt:
    """Destroy the content of a record in every version and in intake; a tombstone stays (INV-8).

    First comes the ledger entry ``content.erased`` with ground, article and decider, then the deletion;
    verification accepts the gap only when that entry is sealed. The identity of a person about whom nothing else is
    kept goes too. Raises NotFound, RefusedByLaw("record_state") when it is erased already, BadInput for a missing
    ground.
    """
    need_reason(ground)
    pack, law_version = selectors.law_in_force()
    before, n = writing.locked(subject_id, record_id)
    writing.may(before, RecordState.ERASED, article)
    contents = RecordContent.objects.filter(subject_id=subject_id, record_id=record_id)
    keys = sorted(contents.values_list("id", flat=True))
    after = ended(before, state=RecordState.ERASED, cause="content_erased", day=day_of(at, pack.zone))
    receipt = writing.single(
        ledger_act="content.erased",
        act=Act.ERASED,
        before=before,
        after=replace(after, law_version_id=law_version.id),
        n=n,
        actor=actor,
        organisation=organisation,
        channel=channel,
        reason=ground,
        article=article,
        law=law_version,
        at=at,
        fields={"table": RecordContent._meta.db_table, "keys": [str(key) for key in keys]},
    )
    rows = erase_row_content(batch_id=before.batch_id, rows=[before.row], keys=_decisions(pack, contents, record_id))
    contents.delete()
    if rows:
        record_erasure(
            table=INTAKE_CONTENT,
            keys=rows,
            ground=ground,
            article=article,
            actor=actor,
            organisation=organisation,
            channel=channel,
            at=at,
            law=law_version,
            subject=ref(subject_id),
        )
    if before.subject_kind == SubjectKind.NATURAL_PERSON and not _anything_left(subject_id):
        forget_identity(subject_id=subject_id)
    transaction.on_commit(lambda: _seal(at))
    return receipt


def _decisions(pack: Pack, contents: Iterable[RecordContent], record_id: int) -> list[str]:
    """Natural keys of everything the record ever said: by them intake finds the rows that told the same, in any
    batch.
    """
    item, from_ = Record.objects.values_list("item_code", "item_version__valid_from").get(id=record_id)
    law = recorded(pack, item, from_)
    opened = (selectors.open_content(c.subject_id, c.id, c.body, c.personal) for c in contents)
    return sorted({key for values in opened for key in natural_keys(law, values)})


def _anything_left(subject_id: int) -> bool:
    return RecordContent.objects.filter(subject_id=subject_id).exists()


def _seal(at: datetime) -> None:
    """Seal at once, so that the gap is accepted from now on; another sealer at work takes the entry along."""
    if not connection.in_atomic_block:
        seal(at=at, wait=False)


def expire(*, at: datetime) -> int:
    """The sweep: end the use of records whose last day has passed, then destroy what is past its retention. Idempotent.

    Returns how many records were changed. Expirations of a round share one ledger entry ``sweep.done`` with the
    root over their versions; each destruction has its own.
    """
    pack, law_version = selectors.law_in_force()
    day = day_of(at, pack.zone)
    changed = 0
    while ended_now := _expire_round(pack, law_version, day, at):
        changed += ended_now
    for subject_id, record_id, article in _past_retention(pack, day):
        try:
            erase_content(
                subject_id=subject_id,
                record_id=record_id,
                ground="retention_ended",
                article=article,
                actor=PLATFORM,
                organisation="",
                channel="system",
                at=at,
            )
        except (
            NoValueInForce
        ):  # a damaged supplement: what its rows said can't be read, the rest falls due all the same
            log.error("record %s cannot be erased: its item is not in the law in use", record_id)
            continue
        changed += 1
    return changed


def _article(pack: Pack, item: str, from_: date) -> str:
    """The article of the item a record was taken in under; "" when a damaged supplement can't tell it any more."""
    try:
        return recorded(pack, item, from_).article
    except NoValueInForce:
        return ""


@across_subjects("sweep: records past their last day of use; partial index, limited")
def _past_use(day: date) -> list[tuple[int, int]]:
    """(subject, record) of live records whose use has ended, by subject."""
    live = Record.objects.filter(state__in=[state.value for state in LIVE], use_until__lte=day)
    return list(live.order_by("use_until").values_list("subject_id", "id")[:AT_ONCE])


@across_subjects("sweep: records past their retention; partial index, limited")
def _past_retention(pack: Pack, day: date) -> list[tuple[int, int, str]]:
    """(subject, record, article) of records whose content has to go."""
    due = Record.objects.filter(~Q(state=RecordState.ERASED.value), retention_until__lte=day)
    rows = due.order_by("retention_until").values_list("subject_id", "id", "item_code", "item_version__valid_from")
    return [(subject, number, _article(pack, item, from_)) for subject, number, item, from_ in rows[:AT_ONCE]]


@transaction.atomic
def _expire_round(pack: Pack, law_version: LawVersion, day: date, at: datetime) -> int:
    due: dict[int, list[int]] = {}
    for subject_id, record_id in _past_use(day):
        due.setdefault(subject_id, []).append(record_id)
    versions: list[Version] = []
    for subject_id in sorted(due):
        # A subject that somebody works on is left for the next round.
        if Subject.objects.select_for_update(no_key=True, skip_locked=True).filter(id=subject_id).first() is None:
            continue
        rows = Record.objects.select_related("item_version").filter(subject_id=subject_id, id__in=due[subject_id])
        versions += [_expired(pack, law_version, row, day, at) for row in rows.order_by("id") if row.state in LIVE]
    if versions:
        _write_round(versions, law_version, at)
    return len(versions)


def _expired(pack: Pack, law: LawVersion, row: Record, day: date, at: datetime) -> Version:
    after = ended(row.snapshot(row.id), state=RecordState.EXPIRED, cause="use_ended", day=day)
    article = _article(pack, row.item_code, row.item_version.valid_from)
    after = replace(after, law_version_id=law.id)
    return Version(next_id("version"), row.version_n + 1, Act.EXPIRED, at, PLATFORM, "", "use_ended", article, after)


def _write_round(versions: list[Version], law: LawVersion, at: datetime) -> None:
    ordered = sorted(versions, key=lambda version: version.version_id)
    receipt = append(
        act="sweep.done",
        at=at,
        law=law,
        actor=PLATFORM,
        organisation="",
        channel="system",
        subject=None,
        ground={"sweep": "records.expire"},
        result="done",
        fields={},
        extra={
            "records": str(len(ordered)),
            "records_root": merkle.root([version_leaf(version) for version in ordered]).hex(),
        },
    )
    for version in ordered:
        writing.version_row(version, receipt.entry_id).save(force_insert=True)
        writing.write_projection(version)
        run_consequences(writing.ended_of(version.after, version.article), at)
