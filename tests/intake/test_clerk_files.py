"""Files as offices lay them out, with a truth for every row."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Sequence

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.intake.made import ANOTHER_BODY, Desk, Values, codes, licence, penalty, table, text_of
from xinheng.intake.rules import RowResult, Verdict
from xinheng.law.pack import Pack
from xinheng.lib.codes import PLACEHOLDER

A, R, V = Verdict.ACCEPT, Verdict.REJECT, Verdict.REVIEW
TRUTH = [A, R, A, V, R, A]


def six() -> list[Values]:
    """Six rows, right and wrong; `TRUTH` are their verdicts."""
    rows = [penalty(n) for n in range(1, 7)]
    rows[1]["CF_JDRQ"] = "2026-02-30"
    rows[2]["CF_NR_FK"] = "2,000元"
    rows[3]["CF_XDR_SHXYM"] = PLACEHOLDER
    rows[4]["CF_XDR_SHXYM"] = "9.16208E+17"
    return rows


def verdicts(found: Sequence[RowResult]) -> list[Verdict]:
    return [row.verdict for row in found]


def book(sheets: dict[str, list[list[str]]]) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    del made["Sheet"]
    for name, cells in sheets.items():
        sheet = made.create_sheet(name)
        for row in cells:
            sheet.append([cell or None for cell in row])
    return made


def saved(made: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.req("INT-1", "IOP-1", kind="rule")
@pytest.mark.parametrize(
    "form", ["{n}.{label}", "{n}、{label}", "（{n}）{label}", "{n}．{label}*", "* {label}（必填）"]
)
def test_numbers_and_stars_before_a_header_are_no_part_of_it(pack: Pack, form: str) -> None:
    desk = Desk(pack)
    cells = table(desk.item, six(), labels=True)
    head = [form.format(n=n, label=label) for n, label in enumerate(cells[0], 1)]
    found = desk.judge(text_of([head, *cells[1:4], head, *cells[4:]]))
    assert verdicts(found) == TRUTH
    assert desk.report.layout.unknown() == []


@pytest.mark.req("INT-1", "IOP-1", kind="rule")
def test_a_label_merged_over_two_header_rows_is_found_in_the_upper_one(pack: Pack) -> None:
    desk = Desk(pack)
    lower, *rows = table(desk.item, six(), labels=True)
    upper = ["处罚信息"] * len(lower)
    upper[0], lower[0] = lower[0], ""
    found = desk.judge(saved(book({"行政处罚": [upper, lower, *rows]})))
    assert verdicts(found) == TRUTH
    assert found[0].values["CF_XDR_MC"] == penalty(1)["CF_XDR_MC"]


@pytest.mark.req("INT-1", kind="rule")
def test_a_row_is_placed_in_its_sheet_while_the_next_is_not_read_yet(pack: Pack) -> None:
    desk = Desk(pack)
    head, *rows = table(desk.item, six())
    file = saved(book({"一月": [head, *rows[:3]], "二月": [head, *rows[3:]]}))
    places = [desk.report.place(row.row) for row in desk.streamed(file)]
    assert places == [("一月", 2), ("一月", 3), ("一月", 4), ("二月", 2), ("二月", 3), ("二月", 4)]


@pytest.mark.req("INT-1", kind="refusal")
@pytest.mark.parametrize(("since_1904", "verdict"), [(True, R), (False, A)])
def test_a_bare_number_of_a_workbook_that_counts_from_1904_is_no_day(
    pack: Pack, since_1904: bool, verdict: Verdict
) -> None:
    desk = Desk(pack)
    made = book({"行政处罚": table(desk.item, [penalty(1), penalty(2)])})
    if since_1904:
        made.epoch = CALENDAR_MAC_1904
    column = 1 + [f.code for f in desk.item.fields if not f.platform].index("CF_JDRQ")
    made["行政处罚"].cell(2, column).value = dt.date(2026, 5, 6)
    made["行政处罚"].cell(3, column).value = 46148 - 1462 * since_1904
    found = desk.judge(saved(made))
    assert (found[0].values["CF_JDRQ"], verdicts(found)) == ("2026-05-06", [A, verdict])


@pytest.mark.req("INT-1", "IOP-1", kind="rule")
def test_lines_cut_out_of_a_json_array_keep_their_commas(pack: Pack) -> None:
    lines = "".join(json.dumps(row, ensure_ascii=False) + ",\n" for row in six())
    assert verdicts(Desk(pack).judge(lines)) == TRUTH


@pytest.mark.req("INT-1", kind="rule")
def test_a_row_that_waits_waits_once_however_often_the_file_has_it(pack: Pack) -> None:
    waiting = penalty(1) | {"CF_XDR_SHXYM": PLACEHOLDER}
    first, *others = Desk(pack).rows(waiting, waiting, waiting | {"CF_NR_FK": "0.3"}, waiting)
    assert first.verdict is V
    assert [row.verdict for row in others] == [A, V, A]
    assert [row.unchanged for row in others] == [True, False, True]
    assert codes(others[0]) == {"unchanged_in_file"}


@pytest.mark.req("INV-2", "CAT-2", kind="refusal")
def test_a_document_without_a_number_founds_nothing_adverse_and_is_not_kept(pack: Pack) -> None:
    (row,) = Desk(pack).rows(penalty(1) | {"CF_WSH": "弱市监罚〔2026〕号"})
    assert (row.verdict, row.keep, codes(row)) == (R, False, {"document_without_number"})
    (row,) = Desk(pack, "XK").rows(licence(1) | {"XK_WSH": "无文号"})
    assert (row.verdict, row.keep, codes(row)) == (R, True, {"number_without_figures"})


@pytest.mark.req("INV-2", "CAT-2", kind="refusal")
@pytest.mark.parametrize(
    ("content", "cells", "field"),
    [
        ("罚款贰仟元整", {"CF_NR_FK": "2000"}, "CF_NR_FK"),
        ("处20000元罚款", {"CF_NR_FK": "20000"}, "CF_NR_FK"),
        ("处2万元的罚款", {"CF_NR_FK": "20000"}, "CF_NR_FK"),
        ("没收违法所得1000元", {"CF_CFLB": "没收违法所得", "CF_NR_FK": "", "CF_NR_WFFF": "1000"}, "CF_NR_WFFF"),
        ("没收违法所得壹仟元", {"CF_CFLB": "没收违法所得", "CF_NR_FK": "", "CF_NR_WFFF": "1000"}, "CF_NR_WFFF"),
    ],
)
def test_yuan_in_a_column_of_ten_thousands_are_told_by_the_decision(
    pack: Pack, content: str, cells: Values, field: str
) -> None:
    (row,) = Desk(pack).rows(penalty(1) | {"CF_NR": content} | cells)
    assert [(f.field, f.code) for f in row.findings] == [(field, "fine_unit_suspected")]
    assert row.verdict is V
    right = {code: "0.2" if code == "CF_NR_FK" else "0.1" for code in ("CF_NR_FK", "CF_NR_WFFF") if cells.get(code)}
    (row,) = Desk(pack).rows(penalty(1) | {"CF_NR": content} | cells | right)
    assert row.verdict is A


@pytest.mark.req("INV-2", kind="refusal")
def test_a_company_decides_nothing_unseen(pack: Pack) -> None:
    company = penalty(3)["CF_XDR_SHXYM"]
    (row,) = Desk(pack).rows(penalty(3) | {"CF_CFJGDM": company})
    assert (row.verdict, codes(row)) == (V, {"authority_is_not_the_sender"})
    (row,) = Desk(pack).rows(penalty(3) | {"CF_CFJGDM": ANOTHER_BODY[:2] + company[2:]})
    assert row.verdict is R  # a code that does not hold
