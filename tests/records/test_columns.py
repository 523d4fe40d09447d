"""Columns written at once say what rows written one by one would say."""

from __future__ import annotations

import os
import threading
import time
from typing import Any

import polars as pl
import psycopg
import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.records.conftest import Send
from tests.records.rows import OTHER, PERSON, SHOP, row
from xinheng.ledger import verify
from xinheng.lib.canonical import canonical
from xinheng.records.models import RecordContent, RecordVersion
from xinheng.records.services import registering
from xinheng.store.copying import Writer, copy_rows
from xinheng.subjects.models import SubjectKey

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)


@pytest.mark.req("INV-8", "INT-1", kind="rule")
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5))
def test_columns_encode_a_row_as_the_canonical_form_does(rows: list[tuple[str, str]]) -> None:
    frame = pl.DataFrame(rows, schema={"CF_A": pl.String, "CF_B": pl.String}, orient="row")
    encoded = frame.select(pl.struct("CF_A", "CF_B").struct.json_encode().cast(pl.Binary)).to_series().to_list()
    assert encoded == [canonical({"CF_A": a, "CF_B": b}) for a, b in rows]


@pytest.mark.req("INV-8", kind="rule")
def test_the_leaf_of_a_column_is_the_leaf_of_its_version(send: Send) -> None:
    """`ledger verify` computes every leaf from the rows of the tables, one by one."""
    texts = {"CF_SY": '引号"、反斜线\\、换行\n、\\N、NULL、,', "BZ": "电话13912345678"}
    send(row(1, **texts), row(2, OTHER), row(3, PERSON), row(4, SHOP), row(5, CF_NR="罚款一万元", CF_NR_FK="1"))
    assert RecordVersion.objects.count() == 5
    damage = [found for found in verify.run() if isinstance(found, verify.Damage)]
    assert damage == []
    bodies = list(RecordContent.objects.values_list("body", flat=True))
    assert sum(texts["CF_SY"].replace('"', '\\"')[:4] in body for body in bodies) == 1
    assert not any("13912345678" in body or PERSON["CF_XDR_ZJHM"] in body for body in bodies)


def test_every_field_of_a_snapshot_is_in_the_columns() -> None:
    from xinheng.records.rules import SNAPSHOT_FIELDS

    kept = {*registering._TEXT, "severity_suggested", "disputed", "as_minor", "content_commit"}
    assert set(SNAPSHOT_FIELDS) <= kept


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["", "NULL", "\\N", "\\.", 'a"b', "a,b", "a\nb", "a\r\nb", "'", "\\", "\u2028", "𠮷", " x "]
)
def test_a_frame_writes_every_text_as_it_is(text: str) -> None:
    data = os.urandom(5)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE made (id bigint, said text, held bytea, day date, yes boolean)")
        schema = {"id": pl.Int64, "said": pl.String, "held": pl.Binary, "day": pl.Date, "yes": pl.Boolean}
        rows = [(1, text, data, None, True), (2, None, None, None, None)]
        with Writer() as writer:
            writer.add("made", pl.DataFrame(rows, schema=schema, orient="row"))
        cursor.execute("SELECT * FROM made ORDER BY id")
        first, second = cursor.fetchall()
        assert (first[1], bytes(first[2]), first[3], first[4]) == (text, data, None, True)
        assert second[1:] == (None, None, None, None)
        cursor.execute("DROP TABLE made")


@pytest.mark.django_db
def test_what_goes_wrong_in_the_thread_is_raised_where_it_is_waited_for() -> None:
    from django.db import DatabaseError

    with pytest.raises(DatabaseError), transaction.atomic(), Writer() as writer:
        writer.add("no_such_table", pl.DataFrame({"id": [1]}))
        writer.wait()
    assert connection.is_usable()


@pytest.mark.django_db
def test_the_owner_and_the_thread_take_turns_on_one_connection() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE made (n bigint, at int GENERATED ALWAYS AS IDENTITY)")
        with Writer() as writer:
            for n in range(0, 40, 2):
                writer.add("made", pl.DataFrame({"n": [n, n + 1]}))
                with transaction.atomic():  # a savepoint of the owner, while the thread writes
                    cursor.execute("SELECT count(*) FROM made")
                    assert cursor.fetchone()[0] <= n + 2
            writer.run(lambda own: own.execute("UPDATE made SET n = 99 WHERE n = 39"))
            writer.wait()
            cursor.execute("SELECT n FROM made ORDER BY at")
            assert sorted(n for (n,) in cursor.fetchall()) == [*range(39), 99]
        cursor.execute("DROP TABLE made")


@pytest.mark.django_db
def test_nothing_is_written_after_what_went_wrong_and_the_first_fault_is_told() -> None:
    from xinheng.records.services.registering import Raced

    done: list[str] = []

    def raced(_: object) -> None:
        raise Raced("batch_raced")

    with pytest.raises(Raced), transaction.atomic(), Writer() as writer:
        writer.run(raced)
        writer.run(lambda _: done.append("second"))
    assert done == []


@pytest.mark.django_db
def test_a_fault_of_the_thread_is_what_its_owner_is_told_at_its_next_statement() -> None:
    from xinheng.records.services.registering import Raced

    failed = threading.Event()

    def raced(cursor: psycopg.Cursor[Any]) -> None:
        try:
            cursor.execute("SELECT 1 / 0")
        except psycopg.errors.DivisionByZero:
            raise Raced("batch_raced") from None
        finally:
            failed.set()

    with pytest.raises(Raced), transaction.atomic(), Writer() as writer:
        writer.run(raced)
        failed.wait(10)
        writer.wait()
    for statement in ("SELECT 1", None):
        failed.clear()
        with pytest.raises(Raced), transaction.atomic(), Writer() as writer:
            writer.run(raced)
            failed.wait(10)
            time.sleep(0.01)
            if statement is None:
                copy_rows([SubjectKey(key="x", subject_id=1)])
            else:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
    assert connection.is_usable()


@pytest.mark.django_db
def test_what_the_owner_did_not_wait_for_is_given_up_when_it_fails() -> None:
    begun, go = threading.Event(), threading.Event()
    done: list[str] = []

    def slow(_: object) -> None:
        begun.set()
        go.wait(10)
        done.append("slow")

    def fail() -> None:
        with transaction.atomic(), Writer() as writer:
            writer.run(slow)
            writer.run(lambda _: done.append("never"))
            begun.wait(10)
            threading.Timer(0.05, go.set).start()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert done == ["slow"]
    assert connection.is_usable()
