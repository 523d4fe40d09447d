"""What officers are refused, under each law: with the article of that law, an entry, and nothing shown."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from tests.journeys.cast import FINE, REFUSED_CASE, UNKNOWN_COMPANY, UNKNOWN_PERSON, UNLISTED, Cast, Page
from xinheng.ledger import selectors as ledger

pytestmark = pytest.mark.django_db


def refused(cast: Cast, page: Page, reason: str) -> None:
    """The page is a refusal for ``reason``: its article, a receipt, and nothing about anybody."""
    assert page.status == 403
    article = cast.article_of(reason)
    assert cast.cited(article) in page.words
    last = ledger.entries(act="disclosure.answered", limit=1)[0]
    assert last.body is not None
    assert (last.law, last.body["result"]) == (cast.pack.label, "refused")
    assert (last.body["ground"]["reason"], last.body["ground"]["article"]) == (reason, article)
    assert str(last.entry_id) in page.words
    for hidden in (cast.company["CF_XDR_MC"], cast.person_name, FINE):
        assert hidden not in page.all


@pytest.mark.req("QRY-1", "INV-3", "ZY-34", "ZY-35", "SP-10", "SP-28", kind="refusal")
def test_a_matter_that_the_law_does_not_list(cast: Cast) -> None:
    refused(cast, cast.ask(cast.company_code, matter=UNLISTED), "matter_not_listed")


@pytest.mark.req("QRY-1", "INV-3", "ZY-34", "SP-10", kind="refusal")
def test_a_matter_of_another_law(cast: Cast) -> None:
    """What one city lists another does not: the codes of every other law are refused here."""
    from tests.conftest import PACKS, load_pack
    from xinheng.law import lookup

    here = {m.code for m in lookup.matters(cast.pack, cast.today)}
    elsewhere = {m.code for name in PACKS for m in lookup.matters(load_pack(name), cast.today)} - here
    assert elsewhere
    for code in sorted(elsewhere)[:3]:
        refused(cast, cast.ask(cast.company_code, matter=code), "matter_not_listed")


@pytest.mark.req("QRY-1", "ORG-1", "INV-3", "ZY-34", "SP-10", kind="refusal")
def test_an_officer_whose_organisation_has_not_the_power(cast: Cast) -> None:
    page = cast.ask(cast.company_code, by=cast.powerless)
    last = ledger.entries(act="disclosure.answered", limit=1)[0]
    assert last.body is not None
    assert last.body["ground"]["reason"] in ("power_missing", "matter_not_for_you")
    refused(cast, page, last.body["ground"]["reason"])


@pytest.mark.req("QRY-1", "ORG-1", "INV-3", kind="refusal")
def test_a_listed_matter_beyond_the_own_powers(cast: Cast) -> None:
    page = cast.ask(cast.company_code, matter=cast.foreign_matter.code)
    last = ledger.entries(act="disclosure.answered", limit=1)[0]
    assert last.body is not None
    refused(cast, page, last.body["ground"]["reason"])


@pytest.mark.req("QRY-1", "INV-3", "ZY-35", "SP-15", kind="refusal")
def test_a_question_without_a_case(cast: Cast) -> None:
    refused(cast, cast.ask(cast.company_code, case_number=""), "case_missing")


@pytest.mark.req("QRY-1", "INV-3", "INV-4", "ZY-35", "SP-28", kind="refusal")
def test_a_person_who_is_no_party_known_or_not(cast: Cast) -> None:
    known, unknown = (cast.ask(who, parties=False) for who in (cast.person_id, UNKNOWN_PERSON))
    refused(cast, unknown, "person_not_party")
    assert alike(known) == alike(unknown)


@pytest.mark.req("QRY-1", "INV-4", kind="refusal")
def test_more_persons_than_the_matter_admits(cast: Cast) -> None:
    most = cast.matter.max_persons
    numbers = [number for number in PERSONS if number != cast.person_id][:most]
    page = cast.ask("\n".join([cast.person_id, *numbers]))
    refused(cast, page, "too_many_persons")


@pytest.mark.req("QRY-1", kind="refusal")
def test_more_organisations_than_the_matter_admits(cast: Cast) -> None:
    before = len(ledger.entries(limit=500))
    most = min(cast.matter.max_organisations, 500)  # the form takes no more lines
    page = cast.ask("\n".join([cast.company_code] * (most + 1)))
    assert page.status == 422
    assert str(most) in page.words
    assert FINE not in page.all
    beyond = int(cast.matter.max_organisations < 500)  # more than the matter admits is a denial; than the form, a fault
    assert len(ledger.entries(limit=500)) == before + beyond
    assert len(ledger.entries(act="disclosure.refused", limit=5)) == beyond


@pytest.mark.req("QRY-1", "INV-4", kind="refusal")
def test_a_name_that_does_not_fit_tells_nothing_about_a_person(cast: Cast) -> None:
    known, unknown = (
        cast.ask(f"{who} 张冠李", case_number=case)
        for who, case in zip((cast.person_id, UNKNOWN_PERSON), CASES, strict=True)  # a case may hold one person only
    )
    assert cast.person_name not in known.all
    assert alike(known) == alike(unknown)


@pytest.mark.req("ORG-1", "CAT-2", "INT-1", "ZY-32", "ZY-33", "SP-8", kind="refusal")
def test_who_may_not_report_and_what_no_catalog_names(bare: Cast) -> None:
    for by in (bare.querier, bare.auditor, "qiye"):
        assert bare.post("/desk/intake", {"item": "CF"}, by).status == 403
    assert bare.report(bare.penalty(1, bare.company), item="ZZ").status == 422
    assert not list(bare.records())


@pytest.mark.req("INV-2", "INT-1", "ZY-32", "ZY-33", "SP-23", kind="refusal")
def test_an_adverse_row_without_its_document_is_returned_and_not_kept(bare: Cast) -> None:
    page = bare.report(bare.penalty("", bare.company, CF_WSH="", CF_SY="独一无二的事由"))
    assert "0行已接收，1行等处理" in page.words
    assert "独一无二的事由" not in page.all
    assert not list(bare.records())
    assert "独一无二的事由" not in bare.get("/my/file", "qiye").all


@pytest.mark.req("INV-9", "INV-2", "SUB-1", "ZY-3", "SP-3", kind="refusal")
@pytest.mark.req("INV-9", kind="journey")
@pytest.mark.parametrize("case", ["minor", "public_order"])
def test_sealed_matters_never_enter_and_never_appear(bare: Cast, case: str) -> None:
    who = bare.person("minor") if case == "minor" else bare.person()
    basis = {"CF_YJ": "《中华人民共和国治安管理处罚法》第二十六条", "CF_WFXW": "扰乱公共秩序"}
    page = bare.report(bare.penalty(9, who, CF_SY="独一无二的事由", **(basis if case == "public_order" else {})))
    assert "0行已接收，1行等处理" in page.words
    reason = "intake.minor" if case == "minor" else "intake.sealed"
    from xinheng.law import lookup

    assert bare.cited(lookup.ground(bare.pack, reason, bare.today).article) in page.words
    assert not list(bare.records())
    asked = bare.ask(who["CF_XDR_ZJHM"], case_number=CASES[0]), bare.ask(UNKNOWN_PERSON, case_number=CASES[1])
    assert alike(asked[0]) == alike(asked[1])
    for told in (page, bare.get("/my/file", "gongmin"), bare.get("/desk/review", bare.reviewer), *asked):
        assert "独一无二的事由" not in told.all
        assert "扰乱公共秩序" not in told.all


@pytest.mark.req("SUB-1", "ZY-3", "SP-3", kind="refusal")
def test_the_placeholder_identifies_nobody(bare: Cast) -> None:
    page = bare.report(bare.penalty(5, {**bare.person(), "CF_XDR_ZJHM": "00000000000000000X"}))
    assert "0行已接收，1行等处理" in page.words
    assert not list(bare.records())


@pytest.mark.req("INV-3", "QRY-1", "QRY-2", "ZY-35", "SP-15", kind="refusal")
@pytest.mark.parametrize("broken", ["official", "own", "looks", "log"])
def test_without_an_entry_there_is_no_byte_of_an_answer(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    from django.db import OperationalError

    from xinheng.ledger.services import writing

    def full(*_: Any, **__: Any) -> None:
        raise OperationalError("could not extend file: no space left on device")

    cast.ask(cast.company_code)
    before = len(ledger.entries(limit=500))
    monkeypatch.setattr(writing, "make_entry", full)
    doors = {
        "official": lambda: [cast.ask(cast.company_code), cast.ask(cast.company_code, machine=True)],
        "own": lambda: [cast.get(path, "qiye") for path in ("/my/file", "/my/copy.json", "/my/copy.csv")],
        "looks": lambda: [cast.get("/my/looks", "qiye")],
        "log": lambda: [cast.get("/desk/log", cast.auditor)],
    }
    for page in doors[broken]():
        assert page.status == 503
        for hidden in (cast.company["CF_XDR_MC"], FINE, REFUSED_CASE, "旅程"):
            assert hidden not in page.words
    assert len(ledger.entries(limit=500)) == before


@pytest.mark.req("QRY-1", kind="refusal")
def test_a_machine_is_told_the_refusal_with_its_article(cast: Cast) -> None:
    (line,) = orjson.loads(cast.ask(cast.company_code, machine=True, matter=UNLISTED).source)["answers"]
    assert (line["result"], line["records"], line["article"]) == (
        "refused", [], cast.article_of("matter_not_listed"),
    )  # fmt: skip
    assert "subject" not in line
    answer = cast.get("/my/copy.json", machine=True)
    assert answer.status in (302, 403)


CASES = ("招〔2026〕0043", "招〔2026〕0044")
PERSONS = [f"6222012005{month:02d}10{order}" for month in range(1, 13) for order in ("101", "102")]


def alike(page: Page) -> tuple[int, int]:
    """What an asker can tell two answers apart by: status and length."""
    return page.status, len(page.source)


def _with_check_character(body: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(sign) * weight for sign, weight in zip(body, weights, strict=True)) % 11]


PERSONS = [_with_check_character(body) for body in PERSONS]
assert UNKNOWN_COMPANY not in PERSONS
