"""A decision that its authority revoked leaves at once when its sender says so; nobody else's word takes it away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.records.conftest import Send
from tests.records.rows import AT, OTHER, row, sheet
from tests.records.sending import sent
from xinheng.accounts.selectors import organisation_by_code
from xinheng.intake.models import IntakeBatch, IntakeRow
from xinheng.intake.rules import RowState, Verdict
from xinheng.ledger import verify
from xinheng.ledger.selectors import chain, entries
from xinheng.lib.errors import NotAllowed
from xinheng.records.models import Record
from xinheng.records.rules import RecordState
from xinheng.records.selectors import history, public_total, record
from xinheng.records.services import review_row
from xinheng.records.services.registering import Raced
from xinheng.subjects.models import Subject

REVOKED = {"CF_ZT": "撤销"}


def damages() -> list[verify.Damage]:
    return [one for one in verify.run() if isinstance(one, verify.Damage)]


def codes(told: Any) -> set[str]:
    return {finding.code for finding in told.findings}


@pytest.mark.req("INV-2", "INV-7", "ZY-33", "SP-8", kind="rule")
def test_a_revoked_decision_ends_its_record_in_the_transaction_of_its_batch(send: Send) -> None:
    send(row(1), row(2, OTHER))
    held = Record.objects.get(row=2)
    assert held.publicity_from is not None
    before = public_total(item_code="CF", day=AT.date())
    given = send(row(1, **REVOKED))
    (told,) = given.rows
    assert (told.verdict, told.state) == (Verdict.ACCEPT, RowState.WITHDREW)
    assert "record_withdrawn" in codes(told)
    ended = record(held.subject_id, held.id)
    assert (ended.state, ended.cause, ended.publicity) == (RecordState.WITHDRAWN, "revoked_by_authority", None)
    assert ended.use is not None and ended.use.until == AT.date()
    assert public_total(item_code="CF", day=AT.date()) == before - 1
    last = history(held.subject_id, held.id)[-1]
    assert last.article == "CN-SGS"
    [*_, entry] = chain(bytes(Subject.objects.get(id=held.subject_id).tag))
    assert entry.act == "record.withdrawn" and entry.body is not None
    assert (entry.body["batch"], entry.body["row"]) == (str(given.batch_id), "2")
    batch = IntakeBatch.objects.get(id=given.batch_id)
    assert (batch.row_count, batch.accepted, batch.ended) == (1, 0, 1)
    assert damages() == []


@pytest.mark.req("INV-2", kind="rule")
def test_a_fault_in_another_cell_keeps_no_revoked_decision_public(send: Send) -> None:
    send(row(1))
    given = send(row(1, CF_NR_FK="很多", CF_JDRQ="2027/01/01", **REVOKED))
    assert given.rows[0].state is RowState.WITHDREW
    assert Record.objects.get().state == RecordState.WITHDRAWN
    assert damages() == []


@pytest.mark.req("INV-2", kind="refusal")
def test_what_is_not_on_file_is_returned_and_registers_nothing(send: Send) -> None:
    given = send(row(7, **REVOKED))
    assert given.rows[0].state is RowState.RETURNED
    assert codes(given.rows[0]) >= {"old_status_revoked"}
    assert not Record.objects.exists()
    assert damages() == []


@pytest.mark.req("INV-2", kind="rule")
def test_told_twice_it_is_done_once(send: Send) -> None:
    send(row(1))
    first = send(row(1, **REVOKED), row(1, CF_WFXW="另一种说法", **REVOKED))
    assert [one.state for one in first.rows] == [RowState.WITHDREW, RowState.UNCHANGED]
    again = send(row(1, **REVOKED))
    assert again.rows[0].state is RowState.UNCHANGED and "ended_before" in codes(again.rows[0])
    assert send(row(1)).rows[0].state is RowState.UNCHANGED  # the revoked decision does not come back
    assert len(history(*Record.objects.values_list("subject_id", "id").get())) == 2
    assert damages() == []


@pytest.mark.req("INV-2", "ORG-1", kind="refusal")
def test_another_provider_ends_nothing(send: Send, officers: Mapping[str, int]) -> None:
    send(row(1))
    given = sent(
        file=sheet([row(1, **REVOKED)]),
        file_name="处罚.csv",
        item_code="CF",
        provider=organisation_by_code("zjj"),
        actor=f"account:{officers['zjj.collector']}",
        channel="web",
        at=AT,
        uploaded_by=officers["zjj.collector"],
    )
    assert given.rows[0].state is RowState.WAITING
    assert "revoked_of_another" in codes(given.rows[0])
    assert Record.objects.get().state == RecordState.ACTIVE
    waiting = IntakeRow.objects.get(batch_id=given.batch_id)
    with pytest.raises(NotAllowed, match="record_of_another_provider"):
        review_row(
            row_id=waiting.id, outcome="accept", reviewer=officers["fgw.operator"], reason="核对", channel="web", at=AT
        )
    assert damages() == []


@pytest.mark.req("INV-2", kind="rule")
@pytest.mark.parametrize("revoked_first", [True, False])
def test_a_file_that_says_both_registers_neither(send: Send, revoked_first: bool) -> None:
    rows = [row(1, **REVOKED), row(1, CF_ZT="正常"), row(2, OTHER, CF_ZT="正常")]
    given = send(*(rows if revoked_first else [rows[1], rows[0], rows[2]]))
    assert [one.state for one in given.rows] == [RowState.RETURNED, RowState.RETURNED, RowState.REGISTERED]
    assert any("revoked_in_file" in codes(one) for one in given.rows[:2])
    assert Record.objects.count() == 1
    assert damages() == []


@pytest.mark.req("INV-2", "INT-1", kind="rule")
def test_a_record_that_ends_meanwhile_has_the_batch_judged_again(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    send(row(1))
    tried: list[int] = []

    def raced(*args: Any, **kwargs: Any) -> list[tuple[int, int]]:
        tried.append(1)
        return [(1, 1)]

    monkeypatch.setattr("xinheng.records.services.batches.withdraw_revoked", raced)
    with pytest.raises(Raced):
        send(row(1, **REVOKED))
    assert len(tried) == 4
    assert IntakeBatch.objects.count() == 1


ATTACKS = {
    "a row that ended a record is called unchanged": (
        "UPDATE intake_row SET state='unchanged' WHERE state='withdrew'",
        "row_withdrew",
    ),
    "an unchanged row is said to have ended one": (
        "UPDATE intake_row SET state='withdrew' WHERE verdict='accept' AND state='unchanged'",
        "row_withdrew",
    ),
    "the record comes back": (
        "UPDATE record SET state='active', cause='', publicity_from='2026-11-02' WHERE state='withdrawn'",
        "record_state",
    ),
    "the counts are altered": ("UPDATE intake_batch SET ended=0, unchanged=1 WHERE ended=1", "batch_counts"),
}


@pytest.mark.owner
@pytest.mark.req("INV-2", "INV-8", kind="refusal")
def test_every_attack_on_an_ended_record_is_found(as_owner: None, request: pytest.FixtureRequest) -> None:
    from django.db import connection, transaction

    send: Send = request.getfixturevalue("send")
    send(row(1))
    send(row(1, **REVOKED))
    send(row(1, **REVOKED))
    assert damages() == []
    missed = {}
    for name, (attack, expected) in ATTACKS.items():
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(attack)
            found = {one.what for one in damages()}
            transaction.set_rollback(True)
        if expected not in found:
            missed[name] = found
    assert not missed
    assert damages() == []
    assert entries(act="record.withdrawn", limit=1)
