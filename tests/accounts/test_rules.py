"""Roles that watch and roles that do never meet in one account; powerful roles take two people; guessing is slow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.accounts.rules import (
    COMPETENT,
    CONFLICTS,
    FAILURES_ALLOWED,
    LOCKED_FOR,
    AskerFacts,
    GrantKind,
    OrganisationKind,
    Role,
    Target,
    conflicting,
    locked_until,
    may_administer,
    may_decide,
    may_grant,
    may_grant_power,
    may_propose,
)
from xinheng.law.pack import Bilingual, Power, Rank

# written down a second time, pair by pair
APART = """
    administrator+auditor auditor+collector auditor+operator auditor+querier auditor+reviewer
    administrator+supervisor collector+supervisor operator+supervisor querier+supervisor reviewer+supervisor
    administrator+collector administrator+querier administrator+reviewer
    administrator+subject auditor+subject collector+subject operator+subject querier+subject reviewer+subject
    subject+supervisor
"""
ADMIN = frozenset({Role.ADMINISTRATOR})
NONE: frozenset[Role] = frozenset()
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.mark.req("ACC-1", kind="rule")
@pytest.mark.parametrize("pair", [frozenset(p) for p in combinations(Role, 2)], ids=lambda p: "+".join(sorted(p)))
def test_who_watches_does_nothing_that_is_watched(pair: frozenset[Role]) -> None:
    apart = "+".join(sorted(pair)) in APART.split()
    assert (pair in CONFLICTS) is apart
    first, second = sorted(pair)
    assert (conflicting(Role(first), {Role(second)}) is not None) is apart


@pytest.mark.req("ACC-1", kind="refusal")
@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_granted_by_an_administrator_and_powerful_ones_by_two(role: Role) -> None:
    def verdict(**changed: object) -> str:
        given: dict[str, object] = {
            "role": role,
            "held": NONE,
            "account_id": 1,
            "granted_by": 2,
            "second_by": 3,
            "granter_roles": ADMIN,
            "second_roles": ADMIN,
        }
        answer = may_grant(**{**given, **changed})  # type: ignore[arg-type]
        return "allowed" if answer else getattr(answer, "reason", "")

    assert verdict() == "allowed"
    assert verdict(granted_by=None, second_by=None) == "allowed"  # the platform is filled from its pack
    assert verdict(granted_by=1) == verdict(second_by=1) == "role_to_oneself"
    assert verdict(granter_roles=NONE) == "granter_not_administrator"
    alone = "allowed" if role is Role.SUBJECT else "second_person_missing"
    assert verdict(second_by=None) == verdict(second_by=2) == alone
    assert verdict(second_roles=NONE) == ("allowed" if role is Role.SUBJECT else "second_not_administrator")


@pytest.mark.req("SEC-1", kind="rule")
@given(seconds=st.lists(st.integers(0, 3600), max_size=12))
def test_a_name_is_locked_exactly_after_five_failures_in_a_quarter_of_an_hour(seconds: list[int]) -> None:
    failures = [AT - timedelta(seconds=s) for s in seconds]
    recent = [f for f in failures if AT - f < LOCKED_FOR]
    until = locked_until(failures, AT)
    if len(recent) < FAILURES_ALLOWED:
        assert until is None
    else:
        assert until == max(recent) + LOCKED_FOR
        assert until > AT


def power(code: str = "p", level: str = "any", holders: tuple[str, ...] = ("any",)) -> Power:
    kinds = frozenset({"state_organ"})
    day = datetime(2024, 1, 1, tzinfo=UTC).date()
    return Power(code, Bilingual("权", "power"), level, frozenset(holders), kinds, day, None, "XX-5", Rank.CITY)


@pytest.mark.req("ORG-1", "ZY-5", "SP-4", kind="rule")
@pytest.mark.parametrize(
    ("level", "holders", "kind", "body_level", "sector", "reason"),
    [
        # the power's level and holders; the body's kind, level and sector
        ("any", ("any",), "state_organ", "county", "transport", ""),
        ("any", ("any",), "state_organ", "city", "", ""),
        ("any", ("any",), "association", "city", "transport", "power_not_of_kind"),
        ("any", ("transport",), "state_organ", "county", "transport", ""),
        ("any", ("transport", "court"), "state_organ", "county", "court", ""),
        ("any", ("transport",), "state_organ", "county", "court", "power_not_of_sector"),
        ("any", ("transport",), "state_organ", "county", "", "power_not_of_sector"),
        ("city", ("any",), "state_organ", "city", "court", ""),
        ("city", ("any",), "state_organ", "county", "court", "power_not_of_level"),
        ("city", ("transport",), "state_organ", "city", "transport", ""),
        ("city", ("transport",), "state_organ", "county", "transport", "power_not_of_level"),
        ("city", ("transport",), "association", "county", "court", "power_not_of_kind"),
    ],
)
def test_a_power_is_given_to_whom_the_law_names(
    level: str, holders: tuple[str, ...], kind: str, body_level: str, sector: str, reason: str
) -> None:
    asked = power(level=level, holders=holders)
    body = {"kind": OrganisationKind(kind), "level": body_level, "sector": sector}
    found = may_grant_power(asked, **body, held=frozenset())  # type: ignore[arg-type]
    assert bool(found) is not bool(reason)
    assert (getattr(found, "reason", ""), getattr(found, "article", "")) == (reason, "XX-5" if reason else "")
    twice = may_grant_power(asked, **body, held={"p"})  # type: ignore[arg-type]
    assert (getattr(twice, "reason", ""), getattr(twice, "article", "")) == ("power_held", "H")


def who(*roles: Role, number: int = 1, house: int = 10, competent: bool = False) -> AskerFacts:
    powers = frozenset({COMPETENT} if competent else ())
    return AskerFacts(number, house, "x", OrganisationKind.STATE_ORGAN, powers, frozenset(roles), "", "", "")


@pytest.mark.req("ORG-1", "ACC-1", kind="rule")
@pytest.mark.parametrize("kind", list(GrantKind))
@pytest.mark.parametrize("house", [10, 11, None])
@pytest.mark.parametrize("role", [None, Role.QUERIER, Role.AUDITOR, Role.SUPERVISOR])
@pytest.mark.parametrize("competent", [True, False])
def test_an_administrator_reaches_the_own_house_and_the_competent_one_all(
    kind: GrantKind, house: int | None, role: Role | None, competent: bool
) -> None:
    found = may_administer(Target(kind, house, 5, role), who(Role.ADMINISTRATOR, competent=competent), article="XX-5")
    inside = kind in ("role", "account", "factor") and house == 10 and role not in (Role.AUDITOR, Role.SUPERVISOR)
    assert bool(found) is (competent or inside)
    if kind in ("power", "organisation") and not competent:
        assert getattr(found, "article", "") == "XX-5"
    for other in Role:
        if other is not Role.ADMINISTRATOR:
            assert not may_administer(Target(kind, house, 5, role), who(other, competent=competent), article="XX-5")


@pytest.mark.req("ORG-1", "ACC-1", kind="refusal")
def test_two_people_give_a_right_and_neither_gets_it() -> None:
    target, one = Target(GrantKind.ROLE, 10, 5, Role.QUERIER), who(Role.ADMINISTRATOR)

    def reason(second: AskerFacts, proposer: AskerFacts = one) -> str:
        return getattr(may_decide(target, proposer=proposer, second=second, article="XX-5"), "reason", "")

    assert reason(who(Role.ADMINISTRATOR, number=2)) == ""
    assert reason(one) == "grant_own_proposal"
    assert reason(who(Role.OPERATOR, number=2)) == "second_not_administrator"
    assert reason(who(Role.ADMINISTRATOR, number=5)) == "role_to_oneself"
    assert reason(who(Role.ADMINISTRATOR, number=2, house=11)) == "account_of_another_organisation"
    assert reason(who(Role.ADMINISTRATOR, number=2), who(Role.QUERIER)) == "granter_not_administrator"
    assert reason(who(Role.ADMINISTRATOR, number=2), who(Role.ADMINISTRATOR, number=5)) == "role_to_oneself"
    own_file = Target(GrantKind.ROLE, None, 5, Role.SUBJECT)
    found = may_propose(own_file, who(Role.ADMINISTRATOR, competent=True), article="XX-5")
    assert getattr(found, "reason", "") == "role_not_of_staff"
