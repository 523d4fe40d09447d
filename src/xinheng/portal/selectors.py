"""What stands on the home page, the law page and the page of promises?"""

from __future__ import annotations

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
    """The items whose records may be public, licences before penalties."""
    found = [item for item in lookup.items(pack, on) if item.publicity is Attribute.PUBLIC]
    return tuple(sorted(found, key=lambda item: (item.adverse, item.code)))


@lru_cache(maxsize=4)
def _states(packs: Path, results: Path, _written: int) -> Mapping[str, str]:
    return {line.id: line.state for line in conformance.lines(packs, results)}


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
