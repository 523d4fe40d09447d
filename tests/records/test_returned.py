"""What was not taken in goes back with its faults marked, is mended and sent again, and is registered once."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest

from tests.records.conftest import Send
from tests.records.rows import AT, COMPANY, OTHER, PERSON, PERSON_ID, row, sheet
from tests.records.sending import sent
from xinheng.intake import selectors as intake
from xinheng.intake.models import IntakeRow
from xinheng.intake.rules import RowState
from xinheng.intake.selectors import returning
from xinheng.law.pack import Pack
from xinheng.lib.clock import day_of
from xinheng.records.models import Record

pytestmark = pytest.mark.django_db

GOOD = [row(1), row(2, OTHER), row(3, PERSON)]
FAULTY = [
    row(11, CF_JDRQ="2027/03/02"),
    row(12, OTHER, CF_XDR_SHXYM=OTHER["CF_XDR_SHXYM"].replace("0", "O")),
    row(13, CF_CFLB="责令停产停业整顿"),
    row(14, CF_NR_FK="叁万左右", CF_SY='=HYPERLINK("http://x")'),
    row(15, PERSON, CF_XDR_ZJHM=PERSON_ID[:-1]),
    row(16, CF_YJ="", BZ="@SUM(A1)"),
]
LOST = [row(21, CF_WSH=""), row(22, PERSON, CF_YJ="《治安管理处罚法》第四十九条", CF_CFLB="行政拘留", CF_NR_FK="")]
DOUBTFUL = [row(31, CF_NR="罚款30000元", CF_NR_FK="30000")]


def workbook(batch_id: int, pack: Pack, **options: Any) -> Any:
    made = intake.returned_sheet(batch_id, pack=pack, today=day_of(AT, pack.zone), **options)
    return openpyxl.load_workbook(io.BytesIO(made)), made


def again(file: bytes, bureau: Any, officers: Any) -> Any:
    return sent(
        file=file,
        file_name="改好.xlsx",
        item_code="CF",
        provider=bureau,
        actor=f"account:{officers['scjgj.collector']}",
        channel="web",
        at=AT,
        uploaded_by=officers["scjgj.collector"],
    )


def columns(data: Any) -> dict[str, int]:
    """Field code → its column, from the second header row."""
    return {cell.value: cell.column for cell in data[2] if cell.value}


def found_in(receipt: Any) -> list[list[tuple[str, str]]]:
    """What was found in each row that was not taken in, in file order."""
    rows = intake.rows(receipt.batch_id, states=[RowState.RETURNED])
    return [sorted((f.field, f.code) for f in one.findings) for one in rows]


@pytest.mark.req("INT-1", "CAT-2", kind="journey")
def test_mended_rows_are_taken_in_and_none_is_doubled(send: Send, pack: Pack, bureau: Any, officers: Any) -> None:
    first = send(*GOOD, *FAULTY)
    assert (Record.objects.count(), first.received.rejected) == (3, 6)
    book, _ = workbook(first.batch_id, pack)
    data = book.worksheets[0]
    at = columns(data)
    mended = {3: "CF_JDRQ", 4: "CF_XDR_SHXYM", 5: "CF_CFLB", 6: "CF_NR_FK", 7: "CF_XDR_ZJHM", 8: "CF_YJ"}
    right = ["2026/03/02", OTHER["CF_XDR_SHXYM"], "罚款;警告", "3", PERSON_ID, "《广告法》第五十五条"]
    for (line, code), text in zip(mended.items(), right, strict=True):
        assert data.cell(line, at[code]).fill.fgColor.rgb.endswith("F7D7D3")
        assert data.cell(line, at[code]).comment is not None
        data.cell(line, at[code]).value = text
    out = io.BytesIO()
    book.save(out)
    receipt = again(out.getvalue(), bureau, officers)
    assert (receipt.received.accepted, receipt.received.rejected, receipt.received.review) == (6, 0, 0)
    assert Record.objects.count() == 9
    assert again(out.getvalue(), bureau, officers).records == 0
    assert Record.objects.count() == 9


@pytest.mark.req("INT-1", kind="rule")
def test_what_was_probably_meant_stands_beside_and_in_the_comment(send: Send, pack: Pack) -> None:
    batch = send(*FAULTY)
    book, _ = workbook(batch.batch_id, pack)
    data = book.worksheets[0]
    last = data.max_column
    assert data.cell(1, 1).value == "原行号"
    assert [data.cell(1, last - 1).value, data.cell(1, last).value] == ["问题", "建议"]
    assert [data.cell(line, 1).value for line in range(3, 9)] == ["2", "3", "4", "5", "6", "7"]
    meant = [data.cell(line, last).value for line in range(3, 9)]
    assert "2026/03/02" in meant[0]
    assert OTHER["CF_XDR_SHXYM"] in meant[1]
    assert "责令停产停业" in meant[2]
    assert not any(meant[3:])  # an amount in words, a person's number, an empty cell: nothing is guessed
    assert "2026/03/02" in data.cell(3, columns(data)["CF_JDRQ"]).comment.text
    assert all(data.cell(line, last - 1).value for line in range(3, 9))


@pytest.mark.req("INT-1", kind="rule")
def test_sent_back_as_it_is_the_same_is_found(send: Send, pack: Pack, bureau: Any, officers: Any) -> None:
    first = send(*GOOD, *FAULTY)
    _, made = workbook(first.batch_id, pack)
    assert found_in(again(made, bureau, officers)) == found_in(first)
    assert Record.objects.count() == 3


@pytest.mark.req("INT-1", kind="refusal")
def test_nothing_in_it_is_a_formula(send: Send, pack: Pack) -> None:
    batch = send(*FAULTY)
    book, made = workbook(batch.batch_id, pack)
    data, at = book.worksheets[0], columns(book.worksheets[0])
    said = data.cell(6, at["CF_SY"])
    assert (said.value, said.quotePrefix) == ('=HYPERLINK("http://x")', True)
    assert data.cell(8, at["BZ"]).quotePrefix
    text = b"".join(_parts(made, "xl/worksheets/"))
    assert b"<f>" not in text
    assert b"<hyperlink" not in text


def _parts(made: bytes, folder: str) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return [archive.read(name) for name in archive.namelist() if name.startswith(folder) and name.endswith(".xml")]


@pytest.mark.req("INV-2", "INV-9", kind="refusal")
def test_of_a_row_that_is_not_kept_only_number_reason_and_article_are_told(send: Send, pack: Pack) -> None:
    batch = send(FAULTY[0], *LOST)
    book, made = workbook(batch.batch_id, pack)
    assert book.worksheets[0].max_row == 3
    others = [[cell.value for cell in line] for line in book["不在此改的行"].iter_rows(min_row=3)]
    assert [line[0] for line in others] == ["3", "4"]
    assert all(line[1] for line in others)
    assert "《治安管理处罚法》第一百三十六条" in others[1][2]
    whole = b"".join(_parts(made, "xl/")).decode()
    assert PERSON_ID not in whole
    assert "第四十九条" not in whole
    assert LOST[0]["CF_XDR_MC"] not in str(others)


@pytest.mark.req("INT-1", kind="rule")
def test_rows_that_wait_are_left_out_unless_asked_for(send: Send, pack: Pack) -> None:
    batch = send(FAULTY[0], *DOUBTFUL)
    assert workbook(batch.batch_id, pack)[0].worksheets[0].max_row == 3
    data = workbook(batch.batch_id, pack, waiting=True)[0].worksheets[0]
    assert data.max_row == 4
    assert data.cell(4, columns(data)["CF_NR_FK"]).fill.fgColor.rgb.endswith("F6E7C8")
    assert str(data.cell(4, data.max_column).value).endswith("3")


@pytest.mark.req("INT-1", kind="rule")
def test_shifted_cells_are_never_offered_for_sending(bureau: Any, officers: Any, pack: Pack) -> None:
    text = sheet([row(1), row(2)]).decode().splitlines()
    text[2] = "多出的一格," + text[2]
    batch = again("\r\n".join(text).encode(), bureau, officers)
    book, _ = workbook(batch.batch_id, pack)
    assert book.worksheets[0].max_row == 2
    assert book["不在此改的行"].cell(3, 1).value == "3"


@pytest.mark.req("INT-1", kind="rule")
def test_many_rows_are_parted(send: Send, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(returning, "PART", 2)
    batch = send(*FAULTY, row(1))
    starts = intake.parts_to_mend(batch.batch_id)
    told = [
        [cell.value for cell in workbook(batch.batch_id, pack, after=after)[0].worksheets[0]["A"][2:]]
        for after in starts
    ]
    assert told == [["2", "3"], ["4", "5"], ["6", "7"]]
    assert intake.parts_to_mend(send(row(1)).batch_id) == []


@pytest.mark.req("INT-1", kind="rule")
def test_a_row_that_the_reviewer_returned_can_be_mended_too(send: Send, pack: Pack) -> None:
    batch = send(*DOUBTFUL)
    assert intake.parts_to_mend(batch.batch_id) == []
    IntakeRow.objects.filter(batch_id=batch.batch_id).update(state=RowState.RETURNED.value)
    data = workbook(batch.batch_id, pack)[0].worksheets[0]
    assert data.cell(3, columns(data)["CF_XDR_MC"]).value == COMPANY["CF_XDR_MC"]
