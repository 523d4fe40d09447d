"""Is every deadline the day an independent calendar gives, for each law and every day of receipt?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.law.calendar import add_workdays, is_workday, workdays
from xinheng.law.deadlines import due, receipt
from xinheng.law.errors import NoValueInForce
from xinheng.law.pack import Pack
from xinheng.lib.errors import BadInput

CHINA = timezone(timedelta(hours=8))
DAYS = [date(2024, 1, 1) + timedelta(days=n) for n in range(366 + 365 + 365)]
TIMES = [time(0, 1), time(23, 59)]


@cache
def _worked(day: date) -> bool:
    """Monday to Friday in years the independent calendar doesn't know."""
    return bool(chinese_calendar.is_workday(day)) if day.year <= 2026 else day.weekday() < 5


def _expected(received_on: date, count: int) -> tuple[date, ...]:
    found: list[date] = []
    day = received_on
    while len(found) < count:
        day += timedelta(days=1)
        if _worked(day):
            found.append(day)
    return tuple(found)


def _pack(name: str) -> Pack:
    from tests.conftest import load_pack

    return load_pack(name)


@pytest.mark.parametrize(
    ("law", "name", "count"),
    [
        pytest.param("zhangye", "objection.mark", 1, marks=pytest.mark.req("OBJ-1", "ZY-46")),
        pytest.param("zhangye", "objection.decide", 7, marks=pytest.mark.req("OBJ-1", "ZY-46")),
        pytest.param("siping", "objection.decide", 10, marks=pytest.mark.req("OBJ-1", "SP-25")),
        pytest.param("zhangye", "publicity.report", 7, marks=pytest.mark.req("INT-1", "INT-2")),
        pytest.param("siping", "publicity.report", 7, marks=pytest.mark.req("INT-1", "INT-2")),
    ],
)
@pytest.mark.parametrize("at", TIMES, ids=["00:01", "23:59"])
def test_deadline_agrees_with_an_independent_calendar_on_every_day(law: str, name: str, count: int, at: time) -> None:
    pack = _pack(law)
    for day in DAYS:
        received = datetime.combine(day, at, tzinfo=CHINA)
        expected = _expected(day, count)
        for instant in (received, received.astimezone(UTC)):
            found = due(pack, name, instant)
            assert found.counted == expected, day
            assert found.due == expected[-1]
            assert found.provisional is (expected[-1].year > 2026), day
            assert found.received_on == day
            assert found.ends_at == datetime.combine(found.due, time(), tzinfo=CHINA) + timedelta(days=1)


def test_example_of_the_decision_record_comes_out() -> None:
    found = due(_pack("zhangye"), "objection.decide", receipt(_pack("zhangye"), "2026-02-28T23:59:00+08:00"))
    assert (found.due.isoformat(), found.provisional, found.article) == ("2026-03-10", False, "ZY-46")
    assert found.law == _pack("zhangye").edition


@pytest.mark.req("OBJ-1", "SP-25", kind="refusal")
def test_deadline_that_a_law_lacks_is_an_error_and_no_default() -> None:
    with pytest.raises(NoValueInForce):
        due(_pack("siping"), "objection.mark", datetime(2026, 3, 2, 9, tzinfo=CHINA))


def test_deadline_before_its_first_value_is_an_error() -> None:
    with pytest.raises(NoValueInForce):
        due(_pack("zhangye"), "objection.mark", datetime(2023, 12, 31, 23, 59, tzinfo=CHINA))
    assert due(_pack("zhangye"), "objection.mark", datetime(2024, 1, 1, 0, 0, tzinfo=CHINA)).due == date(2024, 1, 2)


def test_every_day_of_the_announced_years_agrees_with_an_independent_calendar(law_pack: Pack) -> None:
    for day in workdays(law_pack, date(2004, 1, 1), date(2026, 12, 31)):
        assert day.is_workday is _worked(day.date), day
        assert not day.provisional
        off = not day.is_workday
        assert day.kind == (
            ("weekend" if off else "makeup") if day.date.weekday() >= 5 and day.kind != "holiday" else day.kind
        )
        assert (day.kind in {"holiday", "weekend"}) is off


