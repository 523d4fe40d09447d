"""What would it cost to write exactly what a file leaves behind, if it were known beforehand?

The rows that one run of the pipeline added, table by table, are kept in files: binary, sorted by primary key. The floor
is COPY of these files into a database as it was before, with the same indexes, constraints and triggers, as the same
role, in one transaction. Rows that the run only changed (a head, a counter) are left out: the floor costs the less.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql

_PIECE = 1 << 20
_TABLES: LiteralString = """
SELECT c.relname, array(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
                        AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum),
       array(SELECT a.attname FROM pg_index i CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k(n, place)
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.n
             WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY k.place),
       array(SELECT DISTINCT f.relname FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid
             WHERE k.conrelid = c.oid AND k.contype = 'f' AND f.oid <> c.oid)
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relpersistence = 'p'
"""


@dataclass(frozen=True, slots=True)
class Left:
    """What was added to one table: ``file`` in the binary form of COPY."""

    table: str
    columns: tuple[str, ...]
    rows: int
    file: Path


def transaction_now(url: str) -> int:
    """The number of a transaction that begins now: rows of later ones were added or changed after it."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
    assert row is not None
    return int(row[0])


def left_behind(*, before: str, after: str, since: int, folder: Path) -> list[Left]:
    """The rows of ``after`` that ``before`` lacks, in files, tables that others refer to first.

    ``since``: `transaction_now` of ``after`` ahead of the run; both addresses with the right to read every table.
    """
    with psycopg.connect(before) as old, psycopg.connect(after) as new:
        tables = {name: (columns, key, refers) for name, columns, key, refers in new.execute(_TABLES)}
        order = TopologicalSorter({name: refers for name, (_, _, refers) in tables.items()}).static_order()
        found = []
        for name in order:
            columns, key, _ = tables[name]
            added = _count(new, name) - _count(old, name)
            if added > 0:
                _only_new(old, new, name, key, since)
                found.append(_dumped(new, name, columns, key, folder / f"{name}.bin"))
                if found[-1].rows != added:
                    raise SystemExit(f"{name}: {found[-1].rows} rows dumped, {added} added: nothing is measured")
        new.rollback()
    return found


def _count(connection: psycopg.Connection[Any], table: str) -> int:
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    assert row is not None
    return int(row[0])


def _only_new(
    old: psycopg.Connection[Any], new: psycopg.Connection[Any], table: str, key: list[str], since: int
) -> None:
    """``pg_temp.added`` has the keys of rows that were written since and are not in the database before."""
    name, keys = sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, key))
    new.execute("DROP TABLE IF EXISTS pg_temp.added, pg_temp.held")
    new.execute(
        sql.SQL("CREATE TEMP TABLE added AS SELECT {} FROM {} WHERE xmin::text::bigint >= {}").format(
            keys, name, sql.Literal(since)
        )
    )
    new.execute(sql.SQL("CREATE TEMP TABLE held AS SELECT {} FROM {} WHERE false").format(keys, name))
    out, into = sql.SQL("COPY {} ({}) TO STDOUT").format(name, keys), sql.SQL("COPY held ({}) FROM STDIN").format(keys)
    with old.cursor().copy(out) as source, new.cursor().copy(into) as target:
        for piece in source:
            target.write(piece)
    new.execute(sql.SQL("DELETE FROM added USING held WHERE ({0}) = ({1})").format(_of("added", key), _of("held", key)))
    new.execute("ANALYZE added")


def _of(table: str, columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(table, column) for column in columns)


def _dumped(new: psycopg.Connection[Any], table: str, columns: list[str], key: list[str], file: Path) -> Left:
    statement = sql.SQL("COPY (SELECT {} FROM {} JOIN pg_temp.added USING ({}) ORDER BY {}) TO STDOUT (FORMAT binary)")
    keys = sql.SQL(", ").join(map(sql.Identifier, key))
    cursor = new.cursor()
    with (
        file.open("wb") as out,
        cursor.copy(statement.format(_of(table, columns), sql.Identifier(table), keys, keys)) as rows,
    ):
        for piece in rows:
            out.write(piece)
    return Left(table, tuple(columns), cursor.rowcount, file)


@dataclass(frozen=True, slots=True)
class Copied:
    """Seconds from the first statement to the end of the commit, and of each table; the commit has deferred checks."""

    seconds: float
    parts: dict[str, float]

    def largest(self, count: int = 5) -> str:
        """Where most of the time goes."""
        ranked = sorted(self.parts.items(), key=lambda part: -part[1])[:count]
        return ", ".join(f"{name} {seconds / self.seconds:.0%}" for name, seconds in ranked)


def copied(url: str, tables: Iterable[Left]) -> Copied:
    """Write the files into the database of ``url`` in one transaction."""
    parts: dict[str, float] = {}
    with psycopg.connect(url) as connection:
        last = time.perf_counter()
        for left in tables:
            names = sql.SQL(", ").join(map(sql.Identifier, left.columns))
            statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(sql.Identifier(left.table), names)
            with connection.cursor().copy(statement) as copy:
                for piece in _pieces(left.file):
                    copy.write(piece)
            parts[left.table], last = time.perf_counter() - last, time.perf_counter()
        connection.commit()
        parts["commit"] = time.perf_counter() - last
        return Copied(sum(parts.values()), parts)


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while piece := source.read(_PIECE):
            yield piece
