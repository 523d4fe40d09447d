"""The notice of collection: what the packs say, what they leave open, and which wrong ones are refused."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from xinheng.law import collection
from xinheng.law.collection import CITYS, notice
from xinheng.law.enums import SubjectKind
from xinheng.law.loader import check, load
from xinheng.law.lookup import article
from xinheng.law.pack import Pack

ROOT = Path(__file__).parents[2] / "lawpacks"
DAY = date(2026, 11, 20)
RIGHTS = {"44", "45", "46", "47", "48", "49", "50"}
OPEN = "evidence: U, state: to_fill}]"


@pytest.mark.req("PIP-1", kind="rule")
def test_every_city_tells_of_each_right_with_its_article(law_pack: Pack) -> None:
    found = notice(law_pack, DAY)
    assert [one.name for one in found.rights] == list(collection.RIGHTS)
    assert [one.name for one in found.statements] == list(collection.STATEMENTS)
    cited = {article(law_pack, one.article).number for one in found.rights if not one.house}
    assert cited == RIGHTS
    assert all(one.text and one.text.zh and one.text.en for one in (*found.rights, *found.statements))
    assert {one.door for one in found.rights} <= set(collection.DOORS)
    assert [item.code for item in found.items] == sorted(c for c, i in law_pack.items.items() if i.on(DAY))


@pytest.mark.req("PIP-1", kind="rule")
def test_a_city_that_has_not_said_who_to_turn_to_is_told_as_such() -> None:
    for city in ("zhangye", "siping"):
        found = notice(load(city, root=ROOT), DAY)
        assert [one.name for one in found.unfilled] == ["contact", "responsible_person", "complaint"]
        assert found.handler[0].text is not None
    assert notice(load("demo-city", root=ROOT), DAY).unfilled == ()
    before = notice(load("zhangye", root=ROOT), date(2020, 1, 1))
    assert {one.name for one in before.unfilled} == set(CITYS)
    assert before.rights == ()


@pytest.mark.req("PIP-1", kind="rule")
def test_a_kind_of_subject_is_told_of_its_items_only(law_pack: Pack) -> None:
    for kind in law_pack.subject_kinds:
        found = notice(law_pack, DAY, kind=kind).items
        assert all(kind in item.kinds for item in found)
    codes = {item.code for item in notice(law_pack, DAY, kind=SubjectKind.NATURAL_PERSON).items}
    assert codes <= {item.code for item in notice(law_pack, DAY).items}


WRONG = {
    "unknown sentence": ("name: contact", "name: fax", "not_in_vocabulary"),
    "told without text": (OPEN, "evidence: U}]", "missing_key"),
    "text though open": (OPEN, "evidence: U, state: to_fill, text: {zh: a, en: b}}]", "text_while_to_fill"),
    "unknown state": (OPEN, "evidence: U, state: later}]", "not_in_vocabulary"),
    "article that is not there": ('article: "CN-PIPL-17"', 'article: "CN-PIPL-717"', "article_unknown"),
    "no article": ('article: "CN-PIPL-17", ', "", "missing_key"),
    "unknown door": (OPEN, "evidence: U, state: to_fill, door: cellar}]", "not_in_vocabulary"),
    "unknown key": (OPEN, "evidence: U, state: to_fill, fax: a}]", "unknown_key"),
    "what the nation says already": ("name: contact", "name: purpose", "rank_violated"),
}


@pytest.mark.req("PIP-1", kind="refusal")
@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_notice_is_refused_at_its_line(case: str, tmp_path: Path) -> None:
    old, new, code = WRONG[case]
    shutil.copytree(ROOT, tmp_path / "packs")
    file = tmp_path / "packs" / "zhangye" / "notice.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = [one for one in check("zhangye", root=tmp_path / "packs") if one.file.endswith("notice.yaml")]
    assert code in {one.code for one in found}
    assert all(one.line > 1 for one in found)
