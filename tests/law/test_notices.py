"""Does the reader of notices find exactly the days they declare, and does it refuse whatever does not fit together?"""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.conftest import load_pack
from tests.law.notice_texts import HAN, REAL, STYLES, kinds, own_days, written
from xinheng.law.notices import FESTIVALS, read
from xinheng.law.pack import Pack

PACK = load_pack("demo-city")
YEARS = sorted(year.year for year in PACK.calendar.values() if year.announced and year.year >= 2008)
# Two days more by the notice of January 2020; in 2015 a day more for the commemoration, by a notice of its own.
UNBALANCED = {2020: -2}


@pytest.mark.req("OBJ-1", "REP-1", "ZY-46", "SP-25", kind="rule")
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("year", YEARS)
def test_the_text_of_every_committed_year_gives_its_days_back(year: int, style: str) -> None:
    notice, faults = read(written(PACK, year, STYLES[style]), year)
    assert notice is not None, faults
    days, before = own_days(PACK, year)
    assert kinds(notice.days) == kinds(days)
    assert kinds(notice.before) == kinds(before)
    assert notice.balance == UNBALANCED.get(year, 0)
    for day, one in notice.days.items():
        assert one.name is not None and days[day].name is not None
        assert days[day].name.zh in one.name.zh


@pytest.mark.req("OBJ-1", "REP-1", "ZY-46", "SP-25", kind="rule")
@pytest.mark.parametrize("year", [2008, 2025, 2026])
def test_real_notices_give_the_committed_calendar(year: int) -> None:
    notice, faults = read(REAL[year], year)
    assert notice is not None, faults
    days, before = own_days(PACK, year)
    assert (kinds(notice.days), kinds(notice.before), notice.balance) == (kinds(days), kinds(before), 0)


def test_the_number_of_the_document_is_read() -> None:
    found = {year: read(text, year)[0] for year, text in REAL.items()}
    assert [one.number for one in found.values() if one] == [
        "国办发明电〔2023〕7号", "国办发明电〔2024〕12号", "国办发明电〔2025〕7号", "国办发〔2007〕76号",
    ]  # fmt: skip


def test_what_a_notice_recommends_is_no_day_off() -> None:
    """2024: employers were encouraged to give the eve of the festival off; it stayed a working day."""
    notice, faults = read(REAL[2024], 2024)
    assert notice is not None, faults
    assert kinds(notice.days) == kinds(own_days(PACK, 2024)[0])
    assert date(2024, 2, 9) not in notice.days


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1月1日（周三）放假1天，不调休", "1月1日（周三）放假，不调休"),
        ("1月1日（周三）放假1天，不调休", "1月1日（星期三）放假一天"),
        ("放假，共3天。\n四", "放假公休，共三天。\n四"),
        ("1月26日（周日）、2月8日（周六）上班", "1月26日（周日）、2月8日（周六）照常上班"),
        ("4月4日（周五）至6日（周日）", "4月4日(周五)—6日(周日)"),
        ("4月4日（周五）至6日（周日）", "４月４日（周五）至４月６日（周日）"),
        ("六、国庆节、中秋节：", "六、中秋节、国庆节："),
        ("六、国庆节、中秋节：", "六、国庆节和中秋节："),
        ("三、清明节：", "（三）清明节："),
        ("三、清明节：", "3. 清明节:"),
        ("四、劳动节：", "四、“五一”国际劳动节："),
        ("至2月4日（农历正月初七、周二）放假调休，共8天。1", "至2月4日（农历正月初七、周二）放\n假调休，共8天。1"),
    ],
)
def test_other_ways_to_say_the_same(old: str, new: str) -> None:
    assert old in REAL[2025]
    notice, faults = read(REAL[2025].replace(old, new), 2025)
    assert notice is not None, faults
    assert kinds(notice.days) == kinds(own_days(PACK, 2025)[0])


