"""The fast ways give what the slow ones give: blocks of records, the lane, the columns of a batch."""

from __future__ import annotations

import io
from collections.abc import Iterator
from unittest import mock

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.conftest import load_pack
from tests.intake.made import Desk, business_penalty, licence, penalty, person_penalty, table, text_of
from tests.intake.test_recall import FAULTS
from xinheng.intake.reading.blocks import Form, blocks
from xinheng.intake.reading.tables import Table
from xinheng.intake.rules import RowResult
from xinheng.intake.rules.lane import Lane
from xinheng.intake.rules.reader import records
from xinheng.law.pack import Pack

PIECES = ["a", "b", ",", '"', "\n", "\r\n", "\r", "中", '""', ',"', '",', " ", "\u2028", "𠮷", "\x00", "\ufeff"]
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=60).map("".join)
Read = list[tuple[int, list[str], tuple[int, int], bool]]


def one_by_one(text: str, width: int) -> Read:
    places = [len(text[:n].encode()) for n in range(len(text) + 1)]
    found = records(text, ",", width=width)
    return [(one.number, one.cells, (places[one.span[0]], places[one.span[1]]), one.stray) for one in found]


def by_blocks(text: str, width: int, size: int) -> Read:
    found: Read = []
    source = Table("", io.BytesIO(text.encode()))
    for block in blocks(source, Form(",", width), start=0, number=1, size=size):
        each = [*block.records(np.arange(len(block.numbers))), *block.odd]
        found += sorted((one.number, one.cells, one.span, one.stray) for one in each)
    return found


@pytest.mark.req("INT-1", "IOP-1", kind="rule")
@given(TEXTS, st.integers(2, 4), st.sampled_from([1, 3, 10, 1000]))
@example('a,"b\n"c",d\n', 2, 1000)
@example('a,"', 2, 1)
@example("a,b\n\ufeffa,b\n", 2, 3)
@settings(max_examples=400)
def test_blocks_hold_the_records_of_the_slow_reader(text: str, width: int, size: int) -> None:
    assert by_blocks(text, width, size) == one_by_one(text, width)


def judged(desk: Desk, text: str, *, lane: bool) -> list[RowResult]:
    with mock.patch.object(Lane, "open", property(lambda _: lane)):
        return desk.judge(text)


def rows(kind: int, spoiled: list[tuple[str, str]]) -> dict[str, str]:
    row = (penalty, person_penalty, business_penalty)[kind % 3](kind)
    return row | dict(spoiled)


CELLS = st.one_of(
    st.sampled_from(
        [
            *(
                "",
                " ",
                "无",
                "/",
                "2026/11/03",
                "2026-1-5",
                "20260305",
                "2026年3月5日",
                "2099/12/31",
                "45000",
                "2024/2/30",
                "2027/01/05",
                "2030-01-01",
                "9999-12-31",
                "2026年3月5日星期四",
            ),
            *(
                "0.5",
                "2000",
                "0.500000",
                "3元",
                "1,000",
                "罚款",
                "罚款;警告",
                "其他-责令改正",
                "自然人",
                "法人及非法人组织",
            ),
            *(
                "身份证",
                "护照号",
                "91620798MA90000116",
                "92620798MA800001XK",
                "11620798990000025R",
                "00000000000000000X",
            ),
            *(
                "620799199006200457",
                "620799201306200457",
                "罚款2000元",
                "罚款0.5万元",
                "治安管理处罚法",
                "2015年3月1日殴打他人",
                "二〇一五年三月售假",
                "时年十五周岁",
                "治安管理處罰條例",
                "罚款20元",
                "贰拾元",
                "严重",
            ),
            *(
                "电话 139 1234 5678",
                "第一点，\n第二点。",
                "衡 川",
                "a  b",
                "x\u200by",
                "Ａ１",
                "#REF!",
                '"引"',
                "\\",
                "2024/2/30",
            ),
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=8),
)


@pytest.mark.req("INT-1", "INV-2", "INV-9", "SUB-1", kind="rule")
@given(st.sampled_from(["zhangye", "siping", "demo-city"]), st.data())
@settings(max_examples=200, deadline=None)
def test_the_lane_says_what_the_judgement_of_each_row_says(law: str, data: st.DataObject) -> None:
    desk = Desk(load_pack(law))
    codes = [entry.code for entry in desk.item.fields if not entry.platform]
    spoiled = st.lists(st.tuples(st.sampled_from(codes), CELLS), max_size=2)
    made = [rows(data.draw(st.integers(0, 30)), data.draw(spoiled)) for _ in range(data.draw(st.integers(1, 12)))]
    text = text_of(table(desk.item, made))
    assert judged(desk, text, lane=True) == judged(desk, text, lane=False)


@pytest.mark.req("INT-1", kind="rule")
def test_every_seeded_fault_leaves_the_lane(law_pack: Pack) -> None:
    desk = Desk(law_pack)
    for name, make, changed, *_ in FAULTS:
        if make in (penalty, person_penalty, business_penalty):
            text = text_of(table(desk.item, [make(1) | changed, make(2)]))
            assert judged(desk, text, lane=True) == judged(desk, text, lane=False), name


def clean() -> Iterator[dict[str, str]]:
    yield from (penalty(n) for n in range(1, 30))
    yield from (person_penalty(n) for n in range(30, 40))


def test_faultless_rows_go_through_the_lane(law_pack: Pack) -> None:
    from xinheng.intake.rules.check import Sitting

    desk = Desk(law_pack)
    with mock.patch.object(Sitting, "_result", side_effect=AssertionError("a faultless row was judged by itself")):
        assert len(desk.judge(text_of(table(desk.item, clean())))) == 39
    licences = Desk(law_pack, "XK")
    assert judged(licences, text_of(table(licences.item, [licence(1)])), lane=True) == judged(
        licences, text_of(table(licences.item, [licence(1)])), lane=False
    )
