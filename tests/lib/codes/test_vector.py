"""The vectorised form answers exactly as the scalar one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lib.codes.made import TODAY, id_numbers, old_id_numbers, org_codes, usccs
from xinheng.lib.codes import check
from xinheng.lib.codes.vector import KINDS, check_many

CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXYIOZSVabx ０Ａ'М\u200b\x00"


@st.composite
def damaged(draw: st.DrawFn) -> str:
    text = draw(st.one_of(usccs(), id_numbers(), old_id_numbers(), org_codes()))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(text) - 1))
        text = text[:at] + draw(st.sampled_from(CHARACTERS)) + text[at + 1 :]
    return text


@st.composite
def digits_only(draw: st.DrawFn) -> str:
    head = draw(st.sampled_from(["91620720", "11010519", "12622019", "91110121", "622201", "00000000", "91000000"]))
    return (
        head
        + draw(st.text("0123456789", min_size=17 - len(head), max_size=17 - len(head)))
        + draw(st.sampled_from("0123456789X"))
    )


TEXTS = st.lists(
    st.one_of(
        damaged(),
        digits_only(),
        st.text(max_size=20),
        st.text("0123456789ABCXLB", min_size=18, max_size=18),
        st.sampled_from(["00000000000000000X", "", "000000000000000000", "9135010019L0100Y43", "62220119900101B234"]),
    ),
    max_size=20,
)


@settings(max_examples=400)
@given(TEXTS)
def test_many_codes_are_judged_as_one_by_one(texts: list[str]) -> None:
    answers = check_many(texts, today=TODAY)
    expected = [check(text, today=TODAY) for text in texts]
    assert list(answers) == expected
    assert [bool(v) for v in answers.valid] == [e.valid for e in expected]
    assert [KINDS[k] for k in answers.kinds] == [e.kind for e in expected]


def test_slices_and_empty_lists_work() -> None:
    answers = check_many(["91350100M000100Y43", "x"])
    assert [v.valid for v in answers[0:2]] == [True, False]
    assert len(check_many([])) == 0
