"""The access matrix, played: organisation by ground by door by session, under each law, against the table.

The usual run plays cells in which every two values meet; the long one plays all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.journeys import matrix_doors as doors
from tests.journeys.cast import Cast
from tests.journeys.matrix import MACHINE, OFFICIAL, OWN, PUBLIC, REGISTRY, Cell, Family, Then, covering, failing
from tests.journeys.matrix_city import BUSINESS, MARKS, ORGANISATION, OTHER, PERSON, MatrixCity, entries
from tests.journeys.matrix_doors import Told
from xinheng.ui import wording
from xinheng.ui.pages import PAGES, Page

pytestmark = pytest.mark.django_db
HOW_MUCH = [pytest.param("pairs", id="pairs"), pytest.param("all", id="all", marks=pytest.mark.full)]
MAY_HOLD = {
    "": (),
    "person": (PERSON,),
    "organisation": (ORGANISATION,),
    "public organisation": (ORGANISATION,),
    "public business": (BUSINESS,),
    "any public": (ORGANISATION, BUSINESS, OTHER),
    "all public": (ORGANISATION, BUSINESS, OTHER),
    "anything": MARKS,
}


@pytest.fixture
def city(bare: Cast, monkeypatch: pytest.MonkeyPatch) -> MatrixCity:
    """The city of one law; the command line finds its database ready."""
    monkeypatch.setattr("xinheng.start.prepare", lambda law=None: None)
    return MatrixCity(bare).build()


def cells(family: Family, how_much: str) -> list[dict[str, str]]:
    """The cells to be played."""
    return list(family.cells()) if how_much == "all" else family.pairs()


def wrongs(city: MatrixCity, then: Then, told: Told, gained: int, *, own: str = "") -> list[str]:
    """What is wrong with the answer of a cell. ``own``: what the account itself is called stands on its own pages."""
    found = []
    if told.status and told.status not in then.status:
        found.append(f"status {told.status}, not {then.status}")
    if then.entries is not None and gained != then.entries:
        found.append(f"{gained} entries, not {then.entries}")
    said = told.text
    for place in (
        f'/my/file" lang="zh-CN">{own}</a>',
        f"{own}退出",
        f'<b lang="zh-CN">{own}</b>',
        f"自己的档案：{own}",
        f"替{own}看",
    ):
        said = said.replace(place, "") if own else said
    found += [f"holds {word}" for word in sorted(city.secret(*MAY_HOLD[then.shows])) if word in said]
    if then.reason:
        found += _reasons(city, then, told)
    return found


def _reasons(city: MatrixCity, then: Then, told: Told) -> list[str]:
    """A refusal says why; one that is entered names the article of this law, or that it is a rule of the house."""
    if told.code and told.code != then.reason:
        return [f"says {told.code}, not {then.reason}"]
    if not told.code and wording.say(then.reason, {}).rstrip("。") not in told.words:
        return [f"does not say {then.reason}"]
    if not then.entries or then.reason in {
        "name_differs",
        "role_missing",
    }:  # a rule of the platform, entered under no article
        return []
    article = city.cast.article_of(then.reason)
    if told.code:
        return [] if told.article == article else [f"cites {told.article}, not {article}"]
    named = city.cast.cited(article) if article else "平台规则"
    return [] if named in told.words else [f"does not name {named}"]


def play(
    city: MatrixCity, then: Then, to: Callable[[], doors.Door | None], *, own: str = ""
) -> tuple[Told | None, list[str]]:
    """Play one cell and take back what it did. ``to`` goes to the door; what that takes is not the cell's doing."""
    with city.undone():
        door = to()
        if door is None:
            return None, []
        before = entries()
        told = door()
        return told, wrongs(city, then, told, entries() - before, own=own)


def lacks(told: Told | None, due: set[str]) -> list[str]:
    """What a granted answer does not hold, and should."""
    return [f"lacks {word}" for word in sorted(due) if told is not None and word not in told.text]


def name_of(cell: Cell) -> str:
    return " · ".join(cell.values())


# Official query


@pytest.mark.req("INV-3", "QRY-1", "ORG-1", "ACC-1", "ZY-34", "ZY-35", "SP-10", "SP-15", "SP-28", kind="refusal")
@pytest.mark.req("INV-3", "QRY-1", "ZY-34", "SP-10", kind="journey")
@pytest.mark.parametrize("how_much", HOW_MUCH)
def test_an_official_question_is_answered_on_its_ground_alone(city: MatrixCity, how_much: str, tmp_path: Path) -> None:
    wrong, granted = [], 0
    for cell in cells(OFFICIAL, how_much):
        if doors.matter_of(city, cell["ground"]) is None:
            continue  # this law has no such matter
        then = OFFICIAL.expected(cell)
        told, found = play(city, then, partial(doors.ask, city, cell, tmp_path))
        granted += bool(then.shows)
        wrong += [f"{name_of(cell)}: {one}" for one in found + lacks(told, _due(city, then, cell))]
    assert wrong == [], failing(wrong)
    assert granted > 8  # the table is no wall: some of the cells are granted


