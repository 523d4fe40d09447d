"""Every step from every state by every role: what is possible is what the table says, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.accounts.rules import AskerFacts, OrganisationKind, Role
from xinheng.law.enums import Level, Rank, Unit
from xinheng.law.norms import GROUPS, Procedure
from xinheng.law.pack import Amount, Bilingual
from xinheng.norms.rules import (
    ENDED,
    ONWARD,
    TRANSITIONS,
    Act,
    Basis,
    Change,
    NormFacts,
    State,
    basis_faults,
    may,
    may_comment,
    may_draft,
    may_publish_on,
    state_after,
    waits_for,
)

TODAY = date(2026, 11, 20)
LAW = Procedure(
    kind="catalog_item",
    label=Bilingual("补充目录", "supplement"),
    from_=date(2024, 1, 1),
    until=None,
    provided=True,
    level=Level.CITY,
    drafter="catalog.supplement",
    joint=True,
    basis=("law", "regulation"),
    consult=GROUPS,
    consultation="norm.consultation",
    approver=Bilingual("市人民政府", "the city government"),
    within=Amount(1, Unit.YEAR),
    opinions_kept=Amount(1, Unit.YEAR),
    article="XX-32",
    rank=Rank.CITY,
)
ORGAN, DEPARTMENT, OTHER = 1, 2, 3
DONE = NormFacts(
    id=1,
    kind="catalog_item",
    code="HC",
    change=Change.ENACT,
    state=State.DRAFT,
    organisation_id=ORGAN,
    authors=frozenset({7}),
    departments={DEPARTMENT: True},
    heard=frozenset(GROUPS),
    unanswered=0,
    due_on=TODAY - timedelta(days=1),
)


def asker(*roles: Role, organ: int = ORGAN, account: int = 8, powers: frozenset[str] | None = None) -> AskerFacts:
    held = frozenset({"catalog.supplement"}) if powers is None and organ == ORGAN else powers or frozenset()
    return AskerFacts(account, organ, "x", OrganisationKind.STATE_ORGAN, held, frozenset(roles), "", "", "")


# the road written down a second time: who may take which step when everything before it is done
ROAD: dict[Act, tuple[set[State], Role, int]] = {
    Act.REVISED: ({State.DRAFT, State.ANSWERING}, Role.OPERATOR, ORGAN),
    Act.COSIGNED: ({State.DRAFT, State.ANSWERING}, Role.REVIEWER, DEPARTMENT),
    Act.CONSULTED: ({State.DRAFT}, Role.OPERATOR, ORGAN),
    Act.HEARD: ({State.CONSULTING}, Role.OPERATOR, ORGAN),
    Act.CLOSED: ({State.CONSULTING}, Role.OPERATOR, ORGAN),
    Act.REOPENED: ({State.ANSWERING}, Role.OPERATOR, ORGAN),
    Act.SUBMITTED: ({State.ANSWERING}, Role.OPERATOR, ORGAN),
    Act.RETURNED: ({State.SUBMITTED}, Role.OPERATOR, ORGAN),
    Act.APPROVED: ({State.SUBMITTED}, Role.OPERATOR, ORGAN),
    Act.PUBLISHED: ({State.APPROVED}, Role.OPERATOR, ORGAN),
}


@pytest.mark.req("CAT-3", "ZY-32", kind="rule")
@pytest.mark.parametrize("act", sorted(ROAD))
def test_a_step_is_open_to_one_role_of_one_organ_in_its_states(act: Act) -> None:
    states, role, organ = ROAD[act]
    for state, held, body in product(State, Role, (ORGAN, DEPARTMENT, OTHER)):
        allowed = may(act, replace(DONE, state=state), asker(held, organ=body), LAW, today=TODAY)
        assert bool(allowed) is (state in states and held is role and body == organ), (state, held, body)
        assert allowed or allowed.article


@pytest.mark.req("CAT-3", "ZY-32", kind="rule")
def test_every_act_stands_in_the_table_and_ended_is_ended() -> None:
    assert set(TRANSITIONS) == set(Act)
    for act, row in TRANSITIONS.items():
        if act is not Act.OPINION_ERASED:
            assert not ENDED & {state for state in row if state is not None}, act
    assert set(ONWARD) <= set(Act)


@given(st.lists(st.sampled_from(list(Act)), max_size=14))
def test_a_history_is_possible_only_along_the_table(acts: list[Act]) -> None:
    state: State | None = None
    possible = True
    for act in acts:
        possible = possible and state in TRANSITIONS[act]
        state = TRANSITIONS[act].get(state, state) if possible else state
    assert state_after(acts) == (state if possible else None)
    if state_after(acts) is State.PUBLISHED:
        assert [a for a in (Act.DRAFTED, Act.SUBMITTED, Act.APPROVED, Act.PUBLISHED) if a in acts] == [
            Act.DRAFTED,
            Act.SUBMITTED,
            Act.APPROVED,
            Act.PUBLISHED,
        ]


@pytest.mark.req("CAT-3", "INV-2", "ZY-32", kind="refusal")
@pytest.mark.parametrize(
    ("act", "state", "missing", "reason"),
    [
        (Act.CONSULTED, State.DRAFT, {"faults": 1}, "norm_text_faulty"),
        (Act.CONSULTED, State.DRAFT, {"persons": True}, "norm_assessment_missing"),
        (Act.CONSULTED, State.DRAFT, {"departments": {}}, "norm_department_missing"),
        (Act.CONSULTED, State.DRAFT, {"departments": {2: True, 4: None}}, "norm_department_missing"),
        (Act.CONSULTED, State.DRAFT, {"departments": {2: False}}, "norm_department_missing"),
        (Act.CONSULTED, State.DRAFT, {"unheard": frozenset({"court"})}, "norm_source_not_along"),
        (Act.CONSULTED, State.DRAFT, {"change": Change.RETIRE}, "norm_step_impossible"),
        (Act.CLOSED, State.CONSULTING, {"due_on": TODAY}, "norm_consultation_running"),
        (Act.CLOSED, State.CONSULTING, {"due_on": None}, "norm_consultation_running"),
        (Act.CLOSED, State.CONSULTING, {"heard": frozenset(GROUPS) - {"expert"}}, "norm_group_not_heard"),
        (Act.SUBMITTED, State.DRAFT, {}, "norm_not_consulted"),
        (Act.SUBMITTED, State.ANSWERING, {"unanswered": 1}, "norm_opinion_unanswered"),
        (Act.SUBMITTED, State.ANSWERING, {"beyond": True}, "norm_beyond_what_was_asked"),
        (Act.SUBMITTED, State.ANSWERING, {"faults": 2}, "norm_text_faulty"),
        (Act.SUBMITTED, State.ANSWERING, {"departments": {2: None}}, "norm_department_missing"),
        (Act.OPINION_ANSWERED, State.CONSULTING, {}, "norm_opinion_answered"),
    ],
)
def test_what_is_missing_is_said_with_its_article(
    act: Act, state: State, missing: dict[str, object], reason: str
) -> None:
    found = may(act, replace(DONE, state=state, **missing), asker(Role.OPERATOR), LAW, today=TODAY)  # type: ignore[arg-type]
    assert not found
    assert (found.reason, bool(found.article)) == (reason, True)


@pytest.mark.req("CAT-3", kind="refusal")
def test_nobody_approves_what_he_wrote_and_nothing_holds_before_tomorrow() -> None:
    chief = asker(Role.OPERATOR, account=7)
    for act, state in (
        (Act.APPROVED, State.SUBMITTED),
        (Act.RETURNED, State.SUBMITTED),
        (Act.PUBLISHED, State.APPROVED),
    ):
        found = may(act, replace(DONE, state=state), chief, LAW, today=TODAY)
        assert not found and found.reason == "norm_own_text"
    for day, allowed in ((0, False), (1, True), (365, True), (366, False), (4000, False)):
        assert bool(may_publish_on(TODAY + timedelta(days=day), LAW, today=TODAY)) is allowed


def test_what_is_faulty_can_still_be_ended() -> None:
    end = replace(DONE, change=Change.RETIRE, faults=3, persons=True, unheard=frozenset({"court"}))
    assert may(Act.SUBMITTED, end, asker(Role.OPERATOR), LAW, today=TODAY)
    assert not may(Act.SUBMITTED, replace(end, departments={2: None}), asker(Role.OPERATOR), LAW, today=TODAY)


@pytest.mark.req("CAT-1", "SP-8", kind="refusal")
def test_without_a_supplement_in_the_law_nothing_begins() -> None:
    none = replace(LAW, provided=False, article="XX-8", drafter="")
    found = may_draft(asker(Role.OPERATOR), none)
    assert not found and (found.reason, found.article) == ("norm_not_provided", "XX-8")
    assert may_draft(asker(Role.OPERATOR), LAW)
    assert not may_draft(asker(Role.OPERATOR, powers=frozenset()), LAW)
    assert not may_draft(asker(Role.SUPERVISOR), LAW)


def test_opinions_are_open_until_the_end_of_the_last_day() -> None:
    open_ = replace(DONE, state=State.CONSULTING, due_on=TODAY)
    assert may_comment(open_, LAW, today=TODAY)
    assert not may_comment(open_, LAW, today=TODAY + timedelta(days=1))
    assert not may_comment(replace(open_, state=State.ANSWERING), LAW, today=TODAY)


def test_work_waits_for_whoever_takes_the_next_step() -> None:
    fresh = replace(DONE, departments={DEPARTMENT: None})
    assert waits_for(fresh, asker(Role.REVIEWER, organ=DEPARTMENT), LAW, today=TODAY)
    assert not waits_for(fresh, asker(Role.OPERATOR), LAW, today=TODAY)
    assert waits_for(DONE, asker(Role.OPERATOR), LAW, today=TODAY)
    assert not waits_for(DONE, asker(Role.REVIEWER, organ=DEPARTMENT), LAW, today=TODAY)
    running = replace(DONE, state=State.CONSULTING, due_on=TODAY)
    assert not waits_for(running, asker(Role.OPERATOR), LAW, today=TODAY)
    assert waits_for(replace(running, unanswered=1), asker(Role.OPERATOR), LAW, today=TODAY)
    assert waits_for(replace(DONE, state=State.APPROVED), asker(Role.OPERATOR), LAW, today=TODAY)
    assert not waits_for(replace(DONE, state=State.APPROVED), asker(Role.OPERATOR, account=7), LAW, today=TODAY)
    assert not waits_for(replace(DONE, state=State.APPROVED), asker(Role.SUPERVISOR), LAW, today=TODAY)


@pytest.mark.req("CAT-3", "ZY-32", kind="rule")
def test_a_basis_is_an_instrument_of_the_kinds_that_the_law_names() -> None:
    assert basis_faults((), LAW) == ("norm_basis_missing",)
    assert basis_faults((Basis("law", "《安全生产法》第四条"),), LAW) == ()
    assert basis_faults((Basis("state_rule", "《意见》"),), LAW) == ("norm_basis_kind",)
    assert basis_faults((Basis("law", "有关规定"),), LAW) == ("norm_basis_untitled", "norm_basis_no_article")
    assert basis_faults((Basis("law", "《安全生产法》"),), LAW) == ("norm_basis_no_article",)
