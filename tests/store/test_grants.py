"""The application role may do what the registry says and nothing more."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection
from psycopg import sql

from xinheng.machine.database import Urls, role_of
from xinheng.store import grants
from xinheng.store.kinds import PRIVILEGES, REGISTRY, Keeping

HISTORY = ("record_version", "ledger_entry", "ledger_leaf", "ledger_checkpoint")


def rows(conn: psycopg.Connection[Any]) -> Any:
    def execute(statement: str, params: list[str]) -> list[tuple[str, str]]:
        return conn.execute(statement.encode(), params).fetchall()

    return execute


@pytest.mark.django_db
@pytest.mark.req("INV-8", "SP-28", "ZY-35", kind="rule")
def test_the_database_grants_exactly_what_the_registry_says(
    owner: psycopg.Connection[Any], database_urls: Urls
) -> None:
    assert grants.differences(role_of(database_urls.app), rows(owner)) == []


@pytest.mark.owner
@pytest.mark.django_db
@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize("privilege", ["UPDATE", "DELETE", "TRUNCATE"])
@pytest.mark.req("INV-8", kind="refusal")
def test_a_widened_grant_is_found(
    owner: psycopg.Connection[Any], database_urls: Urls, table: str, privilege: str
) -> None:
    role = role_of(database_urls.app)
    clause = sql.SQL("{} ON {}").format(sql.SQL(privilege), sql.Identifier(table))
    owner.execute(sql.SQL("GRANT {} TO {}").format(clause, sql.Identifier(role)))
    try:
        assert grants.differences(role, rows(owner)) == [f"{table}: {privilege} is too much"]
    finally:
        owner.execute(sql.SQL("REVOKE {} FROM {}").format(clause, sql.Identifier(role)))


@pytest.mark.owner
@pytest.mark.django_db
@pytest.mark.req("INV-8", kind="refusal")
def test_a_table_nobody_registered_is_found_when_it_is_granted(
    owner: psycopg.Connection[Any], database_urls: Urls
) -> None:
    role = role_of(database_urls.app)
    owner.execute("CREATE TABLE smuggled (note text)")
    owner.execute(sql.SQL("GRANT SELECT ON smuggled TO {}").format(sql.Identifier(role)))
    try:
        assert grants.differences(role, rows(owner)) == ["smuggled: SELECT is too much"]
    finally:
        owner.execute("DROP TABLE smuggled")


@pytest.mark.django_db
@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize("attack", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.req("INV-8", "ZY-35", "SP-28", kind="refusal")
def test_the_application_cannot_change_history(database_urls: Urls, table: str, attack: str) -> None:
    """On a connection of its own, so that the permission is asked of PostgreSQL and of nothing else."""
    with psycopg.connect(database_urls.app, autocommit=True) as conn:
        column = conn.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 LIMIT 1", [table]
        ).fetchone()
        assert column is not None
        names = [sql.Identifier(table)] + [sql.Identifier(column[0])] * (attack.count("{}") - 1)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(sql.SQL(attack).format(*names))


@pytest.mark.django_db
@pytest.mark.req("INV-8", kind="rule")
def test_the_application_owns_nothing_and_is_nobodys_member(database_urls: Urls) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND pg_has_role(current_user, c.relowner, 'MEMBER')"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False, False)


def test_every_table_is_registered_once_with_its_kind() -> None:
    ours = {m for m in apps.get_models() if m.__module__.startswith("xinheng.")}
    registered = {k.model for k in REGISTRY.values()}
    assert ours == registered
    assert set(PRIVILEGES) == set(Keeping)
    others = {m._meta.db_table for m in apps.get_models()} - {m._meta.db_table for m in ours}
    assert others == {"django_content_type", "auth_permission", "auth_group"}  # of Django, used by nothing
