"""How are many rows written at once? By COPY, which needs no statement of a hundred thousand placeholders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import polars as pl
import psycopg
from django.db import connection, models
from psycopg import sql
from psycopg.copy import LibpqWriter

_AT_ONCE = 5000  # rows
_HELD = 4 << 20  # bytes
Job = Callable[[psycopg.Cursor[Any]], None]


def copy_rows(rows: Sequence[models.Model]) -> None:
    """Write instances of one model, all columns set, in the order given and in the caller's transaction.

    It is an INSERT to privileges and constraints; nothing of it is visible when the transaction fails.
    """
    if not rows:
        return
    table = rows[0]._meta
    names = [field.attname for field in table.concrete_fields if field.column is not None]
    columns = sql.SQL(", ").join(sql.Identifier(str(f.column)) for f in table.concrete_fields if f.column is not None)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.db_table), columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([getattr(row, name) for name in names])


class Writer:
    """Writes in a thread of its own while its owner computes what comes next; in the owner's transaction.

    What is added is held until `start` and from then on written at once, in the order in which it was added. Between
    `start` and `wait` the database belongs to the thread: both use one connection.
    """

    def __init__(self) -> None:
        connection.ensure_connection()
        self._connection: psycopg.Connection[Any] = connection.connection
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="copy")
        self._held: list[Job] = []
        self._begun: list[Future[None]] | None = None

    def add(self, table: str, frame: pl.DataFrame) -> None:
        """Write a frame, its columns named like those of ``table``; null is NULL, binary ``bytea``."""
        if frame.height:
            self.run(lambda cursor: copy_frame(cursor, table, frame))

    def run(self, job: Job) -> None:
        """Let the thread do something else with the database."""
        if self._begun is None:
            self._held.append(job)
        else:
            self._begun.append(self._thread.submit(self._do, job, self._begun[-1:]))

    def start(self) -> None:
        """Begin to write what is held."""
        self._begun = []
        held, self._held = self._held, []
        for job in held:
            self.run(job)

    def wait(self) -> None:
        """Wait until everything is written. Raises what went wrong first; nothing was written after it."""
        begun, self._begun = self._begun or [], None
        if begun:
            with connection.wrap_database_errors:
                begun[-1].result()

    def _do(self, job: Job, before: Sequence[Future[None]]) -> None:
        for one in before:
            one.result()  # raises what stopped the ones before
        with self._connection.cursor() as cursor:
            job(cursor)


def copy_frame(cursor: psycopg.Cursor[Any], table: str, frame: pl.DataFrame) -> None:
    """Write a frame as `Writer.add` does."""
    binary = [name for name, kind in frame.schema.items() if kind == pl.Binary]
    text = frame.with_columns((pl.lit("\\x") + pl.col(name).bin.encode("hex")).alias(name) for name in binary)
    columns = sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    # Every text is quoted, so that none can be taken for NULL or for the end of the data.
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, NULL 'NULL')").format(sql.Identifier(table), columns)
    # libpq holds what it was given: waiting for every piece would wake this thread a thousand times.
    with cursor.copy(statement, writer=LibpqWriter(cursor, flush_threshold=_HELD)) as copy:
        for start in range(0, text.height, _AT_ONCE):
            piece = text[start : start + _AT_ONCE]
            copy.write(piece.write_csv(include_header=False, quote_style="non_numeric", null_value="NULL").encode())
