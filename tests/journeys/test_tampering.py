"""What the owner of the tables does by night is found by the next verification, under each law."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from tests.journeys.cast import damages
from tests.journeys.conftest import people_of, report_four
from xinheng.law.pack import Pack
from xinheng.ledger.services import seal

ENTRY = "(SELECT max(entry_id) FROM ledger_leaf)"
ATTACKS = {
    "an entry is deleted": (f"DELETE FROM ledger_entry WHERE id = {ENTRY}", "entry_missing"),
    "an answer is denied": (f"DELETE FROM ledger_body WHERE entry_id = {ENTRY}", "body_missing"),
    "the newest checkpoint is deleted": (
        "DELETE FROM ledger_checkpoint WHERE size = (SELECT max(size) FROM ledger_checkpoint)",
        "checkpoint_missing",
    ),
    "a content is altered": ("UPDATE record_content SET body = replace(body, '罚款', '警告')", "content_altered"),
    "a content is deleted": ("DELETE FROM record_content", "content_missing"),
    "publicity is ended in history": (
        "UPDATE record_version SET publicity_until = publicity_until - 3 WHERE publicity_until IS NOT NULL",
        "",
    ),
    "publicity is ended in the projection": (
        "UPDATE record SET publicity_until = publicity_until - 3 WHERE publicity_until IS NOT NULL",
        "",
    ),
    "a record is said to be withdrawn": (
        "UPDATE record SET state = 'withdrawn', publicity_from = NULL, publicity_until = NULL",
        "",
    ),
    "records vanish with their history": (
        "DELETE FROM record_content; DELETE FROM record_version; DELETE FROM record",
        "versions_missing",
    ),
    "a row of a batch vanishes": ("DELETE FROM intake_row WHERE row = 2", ""),
    "a head is moved": ("UPDATE ledger_head SET last_seq = last_seq + 1", ""),
}


@pytest.fixture
def as_owner(django_db_setup: None, database_urls: Any, django_db_blocker: Any) -> Iterator[None]:
    """Everything in this test runs as the owner of the tables and is rolled back; requested before ``db``."""
    from xinheng.machine import database

    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(database.django(database_urls.owner))
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(database.django(database_urls.app))


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.owner
@pytest.mark.req("INV-8", "ZY-35", "SP-15", "SP-28", kind="refusal")
def test_what_the_owner_of_the_tables_alters_is_found(as_owner: None, law: Pack, db: None) -> None:
    cast = people_of(law)
    report_four(cast)
    cast.ask(cast.company_code)
    cast.ask(cast.person_id)
    seal(at=cast.now())
    assert damages() == set()
    for name, (statement, expected) in ATTACKS.items():
        with undone():
            with connection.cursor() as cursor:
                cursor.execute(statement)
                assert cursor.rowcount > 0, name
            found = damages()
            assert found, name
            assert not expected or expected in found, (name, found)
    assert damages() == set()
