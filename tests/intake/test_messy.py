"""What offices send and a first reading took for something else."""

from __future__ import annotations

import json
from datetime import date

import pytest

from tests.intake.made import Desk, codes, headers, licence, penalty, person_penalty, table, text_of
from xinheng.intake.rules import FileRefused, Verdict
from xinheng.law.pack import Pack


@pytest.mark.req("INT-1", "CAT-2", kind="rule")
def test_present_columns_with_three_local_ones_are_not_the_layout_of_2015(pack: Pack) -> None:
    desk = Desk(pack, "XK")
    cells = table(desk.item, [licence(1)])
    cells[0] += ["XK_SYFW", "SCBMBM", "ADD_TIME"]
    cells[1] += ["公开", "A1", "2026/3/2"]
    (row,) = desk.judge(text_of(cells))
    assert (row.verdict, desk.report.layout.old) == (Verdict.ACCEPT, False)


@pytest.mark.req("INT-1", kind="refusal")
def test_a_header_further_down_in_another_order_is_refused(pack: Pack) -> None:
    desk = Desk(pack)
    first, second = headers(desk.item), headers(desk.item)
    second[0], second[8] = second[8], second[0]
    body = table(desk.item, [penalty(1)])[1]
    with pytest.raises(FileRefused, match="header_changes"):
        desk.judge(text_of([first, body, second, body]))
    assert len(desk.judge(text_of([first, body, first]))) == 1


@pytest.mark.req("INT-1", "IOP-1", kind="rule")
@pytest.mark.parametrize("first", ["{bad", "// x", "null"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_json_lines_are_told_though_the_first_is_broken(pack: Pack, first: str, encoding: str) -> None:
    lines = [first, *(json.dumps(penalty(n), ensure_ascii=False) for n in (1, 2))]
    found = Desk(pack).judge("\n".join(lines).encode(encoding))
    assert [(row.row, row.verdict) for row in found] == [
        (1, Verdict.REJECT),
        (2, Verdict.ACCEPT),
        (3, Verdict.ACCEPT),
    ]


@pytest.mark.req("CAT-2", kind="rule")
@pytest.mark.parametrize(
    ("header", "cell", "amount"),
    [
        ("罚款金额（千元）", "20", "2"),
        ("罚款金额（百万元）", "0.02", "2"),
        ("罚款金额/元", "20000", "2"),
        ("罚款金额（万元）", "2", "2"),
        ("罚款金额（美元）", "2", None),
    ],
)
def test_the_unit_of_a_header_is_read_whole(pack: Pack, header: str, cell: str, amount: str | None) -> None:
    desk = Desk(pack)
    cells = table(desk.item, [penalty(1) | {"CF_NR_FK": cell, "CF_NR": "处以罚款"}])
    cells[0][cells[0].index("CF_NR_FK")] = header
    (row,) = desk.judge(text_of(cells))
    assert row.values.get("CF_NR_FK") == amount
    assert (row.verdict is Verdict.ACCEPT) is (amount is not None)


@pytest.mark.req("INT-1", kind="rule")
@pytest.mark.parametrize("field", ["CF_WSH", "CF_XDR_GSZC"])
def test_a_number_that_a_workbook_has_cut_is_never_taken_for_a_code(pack: Pack, field: str) -> None:
    assert "excel_scientific" in codes(Desk(pack).row(penalty(1) | {field: "6.20799E+14"}))


@pytest.mark.req("INV-9", kind="refusal")
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"CF_YJ": "《治安 管理处罚法》第四十九条"}, "sealed"),
        ({"CF_YJ": "《治安管理\n处罚法》第四十九条"}, "sealed"),
        ({"CF_SY": "违反《治安管理处罚法》"}, "sealed_suspected"),
        ({"CF_CFLB": "其他-行政拘留", "CF_NR_FK": ""}, "sealed_suspected"),
    ],
)
def test_a_sealed_matter_is_told_however_it_is_spaced(pack: Pack, changed: dict[str, str], code: str) -> None:
    assert code in codes(Desk(pack).row(person_penalty(1) | changed))


@pytest.mark.req("INV-9", kind="refusal")
@pytest.mark.parametrize("day", ["2025 年 3 月 2 日", "2025年3月2号", "2025年3月", "2025-03-02", "2025.3.2"])
def test_conduct_as_a_minor_is_told_in_every_form_of_a_day(pack: Pack, day: str) -> None:
    row = person_penalty(1, born=date(2007, 6, 1)) | {"CF_JDRQ": "2026/05/01", "CF_SY": f"{day}在集市出售假货"}
    found = Desk(pack).row(row)
    assert "conduct_as_minor_suspected" in codes(found)


@pytest.mark.req("INT-1", kind="rule")
def test_ten_thousand_times_too_much_is_told(pack: Pack) -> None:
    found = Desk(pack).row(penalty(1) | {"CF_NR": "罚款2万元", "CF_NR_FK": "20000"})
    assert (found.verdict, codes(found)) == (Verdict.REVIEW, {"fine_unit_suspected"})


@pytest.mark.req("INT-1", kind="rule")
def test_brackets_of_a_document_number_part_no_two_decisions(pack: Pack) -> None:
    numbers = ["弱市监罚〔2026〕93号", "弱市监罚[2026]93号", "弱市监罚（2026）93号"]
    found = Desk(pack).rows(*(penalty(1) | {"CF_WSH": number} for number in numbers))
    assert [row.verdict for row in found] == [Verdict.ACCEPT, Verdict.REVIEW, Verdict.REVIEW]


@pytest.mark.req("INT-1", "CAT-2", kind="rule")
def test_known_columns_among_many_strange_ones_make_a_header(pack: Pack) -> None:
    desk = Desk(pack)
    cells = table(desk.item, [penalty(1)])
    cells[0] += [f"业务列{n}" for n in range(40)]
    cells[1] += ["x"] * 40
    (row,) = desk.judge(text_of(cells))
    assert row.verdict is Verdict.ACCEPT
    assert len(desk.report.layout.unknown()) == 40
