"""The application can add to history and can't change or remove it, and these tests notice when it could."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from tests.ledger.conftest import AT
from xinheng.ledger import services
from xinheng.ledger.rules import Receipt

pytestmark = [pytest.mark.django_db, pytest.mark.req("INV-8", kind="refusal")]
Fill = Callable[..., list[Receipt]]

DENIED = [
    f"{verb} {table}{rest}"
    for table, column in (
        ("ledger_entry", "id"), ("ledger_leaf", "entry_id"), ("ledger_node", "level"), ("ledger_checkpoint", "size"),
    )
    for verb, rest in (("UPDATE", f" SET {column} = {column}"), ("DELETE FROM", ""), ("TRUNCATE", ""))
] + [
    "UPDATE ledger_body SET salt = salt", "TRUNCATE ledger_body",
    "DELETE FROM ledger_head", "TRUNCATE ledger_head", "TRUNCATE ledger_pending",
    "DELETE FROM law_version", "TRUNCATE law_version",
    "ALTER TABLE ledger_entry ADD COLUMN more text", "DROP TABLE ledger_entry", "CREATE TABLE more (id bigint)",
    "SELECT id FROM ledger_entry FOR UPDATE", "COPY ledger_entry TO PROGRAM 'cat'",
    "GRANT UPDATE ON ledger_entry TO current_user", "SET ROLE xinheng_owner",
]  # fmt: skip


def denied(statement: str) -> bool:
    """Whether PostgreSQL refuses the statement for want of a privilege."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except ProgrammingError as error:
        return getattr(error.__cause__, "sqlstate", None) == "42501"
    return False


@pytest.mark.parametrize("statement", DENIED)
def test_history_is_not_changed_by_the_application(statement: str, fill: Fill) -> None:
    if statement.startswith("GRANT"):  # without the option it is a warning, and nothing is granted
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege('ledger_entry', 'UPDATE WITH GRANT OPTION')")
            assert cursor.fetchone() == (False,)
        return
    assert denied(statement)


def test_the_application_can_do_all_its_work_with_these_privileges(fill: Fill) -> None:
    receipts = fill(3)
    services.seal(at=AT)
    services.seal_heads(at=AT)
    services.erase(
        entry_id=receipts[0].entry_id, ground="g", article="ZY-35(2)", actor="a", at=AT, law="demo-city@2026.1#0"
    )


@pytest.mark.owner
@pytest.mark.parametrize(
    ("table", "verb"), [("ledger_entry", "UPDATE"), ("ledger_leaf", "DELETE"), ("ledger_checkpoint", "UPDATE")]
)
def test_widened_grants_are_noticed(table: str, verb: str, owner: Any, db: None) -> None:
    column = {"ledger_entry": "id", "ledger_leaf": "entry_id", "ledger_checkpoint": "size"}[table]
    statement = f"UPDATE {table} SET {column} = {column}" if verb == "UPDATE" else f"DELETE FROM {table}"
    assert denied(statement)
    role = connection.settings_dict["USER"]
    owner.execute(f'GRANT {verb} ON {table} TO "{role}"')
    try:
        assert not denied(statement)
    finally:
        owner.execute(f'REVOKE {verb} ON {table} FROM "{role}"')
    assert denied(statement)
