"""Every state that a form or a failure makes of a page, in a real browser: axe, the policy, the network, the words."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Error as PlaywrightError

from tests.architecture.test_pages import flaws
from tests.browser.conftest import DESKTOP, NARROW, PHONE, Eyes
from tests.browser.states import STATES, Stage, State, somebody
from tests.browser.test_every_page import RULES
from tests.journeys.matrix import failing
from tests.world import World

LOADED = "Failed to load resource: the server responded with a status of"  # what Chromium says of every refusal


def faults(state: State, window: Eyes, language: str, world: World) -> list[str]:
    """What axe finds on a phone and on a desk, what the console, the policy and the network said, what is not English,
    what sticks out.
    """
    found = []
    for size in (PHONE, DESKTOP):
        window.resize(size)
        broken = Axe().run(window.page, options=RULES).response["violations"]
        found += [f"{size['width']} {one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in broken]
        found += [f"{size['width']} sideways {one}" for one in window.sideways()]
    window.resize(NARROW)
    found += [f"320 sideways {one}" for one in window.sideways()]
    found += [message for message in window.messages if not message.startswith(LOADED)] + window.foreign
    found += flaws(window.page.content(), language, world)
    for size in (PHONE, DESKTOP):  # last, for the camera puts a style of its own into the page
        window.resize(size)
        window.shoot(f"state-{state.name}-{language[:2]}-{size['width']}")
    return [f"{state.name}: {one}" for one in found]


@pytest.mark.req("QRY-4", "PUB-2", "QRY-1", "QRY-2", "INT-1", kind="journey")
@pytest.mark.parametrize("language", ["zh-hans", pytest.param("en", marks=pytest.mark.full)])
def test_every_state_of_a_page_passes_axe_and_speaks_its_language(
    world: World, eyes: Any, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = []
    for state in STATES:
        account, client = somebody(world, state.role), Client()
        if account is not None:
            client.force_login(account)
        window: Eyes = eyes(PHONE, language, client=client, script=True)
        with monkeypatch.context() as broken:
            stage = Stage(world, window, lambda place, error, at=broken: at.setattr(place, raising(error)), account)
            seen: list[int] = []
            window.page.on("response", lambda one, seen=seen: _note(one, seen))
            window.page.set_default_timeout(20_000)
            try:
                state.reach(stage)
            except PlaywrightError as lost:
                wrong.append(f"{state.name}: not reached: {str(lost)[:200]}")
                continue
            if seen[-1] != state.status:
                wrong.append(f"{state.name}: {seen[-1]}, not {state.status}")
            wrong += faults(state, window, language, world)
        window.context.close()
    assert wrong == [], failing(wrong, most=200)


def raising(error: Exception) -> Any:
    """A function that breaks."""

    def broken(*_: object, **__: object) -> None:
        raise error

    return broken


def _note(response: Any, seen: list[int]) -> None:
    if response.request.is_navigation_request() and response.status not in (301, 302, 303):
        seen.append(response.status)


def test_every_kind_of_answer_that_people_meet_has_a_state() -> None:
    assert {state.status for state in STATES} >= {200, 403, 404, 409, 422, 500, 503}
    assert len({state.name for state in STATES}) == len(STATES)
