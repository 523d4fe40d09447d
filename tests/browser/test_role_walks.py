"""One journey for each role, as that person does it: clicking words and typing, with a mistake on the way.

Without scripts. The usual run takes one language and one width for each role, so that all four meet; the long run
takes all. ``XINHENG_SHOTS`` names a folder that keeps a picture of every step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Eyes, Kept, windows
from tests.browser.town import Town, town
from tests.browser.walking import Walk, Window
from tests.browser.walks_office import administrators, auditor, operator, supervisor
from tests.browser.walks_own import own
from tests.browser.walks_public import visitor
from tests.browser.walks_staff import collector, querier, reviewer
from xinheng.law.pack import Pack
from xinheng.machine.database import Urls

Another = Callable[[str], Walk]
WALKS: dict[str, Callable[[Walk, Town, Another], None]] = {
    "visitor": lambda walk, place, _: visitor(walk, place),
    "collector": collector,
    "reviewer": reviewer,
    "querier": querier,
    "operator": operator,
    "auditor": auditor,
    "supervisor": supervisor,
    "administrators": administrators,
    "person": own("gongmin"),
    "organisation": own("qiye"),
    "business": own("getihu"),
}
SHORTER = {"organisation": own("qiye", also="password"), "business": own("getihu", also="step")}  # for the usual run
WINDOWS = [Window(language, width) for language in ("zh-hans", "en") for width in (375, 1280)]
ALTERNATING = {role: WINDOWS[(0, 3, 1, 2)[number % 4]] for number, role in enumerate(WALKS)}


@pytest.fixture(scope="module")
def place(
    request: pytest.FixtureRequest,
    pack: Pack,
    kept: Kept,
    database_urls: Urls,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Town]:
    """One city for all walks of the usual run, one for each window of the long run."""
    with town(pack, kept, database_urls.owner, tmp_path_factory.mktemp("town"), django_db_blocker) as made:
        yield made


@pytest.fixture(autouse=True)
def checkpoint_folder(settings: Any, place: Town) -> Path:
    """The checkpoints of the city, for every walk the same."""
    settings.XINHENG_CHECKPOINT_DIR = [place.checkpoints]
    return place.checkpoints


def walked(
    journey: Callable[[Walk, Town, Another], None], role: str, window: Window, place: Town, chromium: Browser
) -> None:
    """The journey of a role in a window of its own; further persons get windows of the same kind."""
    with windows(chromium, place.url) as opened:

        def another(who: str) -> Walk:
            eyes: Eyes = opened(window.size, window.language, script=False)
            eyes.page.set_default_timeout(15_000)
            return Walk(place.world, eyes, window, who)

        journey(another(role), place, another)


@pytest.mark.req("QRY-1", "QRY-2", "QRY-4", "QRY-5", "PUB-1", "PUB-2", "ORG-1", "INT-1", kind="journey")
@pytest.mark.parametrize("place", ["usual"], indirect=True)
@pytest.mark.parametrize(("role", "window"), ALTERNATING.items(), ids=str)
def test_each_role_walks_its_way(role: str, window: Window, place: Town, chromium: Browser) -> None:
    walked(SHORTER.get(role, WALKS[role]), role, window, place, chromium)


@pytest.mark.full
@pytest.mark.req("QRY-1", "QRY-2", "QRY-4", "QRY-5", "PUB-1", "PUB-2", "ORG-1", "INT-1", kind="journey")
@pytest.mark.parametrize(
    ("place", "window"), [(str(one), one) for one in WINDOWS], indirect=["place"], ids=map(str, WINDOWS), scope="module"
)
@pytest.mark.parametrize("role", WALKS)
def test_each_role_walks_its_way_in_every_window(role: str, window: Window, place: Town, chromium: Browser) -> None:
    walked(WALKS[role], role, window, place, chromium)


@pytest.mark.parametrize("place", ["usual"], indirect=True)
def test_the_usual_run_meets_both_languages_and_both_widths(place: Town) -> None:
    assert set(ALTERNATING.values()) == set(WINDOWS)
