"""How is a transaction repeated that lost a race and only that?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, transaction

R = TypeVar("R")
RETRIED = frozenset({"40001", "40P01"})  # serialization failure, deadlock


def atomic_retry(act: Callable[[], R], *, attempts: int = 4) -> R:
    """Run ``act`` in a transaction; repeat it when PostgreSQL cancelled it for a serialization failure or a deadlock.

    ``act`` must be repeatable: external effects belong in ``on_commit``. In an outer transaction it runs once, for
    PostgreSQL has then cancelled the outer one too.
    """
    nested = transaction.get_connection().in_atomic_block
    for attempt in range(1, attempts + 1):
        try:
            with transaction.atomic():
                return act()
        except OperationalError as error:
            state = getattr(error.__cause__, "sqlstate", None)
            if nested or state not in RETRIED or attempt == attempts:
                raise
    raise AssertionError("unreachable: the loop returns or raises")
