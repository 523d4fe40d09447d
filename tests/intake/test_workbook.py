"""Workbooks as offices write them: each kind of cell as its sender sees it, record k is row k."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwt
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.intake.hostile import book, good, packed, parts, saved, sheet
from tests.intake.made import Desk, codes, penalty, person_penalty
from tests.intake.made import table as cells_of
from xinheng.intake.reading.cells import shown
from xinheng.intake.reading.workbook import Limits, open_workbook, read_workbook
from xinheng.intake.rules.reader import FileRefused
from xinheng.law.pack import Pack

# What XML can hold, without the signs that a spreadsheet escapes; a carriage return is one of them.
TEXT = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffe\uffff_", whitelist_characters="\n\t"),
    max_size=12,
).filter(lambda text: not text.startswith("="))


def read(data: bytes) -> dict[str, list[list[str]]]:
    """The records of each sheet; a record of empty cells is an empty list."""
    found = {}
    for table in read_workbook(io.BytesIO(data), limits=Limits()):
        with table.text as text:
            found[table.name] = list(csv.reader(io.StringIO(text.read().decode(), newline="")))
    return found


def only(data: bytes) -> list[list[str]]:
    """The records of the one sheet."""
    (rows,) = read(data).values()
    return rows


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  前后 ", "  前后 "),
        ("007", "007"),
        ("䶮𠮷\u200b", "䶮𠮷\u200b"),
        ("a\nb", "a\nb"),
        (1.0, "1"),
        (0, "0"),
        (-0.0, "0"),
        (-12.5, "-12.5"),
        (0.1 + 0.2, "0.3"),
        (2.675, "2.675"),
        (1234567890.12, "1234567890.12"),
        (123456789012345, "123456789012345"),
        (916208000000000000, "9.16208E+17"),
        (-1e15, "-1E+15"),
        (1234567890123456.0, "1.23457E+15"),
        (0.000001, "0.000001"),
        (1.5e-12, "1.5E-12"),
        (float("nan"), "nan"),
        (True, "TRUE"),
        (False, "FALSE"),
        (dt.date(2024, 5, 1), "2024-05-01"),
        (dt.datetime(2024, 5, 1), "2024-05-01"),
        (dt.datetime(2024, 5, 1, 8, 30), "2024-05-01 08:30:00"),
        (dt.datetime(2024, 4, 30, 23, 59, 59, 999_990), "2024-05-01"),
        (dt.datetime.max, "9999-12-31 23:59:59"),
        (dt.time(8, 30, 0, 5), "08:30:00"),
        (dt.timedelta(hours=30, minutes=5), "30:05:00"),
    ],
)
def test_a_value_becomes_the_text_that_is_seen(value: Any, text: str) -> None:
    assert shown(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(999999999999999.9)
@example(0.99999999999999999)
def test_a_number_keeps_15_digits_or_says_that_it_does_not(value: float) -> None:
    text = shown(value)
    assert float(text) == pytest.approx(value, rel=1e-5 if "E" in text else 1e-14, abs=0)
    kept = abs(float(f"{value:.15g}"))
    assert ("E" in text) == (kept != 0 and (kept >= 1e15 or kept < 1e-9))


@pytest.mark.req("INT-1", kind="rule")
def test_every_kind_of_cell_of_a_new_workbook() -> None:
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target)
    page = made.add_worksheet("表")
    day, moment = made.add_format({"num_format": "yyyy-mm-dd"}), made.add_format({"num_format": "yyyy/m/d hh:mm"})
    page.write_row(1, 1, ["文字", "001", 12, 1.5, 916208000000000123, True])
    page.write_datetime(1, 7, dt.datetime(2024, 5, 1), day)
    page.write_datetime(1, 8, dt.datetime(2024, 5, 1, 8, 30), moment)
    page.write_formula(1, 9, "=1+1", None, 2)
    page.write_formula(1, 10, '="a"', None, "a")
    page.write_formula(1, 11, "=1/0", None, "#DIV/0!")
    page.write_formula(1, 12, "=A1", None, "")
    page.write_rich_string(1, 13, "富", made.add_format({"bold": True}), "文本")
    page.write_string(1, 14, "一\r\n二")
    page.write_blank(1, 40, None, day)
    page.merge_range(3, 1, 3, 3, "合并")
    made.add_chartsheet("图")
    made.add_worksheet("空")
    made.close()
    rows = read(target.getvalue())
    assert list(rows) == ["表"]
    first = ["", "文字", "001", "12", "1.5", "9.16208E+17", "TRUE", "2024-05-01", "2024-05-01 08:30:00"]
    assert rows["表"] == [
        [],
        [*first, "2", "a", "#DIV/0!", "", "富文本", "一\r\n二"],
        [],
        ["", "合并", *[""] * 13],
    ]


@pytest.mark.req("INT-1", kind="rule")
def test_every_kind_of_cell_of_an_old_workbook() -> None:
    made = xlwt.Workbook(encoding="utf-8")
    page = made.add_sheet("甲")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for column, value in enumerate(["字\n行", 12, 1.25, 916208000000000123, True, "007"]):
        page.write(1, column, value)
    page.write(1, 6, dt.date(2024, 5, 1), day)
    page.row(1).set_cell_error(7, "#REF!")
    for row in range(2, 300):
        page.write(row, 0, row)
    second = made.add_sheet("乙")
    second.write(0, 0, "x")
    second.row(0).set_cell_error(1, "#DIV/0!")
    target = io.BytesIO()
    made.save(target)
    rows = read(target.getvalue())
    assert rows["甲"][:2] == [[], ["字\n行", "12", "1.25", "9.16208E+17", "TRUE", "007", "2024-05-01", "#REF!"]]
    assert rows["甲"][299] == ["299", *[""] * 7]
    assert rows["乙"] == [["x", "#DIV/0!"]]


@pytest.mark.parametrize("iso", [False, True])
def test_dates_of_the_other_calendar_and_in_words(iso: bool) -> None:
    made = openpyxl.Workbook()
    made.epoch = CALENDAR_MAC_1904
    made.iso_dates = iso
    made.active.append([dt.date(2024, 5, 1), "=1+1", "x"])
    assert only(saved(made)) == [["2024-05-01", "", "x"]]


def test_errors_are_shown_in_the_sheet_they_stand_in() -> None:
    empty = sheet("")
    wrong = sheet('<row r="2"><c r="B2" t="e"><v>#REF!</v></c><c r="C2"><v>1</v></c></row>')
    unplaced = sheet("<row><c t='e'><v>#N/A</v></c><c><v>2</v></c></row>")
    assert read(book(empty, wrong, unplaced)) == {"S1": [[], ["", "#REF!", "1"]], "S2": [["#N/A", "2"]]}


def test_cells_without_places_and_with_a_prefix_are_read() -> None:
    prefixed = (
        sheet("<row><c><v>1</v></c><c/><c><v>3</v></c></row>").decode().replace("<", "<x:").replace("<x:/", "</x:")
    )
    prefixed = prefixed.replace("<x:?", "<?").replace("xmlns=", "xmlns:x=")
    assert read(book(sheet("<row><c><v>1</v></c><c/><c><v>3</v></c></row>"), prefixed.encode())) == {
        "S0": [["1", "", "3"]],
        "S1": [["1", "", "3"]],
    }


def test_formatted_cells_far_below_are_no_rows() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row><row r="1048576"><c r="A1048576" s="1"/></row>'
    assert only(book(sheet(rows))) == [["1"]]


def test_a_hidden_sheet_is_named_and_not_read() -> None:
    made = openpyxl.Workbook()
    made.active.append(["x"])
    for name, state in (("字典", "hidden"), ("深藏", "veryHidden"), ("空", "hidden")):
        made.create_sheet(name).sheet_state = state
        if name != "空":
            made[name].append(["y"])
    found = open_workbook(io.BytesIO(saved(made)), limits=Limits())
    assert ([table.name for table in found.tables], found.hidden) == (["Sheet"], ["字典", "深藏"])
    found.tables[0].text.close()


@pytest.mark.req("INT-1", kind="refusal")
def test_a_workbook_with_hidden_content_only_is_refused_with_the_names() -> None:
    made = openpyxl.Workbook()
    made.create_sheet("藏").sheet_state = "hidden"
    made["藏"].append(["y"])
    with pytest.raises(FileRefused) as refused:
        read(saved(made))
    assert (refused.value.code, refused.value.params) == ("workbook_all_hidden", {"sheets": "藏"})


def test_a_macro_workbook_gives_its_cells_alone() -> None:
    macro = {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"\0" * 2000}
    assert only(packed(parts(sheet()) | macro)) == [["x"]]


def test_a_cell_longer_than_any_program_allows_is_a_fault_of_its_row() -> None:
    long = "<row><c t='inlineStr'><is><t>" + "x" * 40_000 + "</t></is></c></row>"
    (table,) = read_workbook(io.BytesIO(book(sheet(long + "<row><c><v>1</v></c></row>"))), limits=Limits())
    with table.text as text:
        assert text.read() == b"\n1\n"
    assert [(number, fault.code, fault.params["column"]) for number, fault in table.faults.items()] == [
        (1, "cell_too_long", "A")
    ]


def test_the_file_may_lie_anywhere_and_is_left_open(tmp_path: Any) -> None:
    (tmp_path / "x.csv").write_bytes(good())
    with (tmp_path / "x.csv").open("rb") as file:
        file.read(10)
        (table,) = read_workbook(file, limits=Limits())
        with table.text as text:
            assert text.read().decode() == "甲,乙\n1,2\n"
        assert not file.closed


@settings(max_examples=25)
@given(
    st.lists(st.lists(TEXT, max_size=5), min_size=1, max_size=8), st.sampled_from(["openpyxl", "xlsxwriter", "xlwt"])
)
def test_a_table_of_texts_comes_back_as_it_was(table: list[list[str]], program: str) -> None:
    data = written(table, program)
    width = max((at for row in table for at, cell in enumerate(row, 1) if cell), default=0)
    expected = [(row + [""] * width)[:width] if any(row) else [] for row in table]
    while expected and not expected[-1]:
        expected.pop()
    if not expected:
        with pytest.raises(FileRefused, match="file_empty"):
            read(data)
        return
    assert only(data) == expected


def written(table: list[list[str]], program: str) -> bytes:
    """The table as one of three programs writes it; empty texts are no cells."""
    target = io.BytesIO()
    if program == "openpyxl":
        made = openpyxl.Workbook()
        for row, cells in enumerate(table, 1):
            for column, cell in enumerate(cells, 1):
                if cell:
                    made.active.cell(row, column, cell).data_type = "s"
        made.save(target)
    elif program == "xlsxwriter":
        book_ = xlsxwriter.Workbook(target)
        page = book_.add_worksheet()
        for row, cells in enumerate(table):
            for column, cell in enumerate(cells):
                page.write_string(row, column, cell)
        book_.close()
    else:
        old = xlwt.Workbook(encoding="utf-8")
        page = old.add_sheet("x")
        for row, cells in enumerate(table):
            for column, cell in enumerate(cells):
                if cell:
                    page.write(row, column, cell)
        old.save(target)
    return target.getvalue()


def workbook(**pages: list[list[str]]) -> bytes:
    """A workbook with these sheets."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        for name, cells in pages.items():
            page = made.add_worksheet(name)
            for number, row in enumerate(cells):
                page.write_row(number, 0, row)
    return out.getvalue()


