"""An item written down and read again is the same item; a text that no pack could hold is refused in words."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from tests.conftest import PACKS, load_pack
from xinheng.law import writing
from xinheng.law.items import ItemVersion
from xinheng.law.loader import drafts
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
