"""What stays of values shown in part, and of free text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.disclosure.rules.masks import Mask, MaskKind, id_tail, masked, scrub, surname
from xinheng.lib.freetext import personal_numbers
from xinheng.lib.text import without_names

IDENTITY = "622201199001013336"


@pytest.mark.req("PUB-1", kind="rule")
@pytest.mark.parametrize(
    "text",
    [
        f"身份证号{IDENTITY}。",
        "身份证6222 0119 9001 0133 36",
        "６２２２０１１９９００１０１３３３６",
        "号62220119900101333x",
        "旧证622201900101333号",
        "电话13812345678",
        "电话+86 138-1234-5678",
        "电话138 1234 5678",
        "座机0936-8212345",
        "卡号6222021001116245702",
        "卡号6222 0210 0111 6245 702",
    ],
)
def test_identity_phone_and_card_numbers_leave_free_text(text: str) -> None:
    shown = scrub(text)
    assert "**" in shown
    assert sum(c.isdigit() for c in shown) <= 1


@pytest.mark.req("PUB-1", kind="rule")
@pytest.mark.parametrize(
    "text",
    [
        "罚款3.00万元，弱环罚〔2026〕27号",
        "统一社会信用代码91620799MA0K3X7P28",
        "许可证编号JY16207020012345",
        "依据《大气污染防治法》第一百一十七条",
        "2026年9月30日10时26分",
        "20260930",
        "文号2026093012345",
    ],
)
def test_document_numbers_money_codes_and_dates_stay(text: str) -> None:
    assert scrub(text) == text


@given(st.text(max_size=12))
def test_a_mask_has_the_same_length_whatever_it_hides(value: str) -> None:
    value = value.strip()
    if value:
        assert len(id_tail(value)) in (16, 18)
        assert len(surname(value)) == 3


@pytest.mark.req("PUB-1", kind="rule")
@given(st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True))
def test_at_most_two_characters_of_an_identity_number_stay(number: str) -> None:
    assert id_tail(number) == "*" * 16 + number[-2:]
    assert id_tail(number[:5]) == "*" * 16


def test_names_of_one_character_are_not_searched_for() -> None:
    assert without_names("王家大院", ["王"]) == "王家大院"
    assert without_names("王小明和王小明明", ["王小明", "王小明明"]) == "**和**"


@pytest.mark.req("INV-4", kind="rule")
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("李春生面馆", "李 春生"),
        ("李　春生面馆", "李春生"),
        ("阿布都·克里木面馆", "阿布都克里木"),
        ("李春生面馆", " 李春生 "),
    ],
)
def test_spaces_and_dots_inside_a_name_are_no_part_of_it(text: str, name: str) -> None:
    assert without_names(text, [name]) == "**面馆"


@pytest.mark.req("INV-4", kind="rule")
def test_operators_of_other_records_are_hidden_where_names_are() -> None:
    for kind in (MaskKind.OPERATOR_IN_NAME, MaskKind.FREE_TEXT_NAMES):
        assert masked(Mask(kind, ("CF_FRDB",)), "吴大勇和李春生", {"CF_FRDB": "吴大勇"}, ["李春生"]) == "**和**"
    assert masked(Mask(MaskKind.FREE_TEXT), "李春生", {}, ["李春生"]) == "李春生"


@pytest.mark.parametrize("kind", list(MaskKind))
def test_an_empty_value_stays_empty_behind_every_mask(kind: MaskKind) -> None:
    assert masked(Mask(kind), "", {}) == ""


def test_each_mask_shows_what_its_name_says() -> None:
    content = {"CF_FRDB": "陆听澜"}
    shown = {kind: masked(Mask(kind, ("CF_FRDB",)), f"陆听澜{IDENTITY}", content) for kind in MaskKind}
    assert shown[MaskKind.ALL] == "**"
    assert shown[MaskKind.SURNAME] == "陆**"
    assert shown[MaskKind.ID_TAIL] == "*" * 16 + "36"
    assert shown[MaskKind.NUMBERS] == "陆听澜" + "*" * 16
    assert shown[MaskKind.OPERATOR_IN_NAME] == "**" + "*" * 16
    assert shown[MaskKind.FREE_TEXT_NAMES] == "**" + "*" * 16


_parts = st.sampled_from(
    ["电话", "，", " ", "-", "号", "8613", "620799199006200457", "6222021001116245702", "13812345678"]
)


@pytest.mark.req("PUB-1", kind="rule")
@given(st.lists(_parts | st.from_regex(r"[0-9０-９ -]{1,19}[0-9Xx]?", fullmatch=True), max_size=8).map("".join))
def test_whatever_intake_reports_as_a_number_of_a_person_leaves_no_answer(text: str) -> None:
    shown = scrub(text)
    assert not list(personal_numbers(shown)), shown