@pytest.mark.req("INT-1", kind="rule")
def test_rows_of_a_second_sheet_without_header_are_told_one_by_one(pack: Pack) -> None:
    desk = Desk(pack)
    header, *rows = cells_of(desk.item, [penalty(1), penalty(2), penalty(3)])
    notes = [["填表说明：带*的必填"], ["单位", "数值"], ["科室", "2026年3月5日"]]
    found = desk.judge(workbook(一=[header, rows[0]], 二=[rows[1], [], rows[2]], 说明=notes))
    assert [(desk.report.place(row.row), row.verdict.value, codes(row)) for row in found] == [
        (("一", 2), "accept", set()),
        (("二", 1), "reject", {"sheet_header_missing"}),
        (("二", 3), "reject", {"sheet_header_missing"}),
    ]
    summary = desk.report.summary()
    assert (summary["sheets"], summary["sheets_without_rows"], summary["blank"]) == (["一", "二"], ["说明"], 1)


@pytest.mark.req("INV-9", kind="refusal")
def test_a_sealed_matter_in_a_sheet_without_header_is_not_kept(pack: Pack) -> None:
    desk = Desk(pack)
    sealed = person_penalty(1) | {"CF_YJ": "《治安管理處罰法》第四十九条"}
    header, first, second = cells_of(desk.item, [penalty(1), sealed])
    (_, found) = desk.judge(workbook(一=[header, first], 二=[second]))
    assert (codes(found), found.keep) == ({"sheet_header_missing", "sealed"}, False)
