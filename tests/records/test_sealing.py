"""What national law has sealed since it was taken in leaves the platform, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.records.conftest import Send
from tests.records.rows import AT, COMPANY, PERSON, PERSON_ID, SHOP, row
from tests.records.test_endings import clean, everything
from xinheng.ledger import selectors as ledger
from xinheng.records.models import Record, RecordContent
from xinheng.records.rules import RecordState
from xinheng.records.services import remove_sealed, sealing, withdraw
from xinheng.subjects.selectors import by_identifier

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("INV-9", kind="journey")]
BEFORE = datetime(2025, 12, 22, 1, 0, tzinfo=UTC)
AFTER = datetime(2026, 1, 1, 1, 0, tzinfo=UTC)
ORDER = {"CF_YJ": "《中华人民共和国治安管理处罚法》第四十三条", "CF_JDRQ": "2025/12/01"}
DEED = "在夜市与人推搡一次"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """A process that has not looked yet."""
    sealing._looked.clear()
    yield
    sealing._looked.clear()


def order(number: int, who: Any, **changed: str) -> dict[str, str]:
    return row(number, who, **{**ORDER, **changed})


def states() -> dict[int, str]:
    return dict(Record.objects.values_list("row", "state"))


def test_what_was_taken_in_before_the_rule_leaves_on_its_day(send: Send) -> None:
    other = row(9, PERSON, CF_JDRQ="2025/12/01")
    sent = send(order(1, PERSON, CF_SY=DEED), order(2, COMPANY), order(3, SHOP), other, at=BEFORE)
    assert sent.records == 4
    assert DEED in everything()
    assert remove_sealed(at=AFTER - timedelta(days=1)) == 0
    assert set(states().values()) == {"active"}
    assert remove_sealed(at=AFTER) == 1
    assert [row for row, state in sorted(states().items()) if state == "erased"] == [2]  # the first line is the heading
    assert DEED not in everything()
    entries = [entry.body for entry in ledger.entries(act="content.erased", limit=5)]  # the record's and its row's
    said = [(b["ground"], b["actor"], b["channel"]) for b in entries if b is not None]
    assert said == [({"ground": "record_sealed", "article": "CN-PSAL-136"}, "platform", "system")] * 2
    assert by_identifier(None, PERSON_ID) is not None  # another record is about the person
    assert clean()
    assert remove_sealed(at=AFTER) == 0
    sealing._looked.clear()
    assert remove_sealed(at=AFTER + timedelta(days=400)) == 0


def test_nobody_is_left_of_whom_nothing_else_is_held(send: Send) -> None:
    send(order(1, PERSON), at=BEFORE)
    assert remove_sealed(at=AFTER) == 1
    assert by_identifier(None, PERSON_ID) is None
    assert clean()


def test_an_ended_record_is_held_too(send: Send) -> None:
    send(order(1, PERSON), at=BEFORE)
    held = Record.objects.get()
    withdraw(
        subject_id=held.subject_id,
        record_id=held.id,
        cause="document_revoked",
        reason="决定书被撤销",
        article="DC-35",
        actor="account:1",
        organisation="scjgj",
        channel="web",
        at=BEFORE,
    )
    assert remove_sealed(at=AFTER) == 1
    assert not RecordContent.objects.exists()


def test_a_round_looks_at_few_records_and_the_next_goes_on(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "AT_ONCE", 2)
    send(*[order(n, PERSON) if n == 5 else row(n, PERSON, CF_JDRQ="2025/12/01") for n in range(1, 6)], at=BEFORE)
    looked: list[int] = []
    contents = sealing.selectors.content_of

    def counted(records: Any) -> Any:
        looked.extend(held.record_id for held in records)
        return contents(records)

    monkeypatch.setattr(sealing.selectors, "content_of", counted)
    assert [remove_sealed(at=AFTER) for _ in range(4)] in ([0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 0])
    assert len(looked) == len(set(looked)) == 5
    remove_sealed(at=AFTER + timedelta(days=1))  # every day anew: a row may have been registered after a review
    assert len(looked) == 7


def test_what_cannot_be_opened_stops_nothing(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    send(order(1, PERSON), row(2, PERSON, CF_JDRQ="2025/12/01"), at=BEFORE)
    first = Record.objects.order_by("id").first()
    assert first is not None
    contents = sealing.selectors.content_of

    def broken(records: Any) -> Any:
        if next(iter(records)).record_id != first.id:
            raise ValueError
        return contents(records)

    monkeypatch.setattr(sealing.selectors, "content_of", broken)
    assert remove_sealed(at=AT) == 1
    assert set(states().values()) == {RecordState.ERASED.value, RecordState.ACTIVE.value}
