"""The pages of administrators: propose, decide as the second person, end; and outsiders see nothing of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.accounts.rights import account, grant, local_administrator, organisation, propose_account, propose_role
from xinheng.accounts import selectors, services
from xinheng.accounts.models import AccountRole, GrantProposal, OrganisationPower
from xinheng.accounts.rules import Role

pytestmark = pytest.mark.django_db
PAGES = ("/desk/accounts", "/desk/accounts/new", "/desk/organisations", "/desk/organisations/new", "/desk/grants")


def browser(username: str, language: str = "zh-hans") -> Client:
    one = Client()
    one.cookies["xinheng_language"] = language
    one.force_login(account(username))
    return one


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.req("ORG-1", "ACC-1", kind="journey")
def test_an_account_with_a_role_through_the_pages_of_two_administrators() -> None:
    one, two = browser("fgw.admin"), browser("fgw.admin2")
    asked = {
        "username": "jtj.new",
        "display_name": "试二",
        "organisation": "jtj",
        "department": "运输科",
        "staff_number": "T78",
        "roles": ["querier"],
        "reason": "新到岗",
    }
    wrong = one.post("/desk/accounts/new", {**asked, "username": "JTJ 新", "reason": ""})
    assert wrong.status_code == 422
    assert "用户名只用小写字母" in text(wrong) and "请填写“理由”" in text(wrong)
    made = one.post("/desk/accounts/new", asked)
    assert made.status_code == 302
    assert "这个用户名已经有人用" in text(one.post("/desk/accounts/new", asked))
    number = account("jtj.new").id
    assert "没有开通" in text(one.get(f"/desk/accounts/{number}"))
    assert "收回" in text(one.get("/desk/grants")) and "同意这一件" not in text(one.get("/desk/grants"))
    assert "2件申请等您决定" in text(two.get("/desk/grants"))
    assert "2件申请等您作为第二人决定" in text(two.get("/desk"))
    opening, role = GrantProposal.objects.filter(account_id=number).order_by("id")
    assert one.post("/desk/grants", {"act": "grant", "which": str(opening.id)}).status_code == 403
    assert two.post("/desk/grants", {"act": "grant", "which": str(role.id)}).status_code == 409
    opened = two.post("/desk/grants", {"act": "grant", "which": str(opening.id)})
    assert opened.status_code == 200 and "no-store" in opened.headers["Cache-Control"]
    password = opened.context["granted"].password
    assert text(opened).count(password) == 1
    signed = Client()
    assert signed.post("/sign-in", {"username": "jtj.new", "password": password, "next": ""}).status_code == 302
    assert two.post("/desk/grants", {"act": "grant", "which": str(role.id)}).status_code == 302
    shown = text(one.get(f"/desk/accounts/{number}"))
    assert "查询经办人" in shown and "蒋知远" not in shown.split("谁同意")[1][:200]
    assert password not in shown


@pytest.mark.req("ORG-1", "ACC-1", kind="refusal")
def test_a_refusal_and_a_revocation_need_a_reason_beside_the_field() -> None:
    one, two = browser("fgw.admin"), browser("fgw.admin2")
    number = account("scjgj.querier").id
    assert (
        one.post(f"/desk/accounts/{number}", {"act": "propose", "role": "reviewer", "reason": "轮岗"}).status_code
        == 302
    )
    [waiting] = GrantProposal.objects.all()
    empty = two.post("/desk/grants", {"act": "refuse", "which": str(waiting.id), "reason": ""})
    assert empty.status_code == 422 and f'id="g{waiting.id}_reason_error"' in text(empty)
    sent = {"act": "refuse", "which": str(waiting.id), "reason": "编制不符"}
    assert two.post("/desk/grants", sent).status_code == 302
    assert Role.REVIEWER not in selectors.roles_of(number)
    row = AccountRole.objects.get(account_id=number)
    for reason, status in (("", 422), ("调离", 302)):
        answer = one.post(f"/desk/accounts/{number}", {"act": "revoke", "which": str(row.id), "reason": reason})
        assert answer.status_code == status
    assert selectors.roles_of(number) == frozenset()
    assert "以前的岗位" in text(one.get(f"/desk/accounts/{number}"))
    assert one.post(f"/desk/accounts/{number}", {"act": "nothing"}).status_code == 422
    row = AccountRole.objects.get(account=account("zjj.querier"))
    other = one.post(f"/desk/accounts/{number}", {"act": "revoke", "which": str(row.id), "reason": "x"})
    assert other.status_code == 422  # a role of another account is none of this page
    assert selectors.roles_of(account("zjj.querier").id) == {Role.QUERIER}


@pytest.mark.req("ORG-1", kind="journey")
def test_a_power_through_the_pages() -> None:
    one, two = browser("fgw.admin"), browser("fgw.admin2")
    page = text(one.get("/desk/organisations/zjj"))
    assert 'value="query.honours"' in page and 'value="platform.operate"' not in page
    given = {"act": "propose", "power": "query.honours", "reason": "承担评优"}
    assert one.post("/desk/organisations/zjj", {**given, "power": "platform.operate"}).status_code == 422
    assert one.post("/desk/organisations/zjj", given).status_code == 302
    [waiting] = GrantProposal.objects.all()
    assert two.post("/desk/grants", {"act": "grant", "which": str(waiting.id)}).status_code == 302
    row = OrganisationPower.objects.get(organisation__code="zjj", power="query.honours")
    sent = {"act": "revoke", "which": str(row.id), "reason": "划转"}
    assert one.post("/desk/organisations/zjj", sent).status_code == 302
    assert "query.honours" not in selectors.powers_of(organisation("zjj").id)


@pytest.mark.req("ORG-1", kind="journey")
def test_an_organisation_through_the_pages() -> None:
    one, two = browser("fgw.admin"), browser("fgw.admin2")
    asked = {
        "name_zh": "新设局（演示）", "name_en": "", "code": "xsj", "uscc": "", "kind": "state_organ", "level": "county",
        "sector": "transport", "reason": "机构改革",
    }  # fmt: skip
    assert one.post("/desk/organisations/new", {**asked, "code": "X 1"}).status_code == 422
    assert one.post("/desk/organisations/new", asked).status_code == 302
    [waiting] = GrantProposal.objects.all()
    assert two.post("/desk/grants", {"act": "grant", "which": str(waiting.id)}).status_code == 302
    assert organisation("xsj").active
    assert one.post("/desk/organisations/xsj", {"act": "close", "reason": "撤并"}).status_code == 302
    assert not organisation("xsj").active
    assert "重新启用" in text(one.get("/desk/organisations/xsj"))


@pytest.mark.req("ORG-1", "ACC-1", "INV-3", kind="refusal")
def test_outsiders_see_no_accounts() -> None:
    number = account("scjgj.querier").id
    places = (*PAGES, f"/desk/accounts/{number}", "/desk/organisations/zjj")
    for path in places:
        assert Client().get(path).status_code == 302
        for username in ("scjgj.collector", "fgw.auditor", "fgw.operator", "fgw.supervisor", "gongmin"):
            for answer in (browser(username).get(path), browser(username).post(path, {"act": "grant", "which": "1"})):
                assert answer.status_code in {403, 405}
                assert "zjj.querier" not in text(answer)


@pytest.mark.req("ORG-1", "ACC-1", kind="refusal")
def test_an_administrator_of_one_house_sees_that_house() -> None:
    local_administrator("zjj.admin", "zjj")
    propose_role("scjgj.querier", Role.REVIEWER)
    local = browser("zjj.admin")
    listed = text(local.get("/desk/accounts"))
    assert "zjj.querier" in listed and "scjgj.querier" not in listed
    assert local.get(f"/desk/accounts/{account('scjgj.querier').id}").status_code == 404
    assert local.get("/desk/accounts/99999999").status_code == 404
    assert local.get("/desk/organisations/scjgj").status_code == 404
    assert "提出一项职权" not in text(local.get("/desk/organisations/zjj"))
    assert local.get("/desk/organisations/new").status_code == 403
    assert "scjgj" not in text(local.get("/desk/grants"))
    page = text(local.get(f"/desk/accounts/{account('zjj.querier').id}"))
    assert 'value="reviewer"' in page and 'value="auditor"' not in page
    held = OrganisationPower.objects.filter(organisation__code="zjj", active=True).first()
    assert held is not None
    sent = {"act": "revoke", "which": str(held.id), "reason": "x"}
    assert local.post("/desk/organisations/zjj", sent).status_code == 422
    assert OrganisationPower.objects.get(id=held.id).active


def test_the_list_is_filtered_and_paged_by_key(monkeypatch: pytest.MonkeyPatch) -> None:
    from xinheng.accounts.selectors import rights

    monkeypatch.setattr(rights, "PAGE", 3)
    one = browser("fgw.admin")
    seen: list[str] = []
    path = "/desk/accounts?organisation=fgw"
    while path:
        answer = one.get(path)
        seen += [row.username for row in answer.context["rows"]]
        key = answer.context["page"].next_key
        path = f"/desk/accounts?organisation=fgw&after={key}" if key else ""
    assert seen == sorted(seen) and len(seen) == len(set(seen)) == 6
    found = one.get("/desk/accounts?role=supervisor&q=FGW").context["rows"]
    assert [row.username for row in found] == ["fgw.supervisor"]
    assert one.get("/desk/accounts?q=%00x&role=no&after=%00").status_code == 200


@pytest.mark.parametrize("path", [*PAGES, "/desk/organisations/zjj", "account"])
def test_the_pages_speak_english_and_escape(path: str) -> None:
    from tests.architecture.test_pages import CHINESE, read

    grant(propose_account())
    waiting = propose_role("zjj.new", Role.QUERIER)
    GrantProposal.objects.filter(id=waiting.id).update(reason="<b>理由</b>")
    answer = browser("fgw.admin2", "en").get(
        path.replace("account", f"/desk/accounts/{account('zjj.new').id}") if path == "account" else path
    )
    page = read(text(answer))
    assert (answer.status_code, page.wrong, page.headings) == (200, [], 1)
    assert not [words for words in page.said if CHINESE.search(words) and "温" not in words and "向" not in words]
    assert "<b>理由" not in text(answer)


@pytest.mark.req("SEC-1", kind="journey")
def test_a_locked_name_is_unlocked_on_its_page() -> None:
    from xinheng.lib import clock
    from xinheng.lib.errors import NotAllowed

    for _ in range(5):
        with pytest.raises(NotAllowed):
            services.sign_in(username="zjj.querier", password="wrong", at=clock.now())
    one, number = browser("fgw.admin"), account("zjj.querier").id
    assert "解除暂停" in text(one.get(f"/desk/accounts/{number}"))
    assert one.post(f"/desk/accounts/{number}", {"act": "unlock"}).status_code == 302
    assert "解除暂停" not in text(one.get(f"/desk/accounts/{number}"))


@pytest.mark.req("ORG-1", "ACC-1", "SEC-1", kind="journey")
def test_a_forgotten_password_is_given_once_and_opens_only_the_page_of_a_new_one() -> None:
    one = browser("fgw.admin")
    number = account("scjgj.querier").id
    before = browser("scjgj.querier")
    assert "给一个一次性密码" in text(one.get(f"/desk/accounts/{number}"))
    page = text(one.post(f"/desk/accounts/{number}", {"act": "password"}))
    found = re.search(r"一次性密码</dt><dd class=\"xh-code\">([0-9a-z]{16})</dd>", page)
    assert found
    assert found[1] not in text(one.get(f"/desk/accounts/{number}"))
    assert before.get("/desk").status_code == 302  # its sessions ended
    holder = Client()
    sent = {"username": "scjgj.querier", "password": found[1]}
    assert holder.post("/sign-in", sent).status_code == 302
    assert holder.get("/desk/query").headers["Location"].startswith("/account/password")


@pytest.mark.req("ORG-1", "ACC-1", kind="refusal")
def test_no_password_is_given_to_oneself_or_outside_of_the_own_house() -> None:
    one = browser("fgw.admin")
    own = account("fgw.admin").id
    assert "给一个一次性密码" not in text(one.get(f"/desk/accounts/{own}"))
    assert one.post(f"/desk/accounts/{own}", {"act": "password"}).status_code == 403
    local_administrator("zjj.admin", "zjj")
    number = account("scjgj.querier").id
    assert browser("zjj.admin").post(f"/desk/accounts/{number}", {"act": "password"}).status_code == 404
    assert browser("scjgj.collector").post(f"/desk/accounts/{number}", {"act": "password"}).status_code == 403
