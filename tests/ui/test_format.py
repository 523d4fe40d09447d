"""Days, instants and money as they are read on a page."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from xinheng.lib.errors import BadInput
from xinheng.ui import format


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (date(2026, 11, 22), "2026年11月22日", "22 November 2026"),
        (date(2026, 1, 5), "2026年1月5日", "5 January 2026"),
        ("2025-05-20", "2025年5月20日", "20 May 2025"),
        (date(2099, 12, 31), "长期", "long-term"),
        ("2099-12-31", "长期", "long-term"),
        ("", "", ""),
    ],
)
def test_a_day_is_written_without_leading_zeros_and_long_term_as_a_word(
    value: date | str, chinese: str, english: str
) -> None:
    assert format.day(value, "zh-hans") == chinese
    assert format.day(value, "en") == english


def test_an_instant_is_never_shown_as_a_day() -> None:
    with pytest.raises(BadInput, match="instant_shown_as_day"):
        format.day(datetime(2026, 11, 22, tzinfo=UTC), "zh-hans")


def test_a_text_that_is_no_day_is_an_error() -> None:
    with pytest.raises(BadInput, match="day_unreadable"):
        format.day("2026/11/22", "zh-hans")


def test_a_short_day_names_its_weekday() -> None:
    assert format.day_short(date(2026, 11, 26), "zh-hans") == "11月26日（四）"
    assert format.day_short(date(2026, 11, 26), "en") == "26 Nov (Thu)"
    assert format.weekday(date(2026, 11, 23), "zh-hans") == "星期一"


def test_an_instant_is_shown_on_the_citys_clock() -> None:
    at = datetime(2026, 11, 23, 2, 26, 41, tzinfo=UTC)
    assert format.moment(at, "Asia/Shanghai", "zh-hans") == "2026年11月23日10:26:41"
    assert format.moment(at, "Asia/Shanghai", "en", seconds=False) == "23 November 2026, 10:26"
    late = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert format.moment(late, "Asia/Shanghai", "zh-hans", seconds=False) == "2026年11月24日01:00"


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        ("3", "3.00万元", "CNY 30,000"),
        ("0.2", "0.20万元", "CNY 2,000"),
        ("0.000123", "0.000123万元", "CNY 1.23"),
        ("120", "120.00万元", "CNY 1,200,000"),
        ("0", "0.00万元", "CNY 0"),
        ("", "", ""),
    ],
)
def test_money_keeps_every_digit(value: str, chinese: str, english: str) -> None:
    assert format.money(value, "zh-hans") == chinese
    assert format.money(value, "en") == english


def test_junk_money_is_an_error_and_never_nought() -> None:
    with pytest.raises(BadInput, match="money_unreadable"):
        format.money("三万", "zh-hans")
