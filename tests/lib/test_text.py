"""Texts as spreadsheets leave them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.lib.text import clean, half_width, one_line


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("张掖市某某公司", "张掖市某某公司"),
        ("  张掖市某某公司\u3000", "张掖市某某公司"),
        ("\ufeff张掖\u200b市\u00ad某某公司", "张掖市某某公司"),
        ("ＡＢＣ１２３", "ABC123"),
        ("张掖市某某（集团）公司，一分店", "张掖市某某（集团）公司，一分店"),
        ("甘市监罚〔2024〕12号", "甘市监罚〔2024〕12号"),
        ("𠮷野家䶮", "𠮷野家䶮"),
        ("一\r\n二\r三\u2028四", "一\n二\n三\n四"),
        ("a   b\t c", "a b c"),
        ("a\x00b\x07", "ab"),
        ("\n\n一\n\n", "一"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
    ],
)
def test_the_outside_is_repaired_and_the_words_stay(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("张 三", "张三"),
        ("张掖市\n某某公司", "张掖市某某公司"),
        ("John  Smith", "John Smith"),
        ("买买提 · 艾力", "买买提·艾力"),
    ],
)
def test_a_value_of_one_line_has_no_breaks(text: str, line: str) -> None:
    assert one_line(text) == line


def test_half_width_reaches_punctuation_too() -> None:
    assert half_width("（Ａ）；") == "(A);"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert one_line(one_line(text)) == one_line(text)
