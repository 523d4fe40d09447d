"""How are many rows written at once? By COPY, which needs no statement of a hundred thousand placeholders."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import polars as pl
import psycopg
from django.db import connection, models
from psycopg import sql
from psycopg.copy import LibpqWriter

_AT_ONCE = 5000  # rows
_HELD = 4 << 20  # bytes


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
    """Writes frames in a thread of its own while its owner computes the next ones; in the owner's transaction.

    The owner must `wait` before it speaks to the database again: both use one connection, and none is done before.
    """

    def __init__(self) -> None:
        connection.ensure_connection()
        self._connection: psycopg.Connection[Any] = connection.connection
        self._frames: list[tuple[str, pl.DataFrame]] = []
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None

    def add(self, table: str, frame: pl.DataFrame) -> None:
        """Hold a frame, its columns named like those of ``table``, until `start`; null is NULL, binary ``bytea``."""
        if frame.height:
            self._frames.append((table, frame))

    def start(self) -> None:
        """Begin to write what is held, in the order in which it was added."""
        self.wait()
        frames, self._frames = self._frames, []
        self._thread = threading.Thread(target=self._write, args=[frames], name="copy", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Wait until everything is written. Raises what went wrong."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._error is not None:
            error, self._error = self._error, None
            with connection.wrap_database_errors:
                raise error

    def _write(self, frames: list[tuple[str, pl.DataFrame]]) -> None:
        try:
            with self._connection.cursor() as cursor:
                for table, frame in frames:
                    _copy(cursor, table, frame)
        except BaseException as error:
            self._error = error


def _copy(cursor: psycopg.Cursor[Any], table: str, frame: pl.DataFrame) -> None:
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
