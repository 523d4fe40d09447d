"""What leaves the platform, mark by mark: every page, file, answer, command and line of a log, whoever asks.

Every field of every record carries a value of its own (`marks.py`, `marked_city.py`), and so does what people type
(`spoken.py`). What an answer may hold stands in tables written from the law (`may_see.py`, `walk.py`), by default
nothing; what was shown and is not public stands in an entry of the ledger first (`rounds.py`).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.test import Client

from tests.accounts.machines import client_of, token_of
from tests.conftest import PACKS
from tests.disclosure.city import two_lists
from tests.journeys import walk
from tests.journeys.cast import CASE, JSON, Cast
from tests.journeys.conftest import the_law
from tests.journeys.marked_city import COMPANY, PERSON, QUIET, SHOP, STRANGER, MarkedCity
from tests.journeys.marks import Mark
from tests.journeys.matrix import failing
from tests.journeys.rounds import TONGUES, Rounds, newest
from tests.journeys.spoken import Spoken, spoken_in
from tests.law import odd
from tests.records.rows import sheet
from xinheng.accounts.rules import Scope
from xinheng.law import lookup
from xinheng.law.pack import Matter, Pack
from xinheng.ui.pages import page
from xinheng.ui.whose import Whose

pytestmark = pytest.mark.django_db
LAW = "demo-city"  # every item of a catalog is in force there
OTHERS = [one for one in (*PACKS, odd.ID) if one != LAW]
ASKED = (COMPANY, SHOP, PERSON, QUIET, STRANGER)
HOW_MUCH = [pytest.param(False, id="some"), pytest.param(True, id="all", marks=pytest.mark.full)]


@pytest.fixture(scope="module", params=[LAW, *(pytest.param(one, marks=pytest.mark.full) for one in OTHERS)])
def law(request: pytest.FixtureRequest, odd_pack: Path) -> Iterator[Pack]:
    """One law in the usual run, all of them in the long one."""
    yield from the_law(request.param, odd_pack)


@pytest.fixture(scope="module")
def marked(built: Cast, django_db_blocker: Any) -> MarkedCity:
    """The city of one law, for all tests of this module."""
    with django_db_blocker.unblock():
        return MarkedCity(built).build()


@pytest.fixture
def rounds(marked: MarkedCity, db: None, caplog: pytest.LogCaptureFixture) -> Iterator[Rounds]:
    """Somebody who goes round this city; what was logged meanwhile holds no mark at all, traces included."""
    made = Rounds(marked, Spoken(marked, bureau=marked.cast.bureau))
    with caplog.at_level(logging.INFO):
        yield made
    logged = "\n".join(caplog.handler.format(record) for record in caplog.records)
    assert marked.marks.found(logged) == set(), caplog.text[-2000:]
    assert not [code for code in map(marked.code, (PERSON, STRANGER)) if code in logged]


@pytest.fixture
def everybody(rounds: Rounds) -> dict[str, walk.Who]:
    return {who.name: who for who in walk.people(rounds.city)}


# Every page and file


@pytest.mark.req("INV-3", "INV-4", "PUB-1", "QRY-2", "QRY-4", "ZY-35", "ZY-47", "SP-12", "SP-15", kind="refusal")
@pytest.mark.parametrize("thorough", HOW_MUCH)
def test_no_page_and_no_file_holds_more_than_the_law_shows(rounds: Rounds, thorough: bool) -> None:
    rounds.spoken = spoken_in(rounds.city)
    numbers = walk.numbers_of(rounds.city, rounds.spoken)
    for place, who in enumerate(walk.people(rounds.city)):
        for nth, one in enumerate(walk.readable()):
            if not thorough and not visited(who, one.name, one.roles, turn=(place + nth) % 3 == 0):
                continue
            for stop in walk.stops(rounds.city, one, numbers, wide=who.name == walk.VISITOR or who.role in one.roles):
                for how in TONGUES if thorough else [TONGUES[rounds.count % 3]]:
                    rounds.visit(who, stop, *how)
    assert rounds.wrong == [], failing(rounds.wrong)
    assert_owed(rounds)


def visited(who: walk.Who, name: str, roles: tuple[str, ...], *, turn: bool) -> bool:
    """Whether somebody goes to a page in the usual run: what is open to all is the same for all, so three look at what
    shows anybody's data and one at the rest; whoever works elsewhere goes where the same role opens the door; those
    whom a door is closed to take turns.
    """
    if not roles:
        shows = page(name).shows is Whose.PUBLIC
        return who.name == walk.VISITOR or (shows and who.name in ("holder/querier", "qiye"))
    elsewhere = who.name.startswith(("competent/", "drafter/")) or who.name in ("guardian", "no file")
    return who.role in roles or who.name == walk.VISITOR or (turn and not elsewhere)


def assert_owed(rounds: Rounds) -> None:
    """The table is no wall: what it lets through was seen, so each kind of value is known again where it is printed."""
    may, marks = rounds.may, rounds.city.marks
    own = set().union(*(may.own(subject) for subject in (COMPANY, SHOP, PERSON))) - {Mark(SHOP, "name")}  # whole there
    for name in ("own_file", "own_copy", "own_copy_json", "own_copy_csv"):
        assert own <= rounds.seen[f"disclosure:{name}"], (name, own - rounds.seen[f"disclosure:{name}"])
    for name, due in (
        ("publicity_export", may.public(bulk=True)),
        ("subject_export", may.public(bulk=True)),
        ("subject", may.public(names=True)),
        ("record", may.public()),
        ("record_json", may.public(bulk=True)),
    ):
        assert due <= rounds.seen[f"portal:{name}"], (name, due - rounds.seen[f"portal:{name}"])
    assert rounds.seen["records:returned"] and rounds.seen["records:review"] and rounds.seen["oversight:log_entry"]
    assert {mark.field for mark in marks.known.values()} > {"id", "former operator", "reason"}


# Official queries


def ways_to_ask(rounds: Rounds, matter: Matter, who: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    """The doors of an official question, each to be gone through; the case is one of its own, for persons of a case are
    counted together.
    """
    client = rounds.city.browser(rounds.city.accounts["competent/querier"], "signed in")
    ground = {"matter": matter.code, "case_number": f"{CASE}-{len(who)}-{who[-4:]}", "statute": statute_of(matter)}
    lists = two_lists(who)
    yield "page", lambda: client.post("/desk/query", {**ground, **lists})
    yield "json", lambda: client.post("/desk/query", {**ground, **lists}, headers=JSON)
    for answer in ("page", "csv", "jsonl"):
        parts = dict.fromkeys(lists["party_list"].splitlines(), "申请人")
        lines = "".join(f"{line},,,{parts.get(line, '')}\r\n" for line in who.splitlines())
        file = SimpleUploadedFile("名单.csv", f"代码,类型,名称,身份\r\n{lines}".encode())
        yield (
            f"batch {answer}",
            lambda file=file, answer=answer: client.post(
                "/desk/query/batch", {**ground, "file": file, "answer": answer}
            ),
        )


def statute_of(matter: Matter) -> str:
    return next((one for one in matter.statutes if one[-1].isdigit()), "") if matter.statute == "must_cite" else ""


@pytest.mark.req("INV-3", "INV-4", "QRY-1", "ACC-1", "ZY-34", "ZY-35", "SP-10", "SP-15", kind="refusal")
@pytest.mark.parametrize("thorough", HOW_MUCH)
def test_an_officer_is_told_what_the_matter_links_and_the_ledger_says_which_fields(
    rounds: Rounds, thorough: bool
) -> None:
    city, told = rounds.city, set()
    listed = [
        m for m in lookup.matters(city.cast.pack, city.cast.today) if m.persons_admitted and "state_organ" in m.askers
    ]
    few = [m for m in listed if m.code in ("market_access", "qualification_review", city.cast.matter.code)]
    for matter in listed if thorough else few:
        together = matter.max_persons > 1 and (matter.max_organisations or len(ASKED)) >= len(ASKED)
        for subjects in [ASKED] if together else [(one,) for one in ASKED]:
            asked = "\n".join(map(city.code, subjects))
            due = rounds.may.official(subjects, matter.code)
            for door, go in ways_to_ask(rounds, matter, asked):
                before, where = newest(), f"querier · {matter.code} · {door}"
                response = go()
                typed = city.marks.found(asked) if door == "page" else set()  # the form as it was filled in
                found = rounds.hold(where, response, due | typed)
                assert response.status_code == 200, where
                rounds.entered(where, found, before, subjects)
                shown = {mark for mark in due if mark.field != "name"}
                assert door.endswith("page") or shown <= found, (where, sorted(map(str, shown - found)))
                told |= found
    assert rounds.wrong == [], failing(rounds.wrong)
    assert told


# What was never asked for: errors, searches, what is echoed


@pytest.mark.req("INV-3", "INV-4", "QRY-4", "ZY-47", kind="refusal")
def test_errors_searches_and_echoes_tell_nothing(rounds: Rounds, everybody: dict[str, walk.Who]) -> None:
    """What somebody types may come back to them, a number of a person in no address; nothing else comes with it."""
    city = rounds.city
    rounds.spoken = spoken_in(city)
    guesses = [city.whose[PERSON]["name"], city.whose[SHOP]["operator"], *map(city.code, (PERSON, STRANGER, QUIET))]
    for who in (everybody[name] for name in ("visitor", "holder/querier", "holder/auditor", "qiye")):
        client, public = rounds.client(who), rounds.may.public(item="CF") | rounds.may.public(names=True)
        for typed in guesses if who.name == walk.VISITOR else guesses[:3:2]:
            for go in echoes(client, typed, rounds.spoken.entries[-1]):
                response = go(headers=(None, JSON)[rounds.count % 2])
                rounds.count += 1
                where = f"{who.name} · {response.request['PATH_INFO']} · {response.status_code}"
                rounds.hold(where, response, city.marks.found(typed) | public | walk.own_name(who))
                placed = f"{response.headers.get('Location', '')} {response.cookies}"
                if Mark(PERSON, "id") in city.marks.found(placed):
                    rounds.wrong.append(f"{where}: a number of a person in an address")
    assert rounds.wrong == [], failing(rounds.wrong)


def echoes(client: Client, typed: str, entry: str) -> Iterator[Callable[..., Any]]:
    """Doors that take words, each with these."""
    for address, given in (
        ("/search", {"q": typed}),
        (f"/subjects/{typed}/nothing", {}),
        ("/publicity/CF", {"q": typed}),
        ("/publicity/CF/export.json", {"provider": typed, "q": typed}),
        ("/my/looks", {"kind": typed, "before": typed}),
        ("/desk/query/receipts", {"case_number": typed, "after": typed}),
        ("/desk/log", {"case_number": typed, "entry": typed}),
        ("/ledger/receipt", {"entry": entry, "leaf": typed}),
        ("/law/date", {"deadline": typed, "received": typed}),
    ):
        yield partial(client.get, address, given)
    for address, given in (
        ("/search", {"q": typed}),
        ("/ledger/receipt", {"text": typed}),
        ("/ledger/receipt.json", {"text": typed}),
        ("/desk/query", {"matter": typed, "statute": typed, "who": "?"}),
        ("/desk/review", {"row_id": typed, "outcome": typed}),
    ):
        yield partial(client.post, address, given)


@pytest.mark.req("INV-3", "QRY-1", kind="refusal")
def test_a_failure_prints_nothing_of_what_it_was_about(rounds: Rounds, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of a failure, its JSON, and the trace in the log (the fixture looks at that)."""
    from xinheng.disclosure import services

    def failing_at(*_: Any, **asked: Any) -> Any:
        known = rounds.city.code(PERSON)
        raise RuntimeError("something broke", len(known))

    for name in ("official_query", "own_file", "query_batch", "public_subject"):
        monkeypatch.setattr(services, name, failing_at)
    matter = rounds.city.cast.matter
    statuses = []
    for door, go in ways_to_ask(rounds, matter, rounds.city.code(PERSON)):
        response = go()
        statuses.append(response.status_code)
        found = rounds.city.marks.found(response.content)
        assert found == set(), (door, found)
    subject = rounds.city.browser(rounds.city.accounts["gongmin"], "signed in").get("/my/file", headers=JSON)
    assert set(statuses) == {500} and subject.status_code == 500
    assert rounds.city.marks.found(subject.content) <= {Mark(PERSON, "name")}


