"""How is a request of a machine carried out once, however often it is sent?

The machine names each request by a key of its own. While one with the same key is carried out, others are turned away;
what was done is remembered in the transaction that did it. So after a crash either both are there or neither.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError, connection
from django.db.models.functions import Now

from xinheng.accounts.models import MachineRequest
from xinheng.accounts.rules import REQUESTS_KEPT
from xinheng.lib.errors import Conflict
from xinheng.store.crypto import blind, blind_now
from xinheng.store.ids import next_id


@dataclass(frozen=True, slots=True)
class Done:
    """A request that was carried out: the digest of what was asked, the number of what came of it."""

    body_digest: str
    result: int


@contextmanager
def alone(*, client: int, key: str) -> Iterator[None]:
    """Hold the key of a client while its request is carried out. Raises Conflict ``request_running`` when it is held.

    The lock belongs to the session of the database: it outlives the transactions inside and ends with the process, so
    a crash leaves no key that is held for ever.
    """
    number = int.from_bytes(hashlib.sha256(f"request/{client}/{key}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        if cursor.fetchone() != (True,):
            raise Conflict("request_running")
    try:
        yield
    finally:
        _let_go(number)


def _let_go(number: int) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
    except (OperationalError, InterfaceError):
        connection.close()  # the session is lost or will be: the lock ends with it


def done_before(*, client: int, key: str) -> Done | None:
    """What the client was answered under ``key``; None when nothing was done, or it is no longer kept."""
    found = MachineRequest.objects.filter(client_id=client, key_digest__in=blind("request", f"{client}/{key}"))
    row = found.values_list("body_digest", "result").first()
    return Done(*row) if row else None


def remember(*, client: int, key: str, body_digest: str, result: int) -> None:
    """Keep what was done for `REQUESTS_KEPT`, in the caller's transaction. Raises IntegrityError for a key that is
    known.
    """
    MachineRequest.objects.create(
        id=next_id("account"),
        client_id=client,
        key_digest=blind_now("request", f"{client}/{key}"),
        body_digest=body_digest,
        result=result,
        done_at=Now(),
    )


def forget_requests() -> int:
    """Delete what is kept no longer, by the database's clock; how many they were."""
    return MachineRequest.objects.filter(done_at__lt=Now() - REQUESTS_KEPT).delete()[0]
