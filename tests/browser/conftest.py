"""A real browser in front of a filled city. No page needs a script; walks run with scripts switched off."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, TransactionTestCase
from django.test.utils import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.conftest import read_all, write_all
from tests.world import World, filled
from xinheng.accounts.services import DemoAccount
from xinheng.law.pack import Pack
from xinheng.machine.database import Urls

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver runs a loop of its own in this thread
CHROMIUM = os.environ.get("XINHENG_CHROMIUM") or "/usr/bin/chromium"
PHONE, DESKTOP, NARROW = ({"width": 375, "height": 740}, {"width": 1280, "height": 900}, {"width": 320, "height": 640})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The network stays shut except for this machine."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for the session."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM if Path(CHROMIUM).exists() else None,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@dataclass(frozen=True)
class Kept:
    """The filled city as it lies in the tables, with its checkpoints, so that it is filled once for all tests."""

    people: tuple[DemoAccount, ...]
    rows: Mapping[str, bytes]
    checkpoints: Path

    def put(self, pack: Pack, owner: str, checkpoints: Path) -> World:
        """Write it into the tables and the folder."""
        write_all(owner, self.rows)
        shutil.copytree(self.checkpoints, checkpoints, dirs_exist_ok=True)
        return World(pack=pack, people=self.people)


@pytest.fixture(scope="session")
def kept(
    pack: Pack,
    django_db_setup: None,
    django_db_blocker: Any,
    database_urls: Urls,
    tmp_path_factory: pytest.TempPathFactory,
) -> Kept:
    """The fictional city with its demo files received; the tables are as before."""
    folder = tmp_path_factory.mktemp("kept")
    with django_db_blocker.unblock(), override_settings(XINHENG_CHECKPOINT_DIR=[folder]):
        people = filled(pack).people
        rows = read_all(database_urls.owner)
        empty()
    return Kept(people, rows, folder)


def empty() -> None:
    """What the end of every test does to the tables."""
    TransactionTestCase("__init__")._fixture_teardown()


@pytest.fixture
def world(pack: Pack, kept: Kept, transactional_db: None, database_urls: Urls, checkpoint_folder: Path) -> World:
    """The city, committed so that the server sees it."""
    return kept.put(pack, database_urls.owner, checkpoint_folder)


class Eyes:
    """A browser window that remembers what went wrong: console and policy messages, failed and foreign requests."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.context = context
        self.base = base
        self.page: Page = context.new_page()
        self.messages: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.messages.append(message.text))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.page.on("requestfailed", lambda request: self.messages.append(f"failed {request.url}"))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def open(self, address: str) -> Page:
        """Open an address of the site."""
        self.page.goto(self.base + address)
        return self.page

    @property
    def foreign(self) -> list[str]:
        """Requests that went elsewhere, or to the fonts of gov.uk."""
        return [url for url in self.requests if not url.startswith(self.base) or "/assets/" in url]

    def shoot(self, name: str) -> None:
        """Keep a picture of the whole page when XINHENG_SHOTS names a folder, for looking at it."""
        if folder := os.environ.get("XINHENG_SHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"{name.replace(':', '-')}.png", full_page=True)

    def resize(self, size: dict[str, int]) -> None:
        """Give the window another size."""
        self.page.set_viewport_size(size)  # type: ignore[arg-type]

    def sideways(self) -> list[str]:
        """Elements wider than the window, outside regions that scroll by themselves."""
        found: list[str] = self.page.evaluate(
            """() => { const w = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= w) return [];
            return [...document.querySelectorAll('body *')]
              .filter(e => e.getBoundingClientRect().right > w + 1 && !e.closest('.xh-scroll'))
              .slice(0, 3).map(e => e.tagName + '.' + e.className + ': ' + (e.textContent || '').slice(0, 40)); }"""
        )
        return found


@contextmanager
def windows(chromium: Browser, base: str) -> Iterator[Callable[..., Eyes]]:
    """``open(size, language, client=…)`` opens a window, signed in as ``client`` is; all are closed in the end."""
    opened: list[BrowserContext] = []

    def look(
        size: dict[str, int],
        language: str = "zh-hans",
        *,
        client: Client | None = None,
        script: bool = True,
        **how: Any,
    ) -> Eyes:
        context = chromium.new_context(viewport=size, java_script_enabled=script, **how)  # type: ignore[arg-type]
        opened.append(context)
        cookies = [{"name": "xinheng_language", "value": language, "url": base}]
        if client is not None and "xinheng_session" in client.cookies:
            session = client.cookies["xinheng_session"].value
            cookies.append({"name": "xinheng_session", "value": session, "url": base})
        context.add_cookies(cookies)  # type: ignore[arg-type]
        return Eyes(context, base)

    yield look
    for context in opened:
        context.close()


@pytest.fixture
def eyes(chromium: Browser, live_server: Any) -> Iterator[Any]:
    """Windows on the city of this test."""
    with windows(chromium, live_server.url) as look:
        yield look
