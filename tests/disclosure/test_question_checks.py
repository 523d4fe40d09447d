"""An organisation finds all its receipts, and no party of a case vanishes, or verification tells it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from tests.disclosure.city import PERSON_ID, UNKNOWN_PERSON, City
from tests.disclosure.test_query_lines import read
from tests.records.rows import AT, COMPANY
from xinheng.disclosure import services
from xinheng.disclosure.checks import check_questions
from xinheng.disclosure.tasks import erase_query_log
from xinheng.ledger import verify

CODE = COMPANY["CF_XDR_SHXYM"]
LATER = AT + timedelta(days=4 * 366)


def questions() -> set[str]:
    return {one.what for one in check_questions(verify.Verification({})) if isinstance(one, verify.Damage)}


@pytest.mark.owner
@pytest.mark.req("QRY-5", "INV-3", "INV-8", kind="refusal")
@pytest.mark.parametrize(
    ("attack", "what"),
    [
        ("DELETE FROM asked_question", "question_missing"),
        ("UPDATE asked_question SET entries = ARRAY[1::bigint]", "question_entries"),
        ("UPDATE asked_question SET organisation_id = organisation_id + 1", "question_differs"),
        ("UPDATE asked_question SET account_id = account_id + 1", "question_differs"),
        ("UPDATE asked_question SET matter = 'x'", "question_differs"),
        ("UPDATE asked_question SET at = at - interval '1 day'", "question_differs"),
        ("UPDATE asked_question SET case_digest = 'v1:' || repeat('0', 64)", "question_differs"),
        ("UPDATE asked_question SET granted = granted + 1", "question_counts"),
        ("DELETE FROM case_party", "party_missing"),
        ("UPDATE case_party SET case_digest = 'v1:' || repeat('0', 64)", "party_differs"),
        ("UPDATE case_party SET organisation_id = organisation_id + 1", "party_missing"),
        ("UPDATE case_party SET first_entry = 1", "party_differs"),
    ],
)
def test_a_receipt_or_a_party_that_is_not_what_the_log_says_is_damage(
    as_owner: None, city: City, attack: str, what: str
) -> None:
    city.ask(CODE, PERSON_ID, UNKNOWN_PERSON)
    city.ask(CODE, UNKNOWN_PERSON, channel_name="cli")
    city.ask(CODE, matter="market_access", case_number="另一件")
    city.ask(CODE, case_number="")
    assert questions() == set()  # not read yet
    read()
    assert questions() == set()
    city.ask(CODE, PERSON_ID)
    assert questions() == set()
    read()
    with connection.cursor() as cursor:
        cursor.execute(attack)
        assert cursor.rowcount > 0
    assert what in questions()


@pytest.mark.req("QRY-5", kind="rule")
def test_what_was_lawfully_forgotten_is_no_damage(city: City) -> None:
    city.ask(CODE, PERSON_ID)
    read()
    assert services.forget_parties(at=LATER, pack=city.pack) + services.forget_questions(at=LATER, pack=city.pack) == 2
    assert questions() == {"question_missing", "party_missing"}  # before their term
    assert erase_query_log(at=LATER) == 2
    assert questions() == set()
