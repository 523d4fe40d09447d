"""The bench measures what it says: valid codes, ratios pair by pair, a floor that does the request's own statements."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bench.line import Line
from bench.query import number_subjects, one_request, pgbench
from bench.statements import KEY, Statement, script
from bench.world import World, code_of
from tests.disclosure.city import CASE, MATTER, OFFICER, City
from tests.disclosure.conftest import bureau, city, officers, send  # noqa: F401 (fixtures)
from tests.records.rows import COMPANY, OTHER
from xinheng.lib.codes import check


def test_every_made_code_is_valid_and_its_own() -> None:
    codes = [code_of(number) for number in range(500)]
    assert all(check(code).valid and check(code).kind == "uscc" for code in codes)
    assert len(set(codes)) == len(codes)


def test_the_ratio_is_the_median_of_pairs_and_not_of_rates() -> None:
    line = Line(name="x", unit="/s", ours=[1, 10, 4], floor=[2, 10, 16], floor_is="y")
    assert line.ratio == 0.5


def test_a_request_of_another_shape_has_no_floor() -> None:
    with pytest.raises(ValueError, match="look at its floor again"):
        script([Statement("BEGIN", ()), Statement("COMMIT", ())], subjects=1)


@pytest.fixture
def signed_in(city: City, database_urls: Any, tmp_path: Path) -> World:  # noqa: F811
    """What the bench knows of its city, with an officer's session."""
    from django.test import Client

    from xinheng.accounts.selectors import account_by_username

    client = Client()
    client.force_login(account_by_username(OFFICER))
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    codes = (COMPANY["CF_XDR_SHXYM"], OTHER["CF_XDR_SHXYM"])
    return World(database_urls.app, database_urls.owner, tmp_path, "", codes, MATTER, OFFICER, cookies, "")


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("INV-3", kind="rule")
def test_an_official_query_sends_one_read_and_one_transaction_that_holds_its_entry(signed_in: World) -> None:
    sent = one_request(signed_in)
    tables = (
        "account a",
        "BEGIN",
        "subject_key",
        "record r",
        "ledger_head",
        "ledger_entry",
        "asked_question",
        "COMMIT",
    )
    assert len(sent) == len(tables), [statement.sql for statement in sent]
    assert all(table in statement.sql for table, statement in zip(tables, sent, strict=True))


@pytest.mark.django_db(transaction=True)
def test_the_floor_sends_the_statements_of_the_request_and_writes_as_many_entries(
    signed_in: World, owner: psycopg.Connection[Any]
) -> None:
    sent = one_request(signed_in)
    number_subjects(signed_in)
    floor = script(sent, subjects=len(signed_in.codes))
    orders = [line for line in floor.text.splitlines() if not line.startswith("\\")]
    for statement, order in zip(sent, orders, strict=True):
        parts = re.split(
            r"%\(\w+\)[sb]|%[sb]", " ".join(statement.sql.replace("%%", "%").replace("'200ms'", "'0'").split())
        )
        assert re.fullmatch(".+?".join(map(re.escape, parts)), order.removesuffix(";")), order
    assert "%s" not in floor.text and CASE not in floor.text and KEY in floor.text
    before = owner.execute("SELECT count(*) FROM ledger_entry").fetchone()
    assert pgbench(signed_in, floor, transactions=3, clients=2) > 0
    after = owner.execute("SELECT count(*) FROM ledger_entry").fetchone()
    assert before and after and after[0] - before[0] == 6
