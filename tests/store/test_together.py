"""Callers of one moment share a trip; one caller's fault or wait is never another's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import transaction

from xinheng.store import together
from xinheng.store.together import Together, Unclear


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody loses patience on a busy machine, unless the test says so."""
    monkeypatch.setattr(together, "QUICK", 60)
    monkeypatch.setattr(together, "PATIENT", 60)


def nobody_is_left() -> bool:
    """Whether the lane is free again."""
    return not together._lane._under_way and not together._lane._waiting


class Trips:
    """A trip that notes who went together; the first one waits until it is let go."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.alone: list[int] = []
        self.away, self.go = threading.Event(), threading.Event()

    def trip(self, asked: Sequence[int]) -> list[int]:
        self.groups.append(list(asked))
        if not self.away.is_set():
            self.away.set()
            assert self.go.wait(20)
        if any(one < 0 for one in asked):
            raise ValueError("somebody asked for something impossible")
        return [one * 10 for one in asked]

    def go_alone(self, asked: int) -> int:
        self.alone.append(asked)
        if asked < 0:
            raise ValueError(asked)
        return asked * 10


def started(act: Callable[[], Any]) -> threading.Thread:
    """``act`` in a thread of its own."""
    thread = threading.Thread(target=act)
    thread.start()
    return thread


def gathered(number: int) -> None:
    """Wait until so many callers wait for the next trip."""
    for _ in range(4000):
        if len(together._lane._waiting) >= number:
            return
        time.sleep(0.005)
    raise AssertionError("the callers did not come")


def ask_all(shared: Together[int, int], numbers: Sequence[int], told: dict[int, Any]) -> list[threading.Thread]:
    """Each number asked for by a thread of its own; its answer or its error is noted."""

    def ask(number: int) -> None:
        try:
            told[number] = shared.ask(number)
        except ValueError as error:
            told[number] = error

    return [started(lambda number=number: ask(number)) for number in numbers]


@pytest.mark.req("INV-3", kind="rule")
def test_those_who_come_while_one_is_away_share_the_next_trip() -> None:
    trips, told = Trips(), {}
    shared = Together(trips.trip, alone=trips.go_alone)
    threads = ask_all(shared, [1], told)
    assert trips.away.wait(20)
    threads += ask_all(shared, range(2, 12), told)
    gathered(10)
    trips.go.set()
    for thread in threads:
        thread.join(20)
    assert told == {number: number * 10 for number in range(1, 12)}
    assert trips.groups[0] == [1] and sorted(trips.groups[1]) == list(range(2, 12)) and trips.alone == []
    assert nobody_is_left()


@pytest.mark.req("INV-3", kind="refusal")
def test_one_callers_fault_is_only_its_own() -> None:
    trips, told = Trips(), {}
    shared = Together(trips.trip, alone=trips.go_alone)
    threads = ask_all(shared, [1], told)
    assert trips.away.wait(20)
    threads += ask_all(shared, [2, -3, 4], told)
    gathered(3)
    trips.go.set()
    for thread in threads:
        thread.join(20)
    assert (told[1], told[2], told[4]) == (10, 20, 40)
    assert isinstance(told[-3], ValueError) and sorted(trips.alone) == [-3, 2, 4]


def test_quick_trips_go_first_and_a_round_is_bounded() -> None:
    order: list[str] = []
    slow, told = Trips(), {}
    shared = Together(lambda asked: order.append("slow") or slow.trip(asked), alone=slow.go_alone)
    quick = Together(lambda asked: order.append("quick") or list(asked), alone=lambda one: one, quick=True)
    threads = ask_all(shared, [1], told)
    assert slow.away.wait(20)
    threads += ask_all(shared, range(2, together.MOST + 20), told)
    gathered(together.MOST + 18)
    threads.append(started(lambda: told.setdefault("q", quick.ask(7))))
    gathered(together.MOST + 19)
    together._lane._waiting.rotate(1)  # as if it had come first
    slow.go.set()
    for thread in threads:
        thread.join(20)
    assert told["q"] == 7 and order[:3] == ["slow", "quick", "slow"]
    assert max(len(group) for group in slow.groups) < together.MOST


@pytest.mark.django_db
def test_in_a_transaction_everybody_goes_alone() -> None:
    trips = Trips()
    shared = Together(trips.trip, alone=trips.go_alone)
    with transaction.atomic():
        assert shared.ask(5) == 50
    assert trips.groups == [] and trips.alone == [5]


@pytest.mark.req("INV-3", kind="refusal")
def test_who_has_waited_too_long_goes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "PATIENT", 0.05)
    trips, told = Trips(), {}
    shared = Together(trips.trip, alone=trips.go_alone)
    first = ask_all(shared, [1], told)
    assert trips.away.wait(20)
    for thread in ask_all(shared, [2, 3], told):
        thread.join(20)
    assert (told[2], told[3]) == (20, 30) and sorted(trips.alone) == [2, 3]  # while the first is still away
    trips.go.set()
    first[0].join(20)
    assert told[1] == 10 and nobody_is_left()


@pytest.mark.req("INV-3", kind="refusal")
def test_an_unclear_trip_is_not_gone_again() -> None:
    def trip(asked: Sequence[int]) -> list[int]:
        raise Unclear from OSError("the answer to COMMIT never came")

    trips = Trips()
    shared = Together(trip, alone=trips.go_alone)
    with pytest.raises(OSError, match="COMMIT"):
        shared.ask(1)
    assert trips.alone == [] and nobody_is_left()


@pytest.mark.parametrize("fault", [KeyboardInterrupt, SystemExit, MemoryError])
def test_the_lane_outlives_a_leader_that_is_torn_away(fault: type[BaseException]) -> None:
    away, go, told = threading.Event(), threading.Event(), {}
    torn: list[str] = []

    def trip(asked: Sequence[int]) -> list[int]:
        if 1 in asked:
            away.set()
            assert go.wait(20)
            raise fault
        return [one * 10 for one in asked]

    shared = Together(trip, alone=lambda one: one * 10)

    def leader() -> None:
        try:
            shared.ask(1)
        except BaseException as seen:
            torn.append(type(seen).__name__)

    first = started(leader)
    assert away.wait(20)
    rest = ask_all(shared, [2, 3, 4], told)
    gathered(3)
    go.set()
    for thread in [first, *rest]:
        thread.join(20)
    assert told == {2: 20, 3: 30, 4: 40} and nobody_is_left()
    assert torn == ([] if fault is MemoryError else [fault.__name__])


@pytest.mark.parametrize("chosen", [False, True])
def test_a_caller_torn_out_of_its_sleep_leaves_the_line(monkeypatch: pytest.MonkeyPatch, chosen: bool) -> None:
    lane = together._Lane()
    caller = together._Caller(Together(list, alone=lambda one: one), 1)
    other = together._Caller(caller.of, 2)
    lane._under_way = True

    class Torn:
        def acquire(self, timeout: float = 0) -> bool:
            if chosen:
                with lane._guard:
                    lane._waiting.remove(caller)
                    lane._waiting.append(other)
                    caller.chosen = True
            raise KeyboardInterrupt

    caller.wake = Torn()  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        lane.go(caller)
    assert caller not in lane._waiting
    assert other.chosen is chosen and lane._under_way


def test_a_trip_with_too_few_answers_answers_nobody() -> None:
    shared = Together(lambda asked: list(asked)[1:], alone=lambda one: one * 100)
    assert shared.ask(3) == 300 and nobody_is_left()
