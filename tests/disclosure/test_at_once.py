"""Many officers at the same moment: one transaction for several, each with its own entry and answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.disclosure.city import PERSON_ID, UNKNOWN_COMPANY, City
from tests.records.rows import COMPANY, OTHER, SHOP
from xinheng.disclosure.services import settling
from xinheng.ledger import selectors as ledger
from xinheng.subjects.selectors import by_identifier

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = (COMPANY["CF_XDR_SHXYM"], OTHER["CF_XDR_SHXYM"], SHOP["CF_XDR_SHXYM"], UNKNOWN_COMPANY, "no code at all")


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many questions went together, trip by trip."""
    seen: list[int] = []
    trip = settling._shared.trip

    def watched(asked: Any) -> Any:
        seen.append(len(asked))
        return trip(asked)

    monkeypatch.setattr(settling._shared, "trip", watched)
    yield seen


def at_once(*acts: Any) -> None:
    """All acts in threads of their own; connections are closed and errors raised here."""
    faults: list[BaseException] = []

    def run(act: Any) -> None:
        try:
            act()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if faults:
        raise faults[0]


@pytest.mark.req("INV-3", "QRY-1", kind="rule")
def test_each_of_many_questions_has_its_own_entry_and_the_answer_it_would_have_alone(
    city: City, groups: list[int]
) -> None:
    alone = {text: city.ask(text)[0] for text in ASKED}
    answers: list[tuple[str, Any]] = []

    def officer(number: int) -> None:
        for turn in range(6):
            text = ASKED[(number + turn) % len(ASKED)]
            answers.append((text, city.ask(text)[0]))

    at_once(*(lambda n=n: officer(n) for n in range(8)))
    assert len(answers) == 48 and len({answer.entry for _, answer in answers}) == 48
    for text, answer in answers:
        assert (answer.result, answer.reason, answer.article) == tuple(
            getattr(alone[text], name) for name in ("result", "reason", "article")
        )
        assert [record.fields for record in answer.records] == [record.fields for record in alone[text].records]
        assert ledger.entry(int(answer.entry)).leaf == answer.leaf
    assert max(groups) > 1
    subject = by_identifier("uscc", ASKED[0])
    assert subject is not None
    chain = ledger.chain(subject.tag)
    assert [int(one.body["seq"]) for one in chain if one.body] == list(range(1, len(chain) + 1))


@pytest.mark.req("INV-3", "QRY-1", kind="refusal")
def test_a_refused_question_and_a_person_do_not_colour_the_others(city: City) -> None:
    told: dict[str, Any] = {}
    asked = {
        "refused": lambda: city.ask(ASKED[0], matter="daily_inspection"),
        "unlisted": lambda: city.ask(ASKED[0], matter="curiosity"),
        "person": lambda: city.ask(PERSON_ID, parties_stated=False),
        "granted": lambda: city.ask(ASKED[0]),
    }
    at_once(*(lambda name=name: told.__setitem__(name, asked[name]()[0]) for name in list(asked) * 3))
    assert {name: answer.result for name, answer in told.items()} == {
        "refused": "refused",
        "unlisted": "refused",
        "person": "refused",
        "granted": "granted",
    }
    assert told["refused"].records == () == told["person"].records


@pytest.mark.req("INV-3", kind="refusal")
def test_who_waits_for_a_held_subject_keeps_nobody_else_waiting(city: City, owner: psycopg.Connection[Any]) -> None:
    city.ask(ASKED[0])
    held, free = threading.Event(), threading.Event()
    told: list[str] = []

    def holder() -> None:
        with owner.transaction():
            owner.execute("SELECT 1 FROM subject WHERE code = %s FOR UPDATE", [ASKED[0]])
            held.set()
            assert free.wait(60)
            told.append("let go")

    def waits() -> None:
        assert held.wait(60)
        told.append(city.ask(ASKED[0])[0].result)

    def others() -> None:
        assert held.wait(60)
        told.extend(city.ask(ASKED[1])[0].result + " other" for _ in range(5))

    def last() -> None:
        assert held.wait(60)
        runner = [threading.Thread(target=lambda: at_once(others)) for _ in range(3)]
        for thread in runner:
            thread.start()
        for thread in runner:
            thread.join(60)
        free.set()

    at_once(holder, waits, waits, last)
    assert told[:15] == ["granted other"] * 15  # all the others before the subject was let go
    assert sorted(told[15:]) == ["granted", "granted", "let go"]
