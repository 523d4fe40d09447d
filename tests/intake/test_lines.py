"""JSON lines as tables: numbers keep their digits, a bad line spoils itself alone."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.intake.reading.lines import read_lines
from xinheng.intake.rules.reader import FileRefused

TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=30)


def read(data: bytes) -> tuple[list[list[str]], dict[int, str]]:
    """The records with the header first, and the codes of the faults."""
    table = read_lines(io.BytesIO(data))
    with table.text as text:
        rows = list(csv.reader(io.StringIO(text.read().decode(), newline="")))
    assert table.number_from == 0
    return rows, {number: fault.code for number, fault in table.faults.items()}


@pytest.mark.req("INT-1", kind="rule")
def test_numbers_keep_the_text_they_were_written_with() -> None:
    rows, faults = read(
        b'\xef\xbb\xbf{"a":916207000000000123,"b":1.50}\r\n{"c":true,"b":null}\n{"a":1e999999,"c":0.1000}\n'
    )
    assert rows == [
        ["a", "b", "c"],
        ["916207000000000123", "1.50", ""],
        ["", "", "TRUE"],
        ["1e999999", "", "0.1000"],
    ]
    assert faults == {}


@pytest.mark.req("INT-1", kind="refusal")
@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'{"a":1', "line_not_json"),
        (b"{'a':1}", "line_not_json"),
        (b'{"a":NaN}', "line_not_json"),
        (b'{"a":1}{"a":2}', "line_not_json"),
        (b'"a"', "line_not_object"),
        (b"1", "line_not_object"),
        (b"[1]", "line_not_object"),
        (b'{"a":{"b":1}}', "line_nested"),
        (b'{"a":[1]}', "line_nested"),
        (b'{"a":1,"a":1}', "line_name_doubled"),
        (b'{"a":"\\ud800"}', "line_unicode"),
        (b'{"a":"\xff"}', "line_unicode"),
        (b'{"a":"\\u0000"}', "cell_null"),
        (b'{"a":"' + b"x" * 40_000 + b'"}', "cell_too_long"),
        (b'{"a":"' + b"x" * 2_000_000 + b'"}', "line_too_long"),
        (b"[" * 100_000, "line_nested"),
    ],
)
def test_a_line_that_is_no_flat_object_is_a_fault_of_that_record_alone(line: bytes, code: str) -> None:
    rows, faults = read(b'{"a":"1"}\n\n' + line + b'\n{"a":"2"}')
    assert rows == [["a"], ["1"], [], [], ["2"]]
    assert faults == {3: code}


def test_an_array_of_objects_is_read_like_lines() -> None:
    rows, faults = read('[\n {"甲": 1},\n {"乙": "x"}, [], {"甲": {}} ]\n'.encode())
    assert rows == [["甲", "乙"], ["1", ""], ["", "x"], [], []]
    assert faults == {3: "line_not_object", 4: "line_nested"}


@pytest.mark.req("INT-1", kind="refusal")
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\n \n", "lines_none"),
        (b"[]", "file_empty"),
        (b'[{"a":1}', "lines_array_broken"),
        (b'[{"a":1},]', "lines_array_broken"),
        (b'[{"a":1} {"a":2}]', "lines_array_broken"),
        (b'[{"a":1}] x', "lines_array_broken"),
        (b"x\ny\n", "lines_none"),
    ],
)
def test_a_file_without_one_object_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read(data)
    assert refused.value.code == code


@given(st.lists(st.dictionaries(TEXT, TEXT, max_size=4), min_size=1, max_size=20), st.booleans())
def test_what_is_written_is_read(objects: list[dict[str, str]], array: bool) -> None:
    names = list(dict.fromkeys(name for one in objects for name in one))
    plain = [json.dumps(one, ensure_ascii=False) for one in objects]
    data = ("[" + ",\n".join(plain) + "]" if array else "\n".join(plain)).encode()
    if not names:
        with pytest.raises(FileRefused):
            read(data)
        return
    table = read_lines(io.BytesIO(data))
    with table.text as text:
        rows = list(csv.reader(io.StringIO(text.read().decode(), newline="")))
    expected = [names, *([one.get(name, "") for name in names] for one in objects)]
    assert [row if any(row) else [] for row in rows] == [row if any(row) else [] for row in expected]
    assert table.faults == {}
