"""No item of any catalog asks persons for what the law forbids, in a pack file or in a draft (INV-9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.law.packs import write
from xinheng.law import check, writing
from xinheng.law.forbidden import asked_for, forbidden, spoken_of
from xinheng.law.loader import drafts
from xinheng.law.pack import Bilingual, Pack

TODAY = date(2026, 11, 20)
# the same in other words, in other letters, with blanks and invisible characters between
ASKED = (
    *(
        "宗 教 信 仰",
        "宗\u200b教信\u200b仰",
        "教派",
        "ＤＮＡ",
        "dna序列",
        "血 型",
        "既往病情",
        "年收入",
        "月工资",
        "房产",
    ),
    *(
        "名下房屋",
        "保险情况",
        "人脸特征",
        "行踪轨迹",
        "个人信用分",
        "信用等级",
        "诚信积分",
        "考核评分",
        "地区排名",
        "信用画像",
    ),
)
FINE = ("没收违法所得", "没收非法财物", "降低资质等级", "转基因标识", "宗教活动场所消防检查", "不评分说明")
RULE = """\
- code: belief
  label: {zh: "宗教信仰", en: "belief"}
  values: [{from: "2013-01-01", until: null, words: ["WORD"], article: "TT-1"}]
"""


@pytest.mark.req("INV-9", "CAT-2", kind="rule")
def test_no_item_of_any_pack_asks_for_what_is_forbidden(law_pack: Pack) -> None:
    rules = forbidden(law_pack, TODAY)
    founded = {rule.code: rule.article for rule in rules}
    assert founded == dict.fromkeys(("belief", "genes", "disease", "wealth", "tax"), "CN-CRIR-14") | {
        "biometrics": "CN-PIPL-28",
        "score": "",
    }
    assert all(rule.house is not bool(rule.article) for rule in rules)
    versions = [version for item in law_pack.items.values() for version in item.written]
    assert [(v.code, rule.code) for v in versions for rule in rules if asked_for(v, rule) or spoken_of(v, rule)] == []


@pytest.mark.req("INV-9", "CAT-3", "ZY-32", kind="refusal")
@pytest.mark.parametrize(
    ("label", "consent", "kinds", "refused"),
    [
        ("宗教信仰", "none", {"natural_person": "by_matter"}, True),
        ("宗教信仰", "own_consent", {"natural_person": "by_matter"}, True),
        ("指纹编号", "none", {"individual_business": "public"}, True),
        ("既往病史", "none", {"natural_person": "by_matter", "legal_person": "public"}, True),
        ("银行存款", "none", {"natural_person": "by_matter"}, True),
        ("银行存款", "own_consent", {"natural_person": "by_matter"}, False),
        ("年度纳税额", "none", {"natural_person": "by_matter"}, True),
        ("年度纳税额", "none", {"legal_person": "public"}, False),
        ("检查结果", "none", {"natural_person": "by_matter"}, False),
        *((label, "none", {"natural_person": "by_matter"}, True) for label in ASKED),
        *((label, "none", {"natural_person": "by_matter", "individual_business": "public"}, False) for label in FINE),
    ],
)
def test_a_draft_that_asks_for_it_is_refused(
    pack: Pack, label: str, consent: str, kinds: dict[str, Any], refused: bool
) -> None:
    version = pack.items["CF"].versions[-1]
    field = replace(version.fields[-1], code="X_NEW", label=Bilingual(label, "new"), n=99)
    tree = writing.tree(replace(version, rank=pack.rank, fields=(*version.fields, field)))
    tree |= {"code": "HC_X", "level": "city"}
    tree["versions"][0] |= {"kinds": kinds, "consent": consent}
    found = [one.code for one in drafts.read(drafts.text_of(tree), pack)[1]]
    assert ("forbidden_field" in found) is refused, found


@pytest.mark.req("INV-9", kind="refusal")
def test_a_pack_that_asks_for_it_is_refused_with_its_place(tmp_path: Path) -> None:
    law = write(tmp_path, {})
    rule = RULE.replace("WORD", "金额")
    (law / "forbidden.yaml").write_text(rule, encoding="utf-8")
    [found] = [one for one in check(law, root=tmp_path) if one.code == "forbidden_field"]
    assert found.file.endswith("TF.yaml") and found.line > 1
    assert "金额" in found.message and "TT-1" in found.message
    (law / "forbidden.yaml").write_text(RULE.replace("WORD", "血型"), encoding="utf-8")
    assert "forbidden_field" not in {one.code for one in check(law, root=tmp_path)}


def draft(pack: Pack, item: dict[str, Any] | None = None, **version: Any) -> dict[str, Any]:
    """Penalties as an item of the city, about persons too unless the version says otherwise."""
    base = pack.items["CF"].versions[-1]
    tree = writing.tree(replace(base, rank=pack.rank)) | {"code": "HC_X", "level": "city"} | (item or {})
    tree["versions"][0] |= {"from": "2026-12-01"} | version
    return tree


def new_field(label: str, **parts: Any) -> dict[str, Any]:
    """A field as the forms write it: seen by everyone, nobody's personal data."""
    everyone = dict.fromkeys(("public", "government", "authorised", "own"), "full")
    plain = {"code": "X_NEW", "n": "99", "label": {"zh": label, "en": "new"}, "type": "string", "length": "50"}
    return plain | {"required": "no", "disclosure": everyone, "mask": "none", "personal": "false"} | parts


