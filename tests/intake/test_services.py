"""Batches in the database: every row accounted for, encrypted, decided by a second person, erasable."""

from __future__ import annotations

import io
from dataclasses import dataclass
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
from xinheng.intake.reading import FileReport, check_blocks, checking
from xinheng.intake.rules import FileRefused, Finding, RowResult, RowState, Standing, Verdict, roles_of
from xinheng.intake.rules.timing import DueDays
from xinheng.intake.services import (
    OpenBatch,
    ReceivedBatch,
    ReceivedRow,
    close_batch,
    decide_review,
    erase_row_content,
    open_batch,
    open_review,
    standing,
    store_block,
    take_block,
)
from xinheng.law.pack import Pack
from xinheng.ledger.models import LawVersion
from xinheng.lib import merkle
from xinheng.lib.canonical import canonical, sha256
from xinheng.lib.errors import Conflict, NotAllowed, NotFound
from xinheng.store.copying import Writer
from xinheng.store.crypto import blind
from xinheng.subjects.selectors import keys_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SEALED = {"CF_YJ": "《治安管理处罚法》第四十九条", "CF_SY": "殴打他人之事实"}
WAITING = {"CF_NR_FK": "2000"}


@dataclass(frozen=True)
class Received:
    """A batch that was received without the rooms behind it: no records stand for its registered rows."""

    batch: ReceivedBatch
    rows: tuple[ReceivedRow, ...]

    @property
    def batch_id(self) -> int:
        return self.batch.batch_id


def receive(pack: Pack, file: bytes, *, file_name: str = "十一月.csv", uploaded_by: int = 7) -> Received:
    desk, report, rows = Desk(pack), FileReport(), []
    found = check_blocks(
        io.BytesIO(file), item=desk.item, pack=pack, provider=desk.provider, today=TODAY, report=report
    )
    batch = open_batch(
        file_name=file_name,
        item=desk.item,
        item_version_id=item_version_id(code="CF", on=TODAY),
        pack=pack,
        law_version_id=LawVersion.objects.get(label=pack.label).id,
        provider_id=organisation_by_code("scjgj").id,
        uploaded_by=uploaded_by,
        at=AT,
        today=TODAY,
    )
    with Writer() as writer:
        for block in found:
            taken = take_block(batch, block.judged.clean, block.judged.results)
            store_block(batch, block, taken, report, writer)
            rows += taken.told()
    return Received(close_batch(batch, report, entry_id=5), tuple(rows))


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
        RowState.REGISTERED,
        RowState.WAITING,
        RowState.RETURNED,
        RowState.RETURNED,
        RowState.UNCHANGED,
    ]
    assert [row.row for row in received.rows] == [2, 3, 4, 5, 6]
    batch = received.batch
    assert (batch.accepted, batch.review, batch.rejected, batch.unchanged, batch.row_count) == (1, 1, 2, 1, 5)
    assert batch.file_sha256 == sha256(data).hex()
    assert batch.root == merkle.root([row.leaf for row in received.rows]).hex()
    checks = list(selectors.leaf_checks(received.batch_id))
    assert [c.leaf for c in checks] == [row.leaf for row in received.rows]
    # What became a record is kept there alone; what must not be kept is nowhere.
    assert [c.recomputed == c.leaf for c in checks] == [False, True, True, False, True]
    assert checks[0].recomputed is checks[3].recomputed is None


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


def test_what_the_records_say_of_a_row_decides_with_its_findings() -> None:
    row = RowResult(2, Verdict.ACCEPT, {}, ())
    assert standing(row, Standing.NEW) == row
    assert standing(row, Standing.UNCHANGED).unchanged
    assert standing(row, Standing.DIFFERS).verdict is Verdict.REVIEW
    repeated = RowResult(3, Verdict.REVIEW, {}, (Finding("", "differs_in_file", {"first": "2"}),))
    assert standing(repeated, Standing.DIFFERS) == repeated


