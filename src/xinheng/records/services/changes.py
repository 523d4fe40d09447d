"""Single changes of a record: correction and withdrawal. Each is one version and one ledger entry about its subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from xinheng.law import lookup
from xinheng.law.enums import SubjectKind
from xinheng.law.items import ItemVersion
from xinheng.ledger.rules import Receipt
from xinheng.lib.clock import day_of
from xinheng.lib.errors import BadInput, Conflict
from xinheng.records import selectors
from xinheng.records.models import RecordKey
from xinheng.records.rules import Act, RecordState, Snapshot, ended, reason_fault
from xinheng.records.services import writing
from xinheng.records.services.judging import Dates, Origin, claim_of, dates_of, natural_key_now, prepare
from xinheng.records.services.spelling import operators_by
from xinheng.store.ids import next_id
from xinheng.subjects.selectors import by_identifier
from xinheng.subjects.services import spell


def need_reason(reason: str) -> None:
    """Raise BadInput for a reason that is missing or holds a number of a person."""
    fault = reason_fault(reason)
    if fault:
        raise BadInput(fault)


@transaction.atomic
def correct(
    *,
    subject_id: int,
    record_id: int,
    values: Mapping[str, str],
    reason: str,
    article: str,
    actor: str,
    organisation: str,
    channel: str,
    at: datetime,
    act: str = "record.corrected",
    extra: Mapping[str, str] | None = None,
) -> Receipt:
    """Put ``values`` (every field as it should read) in the place of a live record's content; its dates are judged
    anew.

    The former content stays in history until it is erased. Raises NotFound, RefusedByLaw("record_state") for a
    record that has ended, BadInput for a missing reason or another subject, Conflict when the new number is another
    record's.
    """
    need_reason(reason)
    pack, law_version = selectors.law_in_force()
    before, n = writing.locked(subject_id, record_id)
    writing.may(before, RecordState.CORRECTED, article)
    held = selectors.record(subject_id, record_id)
    item = lookup.recorded(pack, before.item_code, held.item_from)
    origin = Origin(
        pack, law_version, item, before.item_version_id, before.provider_id, before.batch_id, at, day_of(at, pack.zone)
    )
    kind = SubjectKind(before.subject_kind)
    _same_subject(item, values, before)
    _claim_key(item, values, before)
    prepared = prepare(item, kind, values)
    version_id = next_id("version")
    receipt = writing.single(
        ledger_act=act,
        act=Act.CORRECTED,
        before=before,
        after=_corrected(origin, before, dates_of(origin, kind, values), version_id, prepared.commit),
        n=n,
        actor=actor,
        organisation=organisation,
        channel=channel,
        reason=reason,
        article=article,
        law=law_version,
        at=at,
        version_id=version_id,
        content=prepared.row(subject_id=subject_id, content_id=version_id, record_id=record_id),
        extra=extra,
    )
    if kind is SubjectKind.INDIVIDUAL_BUSINESS:  # the correction may name an operator nobody knew
        spell([subject_id], operators_of=operators_by(pack))
    return receipt


def _same_subject(item: ItemVersion, values: Mapping[str, str], before: Snapshot) -> None:
    """A record never moves to another subject: the wrong one is withdrawn and the right one registered."""
    claim = claim_of(item, values, "")
    named = by_identifier(claim.scheme, claim.identifier)
    if named is None or named.subject_id != before.subject_id or claim.kind.value != before.subject_kind:
        raise BadInput("correction_names_another_subject")


def _claim_key(item: ItemVersion, values: Mapping[str, str], before: Snapshot) -> None:
    """A corrected document number or authority leads here too; the old key stays, so that the wrong row can't come
    back.
    """
    key = natural_key_now(item, values)
    RecordKey.objects.bulk_create(
        [RecordKey(key=key, subject_id=before.subject_id, record_id=before.record_id)], ignore_conflicts=True
    )
    if RecordKey.objects.get(key=key).record_id != before.record_id:
        raise Conflict("natural_key_of_another_record")


def _corrected(origin: Origin, before: Snapshot, dates: Dates, version_id: int, commit: bytes) -> Snapshot:
    return replace(
        before,
        law_version_id=origin.law_version.id,
        state=RecordState.CORRECTED,
        decided_on=dates.decided_on,
        publicity_from=dates.publicity_from,
        publicity_until=dates.publicity_until,
        use_until=dates.use_until,
        retention_until=dates.retention_until,
        severity=dates.severity,
        severity_suggested=dates.severity_suggested,
        content_id=version_id,
        content_commit=commit,
    )


@transaction.atomic
def withdraw(
    *,
    subject_id: int,
    record_id: int,
    cause: str,
    reason: str,
    article: str,
    actor: str,
    organisation: str,
    channel: str,
    at: datetime,
) -> Receipt:
    """Withdraw a record whose document was changed, revoked, or declared unlawful or void (INV-2).

    It leaves publicity, sharing and use at once, and what rests on it stops in this transaction (INV-7). ``cause``
    is a stable code. Raises NotFound, RefusedByLaw("record_state"), BadInput.
    """
    need_reason(reason)
    pack, law_version = selectors.law_in_force()
    before, n = writing.locked(subject_id, record_id)
    writing.may(before, RecordState.WITHDRAWN, article)
    after = ended(before, state=RecordState.WITHDRAWN, cause=cause, day=day_of(at, pack.zone))
    return writing.single(
        ledger_act="record.withdrawn",
        act=Act.WITHDRAWN,
        before=before,
        after=replace(after, law_version_id=law_version.id),
        n=n,
        actor=actor,
        organisation=organisation,
        channel=channel,
        reason=reason,
        article=article,
        law=law_version,
        at=at,
        extra={"cause": cause},
    )
