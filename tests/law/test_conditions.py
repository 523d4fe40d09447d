"""Does each test of the closed vocabulary mean what it says?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.law.conditions import Comparison, Condition, elements, holds
from xinheng.law.enums import SubjectKind

PERSON = SubjectKind.NATURAL_PERSON
C = Condition


@pytest.mark.parametrize(
    ("condition", "text", "expected"),
    [
        (C("F", Comparison.EQUALS, ("罚款",)), "罚款", True),
        (C("F", Comparison.EQUALS, ("罚款",)), "罚款;警告", False),
        (C("F", Comparison.ANY_OF, ("警告", "通报批评")), "罚款;警告", True),
        (C("F", Comparison.ANY_OF, ("警告", "通报批评")), "罚款", False),
        (C("F", Comparison.ANY_OF, ("警告", "通报批评"), only=True), "罚款;警告", False),
        (C("F", Comparison.ANY_OF, ("警告", "通报批评"), only=True), "警告；通报批评", True),
        (C("F", Comparison.ANY_OF, ("警告",), only=True), "", False),
        (C("F", Comparison.CONTAINS, ("没收",)), "罚款;没收违法所得", True),
        (C("F", Comparison.CONTAINS, ("暂扣", "吊销")), "吊销许可证件", True),
        (C("F", Comparison.CONTAINS, ("没收",)), "", False),
        (C("F", Comparison.EMPTY, ("true",)), " ", True),
        (C("F", Comparison.EMPTY, ("true",)), "x", False),
        (C("F", Comparison.EMPTY, ("false",)), "x", True),
        (C("F", Comparison.EMPTY, ("false",)), "", False),
    ],
)
def test_condition_holds_exactly_when_it_says(condition: Condition, text: str, expected: bool) -> None:
    assert holds(condition, {"F": text}, PERSON) is expected


def test_kind_is_looks_at_the_subject_and_at_nothing_else() -> None:
    condition = C(None, Comparison.KIND_IS, ("natural_person",))
    assert holds(condition, {}, PERSON)
    assert not holds(condition, {"F": "natural_person"}, SubjectKind.LEGAL_PERSON)
    assert not holds(condition, {}, None)


def test_missing_field_counts_as_empty() -> None:
    assert holds(C("F", Comparison.EMPTY, ("true",)), {})
    assert not holds(C("F", Comparison.EQUALS, ("x",)), {})


@given(
    st.lists(st.sampled_from(["警告", "罚款", "吊销"]), max_size=5), st.sets(st.sampled_from(["警告", "罚款", "吊销"]))
)
def test_only_is_never_wider_than_any(parts: list[str], listed: set[str]) -> None:
    values = {"F": ";".join(parts)}
    wide = holds(C("F", Comparison.ANY_OF, tuple(listed)), values)
    narrow = holds(C("F", Comparison.ANY_OF, tuple(listed), only=True), values)
    assert wide or not narrow
    assert wide is bool(set(parts) & listed)
    assert elements(values["F"]) == tuple(parts)