def test_years_not_announced_are_provisional_and_years_before_the_calendar_an_error(law_pack: Pack) -> None:
    assert is_workday(law_pack, date(2027, 3, 1)).provisional
    assert is_workday(law_pack, date(2031, 3, 1)).provisional
    assert not is_workday(law_pack, date(2026, 12, 31)).provisional
    with pytest.raises(NoValueInForce):
        is_workday(law_pack, date(2003, 12, 31))


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2026, 11, 30)).map(lambda d: d.replace(tzinfo=CHINA)),
    st.sampled_from([("zhangye", "objection.decide"), ("siping", "objection.decide"), ("zhangye", "objection.mark")]),
)
def test_later_receipt_never_gives_an_earlier_deadline(received: datetime, asked: tuple[str, str]) -> None:
    pack = _pack(asked[0])
    found = due(pack, asked[1], received)
    later = due(pack, asked[1], received + timedelta(hours=7))
    assert found.due <= later.due
    assert found.due > found.received_on
    assert all(is_workday(pack, day).is_workday for day in found.counted)
    assert list(found.counted) == sorted(set(found.counted))


@given(st.dates(date(2005, 1, 1), date(2025, 1, 1)), st.integers(1, 40), st.integers(1, 40))
def test_counting_in_two_steps_gives_the_same_day(day: date, first: int, second: int) -> None:
    pack = _pack("demo-city")
    there = add_workdays(pack, add_workdays(pack, day, first)[-1].date, second)[-1].date
    assert there == add_workdays(pack, day, first + second)[-1].date


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-02-28T23:59:00+08:00", "2026-02-28T15:59:00+00:00"),
        ("2026-02-28T15:59:00Z", "2026-02-28T15:59:00+00:00"),
        ("2026-02-28T23:59:00", "2026-02-28T15:59:00+00:00"),
        ("2026-02-28 23:59", "2026-02-28T15:59:00+00:00"),
        ("2026-02-28", "2026-02-27T16:00:00+00:00"),
        ("2026-02-28T23:59:00.250+0800", "2026-02-28T15:59:00.250000+00:00"),
    ],
)
def test_timestamp_without_offset_is_meant_in_the_zone_of_the_pack(text: str, utc: str) -> None:
    assert receipt(_pack("zhangye"), text).astimezone(UTC).isoformat() == utc


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "2026-02-30",
        "2026-2-8T00:00:00",
        "20260228",
        "2026-02-28T24:01",
        "2026-W09-6",
        "2026-02-28T10:00+25:00",
        "0001-01-01T00:00:00+08:00",
        "９０２６-02-28",
        "2026-02-28T10:00:00[Asia/Shanghai]",
    ],
)
def test_unreadable_timestamp_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        receipt(_pack("zhangye"), text)
    assert refused.value.code == "timestamp_unreadable"


def test_deadline_changes_only_from_its_day(tmp_path: object) -> None:
    from pathlib import Path

    from tests.law.packs import write
    from xinheng.law.loader import load

    root = Path(str(tmp_path))
    write(root)
    pack = load("toytown", root=root)
    before = due(pack, "objection.decide", datetime(2026, 5, 31, 23, 59, tzinfo=CHINA))
    after = due(pack, "objection.decide", datetime(2026, 6, 1, 0, 0, tzinfo=CHINA))
    assert (len(before.counted), len(after.counted)) == (7, 5)
    with pytest.raises(NoValueInForce):
        due(pack, "copy.make", datetime(2026, 6, 1, tzinfo=CHINA))


def test_month_ends_on_the_last_day_a_shorter_month_has(tmp_path: object) -> None:
    from pathlib import Path

    from tests.law.packs import write
    from xinheng.law.loader import load

    root = Path(str(tmp_path))
    write(root)
    pack = load("toytown", root=root)
    assert due(pack, "copy.make", datetime(2024, 1, 31, 12, tzinfo=CHINA)).due == date(2024, 2, 29)


def test_naive_instant_is_refused() -> None:
    with pytest.raises(BadInput):
        due(_pack("zhangye"), "objection.mark", datetime(2026, 3, 2))