# The doors of machines


@pytest.mark.req("INV-3", "IOP-1", "INT-1", kind="refusal")
def test_machines_are_told_no_value_of_a_row(rounds: Rounds) -> None:
    city = rounds.city
    row = next(one for one in city.records if one.key == f"{PERSON}CF退")
    for body in (city.organisation(), city.organisation("competent")):
        key = {"Authorization": f"Bearer {token_of(client_of(body, *Scope))}", "Idempotency-Key": "marks"}
        client = city.browser(None, "anonymous")
        for batch in city.batches[city.cast.bureau]:
            for path in ("/items", f"/batches/{batch}", f"/batches/{batch}/rows", f"/batches/{batch + 999}/rows"):
                response = client.get(f"/api/v1/intake{path}", headers=key)
                rounds.hold(f"{body.code} · {path} · {response.status_code}", response, row_faults(rounds, body.code))
        for path in ("CF", "XK", "NONE"):
            sent = client.post(f"/api/v1/intake/{path}", sheet([row.values]), content_type="text/csv", headers=key)
            rounds.hold(f"{body.code} · report {path} · {sent.status_code}", sent, set())
    assert rounds.wrong == [], failing(rounds.wrong)


def row_faults(rounds: Rounds, body: str) -> set[Mark]:
    """Sentences about mistakes name days of the rows that the organisation sent itself."""
    return {mark for mark in rounds.may.sender(body) if mark.field in ("CF_JDRQ", "CF_YXQ")}


