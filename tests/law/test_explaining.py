"""Does the explanation of a date say of each day why it counts, and the same as the count itself?"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import PACKS, load_pack
from xinheng.law.calendar import as_known, is_workday
from xinheng.law.commands import law
from xinheng.law.deadlines import due, receipt
from xinheng.law.enums import Unit
from xinheng.law.explaining import Explanation, Why, explain, sentences
from xinheng.law.pack import Pack

NOTICE = "国务院办公厅关于2026年部分节假日安排的通知"


def asked(city: str, day: str, name: str = "objection.decide") -> Explanation:
    pack = load_pack(city)
    return explain(as_known(pack, 2026), name, receipt(pack, day))


@pytest.mark.req("OBJ-1", "ZY-46", kind="rule")
def test_a_receipt_on_a_make_up_saturday_before_the_festival() -> None:
    found = asked("zhangye", "2026-02-14T23:59:00+08:00")
    assert (found.due.due, found.starts_on, found.due.article) == (date(2026, 3, 3), date(2026, 2, 24), "ZY-46")
    assert (found.receipt.why, found.receipt.kind.kind) == (Why.RECEIPT, "makeup")
    told = [
        (run.first.day, run.last.day, run.why, run.name.zh if run.name else "", run.number) for run in found.passages
    ]
    assert told == [(15, 23, Why.HOLIDAY, "春节", 0), (28, 28, Why.MAKEUP, "春节", 5), (1, 1, Why.WEEKEND, "", 0)]
    assert {run.source for run in found.passages} == {NOTICE, ""}


@pytest.mark.req("OBJ-1", "SP-25", "ZY-46", kind="rule")
@pytest.mark.parametrize(("city", "last"), [("zhangye", date(2027, 1, 6)), ("siping", date(2027, 1, 11))])
def test_a_date_in_a_year_without_notice_says_from_when_it_is_assumed(city: str, last: date) -> None:
    found = asked(city, "2026-12-28")
    assert (found.due.due, found.due.provisional) == (last, True)
    assert found.provisional_from == date(2027, 1, 1)
    assert next(day.date for day in found.days if day.provisional) == date(2027, 1, 1)
    assert any("暂定" in line and "2027年" in line for line in sentences(found))


@pytest.mark.req("OBJ-1", "REP-1", kind="rule")
@given(
    st.sampled_from(PACKS),
    st.data(),
    st.datetimes(datetime(2023, 5, 1), datetime(2027, 3, 1)),
)
def test_every_day_is_explained_and_the_count_is_the_law_s(city: str, data: st.DataObject, at: datetime) -> None:
    pack = load_pack(city)
    received = at.replace(tzinfo=pack.tz)
    names = [name for name, line in pack.deadlines.items() if line.on(received.date()) is not None]
    if not names:
        return
    name = data.draw(st.sampled_from(sorted(names)))
    found, plain = explain(pack, name, received), due(pack, name, received)
    assert found.due == plain
    assert found.days[0].date == received.date() and found.days[-1].date == plain.due
    if found.value.unit is not Unit.WORKING_DAY:
        return
    days = [day.date for day in found.days]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    assert tuple(day.date for day in found.days if day.number) == plain.counted
    assert [day.number for day in found.days if day.number] == list(range(1, found.value.count + 1))
    for day in found.days[1:]:
        assert (day.why in (Why.COUNTED, Why.MAKEUP)) == is_workday(pack, day.date).is_workday == bool(day.number)
        assert bool(day.source) == (day.why in (Why.HOLIDAY, Why.MAKEUP))
    assert sum(run.length for run in found.passages) == sum(day.why != Why.COUNTED for day in found.days[1:])
    assert found.due.provisional == (found.provisional_from is not None)


def test_a_day_of_december_is_explained_by_the_notice_of_the_next_year(law_pack: Pack) -> None:
    found = explain(law_pack, "publicity.report", receipt(law_pack, "2018-12-28"))
    (run,) = [run for run in found.passages if run.why is Why.HOLIDAY and run.first == date(2018, 12, 30)]
    assert run.source == "国务院办公厅关于2019年部分节假日安排的通知"


def test_months_run_by_the_calendar_and_are_not_counted_day_by_day(pack: Pack) -> None:
    name = next(name for name, line in pack.deadlines.items() if line.values[-1].unit in (Unit.MONTH, Unit.YEAR))
    found = explain(pack, name, receipt(pack, "2026-03-02"))
    assert [day.why for day in found.days] == [Why.RECEIPT, Why.RUNNING]
    assert (found.passages, found.provisional_from) == ((), None)


@pytest.mark.req("OBJ-1", "REP-1", kind="rule")
def test_values_that_were_and_will_be_are_told(pack: Pack) -> None:
    found = explain(pack, "repair.total", receipt(pack, "2026-03-20"))
    assert [one.article for one in found.history] == ["CN-NDRC58", "CN-GBF22"]
    assert found.value == found.history[0]
    assert [line for line in sentences(found) if "本次适用" in line and "CN-NDRC58" in line]


def test_the_command_explains_in_words_and_as_json() -> None:
    words = ["deadline", "objection.decide", "--received", "2026-02-14", "--law", "zhangye", "--explain"]
    text = CliRunner().invoke(law, words)
    assert text.exit_code == 0
    lines = text.stdout.splitlines()
    assert lines[0] == "异议决定和答复：2026-03-03（周二）24:00前"
    assert f"  2026-02-28（周六）  第5个工作日：春节调休上班，依据{NOTICE}" in lines
    assert f"  2026-02-17（周二）  不计：春节放假，依据{NOTICE}" in lines
    found = json.loads(CliRunner().invoke(law, [*words, "--json"]).stdout)
    assert (found["due"], found["provisional"]) == ("2026-03-03", False)
    why = found["explanation"]
    assert (why["received_kind"], why["starts_on"], why["provisional_from"]) == ("makeup", "2026-02-24", None)
    assert [day["number"] for day in why["days"] if day["number"]] == [1, 2, 3, 4, 5, 6, 7]
    assert why["value"]["article"] == "ZY-46"
