"""What is suggested for a faulty cell is judged clean when it is put in; where two answers are possible, none is."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.intake.made import TODAY, Desk, Values, licence, make_uscc, penalty, person_penalty, text_of
from tests.intake.test_demo_post import judged, post
from tests.intake.test_recall import FAULTS, GOOD_USCC, RNG, Fault
from xinheng.demo.sent import SentFile
from xinheng.intake.reading import FileReport, check_file
from xinheng.intake.rules import Finding, RowResult, Verdict, provider_in_pack
from xinheng.intake.rules.reader import records
from xinheng.intake.rules.suggesting import suggest
from xinheng.intake.rules.verdicts import Weight
from xinheng.law import lookup
from xinheng.law.pack import Pack

LETTERED = next(code for code in iter(lambda: make_uscc(RNG), "") if "0" in code[8:17] and "1" in code[9:17])
# field, cell, other cells of the row, what is suggested
MEANT: list[tuple[str, str, Values, str | None]] = [
    ("CF_XDR_SHXYM", LETTERED.replace("0", "O"), {}, LETTERED),
    ("CF_XDR_SHXYM", LETTERED.replace("0", "o").replace("1", "I"), {}, LETTERED),
    ("CF_XDR_SHXYM", LETTERED.replace("M", "М"), {}, LETTERED),  # a letter of another script
    ("CF_XDR_SHXYM", LETTERED + "。", {}, LETTERED),
    ("CF_XDR_SHXYM", GOOD_USCC[:-1], {}, None),
    ("CF_XDR_SHXYM", GOOD_USCC[:8] + GOOD_USCC[9] + GOOD_USCC[8] + GOOD_USCC[10:], {}, None),
    ("CF_XDR_SHXYM", "9.16208E+17", {}, None),
    ("CF_JDRQ", "2027/03/05", {"CF_WSH": "弱市监罚〔2026〕3号"}, "2026/03/05"),
    ("CF_JDRQ", "2062年3月5日", {"CF_WSH": "弱市监罚[2026]3号"}, "2026/03/05"),
    ("CF_JDRQ", "2206/3/5", {"CF_WSH": "弱市监罚（2026）3号"}, "2026/03/05"),
    ("CF_JDRQ", "2027/12/05", {"CF_WSH": "弱市监罚〔2026〕3号"}, None),  # not come yet in that year either
    ("CF_JDRQ", "2027/03/05", {"CF_WSH": "弱市监罚3号"}, None),
    ("CF_JDRQ", "2030/03/05", {"CF_WSH": "弱市监罚〔2026〕3号"}, None),
    ("CF_JDRQ", "26/3/5", {"CF_WSH": "弱市监罚〔2026〕3号"}, None),
    ("CF_JDRQ", "3/5/2026", {"CF_WSH": "弱市监罚〔2026〕3号"}, None),
    ("CF_CFLB", "没收违法所", {"CF_NR_WFFF": "0.1"}, "没收违法所得"),
    ("CF_CFLB", "其他责令改正", {}, "其他-责令改正"),
    ("CF_CFLB", "罚金", {}, None),
    ("CF_CFLB", "罰款", {}, "罚款"),  # the traditional script
    ("CF_CFLB", "警告、罰款", {}, "警告;罚款"),
    ("CF_XDR_LB", "法人及非法人组职", {}, "法人及非法人组织"),
    ("CF_XDR_LB", "公司", {}, None),
    ("CF_NR_FK", "2000", {}, "0.2"),
    ("CF_NR_FK", "2E-1", {}, None),
    ("CF_XDR_MC", "某某？公司", {}, None),
]


def suggested(desk: Desk, row: Values) -> dict[tuple[str, str], str | None]:
    """(field, finding) → the suggestion, of every finding on a cell that is no note."""
    found = desk.row(row)
    return {
        (one.field, one.code): suggest(
            desk.item, one.code, one.field, row.get(one.field, ""), found.values, one.params, TODAY
        )
        for one in found.findings
        if one.field and one.effect is not Weight.NOTE
    }


@pytest.mark.req("INT-1", kind="rule")
@pytest.mark.parametrize(("field", "cell", "others", "meant"), MEANT, ids=[f"{m[0]} {m[1][:20]}" for m in MEANT])
def test_what_was_probably_meant(law_pack: Pack, field: str, cell: str, others: Values, meant: str | None) -> None:
    desk, row = Desk(law_pack), penalty(7) | others
    told = suggested(desk, row | {field: cell})
    assert {name for name, _ in told} == {field}
    assert set(told.values()) == {meant}
    if meant:
        assert desk.row(row | {field: meant}).verdict is Verdict.ACCEPT


@pytest.mark.req("INT-1", kind="rule")
@pytest.mark.parametrize("fault", FAULTS, ids=[f[0] for f in FAULTS])
def test_a_suggestion_put_in_is_judged_clean(law_pack: Pack, fault: Fault) -> None:
    _, make, change, *_ = fault
    desk = Desk(law_pack, "XK" if make is licence else "CF")
    for number in range(1, 6):
        row = make(number) | change
        for (field, code), text in suggested(desk, row).items():
            if text is not None:
                again = desk.row(row | {field: text})
                assert again.verdict is Verdict.ACCEPT, (code, text, again.findings)


@pytest.mark.req("INT-1", "CAT-2", kind="rule")
def test_suggestions_in_the_post_of_offices_mend_their_cells(law_pack: Pack) -> None:
    told: Counter[str] = Counter()
    for sent in post(law_pack):
        item, (rows, report) = lookup.item(law_pack, sent.item, sent.received), judged(law_pack, sent)
        for row in [one for one in rows if one.verdict is not Verdict.ACCEPT]:
            cells = cells_in(report, row)
            for one in row.findings:
                cell = cells.get(one.field, "")
                text = suggest(item, one.code, one.field, cell, row.values, one.params, sent.received)
                if text is not None and not report.layout.old:
                    told[one.code] += 1
                    assert not left(law_pack, sent, cells | {one.field: text}, one.field), (sent.name, row, text)
    assert sum(told.values()) >= 10
    assert len(told) >= 3


def cells_in(report: FileReport, row: RowResult) -> Values:
    """Field code → the cell as it stands in the file."""
    sheet = next(one for one in reversed(report.sheets) if row.row > one.shift or one is report.sheets[0])
    sheet.table.text.seek(row.span[0])
    said = sheet.table.text.read(row.span[1] - row.span[0]).decode()
    record = next(records(said, sheet.layout.separator, width=sheet.layout.width))
    pairs = zip(sheet.layout.columns, record.cells, strict=False)
    return {column.field.code: cell for column, cell in pairs if column.field}


def left(pack: Pack, sent: SentFile, cells: Values, field: str) -> list[Finding]:
    """What is still found in the field once the row is mended there."""
    file = text_of([list(cells), list(cells.values())]).encode()
    again = check_file(
        file,
        item=lookup.item(pack, sent.item, sent.received),
        pack=pack,
        provider=provider_in_pack(pack, sent.provider),
        today=sent.received,
    )
    return [f for row in again for f in row.findings if f.field == field and f.effect is not Weight.NOTE]


@pytest.mark.req("INV-9", kind="refusal")
def test_nothing_is_suggested_about_a_person(law_pack: Pack) -> None:
    desk = Desk(law_pack)
    row = person_penalty(3)
    number = row["CF_XDR_ZJHM"]
    for wrong in (number.replace("0", "O", 1), number[:-1], "Х".join((number[:-1], ""))):
        assert set(suggested(desk, row | {"CF_XDR_ZJHM": wrong}).values()) == {None}
