"""Is what an officer cites read in every usual form, and nothing accepted that the pack does not list?"""

from __future__ import annotations

from datetime import date

import pytest

from tests.conftest import load_pack
from xinheng.law.lookup import matter
from xinheng.law.statutes import founded_by, listed

DAY = date(2026, 11, 20)
CITED = [
    "CN-APL-48",
    " cn-apl-48(1) ",
    "《中华人民共和国行政处罚法》第四十八条",
    "《行政处罚法》第四十八条第一款",
    "行政处罚法 第48条",
    "中华人民共和国行政处罚法第四十八条第（二）项",
    "Administrative Penalty Law, Article 48",
]
REFUSED = [
    "",
    "某法第一条",
    "依法",
    "第四十八条",
    "《行政处罚法》",
    "行政处罚法第九百条",
    "《民法典》第一千零三十四条",
    "CN-XX-1",
]


@pytest.mark.req("QRY-1", "ZY-34", "SP-10", kind="rule")
@pytest.mark.parametrize("law", ["zhangye", "siping", "demo-city"])
@pytest.mark.parametrize("text", CITED)
def test_a_listed_article_is_known_however_it_is_cited(law: str, text: str) -> None:
    pack = load_pack(law)
    found = founded_by(pack, matter(pack, "other_by_law", DAY), text, DAY)
    assert found is not None
    assert found.id == "CN-APL-48"


@pytest.mark.req("QRY-1", "ZY-34", "SP-10", kind="refusal")
@pytest.mark.parametrize("law", ["zhangye", "siping", "demo-city"])
@pytest.mark.parametrize("text", REFUSED)
def test_what_the_pack_does_not_list_founds_no_query(law: str, text: str) -> None:
    pack = load_pack(law)
    assert founded_by(pack, matter(pack, "other_by_law", DAY), text, DAY) is None


@pytest.mark.req("QRY-1", "ZY-34", "SP-10", kind="refusal")
def test_the_kinds_of_law_and_the_days_of_force_are_respected() -> None:
    zhangye, siping = load_pack("zhangye"), load_pack("siping")
    order = "国家发展改革委2025年第36号令"
    assert founded_by(zhangye, matter(zhangye, "other_by_law", DAY), order, DAY) is not None
    assert founded_by(siping, matter(siping, "other_by_law", DAY), order, DAY) is None
    early = date(2026, 3, 31)
    assert founded_by(zhangye, matter(zhangye, "other_by_law", early), order, early) is None


@pytest.mark.req("QRY-1", kind="rule")
def test_the_articles_that_may_be_cited_can_be_listed() -> None:
    pack = load_pack("demo-city")
    ids = [article.id for article in listed(pack, matter(pack, "other_by_law", DAY), DAY)]
    assert ids == ["CN-APL-9", "CN-APL-48", "CN-APL-85", "CN-PIPL-34", "CN-OGI-15"]
    honours = matter(pack, sorted(code for code in pack.matters if code != "other_by_law")[0], DAY)
    assert listed(pack, honours, DAY) == ()