def faults(tree: dict[str, Any], pack: Pack) -> set[str]:
    return {one.code for one in drafts.read(drafts.text_of(tree), pack)[1]}


@pytest.mark.req("INV-9", "INV-1", "CAT-3", kind="refusal")
@pytest.mark.parametrize(
    ("changed", "version", "code"),
    [
        ({"label": {"zh": "居民宗教信仰信息", "en": "new"}}, {}, "forbidden_item"),
        ({"label": {"zh": "居民信用分", "en": "new"}}, {}, "forbidden_item"),
        ({"label": {"zh": "名册", "en": "credit scores of residents"}}, {}, "forbidden_item"),
        ({}, {"conduct": {"zh": "宗教信仰登记", "en": "new"}}, "forbidden_item"),
        ({}, {"purpose": {"zh": "供各单位评级", "en": "new"}}, "forbidden_item"),
    ],
)
def test_name_conduct_and_purpose_ask_as_well(
    pack: Pack, changed: dict[str, Any], version: dict[str, Any], code: str
) -> None:
    assert code in faults(draft(pack, changed, **version), pack)
    firms = {"kinds": {"legal_person": "public"}}
    assert code not in faults(draft(pack, changed, **version, **firms), pack)


@pytest.mark.req("INV-9", "INV-1", "CAT-3", kind="refusal")
@pytest.mark.parametrize(
    "parts",
    [
        {"rule": {"zh": "填写宗教信仰", "en": "new"}},
        {"rule": {"zh": "其他", "en": "the religion of the person"}},
        {"label": {"zh": "其他", "en": "Blood  Type"}},
        {"label": {"zh": "其他", "en": "credit score"}},
        {"aliases": ["信用评分"]},
        {"type": {"enum": "XE"}},
    ],
)
def test_rules_values_and_other_names_of_a_field_ask_as_well(pack: Pack, parts: dict[str, Any]) -> None:
    tree = draft(pack)
    tree["enums"]["XE"] = {"values": [{"value": "信用评级A", "en": "a"}]}
    tree["fields"].append(new_field("其他情况") | parts)
    assert "forbidden_field" in faults(tree, pack)


@pytest.mark.req("INV-9", "INV-4", kind="refusal")
def test_a_field_about_somebody_asks_in_items_about_organisations_too(pack: Pack) -> None:
    plain, personal, represents = {}, {"personal": "true"}, {"whose": "representative"}
    for label, parts, refused in (
        ("宗教用品经营", plain, False),
        ("宗教用品经营", personal, True),
        ("宗教用品经营", represents, True),
        ("法定代表人宗教信仰", plain, True),
        ("负责人评分", plain, True),
    ):
        tree = draft(pack, kinds={"legal_person": "public"})
        tree["fields"].append(new_field(label, **parts))
        assert ("forbidden_field" in faults(tree, pack)) is refused, (label, parts)


@pytest.mark.req("INV-4", "INV-3", kind="refusal")
@pytest.mark.parametrize(
    "label", ["经营者家庭住址", "联系电话", "经办人手机", "身份证号", "电子邮箱", "银行账号", "户籍地"]
)
def test_address_telephone_and_numbers_of_persons_stay_private(pack: Pack, label: str) -> None:
    withheld = {"public": "withheld", "government": "full", "authorised": "withheld", "own": "full"}
    private = {"personal": "true", "exports": "withheld", "disclosure": withheld}
    for missing in ("", *private):
        tree = draft(pack, kinds={"individual_business": "public", "legal_person": "public"})
        tree["fields"].append(new_field(label, **{key: part for key, part in private.items() if key != missing}))
        assert ("private_field" in faults(tree, pack)) is bool(missing), missing


@pytest.mark.req("INV-1", "INV-4", kind="refusal")
def test_a_grade_of_an_individual_business_is_not_public(pack: Pack) -> None:
    tree = draft(pack, kinds={"individual_business": "public", "legal_person": "public"})
    tree["fields"].append(new_field("信用等级"))
    assert faults(tree, pack) & {"private_field", "forbidden_field"} == {"private_field"}
    tree["versions"][0]["kinds"] = {"legal_person": "public"}
    assert not faults(tree, pack) & {"private_field", "forbidden_field"}
