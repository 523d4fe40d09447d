"""A kept connection whose session ended is noticed before the next request uses it."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connection


@pytest.mark.django_db(transaction=True)
def test_a_waiting_connection_is_usable_and_an_ended_one_is_not(database_urls: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        row = cursor.fetchone()
    assert row and connection.is_usable()
    with psycopg.connect(database_urls.app, autocommit=True) as other:  # the same role may end its own sessions
        other.execute("SELECT pg_terminate_backend(%s, 5000)", row)
    assert not connection.is_usable()
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
