"""How do callers who arrive at the same moment share one trip to the database?

While one caller is at the database the next ones gather; the first of them then goes for all. A trip and its commit
cost about the same for one and for twenty, so a busy process answers several times as much. Nobody waits for company:
a caller who finds nobody on the way goes at once.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.db import OperationalError, connection

Q = TypeVar("Q")
A = TypeVar("A")
MOST = 64  # callers in one round
QUICK, PATIENT = 0.1, 1.0  # seconds that a caller waits for a round before it goes alone
LOCK_NOT_AVAILABLE = "55P03"
_log = logging.getLogger(__name__)


class Unclear(Exception):
    """Raised by a trip that may or may not have left its trace: its callers get the cause, and none goes again."""


class Together(Generic[Q, A]):
    """``trip`` answers several questions in their order, ``alone`` answers one; neither leaves a trace when it raises.

    A trip must not wait long for a lock, because others wait for the trip. When it fails, each of its callers goes
    alone, with all the time it needs; so does who has waited too long for a round, and who asks inside a transaction,
    for its answer belongs to that transaction. One caller's fault or wait is never another's. ``quick`` trips go first
    in a round; their callers wait for no other.
    """

    def __init__(
        self, trip: Callable[[Sequence[Q]], Sequence[A]], *, alone: Callable[[Q], A], quick: bool = False
    ) -> None:
        self.trip = trip
        self.quick = quick
        self._alone = alone

    def ask(self, asked: Q) -> A:
        """The answer to one question. Raises what ``alone`` raises for it, or the cause of `Unclear`."""
        if connection.in_atomic_block:
            return self._alone(asked)
        caller = _Caller(self, asked)
        _lane.go(caller)
        if caller.fault is not None:
            raise caller.fault
        return caller.answers[0] if caller.answers else self._alone(asked)


class _Caller:
    """One caller: what it asks of whom, what came back, and the lock on which it sleeps."""

    __slots__ = ("answers", "asked", "chosen", "fault", "of", "served", "wake")

    def __init__(self, of: Together[Any, Any], asked: Any) -> None:
        self.of = of
        self.asked = asked
        self.answers: list[Any] = []  # none, or the one
        self.fault: BaseException | None = None
        self.served = False
        self.chosen = False  # to lead the next round
        self.wake = threading.Lock()
        self.wake.acquire()


class _Lane:
    """The one way to the database that all shared trips of a process take, round after round."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[_Caller] = deque()
        self._under_way = False

    def go(self, caller: _Caller) -> None:
        """Return when the caller was served, by itself or by another, or has waited too long."""
        with self._guard:
            caller.chosen, self._under_way = not self._under_way, True
            if not caller.chosen:
                self._waiting.append(caller)
        try:
            if not caller.chosen and not caller.wake.acquire(timeout=QUICK if caller.of.quick else PATIENT):
                if self._left(caller):
                    return
                caller.wake.acquire()  # its round is under way, or it leads the next
            if caller.chosen:
                self._lead(caller)
        except BaseException:
            if not self._left(caller) and caller.chosen:
                self._hand_on(caller)
            raise

    def _left(self, caller: _Caller) -> bool:
        """Take a caller out who waits for no round any more; whether it still stood in line."""
        with self._guard:
            if caller not in self._waiting:
                return False
            self._waiting.remove(caller)
            return True

    def _lead(self, leader: _Caller) -> None:
        """Go for all who wait by now, wake them, then the one who leads the next round."""
        group = [leader]
        try:
            with self._guard:
                while self._waiting and len(group) < MOST:
                    group.append(self._waiting.popleft())
            kinds: dict[Together[Any, Any], list[_Caller]] = {}
            for caller in group:
                kinds.setdefault(caller.of, []).append(caller)
            for kind in sorted(kinds, key=lambda kind: not kind.quick):
                _serve(kind, kinds[kind])
                _wake(kinds[kind], leader)
        finally:
            _wake(group, leader)
            self._hand_on(leader)

    def _hand_on(self, leader: _Caller) -> None:
        """Choose who leads the next round; nobody when nobody waits."""
        with self._guard:
            leader.chosen = False
            following = self._waiting.popleft() if self._waiting else None
            self._under_way = following is not None
            if following is not None:
                following.chosen = True
        if following is not None:
            following.wake.release()


def _serve(kind: Together[Any, Any], callers: Sequence[_Caller]) -> None:
    """One trip for callers of one kind; none is answered when it fails."""
    try:
        for caller, answer in zip(callers, kind.trip([one.asked for one in callers]), strict=True):
            caller.answers.append(answer)
    except Unclear as unclear:
        for caller in callers:
            caller.fault = unclear.__cause__ or unclear
    except Exception as fault:
        # Whose fault it was shows when each goes alone. A lock that was held is no fault; anything else is told.
        held = isinstance(fault, OperationalError) and getattr(fault.__cause__, "sqlstate", "") == LOCK_NOT_AVAILABLE
        if not held:
            _log.warning("a shared trip of %d failed with %s; each goes alone", len(callers), type(fault).__name__)


def _wake(callers: Sequence[_Caller], leader: _Caller) -> None:
    """Let go those who still sleep, answered or not."""
    for caller in callers:
        if caller is not leader and not caller.served:
            caller.served = True
            caller.wake.release()


_lane = _Lane()
