"""A whole batch goes back to its sender by two persons' act: every record of it at once, and nothing of another's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection, transaction

from tests.records.conftest import Send
from tests.records.rows import AT, OTHER, row
from tests.records.test_mending import together
from tests.records.test_revoking import damages
from xinheng.intake.models import IntakeBatch, IntakeRow
from xinheng.intake.rules import RowState
from xinheng.ledger.selectors import entries, entry
from xinheng.lib.errors import BadInput, Conflict, NotAllowed, NotFound
from xinheng.records import rules
from xinheng.records.models import Record, RecordKey
from xinheng.records.rules import Ended, RecordState
from xinheng.records.selectors import history, public_total, record
from xinheng.records.services import (
    correct,
    mend,
    propose_withdrawal,
    reach,
    refuse_withdrawal,
    review_row,
    withdraw_batch,
)

WHY = "报错了月份，整批重报"


@pytest.fixture
def withdraw(officers: Mapping[str, int]) -> Any:
    """Propose as the collector, confirm as the reviewer."""

    def act(batch_id: int) -> Any:
        propose_withdrawal(batch_id=batch_id, reason=WHY, clerk=officers["scjgj.collector"], at=AT)
        return withdraw_batch(batch_id=batch_id, reason="属实", reviewer=officers["scjgj.reviewer"], at=AT)

    return act


@pytest.mark.req("INV-2", "INV-7", "ZY-33", "SP-8", kind="rule")
def test_every_live_record_of_the_batch_leaves_at_once(
    send: Send, withdraw: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Ended] = []
    monkeypatch.setattr(rules, "CONSEQUENCES", (lambda ended, at: told.append(ended),))
    send(row(9, OTHER))
    given = send(row(1), row(2, OTHER), row(3, CF_JDRQ="2027/01/01"), row(9, OTHER, CF_NR_FK="8"))
    before = public_total(item_code="CF", day=AT.date())
    receipt = withdraw(given.batch_id)
    assert public_total(item_code="CF", day=AT.date()) == before - 2
    gone = Record.objects.filter(batch_id=given.batch_id)
    assert {(one.state, one.cause) for one in gone} == {("withdrawn", "batch_withdrawn")}
    assert {one.record_id for one in told} == {one.id for one in gone}
    batch = IntakeBatch.objects.get(id=given.batch_id)
    assert (batch.state, batch.withdrawn_entry_id) == ("withdrawn", receipt.entry_id)
    assert IntakeRow.objects.get(batch_id=given.batch_id, row=5).state == RowState.RETURNED
    body = entry(receipt.entry_id).body
    assert body is not None
    assert (body["records"], body["returned"], body["ground"]["ground"]) == ("2", ["5"], WHY)
    one = gone.first()
    assert one is not None
    assert history(one.subject_id, one.id)[-1].reason == WHY
    assert damages() == []


@pytest.mark.req("INV-2", "INT-1", kind="rule")
def test_what_was_taken_back_may_be_sent_again_as_a_record_of_its_own(send: Send, withdraw: Any) -> None:
    given = send(row(1), row(2, OTHER))
    withdraw(given.batch_id)
    again = send(row(1), row(2, OTHER, CF_NR_FK="8"))
    assert [one.state for one in again.rows] == [RowState.REGISTERED] * 2
    assert Record.objects.count() == 4 and RecordKey.objects.count() == 2
    assert damages() == []


@pytest.mark.req("INV-7", kind="rule")
def test_records_that_ended_or_that_another_batch_stands_for_are_left_alone(
    send: Send, withdraw: Any, officers: Mapping[str, int]
) -> None:
    given = send(row(1), row(2, OTHER), row(3), row(4, OTHER), row(5))
    send(row(1, CF_ZT="撤销"))
    other = send(row(2, OTHER, CF_NR_FK="8"))
    waiting = IntakeRow.objects.get(batch_id=other.batch_id, row=2)
    review_row(
        row_id=waiting.id, outcome="accept", reviewer=officers["scjgj.reviewer"], reason="核对", channel="web", at=AT
    )
    third = Record.objects.get(batch_id=given.batch_id, row=4)
    held = record(third.subject_id, third.id)
    assert held.content is not None
    correct(
        subject_id=third.subject_id, record_id=third.id, values={**held.content, "CF_NR_FK": "2.000000"},
        reason="更正金额", article="ZY-46", actor="account:1", organisation="fgw", channel="web", at=AT,
    )  # fmt: skip
    assert damages() == []
    told = reach(given.batch_id)
    assert (len(told.live), told.ended, told.corrected, told.corrections) == (3, 1, 1, 0)
    withdraw(given.batch_id)
    states = dict(Record.objects.filter(batch_id=given.batch_id).values_list("row", "cause"))
    assert states == {
        2: "revoked_by_authority",
        3: "",
        4: "batch_withdrawn",
        5: "batch_withdrawn",
        6: "batch_withdrawn",
    }
    assert damages() == []
    told = reach(other.batch_id)
    assert (told.live, told.corrections) == ((), 1)
    withdraw(other.batch_id)
    assert Record.objects.get(batch_id=given.batch_id, row=3).state == RecordState.CORRECTED
    assert damages() == []


@pytest.mark.req("INV-7", "INT-1", kind="rule")
def test_rows_that_a_second_person_registered_go_with_their_batch(
    send: Send, withdraw: Any, officers: Mapping[str, int]
) -> None:
    given = send(row(1, CF_CFJGDM="11620798990000033L", CF_CFJG="衡川市住房和城乡建设局"))
    waiting = IntakeRow.objects.get(batch_id=given.batch_id)
    assert waiting.state == RowState.WAITING
    review_row(
        row_id=waiting.id, outcome="accept", reviewer=officers["scjgj.reviewer"], reason="核对", channel="web", at=AT
    )
    withdraw(given.batch_id)
    assert Record.objects.get().cause == "batch_withdrawn"
    assert damages() == []


@pytest.mark.req("ZY-35(2)", "INT-1", kind="refusal")
def test_it_takes_two_persons_of_the_sender(send: Send, officers: Mapping[str, int]) -> None:
    given = send(row(1))
    collector, reviewer = officers["scjgj.collector"], officers["scjgj.reviewer"]
    with pytest.raises(NotFound, match="withdrawal_unknown"):
        withdraw_batch(batch_id=given.batch_id, reason="属实", reviewer=reviewer, at=AT)
    for outsider in ("zjj.collector", "fgw.operator"):
        with pytest.raises(NotFound, match="batch_unknown"):
            propose_withdrawal(batch_id=given.batch_id, reason=WHY, clerk=officers[outsider], at=AT)
    for reason, code in (("", "reason_missing"), ("身份证620799196512120843", "reason_holds_identifier")):
        with pytest.raises(BadInput, match=code):
            propose_withdrawal(batch_id=given.batch_id, reason=reason, clerk=collector, at=AT)
    propose_withdrawal(batch_id=given.batch_id, reason=WHY, clerk=reviewer, at=AT)
    with pytest.raises(Conflict, match="withdrawal_proposed"):
        propose_withdrawal(batch_id=given.batch_id, reason=WHY, clerk=collector, at=AT)
    with pytest.raises(NotAllowed, match="second_person_needed"):
        withdraw_batch(batch_id=given.batch_id, reason="属实", reviewer=reviewer, at=AT)
    with pytest.raises(NotFound, match="batch_unknown"):
        withdraw_batch(batch_id=given.batch_id, reason="属实", reviewer=officers["fgw.operator"], at=AT)
    assert Record.objects.get().state == RecordState.ACTIVE
    assert damages() == []


@pytest.mark.req("INT-1", kind="rule")
def test_a_proposal_may_be_refused_and_made_again(send: Send, withdraw: Any, officers: Mapping[str, int]) -> None:
    given = send(row(1))
    propose_withdrawal(batch_id=given.batch_id, reason=WHY, clerk=officers["scjgj.collector"], at=AT)
    refuse_withdrawal(batch_id=given.batch_id, reason="数据无误", reviewer=officers["scjgj.reviewer"], at=AT)
    assert Record.objects.get().state == RecordState.ACTIVE
    assert damages() == []
    withdraw(given.batch_id)
    with pytest.raises(Conflict, match="batch_taken_back"):
        withdraw(given.batch_id)
    assert len(entries(act="batch.withdrawn", limit=5)) == 1
    assert damages() == []


@pytest.mark.req("INT-1", kind="refusal")
def test_rows_of_a_withdrawn_batch_are_mended_no_more(send: Send, withdraw: Any, officers: Mapping[str, int]) -> None:
    given = send(row(1), row(2, CF_JDRQ="2027/01/01"))
    withdraw(given.batch_id)
    with pytest.raises(Conflict, match="batch_taken_back"):
        mend(
            batch_id=given.batch_id, changes={3: {"CF_JDRQ": "2026/11/02"}}, drops={},
            clerk=officers["scjgj.collector"], at=AT,
        )  # fmt: skip
    assert IntakeBatch.objects.count() == 1


@pytest.mark.req("INV-7", kind="refusal")
@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_and_a_mending_at_once_end_in_one_order(
    transactional_db: None, request: pytest.FixtureRequest
) -> None:
    send: Send = request.getfixturevalue("send")
    officers: Mapping[str, int] = request.getfixturevalue("officers")
    given = send(row(1), row(2, OTHER, CF_JDRQ="2027/01/01"))
    propose_withdrawal(batch_id=given.batch_id, reason=WHY, clerk=officers["scjgj.collector"], at=AT)
    reviewer = officers["scjgj.reviewer"]
    results = together(
        lambda: withdraw_batch(batch_id=given.batch_id, reason="属实", reviewer=reviewer, at=AT),
        lambda: withdraw_batch(batch_id=given.batch_id, reason="属实", reviewer=reviewer, at=AT),
        lambda: mend(
            batch_id=given.batch_id, changes={3: {"CF_JDRQ": "2026/11/02"}}, drops={},
            clerk=officers["scjgj.collector"], at=AT,
        ),
    )  # fmt: skip
    errors = [one for one in results[:2] if isinstance(one, Exception)]
    assert len(errors) == 1 and isinstance(errors[0], Conflict | NotFound), results
    assert not isinstance(results[2], Exception) or results[2].code == "batch_taken_back"
    assert Record.objects.get(batch_id=given.batch_id).cause == "batch_withdrawn"
    assert damages() == []


ATTACKS = {
    "the batch is called closed": (
        "UPDATE intake_batch SET state='closed', withdrawn_entry_id=NULL WHERE state='withdrawn'",
        "batch_state",
    ),
    "another batch is called withdrawn": (
        "UPDATE intake_batch SET state='withdrawn', withdrawn_entry_id=1 WHERE state='closed'",
        "batch_state",
    ),
    "a record of it lives": (
        "UPDATE record SET state='active', cause='', use_until=retention_until WHERE state='withdrawn'",
        "record_state",
    ),
    "a version is altered": ("UPDATE record_version SET reason='x' WHERE act='withdrawn'", "versions_altered"),
    "the versions are deleted": (
        "UPDATE record r SET state='active', cause='', version_n=1, use_until=v.use_until,"
        " publicity_from=v.publicity_from, publicity_until=v.publicity_until FROM record_version v"
        " WHERE v.record_id=r.id AND v.n=1; DELETE FROM record_version WHERE act='withdrawn'",
        "versions_missing",
    ),
    "a waiting row comes back": (
        "UPDATE intake_row SET state='waiting', decided_by=NULL WHERE verdict='review'",
        "row_state",
    ),
    "another proposed it": ("UPDATE intake_withdrawal SET proposed_by=proposed_by+9000000", "withdrawal_altered"),
    "its reason is altered": ("UPDATE intake_withdrawal SET reason='x'", "withdrawal_altered"),
    "the proposal is deleted": ("DELETE FROM intake_withdrawal", "withdrawal_missing"),
    "a key of a live record is deleted": (
        "DELETE FROM record_key WHERE record_id IN (SELECT id FROM record WHERE state='active')",
        "record_key_missing",
    ),
}


@pytest.mark.owner
@pytest.mark.req("INV-8", "INT-1", kind="refusal")
def test_every_attack_on_a_withdrawn_batch_is_found(as_owner: None, request: pytest.FixtureRequest) -> None:
    send: Send = request.getfixturevalue("send")
    withdraw = request.getfixturevalue("withdraw")
    send(row(9, OTHER))
    given = send(row(1), row(2, OTHER), row(9, OTHER, CF_NR_FK="8"))
    withdraw(given.batch_id)
    assert damages() == []
    missed = {}
    for name, (attack, expected) in ATTACKS.items():
        with transaction.atomic():
            for statement in attack.split("; "):
                with connection.cursor() as cursor:
                    cursor.execute(statement)
            found = {one.what for one in damages()}
            transaction.set_rollback(True)
        if expected not in found:
            missed[name] = found
    assert not missed


@pytest.mark.req("INT-1", kind="rule")
def test_a_batch_of_many_records_takes_a_bounded_number_of_statements(
    send: Send, withdraw: Any, django_assert_max_num_queries: Any
) -> None:
    small, large = send(*(row(n) for n in range(1, 4))), send(*(row(n, OTHER) for n in range(100, 300)))
    with django_assert_max_num_queries(200) as few:
        withdraw(small.batch_id)
    with django_assert_max_num_queries(200) as many:
        withdraw(large.batch_id)
    assert len(many) <= len(few) + 5
