"""A row that waits for a second person is not decided twice: sent again, it is told where it waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from tests.records.conftest import Send
from tests.records.rows import AT, row
from xinheng.intake.models import IntakeRow
from xinheng.intake.rules import RowState
from xinheng.intake.selectors import waiting_rows
from xinheng.intake.services import mark_mended
from xinheng.ledger import verify
from xinheng.lib.errors import Conflict
from xinheng.records.models import Record
from xinheng.records.services import review_row

LATER = AT + timedelta(hours=1)
DOUBTED = {"CF_YXQ": "2020/01/01"}  # before the decision: a second person looks


def states(sent: Any) -> list[str]:
    return list(IntakeRow.objects.filter(batch_id=sent.batch_id).order_by("row").values_list("state", flat=True))


@pytest.mark.req("INT-1", "INV-8", kind="rule")
@pytest.mark.django_db(transaction=True)
def test_a_row_that_waits_is_answered_with_its_place(send: Send) -> None:
    first = send(row(1, **DOUBTED))
    again = send(row(2), row(1, **DOUBTED), at=LATER)
    assert (states(first), states(again)) == ([RowState.WAITING], [RowState.REGISTERED, RowState.UNCHANGED])
    told = again.rows[1]
    (finding,) = told.findings
    assert (finding.code, dict(finding.params)) == ("waits_already", {"batch": str(first.batch_id), "row": "2"})
    assert (again.received.unchanged, again.received.review) == (1, 0)
    assert [one.batch_id for one in waiting_rows()] == [first.batch_id]
    assert [one for one in verify.run() if isinstance(one, verify.Damage)] == []


@pytest.mark.req("INT-1", kind="rule")
@pytest.mark.django_db(transaction=True)
def test_a_row_that_says_something_else_waits_beside_it(send: Send) -> None:
    first, other = send(row(1, **DOUBTED)), send(row(1, **DOUBTED, CF_NR="罚款二千元"), at=LATER)
    assert (states(first), states(other)) == ([RowState.WAITING], [RowState.WAITING])


@pytest.mark.req("INT-1", kind="rule")
@pytest.mark.django_db(transaction=True)
def test_once_it_was_decided_it_may_come_again(send: Send, officers: Any) -> None:
    first = send(row(1, **DOUBTED))
    number = IntakeRow.objects.get(batch_id=first.batch_id).id
    review_row(
        row_id=number, outcome="return", reviewer=officers["scjgj.reviewer"], reason="请核对", channel="web", at=LATER
    )
    assert states(send(row(1, **DOUBTED), at=LATER)) == [RowState.WAITING]
    assert Record.objects.count() == 0


@pytest.mark.req("INT-1", kind="refusal")
@pytest.mark.django_db(transaction=True)
def test_a_row_mended_into_itself_is_refused_and_still_waits(send: Send) -> None:
    first = send(row(1, **DOUBTED))
    again = send(row(1, **DOUBTED), at=LATER)
    with pytest.raises(Conflict, match="mending_unchanged"), transaction.atomic():
        mark_mended(batch_id=first.batch_id, rows=[2], mended_in=again.batch_id, by=1, at=LATER)
    assert states(first) == [RowState.WAITING]