WRONG = {
    "a wrong weekday": ("2月8日（周六）上班", "2月8日（周日）上班", "weekday_differs", "2025-02-08是周六，不是周日"),
    "a wrong number of days": ("共8天。1月26日", "共7天。1月26日", "count_differs", "写明7天"),
    "a make-up day that is worked anyway": ("1月26日（周日）", "1月27日（周一）", "makeup_on_weekday", "本来就上班"),
    "a make-up day far off": ("4月27日（周日）", "8月24日（周日）", "day_far_off", "超过30天"),
    "a day of another year": ("4月4日（周五）至", "2024年4月4日至", "day_outside_year", "不在2025年"),
    "a day that does not exist": ("5月1日（周四）至5日", "4月31日（周四）至5日", "no_such_day", "没有2025年4月31日"),
    "a range that runs backwards": ("4月4日（周五）至6日（周日）", "4月6日（周日）至4日", "range_reversed", "末日"),
    "the festival itself not off": (
        "5月1日（周四）至5日（周一）放假调休，共5天", "5月2日（周五）至5日（周一）放假调休，共4天", "festival_not_off",
        "没有2025-05-01",
    ),
    "a festival missing": (
        "五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。\n", "", "festival_missing", "端午节",
    ),
    "a festival twice": ("三、清明节：", "三、清明节：4月4日放假。\n三、清明节：", "festival_twice", "清明节写了2次"),
    "an unknown festival": ("三、清明节：", "三、植树节：3月12日放假。\n三、清明节：", "festival_unknown", "植树节"),
    "a clause nobody knows": ("放假1天，不调休", "放假1天，视天气而定", "clause_unread", "视天气而定"),
    "no days": ("1月1日（周三）放假1天，不调休。", "", "no_days", "没有写哪天放假"),
    "make-up after none": ("放假1天，不调休。", "放假1天，不调休。1月4日（周六）上班。", "makeup_after_none", "不调休"),
    "a day off and worked": ("2月8日（周六）上班", "2月1日（周六）上班", "day_twice", "又放假又上班"),
    "the title of another year": ("关于2025年", "关于2024年", "wrong_year", "2024年，不是2025年"),
    "a day behind a blank line": (
        "放假，共3天。\n四", "放假，共3天。\n\n4月7日（周一）放假。\n四", "days_outside_section", "不在任何一个节日",
    ),
    "a make-up day behind a blank line, broken into lines": (
        "放假，共3天。\n四", "放假，共3天。\n\n4月12日（周六）照常上\n班。\n四", "days_outside_section",
        "不在任何一个节日",
    ),
    "a make-up day in the closing words": (
        "节假日期间，", "节假日期间，4月12日（周六）上班，", "days_outside_section", "不在任何一个节日",
    ),
    "a day in the opening words": (
        "经国务院批准，", "经国务院批准，4月7日（周一）放假，", "days_outside_section", "不在任何一个节日",
    ),
    "a make-up day as advice": (
        "4月27日（周日）上班。", "鼓励4月27日（周日）上班。", "clause_unread", "鼓励4月27日",
    ),
    "no title": ("国务院办公厅关于2025年\n部分节假日安排的通知\n", "", "title_missing", "标题"),
    "no month": ("4月27日（周日）上班", "27日上班", "month_missing", "没有写月份"),
    "out of place": ("5月31日（周六）至6月2日（周一）", "8月31日（周日）至9月2日（周二）", "day_far_off", "端午节前后"),
}  # fmt: skip


@pytest.mark.req("OBJ-1", "REP-1", kind="refusal")
@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_is_refused_with_its_sentence(name: str) -> None:
    old, new, code, says = WRONG[name]
    assert old in REAL[2025]
    text = REAL[2025].replace(old, new, 1)
    notice, faults = read(text, 2025, file="n.txt")
    assert notice is None
    fault = next(one for one in faults if one.code == code)
    assert says in fault.message
    assert fault.file == "n.txt"
    if "原文：" in fault.message:
        quoted = fault.message.split("原文：“")[1].rstrip("”…")
        assert text.splitlines()[fault.line - 1].startswith(quoted)


