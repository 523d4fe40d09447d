"""The commands of the guide are run, in their order, against the doors that they name."""

from __future__ import annotations

import re
import shlex
from base64 import b64encode
from string import Template
from typing import Any

import pytest
from django.test import Client

from tests.accounts.machines import client_of, token_of
from tests.conftest import ROOT
from tests.records.rows import row, sheet
from xinheng.accounts.rules import REQUESTS_KEPT
from xinheng.accounts.selectors import organisation_by_code
from xinheng.records.api.answers import ROWS_SHOWN
from xinheng.records.api.body import KINDS

GUIDES = ("report-by-machine.md", "report-by-machine.zh.md")
COMMAND = re.compile(r"^curl .+$", re.MULTILINE)


def text_of(guide: str) -> str:
    return (ROOT / "docs" / "how-to" / guide).read_text(encoding="utf-8")


def run(command: str, places: dict[str, str], files: dict[str, bytes]) -> Any:
    """What the door answers to a command of curl."""
    words = shlex.split(Template(command).substitute(places))[1:]
    headers: dict[str, str] = {}
    sent: list[bytes] = []
    kind, address = "application/x-www-form-urlencoded", ""
    while words:
        word = words.pop(0)
        match word:
            case "-u":
                headers["Authorization"] = f"Basic {b64encode(words.pop(0).encode()).decode()}"
            case "-H":
                name, _, value = words.pop(0).partition(": ")
                kind = value if name == "Content-Type" else kind
                headers |= {} if name == "Content-Type" else {name: value}
            case "-d":
                sent.append(words.pop(0).encode())
            case "--data-binary":
                sent.append(files[words.pop(0).removeprefix("@")])
            case _:
                assert not word.startswith("-"), word
                address = word
    if not sent:
        return Client().get(address, headers=headers)
    return Client().post(address, b"&".join(sent), content_type=kind, headers=headers)


@pytest.mark.req("IOP-1", "INT-1", kind="journey")
@pytest.mark.django_db
@pytest.mark.parametrize("guide", GUIDES)
def test_every_command_of_the_guide_does_what_it_says(guide: str) -> None:
    issued = client_of(organisation_by_code("scjgj"))
    places = {
        "CLIENT": issued.client_id,
        "SECRET": issued.secret,
        "BASE": "",
        "OLD": token_of(issued),
        "TOKEN": "",
        "BATCH": "",
    }
    files = {"rows.csv": sheet([row(1), row(2, CF_JDRQ="2027/01/02")])}
    statuses = []
    for command in COMMAND.findall(text_of(guide)):
        answer = run(command, places, files)
        statuses.append(answer.status_code)
        told = answer.json()
        places["TOKEN"] = told.get("access_token", places["TOKEN"])
        places["BATCH"] = told.get("batch", places["BATCH"])
    assert statuses == [200, 200, 200, 201, 200, 200]
    assert [one["row"] for one in told["rows"]] == [3]


@pytest.mark.parametrize("guide", GUIDES)
def test_the_guide_names_the_kinds_the_bound_and_the_term(guide: str) -> None:
    text = text_of(guide)
    assert set(KINDS) - {"application/jsonl"} == {kind for kind in KINDS if f"`{kind}`" in text}
    assert f"{REQUESTS_KEPT.days} days" in text or f"{REQUESTS_KEPT.days}天" in text
    assert str(ROWS_SHOWN) in text


def test_both_guides_show_the_same_commands() -> None:
    first, second = (COMMAND.findall(text_of(guide)) for guide in GUIDES)
    assert first == second
    assert len(first) == 6
