"""Is every value found on the days it is in force, and nothing on any other day?"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.law.packs import write
from xinheng.law import Allowed, Refused, cite, lookup, persons
from xinheng.law.citation import arabic_number, chinese_number
from xinheng.law.enums import ChannelName, MaskName, ReleaseWord, SubjectKind
from xinheng.law.errors import NoValueInForce
from xinheng.law.items import header_key
from xinheng.law.loader import load
from xinheng.law.pack import Bilingual, Pack

DAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def toys(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    root = tmp_path_factory.mktemp("packs")
    write(root)
    return load("toytown", root=root)


@pytest.mark.parametrize(
    "ask",
    [
        lambda pack: lookup.article(pack, "ZZ-1"),
        lambda pack: lookup.item(pack, "NO", DAY),
        lambda pack: lookup.matter(pack, "no_such_matter", DAY),
        lambda pack: lookup.deadline(pack, "no.such", DAY),
        lambda pack: lookup.ground(pack, "no.such", DAY),
        lambda pack: lookup.power(pack, "no.such", DAY),
        lambda pack: lookup.reason_article(pack, "no_such", DAY),
        lambda pack: lookup.person_rule(pack, date(1990, 1, 1)),
        lambda pack: lookup.rule_set(pack, date(1990, 1, 1)),
        lambda pack: lookup.item(pack, "CF", date(1990, 1, 1)),
        lambda pack: lookup.item(pack, "CF", DAY).field("NO"),
    ],
)  # fmt: skip
def test_value_that_is_not_in_force_is_an_error_and_no_default(law_pack: Pack, ask: object) -> None:
    assert callable(ask)
    with pytest.raises(NoValueInForce):
        ask(law_pack)


@pytest.mark.req("QRY-1", "ZY-34", "SP-10")
def test_matters_of_a_law_are_those_it_lists(law_pack: Pack) -> None:
    codes = {matter.code for matter in lookup.matters(law_pack, DAY)}
    assert codes
    assert {matter.code for matter in lookup.matters(law_pack, date(1990, 1, 1))} == set()
    for code in codes:
        matter = lookup.matter(law_pack, code, DAY)
        assert matter.items <= {item.code for item in lookup.items(law_pack, DAY)}


def test_value_ends_on_the_first_day_it_is_no_longer_in_force(toys: Pack) -> None:
    last = date(2024, 12, 31)
    assert lookup.deadline(toys, "copy.make", last).until == last + timedelta(days=1)
    with pytest.raises(NoValueInForce):
        lookup.deadline(toys, "copy.make", last + timedelta(days=1))


def test_later_value_closes_the_earlier_one(toys: Pack) -> None:
    first, second = toys.deadlines["objection.decide"].values
    assert first.until == second.from_ == date(2026, 6, 1)


def test_house_rule_cites_nothing(toys: Pack) -> None:
    assert lookup.ground(toys, "query.log", DAY).article == ""
    assert lookup.ground(toys, "query.log", DAY).house
    assert lookup.reason_article(toys, "matter_not_listed", DAY) == "TT-2(1)"


@pytest.mark.req("CAT-2", "ZY-32")
def test_item_in_force_states_every_attribute_the_law_asks(law_pack: Pack) -> None:
    for version in lookup.items(law_pack, DAY):
        assert version.conduct.zh
        assert version.basis
        assert version.sharing
        assert version.channel
        assert version.frequency.count > 0
        assert version.retention.count > 0
        assert version.kinds
        assert version.fields
        assert len(version.sha256) == 64


@pytest.mark.req("CAT-2")
@pytest.mark.parametrize(("code", "standard"), [("CF", 30), ("XK", 28)])
def test_dual_publicity_item_has_every_field_of_the_national_format(law_pack: Pack, code: str, standard: int) -> None:
    version = lookup.item(law_pack, code, DAY)
    assert sum(not field.platform for field in version.fields) == standard
    assert [field.n for field in version.fields] == list(range(1, len(version.fields) + 1))


@pytest.mark.req("INV-4", "PUB-1", "ZY-47")
@pytest.mark.parametrize("code", ["CF", "XK"])
def test_document_numbers_of_persons_are_never_public(law_pack: Pack, code: str) -> None:
    version = lookup.item(law_pack, code, DAY)
    for role in ("id_number", "representative_id"):
        field = version.field(str(version.role(role)))
        assert field.personal
        for kind in SubjectKind:
            assert field.release(ChannelName.PUBLIC, kind).release is ReleaseWord.WITHHELD


def test_release_of_a_kind_overrides_that_of_the_field(toys: Pack) -> None:
    name = lookup.item(toys, "TF", DAY).field("TF_NAME")
    assert name.release(ChannelName.PUBLIC, SubjectKind.LEGAL_PERSON).release is ReleaseWord.FULL
    assert name.release(ChannelName.PUBLIC, SubjectKind.NATURAL_PERSON).release is ReleaseWord.WITHHELD
    masked = name.release(ChannelName.AUTHORISED, SubjectKind.NATURAL_PERSON)
    assert (masked.release, masked.mask) == (ReleaseWord.MASKED, MaskName.SURNAME)


def test_header_is_found_by_code_alias_and_label_however_it_is_written(toys: Pack) -> None:
    headers = lookup.item(toys, "TF", DAY).by_header
    for text in (
        "TF_NAME",
        "tf_name ",
        "ＴＦ＿ＮＡＭＥ",
        "TF_MC",
        "名称（全称）",
        "名称 (全称)",
        "\ufeff名称(全称)\u200b",
    ):
        assert headers[header_key(text)].code == "TF_NAME"


def test_enumeration_gives_the_value_of_the_standard(toys: Pack) -> None:
    kinds = lookup.item(toys, "TF", DAY).enums["KIND"]
    assert kinds.canonical("罚金") == "罚款"
    assert kinds.canonical("其他-没收") == "其他-没收"
    assert kinds.canonical("其他-") is None
    assert kinds.canonical("流放") is None
    assert kinds.canonical_many("罚金；警告") == "罚款;警告"
    assert kinds.canonical_many("罚金;流放") is None
    assert kinds.canonical_many(" ") is None


def test_field_is_required_when_its_condition_holds(toys: Pack) -> None:
    total = lookup.item(toys, "TF", DAY).field("TF_SUM")
    assert total.required_for({"TF_KIND": "罚款"}, SubjectKind.LEGAL_PERSON)
    assert not total.required_for({"TF_KIND": "警告"}, SubjectKind.LEGAL_PERSON)


@pytest.mark.req("SUB-1", "ZY-3", "SP-3", "INV-9")
@pytest.mark.parametrize(
    ("law", "born", "adverse", "expected"),
    [
        ("zhangye", date(2008, 11, 20), False, "yes"),
        ("zhangye", date(2008, 11, 21), False, "review"),
        ("zhangye", date(2010, 11, 21), False, "no"),
        ("zhangye", date(2008, 11, 21), True, "no"),
        ("siping", date(2015, 1, 1), False, "yes"),
        ("siping", date(2015, 1, 1), True, "no"),
        ("siping", date(2008, 11, 20), True, "yes"),
    ],
)
def test_person_is_admitted_by_age_on_the_day_of_the_conduct(
    law: str, born: date, adverse: bool, expected: str
) -> None:
    pack = load(law, root=Path(__file__).resolve().parents[2] / "lawpacks")
    assert persons.admission(pack, born=born, on=DAY, adverse=adverse).admitted == expected


@pytest.mark.req("ZY-46", "ZY-40", "SP-25", "SP-10")
@pytest.mark.parametrize(
    ("law", "id", "zh", "en"),
    [
        ("zhangye", "ZY-46", "《条例》第四十六条", "Regulation, Article 46"),
        ("zhangye", "ZY-40(1)", "《条例》第四十条第一项", "Regulation, Article 40(1)"),
        ("siping", "SP-25", "《条例》第二十五条", "Regulation, Article 25"),
        ("siping", "SP-10(5)", "《条例》第十条第五项", "Regulation, Article 10(5)"),
        ("zhangye", "CN-APL-48", "《行政处罚法》第四十八条", "Administrative Penalty Law, Article 48"),
        ("siping", "CN-NDRC36", "信用修复管理办法", "Measures for credit repair, Order 36 of 2025"),
    ],
)
def test_article_is_cited_by_instrument_and_number(law: str, id: str, zh: str, en: str) -> None:
    pack = load(law, root=Path(__file__).resolve().parents[2] / "lawpacks")
    assert cite(pack, id) == zh
    assert cite(pack, id, "en") == en


def test_article_of_no_law_cannot_be_cited(law_pack: Pack) -> None:
    with pytest.raises(NoValueInForce):
        cite(law_pack, "ZY-99")


@pytest.mark.req("ZY-1", "ZY-56", "SP-1", "SP-40")
@pytest.mark.parametrize(("law", "prefix", "count"), [("zhangye", "ZY", 56), ("siping", "SP", 40)])
def test_every_article_of_the_regulation_is_carried(law: str, prefix: str, count: int) -> None:
    pack = load(law, root=Path(__file__).resolve().parents[2] / "lawpacks")
    assert [id for id in pack.articles if id.startswith(f"{prefix}-")] == [f"{prefix}-{n}" for n in range(1, count + 1)]
    assert pack.law is not None
    assert pack.law.prefix == prefix


def test_numbers_of_articles_are_written_and_read_alike() -> None:
    assert [chinese_number(n) for n in (1, 10, 11, 20, 46, 100, 102, 110, 111)] == (
        ["一", "十", "十一", "二十", "四十六", "一百", "一百零二", "一百一十", "一百一十一"]
    )
    assert [arabic_number(chinese_number(n)) for n in range(1, 1000)] == list(range(1, 1000))


@pytest.mark.parametrize("text", ["", "零", "十十", "一二", "百", "第一"])
def test_number_that_no_article_has_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        arabic_number(text)


def test_decision_is_true_when_allowed_and_false_when_refused() -> None:
    assert Allowed()
    assert not Refused("matter_not_listed", "ZY-34")


def test_text_is_given_in_the_language_asked() -> None:
    text = Bilingual("异议", "objection")
    assert [text.get(lang) for lang in ("zh-hans", "en", "en-gb", "fr")] == ["异议", "objection", "objection", "异议"]
