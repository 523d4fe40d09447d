"""No item of any catalog asks persons for what the law forbids, in a pack file or in a draft (INV-9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.law.packs import write
from xinheng.law import check, writing
from xinheng.law.forbidden import asked_for, forbidden
from xinheng.law.loader import drafts
from xinheng.law.pack import Bilingual, Pack

TODAY = date(2026, 11, 20)
RULE = """\
- code: belief
  label: {zh: "宗教信仰", en: "belief"}
  values: [{from: "2013-01-01", until: null, words: ["WORD"], article: "TT-1"}]
"""


@pytest.mark.req("INV-9", "CAT-2", kind="rule")
def test_no_item_of_any_pack_asks_for_what_is_forbidden(law_pack: Pack) -> None:
    rules = forbidden(law_pack, TODAY)
    assert {rule.code for rule in rules} == {"belief", "genes", "disease", "wealth", "tax"}
    assert all(rule.article == "CN-CRIR-14" for rule in rules)
    versions = [version for item in law_pack.items.values() for version in item.written]
    assert [(v.code, rule.code) for v in versions for rule in rules if asked_for(v, rule)] == []


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
