"""How are many rows written at once? By COPY, which needs no statement of a hundred thousand placeholders."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from django.db import connection, models
from psycopg import sql

_AT_ONCE = 5000  # rows


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


def copy_frame(table: str, frame: pl.DataFrame) -> None:
    """Write a frame whose columns are named like those of ``table``; null is NULL, binary columns are ``bytea``.

    Instants, days and numbers travel as text. Like `copy_rows` it belongs to the caller's transaction.
    """
    if not frame.height:
        return
    binary = [name for name, kind in frame.schema.items() if kind == pl.Binary]
    text = frame.with_columns((pl.lit("\\x") + pl.col(name).bin.encode("hex")).alias(name) for name in binary)
    columns = sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    # Every text is quoted, so that none can be taken for NULL or for the end of the data.
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, NULL 'NULL')").format(sql.Identifier(table), columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for start in range(0, text.height, _AT_ONCE):
            copy.write(
                text[start : start + _AT_ONCE]
                .write_csv(include_header=False, quote_style="non_numeric", null_value="NULL")
                .encode()
            )
