"""Every seeded fault is found, in its field, with its verdict; no faultless row is held up."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.intake.made import (
    ANOTHER_BODY,
    Desk,
    Values,
    business_penalty,
    codes,
    licence,
    make_id,
    make_uscc,
    penalty,
    person_penalty,
)
from xinheng.intake.rules import Verdict
from xinheng.law.pack import Pack
from xinheng.ui.wording import plain

RNG = random.Random(42)
Fault = tuple[str, Callable[[int], Values], Values, str, str, Verdict]
REJECT, REVIEW, ACCEPT = Verdict.REJECT, Verdict.REVIEW, Verdict.ACCEPT


def swapped(code: str) -> str:
    """The code with its last character wrong."""
    return code[:-1] + ("1" if code[-1] != "1" else "2")


GOOD_USCC, GOOD_ID = make_uscc(RNG), make_id(RNG)
# name, faultless row, what is changed in it, field and code of the finding, verdict
FAULTS: list[Fault] = [
    ("check character", penalty, {"CF_XDR_SHXYM": swapped(GOOD_USCC)}, "CF_XDR_SHXYM", "uscc_check_character", REJECT),
    ("scientific code", penalty, {"CF_XDR_SHXYM": "9.16208E+17"}, "CF_XDR_SHXYM", "excel_scientific", REJECT),
    ("short code", penalty, {"CF_XDR_SHXYM": GOOD_USCC[:-1]}, "CF_XDR_SHXYM", "uscc_length", REJECT),
    ("letter O", penalty, {"CF_XDR_SHXYM": GOOD_USCC[:8] + "O" + GOOD_USCC[9:]}, "CF_XDR_SHXYM", "uscc_letter", REJECT),
    ("cyrillic", penalty, {"CF_XDR_SHXYM": GOOD_USCC[:8] + "М" + GOOD_USCC[9:]}, "CF_XDR_SHXYM", "look_alike", REJECT),
    ("placeholder", penalty, {"CF_XDR_SHXYM": "00000000000000000X"}, "CF_XDR_SHXYM", "placeholder", REVIEW),
    ("authority code", penalty, {"CF_CFJGDM": swapped(GOOD_USCC)}, "CF_CFJGDM", "uscc_check_character", REJECT),
    ("another authority", penalty, {"CF_CFJGDM": ANOTHER_BODY}, "CF_CFJGDM", "authority_is_not_the_sender", REVIEW),
    ("another source", penalty, {"CF_SJLYDM": ANOTHER_BODY}, "CF_SJLYDM", "authority_is_not_the_sender", REVIEW),
    ("passport tells no age", person_penalty, {"CF_XDR_ZJLX": "护照号", "CF_XDR_ZJHM": "E12345678"}, "CF_XDR_ZJHM",
     "age_unknown", REVIEW),
    ("authority placeholder", penalty, {"CF_CFJGDM": "00000000000000000X"}, "CF_CFJGDM", "code_placeholder", REVIEW),
    ("organisation code", penalty, {"CF_XDR_ZZJG": "123456789"}, "CF_XDR_ZZJG", "org_check_character", REJECT),
    ("missing code", penalty, {"CF_XDR_SHXYM": ""}, "CF_XDR_SHXYM", "required_missing", REJECT),
    ("missing name", penalty, {"CF_XDR_MC": " \u3000"}, "CF_XDR_MC", "required_missing", REJECT),
    ("missing document", penalty, {"CF_WSH": ""}, "CF_WSH", "document_missing", REJECT),
    ("document is a stroke", penalty, {"CF_WSH": "/"}, "CF_WSH", "document_missing", REJECT),
    ("missing organ", penalty, {"CF_CFJG": ""}, "CF_CFJG", "document_missing", REJECT),
    ("missing day", penalty, {"CF_JDRQ": ""}, "CF_JDRQ", "document_missing", REJECT),
    ("missing basis", penalty, {"CF_YJ": ""}, "CF_YJ", "required_missing", REJECT),
    ("missing fine", penalty, {"CF_NR_FK": ""}, "CF_NR_FK", "required_missing", REJECT),
    ("missing gains", penalty, {"CF_CFLB": "罚款;没收违法所得"}, "CF_NR_WFFF", "required_missing", REJECT),
    ("missing licence", penalty, {"CF_CFLB": "吊销许可证件", "CF_NR_FK": ""}, "CF_NR_ZKDX", "required_missing", REJECT),
    ("kind", penalty, {"CF_XDR_LB": "公司"}, "CF_XDR_LB", "enum_unknown", REJECT),
    ("penalty kind", penalty, {"CF_CFLB": "罚金"}, "CF_CFLB", "enum_unknown", REJECT),
    ("one of two kinds", penalty, {"CF_CFLB": "罚款;责令改正"}, "CF_CFLB", "enum_unknown", REJECT),
    ("other without name", penalty, {"CF_CFLB": "其他", "CF_NR_FK": ""}, "CF_CFLB", "enum_unknown", REJECT),
    ("no such day", penalty, {"CF_JDRQ": "2026/02/30"}, "CF_JDRQ", "date_not_real", REJECT),
    ("two-digit year", penalty, {"CF_JDRQ": "26/5/1"}, "CF_JDRQ", "date_ambiguous", REJECT),
    ("words for a day", penalty, {"CF_JDRQ": "今年五月"}, "CF_JDRQ", "date_unreadable", REJECT),
    ("day tomorrow", penalty, {"CF_JDRQ": "2026/11/21"}, "CF_JDRQ", "decided_in_future", REJECT),
    ("day of long ago", penalty, {"CF_JDRQ": "1899/12/30"}, "CF_JDRQ", "date_implausible", REJECT),
    ("order of days", penalty, {"CF_YXQ": "2025/12/31"}, "CF_YXQ", "valid_until_before_decision", REVIEW),
    ("order of days XK", licence, {"XK_YXQZI": "2026/03/01"}, "XK_YXQZI", "valid_until_before_from", REJECT),
    ("words for a fine", penalty, {"CF_NR_FK": "约贰仟元"}, "CF_NR_FK", "decimal_unreadable", REJECT),
    ("negative fine", penalty, {"CF_NR_FK": "-0.2"}, "CF_NR_FK", "decimal_negative", REJECT),
    ("scientific fine", penalty, {"CF_NR_FK": "2E-1"}, "CF_NR_FK", "decimal_scientific", REJECT),
    ("fine of many places", penalty, {"CF_NR_FK": "0.2000001"}, "CF_NR_FK", "decimal_places", REJECT),
    ("fine in yuan", penalty, {"CF_NR_FK": "2000"}, "CF_NR_FK", "fine_unit_suspected", REVIEW),
    ("long name", penalty, {"CF_XDR_MC": "某" * 201}, "CF_XDR_MC", "too_long", REJECT),
    ("long facts", penalty, {"CF_SY": "事" * 5001}, "CF_SY", "too_long", REJECT),
    ("lost character", penalty, {"CF_XDR_MC": "弱水\ufffd公司"}, "CF_XDR_MC", "character_lost", REJECT),
    ("question mark", penalty, {"CF_FRDB": "王?"}, "CF_FRDB", "name_character", REJECT),
    ("masked name", penalty, {"CF_FRDB": "王*"}, "CF_FRDB", "name_character", REJECT),
    ("business code for a body", penalty, {"CF_XDR_SHXYM": make_uscc(RNG, "92620799")}, "CF_XDR_LB",
     "kind_does_not_fit_code", REVIEW),
    ("body code for a business", business_penalty, {"CF_XDR_SHXYM": make_uscc(RNG)}, "CF_XDR_SHXYM",
     "individual_business_code_not_92", REVIEW),
    ("code for a person", person_penalty, {"CF_XDR_SHXYM": make_uscc(RNG)}, "CF_XDR_SHXYM", "code_for_person", REJECT),
    ("person without document", person_penalty, {"CF_XDR_ZJHM": ""}, "CF_XDR_ZJHM", "required_missing", REJECT),
    ("person without kind", person_penalty, {"CF_XDR_ZJLX": ""}, "CF_XDR_ZJLX", "required_missing", REJECT),
    ("number", person_penalty, {"CF_XDR_ZJHM": swapped(GOOD_ID)}, "CF_XDR_ZJHM", "id_check_character", REJECT),
    ("day in number", person_penalty, {"CF_XDR_ZJHM": "622201199013011234"}, "CF_XDR_ZJHM", "id_date", REJECT),
    ("scientific number", person_penalty, {"CF_XDR_ZJHM": "6.22201E+17"}, "CF_XDR_ZJHM", "excel_scientific", REJECT),
    ("number cut off", person_penalty, {"CF_XDR_ZJHM": "62220119900101"}, "CF_XDR_ZJHM", "id_form", REJECT),
    ("passport", person_penalty, {"CF_XDR_ZJLX": "护照号", "CF_XDR_ZJHM": "？？"}, "CF_XDR_ZJHM",
     "document_number_form", REJECT),
    ("representative", penalty, {"CF_FR_ZJLX": "身份证", "CF_FR_ZJHM": swapped(GOOD_ID)}, "CF_FR_ZJHM",
     "id_check_character", REJECT),
    ("sealed matter", person_penalty, {"CF_YJ": "《中华人民共和国治安管理处罚法》第四十九条", "CF_CFLB": "行政拘留",
     "CF_NR_FK": ""}, "CF_YJ", "sealed", REJECT),
    ("detention", person_penalty, {"CF_YJ": "《中华人民共和国道路交通安全法》第九十一条", "CF_CFLB": "行政拘留",
     "CF_NR_FK": ""}, "CF_CFLB", "sealed_suspected", REVIEW),
    ("status", licence, {"XK_ZT": "9"}, "XK_ZT", "enum_unknown", REJECT),
]  # fmt: skip

# Written oddly, meant rightly: accepted, with the canonical value.
REPAIRED: list[tuple[Callable[[int], Values], Values, Values]] = [
    (penalty, {"CF_JDRQ": "2026年5月1日"}, {"CF_JDRQ": "2026-05-01"}),
    (penalty, {"CF_JDRQ": "2026.5.1"}, {"CF_JDRQ": "2026-05-01"}),
    (penalty, {"CF_JDRQ": "20260501"}, {"CF_JDRQ": "2026-05-01"}),
    (penalty, {"CF_JDRQ": "2026/5/1 0:00:00"}, {"CF_JDRQ": "2026-05-01"}),
    (penalty, {"CF_JDRQ": "46143"}, {"CF_JDRQ": "2026-05-01"}),
    (penalty, {"CF_YXQ": "长期"}, {"CF_YXQ": "2099-12-31"}),
    (penalty, {"CF_NR_FK": "0.2万元"}, {"CF_NR_FK": "0.2"}),
    (penalty, {"CF_NR_FK": "2,000元"}, {"CF_NR_FK": "0.2"}),
    (penalty, {"CF_NR_FK": "０．２００"}, {"CF_NR_FK": "0.2"}),
    (penalty, {"CF_XDR_SHXYM": GOOD_USCC.lower()}, {"CF_XDR_SHXYM": GOOD_USCC}),
    (penalty, {"CF_XDR_SHXYM": f"'{GOOD_USCC}\u200b"}, {"CF_XDR_SHXYM": GOOD_USCC}),
    (penalty, {"CF_XDR_SHXYM": " ".join((GOOD_USCC[:8], GOOD_USCC[8:]))}, {"CF_XDR_SHXYM": GOOD_USCC}),
    (penalty, {"CF_CFLB": "罚款、警告"}, {"CF_CFLB": "罚款;警告"}),
    (penalty, {"CF_CFLB": "罚款；警告；"}, {"CF_CFLB": "罚款;警告"}),
    (penalty, {"CF_CFLB": "罚款;其他－责令改正"}, {"CF_CFLB": "罚款;其他-责令改正"}),
    (penalty, {"CF_XDR_LB": "法人"}, {"CF_XDR_LB": "法人及非法人组织"}),
    (penalty, {"CF_XDR_MC": " 弱水区\u200b某某公司\n"}, {"CF_XDR_MC": "弱水区某某公司"}),
    (penalty, {"CF_FRDB": "张　三"}, {"CF_FRDB": "张三"}),
    (penalty, {"CF_FRDB": "𠮷䶮"}, {"CF_FRDB": "𠮷䶮"}),
    (penalty, {"CF_NR": "=HYPERLINK(\"x\")"}, {"CF_NR": "=HYPERLINK(\"x\")"}),
    (penalty, {"BZ": "无"}, {"BZ": "无"}),
    (person_penalty, {"CF_XDR_ZJHM": GOOD_ID.lower()}, {"CF_XDR_ZJHM": GOOD_ID}),
    (person_penalty, {"CF_XDR_ZJHM": f"'{GOOD_ID}"}, {"CF_XDR_ZJHM": GOOD_ID}),
    (person_penalty, {"CF_XDR_ZJHM": "622201900101123"}, {"CF_XDR_ZJHM": "622201199001011234"}),
    (licence, {"XK_ZT": "有效"}, {"XK_ZT": "1"}),
    (licence, {"XK_YXQZI": "2099/12/31"}, {"XK_YXQZI": "2099-12-31"}),
]  # fmt: skip


@pytest.mark.req("INT-1", kind="rule")
@pytest.mark.parametrize("fault", FAULTS, ids=[f[0] for f in FAULTS])
def test_every_seeded_fault_is_found_in_its_field(law_pack: Pack, fault: Fault) -> None:
    _, make, change, field, code, verdict = fault
    desk = Desk(law_pack, "XK" if make is licence else "CF")
    for number in range(1, 4):
        found = desk.row(make(number) | change)
        assert found.verdict is verdict
        assert (field, code) in {(f.field, f.code) for f in found.findings}
        assert all(plain(f.code, f.params) != f.code and "…" not in f.code for f in found.findings)


@pytest.mark.req("INT-1", kind="rule")
@pytest.mark.parametrize(("make", "change", "canonical"), REPAIRED)
def test_what_is_written_oddly_and_meant_rightly_goes_on(
    law_pack: Pack, make: Callable[[int], Values], change: Values, canonical: Values
) -> None:
    found = Desk(law_pack, "XK" if make is licence else "CF").row(make(1) | change)
    assert found.verdict is ACCEPT, found.findings
    assert {code: found.values.get(code) for code in canonical} == canonical


@pytest.mark.req("INT-1", kind="rule")
def test_no_faultless_row_is_held_up_or_commented(law_pack: Pack) -> None:
    for item, makers in (("CF", (penalty, person_penalty, business_penalty)), ("XK", (licence,))):
        desk = Desk(law_pack, item)
        rows = [make(1000 * i + n) for i, make in enumerate(makers) for n in range(1, 150)]
        found = desk.rows(*rows)
        assert [r.row for r in found if r.verdict is not ACCEPT or r.findings] == []
        assert len(found) == len(rows)


def test_all_faults_in_one_file_are_counted_apart_from_good_rows(pack: Pack) -> None:
    desk = Desk(pack)
    faults = [f for f in FAULTS if f[1] is not licence]
    rows, truth = [], []
    for n, (_, make, change, _field, code, verdict) in enumerate(faults, start=1):
        rows += [penalty(5000 + n), make(n) | change]
        truth += [(ACCEPT, None), (verdict, code)]
    found = desk.rows(*rows)
    for result, (verdict, wanted) in zip(found, truth, strict=True):
        assert result.verdict is verdict, (result.row, wanted, codes(result))
        assert wanted is None or wanted in codes(result)
    summary = desk.report.summary()
    assert summary["rows"] == len(rows)
    assert summary["accept"] == len(faults)
