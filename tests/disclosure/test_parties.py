"""The parties of a case: the bound of the pack holds for the case, however many questions are asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests.disclosure.city import (
    AT,
    CASE,
    MATTER,
    OFFICER,
    PERSON_ID,
    PERSON_NAME,
    PERSONS,
    UNKNOWN_PERSON,
    City,
)
from tests.disclosure.test_at_once import at_once
from tests.disclosure.test_doors import as_user, text_of
from tests.records.rows import COMPANY
from xinheng.disclosure.models import CaseParty
from xinheng.disclosure.rules import beyond, case_words, newcomers
from xinheng.disclosure.services import Identifier, forget_parties, official
from xinheng.ledger import selectors as ledger

pytestmark = pytest.mark.django_db
CODE = COMPANY["CF_XDR_SHXYM"]
ACCESS, BY = "market_access", "scjgj.querier"  # a matter of 20 persons


def reasons(answers: list[Any]) -> list[str]:
    return [answer.reason for answer in answers]


def most(city: City, matter: str = ACCESS) -> int:
    return city.pack.matters[matter].values[-1].max_persons


def parties() -> int:
    return CaseParty.objects.count()


@pytest.mark.req("QRY-1", "INV-3", kind="refusal")
def test_twenty_one_different_persons_in_two_questions_are_one_too_many(city: City) -> None:
    assert most(city) == 20
    assert reasons(city.ask(*PERSONS[:20], by=BY, matter=ACCESS)) == [""] * 20
    (late,) = city.ask(PERSONS[20], by=BY, matter=ACCESS)
    assert (late.result, late.reason, late.article) == ("refused", "too_many_persons", late.article)
    assert late.article
    again = city.ask(*PERSONS[:3], PERSONS[20], by=BY, matter=ACCESS)
    assert reasons(again) == ["", "", "", "too_many_persons"]  # only the new one
    assert parties() == 20


@pytest.mark.req("QRY-1", "INV-3", kind="refusal")
def test_a_list_that_is_too_long_leaves_room_for_a_shorter_one(city: City) -> None:
    assert set(reasons(city.ask(*PERSONS[:21], by=BY, matter=ACCESS))) == {"too_many_persons"}
    assert parties() == 0
    assert set(reasons(city.ask(*PERSONS[:20], by=BY, matter=ACCESS))) == {""}


@pytest.mark.req("QRY-1", "INV-3", kind="rule")
def test_the_same_person_counts_once_however_written_and_known_ones_count_like_unknown_ones(city: City) -> None:
    bound = most(city, MATTER)
    assert bound == 3
    full = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in UNKNOWN_PERSON)
    for text in (UNKNOWN_PERSON, f" {UNKNOWN_PERSON[:6]} {UNKNOWN_PERSON[6:]} ", full):
        assert reasons(city.ask(text)) == [""], text
    assert parties() == 1
    assert reasons(city.ask(PERSON_ID, PERSONS[0])) == ["", ""]
    assert reasons(city.ask(PERSONS[1])) == ["too_many_persons"]
    assert city.ask(PERSON_ID)[0].result == "granted"


@pytest.mark.req("QRY-1", "INV-3", kind="refusal")
@pytest.mark.parametrize("case", [CASE, " 衡公易(2026)0041 ", "衡公易［２０２６］0041", "衡公易 2026-0041"])
def test_another_spelling_of_the_case_number_is_no_other_case(city: City, case: str) -> None:
    assert set(reasons(city.ask(*PERSONS[:3]))) == {""}
    assert reasons(city.ask(PERSONS[3], case_number=case)) == ["too_many_persons"]
    assert reasons(city.ask(PERSONS[3], case_number=CASE + "-2")) == [""]


@pytest.mark.req("QRY-1", kind="rule")
def test_another_matter_or_organisation_has_its_own_case(city: City) -> None:
    assert set(reasons(city.ask(*PERSONS[:3]))) == {""}
    assert reasons(city.ask(PERSONS[3], by=BY, matter=ACCESS)) == [""]


@pytest.mark.req("QRY-1", "INV-3", kind="refusal")
@pytest.mark.parametrize(
    "changed", [{"parties_stated": False}, {"matter": "daily_inspection"}, {"matter": ACCESS}, {"case_number": " "}]
)
def test_a_refused_question_makes_nobody_a_party(city: City, changed: dict[str, Any]) -> None:
    assert reasons(city.ask(PERSON_ID, UNKNOWN_PERSON, **changed))[0]
    assert parties() == 0


@pytest.mark.req("QRY-1", "SUB-1", "INV-3", kind="refusal")
def test_neither_death_nor_a_wrong_name_makes_room(city: City) -> None:
    from xinheng.subjects.selectors import by_identifier
    from xinheng.subjects.services import freeze

    assert [a.result for a in city.ask(PERSON_ID, names=["周与同"])] == ["empty"]
    known = by_identifier("id", PERSON_ID)
    assert known is not None
    freeze(subject_id=known.subject_id, ground="death", article="ZY-3", actor="account:1", at=AT)
    assert parties() == 1
    assert set(reasons(city.ask(*PERSONS[:2]))) == {""}
    assert reasons(city.ask(PERSONS[2])) == ["too_many_persons"]
    dead, unknown = city.ask(PERSON_ID, parties_stated=False)[0], city.ask(PERSONS[9], parties_stated=False)[0]
    assert (dead.result, dead.reason) == (unknown.result, unknown.reason) == ("refused", "person_not_party")


@pytest.mark.req("QRY-1", "INV-3", kind="refusal")
@pytest.mark.django_db(transaction=True)
def test_officers_who_ask_at_the_same_moment_share_the_bound(city: City) -> None:
    told: list[str] = []

    def officer(number: int) -> None:
        told.extend(reasons(city.ask(PERSONS[2 * number], PERSONS[2 * number + 1])))

    at_once(*(lambda n=n: officer(n) for n in range(6)))
    assert told.count("") == 2 and told.count("too_many_persons") == 10  # a pair fits, a second pair does not
    assert parties() == 2
    at_once(*(lambda n=n: told.extend(reasons(city.ask(PERSONS[20 + n]))) for n in range(6)))
    assert parties() == 3 and told.count("") == 3


@pytest.mark.req("QRY-1", "INV-3", kind="rule")
def test_a_question_over_several_transactions_is_counted_as_one(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(official, "TOGETHER", 2)
    assert set(reasons(city.ask(CODE, *PERSONS[:4]))[1:]) == {"too_many_persons"}
    assert set(reasons(city.ask(*PERSONS[:3], CODE))) == {""}
    assert parties() == 3


@pytest.mark.req("INV-3", "INV-8", kind="rule")
def test_the_table_tells_neither_who_nor_which_case(city: City) -> None:
    (answer,) = city.ask(PERSON_ID)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(c)::text, first_entry FROM case_party c")
        ((said, first),) = cursor.fetchall()
    assert PERSON_ID not in said and CASE not in said and "衡公易" not in said
    assert first == int(answer.entry)


@pytest.mark.req("INV-3", kind="rule")
def test_questions_about_organisations_never_touch_the_parties(city: City) -> None:
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(str(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        city.ask(CODE)
    assert seen and not any("case_party" in sql or "advisory" in sql for sql in seen)


@pytest.mark.req("QRY-5", "SP-15", kind="rule")
def test_lists_go_when_their_term_is_over_and_the_ledger_stays(city: City) -> None:
    (answer,) = city.ask(PERSON_ID)
    assert forget_parties(at=AT + timedelta(days=3 * 365 - 1), pack=city.pack) == 0
    assert forget_parties(at=AT + timedelta(days=3 * 365 + 3), pack=city.pack) == 1
    assert parties() == 0
    assert ledger.entry(int(answer.entry)).body is not None


FORM = {"matter": MATTER, "case_number": CASE}


@pytest.mark.req("QRY-1", "QRY-2", "INV-3", kind="journey")
def test_the_form_lists_organisations_and_parties_apart_and_the_role_is_entered(city: City) -> None:
    browser = as_user(OFFICER)
    answer = browser.post("/desk/query", {**FORM, "who": CODE, "party_list": f"{PERSON_ID} {PERSON_NAME} 投标人"})
    assert answer.status_code == 200
    assert COMPANY["CF_XDR_MC"] in text_of(answer) and PERSON_NAME in text_of(answer)
    about_person, about_company = ledger.entries(act="disclosure.answered", limit=2)
    assert about_person.body is not None and about_company.body is not None
    assert about_person.body["ground"]["role"] == "投标人"
    assert "role" not in about_company.body["ground"]
    assert "投标人" in text_of(as_user("gongmin").get("/my/looks"))


@pytest.mark.req("QRY-1", "INV-3", kind="refusal")
def test_a_person_among_the_organisations_is_no_party(city: City) -> None:
    answer = as_user(OFFICER).post("/desk/query", {**FORM, "who": PERSON_ID})
    assert answer.status_code == 403
    assert PERSON_NAME not in text_of(answer)
    assert parties() == 0


@pytest.mark.req("INV-3", kind="refusal")
@pytest.mark.parametrize("role", [PERSON_ID, "电话13812345678", "很长很长很长很长很长很长很长很长很长很长的身份"])
def test_no_number_and_no_story_becomes_a_role(city: City, role: str) -> None:
    before = len(ledger.entries(limit=500))
    answer = as_user(OFFICER).post("/desk/query", {**FORM, "party_list": f"{PERSON_ID} {PERSON_NAME} {role}"})
    assert answer.status_code == 422
    with pytest.raises(Exception, match="ground_holds_identifier"):
        from xinheng.disclosure import services
        from xinheng.disclosure.rules import Channel, Ground

        asker, officer = services.officer_of(city.accounts[OFFICER])
        services.official_query(
            asker=asker,
            officer=officer,
            ground=Ground(Channel.OFFICIAL, MATTER, CASE, None, None),
            identifiers=[Identifier(1, "id", PERSON_ID, party=True, role=PHONE_ROLE)],
            channel_name="web",
            at=AT,
            pack=city.pack,
        )
    assert len(ledger.entries(limit=500)) == before


PHONE_ROLE = "代理人13812345678"


@pytest.mark.req("QRY-1", kind="refusal")
def test_a_question_about_nobody_says_where_to_write(city: City) -> None:
    answer = as_user(OFFICER).post("/desk/query", FORM)
    assert answer.status_code == 422
    assert "本案当事人" in text_of(answer)


@pytest.mark.req("QRY-1", kind="rule")
def test_rules_count_by_person_and_compare_case_numbers_by_their_words() -> None:
    named = {"a": ("a", "old-a"), "b": ("b", "old-b")}
    assert newcomers({"old-a"}, named) == {"b"}
    assert beyond({"old-a"}, {"b"}, 2) == frozenset()
    assert beyond({"old-a"}, {"b"}, 1) == {"b"}
    assert beyond({"x", "y"}, frozenset(), 1) == frozenset()  # nobody new: who is a party stays one
    assert case_words("衡公易〔2026〕0041") == case_words("衡公易（2026）０041") != case_words("衡公易〔2026〕0042")
