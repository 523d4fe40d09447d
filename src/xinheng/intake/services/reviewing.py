"""Who may decide a row that waits, and what becomes of it?"""

from __future__ import annotations

from datetime import datetime

from xinheng.intake.models import IntakeRow, IntakeRowKey
from xinheng.intake.rules.verdicts import TRANSITIONS, RowState
from xinheng.intake.selectors import WaitingRow, waiting_row
from xinheng.lib.errors import Conflict, NotAllowed, NotFound


def open_review(*, row_id: int, reviewer: int) -> WaitingRow:
    """Lock a waiting row for its decision, inside the caller's transaction.

    Raises NotFound ``row_unknown``, Conflict ``row_not_waiting``, and NotAllowed ``second_person_needed`` when
    ``reviewer`` sent the row (house rule: the handler differs from the author).
    """
    found = IntakeRow.objects.select_for_update(of=("self",)).select_related("batch").filter(pk=row_id).first()
    if found is None:
        raise NotFound("row_unknown")
    if found.state != RowState.WAITING:
        raise Conflict("row_not_waiting")
    if found.batch.uploaded_by == reviewer:
        raise NotAllowed("second_person_needed")
    return waiting_row(row_id)


def decide_review(*, row_id: int, outcome: RowState, reviewer: int, at: datetime) -> None:
    """Set what became of a waiting row. Raises Conflict ``row_not_waiting`` when it does not wait any more."""
    if outcome not in TRANSITIONS[RowState.WAITING]:
        raise Conflict("outcome_unknown")
    waiting = IntakeRow.objects.filter(pk=row_id, state=RowState.WAITING.value)
    if waiting.update(state=outcome.value, decided_by=reviewer, decided_at=at) != 1:
        raise Conflict("row_not_waiting")
    IntakeRowKey.objects.filter(row_id=row_id).exclude(key__startswith="decision:").delete()
