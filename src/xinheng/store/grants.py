"""Which statements give the application role exactly what the registry says, and nothing more?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from psycopg import sql

from xinheng.store.kinds import PRIVILEGES, REGISTRY, Keeping


def wanted() -> dict[str, frozenset[str]]:
    """Table name -> privileges of the application role, from the registry."""
    tables = {k.table: PRIVILEGES[k.keeping] for k in REGISTRY.values()}
    tables["django_migrations"] = frozenset({"SELECT"})
    return tables


def statements(app_role: str) -> Iterator[sql.Composed]:
    """Revoke everything, then grant what the registry says, one table a statement (a distributed one wants that)."""
    role = sql.Identifier(app_role)
    yield sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}, PUBLIC").format(role)
    yield sql.SQL("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {}, PUBLIC").format(role)
    yield sql.SQL("REVOKE CREATE ON SCHEMA public FROM {}, PUBLIC").format(role)
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role)
    for table, privileges in sorted(wanted().items()):
        yield sql.SQL("GRANT {} ON {} TO {}").format(
            sql.SQL(", ").join(sql.SQL(p) for p in sorted(privileges)), sql.Identifier(table), role
        )
    yield sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(role)


def is_append_only(table: str) -> bool:
    """Whether ``table`` is history: rows are added and never changed."""
    return any(k.table == table and k.keeping is Keeping.HISTORY for k in REGISTRY.values())


def differences(app_role: str, execute: Callable[[str, list[str]], list[tuple[str, str]]]) -> list[str]:
    """Compare what the database grants ``app_role`` with the registry; an empty list means they agree.

    ``execute`` runs one statement and returns its rows. A finding is a sentence such as ``record_version: UPDATE is too
    much``; tables that nobody registered count as too much whatever is granted on them.
    """
    granted: dict[str, set[str]] = {}
    for table, privilege in execute(
        "SELECT c.relname, p.privilege FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,"
        " unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','REFERENCES','TRIGGER']) AS p(privilege)"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND has_table_privilege(%s, c.oid, p.privilege)",
        [app_role],
    ):
        granted.setdefault(table, set()).add(privilege)
    findings = []
    for table in sorted(granted.keys() | wanted().keys()):
        right = wanted().get(table, frozenset())
        held = granted.get(table, set())
        findings += [f"{table}: {p} is too much" for p in sorted(held - right)]
        findings += [f"{table}: {p} is missing" for p in sorted(right - held)]
    return findings