@pytest.mark.req("OBJ-1", kind="refusal")
@pytest.mark.parametrize(
    "text", ["", "今天天气很好。", "关于2025年放假的通知：大家都放假。", "一、元旦：快乐。", "\n" * 2000]
)
def test_what_is_no_notice_is_said_to_be_none(text: str) -> None:
    notice, faults = read(text, 2025)
    assert notice is None and faults


def test_december_without_a_year_is_that_before_for_new_years_day_only() -> None:
    base = REAL[2025].replace("1月1日（周三）放假1天，不调休。", "12月30日（周一）至1月1日（周三）放假调休，共3天。")
    notice, faults = read(base, 2025)
    assert notice is not None, faults
    assert kinds(notice.before) == {date(2024, 12, 30): "holiday", date(2024, 12, 31): "holiday"}
    assert notice.balance == -2
    outside = read(REAL[2025].replace("2月8日（周六）上班", "2024年12月28日（周六）上班"), 2025)[1]
    assert [one.code for one in outside] == ["day_outside_year"]


@pytest.mark.req("OBJ-1", "REP-1", kind="refusal")
@given(st.data())
def test_a_changed_weekday_count_or_date_is_refused(data: st.DataObject) -> None:
    year = data.draw(st.sampled_from(YEARS))
    text = written(PACK, year, STYLES["2020s"])
    body = text.index("一、元旦")
    places = [m for m in re.finditer(r"周([一二三四五六日])|共(\d+)天|(\d+)日（周", text) if m.start() > body]
    place = data.draw(st.sampled_from(places))
    if place[1]:
        new = data.draw(st.sampled_from([one for one in HAN if one != place[1]]))
        changed = text[: place.start(1)] + new + text[place.end(1) :]
    elif place[2]:
        count = data.draw(st.integers(1, 19).filter(lambda n: n != int(place[2])))
        changed = text[: place.start(2)] + str(count) + text[place.end(2) :]
    else:
        day = data.draw(st.integers(0, 40).filter(lambda n: (n - int(place[3])) % 7 != 0))
        changed = text[: place.start(3)] + str(day) + text[place.end(3) :]
    notice, faults = read(changed, year)
    assert notice is None and faults


@pytest.mark.req("OBJ-1", kind="refusal")
@given(st.data())
def test_without_weekdays_the_count_catches_a_changed_end(data: st.DataObject) -> None:
    year = data.draw(st.sampled_from(YEARS))
    text = written(PACK, year, STYLES["2010s"]).replace("（星期", "（")  # brackets without weekday
    ends = list(re.finditer(r"至(?:\d+月)?(\d+)日（.）放假", text))
    assume(ends)
    place = data.draw(st.sampled_from(ends))
    day = data.draw(st.integers(1, 28).filter(lambda n: n != int(place[1])))
    changed = text[: place.start(1)] + str(day) + text[place.end(1) :]
    assert read(changed, year)[0] is None


@given(st.text(alphabet="一二三元旦春节、：。，（）0123456789月日至放假上班共天周年关于通知\n", max_size=400))
def test_any_text_is_read_or_refused_and_never_breaks(text: str) -> None:
    for year in (2027, 2199):
        notice, faults = read("关于2027年部分节假日安排的通知\n" + text, year)
        assert (notice is None) == bool(faults)


def test_every_festival_has_both_names() -> None:
    assert len(FESTIVALS) == 7
    assert all(one.name.zh and one.name.en for one in FESTIVALS.values())


def test_years_before_the_seven_festivals_are_refused(pack: Pack) -> None:
    notice, faults = read(REAL[2008], 2007)
    assert notice is None and faults[0].code == "year_unknown"
