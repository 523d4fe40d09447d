"""Who may look at a file, and how that ends: laid down, taken from an agent, asked of the department, ended by it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tests.accounts.rights import account, local_administrator
from tests.accounts.test_rights_doors import browser, text
from tests.subjects.test_verification import AT, city_people, damages
from tests.subjects.verified import proof
from xinheng.accounts.models import AccountNotice
from xinheng.law.decision import Refused
from xinheng.law.pack import Pack
from xinheng.ledger import selectors as ledger
from xinheng.lib import clock
from xinheng.lib.errors import BadInput, Conflict, NotAllowed, NotFound, RefusedByLaw
from xinheng.subjects import selectors, services
from xinheng.subjects.models import UnlinkRequest
from xinheng.subjects.rules import Capacity, Way, way_to_end
from xinheng.subjects.selectors.links import links_of
from xinheng.ui import city

__all__ = ["city_people"]
BEFORE = AT - timedelta(hours=20)


@pytest.mark.req("SUB-1", kind="rule")
@pytest.mark.parametrize("capacity", list(Capacity))
@pytest.mark.parametrize("mine", [True, False])
@pytest.mark.parametrize("own", [True, False])
def test_who_ends_which_link_how(capacity: Capacity, mine: bool, own: bool) -> None:
    verdict = way_to_end(capacity, mine=mine, own=own)
    if mine:
        expected = "link_own_self" if capacity == "self" else "at_once"
    elif own:
        expected = "at_once" if capacity == "agent" else "asked"
    else:
        expected = "link_not_yours"
    assert (verdict.reason if isinstance(verdict, Refused) else verdict.value) == expected


def own(username: str) -> int:
    number = selectors.own_subject(account(username).id)
    assert number is not None
    return number


def link(username: str, subject: int, capacity: Capacity) -> int:
    """Let an account stand for a subject: the number of the link."""
    holder = account(username).id
    verified = proof(subject, BEFORE)
    services.link_account(subject_id=subject, account_id=holder, capacity=capacity, verified=verified, at=BEFORE)
    return next(one.number for one in links_of(subject) if one.account_id == holder and not one.over)


def running(subject: int) -> set[str]:
    """Who of the three stands for a subject; the demo's agent is left out."""
    names = {account(name).id: name for name in ("qiye", "gongmin", "getihu")}
    return {names[one.account_id] for one in links_of(subject) if not one.over and one.account_id in names}


@pytest.mark.req("SUB-1", "INV-3", "QRY-2", kind="journey")
@pytest.mark.django_db
def test_a_firm_takes_its_agent_off_at_once_and_the_agent_is_told(city_people: Pack) -> None:
    firm = own("qiye")
    number = link("gongmin", firm, Capacity.AGENT)
    client = browser("qiye")
    page = text(client.get("/my/standing"))
    assert "代理人" in page and "不再委托，当场解除" in page
    empty = client.post("/my/standing", {"which": str(number), "reason": ""})
    assert empty.status_code == 422 and 'aria-invalid="true"' in text(empty)
    assert running(firm) == {"qiye", "gongmin"}
    assert client.post("/my/standing", {"which": str(number), "reason": "合同到期"}).status_code == 302
    assert running(firm) == {"qiye"}
    body = ledger.entries(act="subject.unlinked")[0].body
    assert body and body["actor"] == f"account:{account('qiye').id}"
    assert body["ground"] == {"ground": "by_subject", "reason": "合同到期"}
    assert damages() == []
    assert "以前能看的" in text(client.get("/my/standing"))
    again = client.post("/my/standing", {"which": str(number), "reason": "再来"})
    assert again.status_code == 422 and "已经解除" in text(again)
    told = AccountNotice.objects.get()
    assert (told.account_id, told.what, told.by) == (account("gongmin").id, "link.ended", "")
    shown = text(browser("gongmin").get("/account/notices"))
    assert "您的账号不再能看这份档案" in shown and "合同到期" in shown and "档案的本人或者单位" in shown


