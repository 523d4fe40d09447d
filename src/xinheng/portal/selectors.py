"""What stands on the home page, the law page and the page of promises, and which finished page is still true?"""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from xinheng.law import conformance, lookup, texts
from xinheng.law.enums import Attribute
from xinheng.law.errors import NoValueInForce
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Article, Bilingual, DeadlineValue, Pack

PROMISED = (
    "objection.mark",
    "objection.decide",
    "repair.accept",
    "repair.decide",
    "publicity.report",
    "publicity.withdraw",
)
RESULTS = Path("docs") / "reference" / "conformance.json"


@dataclass(frozen=True, slots=True)
class Promise:
    """A clock that the law sets: its name in words, its length, the article."""

    name: str
    label: Bilingual | None
    value: DeadlineValue


def promises(pack: Pack, on: date) -> tuple[Promise, ...]:
    """The clocks of `PROMISED` that this city's pack has in force on ``on``; one it lacks is left out, not invented."""
    kept = []
    for name in PROMISED:
        try:
            value = lookup.deadline(pack, name, on)
        except NoValueInForce:
            continue
        kept.append(Promise(name=name, label=pack.deadlines[name].label, value=value))
    return tuple(kept)


def public_items(pack: Pack, on: date) -> tuple[ItemVersion, ...]:
    """The items whose records may be public: those of the nation (dual publicity) first, licences before penalties."""
    found = [item for item in lookup.items(pack, on) if item.publicity is Attribute.PUBLIC]
    return tuple(sorted(found, key=lambda item: (-item.rank.height, item.adverse, item.code)))


@lru_cache(maxsize=4)
def _states(packs: Path, results: Path, _written: int) -> Mapping[str, str]:
    return {line.id: line.state for line in conformance.lines(packs, results)}


@lru_cache(maxsize=2)
def _proofs(packs: Path, results: Path, changed: int) -> Mapping[str, tuple[tuple[str, int], ...]]:
    return {
        line.id: tuple(sorted(Counter(test.partition("::")[0].removeprefix("tests/") for test in line.tests).items()))
        for line in conformance.lines(packs, results)
        if line.tests
    }


def proofs() -> Mapping[str, tuple[tuple[str, int], ...]]:
    """Article or requirement -> the files of tests that prove it, each with how many of its tests do."""
    packs = Path(settings.XINHENG_LAWPACKS)
    results = packs.parent / RESULTS
    return _proofs(packs, results, results.stat().st_mtime_ns) if results.is_file() else {}


def states() -> Mapping[str, str]:
    """State of every article and requirement by the committed test result: done, partly, not_yet.

    Empty where the installation carries no test result; the page then shows no state at all.
    """
    packs = Path(settings.XINHENG_LAWPACKS)
    results = packs.parent / RESULTS
    if not results.is_file():
        return {}
    return _states(packs, results, results.stat().st_mtime_ns)


def statute(pack: Pack, article: Article) -> str | None:
    """The text of an article as the city attached it; None until it has (packs hold our own summaries only)."""
    return texts.official_text(Path(settings.XINHENG_HOME), pack, article.id)


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A finished page: what it rests on, its bytes, the items it shows, and when it was made."""

    state: str
    body: bytes
    items: tuple[str, ...]
    made_at: float


class KeptPages:
    """Finished public pages of this process, the latest used ones, up to ``most`` bytes.

    A page is given out only while what it rests on (`disclosure.public_state`, `public_list_state`) is the same, so it
    outlives neither the legal day nor a change of a record; and for `KEPT_SECONDS` at most, for it says of which minute
    it is.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._pages: OrderedDict[tuple[str, ...], KeptPage] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[str, ...], state: str) -> KeptPage | None:
        """The page of this key, if it still holds."""
        with self._lock:
            page = self._pages.get(key)
            if page is None or page.state != state or time.monotonic() - page.made_at > KEPT_SECONDS:
                return None
            self._pages.move_to_end(key)
            return page

    def put(self, key: tuple[str, ...], state: str, body: bytes, items: tuple[str, ...]) -> None:
        """Keep a page; the ones used longest ago make room."""
        with self._lock:
            before = self._pages.pop(key, None)
            self._pages[key] = KeptPage(state, body, items, time.monotonic())
            self._size += len(body) - (len(before.body) if before else 0)
            while self._size > self._most:
                self._size -= len(self._pages.popitem(last=False)[1].body)


KEPT_SECONDS = 60.0
SUBJECT_PAGES = KeptPages(64 * 1024 * 1024)
LIST_PAGES = KeptPages(8 * 1024 * 1024)