def test_a_batch_closes_once(pack: Pack) -> None:
    received = receive(pack, mixed(pack))
    assert selectors.batch(received.batch_id).entry_id == 5
    batch = OpenBatch(received.batch_id, Desk(pack).item, AT, DueDays(pack, Desk(pack).item, TODAY))
    with pytest.raises(Conflict, match="batch_closed"):
        close_batch(batch, received.batch.report, entry_id=6)


@pytest.mark.req("INT-1", kind="rule")
def test_a_cell_is_told_exactly_as_it_stood_in_the_file(pack: Pack) -> None:
    said = penalty(3) | {"CF_JDRQ": "2026/02/30", "CF_SY": "第一点，\n“第二点”, 完"}
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        received = receive(pack, file_of(pack, penalty(1), said, person_penalty(4) | SEALED, encoding=encoding))
        cells = selectors.cells_of(received.batch_id, [3, 4])
        assert cells == {3: {code: said.get(code, "") for code in cells[3]}}
        assert cells[3]["CF_JDRQ"] == "2026/02/30"


@pytest.mark.req("INT-2", "ZY-33", "SP-8", kind="rule")
def test_each_row_knows_until_when_it_was_to_be_reported(pack: Pack) -> None:
    late = penalty(2) | {"CF_JDRQ": "2026/11/01"}
    received = receive(pack, file_of(pack, penalty(1) | {"CF_JDRQ": "2026/11/19"}, late, penalty(3) | {"CF_JDRQ": "?"}))
    due = list(IntakeRow.objects.filter(batch_id=received.batch_id).order_by("row").values_list("due_on", flat=True))
    # seven working days: Thursday 19 November 2026 reaches Monday 30, Sunday 1 November reaches Tuesday 10
    assert due == [date(2026, 11, 30), date(2026, 11, 10), None]
    assert (received.batch.timely, received.batch.late) == (1, 1)


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
    assert shown[0].row == 3
    assert shown[0].values["CF_XDR_ZJHM"] == number
    assert selectors.waiting_about(keys_of("id", "622201199001011234")) == []
    decide_review(row_id=received.rows[1].row_id, outcome=RowState.RETURNED, reviewer=8, at=AT)
    assert selectors.waiting_about(keys_of("id", number)) == []


@pytest.mark.req("INV-8", kind="rule")
def test_erasing_a_row_takes_its_words_everywhere_and_leaves_its_leaf(pack: Pack) -> None:
    first = receive(pack, mixed(pack))
    again = receive(pack, file_of(pack, penalty(9), penalty(1) | WAITING | {"CF_SY": "另一说法"}))
    key = canonical(list(roles_of(Desk(pack).item).natural_key(first.rows[0].values))).decode()
    erased = erase_row_content(batch_id=first.batch_id, rows=[2], keys=blind("record", key))
    assert erased == sorted([first.rows[0].row_id, first.rows[4].row_id, again.rows[1].row_id])
    for batch_id in (first.batch_id, again.batch_id):
        text = selectors.file_text(batch_id)
        assert penalty(1)["CF_WSH"] not in text
        assert "另一说法" not in text
    assert penalty(9)["CF_WSH"] in selectors.file_text(again.batch_id)
    assert selectors.rows(first.batch_id)[0].values is None
    assert bytes(IntakeRow.objects.get(pk=first.rows[0].row_id).leaf) == first.rows[0].leaf


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_large_file_is_kept_in_pieces(pack: Pack, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    monkeypatch.setattr(checking, "SIZE", 500)
    text = file_of(pack, *(penalty(n) for n in range(1, 6))).decode()
    received = receive(pack, text.encode(encoding))
    assert IntakeChunk.objects.filter(batch_id=received.batch_id).count() > 3
    assert selectors.file_text(received.batch_id) == text
    assert [row.row for row in received.rows] == [2, 3, 4, 5, 6]


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
