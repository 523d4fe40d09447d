"""Headers by code or label, shuffled, doubled, missing, under titles, in the layout of 2015."""

from __future__ import annotations

import random

import pytest

from tests.intake.made import Desk, codes, licence, penalty, person_penalty, table, text_of
from xinheng.intake.rules import FileRefused
from xinheng.law.pack import Pack


def test_labels_and_codes_are_headers_alike(pack: Pack) -> None:
    for item, row in (("CF", penalty()), ("XK", licence())):
        desk = Desk(pack, item)
        assert desk.rows(row)[0].verdict.value == "accept"
        assert desk.judge(text_of(table(desk.item, [row], labels=True)))[0].values == desk.row(row).values


@pytest.mark.parametrize(
    "dressed",
    ["*{}", "{}（必填）", " {} ", "{}*", "\ufeff{}", "{}：", "【必填】{}", "{}\n"],
)
def test_dressed_headers_are_known(pack: Pack, dressed: str) -> None:
    desk = Desk(pack)
    cells = table(desk.item, [penalty()], labels=True)
    cells[0] = [dressed.format(label) for label in cells[0]]
    assert desk.judge(text_of(cells))[0].verdict.value == "accept"


def test_full_width_parentheses_and_lower_case_codes_are_known(pack: Pack) -> None:
    desk = Desk(pack)
    cells = table(desk.item, [penalty()], labels=True)
    cells[0] = [label.replace("(", "（").replace(")", "）") for label in cells[0]]
    assert desk.judge(text_of(cells))[0].verdict.value == "accept"
    cells[0] = [code.lower() for code in table(desk.item, [])[0]]
    assert desk.judge(text_of(cells))[0].verdict.value == "accept"


def test_columns_in_any_order_give_the_same_values(pack: Pack) -> None:
    desk = Desk(pack)
    cells = table(desk.item, [penalty(1), penalty(2)])
    order = list(range(len(cells[0])))
    random.Random(7).shuffle(order)
    shuffled = [[row[i] for i in order] for row in cells]
    assert [r.values for r in desk.judge(text_of(shuffled))] == [r.values for r in desk.judge(text_of(cells))]


def test_titles_above_and_a_second_header_below_count_as_records(pack: Pack) -> None:
    desk = Desk(pack)
    cells = table(desk.item, [penalty(1)])
    labels = table(desk.item, [], labels=True)[0]
    sheet = [["弱水区行政处罚信息报送表"], ["报送单位：市场监督管理局", "2026年11月"], [], labels, *cells]
    found = desk.judge(text_of(sheet))
    assert [r.row for r in found] == [6]
    summary = desk.report.summary()
    assert (summary["titles"], summary["blank"], summary["headers"], summary["rows"]) == (2, 1, 2, 1)


def test_a_header_repeated_between_pages_is_no_row(pack: Pack) -> None:
    desk = Desk(pack)
    cells = table(desk.item, [penalty(1), penalty(2)])
    found = desk.judge(text_of([cells[0], cells[1], cells[0], cells[2]]))
    assert [(r.row, r.verdict.value) for r in found] == [(2, "accept"), (4, "accept")]


def test_doubled_and_missing_columns_are_told_apart(pack: Pack) -> None:
    desk = Desk(pack)
    cells = table(desk.item, [penalty()])
    with pytest.raises(FileRefused) as doubled:
        desk.judge(text_of([[*row, row[13]] for row in cells]))
    assert doubled.value.code == "column_doubled"
    assert "CF_WSH" in doubled.value.params["column"]
    with pytest.raises(FileRefused) as missing:
        desk.judge(text_of([row[:13] + row[14:] for row in cells]))
    assert missing.value.code == "column_missing"
    assert "行政处罚决定书文号" in missing.value.params["columns"]


def test_optional_columns_may_be_missing_and_foreign_ones_present(pack: Pack) -> None:
    desk = Desk(pack)
    filled = penalty()
    keep = [i for i, code in enumerate(table(desk.item, [])[0]) if code in filled]
    cells = [[row[i] for i in keep] for row in table(desk.item, [filled])]
    cells = [[*cells[0], "经办人", "ADD_TIME"], [*cells[1], "赵六", "2026/1/1"]]
    assert desk.judge(text_of(cells))[0].verdict.value == "accept"
    assert desk.report.summary()["columns_unknown"] == ["经办人"]
    assert desk.report.summary()["columns_ignored"] == ["ADD_TIME"]


def test_a_header_in_yuan_is_honoured(pack: Pack) -> None:
    desk = Desk(pack)
    cells = table(desk.item, [penalty() | {"CF_NR_FK": "2000"}], labels=True)
    cells[0] = [label.replace("罚款金额(万元)", "罚款金额（元）") for label in cells[0]]
    found = desk.judge(text_of(cells))[0]
    assert found.values["CF_NR_FK"] == "0.2"
    assert found.verdict.value == "accept"


