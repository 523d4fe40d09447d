"""How are many rows written at once? By COPY, which needs no statement of a hundred thousand placeholders."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from contextvars import ContextVar
from threading import Lock
from typing import Any, Self

import polars as pl
import psycopg
from django.db import connection, models
from psycopg import sql
from psycopg.copy import LibpqWriter

_AT_ONCE = 5000  # rows
_HELD = 4 << 20  # bytes
Job = Callable[[psycopg.Cursor[Any]], object]
_TURN: ContextVar[Callable[[], AbstractContextManager[None]]] = ContextVar("turn", default=nullcontext)


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
    with _TURN.get()(), connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([getattr(row, name) for name in names])


class Writer:
    """Writes in a thread of its own, in its owner's transaction, while its owner goes on; to be used with ``with``.

    Both speak to the database over one connection and take turns, statement by statement.
    """

    def __init__(self) -> None:
        connection.ensure_connection()
        self._connection: psycopg.Connection[Any] = connection.connection
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="copy")
        self._begun: list[Future[None]] = []
        self._fault: BaseException | None = None
        self._next, self._turn = Lock(), Lock()
        self._around = ExitStack()

    def __enter__(self) -> Self:
        self._around.enter_context(connection.execute_wrapper(self._in_turn))
        token = _TURN.set(self._own_turn)
        self._around.callback(_TURN.reset, token)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Wait for everything; when the owner failed, only for what is being written."""
        with self._around:
            self._thread.shutdown(wait=True, cancel_futures=kind is not None)
            if kind is None:
                self.wait()

    def add(self, table: str, frame: pl.DataFrame) -> None:
        """Write a frame, its columns named like those of ``table``; null is NULL, binary ``bytea``."""
        if frame.height:
            self._begin(lambda: self._speak(copying(table, frame)))

    def run(self, job: Job) -> None:
        """Let the thread do something else with the database."""
        self._begin(lambda: self._speak(job))

    def wait(self) -> None:
        """Wait until everything is written. Raises what went wrong first; nothing was written after it."""
        begun, self._begun = self._begun, []
        for one in begun[-1:]:
            one.exception()
        self._raise_fault()

    @contextmanager
    def _own_turn(self) -> Iterator[None]:
        """The owner's turn; after a fault of the thread no statement would be understood."""
        with self._turns():
            self._raise_fault()
            yield

    @contextmanager
    def _turns(self) -> Iterator[None]:
        """Speak to the database alone. Who waits is next, however soon the other one asks again."""
        with self._next:
            self._turn.acquire()
        try:
            yield
        finally:
            self._turn.release()

    def _raise_fault(self) -> None:
        if self._fault is not None:
            with connection.wrap_database_errors:
                raise self._fault

    def _in_turn(self, execute: Callable[..., Any], *statement: Any) -> Any:
        with self._own_turn():
            return execute(*statement)

    def _begin(self, work: Callable[[], None]) -> None:
        self._begun.append(self._thread.submit(self._unless_failed, work))

    def _unless_failed(self, work: Callable[[], None]) -> None:
        try:
            if self._fault is None:
                work()
        except BaseException as fault:
            self._fault = fault

    def _speak(self, job: Job) -> None:
        with self._turns(), self._connection.cursor() as cursor:
            job(cursor)


def copying(table: str, frame: pl.DataFrame) -> Job:
    """What writes a frame as `Writer.add` does; its text is made at once, the database then only takes it."""
    binary = [name for name, kind in frame.schema.items() if kind == pl.Binary]
    text = frame.with_columns((pl.lit("\\x") + pl.col(name).bin.encode("hex")).alias(name) for name in binary)
    columns = sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    # Every text is quoted, so that none can be taken for NULL or for the end of the data.
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, NULL 'NULL')").format(sql.Identifier(table), columns)
    pieces = [
        text[start : start + _AT_ONCE]
        .write_csv(include_header=False, quote_style="non_numeric", null_value="NULL")
        .encode()
        for start in range(0, text.height, _AT_ONCE)
    ]

    def copy(cursor: psycopg.Cursor[Any]) -> None:
        # libpq holds what it was given: waiting for every piece would wake this thread a thousand times.
        with cursor.copy(statement, writer=LibpqWriter(cursor, flush_threshold=_HELD)) as into:
            for piece in pieces:
                into.write(piece)

    return copy
