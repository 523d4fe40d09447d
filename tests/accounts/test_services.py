"""Signing in is slow to guess and tells nothing; roles and powers are granted by the rules and stand in the ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from xinheng.accounts import selectors
from xinheng.accounts.models import Account, AccountRole, Organisation, OrganisationPower, SignInAttempt
from xinheng.accounts.rules import LOCKED_FOR, OrganisationKind, Role
from xinheng.accounts.services import (
    DEMO_PASSWORD,
    create_account,
    create_organisation,
    grant_power,
    grant_role,
    load_demo_accounts,
    sign_in,
)
from xinheng.law.pack import Pack
from xinheng.ledger import selectors as ledger
from xinheng.ledger.models import LawVersion
from xinheng.ledger.services import publish_pack
from xinheng.lib.errors import BadInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
WORD = "a-long-word-of-passage"


@pytest.fixture
def law(pack: Pack) -> LawVersion:
    return publish_pack(pack=pack, at=AT)


@pytest.fixture
def body(law: LawVersion) -> Organisation:
    return create_organisation(
        code="cs",
        name_zh="测试局",
        name_en="Test Bureau",
        uscc="",
        kind=OrganisationKind.STATE_ORGAN,
        level="city",
        sector="",
        actor="platform",
        channel="cli",
        law=law,
        at=AT,
    )


@pytest.fixture
def officer(body: Organisation) -> Account:
    return create_account(username="officer", password=WORD, organisation=body, staff_number="T1")


def administrators(body: Organisation, law: LawVersion) -> tuple[Account, Account]:
    made = []
    for name in ("first", "second"):
        account = create_account(username=name, password=None, organisation=body)
        grant_role(
            account=account, role=Role.ADMINISTRATOR, granted_by=None, second_by=None, channel="cli", law=law, at=AT
        )
        made.append(account)
    return made[0], made[1]


@pytest.mark.req("SEC-1", kind="journey")
def test_the_right_password_opens_and_is_kept_as_argon2(officer: Account) -> None:
    assert sign_in(username=" Officer ", password=WORD, at=AT) == officer
    assert officer.password.startswith("argon2$argon2id$")
    assert SignInAttempt.objects.get().succeeded


@pytest.mark.req("SEC-1", kind="refusal")
@pytest.mark.parametrize("case", ["wrong password", "unknown name", "closed account", "no password set"])
def test_every_failure_to_sign_in_reads_the_same(officer: Account, body: Organisation, case: str) -> None:
    create_account(username="machine", password=None, organisation=body)
    name, word = {"unknown name": ("nobody", WORD), "no password set": ("machine", "")}.get(case, ("officer", WORD))
    if case == "closed account":
        Account.objects.filter(id=officer.id).update(is_active=False)
    if case == "wrong password":
        word = WORD + "!"
    with pytest.raises(NotAllowed, match="sign_in_failed") as caught:
        sign_in(username=name, password=word, at=AT)
    assert caught.value.params == {}
    assert not SignInAttempt.objects.get().succeeded


@pytest.mark.req("SEC-1", kind="refusal")
@pytest.mark.parametrize("name", ["officer", "nobody"])
def test_five_failures_lock_a_name_whether_or_not_it_exists(officer: Account, name: str) -> None:
    for n in range(5):
        with pytest.raises(NotAllowed, match="sign_in_failed"):
            sign_in(username=name, password="wrong", at=AT + timedelta(minutes=n))
    last = AT + timedelta(minutes=4)
    with pytest.raises(NotAllowed, match="sign_in_locked") as caught:
        sign_in(username=name, password=WORD, at=last + timedelta(seconds=1))
    assert caught.value.params == {"minutes": "15"}
    after = last + LOCKED_FOR + timedelta(seconds=1)
    if name == "officer":
        assert sign_in(username=name, password=WORD, at=after) == officer
    else:
        with pytest.raises(NotAllowed, match="sign_in_failed"):
            sign_in(username=name, password=WORD, at=after)


def test_a_success_forgets_earlier_failures(officer: Account) -> None:
    for n in range(4):
        with pytest.raises(NotAllowed):
            sign_in(username="officer", password="wrong", at=AT + timedelta(seconds=n))
    sign_in(username="officer", password=WORD, at=AT + timedelta(seconds=5))
    with pytest.raises(NotAllowed, match="sign_in_failed"):
        sign_in(username="officer", password="wrong", at=AT + timedelta(seconds=6))
    assert sign_in(username="officer", password=WORD, at=AT + timedelta(seconds=7)) == officer


def test_what_was_typed_as_a_name_is_not_kept_in_the_open() -> None:
    with pytest.raises(NotAllowed):
        sign_in(username="622201197001010011", password="x", at=AT)
    assert "622201" not in SignInAttempt.objects.get().username_digest


def test_a_weak_password_is_refused(body: Organisation) -> None:
    for weak in ("short", "password123", "12345678901"):
        with pytest.raises(BadInput, match="password_too_weak"):
            create_account(username="weak", password=weak, organisation=body)


@pytest.mark.req("ORG-1", kind="journey")
def test_a_power_is_granted_with_its_article_and_stands_in_the_ledger(body: Organisation, law: LawVersion) -> None:
    def grant(article: str) -> OrganisationPower:
        return grant_power(
            organisation=body,
            power="query.honours",
            level="city",
            article=article,
            actor="platform",
            channel="cli",
            law=law,
            at=AT,
        )

    with pytest.raises(BadInput, match="power_without_article"):
        grant("")
    grant("DC-34")
    assert selectors.powers_of(body.id) == {"query.honours"}
    entry = ledger.entries(act="power.granted")[0]
    assert entry.body is not None
    assert (entry.body["power"], entry.body["holder"], entry.body["ground"]) == (
        "query.honours",
        "cs",
        {"article": "DC-34"},
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        grant("DC-34")


@pytest.mark.req("ACC-1", kind="journey")
def test_a_role_is_granted_by_two_and_stands_in_the_ledger(
    officer: Account, body: Organisation, law: LawVersion
) -> None:
    first, second = administrators(body, law)

    def grant(role: Role, by: Account | None, other: Account | None) -> AccountRole:
        return grant_role(account=officer, role=role, granted_by=by, second_by=other, channel="web", law=law, at=AT)

    with pytest.raises(NotAllowed, match="second_person_missing"):
        grant(Role.SUPERVISOR, first, None)
    with pytest.raises(NotAllowed, match="granter_not_administrator"):
        grant(Role.QUERIER, create_account(username="x", password=None, organisation=body), None)
    given = grant(Role.SUPERVISOR, first, second)
    assert (given.granted_by, given.second_by) == (first.id, second.id)
    with pytest.raises(NotAllowed, match="role_conflict"):
        grant(Role.QUERIER, first, second)
    assert selectors.roles_of(officer.id) == {Role.SUPERVISOR}
    entry = ledger.entry(given.entry_id)
    assert entry.act == "role.granted"
    assert entry.body is not None
    assert (entry.body["role"], entry.body["account"], entry.body["second"]) == (
        "supervisor",
        str(officer.id),
        str(second.id),
    )


@pytest.mark.req("ACC-1", kind="refusal")
def test_the_database_refuses_one_person_as_both(officer: Account) -> None:
    def insert(**given: Any) -> None:
        with transaction.atomic():
            AccountRole.objects.create(id=-1, account=officer, granted_at=AT, entry_id=1, **given)

    for wrong in (
        {"role": "querier", "granted_by": 5, "second_by": 5},
        {"role": "querier", "granted_by": None, "second_by": 5},
        {"role": "superuser", "granted_by": 5, "second_by": None},
    ):
        with pytest.raises(IntegrityError):
            insert(**wrong)


def test_an_asker_has_the_powers_of_the_body_and_loses_them_with_it(
    officer: Account, body: Organisation, law: LawVersion
) -> None:
    grant_role(account=officer, role=Role.QUERIER, granted_by=None, second_by=None, channel="cli", law=law, at=AT)
    grant_power(
        organisation=body, power="p", level="city", article="DC-1", actor="platform", channel="cli", law=law, at=AT
    )
    asker = selectors.asker_by_username("officer")
    assert (asker.powers, asker.roles, asker.organisation_code) == ({"p"}, {Role.QUERIER}, "cs")
    Organisation.objects.filter(id=body.id).update(active=False)
    asker = selectors.asker_by_username("officer")
    assert (asker.powers, asker.roles) == (frozenset(), frozenset())
    with pytest.raises(NotFound, match="account_unknown"):
        selectors.asker_by_username("nobody")
    with pytest.raises(NotFound, match="organisation_unknown"):
        selectors.organisation_by_code("nobody")


def test_the_demo_is_filled_once(pack: Pack) -> None:
    before = [Organisation.objects.count(), OrganisationPower.objects.count(), Account.objects.count()]
    roles = AccountRole.objects.count()
    lines = load_demo_accounts(pack=pack, at=AT)
    assert [Organisation.objects.count(), OrganisationPower.objects.count(), Account.objects.count()] == before
    assert AccountRole.objects.count() == roles
    assert len(lines) == Account.objects.count()
    held = {role for line in lines for role in line.roles}
    assert held == set(Role)
    querier = next(line for line in lines if Role.QUERIER in line.roles)
    assert sign_in(username=querier.username, password=DEMO_PASSWORD, at=AT).username == querier.username
    bureau = selectors.organisation_by_code("scjgj")
    assert "information.provide" in selectors.powers_of(bureau.id)
    assert all(power.article for power in bureau.powers.all())


def test_production_refuses_the_demo(pack: Pack, settings: Any) -> None:
    settings.XINHENG_MODE = "production"
    with pytest.raises(NotAllowed, match="demo_in_production"):
        load_demo_accounts(pack=pack, at=AT)


def test_officers_are_named_in_one_question(officer: Account, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        facts = selectors.names_of([officer.id, -1])
    assert facts.keys() == {officer.id}
    assert (facts[officer.id].organisation_zh, facts[officer.id].staff_number) == ("测试局", "T1")


@pytest.mark.req("ACC-1", "INV-8", kind="refusal")
def test_an_account_that_does_and_watches_is_damage(officer: Account, law: LawVersion) -> None:
    from xinheng.accounts.checks import check_powers
    from xinheng.ledger.verify import Damage, Verification

    grant_role(account=officer, role=Role.QUERIER, granted_by=None, second_by=None, channel="cli", law=law, at=AT)
    given = grant_role(
        account=Account.objects.create(id=-5, username="watcher"),
        role=Role.SUPERVISOR,
        granted_by=None,
        second_by=None,
        channel="cli",
        law=law,
        at=AT,
    )
    assert not [one for one in check_powers(Verification({})) if isinstance(one, Damage)]
    AccountRole.objects.filter(id=given.id).update(account=officer)
    whats = [one.what for one in check_powers(Verification({})) if isinstance(one, Damage)]
    assert whats == ["account_role_account", "account_role_organisation", "account_role_conflict"]
