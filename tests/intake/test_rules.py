"""Persons, minors, sealed matters, duplicates, personal numbers in text, and who may report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.made import AUTHORITY, TODAY, Desk, codes, licence, penalty, person_penalty, table, text_of
from xinheng.intake.reading import check_file
from xinheng.intake.rules import FileRefused, ProviderFacts, Verdict, full_values, provider_in_pack
from xinheng.intake.rules.layout import is_repeated_header
from xinheng.intake.rules.verdicts import NOT_KEPT, TRANSITIONS, WEIGHTS, RowState, Weight
from xinheng.law import lookup
from xinheng.law.enums import SubjectKind
from xinheng.law.pack import Pack
from xinheng.lib.errors import NotFound
from xinheng.lib.freetext import masked, personal_numbers
from xinheng.ui import wording

SEVENTEEN, FIFTEEN = date(2009, 6, 1), date(2011, 6, 1)


def person_licence(born: date, number: int = 1) -> dict[str, str]:
    person = person_penalty(number, born=born)
    row = licence(number) | {"XK_XDR_LB": "自然人", "XK_XDR_SHXYM": "", "XK_FRDB": "", "XK_XDR_MC": "李四"}
    return row | {"XK_XDR_ZJLX": "身份证", "XK_XDR_ZJHM": person["CF_XDR_ZJHM"]}


@pytest.mark.req("INV-9", "ZY-3", "SP-3", kind="refusal")
@pytest.mark.parametrize("born", [SEVENTEEN, FIFTEEN])
def test_an_adverse_record_of_a_minor_is_returned_and_not_kept(law_pack: Pack, born: date) -> None:
    found = Desk(law_pack).row(person_penalty(1, born=born) | {"CF_JDRQ": "2026/03/02"})
    assert found.verdict is Verdict.REJECT
    assert "minor_adverse" in codes(found)
    assert found.keep is False
    assert next(f.article for f in found.findings if f.code == "minor_adverse")


@pytest.mark.req("INV-9", "SUB-1", "ZY-3", kind="refusal")
def test_a_person_whose_document_tells_no_age_waits_for_a_person(law_pack: Pack) -> None:
    found = Desk(law_pack).row(person_penalty(1) | {"CF_XDR_ZJLX": "护照号", "CF_XDR_ZJHM": "E12345678"})
    assert (found.verdict, "age_unknown" in codes(found)) == (Verdict.REVIEW, True)
    licence_of = person_licence(SEVENTEEN) | {"XK_XDR_ZJLX": "护照号", "XK_XDR_ZJHM": "E12345678"}
    waits = lookup.person_rule(law_pack, TODAY).admits != "everyone"
    assert ("age_unknown" in codes(Desk(law_pack, "XK").row(licence_of))) is waits


@pytest.mark.req("ZY-33", "ORG-1", "INT-1", kind="refusal")
def test_what_is_sent_in_the_name_of_another_organ_waits_for_a_person(law_pack: Pack) -> None:
    desk, other = Desk(law_pack), Desk(law_pack, provider="zjj")
    assert desk.row(penalty(1)).verdict is Verdict.ACCEPT
    other.provider = replace(provider_in_pack(law_pack, "zjj"), others=frozenset({AUTHORITY}))
    found = other.row(penalty(1))
    assert (found.verdict, codes(found)) == (Verdict.REVIEW, {"authority_is_not_the_sender"})
    # A subordinate body that does not report for itself: forwarded, and told.
    other.provider = replace(provider_in_pack(law_pack, "zjj"), others=frozenset())
    forwarded = other.row(penalty(1))
    assert (forwarded.verdict, codes(forwarded)) == (Verdict.ACCEPT, {"authority_is_another"})
    assert provider_in_pack(law_pack, "scjgj").uscc in provider_in_pack(law_pack, "zjj").others


@pytest.mark.req("INV-9", kind="rule")
def test_a_person_is_of_age_on_the_eighteenth_birthday(law_pack: Pack) -> None:
    desk = Desk(law_pack)
    row = person_penalty(1, born=date(2008, 3, 2))
    assert desk.row(row | {"CF_JDRQ": "2026/03/01"}).verdict is Verdict.REJECT
    assert desk.row(row | {"CF_JDRQ": "2026/03/02"}).verdict is Verdict.ACCEPT


@pytest.mark.req("INV-9", kind="rule")
def test_conduct_named_in_the_facts_from_before_the_eighteenth_birthday_waits_for_a_person(law_pack: Pack) -> None:
    desk = Desk(law_pack)
    row = person_penalty(1, born=date(2006, 3, 2)) | {"CF_JDRQ": "2026/03/02"}
    early = desk.row(row | {"CF_SY": "当事人于2023年6月1日无照经营。"})
    assert early.verdict is Verdict.REVIEW
    assert "conduct_as_minor_suspected" in codes(early)
    assert desk.row(row | {"CF_SY": "李四，2006年3月2日出生，于2025年6月1日无照经营。"}).verdict is Verdict.ACCEPT


@pytest.mark.req("SUB-1", "ZY-3", kind="refusal")
def test_where_only_full_capacity_admits_a_young_licensee_is_returned_or_waits() -> None:
    from tests.conftest import load_pack

    desk = Desk(load_pack("zhangye"), "XK")
    child = desk.row(person_licence(FIFTEEN))
    assert child.verdict is Verdict.REJECT
    assert [(f.code, f.article) for f in child.findings] == [("capacity_missing", "ZY-3")]
    assert child.keep is False
    youth = desk.row(person_licence(SEVENTEEN))
    assert youth.verdict is Verdict.REVIEW
    assert "capacity_unclear" in codes(youth)


@pytest.mark.req("SUB-1", "SP-3", kind="rule")
def test_where_all_persons_are_subjects_a_young_licensee_is_accepted() -> None:
    from tests.conftest import load_pack

    desk = Desk(load_pack("siping"), "XK")
    assert desk.row(person_licence(FIFTEEN)).verdict is Verdict.ACCEPT


SEALED = {"CF_YJ": "《治安管理处罚法》第四十九条"}


@pytest.mark.req("INV-9", kind="refusal")
def test_a_sealed_matter_of_a_person_is_returned_with_its_article(law_pack: Pack) -> None:
    found = Desk(law_pack).row(person_penalty() | SEALED)
    assert found.verdict is Verdict.REJECT
    assert found.keep is False
    assert [f.article for f in found.findings if f.code == "sealed"] == ["CN-PSAL-136"]


@pytest.mark.req("INV-9", kind="rule")
def test_the_same_statute_against_an_organisation_is_no_sealed_matter(law_pack: Pack) -> None:
    assert Desk(law_pack).row(penalty() | SEALED).verdict is Verdict.ACCEPT


@pytest.mark.req("INV-9", kind="rule")
def test_a_sealed_matter_is_found_in_rows_that_can_not_be_read(law_pack: Pack) -> None:
    desk = Desk(law_pack)
    unknown = desk.row(person_penalty() | SEALED | {"CF_XDR_LB": "人"})
    assert "sealed" in codes(unknown)
    assert unknown.keep is False
    cells = table(desk.item, [person_penalty() | SEALED])
    cells[1] = cells[1][:-1]
    ragged = desk.judge(text_of(cells))[0]
    assert "sealed" in codes(ragged)
    assert ragged.keep is False


@pytest.mark.req("INV-2", kind="refusal")
def test_an_adverse_row_without_its_document_is_returned_with_the_article_and_not_kept(law_pack: Pack) -> None:
    found = Desk(law_pack).row(penalty() | {"CF_WSH": ""})
    assert found.keep is False
    assert next(f.article for f in found.findings if f.code == "document_missing")


def test_a_licence_without_its_number_is_returned_and_kept_for_its_sender(law_pack: Pack) -> None:
    found = Desk(law_pack, "XK").row(licence() | {"XK_WSH": ""})
    assert codes(found) == {"required_missing"}
    assert found.keep is True


def test_the_same_row_twice_is_told_as_unchanged(pack: Pack) -> None:
    first, second = Desk(pack).rows(penalty(1), penalty(1) | {"CF_JDRQ": penalty(1)["CF_JDRQ"].replace("/", "-")})
    assert not first.findings
    assert second.verdict is Verdict.ACCEPT
    assert second.unchanged
    assert second.findings[0].params == {"first": "2"}


def test_the_same_decision_with_other_content_waits_for_a_person(pack: Pack) -> None:
    _, second = Desk(pack).rows(penalty(1), penalty(1) | {"CF_NR_FK": "0.3"})
    assert second.verdict is Verdict.REVIEW
    assert codes(second) == {"differs_in_file"}


def test_the_same_number_of_another_counterpart_or_organ_is_another_decision(pack: Pack) -> None:
    rows = Desk(pack).rows(penalty(1), penalty(2) | {"CF_WSH": penalty(1)["CF_WSH"]})
    assert [r.verdict for r in rows] == [Verdict.ACCEPT, Verdict.ACCEPT]
    assert not rows[1].findings


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("身份证号622201199001011234", ["id"]),
        ("身份证号622201 19900101 1234。", ["id"]),
        ("身份证号６２２２０１１９９００１０１１２３４", ["id"]),
        ("旧号622201900101123", ["id"]),
        ("号码错一位622201199001011235", ["id"]),
        ("电话13912345678、139-1234-5678", ["phone", "phone"]),
        ("电话+8613912345678", ["phone"]),
        ("卡号6222021001116245702", ["card"]),
        ("卡号4111 1111 1111 1111", ["card"]),
        ("座机0936-8212345", []),
        ("文号〔2026〕123456号", []),
        ("代码116207999900000258", []),
        ("案号620702202405120001", []),
        ("金额1234567890123元", []),
        ("期间20260101-20261231", []),
        ("", []),
    ],
)
def test_numbers_of_persons_in_free_text_are_found(text: str, kinds: list[str]) -> None:
    assert [found.kind for found in personal_numbers(text)] == kinds


def test_numbers_of_persons_are_masked_to_their_last_two_characters() -> None:
    assert masked("证号622201199001011234，电话13912345678。") == "证号****************34，电话*********78。"


@given(st.text())
def test_masking_keeps_the_length_of_any_text(text: str) -> None:
    assert len(masked(text)) == len(text)


@pytest.mark.req("INV-2", "PUB-1", kind="rule")
def test_a_number_in_free_text_is_told_and_does_not_hold_up_the_row(pack: Pack) -> None:
    found = Desk(pack).row(penalty() | {"CF_SY": "联系电话13912345678"})
    assert found.verdict is Verdict.ACCEPT
    assert codes(found) == {"personal_in_text"}


@pytest.mark.req("SUB-2", "ZY-3", "SP-8", kind="refusal")
def test_an_organisation_without_the_power_may_not_report(law_pack: Pack) -> None:
    desk = Desk(law_pack)
    desk.provider = ProviderFacts("x", "某某协会", "", "association", frozenset())
    with pytest.raises(FileRefused) as refused:
        desk.rows(penalty())
    assert refused.value.code in {"provider_kind_may_not_report", "provider_without_power"}
    assert refused.value.article


@pytest.mark.req("SUB-2", kind="refusal")
def test_the_refusal_comes_before_the_file_is_read(law_pack: Pack) -> None:
    desk = Desk(law_pack)
    nobody = ProviderFacts("x", "某某公司", "", "enterprise", frozenset())
    with pytest.raises(FileRefused):
        check_file(b"", item=desk.item, pack=law_pack, provider=nobody, today=date(2026, 11, 20))


def test_an_unknown_organisation_is_not_found(pack: Pack) -> None:
    with pytest.raises(NotFound):
        provider_in_pack(pack, "nowhere")


def test_the_parts_of_a_row_are_told_by_role(law_pack: Pack) -> None:
    desk = Desk(law_pack)
    found = desk.row(person_penalty())
    from xinheng.intake.rules import roles_of

    roles = roles_of(desk.item)
    assert roles.subject_kind(found.values) is SubjectKind.NATURAL_PERSON
    assert roles.identifier(found.values) == ("id", person_penalty()["CF_XDR_ZJHM"])
    assert roles.identifier({}) is None
    assert roles.natural_key(found.values)[0] == "CF"
    passport = found.values | {"CF_XDR_ZJLX": "护照号", "CF_XDR_ZJHM": "E1234"}
    assert roles.identifier(passport) == ("doc", "护照号:E1234")
    assert set(full_values(desk.item, {})) == {f.code for f in desk.item.fields}


def test_no_finding_repeats_the_identifier_of_a_person(law_pack: Pack) -> None:
    number = person_penalty()["CF_XDR_ZJHM"]
    for wrong in (number[:-1] + "*", number[:-2], f"{number}9", number[:6] + "О" + number[7:]):
        found = Desk(law_pack).row(person_penalty() | {"CF_XDR_ZJHM": wrong})
        assert found.findings
        told = "".join(wording.plain(f.code, f.params) for f in found.findings)
        assert number[6:14] not in told


def test_every_code_is_worded_and_every_sentence_filled(law_pack: Pack) -> None:
    for code in set(WEIGHTS) | NOT_KEPT:
        if code != "market_without_consent":
            assert wording.known(code), code


def test_weights_and_states_are_complete() -> None:
    assert set(WEIGHTS.values()) == {Weight.NOTE, Weight.REVIEW}
    assert set(TRANSITIONS) == set(RowState)
    assert not NOT_KEPT & set(WEIGHTS)


def test_data_that_looks_like_a_header_cell_is_a_row(pack: Pack) -> None:
    desk = Desk(pack)
    assert not is_repeated_header(["行政相对人名称", "x", "y", "z", "w"], desk.item)
