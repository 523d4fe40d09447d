"""How does a whole batch go back to its sender: proposed by one person, decided by another?"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from xinheng.intake.models import BatchState, IntakeBatch, IntakeRow, IntakeRowKey, IntakeWithdrawal, WithdrawalState
from xinheng.intake.rules.verdicts import RowState
from xinheng.intake.services.mending import hold_open
from xinheng.lib.errors import Conflict, NotAllowed, NotFound
from xinheng.store import ids


def note_proposal(*, batch_id: int, reason: str, by: int, entry_id: int, at: datetime) -> int:
    """Keep a proposal to withdraw a batch; its number. Raises Conflict ``withdrawal_proposed`` for a second one."""
    number = ids.next_id("row")
    try:
        with transaction.atomic():
            IntakeWithdrawal.objects.create(
                id=number,
                batch_id=batch_id,
                state=WithdrawalState.PROPOSED,
                reason=reason,
                proposed_by=by,
                proposed_at=at,
                entry_id=entry_id,
            )
    except IntegrityError:
        raise Conflict("withdrawal_proposed") from None
    return number


def open_proposal(*, batch_id: int, by: int) -> IntakeWithdrawal:
    """Lock the batch and its open proposal for a decision, inside the caller's transaction.

    Raises NotFound ``withdrawal_unknown``, Conflict ``batch_taken_back``, NotAllowed ``second_person_needed`` when
    ``by`` made the proposal (house rule: the handler differs from the author).
    """
    hold_open(batch_id)
    found = (
        IntakeWithdrawal.objects.select_for_update(of=("self",), no_key=True)
        .filter(batch_id=batch_id, state=WithdrawalState.PROPOSED)
        .first()
    )
    if found is None:
        raise NotFound("withdrawal_unknown")
    if found.proposed_by == by:
        raise NotAllowed("second_person_needed")
    return found


def close_proposal(*, number: int, confirmed: bool, answer: str, by: int, entry_id: int, at: datetime) -> None:
    """Set what a second person made of a proposal. Raises Conflict ``withdrawal_decided``."""
    state = WithdrawalState.CONFIRMED if confirmed else WithdrawalState.REFUSED
    found = IntakeWithdrawal.objects.filter(pk=number, state=WithdrawalState.PROPOSED)
    if found.update(state=state, answer=answer, decided_by=by, decided_at=at, decided_entry_id=entry_id) != 1:
        raise Conflict("withdrawal_decided")


def return_waiting(*, batch_id: int, by: int, at: datetime) -> list[int]:
    """Give back every row of a batch that waits for a second person; their numbers in order."""
    waiting = IntakeRow.objects.filter(batch_id=batch_id, state=RowState.WAITING.value)
    numbers = dict(waiting.select_for_update(no_key=True).order_by("row").values_list("id", "row"))
    IntakeRow.objects.filter(pk__in=numbers).update(state=RowState.RETURNED.value, decided_by=by, decided_at=at)
    IntakeRowKey.objects.filter(row_id__in=numbers).exclude(key__startswith="decision:").delete()
    return sorted(numbers.values())


def mark_withdrawn(*, batch_id: int, entry_id: int) -> None:
    """Set that a batch was withdrawn by the entry. Raises Conflict ``batch_taken_back``."""
    found = IntakeBatch.objects.filter(pk=batch_id, state=BatchState.CLOSED)
    if found.update(state=BatchState.WITHDRAWN, withdrawn_entry_id=entry_id) != 1:
        raise Conflict("batch_taken_back")
