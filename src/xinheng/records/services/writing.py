"""How a version, its content and the projection are written: together, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from xinheng.ledger.models import LawVersion
from xinheng.ledger.rules import Receipt
from xinheng.ledger.services import append
from xinheng.lib.errors import NotFound, RefusedByLaw
from xinheng.records.models import Record, RecordContent, RecordVersion
from xinheng.records.rules import (
    LIVE,
    SNAPSHOT_FIELDS,
    Act,
    Ended,
    RecordState,
    Snapshot,
    Version,
    may_become,
    run_consequences,
    version_leaf,
)
from xinheng.store.copying import copy_rows
from xinheng.store.ids import next_id
from xinheng.subjects.selectors import lock, ref


def columns(after: Snapshot) -> dict[str, Any]:
    """A snapshot as the columns that history and projection share (``record_id`` apart)."""
    values = {name: getattr(after, name) for name in SNAPSHOT_FIELDS if name != "record_id"}
    return {**values, "state": after.state.value}


def version_row(version: Version, entry_id: int) -> RecordVersion:
    """A version as a row of history."""
    return RecordVersion(
        id=version.version_id,
        record_id=version.after.record_id,
        n=version.n,
        act=version.act.value,
        at=version.at,
        actor=version.actor,
        organisation=version.organisation,
        reason=version.reason,
        article=version.article,
        entry_id=entry_id,
        **columns(version.after),
    )


def insert(versions: Sequence[Version], contents: Sequence[RecordContent], entry_id: int) -> None:
    """Write newly registered records with their first version and content, in the order given (sorted by subject)."""
    copy_rows([Record(id=v.after.record_id, version_n=1, **columns(v.after)) for v in versions])
    copy_rows([version_row(v, entry_id) for v in versions])
    copy_rows(contents)


def locked(subject_id: int, record_id: int) -> tuple[Snapshot, int]:
    """Lock the subject and read one record: (the record, how many versions it has). Raises NotFound."""
    lock(subject_id)
    row = Record.objects.filter(subject_id=subject_id, id=record_id).first()
    if row is None:
        raise NotFound("record_unknown")
    return row.snapshot(record_id), row.version_n


def may(before: Snapshot, wanted: RecordState, article: str) -> None:
    """Raise RefusedByLaw unless the record may become ``wanted``."""
    verdict = may_become(before.state, wanted, article)
    if not verdict:
        raise RefusedByLaw(verdict.reason, verdict.article, state=before.state.value)


def single(
    *,
    ledger_act: str,
    act: Act,
    before: Snapshot,
    after: Snapshot,
    n: int,
    actor: str,
    organisation: str,
    channel: str,
    reason: str,
    article: str,
    law: LawVersion,
    at: datetime,
    version_id: int | None = None,
    content: RecordContent | None = None,
    fields: Mapping[str, Any] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Receipt:
    """One change of one record: ledger entry with the version's leaf, version, content if any, projection,
    consequences.
    """
    version = Version(version_id or next_id("version"), n + 1, act, at, actor, organisation, reason, article, after)
    receipt = append(
        act=ledger_act,
        at=at,
        law=law,
        actor=actor,
        organisation=organisation,
        channel=channel,
        subject=ref(after.subject_id),
        ground={"ground": reason, "article": article},
        result="done",
        fields=fields or {},
        extra={"record": str(after.record_id), "version": version_leaf(version).hex(), **(extra or {})},
    )
    version_row(version, receipt.entry_id).save(force_insert=True)
    if content is not None:
        content.save(force_insert=True)
    write_projection(version)
    if before.state in LIVE and after.state not in LIVE:
        run_consequences(ended_of(after, article), at)
    return receipt


def write_projection(version: Version) -> None:
    """Bring the projection to the state after ``version``."""
    after = version.after
    changed = columns(after)
    del changed["subject_id"]
    Record.objects.filter(subject_id=after.subject_id, id=after.record_id).update(version_n=version.n, **changed)


def write_endings(versions: Sequence[Version]) -> None:
    """`write_projection` for many records whose effect has ended: only what `ended` sets has changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Record._meta.db_table} r SET state = e.state, cause = e.cause, use_until = e.use_until,"  # noqa: S608
            " law_version_id = e.law, version_n = e.n, publicity_from = NULL, publicity_until = NULL"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::date[], %s::bigint[], %s::int[])"
            " AS e (subject, record, state, cause, use_until, law, n)"
            " WHERE r.subject_id = e.subject AND r.id = e.record",
            [
                [v.after.subject_id for v in versions],
                [v.after.record_id for v in versions],
                [v.after.state.value for v in versions],
                [v.after.cause for v in versions],
                [v.after.use_until for v in versions],
                [v.after.law_version_id for v in versions],
                [v.n for v in versions],
            ],
        )


def ended_of(after: Snapshot, article: str) -> Ended:
    """What the consequences are told."""
    return Ended(after.subject_id, after.record_id, after.item_code, after.state, after.cause, article)
