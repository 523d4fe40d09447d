"""English, no script, outsiders: properties of the registry of pages, so that none is left for later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.world import World
from xinheng.ui.pages import PAGES, Outsider, Page

CHINESE = re.compile(r"[一-鿿]")


def url_names() -> Iterator[str]:
    """Every URL name of the project."""

    def walk(patterns: list[Any], space: str) -> Iterator[str]:
        for one in patterns:
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, f"{one.namespace}:" if one.namespace else space)
            elif isinstance(one, URLPattern):
                yield f"{space}{one.name}"

    return walk(get_resolver().url_patterns, "")


def test_every_url_name_is_listed_and_every_listed_page_exists() -> None:
    assert sorted(url_names()) == sorted(page.name for page in PAGES)


def test_names_in_the_navigation_are_listed_pages() -> None:
    from xinheng.ui import nav

    known = {page.name for page in PAGES}
    for entry in (*nav.PORTAL, *nav.DESK):
        assert {entry.name, *entry.covers} <= known


class Reader(HTMLParser):
    """Collects what a page says in its own words: text outside elements whose ``lang`` is Chinese, and bad markup."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[str, str]] = []
        self.said: list[str] = []
        self.wrong: list[str] = []
        self.headings = 0
        self.language = ""

    VOID = frozenset({"meta", "link", "input", "img", "br", "hr", "rect", "circle", "path"})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given.get("lang", "")
        self.headings += tag == "h1"
        if tag in {"script", "style"} or "style" in given or any(name.startswith("on") for name in given):
            self.wrong.append(tag)
        inherited = self.stack[-1][1] if self.stack else ""
        speaks = given.get("lang", inherited)
        if not speaks.startswith("zh"):
            spoken = ("alt", "aria-label", "title", "placeholder", "data-l")
            self.said += [given[name] for name in spoken if name in given]
        if tag not in self.VOID:
            self.stack.append((tag, speaks))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.stack:
            if self.stack.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if self.stack and not self.stack[-1][1].startswith("zh") and data.strip():
            self.said.append(data.strip())


def read(text: str) -> Reader:
    """The page as its reader meets it."""
    reader = Reader()
    reader.feed(text)
    return reader


def opened(client: Client, page: Page, world: World, language: str) -> Any:
    """The answer to a GET of the page's example."""
    client.cookies["xinheng_language"] = language
    return client.get(world.address(page.example))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.django_db
def test_every_page_answers_each_of_its_roles_in_the_language_asked_for(world: World, language: str) -> None:
    wrong: list[str] = []
    for page in PAGES:
        if page.kind == "act":
            continue
        for role in page.roles or (page.scope,):
            answer = opened(world.client(role, page), page, world, language)
            place = f"{page.name} as {role or 'visitor'}"
            if answer.status_code != 200:
                wrong.append(f"{place}: {answer.status_code}")
            elif page.kind == "page":
                wrong += [f"{place}: {flaw}" for flaw in flaws(answer.content.decode(), language, world)]
    assert wrong == []


def flaws(text: str, language: str, world: World) -> list[str]:
    """What is wrong with a page: its language, inline style or script, headings, words left in Chinese."""
    page = read(text)
    found = [f"inline {tag}" for tag in page.wrong]
    if page.language != {"zh-hans": "zh-CN", "en": "en"}[language]:
        found.append(f"lang is {page.language}")
    if page.headings != 1:
        found.append(f"{page.headings} headings of the first level")
    if language == "en":
        found += [
            f"Chinese: {words}"
            for words in page.said
            if CHINESE.search(words) and CHINESE.search(world.without_data(words))
        ]
    return found


@pytest.mark.req("QRY-1", "INV-3", kind="refusal")
@pytest.mark.django_db
def test_a_visitor_gets_of_each_page_what_the_registry_says(world: World) -> None:
    expected = {Outsider.OPEN: 200, Outsider.SIGN_IN: 302, Outsider.NOT_FOUND: 404, Outsider.FORBIDDEN: 403}
    expected[Outsider.NO_TOKEN] = 401
    wrong = []
    for page in PAGES:
        if page.kind == "act":
            continue
        answer = Client().get(world.address(page.example))
        if answer.status_code != expected[page.outsider]:
            wrong.append(f"{page.name}: {answer.status_code}")
        elif page.outsider is Outsider.SIGN_IN and not answer.headers["Location"].startswith("/sign-in?next="):
            wrong.append(f"{page.name}: leads to {answer.headers['Location']}")
    assert wrong == []


@pytest.mark.req("ORG-1", "INV-3", kind="refusal")
@pytest.mark.django_db
def test_an_account_without_the_role_gets_403_and_nothing_of_the_page(world: World) -> None:
    wrong = []
    for page in PAGES:
        if page.outsider is not Outsider.SIGN_IN:
            continue
        for role in sorted(world.roles - set(page.roles)):
            if world.has_any(role, page):
                continue
            client = world.client(role, page)
            answer = (client.post if page.kind == "act" else client.get)(world.address(page.example))
            if answer.status_code != 403:
                wrong.append(f"{page.name} as {role}: {answer.status_code}")
    assert wrong == []


@pytest.mark.req("ORG-1", "INV-3", "IOP-1", kind="refusal")
@pytest.mark.django_db
def test_no_session_opens_a_door_of_machines_and_no_token_a_page(world: World) -> None:
    machine = world.client("intake.read")
    for page in PAGES:
        address = world.address(page.example)
        if page.scope:
            assert page.outsider is Outsider.NO_TOKEN
            for role in sorted(world.roles):
                client = world.client(role, page)
                answer = (client.post if page.kind == "act" else client.get)(address)
                assert answer.status_code == 401, f"{page.name} as {role}"
                assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        elif page.outsider is Outsider.SIGN_IN and page.kind != "act":
            assert machine.get(address).status_code == 302, page.name


@pytest.mark.django_db
def test_an_address_that_only_takes_forms_refuses_to_be_read(world: World) -> None:
    for page in PAGES:
        if page.kind == "act":
            assert Client().get(world.address(page.example)).status_code == 405, page.name


@pytest.mark.django_db
def test_nothing_behind_a_session_is_kept(world: World) -> None:
    for page in PAGES:
        if page.kind != "act" and (page.roles or page.scope):
            answer = world.client((*page.roles, page.scope)[0], page).get(world.address(page.example))
            assert "no-store" in answer.headers["Cache-Control"], page.name
