"""Which consent or will each law asks for, on which occasion, of whom (INV-5)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.conftest import load_pack
from tests.law.packs import write
from xinheng.law import check
from xinheng.law.consents import Need, Occasion, Pressure, consent_rules
from xinheng.law.enums import SubjectKind
from xinheng.law.pack import Pack

TODAY = date(2026, 11, 20)


@pytest.mark.req("INV-5", kind="rule")
def test_national_consent_holds_in_every_city(law_pack: Pack) -> None:
    person = SubjectKind.NATURAL_PERSON
    asked = consent_rules(law_pack, TODAY, kind=Occasion.COLLECTION, subject=person)
    assert {"CN-PIPL-13", "CN-PIPL-31"} <= {rule.article for rule in asked}
    assert any(Need.GUARDIAN_CONSENT in rule.needs for rule in asked)
    assert all(rule.withdrawal == "any_time" for rule in asked)
    assert all(Pressure.COERCION in rule.forbids for rule in asked)


@pytest.mark.req("INV-5", "ZY-33", "ZY-47", "SP-7", kind="rule")
def test_each_city_adds_its_own() -> None:
    zhangye, siping = load_pack("zhangye"), load_pack("siping")
    company, person = SubjectKind.LEGAL_PERSON, SubjectKind.NATURAL_PERSON
    [push] = consent_rules(zhangye, TODAY, kind=Occasion.PUSH, subject=company)
    assert (push.article, push.needs) == ("ZY-33", (Need.WILL,))
    assert "ZY-47" in {r.article for r in consent_rules(zhangye, TODAY, kind=Occasion.PUBLICATION, subject=person)}
    market = [r for r in consent_rules(siping, TODAY, kind=Occasion.COLLECTION, subject=person) if r.article == "SP-7"]
    assert market and {Pressure.COERCION, Pressure.DISGUISED_COERCION, Pressure.BUNDLING} <= set(market[0].forbids)
    assert not consent_rules(siping, TODAY, kind=Occasion.PUSH, subject=company)


CONSENT = """\
- code: push
  label: {zh: "推送", en: "push"}
  kind: KIND
  subjects: [legal_person]
  values:
    - {from: "2024-01-01", until: null, needs: [NEEDS], forbids: [], form: recorded, exception: none,
       withdrawal: WITHDRAWAL, article: "TT-2"}
"""


@pytest.mark.req("INV-5", kind="refusal")
@pytest.mark.parametrize(
    ("kind", "needs", "withdrawal", "code"),
    [
        ("push", "will", "any_time", None),
        ("sale", "will", "any_time", "not_in_vocabulary"),
        ("push", "silence", "any_time", "not_in_vocabulary"),
        ("push", "will", "never", "not_in_vocabulary"),
        ("push", "", "any_time", "empty_list"),
    ],
)
def test_a_wrong_rule_of_consent_is_refused_with_its_line(
    tmp_path: Path, kind: str, needs: str, withdrawal: str, code: str | None
) -> None:
    law = write(tmp_path, {})
    text = CONSENT.replace("KIND", kind).replace("NEEDS", needs).replace("WITHDRAWAL", withdrawal)
    (law / "consents.yaml").write_text(text, encoding="utf-8")
    found = [one for one in check(law, root=tmp_path) if one.file.endswith("consents.yaml")]
    assert (code in {one.code for one in found}) is (code is not None), found
    assert all(one.line >= 1 for one in found) and (code is not None or not found)
