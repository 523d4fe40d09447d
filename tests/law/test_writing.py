"""An item written down and read again is the same item; a text that no pack could hold is refused in words."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from tests.conftest import PACKS, load_pack
from xinheng.law import writing
from xinheng.law.enums import Level
from xinheng.law.items import ItemVersion
from xinheng.law.loader import drafts
from xinheng.law.loader.itemchecks import BURDENS
from xinheng.law.pack import Pack

VERSIONS = [
    pytest.param(name, replace(version, state="on"), id=f"{name}-{version.code}-{version.version}")
    for name in PACKS
    for item in load_pack(name).items.values()
    for version in (*item.versions, *([item.draft] if item.draft else ()))
]
APART = {"sha256", "rank", "ignored"}  # of the text itself; of the layer; the English of a name nobody shows


@pytest.mark.req("CAT-2", "CAT-3", "ZY-32", kind="rule")
@pytest.mark.parametrize(("name", "version"), VERSIONS)
def test_a_version_written_down_and_read_again_is_the_same(name: str, version: ItemVersion) -> None:
    pack = replace(load_pack(name), items={}, catalog_levels=tuple(type(version.level)))
    version = replace(version, level=Level.CITY)  # a draft of the city is of no other level
    written = writing.tree(replace(version, rank=pack.rank))
    found, faults = drafts.read(drafts.text_of(written), pack)
    assert faults == ()
    assert found is not None
    again = found.versions[0]
    for part in fields(ItemVersion):
        if part.name not in APART:
            assert getattr(again, part.name) == getattr(version, part.name), part.name
    assert writing.tree(again) == written


def _draft(pack: Pack, **changes: Any) -> str:
    tree = writing.tree(replace(pack.items["CF"].versions[-1], rank=pack.rank))
    tree |= {"code": "HC01", "level": "city"}
    tree["versions"][0] |= changes
    return drafts.text_of(tree)


@pytest.mark.req("CAT-1", "CAT-3", "INV-2", "INV-4", "SP-8", kind="refusal")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"article": "ZY-999"}, "article_unknown"),
        ({"publicity": "everybody"}, "not_in_vocabulary"),
        ({"kinds": {"natural_person": "public"}}, "person_public"),
        ({"adverse": "yes"}, "not_a_boolean"),
        ({"retention": {"count": "zero", "unit": "year"}}, "not_a_number"),
        ({"colour": "red"}, "unknown_key"),
        ({"from": "2018-01-01"}, "gap"),
        ({"until": "2018-07-01"}, "period_empty"),
        ({"basis": []}, "empty_list"),
    ],
)
def test_what_no_pack_could_hold_is_refused(changes: dict[str, Any], code: str) -> None:
    item, found = drafts.read(_draft(load_pack("zhangye"), **changes), load_pack("zhangye"))
    assert item is None
    assert code in {one.code for one in found}, found
    assert all(any("一" <= sign <= "鿿" for sign in one.message) for one in found)


@pytest.mark.req("CAT-1", "SP-8", kind="refusal")
def test_a_city_item_is_refused_where_the_law_knows_no_such_level() -> None:
    text = _draft(load_pack("zhangye"), article="CN-CAT")
    assert [one.code for one in drafts.read(text, load_pack("siping"))[1]] == ["level_not_allowed"]
    item, found = drafts.read(text, load_pack("zhangye"))
    assert item is not None and found == ()
    assert item.on(date(2026, 11, 20)) is not None


@pytest.mark.parametrize("text", ["", "[]", "{", '{"code": "A", "code": "B"}', "a: &b 1"])
def test_what_is_no_item_is_refused(text: str) -> None:
    item, found = drafts.read(text, load_pack("zhangye"))
    assert item is None and found


@pytest.mark.req("CAT-3", "INV-2", "INV-4", "ZY-45", "SP-8", kind="refusal")
@pytest.mark.parametrize(
    ("item", "version", "code"),
    [
        ({}, {"publicity_period": "retention"}, "publicity_uncapped"),
        ({}, {"adverse": "false"}, "adverse_denied"),
        ({}, {"retention": {"count": "99", "unit": "year"}}, "retention_too_long"),
        ({}, {"kinds": {}}, "kinds_missing"),
        ({}, {"person_statute": "CN-APL-48"}, "person_statute"),
        ({}, {"person_statute": "DC-25"}, "person_statute"),
        ({}, {"kinds": {"natural_person": "public"}, "person_statute": "CN-PIPL-999"}, "person_statute"),
        ({"level": "national"}, {}, "level_differs"),
        ({"natural_key": ["document_number", "name", "NOPE"]}, {}, "schema_enum"),
        ({"natural_key": ["name"]}, {}, "natural_key"),
        ({"label": {"zh": "甲\u202e乙", "en": "x"}}, {}, "invisible_character"),
        ({"category": "serious_dishonesty", "roles": {}}, {"adverse": "false"}, "adverse_denied"),
    ],
)
def test_a_draft_says_no_more_than_a_pack_may(
    pack: Pack, item: dict[str, Any], version: dict[str, Any], code: str
) -> None:
    tree = writing.tree(replace(pack.items["CF"].versions[-1], rank=pack.rank)) | {"code": "HC01", "level": "city"}
    if "roles" in item:
        item = item | {"roles": {k: v for k, v in tree["roles"].items() if k not in BURDENS}}
    tree |= item
    tree["versions"][0] |= version
    found, faults = drafts.read(drafts.text_of(tree), pack)
    assert found is None
    assert code in {fault.code for fault in faults}, faults
    assert all(any(sign >= "\u4e00" for sign in fault.message) for fault in faults)


@pytest.mark.req("INV-4", kind="rule")
def test_persons_are_public_by_an_article_that_orders_it_alone(pack: Pack) -> None:
    """The packs have none: every statute they know was not read word by word."""
    assert not any(article.orders_publication for article in pack.articles.values())
    tree = writing.tree(replace(pack.items["CF"].versions[-1], rank=pack.rank)) | {"code": "HC01", "level": "city"}
    tree["versions"][0] |= {"person_statute": "CN-APL-48"}
    ordering = replace(pack.articles["CN-APL-48"], orders_publication=True)
    found, faults = drafts.read(drafts.text_of(tree), replace(pack, articles={**pack.articles, "CN-APL-48": ordering}))
    assert faults == ()
    assert found is not None
