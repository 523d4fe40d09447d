"""Can a visitor read the whole catalog, compare its versions and take it away for a machine?"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator

from tests.architecture.test_pages import flaws
from tests.catalog.made import newer, with_versions
from tests.world import World
from xinheng.catalog import rules
from xinheng.law import lookup
from xinheng.law.dcat import Addresses
from xinheng.law.enums import Attribute, ChannelName, Level, ReleaseWord
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack
from xinheng.ui import city

pytestmark = pytest.mark.django_db


def page(path: str, language: str = "zh-hans") -> str:
    client = Client()
    client.cookies["xinheng_language"] = language
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.fixture
def as_law(monkeypatch: pytest.MonkeyPatch, pack: Pack) -> Callable[..., Pack]:
    """Let the pages read a pack in which CF has these versions."""

    def use(*versions: ItemVersion, **changes: Any) -> Pack:
        made = replace(with_versions(pack, *versions) if versions else pack, **changes)
        monkeypatch.setattr(city, "pack", lambda: made)
        return made

    return use


@pytest.mark.req("CAT-1", "CAT-2", "PUB-2", "ZY-32", "SP-8", kind="journey")
def test_a_visitor_finds_every_item_in_force_under_its_level(law_city: Pack) -> None:
    text = page("/catalog")
    national = text.split('id="level-national"')[1].split('id="level-provincial"')[0]
    for item in law_city.items.values():
        in_force = item.on(city.today())
        if in_force is not None and in_force.state == "on" and item.level is Level.NATIONAL:
            assert f'href="/catalog/{item.code}"' in national
            assert item.label.zh in national


@pytest.mark.req("CAT-1", "ZY-32", "SP-8", kind="refusal")
def test_a_city_whose_law_has_no_city_catalog_says_so_with_the_article(law_city: Pack) -> None:
    own = page("/catalog").split('id="level-city"')[1].split("</section>")[0]
    known = Level.CITY in law_city.catalog_levels
    assert ("本市法规没有设立这一级目录" in own) is not known
    if not known:
        assert "《条例》第八条" in own
        assert "no catalog of this level" in page("/catalog", "en")


@pytest.mark.req("CAT-2", "ZY-32", "SP-8", kind="journey")
def test_the_page_of_an_item_names_every_attribute_and_every_field(law_city: Pack) -> None:
    version = law_city.items["CF"].versions[-1]
    text = page("/catalog/CF")
    words = ("行为或事项", "依据", "公开属性", "共享范围", "提供单位", "报送渠道", "更新频率", "归集的主体", "保存期限")
    for word in (*words, "公示多久", "目的", "同意", "条文", *version.basis, version.conduct.zh):
        assert word in text, word
    for field in version.fields:
        row = text.split(f'id="{field.code}"')[1].split("</tr>")[0]
        assert field.label.zh in row
        for channel, word in field.disclosure.items():
            place = list(ChannelName).index(channel)
            said = row.split("xh-rel--")[place + 1]
            assert said.startswith(word.value)
            assert {"full": "全部显示", "masked": "遮盖显示", "withheld": "不显示"}[word] in said
        for value in field.enum.values if field.enum else ():
            assert f">{value.value}</li>" in row


@pytest.mark.req("CAT-2", "QRY-1", "ZY-32", "ZY-34", kind="journey")
def test_the_page_of_an_item_names_the_matters_that_reach_it_and_its_sources(law_city: Pack) -> None:
    for code, item in law_city.items.items():
        shown = rules.present(item, city.today())
        row = page(f"/catalog/{code}").split("可以查询的事项</dt><dd>")[1].split("</dd>")[0]
        linked = {m.label.zh for m in lookup.matters(law_city, city.today()) if code in m.items}
        named = {law_city.matters[one].values[-1].label.zh for one in shown.matters}
        told = {one.split("</li>")[0] for one in row.split("<li>")[1:]}
        assert told == linked | named and ("没有" in row) is not bool(told), code


@pytest.mark.req("CAT-1", "CAT-3", "ZY-32", kind="refusal")
def test_the_day_of_a_draft_is_a_proposal(law_city: Pack) -> None:
    for item in law_city.items.values():
        if item.draft is not None:
            path = f"/catalog/{item.code}/{item.draft.version}"
            assert "拟自" in page(path) and "不能据以归集" in page(path)


@pytest.mark.req("CAT-2", "PUB-2", "ZY-32", kind="journey")
def test_the_list_of_what_is_public_leads_to_its_item_and_back(law_city: Pack) -> None:
    assert 'href="/catalog/CF"' in page("/publicity/CF")
    assert 'href="/publicity/CF"' in page("/catalog/CF")
    for place in ("/law", "/service", "/"):
        assert 'href="/catalog"' in page(place), place


@pytest.mark.req("CAT-2", "ZY-32", kind="journey")
def test_two_versions_are_compared_with_disclosure_first(as_law: Callable[..., Pack], pack: Pack) -> None:
    old = pack.items["CF"].versions[0]
    field = old.by_code["CF_GSJZQ"]
    shown = replace(field, disclosure={**field.disclosure, ChannelName.PUBLIC: ReleaseWord.FULL})
    short = replace(old.by_code["CF_NR"], length=100)
    fields = tuple({"CF_GSJZQ": shown, "CF_NR": short}.get(f.code, f) for f in old.fields)
    as_law(newer(old, fields=fields, sharing=("government", "authorised"), publicity=Attribute.BY_MATTER))
    text = page("/catalog/CF/compare?from=2018-07-01&to=2027-03-01")
    first = text.split('id="first"')[1].split("</section>")[0]
    assert first.count("公开范围扩大") == 3  # the count and two rows
    assert "2处" in first and "公示截止期" in first and "谁能看到：社会公众" in first
    assert first.index("公开范围扩大") < first.index("公开范围缩小")
    assert "旧文件可能报不上" in text.split('id="fields"')[1]
    english = page("/catalog/CF/compare?from=2018-07-01&to=2027-03-01", "en")
    assert "Widens disclosure" in english and "Old files may fail" in english
    back = page("/catalog/CF/compare?from=2027-03-01&to=2018-07-01")
    assert back.split('id="first"')[1].split("</section>")[0].count("公开范围缩小") == 3


@pytest.mark.req("CAT-1", "CAT-2", "ZY-32", kind="refusal")
@pytest.mark.parametrize("state", ["draft", "off"])
def test_a_draft_is_never_shown_as_in_force(as_law: Callable[..., Pack], pack: Pack, state: str) -> None:
    only = replace(pack.items["CF"].versions[0], state=state)
    as_law(only)
    text = page("/catalog")
    in_force = text.split('id="level-national"')[1].split('id="others"')[0]
    assert "行政处罚信息" not in in_force and "行政许可信息" in in_force
    apart = text.split('id="others"')[1].split("</section>")[0]
    assert {"draft": "草案，未经批准", "off": "停用"}[state] in apart
    own = page("/catalog/CF")
    assert "不能据以归集" in own and "看正在公示的" not in own
    listed = json.loads(page("/catalog.json"))["items"]
    assert [one["standing"] for one in listed if one["item"] == "CF"] == [state]
    assert "CF" not in page("/catalog/dcat.jsonld").replace("UTF", "")


@pytest.mark.req("CAT-2", "ZY-32", kind="rule")
def test_what_is_to_come_and_what_has_ended_stands_apart(as_law: Callable[..., Pack], pack: Pack) -> None:
    old = pack.items["CF"].versions[0]
    as_law(newer(old))
    apart = page("/catalog").split('id="others"')[1]
    assert "尚未施行" in apart and "2027年3月1日起" in apart
    assert "2027年3月1日起不再施行" in page("/catalog/CF")
    ended = replace(old, until=date(2026, 1, 1))
    as_law(ended)
    assert "已不再施行" in page("/catalog").split('id="others"')[1]


@pytest.mark.req("CAT-2", "SP-8", kind="refusal")
@pytest.mark.parametrize(
    "path",
    [
        "/catalog/NOPE",
        "/catalog/NOPE/compare",
        "/catalog/CF/2018-07-02",
        "/catalog/CF/620102199001011234",
        "/catalog/CF/compare?from=2018-07-01&to=1999-01-01",
        "/catalog/NOPE/2018-07-01",
    ],
)
@pytest.mark.parametrize(("language", "help_"), [("zh-hans", "可以这样做"), ("en", "What you can do")])
def test_an_unknown_item_or_version_is_404_with_help(path: str, language: str, help_: str) -> None:
    client = Client()
    client.cookies["xinheng_language"] = language
    answer = client.get(path)
    text = answer.content.decode()
    assert answer.status_code == 404
    assert help_ in text and {"zh-hans": "信用信息目录", "en": "Catalog of credit information"}[language] in text
    assert "620102199001011234" not in text


def test_an_unknown_schema_is_an_error_for_machines() -> None:
    answer = Client().get("/catalog/CF/1999-01-01/schema.json")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "catalog_version_unknown"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_of_several_versions_are_whole_in_both_languages(
    as_law: Callable[..., Pack], pack: Pack, language: str
) -> None:
    from tests.law.test_comparing import FIELD_CASES, LAW_CASES

    world = World(pack=pack, people=())
    old = pack.items["CF"].versions[0]
    versions = [replace(new, from_=date(2027, 3, 1), version="2027-03-01") for new, *_ in LAW_CASES]
    for code, changes, *_ in FIELD_CASES:
        fields = tuple(replace(f, **changes) if f.code == code else f for f in old.fields)
        versions.append(newer(old, fields=fields))
    for new in (*versions, newer(old, fields=old.fields[1:]), newer(old, fields=tuple(reversed(old.fields)))):
        as_law(old, new)
        for path in ("/catalog", "/catalog/CF/2027-03-01", "/catalog/CF/compare?from=2018-07-01&to=2027-03-01"):
            assert flaws(page(path, language), language, world) == [], path


def test_fields_that_only_got_another_number_are_named_in_one_line(as_law: Callable[..., Pack], pack: Pack) -> None:
    old = pack.items["CF"].versions[0]
    as_law(newer(old, fields=tuple(replace(field, n=field.n + 1) for field in old.fields)))
    text = page("/catalog/CF/compare")
    assert "只有序号变了的：" in text and text.count("<h3") == 0


def test_one_version_or_the_same_twice_has_nothing_to_compare(as_law: Callable[..., Pack], pack: Pack) -> None:
    old = pack.items["CF"].versions[0]
    as_law(old)
    assert "只有一个版本" in page("/catalog/CF/compare")
    as_law(newer(old))
    assert "两个版本没有不同" in page("/catalog/CF/compare?from=2018-07-01&to=2018-07-01")


@pytest.mark.req("CAT-2", "IOP-1", "PUB-2", "ZY-32", "SP-8", kind="journey")
def test_machines_get_schema_list_and_dcat_with_addresses_that_answer(law_city: Pack) -> None:
    client = Client()
    listed = client.get("/catalog.json").json()
    assert listed["law"] == law_city.label
    assert [one["item"] for one in listed["items"]] == [
        v.code for c in sorted(law_city.items) for v in law_city.items[c].written
    ]
    for one in listed["items"]:
        assert client.get(one["page"]).status_code == 200
        schema = client.get(one["schema"])
        assert schema.headers["Content-Type"].startswith("application/schema+json")
        Draft202012Validator.check_schema(schema.json())
        assert schema.json()["$id"] == f"http://testserver{one['schema']}"
    answer = client.get("/catalog/dcat.jsonld")
    assert answer.headers["Content-Type"].startswith("application/ld+json")
    for dataset in answer.json()["dcat:dataset"]:
        addresses = [dataset["@id"], dataset["dct:conformsTo"]["@id"]]
        for offered in dataset.get("dcat:distribution", []):
            addresses += [offered["dcat:accessURL"]["@id"], offered["dcat:downloadURL"]["@id"]]
        for address in addresses:
            assert client.get(address.removeprefix("http://testserver")).status_code == 200, address


def test_the_addresses_of_the_description_are_those_of_the_pages(pack: Pack) -> None:
    version = pack.items["CF"].versions[0]
    at = Addresses()
    assert at.catalog() == reverse("catalog:catalog")
    assert at.dataset(version) == reverse("catalog:version", args=["CF", version.version])
    assert at.schema(version) == reverse("catalog:schema", args=["CF", version.version])
    assert at.page(version) == reverse("portal:publicity", args=["CF"])
    assert at.export(version, "csv") == reverse("portal:publicity_export", args=["CF", "csv"])
