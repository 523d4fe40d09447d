"""Batches in the database: every row accounted for, encrypted, decided by a second person, erasable."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, transaction

from tests.intake.made import TODAY, Desk, penalty, person_penalty, table, text_of
from xinheng.accounts.selectors import organisation_by_code
from xinheng.catalog.selectors import item_version_id
from xinheng.intake import selectors
from xinheng.intake.models import IntakeBatch, IntakeChunk, IntakeFinding, IntakeRow, IntakeRowContent, IntakeRowKey
from xinheng.intake.rules import FileRefused, RowResult, RowState, Standing, Verdict
from xinheng.intake.services import (
    ReceivedBatch,
    close_batch,
    decide_review,
    erase_row_content,
    mark_registered,
    open_review,
    receive_batch,
    storing,
)
from xinheng.law.pack import Pack
from xinheng.ledger.models import LawVersion
from xinheng.lib import merkle
from xinheng.lib.canonical import sha256
from xinheng.lib.errors import Conflict, NotAllowed, NotFound
from xinheng.subjects.selectors import keys_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SEALED = {"CF_YJ": "《治安管理处罚法》第四十九条", "CF_SY": "殴打他人之事实"}
WAITING = {"CF_NR_FK": "2000"}


def receive(pack: Pack, file: bytes, **options: Any) -> ReceivedBatch:
    desk = Desk(pack)
    organisation = organisation_by_code("scjgj")
    return receive_batch(
        file=file,
        file_name=options.pop("file_name", "十一月.csv"),
        item=desk.item,
        item_version_id=item_version_id(code="CF", on=TODAY),
        pack=pack,
        law_version_id=LawVersion.objects.get(label=pack.label).id,
        provider=desk.provider,
        provider_id=organisation.id,
        uploaded_by=options.pop("uploaded_by", 7),
        at=AT,
        today=TODAY,
        **options,
    )


def file_of(pack: Pack, *rows: dict[str, str], encoding: str = "utf-8") -> bytes:
    return text_of(table(Desk(pack).item, rows)).encode(encoding)


def mixed(pack: Pack, encoding: str = "utf-8") -> bytes:
    """One row of each fate: accepted, waiting, returned and kept, returned and not kept, unchanged."""
    return file_of(
        pack,
        penalty(1),
        person_penalty(2) | WAITING,
        penalty(3) | {"CF_JDRQ": "2026/02/30"},
        person_penalty(4) | SEALED,
        penalty(1),
        encoding=encoding,
    )


@pytest.mark.req("INT-1", kind="rule")
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_every_row_of_the_file_has_its_state_its_leaf_and_the_sums_agree(pack: Pack, encoding: str) -> None:
    data = mixed(pack, encoding)
    received = receive(pack, data)
    states = [row.state for row in received.rows]
    assert states == [
        RowState.ACCEPTED,
        RowState.WAITING,
        RowState.RETURNED,
        RowState.RETURNED,
        RowState.UNCHANGED,
    ]
    assert [row.row for row in received.rows] == [2, 3, 4, 5, 6]
    sums = (received.accepted, received.review, received.rejected, received.unchanged, received.row_count)
    assert sums == (1, 1, 2, 1, 5)
    assert received.file_sha256 == sha256(data).hex()
    assert received.root == merkle.root([row.leaf for row in received.rows]).hex()
    checks = list(selectors.leaf_checks(received.batch_id))
    assert [c.leaf for c in checks] == [row.leaf for row in received.rows]
    assert [c.recomputed == c.leaf for c in checks] == [True, True, True, False, True]
    assert checks[3].recomputed is None


@pytest.mark.req("INV-9", "INV-2", kind="refusal")
def test_of_a_row_that_must_not_be_kept_only_number_reason_and_article_remain(pack: Pack) -> None:
    received = receive(pack, mixed(pack))
    sealed = received.rows[3]
    assert not IntakeRowContent.objects.filter(row_id=sealed.row_id).exists()
    assert not IntakeRowKey.objects.filter(row_id=sealed.row_id).exists()
    left = list(IntakeFinding.objects.filter(row_id=sealed.row_id).values_list("code", "article", "sealed"))
    assert left == [("sealed", "CN-PSAL-136", None)]
    kept = selectors.file_text(received.batch_id)
    assert "殴打他人之事实" not in kept
    assert person_penalty(4)["CF_XDR_ZJHM"] not in kept
    assert penalty(3)["CF_WSH"] in kept
    view = selectors.rows(received.batch_id)[3]
    assert view.values is None
    assert [f.code for f in view.findings] == ["sealed"]


@pytest.mark.req("INV-8", kind="rule")
def test_the_database_alone_tells_no_identifier_of_a_person(pack: Pack, owner: psycopg.Connection[Any]) -> None:
    number = person_penalty(2)["CF_XDR_ZJHM"]
    with transaction.atomic():
        receive(pack, file_of(pack, person_penalty(2) | WAITING))
        for model in (IntakeBatch, IntakeChunk, IntakeRow, IntakeRowContent, IntakeFinding, IntakeRowKey):
            for row in model.objects.values_list():  # type: ignore[attr-defined]
                for cell in row:
                    told = bytes(cell) if isinstance(cell, memoryview | bytes) else str(cell).encode()
                    assert number.encode() not in told
                    assert "李四".encode() not in told


def test_identifiers_are_masked_for_the_sender(pack: Pack) -> None:
    received = receive(pack, file_of(pack, person_penalty(2) | WAITING | {"CF_SY": "电话13912345678"}))
    view = selectors.rows(received.batch_id)[0]
    assert view.values is not None
    assert view.values["CF_XDR_ZJHM"] == "*" * 16 + person_penalty(2)["CF_XDR_ZJHM"][-2:]
    assert view.values["CF_SY"] == "电话*********78"
    waiting = selectors.waiting_rows()
    assert waiting[0].values["CF_XDR_ZJHM"].startswith("****")
    assert selectors.waiting_row(waiting[0].row_id).values["CF_XDR_ZJHM"] == person_penalty(2)["CF_XDR_ZJHM"]


@pytest.mark.django_db(transaction=True)
def test_a_batch_outside_a_transaction_is_refused(pack: Pack) -> None:
    with pytest.raises(Conflict) as refused:
        receive(pack, mixed(pack))
    assert refused.value.code == "no_transaction"


def test_a_file_refused_whole_leaves_nothing(pack: Pack) -> None:
    with pytest.raises(FileRefused):
        receive(pack, b"a,b\n1,2\n")
    assert not IntakeBatch.objects.exists()
    assert not IntakeChunk.objects.exists()


def test_rows_are_compared_with_the_records(pack: Pack) -> None:
    asked: list[int] = []

    def compare(rows: Any) -> dict[int, Standing]:
        asked.extend(row.row for row in rows)
        assert all(isinstance(row, RowResult) for row in rows)
        return {2: Standing.UNCHANGED, 3: Standing.DIFFERS}

    received = receive(pack, file_of(pack, penalty(1), penalty(2), penalty(3), penalty(1)), compare=compare)
    assert asked == [2, 3, 4]
    assert [r.state.value for r in received.rows] == ["unchanged", "waiting", "accepted", "unchanged"]
    assert [f.code for f in received.rows[0].findings] == ["unchanged"]
    assert [f.code for f in received.rows[1].findings] == ["differs_from_record"]


def test_a_batch_closes_once_and_only_when_its_rows_are_registered(pack: Pack) -> None:
    received = receive(pack, mixed(pack))
    with pytest.raises(Conflict, match="row_without_record"):
        close_batch(batch_id=received.batch_id, entry_id=5, at=AT)
    mark_registered(row_ids=[received.rows[0].row_id], at=AT)
    with pytest.raises(Conflict, match="row_not_accepted"):
        mark_registered(row_ids=[received.rows[1].row_id], at=AT)
    close_batch(batch_id=received.batch_id, entry_id=5, at=AT)
    assert selectors.batch(received.batch_id).entry_id == 5
    with pytest.raises(Conflict, match="batch_closed"):
        close_batch(batch_id=received.batch_id, entry_id=6, at=AT)


@pytest.mark.req("INT-1", kind="refusal")
def test_a_waiting_row_is_decided_once_and_never_by_its_sender(pack: Pack) -> None:
    row_id = receive(pack, mixed(pack), uploaded_by=7).rows[1].row_id
    assert selectors.waiting_rows(exclude_uploader=7) == []
    with pytest.raises(NotAllowed, match="second_person_needed"):
        open_review(row_id=row_id, reviewer=7)
    opened = open_review(row_id=row_id, reviewer=8)
    assert (opened.row, opened.item_code, opened.item_from) == (3, "CF", date(2018, 7, 1))
    assert [f.code for f in opened.findings] == ["fine_unit_suspected"]
    assert "2000" in opened.findings[0].message
    decide_review(row_id=row_id, outcome=RowState.RETURNED, reviewer=8, at=AT)
    assert IntakeRow.objects.get(pk=row_id).decided_by == 8
    with pytest.raises(Conflict, match="row_not_waiting"):
        open_review(row_id=row_id, reviewer=9)
    with pytest.raises(Conflict, match="row_not_waiting"):
        decide_review(row_id=row_id, outcome=RowState.REGISTERED, reviewer=9, at=AT)
    with pytest.raises(NotFound):
        open_review(row_id=1, reviewer=9)


def test_the_database_refuses_to_register_a_doubtful_row_without_a_person(pack: Pack) -> None:
    row_id = receive(pack, mixed(pack)).rows[1].row_id
    with pytest.raises(DatabaseError), transaction.atomic():
        IntakeRow.objects.filter(pk=row_id).update(state=RowState.REGISTERED.value)


@pytest.mark.req("QRY-2", kind="rule")
def test_rows_that_wait_are_shown_to_their_subject_as_the_item_releases_them(pack: Pack) -> None:
    number = person_penalty(2)["CF_XDR_ZJHM"]
    received = receive(pack, mixed(pack))
    shown = selectors.waiting_about(keys_of("id", number))
    assert [row.row_id for row in shown] == [received.rows[1].row_id]
    assert shown[0].as_dict()["row"] == "3"
    assert shown[0].values["CF_XDR_ZJHM"] == number
    assert selectors.waiting_about(keys_of("id", "622201199001011234")) == []
    decide_review(row_id=received.rows[1].row_id, outcome=RowState.RETURNED, reviewer=8, at=AT)
    assert selectors.waiting_about(keys_of("id", number)) == []


@pytest.mark.req("INV-8", kind="rule")
def test_erasing_a_row_takes_its_words_everywhere_and_leaves_its_leaf(pack: Pack) -> None:
    first = receive(pack, mixed(pack))
    again = receive(pack, file_of(pack, penalty(9), penalty(1) | {"CF_SY": "另一说法"}))
    erased = erase_row_content(batch_id=first.batch_id, rows=[2])
    assert erased == sorted([first.rows[0].row_id, first.rows[4].row_id, again.rows[1].row_id])
    for batch_id in (first.batch_id, again.batch_id):
        text = selectors.file_text(batch_id)
        assert penalty(1)["CF_WSH"] not in text
        assert "另一说法" not in text
    assert penalty(9)["CF_WSH"] in selectors.file_text(again.batch_id)
    assert selectors.rows(first.batch_id)[0].values is None
    assert bytes(IntakeRow.objects.get(pk=first.rows[0].row_id).leaf) == first.rows[0].leaf


def test_a_large_file_is_kept_in_pieces(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "PIECE", 500)
    data = file_of(pack, *(penalty(n) for n in range(1, 6)))
    received = receive(pack, data)
    assert IntakeChunk.objects.filter(batch_id=received.batch_id).count() > 3
    assert selectors.file_text(received.batch_id).encode() == data


def test_rows_are_listed_by_verdict_and_page(pack: Pack) -> None:
    received = receive(pack, mixed(pack))
    assert [r.row for r in selectors.rows(received.batch_id, Verdict.REJECT)] == [4, 5]
    assert [r.row for r in selectors.rows(received.batch_id, after=3, limit=2)] == [4, 5]
    assert [b.batch_id for b in selectors.batches()] == [received.batch_id]
    assert selectors.batches(provider_id=-1) == []
    with pytest.raises(NotFound):
        selectors.batch(1)


@pytest.mark.req("INV-3", "INT-1", kind="refusal")
def test_a_number_of_a_person_in_the_name_of_a_file_is_starred(pack: Pack) -> None:
    received = receive(pack, file_of(pack, penalty(1)), file_name="处罚620799199006200457.csv")
    name = IntakeBatch.objects.get(pk=received.batch_id).file_name
    assert name.startswith("处罚****")
    assert "199006" not in name
