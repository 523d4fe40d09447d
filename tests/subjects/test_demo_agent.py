"""The demo has an account for two files, so that everybody can see how one chooses whose file to look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client

from tests.accounts.rights import account
from tests.accounts.test_rights_doors import browser, text
from tests.subjects.test_verification import AT, city_people, damages
from xinheng.accounts.services import DEMO_PASSWORD, load_demo_accounts
from xinheng.demo.commands import _introduce
from xinheng.demo.fill import Filled
from xinheng.law.pack import Pack
from xinheng.lib.codes import check
from xinheng.subjects import selectors
from xinheng.subjects.services import link_demo_subjects
from xinheng.ui import city

__all__ = ["city_people"]
AGENT = "dailiren"


def agent_of(pack: Pack) -> Any:
    accounts: Any = pack.demo["accounts"]
    return next(one for one in accounts if one["username"] == AGENT)


def firm_of(pack: Pack) -> Mapping[str, Any]:
    firms: Any = pack.demo["enterprises"]
    [other] = agent_of(pack)["also"]
    return next(one for one in firms if one["code"] == other["subject"]["code"])


@pytest.mark.req("SUB-1", kind="rule")
def test_each_demo_city_has_an_agent_with_valid_codes_of_invented_people(law_pack: Pack) -> None:
    one, people = agent_of(law_pack), law_pack.demo["persons"]
    person: Any = next(p for p in people if p["key"] == one["subject"]["person"])  # type: ignore[union-attr, index, call-overload]
    assert (one["capacity"], one["also"][0]["capacity"]) == ("self", "agent")
    assert one["display_name"] == person["name"]
    assert check(person["id_number"]).valid and check(firm_of(law_pack)["code"]).valid


@pytest.mark.req("SUB-1", "QRY-2", "ZY-44", "SP-24", kind="journey")
@pytest.mark.django_db
def test_the_agent_of_the_demo_chooses_between_two_files(city_people: Pack) -> None:
    name, firm = agent_of(city_people)["display_name"], firm_of(city_people)["name"]["zh"]
    client = Client()
    assert client.post("/sign-in", {"username": AGENT, "password": DEMO_PASSWORD})["Location"] == "/my/file"
    assert name in text(client.get("/my/file")) and "换成另一个" in text(client.get("/my/file"))
    page = text(client.get("/my"))
    assert name in page and firm in page and "您的身份：代理人" in page
    number = next(one.subject_id for one in selectors.standings(account(AGENT).id, AT) if one.capacity.value == "agent")
    assert client.post("/my", {"subject": str(number)})["Location"] == "/my/file"
    shown = text(client.get("/my/file"))
    assert firm in shown and "代理人" in shown
    assert client.post("/my", {"subject": "999999999"}).status_code == 422  # nobody of theirs
    assert "不再委托，当场解除" in text(browser("qiye").get("/my/standing"))
    assert link_demo_subjects(pack=city_people, at=AT) == 4 and damages() == []


@pytest.mark.django_db
def test_the_list_of_accounts_says_for_whom_else_one_stands(
    city_people: Pack, capsys: pytest.CaptureFixture[str]
) -> None:
    people = load_demo_accounts(pack=city_people, at=AT)
    _introduce(city_people.name.zh, city_people.label, Filled(tuple(people), 0, 0))
    line = next(one for one in capsys.readouterr().out.splitlines() if AGENT in one)
    firm = firm_of(city_people)["name"]
    assert f"也是{firm['zh']}的代理人" in line
    told = {one[0]: one[2] for one in city.demo_accounts("en")}
    assert firm["en"] in told[AGENT] and told["gongmin"] == ""
    assert f"{firm['zh']}" in text(Client().get("/sign-in"))
