"""One subject is found by its identifiers and by nothing else; names follow one another without overlap."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.law.enums import SubjectKind
from xinheng.subjects.rules import PLACEHOLDER, Scheme, SubjectClaim, fault, schemes_of, section, spans

DAY = date(2026, 1, 1)


@pytest.mark.req("SUB-1", kind="rule")
@pytest.mark.parametrize("kind", list(SubjectKind))
@pytest.mark.parametrize("scheme", list(Scheme))
def test_a_person_is_found_by_personal_identifiers_and_nobody_else_is(kind: SubjectKind, scheme: Scheme) -> None:
    claim = SubjectClaim(kind, scheme, "x" * 18, "name", DAY)
    person = kind is SubjectKind.NATURAL_PERSON
    personal = scheme in (Scheme.ID, Scheme.DOC)
    assert fault(claim) == (None if person is personal else "identifier_of_another_kind")


@pytest.mark.req("SUB-1", kind="refusal")
@pytest.mark.parametrize("kind", list(SubjectKind))
def test_the_placeholder_and_nothing_identify_nobody(kind: SubjectKind) -> None:
    scheme = Scheme.ID if kind is SubjectKind.NATURAL_PERSON else Scheme.USCC
    assert fault(SubjectClaim(kind, scheme, PLACEHOLDER, "", DAY)) == "placeholder_identifies_nobody"
    assert fault(SubjectClaim(kind, scheme, PLACEHOLDER.lower(), "", DAY)) == "placeholder_identifies_nobody"
    assert fault(SubjectClaim(kind, scheme, "", "", DAY)) == "subject_without_identifier"


def test_the_shape_tells_which_schemes_are_possible() -> None:
    assert schemes_of("119901009900000172") == (Scheme.USCC, Scheme.ID)
    assert schemes_of("11990100990000025W") == (Scheme.USCC, Scheme.ID)
    assert schemes_of("91620702MA7AAAAA1X") == (Scheme.USCC,)
    assert schemes_of("MA7AAAAA1") == (Scheme.ORG,)
    assert schemes_of("123") == ()
    assert section("91620702MA7AAAAA1X") == "MA7AAAAA1"


_names = st.lists(
    st.tuples(st.sampled_from("甲乙丙"), st.integers(0, 400).map(lambda n: DAY + timedelta(days=n))), max_size=8
)


@given(_names)
def test_names_never_overlap_and_the_last_one_still_holds(seen: list[tuple[str, date]]) -> None:
    history = spans((name, on, None, "") for name, on in seen)
    assert {span.name for span in history} <= {name for name, _ in seen}
    for before, after in pairwise(history):
        assert before.until_on == after.from_on
        assert before.name != after.name
    if history:
        assert history[-1].until_on is None
        assert history[0].from_on == min(on for _, on in seen)


def test_a_name_with_an_end_of_its_own_keeps_it() -> None:
    first, second = spans([("甲", DAY, DAY + timedelta(days=5), ""), ("乙", DAY + timedelta(days=9), None, "")])
    assert (first.until_on, second.until_on) == (DAY + timedelta(days=5), None)
