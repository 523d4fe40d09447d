"""A row that waits for a person: registered, turned into a correction, or returned.

The reviewer is never the uploader: a second person looks at every row of verdict review.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from xinheng.accounts.models import Organisation
from xinheng.accounts.selectors import account, organisation
from xinheng.intake.rules import RowState, full_values
from xinheng.intake.rules.masks import for_provider
from xinheng.intake.selectors import waiting_row
from xinheng.intake.services import WaitingRow, decide_review, open_review
from xinheng.law import lookup
from xinheng.ledger.rules import Receipt
from xinheng.ledger.services import append
from xinheng.lib.clock import day_of
from xinheng.lib.errors import BadInput, Conflict, NotAllowed
from xinheng.records import selectors
from xinheng.records.models import RecordKey
from xinheng.records.rules import Act, Version, version_leaf
from xinheng.records.services import writing
from xinheng.records.services.changes import correct, need_reason
from xinheng.records.services.judging import (
    Origin,
    claim_of,
    dates_of,
    first_snapshot,
    natural_key_now,
    natural_keys,
    prepare,
)
from xinheng.records.services.spelling import operators_by
from xinheng.store.ids import next_id
from xinheng.subjects.selectors import lock, ref
from xinheng.subjects.services import find_or_register_many

ACT = "batch.reviewed"
ACCEPT, RETURN = "accept", "return"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which a waiting row differs from what is on file; numbers of persons are masked in both."""

    field: str
    before: str
    after: str


def differences(*, row_id: int) -> list[Difference]:
    """Where a waiting row differs from the record it would correct; empty when it would be a new record.

    Empty too when another provider sent that record: what it says is not told to whoever sends the same document
    number (INV-3). Raises NotFound when the row does not wait.
    """
    row = waiting_row(row_id)
    pack, _ = selectors.law_in_force()
    item = lookup.item(pack, row.item_code, row.item_from)
    found = selectors.found_by_keys(natural_keys(item, row.values))
    if any(_of_another(place, row) for place in found.values()):
        return []
    held = next(iter(selectors.contents_in_force(set(found.values())).values()), None)
    if held is None:
        return []
    given = full_values(item, row.values)
    before, after = for_provider(item, held), for_provider(item, given)
    return [
        Difference(field.code, before.get(field.code, ""), after.get(field.code, ""))
        for field in item.fields
        if held.get(field.code, "") != given.get(field.code, "")
    ]


def _of_another(place: tuple[int, int], row: WaitingRow) -> bool:
    """Whether the record at (subject, record) was sent by another provider than the row."""
    return selectors.record(*place).provider_id != row.provider_id


@dataclass(frozen=True, slots=True)
class _Review:
    """A review under way: the row, who decides, why and when."""

    row: WaitingRow
    origin: Origin
    provider: Organisation
    actor: str
    office: str
    reason: str
    channel: str

    @property
    def ground(self) -> Mapping[str, str]:
        return {"ground": self.reason, "article": self.origin.item.article}

    @property
    def source(self) -> Mapping[str, str]:
        return {"batch": str(self.row.batch_id), "row": str(self.row.row)}


@transaction.atomic
def review_row(*, row_id: int, outcome: str, reviewer: int, reason: str, channel: str, at: datetime) -> Receipt:
    """Decide a waiting row: ``accept`` registers it, or corrects the record it differs from; ``return`` gives it back.

    Raises NotAllowed when the reviewer uploaded the row or another provider sent the record, Conflict when it does not
    wait any more or its record has ended, BadInput without a reason or when the row identifies no subject.
    """
    need_reason(reason)
    if outcome not in (ACCEPT, RETURN):
        raise BadInput("outcome_unknown")
    row = open_review(row_id=row_id, reviewer=reviewer)
    pack, law_version = selectors.law_in_force()
    day = day_of(at, pack.zone)
    who = account(reviewer)
    review = _Review(
        row=row,
        origin=Origin(
            pack, law_version, lookup.item(pack, row.item_code, row.item_from), row.item_version_id, row.provider_id,
            row.batch_id, at, day,
        ),
        provider=organisation(row.provider_id),
        actor=f"account:{reviewer}",
        office=who.organisation.code if who.organisation else "",
        reason=reason,
        channel=channel,
    )  # fmt: skip
    receipt = _returned(review) if outcome == RETURN else _accepted(review)
    decided = RowState.RETURNED if outcome == RETURN else RowState.REGISTERED
    decide_review(row_id=row_id, outcome=decided, reviewer=reviewer, at=at)
    return receipt


def _returned(review: _Review) -> Receipt:
    return append(
        act=ACT,
        at=review.origin.at,
        law=review.origin.law_version,
        actor=review.actor,
        organisation=review.office,
        channel=review.channel,
        subject=None,
        ground=review.ground,
        result="done",
        fields={},
        extra={**review.source, "outcome": RETURN},
    )


def _accepted(review: _Review) -> Receipt:
    item, values = review.origin.item, review.row.values
    if any(finding.code == "revoked_of_another" for finding in review.row.findings):
        raise NotAllowed("record_of_another_provider")  # it tells of an end, and only the record's sender may
    found = selectors.found_by_keys(natural_keys(item, values))
    for subject_id, record_id in found.values():
        if _of_another((subject_id, record_id), review.row):
            raise NotAllowed("record_of_another_provider")
        return correct(
            subject_id=subject_id,
            record_id=record_id,
            values=values,
            reason=review.reason,
            article=item.article,
            actor=review.actor,
            organisation=review.office,
            channel=review.channel,
            at=review.origin.at,
            act=ACT,
            extra={**review.source, "outcome": ACCEPT},
        )
    return _registered(review)


def _registered(review: _Review) -> Receipt:
    """Register one row; the entry stands in the subject's own chain."""
    origin, values = review.origin, review.row.values
    claim = claim_of(origin.item, values, f"batch:{origin.batch_id}")
    subject_id = find_or_register_many(
        [claim], law_version=origin.law_version, at=origin.at, operators_of=operators_by(origin.pack)
    )[0]
    lock(subject_id)
    record_id, version_id = next_id("record"), next_id("version")
    key = natural_key_now(origin.item, values)
    RecordKey.objects.bulk_create(
        [RecordKey(key=key, subject_id=subject_id, record_id=record_id)], ignore_conflicts=True
    )
    if RecordKey.objects.get(key=key).record_id != record_id:
        raise Conflict("registered_meanwhile")
    prepared = prepare(origin.item, claim.kind, values)
    after = first_snapshot(
        origin,
        subject_id=subject_id,
        record_id=record_id,
        version_id=version_id,
        row=review.row.row,
        kind=claim.kind,
        dates=dates_of(origin, claim.kind, values),
        commit=prepared.commit,
    )
    version = Version(
        version_id, 1, Act.REGISTERED, origin.at, review.actor, review.office, review.reason, origin.item.article, after
    )
    receipt = append(
        act=ACT,
        at=origin.at,
        law=origin.law_version,
        actor=review.actor,
        organisation=review.office,
        channel=review.channel,
        subject=ref(subject_id),
        ground=review.ground,
        result="done",
        fields={},
        extra={
            **review.source,
            "outcome": ACCEPT,
            "record": str(record_id),
            "version": version_leaf(version).hex(),
        },
    )
    content = prepared.row(subject_id=subject_id, content_id=version_id, record_id=record_id)
    writing.insert([version], [content], receipt.entry_id)
    return receipt
