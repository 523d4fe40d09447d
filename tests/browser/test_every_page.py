"""Every registered page in a real browser: axe, the policy, the network, sideways scrolling."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, NARROW, PHONE, Eyes
from tests.world import World
from xinheng.ui.pages import PAGES, Page

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def opened(world: World, eyes: Any, language: str) -> Iterator[tuple[Page, Eyes]]:
    """Each page that people read, opened on a phone by an account of its first role; a window for each role."""
    windows: dict[str, Eyes] = {}
    for page in PAGES:
        if page.kind != "page":
            continue
        role = page.roles[0] if page.roles else ""
        person = world.person(role, page).username if role else ""
        if person not in windows:
            windows[person] = eyes(PHONE, language, client=world.client(role, page))
        window = windows[person]
        window.resize(PHONE)
        window.open(world.address(page.example))
        yield page, window


def narrow(page: Page, window: Eyes) -> list[str]:
    """What sticks out at 320 pixels, with usual and with large text."""
    window.resize(NARROW)
    usual = [f"{page.name} at 320: {one}" for one in window.sideways()]
    window.page.evaluate("document.documentElement.classList.add('xh-text-l')")
    return usual + [f"{page.name} at 320, large text: {one}" for one in window.sideways()]


@pytest.mark.req("QRY-4", "PUB-2", kind="journey")
def test_every_page_passes_axe_fits_a_narrow_phone_and_fetches_only_from_here(world: World, eyes: Any) -> None:
    axe, wrong = Axe(), []
    for page, window in opened(world, eyes, "zh-hans"):
        found = axe.run(window.page, options=RULES).response["violations"]
        wrong += [f"{page.name}: {one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in found]
        wrong += [f"{page.name}: {message}" for message in window.messages + window.foreign]
        window.messages.clear()
        window.requests.clear()
        picture(page, window, "zh")
        wrong += narrow(page, window)
    assert wrong == []


def test_every_english_page_fits_a_narrow_phone(world: World, eyes: Any) -> None:
    wrong = []
    for page, window in opened(world, eyes, "en"):
        picture(page, window, "en")
        wrong += narrow(page, window)
    assert wrong == []


def picture(page: Page, window: Eyes, language: str) -> None:
    """Keep the page on a phone and on a desk, when asked to."""
    window.shoot(f"{page.name}-{language}-phone")
    window.resize(DESKTOP)
    window.shoot(f"{page.name}-{language}-desktop")
