"""How are many rows written at once? By COPY, which needs no statement of a hundred thousand placeholders."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, models
from psycopg import sql


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
