"""What an insider does to the log of queries, its flags, reviews and term is refused or told by verification."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests.disclosure.city import PERSON_ID, UNKNOWN_PERSON, City
from tests.disclosure.test_query_lines import findings, line, read
from tests.records.rows import AT, COMPANY
from xinheng.accounts import selectors as accounts
from xinheng.disclosure import services
from xinheng.disclosure.models import QueryLine, QueryReview
from xinheng.disclosure.services.auditing import Reader
from xinheng.disclosure.tasks import erase_query_log
from xinheng.ledger import selectors as ledger
from xinheng.ledger import verify
from xinheng.ledger.services import seal
from xinheng.lib.errors import NotAllowed

pytestmark = pytest.mark.django_db
CODE = COMPANY["CF_XDR_SHXYM"]
LATER = AT + timedelta(days=4 * 366)


def review(city: City, entry: str | int, by: str = "fgw.auditor") -> int:
    reader = Reader(accounts.account_by_username(by).id, "fgw")
    return services.review_line(
        reader=reader, entry_id=int(entry), words="问过处长，确有其案", at=AT, pack=city.pack
    ).entry_id


def told() -> set[str]:
    """What the check of the lines finds."""
    return {one["damage"]["what"] for one in findings() if "damage" in one}


def carry_out(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount > 0, statement


# The term -------------------------------------------------------------------------------------------------------------


@pytest.mark.req("QRY-5", "INV-8", kind="refusal")
def test_a_line_that_was_made_older_does_not_take_its_entry_along(city: City) -> None:
    """The owner of the tables cannot have the sweep erase a query before its day, with a lawful entry for it."""
    (asked,) = city.ask(CODE)
    read()
    QueryLine.objects.filter(entry_id=asked.entry).update(at=AT - timedelta(days=3653))
    assert erase_query_log(at=AT) == 0
    assert ledger.entry(int(asked.entry)).body is not None
    assert told() == {"query_line_differs"}


@pytest.mark.req("QRY-5", "INV-8", kind="refusal")
def test_a_review_that_was_made_up_does_not_take_another_entry_along(city: City) -> None:
    (old,) = city.ask(CODE)
    read()
    (young,) = city.ask(PERSON_ID)
    (victim,) = city.ask(UNKNOWN_PERSON)
    QueryReview.objects.create(entry_id=int(victim.entry), line_id=int(old.entry), account_id=1, at=AT)
    QueryReview.objects.create(entry_id=7, line_id=int(old.entry), account_id=1, at=AT)
    assert erase_query_log(at=LATER) == 1
    assert ledger.entry(int(old.entry)).body is None
    assert ledger.entry(int(victim.entry)).body is not None
    assert ledger.entry(int(young.entry)).body is not None


# Whose query ----------------------------------------------------------------------------------------------------------


@pytest.mark.req("QRY-5", "ACC-1", kind="refusal")
def test_nobody_reviews_the_own_query(city: City) -> None:
    """Roles change: who asked as an officer and watches now does not look at what he asked."""
    (asked,) = city.ask(CODE, channel_name="cli")
    read()
    officer = accounts.account_by_username("ggzy.querier")
    with pytest.raises(NotAllowed, match="review_of_oneself"):
        services.review_line(
            reader=Reader(officer.id, "ggzy"), entry_id=int(asked.entry), words="无异常", at=AT, pack=city.pack
        )
    assert line(asked.entry).stage == 2


# Flags and reviews ----------------------------------------------------------------------------------------------------


@pytest.mark.req("QRY-5", "INV-8", "ZY-35", "SP-15", kind="refusal")
@pytest.mark.parametrize(
    ("attack", "what"),
    [
        ("UPDATE query_line SET flags = '', stage = 0 WHERE flags <> ''", "query_line_flags"),
        ("UPDATE query_line SET flags = ' night ', stage = 2 WHERE flags = ''", "query_line_flags"),
        ("UPDATE query_line SET stage = 1 WHERE stage = 2", "query_line_stage"),
        ("UPDATE query_line SET stage = 2 WHERE stage = 1", "query_line_stage"),
        ("UPDATE query_mark SET leaf = leaf + 100000", "query_mark_ahead"),
        ("DELETE FROM query_review", "query_review_missing"),
        ("UPDATE query_review SET line_id = line_id + 1", "query_review_differs"),
        ("UPDATE query_review SET account_id = 1", "query_review_differs"),
        ("UPDATE query_review SET at = at - interval '1 day'", "query_review_differs"),
        (
            "INSERT INTO query_review SELECT entry_id, entry_id, 1, now() FROM query_line WHERE stage = 2 LIMIT 1",
            "query_review_without_entry",
        ),
    ],
)
def test_a_flag_or_a_review_that_is_not_what_the_log_says_is_damage(city: City, attack: str, what: str) -> None:
    city.ask(CODE)
    (wire,) = city.ask(CODE, channel_name="cli")
    city.ask(CODE, channel_name="cli", case_number="另一件")
    read()
    review(city, wire.entry)
    assert told() == set()  # also before the review is sealed
    read()
    assert told() == set()
    carry_out(attack)
    assert what in told()


@pytest.mark.req("QRY-5", "INV-8", kind="rule")
def test_flags_are_entered_when_they_are_given_and_again_when_all_is_read_anew(city: City) -> None:
    (wire,) = city.ask(CODE, channel_name="cli")
    city.ask(CODE)
    read()
    said = ledger.entries(act="query.flagged")
    assert [one.body["fields"]["flags"] for one in said if one.body] == [{wire.entry: "command_line"}]
    read()
    read()
    assert len(ledger.entries(act="query.flagged")) == 1  # nothing new was asked
    review(city, wire.entry)
    read()
    QueryLine.objects.filter(entry_id=wire.entry).update(flags=" night ", stage=2)
    assert told() == {"query_line_flags", "query_line_stage"}
    services.rebuild(pack=city.pack, at=AT, step=2)
    assert told() == set()
    read()
    assert told() == set()
    assert erase_query_log(at=LATER) > 0
    assert told() == set()
    seal(at=AT)
    assert [one for one in verify.run() if isinstance(one, verify.Damage)] == []
