"""How do rows that were not taken in go back to their sender? The act is entered before a byte is handed out."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db import transaction

from xinheng.intake import selectors as intake
from xinheng.intake.rules.verdicts import RowState
from xinheng.ledger.services import append
from xinheng.lib.clock import day_of
from xinheng.lib.errors import NotFound
from xinheng.records import selectors

ACT = "batch.returned"


@transaction.atomic
def hand_back(*, batch_id: int, provider: int, actor: str, channel: str, at: datetime, after: int = 0) -> bytes:
    """The workbook with the returned rows of a batch behind row ``after``, for the organisation that sent it.

    It holds what the sender wrote about persons, so that who took it is entered in the ledger (INV-8). Raises NotFound
    for a batch of another organisation, and when there is nothing to mend.
    """
    batch = intake.batch(batch_id)
    if batch.provider_id != provider:
        raise NotFound("batch_unknown")
    if not intake.rows(batch_id, states=[RowState.RETURNED], after=after, limit=1):
        raise NotFound("batch_without_returned_rows")
    pack, law_version = selectors.law_in_force()
    today: date = day_of(at, pack.zone)
    made = intake.returned_sheet(batch_id, pack=pack, today=today, after=after)
    append(
        act=ACT,
        at=at,
        law=law_version,
        actor=actor,
        organisation=selectors.provider_facts(provider).code,
        channel=channel,
        subject=None,
        ground={"item": batch.item_code, "article": intake.item_of(batch_id).article},
        result="done",
        fields={},
        extra={"batch": str(batch_id), "after": str(after), "sheet_sha256": hashlib.sha256(made).hexdigest()},
    )
    return made
