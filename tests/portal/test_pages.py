"""The public pages, under each law, through the client."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from tests.world import World, filled
from xinheng.law.pack import Pack
from xinheng.ledger import selectors as ledger


@pytest.fixture
def city(law_city: Pack) -> World:
    """A filled city under each law in turn."""
    return filled(law_city)


def enterprises(world: World) -> list[Mapping[str, Any]]:
    """The organisations of the demo."""
    return list(world.pack.demo["enterprises"])  # type: ignore[arg-type]


def without(page: str, words: str) -> str:
    """A page without the words that the visitor typed, as text and in the address to come back to."""
    return page.replace(words, "…").replace(quote(words), "…")


def persons(world: World) -> list[Mapping[str, Any]]:
    """The persons of the demo."""
    return list(world.pack.demo["persons"])  # type: ignore[arg-type]


@pytest.mark.req("PUB-2", "PUB-1", kind="journey")
def test_home_shows_the_latest_of_both_lists_and_the_clocks_of_this_law(city: World, client: Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert page.context["columns"][0]["list"].rows and page.context["columns"][1]["list"].rows
    assert [one["item"].code for one in page.context["columns"]] == ["XK", "CF"]
    names = [one.name for one in page.context["promises"]]
    assert "objection.decide" in names
    assert ("objection.mark" in names) == ("objection.mark" in city.pack.deadlines)


@pytest.mark.req("QRY-4", kind="journey")
def test_a_name_leads_to_an_address_and_to_the_organisations_page(city: World, client: Client) -> None:
    listed = client.get("/publicity/CF").context["rows"][0]
    name, code = listed.subject_name, listed.subject_code
    sent = client.post("/search", {"q": name})
    assert sent.status_code == 302 and sent.headers["Location"].startswith("/search?q=")
    found = client.get(sent.headers["Location"])
    assert f'href="/subjects/{code}"' in found.text
    page = client.get(f"/subjects/{code}")
    assert page.status_code == 200 and name in page.text and "这页不打分" in page.text
    straight = client.post("/search", {"q": f" {code.lower()} "})
    assert straight.headers["Location"] == f"/subjects/{code}"


@pytest.mark.req("INV-4", "QRY-4", "ZY-47", "SP-12", kind="refusal")
def test_a_search_for_a_person_answers_the_same_whether_or_not_a_file_exists(city: World) -> None:
    person = persons(city)[0]
    number, name = str(person["id_number"]), str(person["name"])
    other = "622201199901010013"
    on_file, unknown = Client().post("/search", {"q": number}), Client().post("/search", {"q": other})
    assert on_file.status_code == unknown.status_code == 200
    assert on_file.content == unknown.content
    assert number not in on_file.text and other not in unknown.text
    by_name, by_other = Client().get("/search", {"q": name}), Client().get("/search", {"q": "欧阳不存"})
    assert by_name.status_code == by_other.status_code
    assert without(by_name.text, name) == without(by_other.text, "欧阳不存")
    page, none = Client().get(f"/subjects/{number}"), Client().get(f"/subjects/{other}")
    assert page.status_code == none.status_code == 200
    assert page.content == none.content


@pytest.mark.req("INV-4", kind="refusal")
def test_a_persons_number_never_stands_on_a_page_even_in_hidden_fields(world: World, client: Client) -> None:
    number = str(persons(world)[0]["id_number"])
    for address in (f"/subjects/{number}", f"/search?q={number}", f"/subjects/{number}/export.csv"):
        assert number not in client.get(address).text, address


@pytest.mark.req("QRY-4", "INV-4", kind="refusal")
def test_an_unknown_code_shows_nothing_and_says_that_this_is_no_evaluation(world: World, client: Client) -> None:
    page = client.get("/subjects/91620799MA0K3X7P28")
    assert page.status_code == 200
    assert "查询期内无相关信息" in page.text and "没有信息不等于评价" in page.text
    assert client.get("/subjects/91620799MA0K3X7P28/export.json").status_code == 404


@pytest.mark.req("PUB-1", kind="journey")
def test_a_penalty_shows_its_dates_on_the_scale_and_a_licence_its_term(city: World, client: Client) -> None:
    columns = client.get("/").context["columns"]
    row = columns[1]["list"].rows[0]
    page = client.get(f"/subjects/{row.subject_code}").text
    assert "xh-scale__now" in page and "到期自动停止" in page and "公示开始" in page
    licence = columns[0]["list"].rows[0]
    assert "有效期至" in client.get(f"/subjects/{licence.subject_code}").text


@pytest.mark.req("PUB-2", kind="journey")
@pytest.mark.parametrize("item", ["CF", "XK"])
def test_a_list_cut_by_key_shows_every_row_once(
    world: World, client: Client, item: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xinheng.portal import views

    monkeypatch.setattr(views, "PAGE", 3)
    seen: list[int] = []
    address = f"/publicity/{item}"
    for _ in range(200):
        page = client.get(address)
        seen += [row.record.record_id for row in page.context["rows"]]
        if not page.context["page"].next_key:
            break
        address = f"/publicity/{item}?after={page.context['page'].next_key}"
    assert len(seen) == len(set(seen)) == client.get(f"/publicity/{item}").context["total"]


@pytest.mark.req("PUB-2", kind="refusal")
def test_an_unreadable_key_or_an_unknown_list_is_refused(world: World, client: Client) -> None:
    assert client.get("/publicity/CF?after=7").status_code == 422
    assert client.get("/publicity/ZZ").status_code == 404
    assert client.get("/publicity/CF/export.xml").status_code == 404


@pytest.mark.req("PUB-2", "INV-3", kind="refusal")
def test_exports_leave_representatives_out(world: World, client: Client) -> None:
    company = next(one for one in enterprises(world) if one.get("representative"))
    page = client.get(f"/subjects/{company['code']}")
    assert str(company["name"]["zh"]) in page.text
    for form, kind in (("csv", "text/csv"), ("json", "application/json")):
        answer = client.get(f"/subjects/{company['code']}/export.{form}")
        assert answer.status_code == 200 and answer.headers["Content-Type"].startswith(kind)
        assert f'filename="{company["code"]}.{form}"' in answer.headers["Content-Disposition"]
        assert str(company["representative"]) not in answer.text
    assert json.loads(client.get("/publicity/CF/export.json").text)


@pytest.mark.req("PUB-2", kind="journey")
def test_every_article_has_its_place_on_the_law_page(city: World, client: Client) -> None:
    page = client.get("/law").text
    for article in city.pack.articles.values():
        assert f'id="{article.id}"' in page, article.id
        assert article.summary.zh in page.replace("&quot;", '"').replace("&#x27;", "'"), article.id
    for notice in city.pack.notices:
        assert notice.zh in page


@pytest.mark.req("INV-8", kind="journey")
def test_the_newest_checkpoint_and_the_key_can_be_taken_home(world: World, client: Client) -> None:
    newest = ledger.latest_checkpoint()
    assert newest is not None
    assert client.get("/ledger/checkpoint").text == newest.note
    assert client.get("/ledger/key.vkey").text.strip() == ledger.vkey()
    page = client.get("/ledger").text
    assert str(newest.size) in page and ledger.vkey() in page


def test_without_a_checkpoint_the_ledger_page_says_so(db: None, client: Client) -> None:
    assert "还没有封过账" in client.get("/ledger").text
    assert client.get("/ledger/checkpoint").status_code == 404


@pytest.mark.req("SEC-1", kind="journey")
def test_the_promises_are_the_clocks_of_the_law_with_their_articles(city: World, client: Client) -> None:
    page = client.get("/service")
    for one in page.context["promises"]:
        assert one.value.article and f"/law#{one.value.article.split('(')[0]}" in page.text
    windows = city.pack.presentation["windows"]
    assert str(windows[0]["name"]["zh"]) in page.text  # type: ignore[index,call-overload]


def test_only_reading_is_possible(db: None, client: Client) -> None:
    for address in ("/", "/law", "/ledger", "/service", "/publicity/CF", "/subjects/x"):
        assert client.post(address).status_code in {403, 405}, address
