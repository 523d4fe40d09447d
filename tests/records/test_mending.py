"""Rows that did not go through are sent again mended, once, or taken back; each is an act of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import connection, transaction

from tests.records.conftest import Send
from tests.records.rows import AT, COMPANY, OTHER, PERSON, row
from tests.records.test_revoking import damages
from xinheng.intake.models import IntakeBatch, IntakeFinding, IntakeRow, IntakeRowContent
from xinheng.intake.rules import RowState
from xinheng.intake.selectors import cells_of, file_text
from xinheng.ledger.selectors import entries, entry
from xinheng.ledger.services import seal
from xinheng.lib.errors import BadInput, Conflict, NotFound
from xinheng.records.models import Record
from xinheng.records.services import WrongAgain, erase_content, mend, review_row

LATE = {"CF_JDRQ": "2027/11/02"}
LETTER = {**COMPANY, "CF_XDR_SHXYM": "9162O798MA90000116"}


@pytest.fixture
def clerk(officers: Mapping[str, int]) -> int:
    return officers["scjgj.collector"]


def state(batch_id: int, number: int) -> tuple[str, int | None, int | None]:
    found = IntakeRow.objects.get(batch_id=batch_id, row=number)
    return found.state, found.mended_in, found.mended_as


@pytest.mark.req("INT-1", "ZY-33", "SP-8", kind="rule")
def test_mended_rows_are_a_batch_of_their_own_that_names_what_it_mends(send: Send, clerk: int) -> None:
    given = send(row(1), row(2, OTHER, **LATE), row(3, LETTER), row(4, CF_NR_FK="三"))
    assert [one.state for one in given.rows[1:]] == [RowState.RETURNED] * 3
    done = mend(
        batch_id=given.batch_id,
        changes={3: {"CF_JDRQ": "2026/11/02"}, 4: {"CF_XDR_SHXYM": COMPANY["CF_XDR_SHXYM"]}},
        drops={5: "这一份已撤回，不再报送"},
        clerk=clerk,
        at=AT,
    )
    (number,) = done.batches
    assert (done.mended, done.dropped) == (2, 1)
    assert state(given.batch_id, 3) == ("mended", number, 2)
    assert state(given.batch_id, 4) == ("mended", number, 3)
    assert state(given.batch_id, 5) == ("dropped", None, None)
    made = IntakeBatch.objects.get(id=number)
    assert (made.mends, made.accepted, made.rejected, made.file_name) == (given.batch_id, 2, 0, "处罚-改正.csv")
    assert made.entry_id is not None
    body = entry(made.entry_id).body
    assert body is not None and body["mends"] == {"batch": str(given.batch_id), "rows": ["3", "4"]}
    (dropped,) = entries(act="row.dropped", limit=5)
    assert dropped.body is not None and dropped.body["ground"]["ground"] == "这一份已撤回，不再报送"
    assert Record.objects.filter(batch_id=number).count() == 2
    sent_as = cells_of(given.batch_id, [3])[3]
    assert cells_of(number, [2])[2] == {**sent_as, "CF_JDRQ": "2026/11/02"}
    assert damages() == []


@pytest.mark.req("INT-1", kind="refusal")
def test_a_value_that_is_wrong_again_writes_nothing(send: Send, clerk: int) -> None:
    given = send(row(2, OTHER, **LATE), row(3, **LATE))
    changes = {2: {"CF_JDRQ": "2026/11/02"}, 3: {"CF_JDRQ": "2026/13/02"}}
    with pytest.raises(WrongAgain) as refused:
        mend(batch_id=given.batch_id, changes=changes, drops={}, clerk=clerk, at=AT)
    assert {number: {f.field for f in found} for number, found in refused.value.rows.items()} == {3: {"CF_JDRQ"}}
    assert IntakeBatch.objects.count() == 1
    assert not Record.objects.exists()


@pytest.mark.req("INT-1", kind="refusal")
def test_a_row_is_mended_once(send: Send, clerk: int) -> None:
    given = send(row(2, OTHER, **LATE))
    changes = {2: {"CF_JDRQ": "2026/11/02"}}
    mend(batch_id=given.batch_id, changes=changes, drops={}, clerk=clerk, at=AT)
    with pytest.raises(Conflict, match="row_handled_meanwhile"):
        mend(batch_id=given.batch_id, changes=changes, drops={}, clerk=clerk, at=AT)
    with pytest.raises(Conflict, match="row_handled_meanwhile"):
        mend(batch_id=given.batch_id, changes={}, drops={2: "不报了"}, clerk=clerk, at=AT)
    assert IntakeBatch.objects.count() == 2
    assert damages() == []


@pytest.mark.req("INV-2", "INT-1", kind="refusal")
def test_what_must_not_be_kept_cannot_be_mended_here(send: Send, clerk: int) -> None:
    given = send(row(2, OTHER, CF_WSH=""))
    assert not IntakeRowContent.objects.exists()
    with pytest.raises(NotFound, match="row_unknown"):
        mend(batch_id=given.batch_id, changes={2: {"CF_WSH": "衡市监罚〔2026〕2号"}}, drops={}, clerk=clerk, at=AT)
    mend(batch_id=given.batch_id, changes={}, drops={2: "另行报送"}, clerk=clerk, at=AT)
    assert state(given.batch_id, 2)[0] == "dropped"
    assert damages() == []


@pytest.mark.req("INT-1", kind="rule")
def test_a_waiting_row_is_taken_back_by_its_sender(send: Send, clerk: int) -> None:
    send(row(1))
    given = send(row(1, CF_NR_FK="8"))
    assert given.rows[0].state is RowState.WAITING
    mend(batch_id=given.batch_id, changes={}, drops={2: "重复报送"}, clerk=clerk, at=AT)
    assert state(given.batch_id, 2)[0] == "dropped"
    assert damages() == []


@pytest.mark.req("INT-1", kind="rule")
def test_a_waiting_row_is_mended_before_a_second_person_looked(
    send: Send, clerk: int, officers: Mapping[str, int]
) -> None:
    given = send(row(6, CF_NR="罚款20000元", CF_NR_FK="20000"))
    assert given.rows[0].state is RowState.WAITING
    done = mend(batch_id=given.batch_id, changes={2: {"CF_NR_FK": "2"}}, drops={}, clerk=clerk, at=AT)
    assert state(given.batch_id, 2) == ("mended", done.batches[0], 2)
    assert Record.objects.get().batch_id == done.batches[0]
    waiting = IntakeRow.objects.get(batch_id=given.batch_id)
    with pytest.raises(Conflict, match="row_not_waiting"):
        review_row(
            row_id=waiting.id,
            outcome="accept",
            reviewer=officers["scjgj.reviewer"],
            reason="核对",
            channel="web",
            at=AT,
        )
    assert damages() == []


@pytest.mark.req("INT-1", kind="refusal")
@pytest.mark.parametrize(("reason", "code"), [("  ", "reason_missing"), ("见13800138000", "reason_holds_identifier")])
def test_a_row_is_taken_back_with_a_reason_that_history_may_keep(
    send: Send, clerk: int, reason: str, code: str
) -> None:
    given = send(row(2, OTHER, **LATE))
    with pytest.raises(BadInput, match=code):
        mend(batch_id=given.batch_id, changes={}, drops={2: reason}, clerk=clerk, at=AT)
    assert state(given.batch_id, 2)[0] == "returned"


@pytest.mark.req("INV-8", "INT-1", kind="rule")
def test_erasing_a_record_erases_what_its_row_said_before_it_was_mended(send: Send, clerk: int) -> None:
    given = send(row(3, PERSON, CF_WSH="衡市监罚〔2026〕33号", **LATE))
    assert PERSON["CF_XDR_ZJHM"] in file_text(given.batch_id)
    mend(
        batch_id=given.batch_id,
        changes={2: {"CF_JDRQ": "2026/11/02", "CF_WSH": "衡市监罚〔2026〕34号"}},
        drops={},
        clerk=clerk,
        at=AT,
    )
    held = Record.objects.get()
    erase_content(
        subject_id=held.subject_id, record_id=held.id, ground="g", article="ZY-35(2)", actor="a", organisation="",
        channel="system", at=AT,
    )  # fmt: skip
    seal(at=AT)
    for batch in IntakeBatch.objects.all():
        assert PERSON["CF_XDR_ZJHM"] not in file_text(batch.id)
    assert not IntakeRowContent.objects.exists() and not IntakeFinding.objects.exists()
    assert damages() == []


@pytest.mark.req("INT-1", kind="rule")
def test_a_column_that_the_file_lacked_is_added(send: Send, clerk: int) -> None:
    without = {code: cell for code, cell in row(5).items() if code != "CF_NR_FK"}
    given = send(without)
    assert given.rows[0].state is RowState.RETURNED
    done = mend(batch_id=given.batch_id, changes={2: {"CF_NR_FK": "3"}}, drops={}, clerk=clerk, at=AT)
    assert cells_of(done.batches[0], [2])[2]["CF_NR_FK"] == "3"
    assert damages() == []


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts at the same time, each on a connection of its own; what each gave or raised."""
    results: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def one(n: int, act: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[n] = act()
        except Exception as error:
            results[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.req("INT-1", kind="refusal")
@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_the_second_is_told(transactional_db: None, request: pytest.FixtureRequest) -> None:
    send: Send = request.getfixturevalue("send")
    clerk: int = request.getfixturevalue("clerk")
    given = send(row(2, OTHER, **LATE), row(3, **LATE))

    def act() -> Any:
        changes = {2: {"CF_JDRQ": "2026/11/02"}, 3: {"CF_JDRQ": "2026/11/03"}}
        return mend(batch_id=given.batch_id, changes=changes, drops={}, clerk=clerk, at=AT)

    results = together(act, act)
    told = [one for one in results if isinstance(one, Conflict)]
    assert len(told) == 1 and told[0].code == "row_handled_meanwhile", results
    assert IntakeBatch.objects.count() == 2
    assert Record.objects.count() == 2
    assert damages() == []


MENDED = "SELECT id FROM intake_row WHERE state='mended'"
ATTACKS = {
    "a mended row waits again": (
        "UPDATE intake_row SET state='returned', mended_in=NULL, mended_as=NULL, decided_by=NULL WHERE state='mended'",
        "row_state",
    ),
    "another row is said to mend it": ("UPDATE intake_row SET mended_as=7 WHERE state='mended'", "row_mended"),
    "another did it": ("UPDATE intake_row SET decided_by=1 WHERE state='mended'", "row_decided_by"),
    "a returned row is called dropped": (
        "UPDATE intake_row SET state='dropped', decided_by=1 WHERE state='returned'",
        "row_state",
    ),
    "a dropped row is called returned": (
        "UPDATE intake_row SET state='returned', decided_by=NULL WHERE state='dropped'",
        "row_state",
    ),
    "the batch mends nothing": ("UPDATE intake_batch SET mends=NULL", "batch_mends"),
    "the batch mends another": ("UPDATE intake_batch SET mends=id WHERE mends IS NOT NULL", "batch_mends"),
}


@pytest.mark.owner
@pytest.mark.req("INV-8", "INT-1", kind="refusal")
def test_every_attack_on_a_mended_row_is_found(as_owner: None, request: pytest.FixtureRequest) -> None:
    send: Send = request.getfixturevalue("send")
    clerk: int = request.getfixturevalue("clerk")
    given = send(row(1), row(2, OTHER, **LATE), row(3, **LATE), row(4, **LATE))
    mend(batch_id=given.batch_id, changes={3: {"CF_JDRQ": "2026/11/02"}}, drops={4: "不报"}, clerk=clerk, at=AT)
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
