"""Which statements give the application role exactly what the registry says, and nothing more?"""

from __future__ import annotations

from collections.abc import Iterator

from psycopg import sql

from xinheng.store.kinds import FOREIGN_TABLES, PRIVILEGES, REGISTRY, Keeping

ALL_PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def wanted() -> dict[str, frozenset[str]]:
    """Table name -> privileges of the application role, from the registry."""
    tables = {k.table: PRIVILEGES[k.keeping] for k in REGISTRY.values()}
    tables.update({table: PRIVILEGES[keeping] for table, keeping in FOREIGN_TABLES.items()})
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
