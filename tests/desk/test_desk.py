"""The start page of each role, and the list of accounts."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.disclosure.city import City
from tests.disclosure.conftest import bureau, city, officers, send
from tests.disclosure.test_doors import as_user, text_of
from tests.records.conftest import Send
from tests.records.rows import COMPANY, row
from xinheng.desk.rules import Task, ordered, waiting

__all__ = ["bureau", "city", "officers", "send"]
pytestmark = pytest.mark.django_db

SAYS = {
    "scjgj.collector": "上一批",
    "scjgj.reviewer": "没有等复核的行",
    "ggzy.querier": "您单位可以查的事项",
    "fgw.auditor": "披露日志",
    "fgw.supervisor": "披露日志",
    "fgw.admin": "账号和岗位",
    "fgw.operator": "条等封账",
}


@pytest.mark.req("ORG-1", "ACC-1", kind="journey")
@pytest.mark.parametrize("username", SAYS)
def test_each_role_reads_what_it_can_do_now(city: City, username: str) -> None:
    page = as_user(username).get("/desk")
    assert page.status_code == 200
    assert SAYS[username] in text_of(page)


@pytest.mark.req("ORG-1", kind="journey")
def test_what_waits_is_said_first(city: City, send: Send) -> None:
    send(row(1, COMPANY, CF_NR="罚款九万元", CF_NR_FK="9"))
    said = text_of(as_user("scjgj.reviewer").get("/desk"))
    assert "有1件事等您" in said
    assert "1行等您复核" in said


@pytest.mark.req("ORG-1", "INV-3", kind="refusal")
def test_outsiders_see_no_desk(city: City) -> None:
    assert Client().get("/desk").status_code == 302
    assert as_user("gongmin").get("/desk").status_code == 403
    assert as_user("gongmin").get("/desk/accounts").status_code == 403
    assert as_user("scjgj.collector").get("/desk/accounts").status_code == 403


@pytest.mark.req("ORG-1", "ACC-1", kind="journey")
def test_the_administrator_reads_accounts_and_roles(city: City) -> None:
    said = text_of(as_user("fgw.admin").get("/desk/accounts"))
    assert "scjgj.reviewer" in said
    assert "复核员" in said


def test_tasks_stand_in_the_order_of_urgency() -> None:
    some = [Task("a", "", "", "", 0), Task("b", "", "", ""), Task("c", "", "", "", 2)]
    assert [task.name for task in ordered(some)] == ["c", "b", "a"]
    assert waiting(some) == 2
