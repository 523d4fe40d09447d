"""Rights take two administrators and end by one at once; the ledger has each, and what differs from it is damage."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from tests.accounts.rights import (
    AT,
    WHY,
    account,
    first,
    grant,
    local_administrator,
    organisation,
    pack_,
    propose_account,
    propose_power,
    propose_role,
    second,
)
from xinheng.accounts import selectors, services
from xinheng.accounts.checks import check_powers
from xinheng.accounts.models import Account, AccountRole, GrantProposal, OrganisationPower
from xinheng.accounts.rules import STAFF, OrganisationKind, Role
from xinheng.accounts.selectors import rights
from xinheng.ledger import selectors as ledger
from xinheng.ledger.verify import Damage, Verification
from xinheng.lib.errors import BadInput, Conflict, NotAllowed, NotFound, RefusedByLaw

pytestmark = pytest.mark.django_db


def damages() -> list[str]:
    return [one.what for one in check_powers(Verification({})) if isinstance(one, Damage)]


def revoke(username: str, role: Role, by: Account | None = None) -> AccountRole:
    row = AccountRole.objects.get(account__username=username, role=role.value, ended_at__isnull=True)
    return services.revoke_role(number=row.id, reason="调离", by=by or first(), pack=pack_(), at=AT)


@pytest.mark.req("ORG-1", "ACC-1", kind="journey")
def test_a_role_is_proposed_by_one_granted_by_another_and_stands_in_the_ledger() -> None:
    waiting = propose_role("zjj.collector", Role.QUERIER)
    assert Role.QUERIER not in selectors.roles_of(account("zjj.collector").id)
    done = grant(waiting).proposal
    assert Role.QUERIER in selectors.roles_of(account("zjj.collector").id)
    row = AccountRole.objects.get(account__username="zjj.collector", role="querier")
    assert (row.granted_by, row.second_by, row.entry_id) == (first().id, second().id, done.entry_id)
    entry = ledger.entry(row.entry_id)
    assert entry.body is not None
    assert (entry.act, entry.body["second"], entry.body["grant"]["reason"]) == ("role.granted", str(second().id), WHY)
    assert damages() == []
    with pytest.raises(Conflict, match="grant_decided"):
        grant(waiting)
    with pytest.raises(Conflict, match="role_held"):
        propose_role("zjj.collector", Role.QUERIER)


@pytest.mark.req("ORG-1", "ACC-1", kind="refusal")
@pytest.mark.parametrize("role", sorted(STAFF))
def test_no_role_of_staff_comes_from_one_person(role: Role) -> None:
    grant(propose_account())
    waiting = propose_role("zjj.new", role)
    for by, reason in (
        (first(), "grant_own_proposal"),
        (account("zjj.new"), "second_not_administrator"),
        (account("fgw.operator"), "second_not_administrator"),
    ):
        with pytest.raises(NotAllowed, match=reason):
            grant(waiting, by)
    assert selectors.roles_of(account("zjj.new").id) == frozenset()
    with pytest.raises(NotAllowed, match="granter_not_administrator"):
        propose_role("zjj.new", role, account("zjj.collector"))


@pytest.mark.req("ACC-1", "ORG-1", kind="refusal")
def test_nobody_proposes_or_grants_for_himself_and_pairs_are_kept_apart() -> None:
    with pytest.raises(NotAllowed, match="role_to_oneself"):
        propose_role("fgw.admin", Role.OPERATOR)
    waiting = propose_role("fgw.admin2", Role.OPERATOR)
    with pytest.raises(NotAllowed, match="role_to_oneself"):
        grant(waiting)
    for username, role in (
        ("fgw.auditor", Role.QUERIER),
        ("fgw.supervisor", Role.OPERATOR),
        ("fgw.admin2", Role.COLLECTOR),
        ("scjgj.querier", Role.AUDITOR),
    ):
        with pytest.raises(NotAllowed, match="role_conflict"):
            propose_role(username, role)
    with pytest.raises(NotAllowed, match="role_not_of_staff"):
        propose_role("scjgj.querier", Role.SUBJECT)


@pytest.mark.req("ACC-1", kind="refusal")
def test_two_proposals_that_exclude_each_other_are_not_both_granted() -> None:
    grant(propose_account())
    does, watches = propose_role("zjj.new", Role.COLLECTOR), propose_role("zjj.new", Role.AUDITOR)
    grant(does)
    with pytest.raises(NotAllowed, match="role_conflict"):
        grant(watches)
    assert selectors.roles_of(account("zjj.new").id) == {Role.COLLECTOR}


@pytest.mark.req("ORG-1", "ACC-1", kind="refusal")
def test_an_administrator_keeps_to_the_own_organisation() -> None:
    local = local_administrator("zjj.admin", "zjj")
    for act, reason in (
        (lambda: propose_role("scjgj.querier", Role.REVIEWER, local), "account_of_another_organisation"),
        (lambda: propose_role("zjj.querier", Role.SUPERVISOR, local), "watching_by_competent_only"),
        (lambda: propose_account("scjgj.x", "scjgj", local), "account_of_another_organisation"),
        (lambda: revoke("scjgj.querier", Role.QUERIER, local), "account_of_another_organisation"),
    ):
        with pytest.raises(NotAllowed, match=reason):
            act()
    with pytest.raises(RefusedByLaw, match="grant_not_competent") as caught:
        propose_power("zjj", "query.honours", local)
    assert caught.value.article == services.competent_article(pack_(), AT)
    waiting = propose_role("zjj.querier", Role.REVIEWER, local)
    grant(waiting)  # a second person of the competent department, where the house has one administrator
    assert Role.REVIEWER in selectors.roles_of(account("zjj.querier").id)
    assert damages() == []


@pytest.mark.req("ORG-1", "ACC-1", kind="refusal")
def test_a_proposer_who_lost_the_role_proposed_nothing() -> None:
    local = local_administrator("zjj.admin", "zjj")
    waiting = propose_role("zjj.querier", Role.REVIEWER, local)
    revoke("zjj.admin", Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed, match="granter_not_administrator"):
        grant(waiting)


@pytest.mark.req("ORG-1", kind="journey")
def test_a_power_is_given_at_the_level_and_article_of_the_law() -> None:
    done = grant(propose_power("zjj", "query.honours")).proposal
    assert "query.honours" in selectors.powers_of(organisation("zjj").id)
    row = OrganisationPower.objects.get(organisation__code="zjj", power="query.honours")
    assert (row.article, row.level, row.entry_id) == (done.article, done.level, done.entry_id)
    assert row.article == pack_().powers["query.honours"].values[0].article
    assert damages() == []


@pytest.mark.req("ORG-1", kind="refusal")
def test_a_power_that_the_law_gives_to_others_is_refused_with_its_article() -> None:
    with pytest.raises(RefusedByLaw, match="power_not_of_sector") as caught:
        propose_power("zjj", "platform.operate")
    assert caught.value.article
    for code, power, reason, error in (
        ("zjj", "information.provide", "power_held", NotAllowed),
        ("xh", "query.honours", "power_not_of_kind", RefusedByLaw),
        ("zjj", "no.such", "power_unknown", NotFound),
    ):
        with pytest.raises(error, match=reason):
            propose_power(code, power)


@pytest.mark.req("ORG-1", "ACC-1", kind="journey")
def test_a_refusal_has_its_reason_and_a_withdrawal_binds_nobody() -> None:
    refused, taken_back = propose_role("zjj.querier", Role.REVIEWER), propose_role("jtj.collector", Role.REVIEWER)
    with pytest.raises(Conflict, match="grant_proposed"):
        propose_role("zjj.querier", Role.REVIEWER, second())
    with pytest.raises(NotAllowed, match="grant_own_proposal"):
        services.refuse_proposal(number=refused.id, reason="x", second=first(), pack=pack_(), at=AT)
    done = services.refuse_proposal(number=refused.id, reason="编制不符", second=second(), pack=pack_(), at=AT)
    assert done.entry_id is not None
    entry = ledger.entry(done.entry_id)
    assert entry.body is not None
    assert (entry.act, entry.body["grant"]["refusal"], entry.body["result"]) == ("grant.refused", "编制不符", "refused")
    with pytest.raises(NotAllowed, match="grant_of_another"):
        services.withdraw_proposal(number=taken_back.id, by=second(), at=AT)
    services.withdraw_proposal(number=taken_back.id, by=first(), at=AT)
    with pytest.raises(Conflict, match="grant_decided"):
        grant(taken_back)
    assert damages() == []
    propose_role("zjj.querier", Role.REVIEWER)  # a new proposal is possible


@pytest.mark.req("ORG-1", "ACC-1", kind="journey")
def test_an_account_opens_with_a_password_shown_once() -> None:
    waiting = propose_account()
    made = account("zjj.new")
    assert (made.is_active, made.has_usable_password()) == (False, False)
    early = propose_role("zjj.new", Role.QUERIER)
    with pytest.raises(Conflict, match="account_closed"):
        grant(early)
    opened = grant(waiting)
    assert services.sign_in(username="zjj.new", password=opened.password, at=AT).id == made.id
    entry = ledger.entry(opened.proposal.entry_id or 0)
    assert entry.act == "account.opened"
    assert opened.password not in str(entry.body)
    grant(early)
    assert damages() == []
    with pytest.raises(Conflict, match="username_taken"):
        propose_account("ZJJ.new")


@pytest.mark.req("ORG-1", "ACC-1", kind="journey")
def test_an_organisation_opens_closes_and_opens_again() -> None:
    described = {
        "code": "xzj",
        "name_zh": "试验新局（演示）",
        "name_en": "New Bureau (demonstration)",
        "uscc": "",
        "level": "county",
        "sector": "transport",
    }
    kind = OrganisationKind.STATE_ORGAN

    def proposed() -> GrantProposal:
        return services.propose_organisation(
            described=described, kind=kind, reason=WHY, by=first(), pack=pack_(), at=AT
        )

    waiting = proposed()
    assert not organisation("xzj").active
    with pytest.raises(Conflict, match="organisation_taken"):
        proposed()
    with pytest.raises(Conflict, match="organisation_closed"):
        propose_power("xzj", "query.honours")
    grant(waiting)
    grant(propose_power("xzj", "query.honours"))
    assert damages() == []
    number = organisation("xzj").id
    services.close_organisation(organisation_id=number, reason="机构改革", by=second(), pack=pack_(), at=AT)
    assert (organisation("xzj").active, damages()) == (False, [])
    again = services.reopen_organisation(body=organisation("xzj"), reason=WHY, by=second(), pack=pack_(), at=AT)
    grant(again, first())
    assert (organisation("xzj").active, damages()) == (True, [])


@pytest.mark.req("ACC-1", "ORG-1", "INV-3", kind="refusal")
def test_a_revocation_holds_from_the_next_request_on() -> None:
    officer = Client()
    officer.force_login(account("scjgj.querier"))
    assert officer.get("/desk/query").status_code == 200
    row = revoke("scjgj.querier", Role.QUERIER)
    assert officer.get("/desk/query").status_code == 403
    entry = ledger.entry(row.end_entry or 0)
    assert entry.body is not None
    assert (entry.act, entry.body["reason"], entry.body["grant_entry"]) == ("role.revoked", "调离", str(row.entry_id))
    assert damages() == []
    with pytest.raises(Conflict, match="role_ended"):
        services.revoke_role(number=row.id, reason="x", by=first(), pack=pack_(), at=AT)
    grant(propose_role("scjgj.querier", Role.QUERIER))
    assert officer.get("/desk/query").status_code == 200
    assert AccountRole.objects.filter(account__username="scjgj.querier", role="querier").count() == 2
    assert damages() == []


@pytest.mark.req("ACC-1", "ORG-1", "INV-3", kind="refusal")
def test_a_power_and_an_account_end_at_once() -> None:
    officer = Client()
    officer.force_login(account("ggzy.querier"))
    assert officer.get("/desk").status_code == 200
    held = OrganisationPower.objects.get(organisation__code="ggzy", power="query.public_resource_trading")
    services.revoke_power(number=held.id, reason="职能划转", by=first(), pack=pack_(), at=AT)
    assert "query.public_resource_trading" not in selectors.asker_by_username("ggzy.querier").powers
    number = account("ggzy.querier").id
    with pytest.raises(BadInput, match="end_without_reason"):
        services.close_account(account_id=number, reason=" ", by=first(), pack=pack_(), at=AT)
    services.close_account(account_id=number, reason="退休", by=first(), pack=pack_(), at=AT)
    assert officer.get("/desk").status_code == 302
    assert selectors.roles_of(number) == frozenset()
    assert damages() == []
    with pytest.raises(Conflict, match="account_closed"):
        propose_and_grant("ggzy.querier", Role.QUERIER)
    again = services.propose_reopening(account=account("ggzy.querier"), reason=WHY, by=first(), pack=pack_(), at=AT)
    opened = grant(again)
    assert (account("ggzy.querier").is_active, bool(opened.password)) == (True, True)
    assert selectors.roles_of(number) == frozenset()
    assert damages() == []


def propose_and_grant(username: str, role: Role) -> None:
    grant(propose_role(username, role))


@pytest.mark.req("ACC-1", "ORG-1", kind="refusal")
@pytest.mark.parametrize("way", ["role", "account", "organisation", "power"])
def test_the_last_administrator_stays(way: str) -> None:
    assert len(rights.administrators()) == 2
    revoke("fgw.admin2", Role.ADMINISTRATOR)
    body = organisation("fgw")
    power = OrganisationPower.objects.get(organisation=body, power="platform.operate")
    given: dict[str, Any] = {"reason": "x", "by": first(), "pack": pack_(), "at": AT}
    with pytest.raises(NotAllowed, match="last_administrator"), transaction.atomic():
        match way:
            case "role":
                revoke("fgw.admin", Role.ADMINISTRATOR)
            case "account":
                services.close_account(account_id=first().id, **given)
            case "organisation":
                services.close_organisation(organisation_id=body.id, **given)
            case _:
                services.revoke_power(number=power.id, **given)
    assert rights.administrators() == [first().id]
    assert damages() == []


@pytest.mark.req("SEC-1", "ACC-1", kind="journey")
def test_an_administrator_unlocks_a_name() -> None:
    number = account("zjj.querier").id
    with pytest.raises(Conflict, match="account_not_locked"):
        services.unlock_name(account_id=number, by=first(), pack=pack_(), at=AT)
    for _ in range(5):
        with pytest.raises(NotAllowed, match="sign_in_failed"):
            services.sign_in(username="zjj.querier", password="wrong", at=AT)
    assert services.name_locked_until("zjj.querier", AT) is not None
    with pytest.raises(NotAllowed, match="granter_not_administrator"):
        services.unlock_name(account_id=number, by=account("zjj.collector"), pack=pack_(), at=AT)
    services.unlock_name(account_id=number, by=first(), pack=pack_(), at=AT)
    assert services.sign_in(username="zjj.querier", password=services.DEMO_PASSWORD, at=AT).id == number
    assert ledger.entries(act="account.unlocked")[0].body is not None


@pytest.mark.req("INV-8", "ACC-1", kind="refusal")
@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (
            "UPDATE account_role SET ended_at = NULL, ended_by = NULL, end_reason = '', end_entry = NULL",
            "account_role_end_missing",
        ),
        ("UPDATE account_role SET end_reason = '别的' WHERE end_entry IS NOT NULL", "account_role_end_reason"),
        ("UPDATE account_role SET ended_by = 7 WHERE end_entry IS NOT NULL", "account_role_end_actor"),
        (
            "UPDATE account_role SET ended_at = now(), ended_by = 7, end_reason = 'x', end_entry = 1"
            " WHERE role = 'auditor'",
            "account_role_end_without_entry",
        ),
        (
            "INSERT INTO account_role (id, account_id, role, granted_at, entry_id, end_reason)"
            " SELECT -1, id, 'operator', now(), 1, '' FROM account WHERE username = 'zjj.querier'",
            "account_role_without_entry",
        ),
        ("DELETE FROM account_role WHERE end_entry IS NOT NULL", "account_role_missing"),
        ("UPDATE organisation_power SET article = 'X' WHERE power = 'query.honours'", "organisation_power_article"),
        (
            "UPDATE organisation_power SET active = true, ended_at = NULL, ended_by = NULL, end_reason = '',"
            " end_entry = NULL",
            "organisation_power_end_missing",
        ),
        ("UPDATE account SET is_active = true WHERE username = 'zjj.new'", "account_active"),
        ("UPDATE account SET is_active = true WHERE username = 'zjj.waits'", "account_without_entry"),
        (
            "UPDATE grant_proposal SET reason = '别的' WHERE kind = 'role' AND decision = 'granted'",
            "grant_proposal_reason",
        ),
        (
            "UPDATE grant_proposal SET second_by = 9 WHERE kind = 'account' AND decision = 'granted'",
            "grant_proposal_second",
        ),
        (
            "UPDATE grant_proposal SET decision = 'granted', refusal = '' WHERE decision = 'refused'",
            "grant_proposal_decision",
        ),
        (
            "UPDATE grant_proposal SET decision = '', refusal = '', second_by = NULL, decided_at = NULL,"
            " entry_id = NULL WHERE decision = 'refused'",
            "grant_proposal_missing",
        ),
    ],
)
def test_rights_that_are_not_what_the_ledger_says_are_damage(statement: str, what: str) -> None:
    grant(propose_account())
    propose_account("zjj.waits")
    propose_and_grant("zjj.new", Role.QUERIER)
    services.close_account(account_id=account("zjj.new").id, reason="撤销", by=second(), pack=pack_(), at=AT)
    grant(propose_power("zjj", "query.honours"))
    held = OrganisationPower.objects.get(organisation__code="zjj", power="query.honours")
    services.revoke_power(number=held.id, reason="划转", by=second(), pack=pack_(), at=AT)
    refused = propose_role("jtj.collector", Role.REVIEWER)
    services.refuse_proposal(number=refused.id, reason="编制不符", second=second(), pack=pack_(), at=AT)
    assert damages() == []
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert what in damages()


@pytest.mark.req("ACC-1", kind="refusal")
@pytest.mark.parametrize(
    "wrong",
    [
        {"second_by": 5, "decided_at": AT, "decision": "granted", "entry_id": 1},  # one person as both
        {"second_by": 6, "decided_at": AT, "decision": "granted"},  # a grant without entry
        {"second_by": 6, "decided_at": AT, "decision": "refused", "entry_id": 1},  # a refusal without reason
        {"decided_at": AT, "decision": "granted", "entry_id": 1},  # a grant without second person
        {"what": ""},
        {"reason": ""},
        {"kind": "wish"},
    ],
)
def test_the_database_refuses_a_grant_by_one_person_or_by_halves(wrong: dict[str, Any]) -> None:
    whole: dict[str, Any] = {
        "id": -1,
        "kind": "role",
        "account": account("zjj.querier"),
        "what": "reviewer",
        "reason": "x",
        "proposed_by": 5,
        "proposed_at": AT,
    }
    with transaction.atomic():
        GrantProposal.objects.create(**whole)
    GrantProposal.objects.filter(id=-1).update(decision="withdrawn", decided_at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        GrantProposal.objects.create(**{**whole, "id": -2, **wrong})


@pytest.mark.req("ACC-1", kind="refusal")
@pytest.mark.parametrize("column", ["proposed_by", "second_by"])
def test_the_database_refuses_a_grant_to_oneself(column: str) -> None:
    holder = account("zjj.querier")
    given: dict[str, Any] = {"proposed_by": 5, "second_by": 6, column: holder.id}
    with pytest.raises(IntegrityError), transaction.atomic():
        GrantProposal.objects.create(
            id=-1,
            kind="role",
            account=holder,
            what="reviewer",
            reason="x",
            proposed_at=AT,
            decided_at=AT,
            decision="granted",
            entry_id=1,
            **given,
        )