def _due(city: MatrixCity, then: Then, cell: Cell) -> set[str]:
    """The marks that a granted answer owes: linked items, field by field by the columns of the pack."""
    matter = doors.matter_of(city, cell["ground"])
    if not then.shows or matter is None or "CF" not in matter.items:
        return set()
    if then.shows == "person":
        return city.seen(PERSON, "official", "natural_person")
    return city.seen(ORGANISATION, "official", "legal_person")


# The own file


@pytest.mark.req("INV-3", "QRY-2", "SUB-1", "ZY-44", "SP-24", kind="refusal")
@pytest.mark.req("QRY-2", "PIP-1", "ZY-44", "SP-24", kind="journey")
@pytest.mark.parametrize("how_much", HOW_MUCH)
def test_an_own_file_opens_to_its_subject_and_who_acts_for_it(city: MatrixCity, how_much: str) -> None:
    wrong = []
    for cell in cells(OWN, how_much):
        then = OWN.expected(cell)
        looks = cell["door"] == "looks" and then.status == (200,)  # the page says at whose file one looks
        own = city.cast.person_name if cell["standing"] == "own" or looks else ""
        told, found = play(city, then, partial(doors.own, city, cell), own=own)
        if then.shows:
            mark, kind = (PERSON, "natural_person") if then.shows == "person" else (ORGANISATION, "legal_person")
            found += lacks(told, city.seen(mark, "own", kind))
        wrong += [f"{name_of(cell)}: {one}" for one in found]
    assert wrong == [], failing(wrong)


# What is public


@pytest.mark.req("INV-3", "INV-4", "QRY-4", "PUB-1", "ZY-47", kind="refusal")
@pytest.mark.parametrize("how_much", HOW_MUCH)
def test_the_public_sees_organisations_and_no_person_whoever_looks(city: MatrixCity, how_much: str) -> None:
    wrong = []
    for cell in cells(PUBLIC, how_much):
        then = PUBLIC.expected(cell)
        told, found = play(city, then, partial(doors.public, city, cell))
        assert told is not None
        if city.cast.operator in told.text.replace(city.cast.shop["CF_XDR_MC"], ""):
            found.append("names the operator")
        if then.shows in SEEN:
            found += lacks(told, city.seen(SEEN[then.shows][0], "public", SEEN[then.shows][1]))
        wrong += [f"{name_of(cell)}: {one}" for one in found]
    assert wrong == [], failing(wrong)


SEEN = {
    "public organisation": (ORGANISATION, "legal_person"),
    "public business": (BUSINESS, "individual_business"),
}


# The doors of machines


@pytest.mark.req("INV-3", "IOP-1", "INT-1", "ORG-1", kind="refusal")
@pytest.mark.parametrize("how_much", HOW_MUCH)
def test_a_door_of_machines_opens_to_the_token_of_its_own_organisation(city: MatrixCity, how_much: str) -> None:
    wrong = []
    for cell in cells(MACHINE, how_much):
        _, found = play(city, MACHINE.expected(cell), partial(doors.machine, city, cell))
        wrong += [f"{name_of(cell)}: {one}" for one in found]
    assert wrong == [], failing(wrong)


# Every page of the registry


def guarded(page: Page) -> str:
    """What stands before a page."""
    return "token" if page.scope else "session" if page.roles else "open"


def page_cells(how_much: str) -> Iterator[tuple[Cell, Then]]:
    """Each page with everybody in every state of a session, and what the table says of it."""
    free: list[dict[str, str]] = []
    thens: dict[frozenset[tuple[str, str]], Then] = {}
    shapes = list(REGISTRY.cells())
    for page in PAGES:
        shape = {"whose": page.shows.value, "guard": guarded(page), "kind": "act" if page.kind == "act" else "page"}
        for cell in shapes:
            if shape.items() <= cell.items():
                here = {"page": page.name, "who": cell["who"], "session": cell["session"]}
                thens[frozenset(here.items())] = REGISTRY.expected(cell)
                free.append(here)
    for here in free if how_much == "all" else covering(free):
        yield here, thens[frozenset(here.items())]


@pytest.mark.req("INV-3", "INV-4", "ORG-1", "QRY-1", "QRY-2", "ZY-35", "SP-15", kind="refusal")
@pytest.mark.parametrize("how_much", HOW_MUCH)
def test_every_page_holds_what_the_table_says_for_whoever_opens_it(city: MatrixCity, how_much: str) -> None:
    wrong, played = [], set()
    for cell, then in page_cells(how_much):
        own = city.cast.person_name  # stands in the corner of the person's own browser
        told, found = play(city, then, partial(doors.roam, city, cell), own=own)
        played |= {cell["page"]} if told is not None else set()
        if cell["page"] == "subjects:verify":  # a demonstration offers its invented people to everybody
            found = [one for one in found if not one.startswith("holds")]
        wrong += [f"{name_of(cell)}: {one}" for one in found]
    assert wrong == [], failing(wrong)
    without_account = {page.name for page in PAGES if page.kind == "act" and not page.roles and not page.scope}
    assert played == {page.name for page in PAGES} - without_account
