"""Corrections and withdrawals add to history and never rewrite it; what rests on an ended record stops with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from tests.records.conftest import Send
from tests.records.rows import AT, OTHER, PERSON, row, sheet
from xinheng.accounts.selectors import organisation_by_code
from xinheng.intake.models import IntakeRow
from xinheng.intake.rules import RowState
from xinheng.ledger import selectors as ledger
from xinheng.lib.errors import BadInput, Conflict, NotAllowed, NotFound, RefusedByLaw
from xinheng.records import rules, selectors
from xinheng.records.models import Record, RecordContent, RecordVersion
from xinheng.records.rules import Act, Ended, RecordState, fold, version_leaf
from xinheng.records.services import (
    accept_batch,
    correct,
    differences,
    erase_content,
    expire,
    review_row,
    withdraw,
)
from xinheng.subjects.models import Subject

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)
BY = {"actor": "account:1", "organisation": "scjgj", "channel": "web", "at": LATER}


@pytest.fixture
def held(send: Send) -> rules.HeldRecord:
    """One penalty of a company."""
    send(row(1))
    return only()


def only() -> rules.HeldRecord:
    (one,) = Record.objects.all()
    return selectors.record(one.subject_id, one.id)


def place(held: rules.HeldRecord) -> dict[str, int]:
    return {"subject_id": held.subject_id, "record_id": held.record_id}


def values_of(held: rules.HeldRecord, **changed: str) -> dict[str, str]:
    assert held.content is not None
    return {**held.content, **changed}


def do_correct(held: rules.HeldRecord, **changed: str) -> Any:
    return correct(**place(held), values=values_of(held, **changed), reason="金额写错", article="DC-46", **BY)


def do_withdraw(held: rules.HeldRecord) -> Any:
    return withdraw(**place(held), cause="document_revoked", reason="决定书被撤销", article="DC-46", **BY)


def do_erase(held: rules.HeldRecord) -> Any:
    return erase_content(**place(held), ground="依法删除", article="DC-35", **BY)


@pytest.mark.req("INV-8", kind="journey")
def test_a_correction_is_a_new_version_and_the_old_one_stays(held: rules.HeldRecord) -> None:
    receipt = do_correct(held, CF_NR_FK="2", CF_JDRQ="2026-11-03")
    now = only()
    assert (now.state, now.version_n, now.live) == (RecordState.CORRECTED, 2, True)
    assert now.content is not None and now.content["CF_NR_FK"] == "2"
    assert now.decided_on == date(2026, 11, 3)
    assert now.publicity is not None and now.publicity.from_ == date(2026, 11, 3)
    first, second = selectors.history(**place(held))
    assert (first.act, second.act, second.reason, second.at) == (Act.REGISTERED, Act.CORRECTED, "金额写错", LATER)
    assert fold([first, second]) == Record.objects.get(id=held.record_id).snapshot(held.record_id)
    assert RecordContent.objects.filter(record_id=held.record_id).count() == 2
    entry = ledger.entry(receipt.entry_id)
    assert entry.act == "record.corrected"
    assert entry.body is not None
    assert (entry.body["version"], entry.body["subject"]) == (version_leaf(second).hex(), str(held.subject_id))


@pytest.mark.req("INV-7", "INV-2", kind="journey")
def test_a_withdrawn_record_leaves_publicity_sharing_and_use_at_once(held: rules.HeldRecord) -> None:
    do_withdraw(held)
    now = only()
    assert (now.state, now.cause, now.live) == (RecordState.WITHDRAWN, "document_revoked", False)
    assert now.publicity is None
    assert now.use is None or not now.use.holds(date(2026, 11, 20))
    assert now.retention_until == held.retention_until
    assert now.content == held.content
    assert selectors.public_page(item_code="CF", day=date(2026, 11, 20)) == []


@pytest.mark.req("INV-7", kind="rule")
@pytest.mark.parametrize("ending", ["withdraw", "erase", "expire"])
def test_what_rests_on_a_record_stops_in_the_same_transaction(
    held: rules.HeldRecord, ending: str, consequences: list[Ended]
) -> None:
    match ending:
        case "withdraw":
            do_withdraw(held)
        case "erase":
            do_erase(held)
        case "expire":
            Record.objects.filter(id=held.record_id).update(use_until=date(2026, 11, 20))
            assert expire(at=LATER) == 1
    (ended,) = consequences
    assert (ended.subject_id, ended.record_id, ended.item_code) == (held.subject_id, held.record_id, "CF")
    assert ended.state is only().state


@pytest.mark.req("INV-7", kind="refusal")
def test_a_consequence_that_fails_undoes_the_whole_act(held: rules.HeldRecord) -> None:
    def fails(ended: Ended, at: datetime) -> None:
        raise Conflict("stop_failed")

    rules.wire(fails)
    try:
        with pytest.raises(Conflict, match="stop_failed"):
            do_withdraw(held)
    finally:
        rules.wire()
    assert only() == held
    assert RecordVersion.objects.count() == 1
    assert ledger.entries(act="record.withdrawn") == []


@pytest.fixture
def consequences() -> Iterator[list[Ended]]:
    seen: list[Ended] = []
    before = rules.CONSEQUENCES

    def note(ended: Ended, at: datetime) -> None:
        assert connection.in_atomic_block
        seen.append(ended)

    rules.wire(note)
    yield seen
    rules.wire(*before)


ACTS = {"correct": do_correct, "withdraw": do_withdraw, "erase": do_erase}
AFTER = {
    "nothing": {"correct", "withdraw", "erase"},
    "correct": {"correct", "withdraw", "erase"},
    "withdraw": {"erase"},
    "erase": set(),
}


@pytest.mark.req("INV-7", "INV-8", kind="rule")
@pytest.mark.parametrize("done", list(AFTER))
@pytest.mark.parametrize("wanted", list(ACTS))
def test_every_act_in_every_state(held: rules.HeldRecord, done: str, wanted: str) -> None:
    if done != "nothing":
        ACTS[done](held)
    before = [Record.objects.get().snapshot(held.record_id), RecordVersion.objects.count()]
    if wanted in AFTER[done]:
        ACTS[wanted](held)
        assert fold(selectors.history(**place(held))) == Record.objects.get().snapshot(held.record_id)
        return
    with pytest.raises(RefusedByLaw, match="record_state") as caught:
        ACTS[wanted](held)
    assert caught.value.article in {"DC-46", "DC-35"}
    assert [Record.objects.get().snapshot(held.record_id), RecordVersion.objects.count()] == before


@pytest.mark.req("INV-8", kind="refusal")
def test_no_change_without_a_reason_and_none_of_what_is_not_there(held: rules.HeldRecord) -> None:
    with pytest.raises(BadInput, match="reason_missing"):
        withdraw(**place(held), cause="x", reason=" ", article="DC-46", **BY)
    with pytest.raises(BadInput, match="reason_holds_identifier"):
        withdraw(**place(held), cause="x", reason="620799199006200457", article="DC-46", **BY)
    with pytest.raises(NotFound, match="record_unknown"):
        withdraw(subject_id=held.subject_id, record_id=-1, cause="x", reason="y", article="DC-46", **BY)
    with pytest.raises(NotFound, match="subject_unknown"):
        withdraw(subject_id=-1, record_id=held.record_id, cause="x", reason="y", article="DC-46", **BY)


@pytest.mark.req("SUB-1", kind="refusal")
def test_a_correction_never_moves_a_record_to_another_subject(send: Send, held: rules.HeldRecord) -> None:
    send(row(9, OTHER))
    record = selectors.record(**place(held))
    with pytest.raises(BadInput, match="correction_names_another_subject"):
        do_correct(record, **OTHER)
    with pytest.raises(BadInput, match="correction_names_another_subject"):
        do_correct(record, CF_XDR_SHXYM="91620798MA9000038X")
    assert RecordVersion.objects.filter(record_id=held.record_id).count() == 1


@pytest.mark.req("INV-8", kind="rule")
def test_a_corrected_row_cannot_silently_come_back(send: Send, held: rules.HeldRecord) -> None:
    do_correct(held, CF_WSH="衡市监罚〔2026〕100号", CF_NR_FK="2")
    old = send(row(1))
    assert [r.state for r in old.rows] == [RowState.WAITING]
    new = send(row(100, CF_NR_FK="2"))
    assert [r.state for r in new.rows] == [RowState.UNCHANGED]
    assert Record.objects.count() == 1


@pytest.mark.req("INV-8", kind="refusal")
def test_a_correction_cannot_take_the_number_of_another_record(send: Send) -> None:
    send(row(1), row(2))
    first = next(r for r in map(selectors.facts_of, [Record.objects.filter(row=2)]) for r in r)
    record = selectors.record(first.subject_id, first.record_id)
    with pytest.raises(Conflict, match="natural_key_of_another_record"):
        do_correct(record, CF_WSH="衡市监罚〔2026〕2号")


# Review ------------------------------------------------------------------------------------------------------------


def waiting() -> int:
    return IntakeRow.objects.get(state=RowState.WAITING.value).id


def review(outcome: str, reviewer: int, reason: str = "与原件核对一致") -> Any:
    return review_row(row_id=waiting(), outcome=outcome, reviewer=reviewer, reason=reason, channel="web", at=LATER)


@pytest.mark.req("INT-1", kind="journey")
def test_a_second_person_turns_a_different_row_into_a_correction(
    send: Send, held: rules.HeldRecord, officers: dict[str, int]
) -> None:
    send(row(1, CF_NR_FK="2", CF_NR="罚款二万元"))
    receipt = review("accept", officers["scjgj.reviewer"])
    now = only()
    assert (now.state, now.version_n) == (RecordState.CORRECTED, 2)
    assert now.content is not None and now.content["CF_NR"] == "罚款二万元"
    entry = ledger.entry(receipt.entry_id)
    assert entry.act == "batch.reviewed"
    assert entry.body is not None and entry.body["outcome"] == "accept"
    assert not IntakeRow.objects.filter(state=RowState.WAITING.value).exists()


@pytest.mark.req("INT-1", kind="refusal")
def test_the_uploader_is_never_the_reviewer(send: Send, held: rules.HeldRecord, officers: dict[str, int]) -> None:
    send(row(1, CF_NR_FK="2"))
    with pytest.raises(NotAllowed, match="second_person_needed"):
        review("accept", officers["scjgj.collector"])
    with pytest.raises(BadInput, match="reason_missing"):
        review("accept", officers["scjgj.reviewer"], reason="")
    with pytest.raises(BadInput, match="outcome_unknown"):
        review("maybe", officers["scjgj.reviewer"])
    assert only() == held


@pytest.mark.req("INT-1", kind="journey")
def test_a_returned_row_changes_nothing_on_file(send: Send, held: rules.HeldRecord, officers: dict[str, int]) -> None:
    send(row(1, CF_NR_FK="2"))
    row_id = waiting()
    receipt = review("return", officers["scjgj.reviewer"])
    assert only() == held
    assert IntakeRow.objects.get(id=row_id).state == RowState.RETURNED
    entry = ledger.entry(receipt.entry_id)
    assert entry.body is not None and (entry.body["outcome"], entry.body["subject"]) == ("return", "")


@pytest.mark.req("INT-1", kind="journey")
def test_a_waiting_row_that_is_new_becomes_a_record(send: Send, officers: dict[str, int]) -> None:
    # An amount that looks like yuan in a field of ten thousand yuan waits for a person.
    receipt = send(row(1, CF_NR_FK="30000", CF_NR="罚款30000元"))
    assert [r.state for r in receipt.rows] == [RowState.WAITING]
    assert not Record.objects.exists()
    done = review("accept", officers["scjgj.reviewer"])
    now = only()
    assert (now.state, now.version_n, now.row, now.batch_id) == (RecordState.ACTIVE, 1, 2, receipt.batch_id)
    entry = ledger.entry(done.entry_id)
    assert entry.body is not None and entry.body["subject"] == str(now.subject_id)
    with pytest.raises(IntakeRow.DoesNotExist):
        waiting()


# The database itself -------------------------------------------------------------------------------------------------


@pytest.mark.req("INV-8", kind="refusal")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record_version SET reason = 'x'",
        "UPDATE record_version SET n = n",
        "DELETE FROM record_version",
        "TRUNCATE record_version",
        "UPDATE record_content SET body = '{}'",
        "TRUNCATE record_content",
        "DELETE FROM record",
        "UPDATE record_key SET record_id = 1",
        "ALTER TABLE record_version DISABLE TRIGGER ALL",
        "DROP TABLE record_version",
        "SELECT * FROM record_version FOR UPDATE",
    ],
)
def test_the_application_cannot_rewrite_history(held: rules.HeldRecord, statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        execute(statement)


def execute(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))


def test_saving_a_version_again_is_denied_by_the_database(held: rules.HeldRecord) -> None:
    version = RecordVersion.objects.get()
    version.reason = "x"
    with pytest.raises(DatabaseError), transaction.atomic():
        version.save()


@pytest.mark.req("SUB-1", kind="refusal")
def test_no_row_of_a_record_can_belong_to_another_subject(send: Send, held: rules.HeldRecord) -> None:
    send(row(2, OTHER))
    other = Subject.objects.exclude(id=held.subject_id).get().id
    copied = {f.attname: getattr(RecordVersion.objects.first(), f.attname) for f in RecordVersion._meta.concrete_fields}
    with pytest.raises(IntegrityError, match="record_version_record"), transaction.atomic():
        RecordVersion.objects.create(**{**copied, "subject_id": other, "id": -5, "n": 9})
    with pytest.raises(IntegrityError, match="record_content_version"), transaction.atomic():
        RecordContent.objects.create(
            subject_id=other, id=held.content_id, record_id=held.record_id, body="{}", salt=b"s" * 32
        )
    with pytest.raises(IntegrityError, match="record_subject_kind"), transaction.atomic():
        Record.objects.filter(id=held.record_id).update(subject_kind="unincorporated")


@pytest.mark.req("INV-4", "INV-7", "PUB-1", kind="refusal")
@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"publicity_until": date(2026, 11, 2)}, "record_publicity_half_open"),
        ({"publicity_from": None}, "record_publicity_half_open"),
        ({"state": "withdrawn"}, "record_public_while_live"),
        ({"state": "unknown", "publicity_from": None, "publicity_until": None}, "record_state_known"),
    ],
)
def test_the_database_refuses_impossible_dates_and_states(
    held: rules.HeldRecord, changed: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Record.objects.filter(id=held.record_id).update(**changed)


@pytest.mark.req("INV-4", "INV-9", kind="refusal")
def test_the_database_refuses_to_publish_a_person_without_a_statute(send: Send) -> None:
    send(row(1, PERSON))
    for changed in ({}, {"person_statute": "CN-APL-48", "as_minor": True}):
        with pytest.raises(IntegrityError, match="record_person_public_by_statute"), transaction.atomic():
            Record.objects.update(publicity_from=date(2026, 11, 2), **changed)


def test_history_without_a_reason_is_refused(held: rules.HeldRecord) -> None:
    copied = {f.attname: getattr(RecordVersion.objects.get(), f.attname) for f in RecordVersion._meta.concrete_fields}
    with pytest.raises(IntegrityError, match="record_version_reasoned"), transaction.atomic():
        RecordVersion.objects.create(**{**copied, "id": -5, "n": 2, "act": "withdrawn", "reason": ""})
    with pytest.raises(IntegrityError, match="record_version_n_once"), transaction.atomic():
        RecordVersion.objects.create(**{**copied, "id": -5})


@pytest.mark.req("INV-3", "INV-8", kind="refusal")
def test_another_providers_record_is_neither_told_nor_corrected(send: Send, officers: Mapping[str, int]) -> None:
    send(row(1))
    other = organisation_by_code("zjj")
    accept_batch(
        file=sheet([row(1, CF_SY="别的单位写的事实")]),
        file_name="处罚.csv",
        item_code="CF",
        provider=other,
        actor="cli:root",
        channel="cli",
        at=LATER,
    )
    assert differences(row_id=waiting()) == []
    with pytest.raises(NotAllowed, match="record_of_another_provider"):
        review("accept", officers["scjgj.reviewer"])
    assert [version.n for version in RecordVersion.objects.all()] == [1]
