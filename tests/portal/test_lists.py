"""Are the lists on the page the lists of the law, with what is switched off and why?"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.law.packs import FILES, write
from xinheng.law import lookup
from xinheng.law.citation import cite
from xinheng.law.lists import Side
from xinheng.law.loader import load
from xinheng.law.pack import Pack
from xinheng.portal.rules import categories, conducts, fields, lists, written

DAY = date(2026, 11, 20)


def text_of(page: Any) -> str:
    """The words of a page, without tags and blanks."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]*>", "", page.text))


@pytest.mark.req("PUN-1", "PUN-2", "INC-1", "PUB-2", "ZY-38", "ZY-39", "ZY-40", "SP-20", "SP-21", kind="journey")
def test_every_row_stands_on_the_page_with_its_article_and_none_twice(law_city: Pack, client: Client) -> None:
    page = client.get("/lists")
    assert page.status_code == 200
    shown = [(row.content, row.article, True) for one in page.context["lists"] for row in one.rows]
    shown += [(row.content, row.article, False) for one in page.context["lists"] for _, rows in one.off for row in rows]
    in_law = [(row.content, row.article, True) for row in lookup.measures(law_city, DAY)]
    in_law += [(row.content, row.article, False) for row in lookup.measures(law_city, DAY, off=True)]
    assert sorted(shown, key=str) == sorted(in_law, key=str)
    words = text_of(page)
    for content, article, _ in in_law:
        assert content.zh.replace(" ", "") in words
        assert cite(law_city, article) in words


@pytest.mark.req("PUN-1", "SER-1", "ZY-41", "ZY-42", "SP-22", kind="journey")
def test_what_is_off_says_why_below_what_is_in_force(law_city: Pack, client: Client) -> None:
    page = text_of(client.get("/lists"))
    for row in lookup.measures(law_city, DAY, off=True):
        assert row.why_off is not None and row.why_off.zh in page
    for category in (*lookup.severe_categories(law_city, DAY), *lookup.severe_categories(law_city, DAY, off=True)):
        assert category.label.zh in page
        for element in category.elements:
            assert element.label.zh in page
    on = lookup.measures(law_city, DAY, side=Side.INCENTIVE)[-1]
    off = lookup.measures(law_city, DAY, side=Side.INCENTIVE, off=True)[0]
    assert page.index(on.content.zh.replace(" ", "")) < page.index(off.content.zh.replace(" ", ""))


@pytest.mark.req("PUN-2", "SP-21", "SP-22", kind="refusal")
def test_a_city_without_measures_for_serious_dishonesty_says_so(law_city: Pack, client: Client) -> None:
    said = "本市条例没有为严重失信另设措施。" in client.get("/lists").text
    assert said is (law_city.id == "siping")


def test_the_page_is_complete_in_english(law_city: Pack, client: Client, settings: Any) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get("/lists").text
    main = re.sub(r"<[^>]*>", "", page[page.index("<main") : page.index("</main")])
    assert "What counts as serious dishonesty" in main and "Switched off" in main
    assert re.findall("[\u4e00-\u9fff]+", main) == []


@pytest.mark.req("SER-1", "ZY-41", "SP-22", kind="journey")
def test_every_field_and_every_conduct_stands_on_the_page(law_city: Pack, client: Client) -> None:
    words = text_of(client.get("/lists"))
    for timeline in (*law_city.severe_fields.values(), *law_city.conducts.values()):
        assert timeline.values[-1].label.zh.replace(" ", "") in words
    assert "看“行政处罚信息”的记录" in words


def test_lists_are_reached_from_the_law_and_from_the_foot_of_every_page(law_city: Pack, client: Client) -> None:
    law = client.get("/law").text
    assert 'href="/lists"' in law[law.index("<main") : law.index("</main")]
    assert 'href="/lists"' in client.get("/").text


