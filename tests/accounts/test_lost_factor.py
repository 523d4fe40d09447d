"""A lost authenticator is taken away by two administrators; its holder is told, and sets another up."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tests.accounts.rights import AT, WHY, account, first, grant, local_administrator, pack_, second
from tests.accounts.test_rights_doors import browser, text
from tests.accounts.test_second_step import QUERIER, enter, equip
from xinheng.accounts import selectors, services
from xinheng.accounts.checks import check_factors, check_powers
from xinheng.accounts.models import AccountNotice, GrantProposal, Session
from xinheng.accounts.rules import AskerFacts, GrantKind, Role, Target, may_decide, may_propose
from xinheng.ledger import selectors as ledger
from xinheng.ledger.verify import Damage, Verification
from xinheng.lib.errors import Conflict, NotAllowed, NotFound


def facts(number: int, *roles: Role, house: int = 1, powers: frozenset[str] = frozenset()) -> AskerFacts:
    return AskerFacts(number, house, "x", None, powers, frozenset(roles), "", "", "")


@pytest.mark.req("SEC-1", kind="rule")
def test_two_administrators_of_the_house_or_of_the_register_and_never_the_holder() -> None:
    target = Target(GrantKind.FACTOR, 1, 7)
    keeper = facts(9, Role.ADMINISTRATOR, house=2, powers=frozenset({"platform.operate"}))
    one, two = facts(2, Role.ADMINISTRATOR), facts(3, Role.ADMINISTRATOR)

    def said(verdict: Any) -> str:
        return "" if verdict else verdict.reason

    assert said(may_propose(target, one, article="H")) == said(may_propose(target, keeper, article="H")) == ""
    assert said(may_propose(target, facts(7, Role.ADMINISTRATOR), article="H")) == "factor_of_oneself"
    assert said(may_propose(target, facts(2, Role.OPERATOR), article="H")) == "granter_not_administrator"
    stranger = facts(4, Role.ADMINISTRATOR, house=3)
    assert said(may_propose(target, stranger, article="H")) == "account_of_another_organisation"

    def decided(by: AskerFacts) -> str:
        return said(may_decide(target, proposer=one, second=by, article="H"))

    assert decided(two) == decided(keeper) == ""
    assert decided(one) == "grant_own_proposal"
    assert decided(facts(7, Role.ADMINISTRATOR)) == "factor_of_oneself"
    assert decided(stranger) == "account_of_another_organisation"


def proposed() -> GrantProposal:
    return services.propose_reset(account=account(QUERIER), reason=WHY, by=first(), pack=pack_(), at=AT)


def damages() -> list[str]:
    checks = (*check_powers(Verification({})), *check_factors(Verification({})))
    return [one.what for one in checks if isinstance(one, Damage)]


@pytest.mark.req("SEC-1", "ACC-1", "INV-8", kind="rule")
@pytest.mark.django_db
def test_nothing_ends_before_the_second_agrees_and_the_entry_binds_both() -> None:
    holder, _, _ = equip()
    client = Client()
    enter(client)
    waiting = proposed()
    assert selectors.factor_of(holder.id) and Session.objects.filter(account_id=holder.id).exists()
    assert not ledger.entries(act="factor.reset")
    with pytest.raises(Conflict, match="grant_proposed"):
        proposed()
    for by in (first(), holder):
        with pytest.raises(NotAllowed):
            grant(waiting, by)
    grant(waiting)
    assert selectors.factor_of(holder.id) is None
    assert not Session.objects.filter(account_id=holder.id).exists()
    body = ledger.entries(act="factor.reset")[0].body
    assert body and (body["actor"], body["second"]) == (f"account:{first().id}", str(second().id))
    assert (body["grant"]["reason"], body["grant"]["account"]) == (WHY, str(holder.id))
    with pytest.raises(Conflict, match="grant_decided"):
        grant(waiting)
    assert damages() == []
    GrantProposal.objects.filter(id=waiting.id).update(reason="另一个理由")
    assert damages() == ["grant_proposal_reason"] * 2  # against the entry of the proposal and that of the reset


@pytest.mark.req("SEC-1", kind="refusal")
@pytest.mark.django_db
def test_an_authenticator_that_was_set_up_since_is_not_taken_away() -> None:
    with pytest.raises(NotFound, match="factor_unknown"):
        proposed()
    holder, _, _ = equip()
    waiting = proposed()
    equip()
    with pytest.raises(Conflict, match="factor_changed"):
        grant(waiting)
    assert selectors.factor_of(holder.id) is not None
    services.withdraw_proposal(number=waiting.id, by=first(), at=AT)
    again = proposed()
    services.refuse_proposal(number=again.id, reason="没有核对本人", second=second(), pack=pack_(), at=AT)
    assert selectors.factor_of(holder.id) is not None and damages() == []
    with pytest.raises(IntegrityError), transaction.atomic():
        GrantProposal.objects.filter(id=again.id).update(what="")


@pytest.mark.req("SEC-1", "ACC-1", "ORG-1", kind="journey")
@pytest.mark.django_db
def test_a_reset_through_the_pages_and_the_holder_is_told_until_it_is_read(settings: Any) -> None:
    holder, _, _ = equip()
    one, two, place = browser("fgw.admin"), browser("fgw.admin2"), f"/desk/accounts/{holder.id}"
    assert "动态口令丢了" in text(one.get(place))
    empty = one.post(place, {"act": "reset", "reason": ""})
    assert empty.status_code == 422 and 'id="reset_reason_error"' in text(empty)
    assert one.post(place, {"act": "reset", "reason": "手机丢了"}).status_code == 302
    shown = text(one.get(place))
    assert "已经提出收回" in shown and 'value="reset"' not in shown
    assert "同样的申请已经提出" in text(one.post(place, {"act": "reset", "reason": "再提"}))
    assert "1件申请等您作为第二人决定" in text(two.get("/desk")) and "第二人决定" not in text(one.get("/desk"))
    waiting = GrantProposal.objects.get()
    assert "收回动态口令" in text(two.get("/desk/grants")) and "手机丢了" in text(two.get("/desk/grants"))
    assert one.post("/desk/grants", {"act": "grant", "which": str(waiting.id)}).status_code == 403
    assert two.post("/desk/grants", {"act": "grant", "which": str(waiting.id)}).status_code == 302
    client = Client()
    led = enter(client, next="/desk/query")
    assert led["Location"] == "/account/notices?next=%2Fdesk%2Fquery"
    told = text(client.get(led["Location"]))
    assert "您的动态口令被收回了" in told and "手机丢了" in told and "的管理员" in told
    assert first().display_name not in told and second().display_name not in told
    assert enter(Client())["Location"].startswith("/account/notices")  # until it is read
    assert client.post("/account/notices", {"next": "/desk/query"})["Location"] == "/desk/query"
    assert enter(Client(), next="/desk/query")["Location"] == "/desk/query"
    assert "手机丢了" in text(client.get("/account/notices"))
    assert client.post("/account/notices", {"next": "https://elsewhere.invalid/"})["Location"] == "/desk"
    settings.XINHENG_TOTP = "required"
    AccountNotice.objects.update(read_at=None)
    new = Client()
    assert enter(new)["Location"] == "/account/factor"
    assert "您的动态口令被收回了" in text(new.get("/account/factor"))
    assert new.get("/account/notices")["Location"].startswith("/account/factor")


@pytest.mark.req("SEC-1", "INV-3", kind="refusal")
@pytest.mark.django_db
def test_outsiders_reset_nothing_and_read_no_notice_of_others() -> None:
    holder, _, _ = equip()
    place = f"/desk/accounts/{holder.id}"
    local_administrator("zjj.admin", "zjj")
    assert browser("zjj.admin").post(place, {"act": "reset", "reason": "x"}).status_code == 404
    for username in ("scjgj.collector", "fgw.auditor", "gongmin"):
        assert browser(username).post(place, {"act": "reset", "reason": "x"}).status_code == 403
    own = account("fgw.admin")
    equip("fgw.admin")
    mine = text(browser("fgw.admin2").get(f"/desk/accounts/{own.id}"))
    assert "动态口令丢了" in mine
    with pytest.raises(NotAllowed, match="factor_of_oneself"):
        services.propose_reset(account=own, reason=WHY, by=own, pack=pack_(), at=AT)
    assert selectors.factor_of(holder.id) and not GrantProposal.objects.filter(kind="factor").exists()
    services.notice_account(account_id=holder.id, what="factor.reset", by=["fgw"], reason="只给本人", at=AT)
    assert "只给本人" not in text(browser("scjgj.collector").get("/account/notices"))
    assert browser(QUERIER).get("/account/notices").status_code == 302  # not before the code
    assert Client().get("/account/notices").status_code == 302
