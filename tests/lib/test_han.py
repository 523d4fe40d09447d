"""Chinese numerals, of every day and of cheques."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.lib.han import digits, number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("十五", 15),
        ("廿一", 21),
        ("二百一十五", 215),
        ("壹仟零伍", 1005),
        ("壹万贰仟叁佰肆拾伍", 12345),
        ("拾万", 100_000),
        ("一千万", 10_000_000),
        ("一亿零三百", 100_000_300),
        ("三万零五", 30_005),
        ("2万5千", 25_000),
        ("零", 0),
    ],
)
def test_numerals_state_a_number(text: str, value: int) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    "text", ["", "百五", "二百五", "三万五", "贰拾伍拾", "一二", "万", "2万50000", "一万亿", "二x"]
)
def test_what_breaks_the_rule_or_can_be_read_twice_states_none(text: str) -> None:
    assert number(text) is None


def test_a_year_is_read_figure_by_figure() -> None:
    assert digits("二〇二四") == digits("2024") == digits("二0二四") == digits("贰零贰肆") == "2024"
    assert digits("二十四") is None


FIGURES, UNITS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟")


def cheque(value: int) -> str:
    """An amount below 10,000 as cheques write it."""
    said, nought = "", False
    for place, figure in zip(range(len(str(value)) - 1, -1, -1), str(value), strict=True):
        if figure == "0":
            nought = True
            continue
        said += ("零" if nought and said else "") + FIGURES[int(figure)] + UNITS[place]
        nought = False
    return said or "零"


@given(st.integers(0, 9999), st.integers(0, 9999))
def test_every_amount_of_a_cheque_is_read_back(high: int, low: int) -> None:
    assert number(cheque(low)) == low
    if high and low:
        between = "零" if low < 1000 else ""
        assert number(f"{cheque(high)}万{between}{cheque(low)}") == Decimal(high * 10_000 + low)