@pytest.mark.req("PUN-1", "SER-1", "ZY-40", "ZY-41", "SP-21", "SP-22", kind="journey")
def test_the_law_page_shows_rows_and_categories_under_the_articles_that_wrote_them(
    law_city: Pack, client: Client
) -> None:
    found = written(law_city)
    for timeline in (*law_city.measures.values(), *law_city.severe.values()):
        for value in timeline.values:
            article = lookup.article(law_city, value.article).id
            mine = [
                one
                for one in found[article]
                if (one.from_, one.until, one.off) == (value.from_, value.until, value.why_off)
            ]
            assert mine
    page = client.get("/law").text
    for row in lookup.measures(law_city, DAY, side=Side.PUNISHMENT):
        article = lookup.article(law_city, row.article).id
        assert row.content.zh in page.split(f'id="{article}"')[1].split("</article>")[0]
    assert "没有启用：" in page


@pytest.mark.req("PUN-2", kind="rule")
def test_a_row_says_organ_target_conduct_weight_duration_and_consent(pack: Pack) -> None:
    rows = {row.article: row for one in lists(pack, DAY) for row in one.rows}
    talk, bar, loan = rows["DC-32(4)"], rows["DC-34(5)"], rows["DC-25(6)"]
    assert [organ.zh for organ in bar.organs] == ["审判机关"]
    assert [organ.zh for organ in talk.organs] == ["国家机关", "法律、法规授权的组织"]
    assert talk.reaches == ("reaches.responsible_person",) and talk.weight == "weight.1"
    assert talk.targets == ("natural_person", "legal_person", "unincorporated", "individual_business")
    assert [one.zh for one in bar.conduct] == [pack.severe["refusal_of_duty"].values[0].label.zh]
    assert bar.statute == "DC-13" and bar.longest is not None and bar.served
    assert loan.consent_of == ("legal_person", "unincorporated", "individual_business")
    assert rows["DC-34(1)"].bar == "bar.mandatory" and not rows["DC-25(1)"].served


@pytest.mark.req("PUN-1", kind="rule")
def test_an_ended_and_a_future_value_are_not_in_force_on_the_page(pack: Pack) -> None:
    def longest(day: date) -> tuple[int, str]:
        row = next(row for one in lists(pack, day) for row in one.rows if row.article == "DC-32(3)")
        assert row.longest is not None
        return row.longest.count, row.weight

    assert (longest(date(2025, 12, 31)), longest(date(2026, 1, 1))) == ((3, "weight.3"), (2, "weight.2"))
    shown = {row.content.zh for one in lists(pack, DAY) for row in one.rows}
    assert "限制参加评先评优" not in shown
    assert "限制参加评先评优" in {row.content.zh for one in lists(pack, date(2027, 1, 1)) for row in one.rows}


@pytest.mark.req("SER-1", kind="rule")
def test_categories_show_their_fields_with_authority_basis_and_publication(pack: Pack) -> None:
    on, off = categories(pack, DAY)
    assert [one.article for one in on] == ["DC-33(1)", "DC-33(2)", "DC-33(3)"]
    assert [one.article for one in off] == ["DC-33(4)"] and off[0].founders
    local = next(field for field in on[0].fields if field.on)
    assert local.published and local.article == "DC-33" and local.authority.zh == "市场监管"
    assert all(field.why_off is not None for field in on[0].fields if not field.on)
    assert "step.publication_if_ordered" not in on[1].steps  # the one rule that founds its list orders none


def test_a_city_without_any_list_says_so(tmp_path: Path, law_city: Pack, client: Client, monkeypatch: Any) -> None:
    folder = write(tmp_path)
    for name in ("measures.yaml", "severe.yaml", "severe_fields.yaml", "conducts.yaml"):
        assert name in FILES
        (folder / name).unlink()
    empty = load("toytown", root=tmp_path)
    assert all(not one.own and not one.rows and not one.off for one in lists(empty, DAY))
    assert categories(empty, DAY) == ((), ())
    assert (fields(empty, DAY), conducts(empty, DAY)) == ((), ())
    for name, answer in {"lists": lists, "categories": categories, "fields": fields, "conducts": conducts}.items():
        monkeypatch.setattr(f"xinheng.portal.rules.{name}", lambda *_, answer=answer: answer(empty, DAY))
    page = client.get("/lists").text
    assert page.count("本市没有这份清单。") == 3 and "本市条例没有为严重失信另设措施。" in page
