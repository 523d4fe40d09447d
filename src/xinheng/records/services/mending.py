"""How are rows that did not go through mended on the page, or taken back? (INT-1; ZY-33, SP-8)

What was mended is a file like any other: the header as it was sent and the rows with their new cells, judged by the
same judgement and accepted as a batch with an entry of its own. That entry names the batch and the rows it mends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from xinheng.accounts.models import Organisation
from xinheng.accounts.selectors import organisation
from xinheng.intake import selectors as received
from xinheng.intake.reading import Limits, check_file
from xinheng.intake.rules import Finding, Verdict, item_to_report
from xinheng.intake.rules.verdicts import Weight
from xinheng.intake.selectors import BatchView, MendedFile
from xinheng.intake.services import mark_mended, take_back
from xinheng.ledger.services import append
from xinheng.lib.clock import day_of
from xinheng.lib.errors import BadInput
from xinheng.records import selectors
from xinheng.records.services.batches import Mends, accept_batch
from xinheng.records.services.changes import need_reason

DROPPED = "row.dropped"
Changes = Mapping[int, Mapping[str, str]]  # row -> field code -> the new cell


class WrongAgain(BadInput):
    """Mended rows that would be returned again. ``rows``: row -> what is wrong with it now."""

    def __init__(self, rows: Mapping[int, tuple[Finding, ...]]) -> None:
        super().__init__("mending_wrong_again")
        self.rows = rows


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of the rows: the batches that say them again, and how many were mended and taken back."""

    batches: tuple[int, ...]
    mended: int
    dropped: int


def mend(*, batch_id: int, changes: Changes, drops: Mapping[int, str], clerk: int, at: datetime) -> Handled:
    """Send rows of a batch again with new cells, and take others back with a reason. Call it outside a transaction.

    All or nothing for each table of the file; rows taken back go with the first. Raises WrongAgain, before anything is
    written, when a row would be returned again; Conflict ``row_handled_meanwhile`` when somebody was quicker,
    ``batch_taken_back``; NotFound ``row_unknown`` for a row that must not be kept; BadInput for a reason that is
    missing or holds a number of a person.
    """
    for reason in drops.values():
        need_reason(reason)
    batch = received.batch(batch_id)
    sender = organisation(batch.provider_id)
    files = received.mended_files(batch_id, changes) if changes else []
    wrong = {row: found for file in files for row, found in _wrong(batch, file, at).items()}
    if wrong:
        raise WrongAgain(wrong)
    taken_back = _Drops(batch, drops, clerk, sender.code, at)
    if not files:
        with transaction.atomic():
            taken_back()
    made = [
        _sent(batch, file, sender=sender, clerk=clerk, at=at, also=taken_back if file is files[0] else None)
        for file in files
    ]
    return Handled(tuple(made), len(changes), len(drops))


def _wrong(batch: BatchView, file: MendedFile, at: datetime) -> dict[int, tuple[Finding, ...]]:
    """The rows that would be returned again, with what returns them."""
    pack, _ = selectors.law_in_force()
    day = day_of(at, pack.zone)
    judged = check_file(
        file.data,
        item=item_to_report(pack, batch.item_code, day),
        pack=pack,
        provider=selectors.provider_facts(batch.provider_id),
        today=day,
        limits=Limits(cells=settings.XINHENG_MAX_CELLS),
    )
    return {
        row: tuple(found for found in result.findings if found.effect is Weight.REJECT)
        for row, result in zip(file.rows, judged, strict=True)
        if result.verdict is Verdict.REJECT
    }


def _sent(
    batch: BatchView,
    file: MendedFile,
    *,
    sender: Organisation,
    clerk: int,
    at: datetime,
    also: Callable[[], None] | None,
) -> int:
    """Accept a mended file and tie the rows to it in its transaction; the number of the new batch."""

    def within(number: int) -> None:
        mark_mended(batch_id=batch.batch_id, rows=file.rows, mended_in=number, by=clerk, at=at)
        if also is not None:
            also()

    receipt = accept_batch(
        file=file.data,
        file_name=file.name,
        item_code=batch.item_code,
        provider=sender,
        actor=f"account:{clerk}",
        channel="web",
        at=at,
        uploaded_by=clerk,
        within=within,
        mends=Mends(batch.batch_id, file.rows),
    )
    return receipt.batch_id


@dataclass(frozen=True, slots=True)
class _Drops:
    """Rows to take back, each with its own entry that says why."""

    batch: BatchView
    reasons: Mapping[int, str]
    clerk: int
    office: str
    at: datetime

    def __call__(self) -> None:
        _, law_version = selectors.law_in_force()
        article = received.item_of(self.batch.batch_id).article
        for row, reason in sorted(self.reasons.items()):
            take_back(batch_id=self.batch.batch_id, row=row, by=self.clerk, at=self.at)
            append(
                act=DROPPED,
                at=self.at,
                law=law_version,
                actor=f"account:{self.clerk}",
                organisation=self.office,
                channel="web",
                subject=None,
                ground={"ground": reason, "article": article},
                result="done",
                fields={},
                extra={"batch": str(self.batch.batch_id), "row": str(row)},
            )
