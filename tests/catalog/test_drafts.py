"""A draft of a catalog item can be chosen, reported, published, asked for and listed nowhere.

The drafts of the real city are there to be read: one for each of its articles on sectors, with every attribute that
the regulation asks of an item.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.catalog.rows import sheet
from tests.conftest import load_pack
from tests.disclosure.test_doors import as_user
from xinheng.accounts.selectors import organisation_by_code
from xinheng.accounts.services import load_demo_accounts
from xinheng.catalog.models import CatalogItemVersion
from xinheng.catalog.services import publish_items
from xinheng.disclosure import services as disclosure
from xinheng.intake.models import IntakeBatch
from xinheng.law import lookup
from xinheng.law.enums import Attribute, Level, SubjectKind
from xinheng.law.pack import Pack
from xinheng.ledger.models import LawVersion
from xinheng.lib import clock
from xinheng.lib.errors import NotFound
from xinheng.records.commands import intake
from xinheng.records.services import accept_batch
from xinheng.start import publish_law

ZHANGYE = load_pack("zhangye")
DRAFTS = [draft.code for draft in lookup.drafts(ZHANGYE)]


@pytest.fixture(params=[ZHANGYE.id])
def law(request: pytest.FixtureRequest) -> str:
    """The law under which these tests run."""
    return str(request.param)


@pytest.fixture
def city(law: str, settings: Any, db: None) -> Pack:
    """The real city: its pack published, its organisations and officers in place."""
    settings.XINHENG_LAW = law
    publish_law()
    load_demo_accounts(pack=ZHANGYE, at=clock.now())
    return ZHANGYE


def some_row(code: str) -> bytes:
    """A file with one row under the fields of the draft."""
    draft = ZHANGYE.items[code].draft
    assert draft is not None
    return sheet(draft, {field.code: "甲" for field in draft.fields})


@pytest.mark.req("CAT-1", "CAT-3", "INV-2", "ZY-32", kind="rule")
def test_a_draft_is_no_version_on_any_day(law: str, pack: Pack) -> None:
    assert lookup.drafts(pack) == ()
    for code in DRAFTS:
        item = ZHANGYE.items[code]
        assert item.versions == ()
        assert item.draft is not None and item.draft.state == "draft"
        assert item.on(item.draft.from_) is None
        assert not any(code in value.items for timeline in ZHANGYE.matters.values() for value in timeline.values)


@pytest.mark.req("CAT-1", "INV-2", "ZY-32", kind="refusal")
def test_publishing_the_pack_publishes_no_draft_and_nothing_switched_off(city: Pack) -> None:
    law = LawVersion.objects.get(label=city.label)
    assert not CatalogItemVersion.objects.filter(law_version=law, item__code__in=DRAFTS).exists()
    item = city.items[DRAFTS[0]]
    assert item.draft is not None
    for state, new in (("off", 0), ("on", 1)):
        told = replace(item, draft=None, versions=(replace(item.draft, state=state),))
        changed = replace(city, items={**city.items, item.code: told})
        assert publish_items(pack=changed, law_version=law, at=clock.now(), actor="platform") == new


@pytest.mark.req("CAT-2", "INV-2", "ZY-32", kind="refusal")
@pytest.mark.parametrize("code", DRAFTS)
def test_rows_under_a_draft_are_refused_with_the_article(city: Pack, code: str) -> None:
    with pytest.raises(NotFound) as refused:
        accept_batch(
            file=some_row(code),
            file_name="草案.csv",
            item_code=code,
            provider=organisation_by_code("scjgj"),
            actor="test",
            channel="cli",
            at=clock.now(),
        )
    assert (refused.value.code, refused.value.article) == ("item_not_in_force", "ZY-32")
    assert not IntakeBatch.objects.exists()


@pytest.mark.req("CAT-2", "INV-2", "ZY-32", kind="refusal")
def test_the_command_line_refuses_a_draft_in_a_dry_run_too(law: str, tmp_path: Path) -> None:
    file = tmp_path / "草案.csv"
    file.write_bytes(some_row("CPZL"))
    told = ["--item", "CPZL", "--provider", "scjgj", "--dry-run", "--json", "--law", law]
    result = CliRunner().invoke(intake, [str(file), *told])
    assert isinstance(result.exception, NotFound)
    assert (result.exception.code, result.exception.article) == ("item_not_in_force", "ZY-32")


@pytest.mark.req("CAT-2", "INV-2", "ZY-32", kind="refusal")
def test_a_draft_can_be_chosen_at_no_door(city: Pack) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    desk = as_user("scjgj.collector")
    page = desk.get("/desk/intake")
    assert {code for code, _ in page.context["form"].fields["item"].choices} == {"CF", "XK"}
    file = SimpleUploadedFile("草案.csv", some_row("CPZL"), "text/csv")
    sent = desk.post("/desk/intake", {"item": "CPZL", "file": file})
    assert sent.status_code != 302
    assert "item" in sent.context["form"].errors
    assert not IntakeBatch.objects.exists()


@pytest.mark.req("CAT-2", "PUB-1", "INV-3", "ZY-32", kind="refusal")
@pytest.mark.parametrize("code", DRAFTS)
def test_a_draft_is_published_and_listed_nowhere(city: Pack, code: str) -> None:
    visitor = Client()
    for address in (f"/publicity/{code}", f"/publicity/{code}/export.csv", f"/publicity/{code}/export.json"):
        assert visitor.get(address).status_code == 404
    for call in (
        lambda: disclosure.public_list(item=code, at=clock.now(), pack=city),
        lambda: disclosure.public_export(item=code, at=clock.now(), pack=city, format="json"),
    ):
        with pytest.raises(NotFound) as refused:
            call()
        assert refused.value.code == "item_unknown"
    label = city.items[code].label.zh
    for address in ("/", "/publicity/CF"):
        assert label not in visitor.get(address).text


# What the drafts say ------------------------------------------------------------------------------------------------


@pytest.mark.req("ORG-1", "CAT-2", *(f"ZY-{number}" for number in range(12, 29)), kind="rule")
@pytest.mark.parametrize("number", range(12, 29))
def test_each_article_on_a_sector_has_a_draft_from_its_own_organ(law: str, number: int) -> None:
    drafts = [draft for draft in lookup.drafts(ZHANGYE) if draft.article == f"ZY-{number}"]
    assert drafts
    sectors = {sector.code for sector in ZHANGYE.sectors.values() if sector.article == f"ZY-{number}"}
    for draft in drafts:
        assert draft.level is Level.CITY
        assert set(draft.providers) == sectors


@pytest.mark.req("CAT-2", "PIP-1", "ZY-32", kind="rule")
@pytest.mark.parametrize("law", ["zhangye", "demo-city"])
def test_each_item_states_every_attribute_the_article_asks_for(law: str) -> None:
    pack = load_pack(law)
    made = [v for item in pack.items.values() if item.level is Level.CITY for v in (*item.versions, item.draft) if v]
    assert len(made) == 21
    for one in made:
        assert one.conduct.zh and one.conduct.en and one.purpose is not None
        assert len(one.basis) >= 3
        assert one.publicity in Attribute and one.sharing and one.providers and one.channel
        assert one.matters and set(one.matters) <= set(pack.matters)
        assert one.frequency.count and one.retention.count
        assert set(one.kinds) <= set(SubjectKind)
        assert lookup.category_label(pack, one) is not None
        assert all(one.role(role) for role in ("name", "kind", "document_number", "decided_on", "authority_code"))
        assert "document_name" in one.roles


@pytest.mark.req("CAT-1", kind="rule")
def test_every_item_of_every_city_belongs_to_a_national_category(law_pack: Pack) -> None:
    for version in (*lookup.items(law_pack, clock.today(law_pack.zone)), *lookup.drafts(law_pack)):
        assert version.category in law_pack.categories
    assert len(law_pack.categories) == 12


FORBIDDEN = "宗教 信仰 基因 指纹 血型 疾病 病史 收入 存款 证券 保险金额 不动产 纳税额 住址 电话 婚姻 献血 上访 信访"
GRADING = "评分 评价 等级 等次 积分 分值 分数 信用分 排名 score grade class rank points"


@pytest.mark.req("INV-1", "INV-9", "ZY-28", "ZY-16", "ZY-21", "ZY-22", kind="rule")
@pytest.mark.parametrize("law", ["zhangye", "demo-city"])
def test_records_of_persons_ask_for_facts_only(law: str) -> None:
    pack = load_pack(law)
    made = [v for item in pack.items.values() if item.level is Level.CITY for v in (*item.versions, item.draft) if v]
    persons = [one for one in made if SubjectKind.NATURAL_PERSON in one.kinds]
    assert {one.code for one in persons} == {"SXBZX", "JSRY", "JTRY", "JYRY", "WLRY", "ZYDA"}
    for one in persons:
        assert one.kinds[SubjectKind.NATURAL_PERSON] is Attribute.BY_MATTER
        assert one.person_statute is None
        for field in one.fields:
            values = [value.value for value in field.enum.values] if field.enum else []
            asked = json.dumps([field.label.zh, field.label.en.split(), values], ensure_ascii=False)
            for word in f"{FORBIDDEN} {GRADING}".split():
                quoted = f'"{word}"' if word.isascii() else word
                assert quoted not in asked, (one.code, field.code, word)
    for one in made:
        if SubjectKind.NATURAL_PERSON not in one.kinds:
            operator = {one.role("representative")} if SubjectKind.INDIVIDUAL_BUSINESS in one.kinds else set()
            assert {field.code for field in one.fields if field.personal} == operator
            assert not any(field.type == "idnumber" for field in one.fields), one.code
