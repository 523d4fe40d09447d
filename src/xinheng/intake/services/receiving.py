"""How does a file become a batch whose every row is accounted for? (INT-1)"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from xinheng.intake.models import BatchState, IntakeBatch, IntakeRow
from xinheng.intake.rules.check import FileReport, check_file
from xinheng.intake.rules.leaves import SALT, row_leaf
from xinheng.intake.rules.provider import ProviderFacts
from xinheng.intake.rules.roles import full_values, roles_of
from xinheng.intake.rules.verdicts import Finding, RowResult, RowState, Standing, Verdict, verdict_of
from xinheng.intake.services.storing import KeptRow, store_file, store_rows
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack
from xinheng.lib import merkle
from xinheng.lib.canonical import canonical, sha256
from xinheng.lib.errors import Conflict
from xinheng.lib.freetext import masked
from xinheng.store import ids

Compare = Callable[[Sequence[RowResult]], Mapping[int, Standing]]
_FOUND = {
    Standing.UNCHANGED: "unchanged",
    Standing.DIFFERS: "differs_from_record",
    Standing.OPERATOR_DIFFERS: "operator_differs",
}
_STATES = {
    Verdict.ACCEPT: RowState.ACCEPTED,
    Verdict.REVIEW: RowState.WAITING,
    Verdict.REJECT: RowState.RETURNED,
}


@dataclass(frozen=True, slots=True)
class ReceivedRow:
    """One row of a batch as its sender is told of it. ``leaf``: 32 bytes."""

    row_id: int
    row: int
    verdict: Verdict
    state: RowState
    values: Mapping[str, str]
    findings: tuple[Finding, ...]
    leaf: bytes


@dataclass(frozen=True, slots=True)
class ReceivedBatch:
    """A batch with its sums; ``accepted`` counts the rows to register, unchanged ones apart. ``root``: 64 hex."""

    batch_id: int
    file_sha256: str
    row_count: int
    accepted: int
    review: int
    rejected: int
    unchanged: int
    root: str
    rows: tuple[ReceivedRow, ...]
    report: FileReport


def receive_batch(
    *,
    file: bytes,
    file_name: str,
    item: ItemVersion,
    item_version_id: int,
    pack: Pack,
    law_version_id: int,
    provider: ProviderFacts,
    provider_id: int,
    uploaded_by: int | None,
    at: datetime,
    today: date,
    compare: Compare | None = None,
) -> ReceivedBatch:
    """Judge a file and store it with its rows, findings and leaves, inside the caller's transaction.

    Every record behind the header has a row and a leaf; what must not be kept leaves no content (INV-2, INV-9, SUB-1).
    ``compare`` tells how accepted and doubtful rows stand to the records. Raises FileRefused; Conflict outside a
    transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise Conflict("no_transaction")
    report = FileReport()
    results = list(check_file(file, item=item, pack=pack, provider=provider, today=today, report=report))
    results = _compared(results, compare) if compare else results
    batch_id, row_ids = ids.next_id("batch"), ids.take("row", len(results))
    kept = [_kept(row_id, result, item) for row_id, result in zip(row_ids, results, strict=True)]
    states = [row.state for row in kept]
    batch = IntakeBatch.objects.create(
        id=batch_id,
        provider_id=provider_id,
        item_code=item.code,
        item_version_id=item_version_id,
        law_version_id=law_version_id,
        file_name=masked(file_name)[-255:],
        file_sha256=sha256(file).hex(),
        encoding=report.encoding,
        marked=bool(report.mark),
        row_count=len(results),
        accepted=states.count(RowState.ACCEPTED),
        review=states.count(RowState.WAITING),
        rejected=states.count(RowState.RETURNED),
        unchanged=states.count(RowState.UNCHANGED),
        root=merkle.root([row.leaf for row in kept]).hex(),
        uploaded_by=uploaded_by,
        received_at=at,
        state=BatchState.RECEIVED,
    )
    store_file(batch_id, report, blank=[row.result.span for row in kept if not row.result.keep])
    store_rows(batch_id, kept, roles_of(item))
    return ReceivedBatch(
        batch_id=batch_id,
        file_sha256=batch.file_sha256,
        row_count=batch.row_count,
        accepted=batch.accepted,
        review=batch.review,
        rejected=batch.rejected,
        unchanged=batch.unchanged,
        root=batch.root,
        rows=tuple(_told(row) for row in kept),
        report=report,
    )


def _compared(results: list[RowResult], compare: Compare) -> list[RowResult]:
    """The rows with what the records say of them; a row that the file repeats was compared already."""
    asked = [r for r in results if r.verdict is not Verdict.REJECT and not r.unchanged]
    standings = compare(asked) if asked else {}
    return [_standing(result, standings.get(result.row, Standing.NEW)) for result in results]


def _standing(result: RowResult, standing: Standing) -> RowResult:
    code = _FOUND.get(standing)
    known = {finding.code for finding in result.findings}
    if code is None or (code == "differs_from_record" and "differs_in_file" in known):
        return result
    findings = (*result.findings, Finding("", code))
    return replace(result, findings=findings, verdict=verdict_of(findings))


def _kept(row_id: int, result: RowResult, item: ItemVersion) -> KeptRow:
    salt, body = os.urandom(SALT), canonical(full_values(item, result.values))
    leaf = row_leaf(salt=salt, row=result.row, verdict=result.verdict, body=body)
    state = RowState.UNCHANGED if result.unchanged else _STATES[result.verdict]
    return KeptRow(row_id, result, state, leaf, salt, body)


def _told(row: KeptRow) -> ReceivedRow:
    result = row.result
    return ReceivedRow(row.row_id, result.row, result.verdict, row.state, result.values, result.findings, row.leaf)


def mark_registered(*, row_ids: Sequence[int], at: datetime) -> None:
    """Rows whose records are written now, in this transaction. Raises Conflict when one of them was not accepted."""
    waiting = IntakeRow.objects.filter(pk__in=list(row_ids), state=RowState.ACCEPTED.value)
    if waiting.update(state=RowState.REGISTERED.value, decided_at=at) != len(row_ids):
        raise Conflict("row_not_accepted")


def close_batch(*, batch_id: int, entry_id: int, at: datetime) -> None:
    """Tie a batch to its ledger entry; once. Raises Conflict when an accepted row was left without a record."""
    if IntakeRow.objects.filter(batch_id=batch_id, state=RowState.ACCEPTED.value).exists():
        raise Conflict("row_without_record")
    open_batch = IntakeBatch.objects.filter(pk=batch_id, state=BatchState.RECEIVED)
    if open_batch.update(state=BatchState.CLOSED, entry_id=entry_id) != 1:
        raise Conflict("batch_closed")
