"""Roles that watch and roles that do never meet in one account; powerful roles take two people; guessing is slow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.accounts.rules import (
    CONFLICTS,
    FAILURES_ALLOWED,
    LOCKED_FOR,
    Role,
    conflicting,
    locked_until,
    may_grant,
)

# written down a second time, pair by pair
APART = set(
    """
    administrator+auditor auditor+collector auditor+operator auditor+querier auditor+reviewer
    administrator+supervisor collector+supervisor operator+supervisor querier+supervisor reviewer+supervisor
    administrator+collector administrator+querier administrator+reviewer
    administrator+subject auditor+subject collector+subject operator+subject querier+subject reviewer+subject
    subject+supervisor
    """.split()
)
ADMIN = frozenset({Role.ADMINISTRATOR})
NONE: frozenset[Role] = frozenset()
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.mark.req("ACC-1", kind="rule")
@pytest.mark.parametrize("pair", [frozenset(p) for p in combinations(Role, 2)], ids=lambda p: "+".join(sorted(p)))
def test_who_watches_does_nothing_that_is_watched(pair: frozenset[Role]) -> None:
    apart = "+".join(sorted(pair)) in APART
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
