"""Codes as they are, as clerks send them, and with every single fault."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.cn import ric as stdnum_ric
from stdnum.cn import uscc as stdnum_uscc

from tests.lib.codes.made import TODAY, id_numbers, make_uscc, old_id_numbers, org_codes, usccs
from xinheng.lib.codes import check, idnumber, uscc
from xinheng.lib.codes.divisions import CENTURY_ENDINGS
from xinheng.lib.codes.verdict import WORDS

USCC = "91350100M000100Y43"


def test_the_official_example_is_a_code() -> None:
    verdict = check(USCC)
    assert (verdict.kind, verdict.valid, verdict.canonical, verdict.reason) == ("uscc", True, USCC, None)


@pytest.mark.parametrize("authority", sorted(uscc.AUTHORITIES))
def test_every_authority_and_kind_of_body_is_known(authority: str) -> None:
    for body_kind in uscc.AUTHORITIES[authority][1]:
        code = make_uscc(authority + body_kind + "620702" + "12345678")
        assert check(code).valid, code
        assert check(code).kind == "uscc"


def test_codes_that_begin_with_letters_pass_where_a_library_refuses_them() -> None:
    assert check("N2620702MF1234567R").valid
    assert not stdnum_uscc.is_valid("N2620702MF1234567R")


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("91350100m000100y43", USCC),
        (" 91350100M000100Y43 ", USCC),
        ("9135 0100 M000 100Y 43", USCC),
        ("９１３５０１００Ｍ０００１００Ｙ４３", USCC),
        ("'91350100M000100Y43", USCC),
        ("’91350100M000100Y43", USCC),
        ('"91350100M000100Y43"', USCC),
        ("\ufeff91350100M000100Y43", USCC),
        ("91350100\u200bM000100Y43", USCC),
        ("91350100M000100Y43\u00a0", USCC),
        ("91350100M000100Y43\u3000", USCC),
        ("91350100M000100Y43\u2028", USCC),
        ("91350100M000100Y43\u0085", USCC),
        ("91350100M000100Y43\t", USCC),
        ("\u202d91350100M000100Y43\u202c", USCC),
        ("91350100M000100Y43\ufe0f", USCC),
    ],
)
def test_the_outside_of_a_code_is_repaired_and_said(written: str, canonical: str) -> None:
    verdict = check(written)
    assert verdict.valid
    assert verdict.canonical == canonical
    assert verdict.code == "normalised"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "blank"),
        ("   ", "blank"),
        ("\u200b", "blank"),
        ("\r", "blank"),
        ("00000000000000000X", "placeholder"),
        ("00000000000000000x", "placeholder"),
        ("9.1350100M", "character"),
        ("9.135E+17", "excel_scientific"),
        ("9.135e+17", "excel_scientific"),
        ("6.22201E17", "excel_scientific"),
        ("6E17", "excel_scientific"),
        ("６．２Ｅ＋１７", "excel_scientific"),
        ("622201199001011234.0", "excel_number"),
        ('="91350100M000100Y43"', "formula"),
        ("91350100М000100Y43", "look_alike"),  # Cyrillic М
        ("91350100M0001O0Y43", "uscc_letter"),
        ("91350100M0001I0Y43", "uscc_letter"),
        ("9135〇100M000100Y43", "look_alike"),
        ("①1350100M000100Y43", "look_alike"),
        ("𝟗1350100M000100Y43", "look_alike"),
        ("٩1350100M000100Y43", "look_alike"),
        ("62220119900101123Х", "look_alike"),  # Cyrillic Х
        ("6222011990O1011234", "id_letter"),
        ("91350100M000100Y44", "uscc_check_character"),
        ("B1350100M000100Y43", "uscc_authority"),
        ("99350100M000100Y43", "uscc_body_kind"),
        ("622201199013011234", "id_date"),
        ("622201199002301234", "id_date"),
        ("622201189902281234", "id_date"),
        ("622201202701011234", "id_future"),
        ("622201199001010000", "id_truncated"),
        ("622201901301123", "id_date_15"),
        ("91350100M000100Y4", "length"),
        ("91350100M000100Y433", "length"),
        ("张掖市某某公司", "character"),
        ("9135-0100M000100Y43", "character"),
        ("123456789", "org_check_character"),
        ("12345678A", "org_letter"),
        ("\x00", "blank"),
        ("\ufffd", "character"),
    ],
)
def test_what_needs_a_guess_is_refused_with_a_reason(written: str, code: str) -> None:
    verdict = check(written, today=TODAY)
    assert not verdict.valid
    assert verdict.canonical is None
    assert verdict.code == code
    assert verdict.reason is not None
    assert verdict.reason.startswith(f"{code}: ")
    assert "{" not in verdict.reason


def test_a_division_unknown_is_a_warning_and_never_an_error() -> None:
    number = "990799199001011" + "23"
    verdict = check(number + idnumber.check_character(number))
    assert verdict.valid
    assert verdict.code == "id_division"
    body = make_uscc("91" + "000000" + "12345678")
    assert check(body).code == "uscc_division"
    assert check(body).valid


def test_an_old_number_is_written_with_eighteen_digits() -> None:
    verdict = check("622201900101123")
    assert verdict.canonical == "622201199001011234"
    assert verdict.kind == "id"


def test_a_number_of_a_permanent_resident_from_abroad_is_a_number() -> None:
    number = "911124198108030" + "02"
    verdict = check(number + idnumber.check_character(number))
    assert (verdict.kind, verdict.valid, verdict.code) == ("id", True, None)


def test_the_check_character_that_would_fit_is_told() -> None:
    verdict = check("91350100M000100Y40")
    assert verdict.message == "校验位应为3，现为0；请核对各位"


@given(id_numbers())
def test_a_number_that_passes_both_checks_is_the_kind_whose_structure_fits(number: str) -> None:
    assert check(number, today=TODAY).kind == "id"


def test_a_body_whose_code_would_pass_as_a_number_stays_a_body() -> None:
    found = 0
    for inner in range(4000):
        code = make_uscc("91620702" + f"{inner * 7919 % 10**8:08}")
        if code[:17].isdigit() and idnumber.check_character(code[:17]) == code[17]:
            found += 1
            assert check(code).kind == "uscc"
            assert check(code).valid
    assert found > 5


@given(id_numbers(), st.integers(14, 17), st.sampled_from("0123456789"))
def test_a_mistyped_number_is_never_taken_for_a_body(number: str, at: int, digit: str) -> None:
    """One mistyped number in 31 has the check character of a body."""
    if number[at] != digit and number[2:8] not in CENTURY_ENDINGS:
        verdict = check(number[:at] + digit + number[at + 1 :], today=TODAY)
        assert (verdict.kind, verdict.valid) == ("id", False)


@given(usccs())
def test_valid_codes_are_accepted(code: str) -> None:
    assert check(code).valid
    if code[:8].isdigit():
        assert stdnum_uscc.is_valid(code)


@given(id_numbers())
def test_valid_numbers_are_accepted(number: str) -> None:
    verdict = check(number, today=TODAY)
    assert verdict.valid
    assert stdnum_ric.calc_check_digit(number) == number[17]


@given(old_id_numbers())
def test_valid_old_numbers_are_accepted(number: str) -> None:
    assert check(number, today=TODAY).valid


@given(org_codes())
def test_valid_organisation_codes_are_accepted_with_and_without_hyphen(code: str) -> None:
    assert check(code).canonical == code
    assert check(f"{code[:8]}-{code[8]}").canonical == code


@given(usccs(), st.integers(0, 17), st.sampled_from(uscc.ALPHABET))
def test_one_wrong_character_never_passes(code: str, at: int, character: str) -> None:
    if code[at] != character:
        assert not check(code[:at] + character + code[at + 1 :]).valid


@given(usccs(), st.integers(0, 16))
def test_two_neighbours_exchanged_never_pass(code: str, at: int) -> None:
    if code[at] != code[at + 1]:
        assert not check(code[:at] + code[at + 1] + code[at] + code[at + 2 :]).valid


@given(id_numbers(), st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
@example("620799190001010004", 13, "X")  # fits a body's code by its check character alone
def test_one_wrong_digit_never_passes(number: str, at: int, digit: str) -> None:
    mistyped = number[:at] + digit + number[at + 1 :]
    if number[at] != digit and not uscc.registration_fits(mistyped):
        assert not check(mistyped, today=TODAY).valid


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    verdict = check(text, today=TODAY)
    assert verdict.valid is (verdict.canonical is not None)
    assert verdict.valid or verdict.reason


def test_every_reason_is_worded_without_latin_jargon() -> None:
    for code, sentence in WORDS.items():
        assert code.islower()
        assert any("\u4e00" <= c <= "\u9fff" for c in sentence)


def test_the_future_is_not_asked_without_a_day() -> None:
    body = "62220120300101123"
    number = body + idnumber.check_character(body)
    assert check(number).valid
    assert not check(number, today=date(2026, 11, 20)).valid
