"""Sentences about mistakes repeat no number of a person, mistyped or not; codes of bodies stay."""

from __future__ import annotations

import pytest

from xinheng.lib.freetext import guarded


@pytest.mark.req("PIP-1", "INV-8", kind="rule")
@pytest.mark.parametrize(
    "number",
    [
        "620799199006200457",
        "620799199006200458",  # wrong check character
        "62079919900620045",  # a digit too few
        "6207991990062004577",  # a digit too many
        "62O799199OO6200457",  # letters for noughts
        "620799 19900620 0457",
        "62079919900620",
        "620799900620045",
        "13912345678",
        "６２０７９９１９９００６２００４５８",
    ],
)
def test_what_looks_like_a_number_of_a_person_is_masked(number: str) -> None:
    said = guarded(f"“证件类型”的“{number}”不在可选值中。")
    assert number not in said
    assert f"*{number[-2:]}”不在可选值中。" in said


@pytest.mark.parametrize(
    "text",
    [
        "“处罚决定日期”的“20240501000000”不是日期。",
        "“数据来源单位统一社会信用代码”116207999900000258不是报送单位的代码。",
        "弱市监罚〔2026〕93号",
        "“罚款金额(万元)”的“123456789012”整数超过12位。",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert guarded(text) == text