@pytest.mark.req("SUB-1", "INV-3", kind="journey")
@pytest.mark.django_db
def test_the_end_of_a_representative_is_asked_for_and_an_administrator_ends_it(city_people: Pack) -> None:
    firm = own("qiye")
    number = link("gongmin", firm, Capacity.REPRESENTATIVE)
    client, keeper = browser("qiye"), browser("fgw.admin")
    assert "不再代表，要求解除" in text(client.get("/my/standing"))
    assert client.post("/my/standing", {"which": str(number), "reason": "已经换人"}).status_code == 302
    assert running(firm) == {"qiye", "gongmin"}  # nothing ended yet
    assert "正等主管部门核对" in text(client.get("/my/standing"))
    assert "同样的要求已经提出" in text(client.post("/my/standing", {"which": str(number), "reason": "再提"}))
    assert "1件解除关联的要求等您核对" in text(keeper.get("/desk"))
    page = text(keeper.get("/desk/links"))
    assert "已经换人" in page and "gongmin" in page and account("gongmin").display_name not in page
    sent = {"act": "end", "which": str(number), "account": str(account("gongmin").id)}
    wrong = keeper.post("/desk/links", {**sent, "reason": ""})
    assert wrong.status_code == 422 and "请填写“理由”" in text(wrong)
    assert keeper.post("/desk/links", {**sent, "reason": "登记已变更"}).status_code == 302
    assert running(firm) == {"qiye"}
    body = ledger.entries(act="subject.unlinked")[0].body
    assert body and body["org"] == "fgw" and body["ground"] == {"ground": "by_administrator", "reason": "登记已变更"}
    asked = UnlinkRequest.objects.get()
    assert (asked.decided_by, asked.refusal) == (account("fgw.admin").id, "")
    assert "没有等您核对的" in text(keeper.get("/desk/links"))
    assert damages() == []
    assert "的管理员" in text(browser("gongmin").get("/account/notices"))
    assert browser("gongmin").get("/my/file").status_code == 200  # the own file stays open
    with pytest.raises(IntegrityError), transaction.atomic():
        UnlinkRequest.objects.update(decided_by=None)


@pytest.mark.req("SUB-1", "ACC-1", kind="refusal")
@pytest.mark.django_db
def test_a_request_is_refused_with_a_reason_an_entry_and_word_to_who_asked(city_people: Pack) -> None:
    person = own("gongmin")
    number = link("qiye", person, Capacity.GUARDIAN)
    services.end_or_ask(link=number, reason="我已成年", by=account("gongmin"), at=AT)
    asked, keeper = UnlinkRequest.objects.get(), browser("fgw.admin2")
    page = text(keeper.get("/desk/links"))
    assert "个人（不显示姓名）" in page and selectors.display_name(person) not in page
    sent = {"act": "keep", "which": str(asked.id)}
    assert keeper.post("/desk/links", {**sent, "reason": " "}).status_code == 422
    assert keeper.post("/desk/links", {**sent, "reason": "判决还有效"}).status_code == 302
    assert running(person) == {"gongmin", "qiye"}
    entry = ledger.entries(act="unlink.refused")[0]
    assert entry.body and entry.body["ground"] == {"reason": "判决还有效"}
    assert "判决还有效" in text(browser("gongmin").get("/account/notices"))
    assert AccountNotice.objects.get().about == ""  # never a person's name
    assert keeper.post("/desk/links", {**sent, "reason": "再来"}).status_code == 422
    services.end_or_ask(link=number, reason="新判决", by=account("gongmin"), at=AT)  # may ask anew
    assert damages() == []


@pytest.mark.req("SUB-1", kind="rule")
@pytest.mark.django_db
def test_who_stands_for_another_lays_it_down_and_nobody_ends_the_own_file_here(city_people: Pack) -> None:
    firm, person = own("qiye"), own("gongmin")
    number = link("gongmin", firm, Capacity.AGENT)
    mine = text(browser("gongmin").get("/my/standing"))
    assert "我不再代表，当场解除" in mine and account("qiye").display_name not in mine  # an agent sees its own link
    assert services.end_or_ask(link=number, reason="辞去", by=account("gongmin"), at=AT) is Way.AT_ONCE
    assert not AccountNotice.objects.exists()
    [itself] = [one.number for one in links_of(person)]
    with pytest.raises(NotAllowed, match="link_own_self"):
        services.end_or_ask(link=itself, reason="x", by=account("gongmin"), at=AT)
    with pytest.raises(BadInput, match="link_without_reason"):
        services.end_or_ask(link=link("gongmin", firm, Capacity.AGENT), reason=" ", by=account("gongmin"), at=AT)
    assert damages() == []