# The test itself


Leak = Callable[[HttpResponse, str], None]


def added(response: HttpResponse, text: str) -> None:
    response.content += text.encode()


LEAKS: dict[str, Leak] = {
    "a header": lambda response, value: response.headers.__setitem__("X-Debug", value),
    "a comment": lambda response, value: added(response, f"<!-- {value} -->"),
    "an attribute": lambda response, value: added(response, f'<p data-x="{"".join(f"&#{ord(c)};" for c in value)}">'),
    "a script": lambda response, value: added(response, json.dumps(value)),
    "an address": lambda response, value: added(response, f'<a href="/?x={quote(value)}">'),
}


@pytest.mark.req("INV-3", "INV-4", kind="rule")
def test_a_planted_leak_is_reported_with_page_person_and_field(
    rounds: Rounds, everybody: dict[str, walk.Who], monkeypatch: pytest.MonkeyPatch
) -> None:
    record = next(one for one in rounds.city.records if one.key == f"{COMPANY}CF")
    for place, leak in LEAKS.items():
        hidden = "CF_FR_ZJHM" if place == "a header" else "BZ"  # the remarks of a penalty are not public

        def leaking(*given: Any, leak: Leak = leak, value: str = record.values[hidden], **more: Any) -> HttpResponse:
            response = render(*given, **more)
            leak(response, value)
            return response

        rounds.wrong.clear()
        monkeypatch.setattr("xinheng.portal.views.render", leaking)
        rounds.visit(everybody["visitor"], walk.Stop(page("portal:lists"), "/lists"))
        assert f"visitor · portal:lists · /lists · 200: {COMPANY}CF.{hidden}" in rounds.wrong, place


