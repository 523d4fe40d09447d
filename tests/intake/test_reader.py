"""Records of text files as office programs write them."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.made import Desk, penalty, table, text_of
from xinheng.intake.reading.text import read_text
from xinheng.intake.rules import FileRefused
from xinheng.intake.rules.reader import records
from xinheng.law.pack import Pack

ENCODINGS = ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_every_encoding_and_separator_gives_the_same_rows(pack: Pack, encoding: str, separator: str) -> None:
    desk = Desk(pack)
    rows = [penalty(n) for n in range(1, 6)]
    expected = desk.rows(*rows)
    found = desk.judge(text_of(table(desk.item, rows), separator).encode(encoding))
    assert [(r.row, r.verdict, r.values) for r in found] == [(r.row, r.verdict, r.values) for r in expected]
    assert desk.report.layout is not None
    assert desk.report.layout.separator == separator


def test_rare_characters_survive_gb18030(pack: Pack) -> None:
    desk = Desk(pack)
    row = penalty() | {"CF_FRDB": "䶮𠮷"}
    assert desk.judge(text_of(table(desk.item, [row])).encode("gb18030"))[0].values["CF_FRDB"] == "䶮𠮷"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "file_empty"),
        (b"%PDF-1.7 x", "file_not_text"),
        (b"CF_WSH,CF_SY\n\xff\xff\xff,\x80\x80", "file_encoding"),
        ("姓名,电话\n张三,1".encode(), "header_missing"),
        (b"\x00\x01\x02\x03" * 20, "header_missing"),
    ],
)
def test_a_file_that_is_no_text_of_the_item_is_refused_whole(pack: Pack, data: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        Desk(pack).judge(data)
    assert refused.value.code == code


def test_a_quoted_line_break_belongs_to_its_record(pack: Pack) -> None:
    desk = Desk(pack)
    first, second = desk.rows(penalty(1) | {"CF_SY": "第一点，\n第二点。"}, penalty(2))
    assert (first.row, second.row) == (2, 3)
    assert first.values["CF_SY"] == "第一点，\n第二点。"


def test_blank_lines_count_and_get_no_answer(pack: Pack) -> None:
    desk = Desk(pack)
    head, *body = text_of(table(desk.item, [penalty(1), penalty(2)])).splitlines()
    commas = "," * head.count(",")
    found = desk.judge("\n".join([head, "", body[0], commas, "   ", body[1], "", ""]))
    assert [r.row for r in found] == [3, 6]
    assert desk.report.counts["blank"] == 4


def test_a_stray_quotation_mark_spoils_one_line_only(pack: Pack) -> None:
    desk = Desk(pack)
    lines = text_of(table(desk.item, [penalty(n) for n in range(1, 5)])).splitlines()
    lines[2] = lines[2].replace("弱水区某某2", '"弱水区某某2', 1)
    found = desk.judge("\n".join(lines))
    assert [r.verdict.value for r in found] == ["accept", "reject", "accept", "accept"]
    assert found[1].findings[0].code == "stray_quote"


@pytest.mark.parametrize(("change", "code"), [(-1, "row_too_short"), (+1, "row_too_long")])
def test_ragged_rows_are_told_and_not_padded(pack: Pack, change: int, code: str) -> None:
    desk = Desk(pack)
    cells = table(desk.item, [penalty(1), penalty(2)])
    cells[1] = cells[1][:change] if change < 0 else [*cells[1], "多余"]
    first, second = desk.judge(text_of(cells))
    assert first.verdict.value == "reject"
    assert first.findings[0].code == code
    assert first.values == {}
    assert second.verdict.value == "accept"


def test_empty_cells_behind_the_last_column_do_no_harm(pack: Pack) -> None:
    desk = Desk(pack)
    cells = [[*row, "", ""] for row in table(desk.item, [penalty(1)])]
    assert desk.judge(text_of(cells))[0].verdict.value == "accept"


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=12)


@given(st.lists(st.lists(CELL, min_size=2, max_size=5), min_size=1, max_size=8))
def test_records_are_those_of_the_csv_module(cells: list[list[str]]) -> None:
    text = text_of(cells, end="\n")
    expected = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    found = list(records(text, ","))
    assert [r.cells for r in found] == [row or [""] for row in expected]
    assert "".join(text[slice(*r.span)] for r in found) == text


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_a_refusal(data: bytes) -> None:
    try:
        decoded = read_text(io.BytesIO(data))
    except FileRefused as refused:
        assert refused.code.startswith("file_")
    else:
        decoded.table.text.seek(decoded.table.start)
        assert decoded.mark + decoded.table.text.read().decode().encode(decoded.encoding) == data
