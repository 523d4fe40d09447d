"""Days as offices write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.lib.dates import LONG_TERM, is_long_term, parse_day, parse_serial
from xinheng.lib.errors import BadInput

DAY = date(2024, 5, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2024/05/01", "2024/5/1", "2024-05-01", "2024-5-1", "2024.5.1", "2024.05.01", "20240501", "2024年5月1日",
        "2024年05月01日", "2024年5月1号", "2024年5月1", "2024 年 5 月 1 日",
        "２０２４年５月１日", "2024－05－01", "2024–5–1",
        "2024／5／1", "2024．5．1", "2024。5。1", " 2024/5/1 ", "\ufeff2024/5/1",
        "2024-05-01 00:00:00", "2024-05-01T00:00:00",
        "2024-05-01T00:00:00+08:00", "2024-05-01T00:00:00.000Z", "2024/5/1 9:30", "20240501093000",
        "2024年5月1日 9时30分",
        "二〇二四年五月一日", "二零二四年五月一日", "2024- 5- 1", "2024.5.1.", "2024/5/1 上午9:30",
        "2024年5月1日星期三", "2024年5月1日（星期三）", "2024-5-1 周三 10:00", "2024/05/01 下午 3:20", "2024 05 01",
        "二Ｏ二四年五月一日", "二0二四年五月一日", "贰零贰肆年伍月壹日", "2024年五月一日", "2024.05.01 10:00:00 AM",
    ],
)  # fmt: skip
def test_every_form_seen_in_offices_is_read(text: str) -> None:
    assert parse_day(text) == DAY


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2024/02/30", "date_not_real"),
        ("2023-02-29", "date_not_real"),
        ("2024/13/01", "date_not_real"),
        ("2024年0月1日", "date_not_real"),
        ("20241301", "date_not_real"),
        ("24-5-1", "date_ambiguous"),
        ("5/1/2024", "date_ambiguous"),
        ("05/01/24", "date_ambiguous"),
        ("24年5月1日", "date_ambiguous"),
        ("2024年5月1日星期四", "date_weekday"),
        ("二〇二四年十三月一日", "date_not_real"),
        ("二四年五月一日", "date_unreadable"),
        ("45413.5", "date_serial"),
        ("45413", "date_serial"),
        ("45413.0", "date_serial"),
        ("73050", "date_serial"),
        ("73051", "date_unreadable"),
        ("2024-05", "date_unreadable"),
        ("2024年", "date_unreadable"),
        ("2024-05/01", "date_unreadable"),
        ("无", "date_unreadable"),
        ("", "date_unreadable"),
        ("#########", "date_unreadable"),
        ("4.5413E+4", "date_unreadable"),
        ("2024.5.1-2024.6.1", "date_unreadable"),
    ],
)
def test_what_is_no_day_or_two_days_is_an_error(text: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_day(text)
    assert refused.value.code == code


def test_han_numbers_of_days_and_months_are_read() -> None:
    assert parse_day("二〇二三年十二月三十一日") == date(2023, 12, 31)
    assert parse_day("二〇二三年十月二十日") == date(2023, 10, 20)
    assert parse_day("二〇二四年元月卅一日") == date(2024, 1, 31)


def test_a_serial_is_a_day_of_the_1900_system() -> None:
    assert parse_serial("45413") == DAY
    assert parse_serial("45413.0") == parse_serial("45413.75") == DAY
    assert parse_serial("73050") == LONG_TERM
    with pytest.raises(BadInput):
        parse_serial("7")


@pytest.mark.parametrize("text", [" 长期 ", "至长期", "永久", "无固定期限", "9999-12-31", "9999年12月31日", "2958465"])
def test_long_term_is_said_in_words_or_with_the_last_day_of_a_register(text: str) -> None:
    assert is_long_term(text)


@pytest.mark.parametrize("text", ["短期", "2099-12-31", "45413", "9999", "2100-01-01"])
def test_any_other_day_is_no_long_term(text: str) -> None:
    assert not is_long_term(text)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(["%Y/%m/%d", "%Y-%m-%d", "%Y.%m.%d", "%Y%m%d"]))
def test_any_day_is_read_back(day: date, form: str) -> None:
    assert parse_day(day.strftime(form)) == day


@given(st.text())
def test_any_text_is_a_day_or_a_worded_error(text: str) -> None:
    try:
        parse_day(text)
    except BadInput as error:
        assert error.code.startswith("date_")