@pytest.mark.req("SUB-1", "INV-3", "ORG-1", kind="refusal")
@pytest.mark.django_db
def test_outsiders_end_nothing_and_see_no_link(city_people: Pack) -> None:
    firm = own("qiye")
    number, mine = link("gongmin", firm, Capacity.AGENT), links_of(firm)[0].number
    with pytest.raises(NotFound, match="link_unknown"):
        services.end_or_ask(link=number, reason="x", by=account("getihu"), at=AT)
    with pytest.raises(NotAllowed, match="link_not_yours"):
        services.end_or_ask(link=mine, reason="x", by=account("gongmin"), at=AT)
    local_administrator("zjj.admin", "zjj")
    said: dict[str, Any] = {"reason": "x", "pack": city.pack(), "at": AT}
    with pytest.raises(RefusedByLaw, match="link_by_competent_only"):
        services.end_link(account_id=account("gongmin").id, link=number, by=account("zjj.admin"), **said)
    with pytest.raises(NotFound, match="link_unknown"):
        services.end_link(account_id=account("getihu").id, link=number, by=account("fgw.admin"), **said)
    for username in ("zjj.admin", "scjgj.querier", "fgw.auditor", "fgw.operator", "qiye"):
        for answer in (browser(username).get("/desk/links"), browser(username).post("/desk/links", {"act": "end"})):
            assert answer.status_code == 403 and "gongmin" not in text(answer)
    assert Client().get("/desk/links").status_code == Client().get("/my/standing").status_code == 302
    assert browser("fgw.admin").get("/my/standing").status_code == 403
    assert running(firm) == {"qiye", "gongmin"}
    services.end_link(account_id=account("gongmin").id, link=number, by=account("fgw.admin"), **said)
    with pytest.raises(Conflict, match="link_ended"):
        services.end_link(account_id=account("gongmin").id, link=number, by=account("fgw.admin"), **said)


@pytest.mark.req("SUB-1", "INV-3", kind="rule")
@pytest.mark.django_db
def test_links_are_looked_up_by_a_whole_user_name_or_code_and_never_by_a_person(city_people: Pack) -> None:
    person, keeper = own("gongmin"), browser("fgw.admin")
    code = selectors.facts(own("qiye")).code
    assert "qiye" in text(keeper.get("/desk/links", {"q": code}))
    assert "个人（不显示姓名）" in text(keeper.get("/desk/links", {"q": "GongMin"}))
    for words in (selectors.display_name(person), selectors.identifier_of(person), "gong", "x" * 64):
        found = text(keeper.get("/desk/links", {"q": words}))
        assert "没有关联" in found and "个人（不显示姓名）" not in found
    assert keeper.get("/desk/links", {"q": ""}).status_code == 422
    assert keeper.get("/desk/links", {"q": "\0"}).status_code in (200, 422)
    number = links_of(person)[0].number
    sent = {"act": "unlink", "which": str(number), "account": str(account("gongmin").id), "reason": "关联错了"}
    assert keeper.post("/desk/links?q=gongmin", sent).status_code == 302
    assert browser("gongmin").get("/my/file").status_code in (200, 404)
    assert selectors.own_subject(account("gongmin").id) is None
    assert not selectors.standings(account("gongmin").id, clock.now())


@pytest.mark.parametrize("path", ["/my/standing", "/desk/links", "/desk/links?q=qiye", "/account/notices"])
@pytest.mark.django_db
def test_the_pages_speak_english_and_escape(city_people: Pack, path: str) -> None:
    from tests.architecture.test_pages import CHINESE, read

    number = link("gongmin", own("qiye"), Capacity.REPRESENTATIVE)
    services.end_or_ask(link=number, reason="<b>x</b>", by=account("qiye"), at=AT)
    answer = browser("fgw.admin" if "desk" in path else "qiye", "en").get(path)
    page = read(text(answer))
    assert (answer.status_code, page.wrong, page.headings) == (200, [], 1)
    assert "<b>x" not in text(answer)
    shell = (account("fgw.admin").display_name, account("qiye").display_name)  # names are shown as they are written
    assert not [words for words in page.said if CHINESE.search(words) and not any(name in words for name in shell)]
