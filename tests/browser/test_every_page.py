"""Every registered page in a real browser: axe, the policy, the network, sideways scrolling."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, NARROW, PHONE, Eyes
from tests.world import World
from xinheng.ui.pages import PAGES, Page

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # what passes is counted and not carried out of the browser node by node
}


def opened(world: World, eyes: Any, language: str, every_role: bool = False, **how: Any) -> Iterator[tuple[Page, Eyes]]:
    """Each page that people read, opened on a phone by an account of its first role, or of every role; a window for
    each account.
    """
    windows: dict[str, Eyes] = {}
    for page in PAGES:
        if page.kind != "page":
            continue
        for role in (page.roles if every_role else page.roles[:1]) or ("",):
            person = world.person(role, page).username if role else ""
            if person not in windows:
                windows[person] = eyes(PHONE, language, client=world.client(role, page), **how)
            window = windows[person]
            window.resize(PHONE)
            window.open(world.address(page.example))
            yield page, window


def faults(page: Page, window: Eyes) -> list[str]:
    """What axe finds, what the console and the policy said, and what was fetched from elsewhere."""
    found = Axe().run(window.page, options=RULES).response["violations"]
    wrong = [f"{page.name}: {one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in found]
    wrong += [f"{page.name}: {message}" for message in window.messages + window.foreign]
    window.messages.clear()
    window.requests.clear()
    return wrong


def narrow(page: Page, window: Eyes) -> list[str]:
    """What sticks out at 320 pixels, with usual and with large text."""
    window.resize(NARROW)
    usual = [f"{page.name} at 320: {one}" for one in window.sideways()]
    window.page.evaluate("document.documentElement.classList.add('xh-text-l')")
    return usual + [f"{page.name} at 320, large text: {one}" for one in window.sideways()]


@pytest.mark.req("QRY-4", "PUB-2", kind="journey")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_passes_axe_fits_a_narrow_phone_and_fetches_only_from_here(
    world: World, eyes: Any, language: str
) -> None:
    wrong = []
    for page, window in opened(world, eyes, language):
        wrong += faults(page, window)
        picture(page, window, language[:2])
        wrong += narrow(page, window)
    assert wrong == []


@pytest.mark.full
@pytest.mark.req("QRY-4", "PUB-2", kind="journey")
@pytest.mark.parametrize("contrast", ["no-preference", "more"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_for_every_role_in_every_light(
    world: World, eyes: Any, language: str, scheme: str, contrast: str
) -> None:
    """Each role of each page, on a phone and on a desk, in usual and in large text."""
    wrong = []
    for page, window in opened(world, eyes, language, every_role=True, color_scheme=scheme, contrast=contrast):
        for size in (PHONE, DESKTOP):
            window.resize(size)
            wrong += [f"{size['width']} {one}" for one in faults(page, window) + window.sideways()]
        wrong += narrow(page, window)
        wrong += [f"large text {one}" for one in faults(page, window)]
    assert wrong == []


def picture(page: Page, window: Eyes, language: str) -> None:
    """Keep the page on a phone and on a desk, when asked to."""
    if not os.environ.get("XINHENG_SHOTS"):
        return
    window.shoot(f"{page.name}-{language}-phone")
    window.resize(DESKTOP)
    window.shoot(f"{page.name}-{language}-desktop")