def test_a_header_without_rows_is_refused(pack: Pack) -> None:
    desk = Desk(pack)
    with pytest.raises(FileRefused) as refused:
        desk.judge(text_of(table(desk.item, [])))
    assert refused.value.code == "file_no_rows"


OLD = {
    "CF_WSH": "CF_WSH", "CF_CFMC": "", "CF_CFLB1": "CF_CFLB", "CF_CFLB2": "", "CF_SY": "CF_SY", "CF_YJ": "CF_YJ",
    "CF_XDR_MC": "CF_XDR_MC", "CF_XDR_SHXYM": "CF_XDR_SHXYM", "CF_XDR_ZDM": "", "CF_XDR_GSDJ": "", "CF_XDR_SWDJ": "",
    "CF_XDR_SFZ": "CF_XDR_ZJHM", "CF_FR": "CF_FRDB", "CF_JG": "CF_NR", "CF_JDRQ": "CF_JDRQ", "CF_XZJG": "CF_CFJG",
    "CF_ZT": "", "DFBM": "", "SJC": "", "BZ": "",
}  # fmt: skip


def old_file(*rows: dict[str, str]) -> str:
    body = [[row.get(target, "") if target else row.get(old, "") for old, target in OLD.items()] for row in rows]
    return text_of([list(OLD), *body])


@pytest.mark.req("CAT-2", kind="rule")
def test_the_columns_of_2015_are_accepted_and_what_they_lack_is_told(pack: Pack) -> None:
    desk = Desk(pack)
    row = penalty() | {"CF_CFJG": desk.provider.name, "CF_ZT": "0"}
    found = desk.judge(old_file(row))[0]
    assert found.verdict.value == "accept"
    assert found.values["CF_XDR_LB"] == "法人及非法人组织"
    assert found.values["CF_CFJGDM"] == desk.provider.uscc
    assert found.values["CF_NR"] == row["CF_NR"]
    assert found.values["CF_SJLY"] == desk.provider.name
    assert {"filled_in", "absent_in_old_layout"} <= codes(found)
    assert desk.report.summary()["layout"] == "2015"


def test_a_person_in_the_columns_of_2015_is_told_by_the_number(pack: Pack) -> None:
    desk = Desk(pack)
    found = desk.judge(old_file(person_penalty()))[0]
    assert found.values["CF_XDR_LB"] == "自然人"
    assert found.values["CF_XDR_ZJLX"] == "身份证"


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("0", "accept"),
        ("正常", "accept"),
        ("1", "reject"),
        ("2", "review"),
        ("3", "review"),
        ("9", "reject"),
        ("", "accept"),
    ],
)
def test_the_status_of_2015_is_honoured(pack: Pack, status: str, verdict: str) -> None:
    assert Desk(pack).judge(old_file(penalty() | {"CF_ZT": status}))[0].verdict.value == verdict


def test_a_row_of_2015_that_names_nobody_is_returned(pack: Pack) -> None:
    found = Desk(pack).judge(old_file(penalty() | {"CF_XDR_SHXYM": ""}))[0]
    assert found.verdict.value == "reject"
    assert "subject_unidentified" in codes(found)


OLD_LICENCE = {
    "XK_WSH": "XK_WSH", "XK_XMMC": "", "XK_SPLB": "XK_XKLB", "XK_NR": "XK_NR", "XK_XDR": "XK_XDR_MC",
    "XK_XDR_SHXYM": "XK_XDR_SHXYM", "XK_XDR_ZDM": "", "XK_XDR_GSDJ": "", "XK_XDR_SWDJ": "", "XK_XDR_SFZ": "",
    "XK_FR": "XK_FRDB", "XK_JDRQ": "XK_JDRQ", "XK_JZQ": "XK_YXQZI", "XK_XZJG": "XK_XKJG", "DFBM": "", "SJC": "",
}  # fmt: skip


@pytest.mark.req("CAT-2", kind="rule")
@pytest.mark.parametrize(("status", "verdict"), [("0", "accept"), ("1", "reject"), ("2", "review"), ("9", "reject")])
def test_licences_in_the_columns_of_2015_have_the_status_of_that_layout(
    law_pack: Pack, status: str, verdict: str
) -> None:
    row = licence()
    cells = [[*OLD_LICENCE, "XK_ZT"], [*(row.get(new, "") for new in OLD_LICENCE.values()), status]]
    found = Desk(law_pack, "XK").judge(text_of(cells))[0]
    assert found.verdict.value == verdict, found.findings
    assert "required_missing" not in codes(found)
    assert found.values["XK_XDR_LB"] == "法人及非法人组织"
    assert found.values.get("XK_ZT") == ("1" if verdict == "accept" else None)
