"""A cell that a spreadsheet would calculate is made text, however it is disguised; nothing else is touched."""

from __future__ import annotations

import ast
import csv
import io
from pathlib import Path

import pytest

from xinheng.lib.sheetsafe import BOM, as_csv, neutral

RISKY = [
    *("=1+1", "+A1", "@SUM(A1)", "-cmd|'/c calc'!A0", "\tx", "\r=x", "\n=x"),
    *("＝1+1", "＋A1", "＠SUM(A1)", "－1+1", "−1+1", "﹦1"),
    *(" =1", "\u3000=1", "\u200b=1", "\ufeff=1", "\u2060@x", "'=1", '"=1', "\x00=1", " \u200d\u3000＝1"),
    *("-3.5.1", "-3,5", "+3", "--1", "-", "="),
]
PLAIN = [
    "-3.5",
    "3",
    "0",
    "衡市监罚〔2026〕1号",
    "",
    " ",
    "a=b",
    "（=1）",
    "1-2",
    "2026-05-01",
    "…=1",
    "'引用'",
    '"引用"',
]


@pytest.mark.req("INT-1", kind="refusal")
@pytest.mark.parametrize("cell", RISKY)
def test_a_cell_that_looks_like_a_formula_is_made_text(cell: str) -> None:
    assert neutral(cell) == "'" + cell


@pytest.mark.parametrize("cell", PLAIN)
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert neutral(cell) == cell


def test_a_table_keeps_its_cells_and_begins_with_a_mark() -> None:
    text = as_csv([["name", "value"], ["=x", 'a"b'], ["-1", "c,d"]])
    assert text.startswith(BOM)
    assert list(csv.reader(io.StringIO(text.removeprefix(BOM)))) == [["name", "value"], ["'=x", 'a"b'], ["-1", "c,d"]]


# Writers of CSV that need no such care: what they write is no free text, or goes to no spreadsheet.
OTHERS = {
    "lib/sheetsafe.py",
    "law/commands.py",  # days, and words of a closed list
    "intake/selectors/handling.py",  # mended rows on their way back into intake, cell by cell as they were sent
}


def test_every_csv_writer_of_the_product_goes_through_here() -> None:
    source = Path(__file__).resolve().parents[2] / "src" / "xinheng"
    found = {
        str(path.relative_to(source))
        for path in source.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in {("csv", "writer"), ("csv", "DictWriter")}
    }
    assert found == OTHERS
