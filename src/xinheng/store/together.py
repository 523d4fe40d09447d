"""How do callers who arrive at the same moment share one trip to the database?

While one caller is at the database the next ones gather; the first of them then goes for all. A trip and its commit
cost about the same for one and for twenty, so a busy process answers several times as much. Nobody waits for company:
a caller who finds nobody on the way goes at once.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Generic, TypeVar

from django.db import connection

Q = TypeVar("Q")
A = TypeVar("A")
MOST = 64  # callers in one round


class Together(Generic[Q, A]):
    """``trip`` answers several questions in their order, ``alone`` answers one; neither leaves a trace when it raises.

    A trip must not wait long for a lock, because others wait for the trip. When it fails, for whatever reason, each of
    its callers goes alone, with all the time it needs: one caller's fault or wait is never another's. Whoever asks
    inside a transaction goes alone too, for its answer belongs to that transaction. ``quick`` trips go first in a
    round; their callers need not wait for the others.
    """

    def __init__(
        self, trip: Callable[[Sequence[Q]], Sequence[A]], *, alone: Callable[[Q], A], quick: bool = False
    ) -> None:
        self.trip = trip
        self.quick = quick
        self._alone = alone

    def ask(self, asked: Q) -> A:
        """The answer to one question. Raises what ``alone`` raises for it."""
        if connection.in_atomic_block:
            return self._alone(asked)
        caller = _Caller(self, asked)
        _lane.go(caller)
        return caller.answers[0] if caller.answers else self._alone(asked)


class _Caller:
    """One caller: what it asks of whom, what came back, and the lock on which it sleeps."""

    __slots__ = ("answers", "asked", "of", "served", "wake")

    def __init__(self, of: Together[Any, Any], asked: Any) -> None:
        self.of = of
        self.asked = asked
        self.answers: list[Any] = []  # none, or the one
        self.served = False
        self.wake = threading.Lock()
        self.wake.acquire()


class _Lane:
    """The one way to the database that all shared trips of a process take, round after round."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[_Caller] = deque()
        self._under_way = False

    def go(self, caller: _Caller) -> None:
        """Return when the caller was served, by itself or by another."""
        with self._guard:
            leads, self._under_way = not self._under_way, True
            if not leads:
                self._waiting.append(caller)
        if not leads:
            caller.wake.acquire()
        if not caller.served:
            self._lead(caller)

    def _lead(self, leader: _Caller) -> None:
        """Go for all who wait by now, wake them, then the one who leads the next round."""
        with self._guard:
            group = [leader, *(self._waiting.popleft() for _ in range(min(len(self._waiting), MOST - 1)))]
        kinds: dict[Together[Any, Any], list[_Caller]] = {}
        for caller in group:
            kinds.setdefault(caller.of, []).append(caller)
        try:
            for kind in sorted(kinds, key=lambda kind: not kind.quick):
                _serve(kind, kinds[kind])
                _wake(kinds[kind], leader)
        finally:
            _wake(group, leader)
            with self._guard:
                following = self._waiting.popleft() if self._waiting else None
                self._under_way = following is not None
            if following is not None:
                following.wake.release()


def _serve(kind: Together[Any, Any], callers: Sequence[_Caller]) -> None:
    """One trip for callers of one kind; none is answered when it fails."""
    with suppress(Exception):  # whose fault it was shows when each goes alone
        for caller, answer in zip(callers, kind.trip([one.asked for one in callers]), strict=True):
            caller.answers.append(answer)


def _wake(callers: Sequence[_Caller], leader: _Caller) -> None:
    """Let go those who still sleep, answered or not."""
    for caller in callers:
        if caller is not leader and not caller.served:
            caller.served = True
            caller.wake.release()


_lane = _Lane()
