"""Ids are unique, roughly in order, below 2^53 and cost a round trip a block."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xinheng.store import ids


@pytest.mark.django_db
def test_a_block_costs_one_round_trip() -> None:
    ids.forget()
    with CaptureQueriesContext(connection) as queries:
        taken = [ids.next_id("local") for _ in range(ids.BLOCK)]
    assert len(queries) == 1
    assert taken == sorted(set(taken))
    assert taken[-1] < 2**53


@pytest.mark.django_db
def test_a_batch_takes_its_ids_at_once_in_order() -> None:
    with CaptureQueriesContext(connection) as queries:
        taken = ids.take("row", 3000)
    assert len(queries) == 1
    assert len(set(taken)) == 3000
    assert taken == sorted(taken)
    assert ids.take("row", 0) == []


@pytest.mark.django_db(transaction=True)
def test_two_threads_never_share_an_id() -> None:
    seen: list[int] = []
    lock = threading.Lock()

    def work() -> None:
        try:
            mine = [ids.next_id("local") for _ in range(1500)]
        finally:
            connection.close()
        with lock:
            seen.extend(mine)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == len(set(seen)) == 6000


def test_an_unknown_family_is_an_error() -> None:
    with pytest.raises(KeyError):
        ids.sequence("nonsense")