@pytest.mark.req("INV-3", "INV-4", kind="rule")
def test_a_hole_in_a_mask_a_missing_entry_and_a_known_value_in_any_form_are_reported(
    rounds: Rounds, everybody: dict[str, walk.Who], monkeypatch: pytest.MonkeyPatch
) -> None:
    from xinheng.disclosure.services import own

    city, marks = rounds.city, rounds.city.marks
    with monkeypatch.context() as patch:
        patch.setattr("xinheng.disclosure.rules.masks.scrub", lambda text: text)
        record = next(one for one in city.records if one.key == f"{COMPANY}CF")
        places = {"organisation": city.code(COMPANY), "record": str(record.number)}
        stop = walk.Stop(page("portal:record"), page("portal:record").example.format(**places), places)
        rounds.visit(everybody["visitor"], stop)
    assert any(one.endswith(f"{COMPANY}CF.number in CF_SY") for one in rounds.wrong)
    kept = own.append
    with monkeypatch.context() as patch:
        patch.setattr(own, "append", lambda **said: kept(**{**said, "fields": {"items": {}, "hidden": 0}}))
        rounds.visit(everybody["gongmin"], walk.Stop(page("disclosure:own_file"), "/my/file"))
    assert any(one.endswith(f"{PERSON}CF.CF_SY is in no entry about {PERSON}") for one in rounds.wrong)
    values = record.values
    year, month, day = (int(part) for part in values["CF_JDRQ"].split("-"))
    for said in (f"{year}年{month}月{day}日", f"{year}/{month:02}/{day:02}", f"{year}{month:02}{day:02}"):
        assert marks.found(said) == {Mark(record.key, "CF_JDRQ")}, said
    yuan = f"{float(values['CF_NR_FK']) * 10_000:,.2f}"
    assert marks.found(f"CNY {yuan}") == marks.found(f"{values['CF_NR_FK']}万元") == {Mark(record.key, "CF_NR_FK")}
    number = city.code(PERSON)
    for said in (number, number[:14], number[6:14], f"{'*' * 15}{number[-3:]}"):
        assert Mark(PERSON, "id") in marks.found(said), said
    assert marks.found(f"{'*' * 16}{number[-2:]}") == set()
