"""What becomes of a row that was not taken in: sent again mended, or taken back by its sender?

A row is mended once. Whoever comes second is told so, and nothing of what he sent is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from xinheng.intake.models import BatchState, IntakeBatch, IntakeRow, IntakeRowKey
from xinheng.intake.rules.verdicts import TRANSITIONS, RowState
from xinheng.intake.selectors import told_to_wait
from xinheng.lib.errors import Conflict, NotFound

FIRST = 2  # the number of the first row of a mended file: its header is the first record


def hold_open(batch_id: int) -> IntakeBatch:
    """Lock a batch whose rows may still be handled, inside the caller's transaction.

    Raises NotFound ``batch_unknown``, Conflict ``batch_taken_back``.
    """
    found = IntakeBatch.objects.select_for_update(no_key=True).filter(pk=batch_id).first()
    if found is None:
        raise NotFound("batch_unknown")
    if found.state != BatchState.CLOSED:
        raise Conflict("batch_taken_back")
    return found


def mark_mended(*, batch_id: int, rows: Sequence[int], mended_in: int, by: int, at: datetime) -> None:
    """Tie rows that were returned or wait to the batch that says them again, its k-th row to the k-th of ``rows``.

    Called inside the transaction of that batch. Raises Conflict: ``batch_taken_back``, ``row_handled_meanwhile``,
    ``mending_wrong_again`` when a row was returned a second time, ``mending_unchanged`` when it says what waits.
    """
    hold_open(batch_id)
    again = list(IntakeRow.objects.filter(batch_id=mended_in).order_by("row").values_list("row", "state"))
    if [row for row, _ in again] != list(range(FIRST, FIRST + len(rows))):
        raise Conflict("mending_wrong_again")
    if any(state == RowState.RETURNED for _, state in again):
        raise Conflict("mending_wrong_again")
    if same := {(batch_id, row) for row in rows} & set(told_to_wait(mended_in)):
        raise Conflict("mending_unchanged", row=str(min(same)[1]))
    for row, (number, _) in zip(rows, again, strict=True):
        _moved(batch_id, row, RowState.MENDED, by, at, mended_in=mended_in, mended_as=number)
    IntakeBatch.objects.filter(pk=mended_in).update(mends=batch_id)


def take_back(*, batch_id: int, row: int, by: int, at: datetime) -> None:
    """Set that the sender takes a row back that waits or was returned.

    Raises Conflict ``batch_taken_back`` and ``row_handled_meanwhile``. The caller writes the entry that says why.
    """
    hold_open(batch_id)
    _moved(batch_id, row, RowState.DROPPED, by, at)


def _moved(batch_id: int, row: int, state: RowState, by: int, at: datetime, **place: int) -> None:
    from_ = [before.value for before, after in TRANSITIONS.items() if state in after]
    found = IntakeRow.objects.filter(batch_id=batch_id, row=row, state__in=from_)
    if found.update(state=state.value, decided_by=by, decided_at=at, **place) != 1:
        raise Conflict("row_handled_meanwhile", row=str(row))
    # Nobody waits for this row any more: its subject is not led to it; by its decision it is found for erasure.
    IntakeRowKey.objects.filter(row__batch_id=batch_id, row__row=row).exclude(key__startswith="decision:").delete()
