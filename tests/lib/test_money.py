"""Amounts as offices write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.lib.errors import BadInput
from xinheng.lib.money import money_text, parse_decimal, parse_ten_thousands


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("0.2", "0.2", None),
        ("0.200000", "0.2", None),
        ("3", "3", None),
        ("３．５", "3.5", None),
        ("0.2万元", "0.2", "万元"),
        ("0.2 万", "0.2", "万"),
        ("2000元", "0.2", "元"),
        ("2,000.00元", "0.2", "元"),
        ("人民币2000元整", "0.2", "元"),
        ("¥2000元", "0.2", "元"),
        ("￥1,234,567.89元", "123.456789", "元"),
        ("1.5亿元", "15000", "亿元"),
        ("1,000", "1000", None),
        ("0", "0", None),
        ("-1.5", "-1.5", None),
        ("人民币贰万元整", "2", "元"),
        ("贰万元", "2", "元"),
        ("伍仟元整", "0.5", "元"),
        ("壹万贰仟叁佰肆拾伍元陆角柒分", "1.234567", "元"),
        ("壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分", "123.456789", "元"),
        ("壹仟元零伍分", "0.100005", "元"),
        ("二万元", "2", "元"),
        ("2万5千元", "2.5", "元"),
        ("2万5000元", "2.5", "元"),
        ("贰萬元", "2", "元"),
        ("￥20,000.00", "2", "元"),
        ("RMB2000", "0.2", "元"),
        ("人民币：2000元", "0.2", "元"),
        (".5", "0.5", None),
    ],
)
def test_amounts_are_read_in_ten_thousands(text: str, value: str, unit: str | None) -> None:
    amount = parse_ten_thousands(text, digits=18, places=6)
    assert (money_text(amount.value), amount.unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "decimal_unreadable"),
        ("无", "decimal_unreadable"),
        ("贰仟", "decimal_unit_unclear"),
        ("二百五元", "decimal_unreadable"),
        ("￥0.20", "decimal_unit_unclear"),
        ("2-3", "decimal_unreadable"),
        ("1.2.3", "decimal_unreadable"),
        ("1,00", "decimal_unreadable"),
        ("20,00", "decimal_unreadable"),
        ("2.0E4", "decimal_scientific"),
        ("贰", "decimal_unit_unclear"),
        ("约2000元", "decimal_unreadable"),
        ("2E+3", "decimal_scientific"),
        ("NaN", "decimal_unreadable"),
        ("Infinity", "decimal_unreadable"),
        ("٣", "decimal_unreadable"),
        ("0.1234567", "decimal_places"),
        ("0.01元", None),
        ("0.001元", "decimal_places"),
        ("1000000000000", "decimal_too_large"),
    ],
)
def test_what_is_no_amount_is_an_error_and_never_zero(text: str, code: str | None) -> None:
    if code is None:
        assert money_text(parse_ten_thousands(text, digits=18, places=6).value) == "0.000001"
        return
    with pytest.raises(BadInput) as refused:
        parse_ten_thousands(text, digits=18, places=6)
    assert refused.value.code == code


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**11), max_value=10**11))
def test_an_amount_survives_its_text(value: Decimal) -> None:
    text = money_text(value)
    assert "E" not in text
    assert parse_decimal(text, digits=18, places=6) == value


@given(st.text())
def test_any_text_is_an_amount_or_a_worded_error(text: str) -> None:
    try:
        parse_ten_thousands(text, digits=18, places=6)
    except BadInput as error:
        assert error.code.startswith("decimal_")
