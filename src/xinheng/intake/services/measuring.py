"""What does a batch add to the figures of its sender, and which of its returned rows has come again? (INT-2)"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from xinheng.intake.models import IntakeBatch, IntakeRow
from xinheng.intake.rules.quality import Tally
from xinheng.intake.rules.roles import Roles
from xinheng.intake.rules.verdicts import RowState
from xinheng.intake.selectors import returned_rows
from xinheng.intake.services.storing import KeptRow
from xinheng.law.items import ItemVersion


def open_tally(*, provider_id: int, item: ItemVersion) -> Tally:
    """The tally of a batch that begins now. Rows returned without their content can't be known again."""
    return Tally.after(returned_rows(provider_id=provider_id, item=item))


def count_block(tally: Tally, roles: Roles, registered: pl.DataFrame, others: Sequence[KeptRow]) -> None:
    """Count the rows of a block: ``registered`` with the fields of the item, ``others`` with their findings.

    Only rows whose document number was returned before are looked at one by one; without such rows none is.
    """
    number, name = roles.code("document_number"), roles.code("name")
    again = 0
    if tally.open and number and name:
        back = registered.filter(pl.col(number).is_in(list(tally.open))).select(number, name)
        again = sum(tally.follow(*row) for row in back.iter_rows())
    tally.registered(registered.height, again)
    for row in others:
        values = row.result.values if row.result.keep else {}
        known = tally.follow(roles.value("document_number", values), roles.value("name", values))
        tally.other(row.result, row.state, again=known)


def write_tally(tally: Tally, *, batch_id: int) -> None:
    """Keep the sums with the batch, and with each row that came again the batch in which it did."""
    IntakeBatch.objects.filter(pk=batch_id).update(
        first_sent=tally.first_sent, complete=tally.complete, judged=tally.judged, faultless=tally.faultless
    )
    if tally.followed:
        back = IntakeRow.objects.filter(pk__in=tally.followed, state=RowState.RETURNED, followed_in__isnull=True)
        back.update(followed_in=batch_id)
