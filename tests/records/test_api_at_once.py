"""Two requests with one key at once, a crash on either side of the commit, a revocation on the way: never two batches,
never half of one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.accounts.machines import revoke
from tests.records.machines import System
from tests.records.rows import row
from xinheng.accounts import services as accounts
from xinheng.accounts.models import MachineRequest
from xinheng.accounts.selectors import organisation_by_code
from xinheng.intake.models import IntakeBatch
from xinheng.ledger import selectors as ledger
from xinheng.lib.errors import Conflict
from xinheng.records.models import Record
from xinheng.records.services import reporting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def system(transactional_db: None) -> System:
    return System(organisation_by_code("scjgj"))


def counts() -> tuple[int, int, int, int]:
    entries = len(ledger.entries(act="batch.accepted"))
    return IntakeBatch.objects.count(), MachineRequest.objects.count(), Record.objects.count(), entries


def beside(*works: Callable[[], Any]) -> list[Any]:
    """Run each in a thread with a connection of its own; what each gave, in their order."""
    found: list[Any] = [None] * len(works)

    def run(place: int) -> None:
        try:
            found[place] = works[place]()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


@pytest.mark.req("INT-1", "IOP-1", kind="refusal")
def test_a_second_request_is_turned_away_while_the_first_is_carried_out(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, go_on = threading.Event(), threading.Event()
    accept = reporting.accept_batch

    def slow(**given: Any) -> Any:
        inside.set()
        assert go_on.wait(30)
        return accept(**given)

    monkeypatch.setattr(reporting, "accept_batch", slow)

    def second() -> Any:
        assert inside.wait(30)
        try:
            return system.report(row(1)), System.report(system, row(9), key="k-1")
        finally:
            go_on.set()

    first, (again, other_body) = beside(lambda: system.report(row(1)), second)
    assert first.status_code == 201
    for answer in (again, other_body):
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "request_running")
        assert int(answer.headers["Retry-After"]) > 0
    assert counts() == (1, 1, 1, 1)
    later = system.report(row(1))
    assert (later.status_code, later.json()) == (200, first.json())


@pytest.mark.req("INT-1", "IOP-1", kind="rule")
def test_many_requests_at_once_make_one_batch(system: System) -> None:
    answers = beside(*[lambda: system.report(row(1), row(2))] * 6)
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses.count(201) == 1
    assert set(statuses) <= {200, 201, 409}
    told = [answer.json() for answer in answers if answer.status_code != 409]
    assert all(one == told[0] for one in told)
    assert counts() == (1, 1, 2, 1)


@pytest.mark.req("INT-1", "IOP-1", kind="rule")
def test_without_the_lock_the_key_itself_is_taken_once(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """As behind a pooler that hands the session on: both pass the lock, one of them commits."""
    from contextlib import nullcontext

    monkeypatch.setattr(reporting, "alone", lambda **_: nullcontext())
    answers = beside(*[lambda: system.report(row(1), row(2))] * 4)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json()["batch"] for answer in answers}) == 1
    assert counts() == (1, 1, 2, 1)


@pytest.mark.req("INT-1", "IOP-1", kind="rule")
def test_a_crash_after_the_commit_is_answered_with_the_batch_that_is_there(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: Any) -> str:
        raise RuntimeError("the process ends here")

    with monkeypatch.context() as patch:
        patch.setattr("xinheng.records.services.batches.promise", crash)
        with pytest.raises(RuntimeError):
            system.report(row(1))
    assert counts() == (1, 1, 1, 1)
    again = system.report(row(1))
    assert (again.status_code, again.headers["Idempotent-Replay"]) == (200, "true")
    assert again.json()["batch"] == str(IntakeBatch.objects.get().id)
    assert again.json()["promise"]
    assert counts() == (1, 1, 1, 1)


@pytest.mark.req("INT-1", "IOP-1", kind="rule")
def test_a_crash_before_the_commit_leaves_nothing_and_the_next_request_does_the_work(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(**_: Any) -> None:
        raise RuntimeError("the process ends here")

    with monkeypatch.context() as patch:
        patch.setattr(reporting, "remember", crash)
        with pytest.raises(RuntimeError):
            system.report(row(1))
    assert counts() == (0, 0, 0, 0)
    assert system.report(row(1)).status_code == 201


@pytest.mark.req("IOP-1", "ORG-1", kind="refusal")
def test_a_client_that_is_revoked_on_the_way_reports_nothing(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    accept = reporting.accept_batch

    def meanwhile(**given: Any) -> Any:
        beside(lambda: revoke(system.issued))
        return accept(**given)

    monkeypatch.setattr(reporting, "accept_batch", meanwhile)
    answer = system.report(row(1))
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "token_invalid")
    assert counts() == (0, 0, 0, 0)


@pytest.mark.req("IOP-1", kind="rule")
def test_a_key_is_free_again_when_its_holder_failed_or_lost_the_database(system: System) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), accounts.alone(client=1, key="k"):
            raise ZeroDivisionError
    with accounts.alone(client=1, key="k"):
        assert beside(held)[0] is True
        connection.close()
    assert beside(held)[0] is False


def held() -> bool:
    try:
        with accounts.alone(client=1, key="k"):
            return False
    except Conflict:
        return True
