"""What the command line says and writes, mark by mark, like every other output (`test_every_output.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from tests.journeys.cast import CASE
from tests.journeys.marked_city import COMPANY, PERSON, RETURNED, SHOP, MarkedCity
from tests.journeys.marks import Mark, plain
from tests.journeys.matrix import failing
from tests.journeys.rounds import Rounds, newest
from tests.journeys.spoken import spoken_in
from tests.journeys.test_every_output import law, marked, rounds
from tests.records.rows import sheet
from xinheng.catalog.commands import catalog
from xinheng.disclosure.commands import log, query
from xinheng.intake.commands import quality
from xinheng.law.commands import law as law_command
from xinheng.ledger.commands import ledger
from xinheng.records.commands import intake, names

__all__ = ["law", "marked", "rounds"]
pytestmark = pytest.mark.django_db
ASKED = (COMPANY, SHOP, PERSON)


@pytest.fixture(autouse=True)
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database of these commands is that of the test."""
    monkeypatch.setattr("xinheng.start.prepare", lambda law=None: None)


def run(command: click.Command, *words: str) -> str:
    """All that a command says, errors too."""
    done = CliRunner().invoke(command, words)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output


def beyond(city: MarkedCity, said: str, may: set[Mark], where: str) -> list[str]:
    return [f"{where}: {mark}" for mark in sorted(city.marks.found(plain(said.encode())) - may)]


@pytest.mark.req("INV-3", "QRY-1", "ACC-1", kind="refusal")
@pytest.mark.parametrize("form", [("--json",), ()], ids=["json", "words"])
def test_the_query_of_the_command_line_says_what_the_page_says(
    rounds: Rounds, form: Sequence[str], tmp_path: Path
) -> None:
    city, path, seen = rounds.city, tmp_path / "ids.csv", set()
    matter, who = city.cast.matter.code, city.accounts["competent/querier"].username
    for subject in ASKED:
        path.write_text(f"identifier,kind,name\r\n{city.code(subject)},,\r\n", encoding="utf-8")
        before = newest()
        said = run(query, "--as", who, "--matter", matter, "--case", CASE, "--file", str(path), *form)
        rounds.wrong += beyond(city, said, rounds.may.official([subject], matter), f"query {subject}")
        rounds.entered("query", city.marks.found(said), before, [subject])
        seen |= city.marks.found(said)
    assert rounds.wrong == [], failing(rounds.wrong)
    assert {mark for mark in rounds.may.official(ASKED, matter) if mark.field != "name"} <= seen


@pytest.mark.req("INV-3", "INT-1", kind="refusal")
def test_intake_masks_numbers_of_persons_unless_it_only_tries(rounds: Rounds, tmp_path: Path) -> None:
    city, path = rounds.city, tmp_path / "CF.csv"
    rows = [one for one in city.records if one.state == RETURNED]
    path.write_bytes(sheet([one.values for one in rows]))
    sent = ("--item", "CF", "--provider", city.cast.bureau)
    wrong = beyond(city, run(intake, str(path), *sent, "--json"), rounds.may.sender(city.cast.bureau), "intake --json")
    wrong += beyond(city, run(intake, str(path), *sent), set(), "intake")
    tried = run(intake, str(path), *sent, "--dry-run", "--json", "--law", str(city.cast.pack.folder))
    wrong += beyond(city, tried, rounds.may.sender(city.cast.bureau, opened=True), "intake --dry-run")
    assert wrong == [], failing(wrong)
    assert {Mark(PERSON, "id"), Mark(f"{PERSON}CF{RETURNED}", "CF_SY")} <= city.marks.found(tried)


@pytest.mark.req("INV-3", "INV-8", kind="refusal")
def test_no_other_command_says_anything_about_anybody(rounds: Rounds, tmp_path: Path) -> None:
    city, folder = rounds.city, tmp_path / "log"
    rounds.spoken = spoken_in(city)
    commands: list[tuple[click.Command, tuple[str, ...]]] = [
        (quality, ("--json",)),
        (quality, ()),
        (names, ("--json",)),
        (log, ("rebuild",)),
        (ledger, ("checkpoint",)),
        (ledger, ("prove", rounds.spoken.entries[0])),
        (ledger, ("export", str(folder))),
        (catalog, ("list", "--json")),
        (law_command, ("conformance", "--json")),
    ]
    wrong = []
    for command, words in commands:
        said = run(command, *words)
        assert said.strip(), words
        wrong += beyond(city, said, set(), f"{command.name} {' '.join(words)}")
    written = [one for one in folder.rglob("*") if one.is_file()]
    for one in written:
        wrong += beyond(city, one.read_bytes().decode(errors="replace"), set(), str(one.relative_to(folder)))
    assert wrong == [], failing(wrong)
    assert written


@pytest.mark.req("INV-3", kind="rule")
def test_a_command_that_says_too_much_is_reported(rounds: Rounds, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = next(one for one in rounds.city.records if one.key == f"{PERSON}CF").values["CF_SY"]
    facts: Any = {"provider": hidden}
    monkeypatch.setattr("xinheng.intake.commands.line_facts", lambda *_: facts)
    assert f"quality: {PERSON}CF.CF_SY" in beyond(rounds.city, run(quality, "--json"), set(), "quality")
