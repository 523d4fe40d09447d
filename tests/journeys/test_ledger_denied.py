"""The database itself denies the ledger's entry: nobody gets a byte, and nothing of the act remains."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import psycopg.sql
import pytest

from tests.journeys.cast import CASE, FINE, Cast
from tests.journeys.conftest import people_of, report_four
from xinheng.law.pack import Pack
from xinheng.ledger import selectors as ledger
from xinheng.machine import database


@pytest.fixture
def denied(law: Pack, transactional_db: None, owner: psycopg.Connection[Any], database_urls: Any) -> Iterator[Cast]:
    """A city in which the application may no longer put an entry into the sealer's queue."""
    cast = people_of(law)
    report_four(cast)
    role = psycopg.sql.Identifier(database.role_of(database_urls.app))
    owner.execute(psycopg.sql.SQL("REVOKE INSERT ON ledger_pending FROM {}").format(role))
    try:
        yield cast
    finally:
        owner.execute(psycopg.sql.SQL("GRANT INSERT ON ledger_pending TO {}").format(role))


@pytest.mark.req("INV-3", "QRY-1", "QRY-2", "INT-1", "ZY-35", "SP-15", kind="refusal")
def test_without_its_entry_no_door_answers_and_nothing_is_registered(denied: Cast) -> None:
    entries, records = len(ledger.entries(limit=500)), len(list(denied.records()))
    told = [denied.ask(denied.company_code), denied.ask(denied.person_id, machine=True)]
    told += [denied.get(path, "qiye") for path in ("/my/file", "/my/looks", "/my/copy.json", "/my/copy.csv")]
    told += [denied.get("/desk/log", denied.auditor), denied.report(denied.penalty(9, denied.other))]
    for page in told:
        assert page.status in (500, 503)
        for hidden in (*denied.secrets(), FINE, CASE):
            assert hidden not in page.words.replace(denied.person_name + "退出", "")
    assert (len(ledger.entries(limit=500)), len(list(denied.records()))) == (entries, records)
    assert FINE in denied.get(f"/subjects/{denied.company_code}").words  # what is public needs no entry
