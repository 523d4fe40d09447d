"""How does this city present itself?

Everything that may differ between cities on a page comes from the law pack: names, title of the regulation, picture,
seal and brand colours. No module names a city.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from xinheng.law import loader
from xinheng.law.pack import Bilingual, Pack
from xinheng.lib import clock
from xinheng.ui import wording

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_TOKENS = ("brand", "brand_deep", "brand_tint", "seal", "sky")
_PARTS = {
    "brand": "--xh-brand",
    "brand_deep": "--xh-brand-deep",
    "brand_tint": "--xh-brand-tint",
    "seal": "--xh-seal",
    "sky": "--xh-sky",
}


@dataclass(frozen=True, slots=True)
class City:
    """What shells show, in one language. ``tag`` stands in the address of the colours and the picture."""

    name: str
    portal: str
    platform: str
    law_title: str
    law_short: str
    law_in_force: date | None
    law_note: str
    hero: bool
    hotline: str
    hotline_number: str
    demo_notice: str
    notices: tuple[str, ...]
    fictional: bool
    edition: str
    tag: str


Supplement = Callable[[Pack], Pack]

KEPT_FOR = 1.0  # seconds
_supplements: list[Supplement] = []
_shown: dict[tuple[str, str], City] = {}
_read: dict[tuple[str, str], tuple[float, date, Pack]] = {}


def pack() -> Pack:
    """The law pack of this deployment (setting XINHENG_LAW), with what the city itself put into force.

    A page asks for it a dozen times and the loader looks at every file each time, so the answer holds for a second,
    never past the end of the legal day: what was published in the last second before midnight holds from midnight on.
    """
    key = (str(settings.XINHENG_LAW), str(settings.XINHENG_LAWPACKS))
    kept = _read.get(key)
    if kept is not None and time.monotonic() < kept[0] and clock.today(kept[2].zone) == kept[1]:
        return kept[2]
    until = time.monotonic() + KEPT_FOR  # counted, like the day, from before the tables are read
    found = loader.load(settings.XINHENG_LAW, root=Path(settings.XINHENG_LAWPACKS))
    day = clock.today(found.zone)
    for supplement in _supplements:
        found = supplement(found)
    _read[key] = (until, day, found)
    return found


def supplemented_by(supplement: Supplement) -> None:
    """Let what the city itself put into force be part of its law (filled in `wiring`, once)."""
    if supplement not in _supplements:
        _supplements.append(supplement)


def forget() -> None:
    """Read the law again at the next question: something of it was just published."""
    _read.clear()


def today() -> date:
    """The legal day in the city's zone; for views and shells, which are doors."""
    return clock.today(pack().zone)


def presented(language: str) -> City:
    """The city as its pack presents it, in ``language`` (zh-hans or en)."""
    found = pack()
    key = (found.label, language)
    if key not in _shown:
        _shown[key] = _presented(found, language)
    return _shown[key]


def stylesheet() -> str:
    """The city's colours as custom properties. Values that are no colours are left out, never passed on.

    The dark desk and the setting for more contrast keep their own brand, so the city's hue stands back there.
    """
    found = _tree(pack().presentation, "brand")
    rules = [
        f"{_PARTS[token]}: {found[token]};"
        for token in _TOKENS
        if isinstance(found.get(token), str) and _COLOUR.fullmatch(str(found[token]))
    ]
    colours = " ".join(rules)
    return (
        f"@media (not (prefers-color-scheme: dark)) and (not (prefers-contrast: more)) {{ :root {{ {colours} }} }}\n"
        f"@media (prefers-color-scheme: dark) and (not (prefers-contrast: more)) "
        f"{{ :root:not(:has(.xh-desk)) {{ {colours} }} }}\n"
    )


def demo_accounts(language: str) -> list[tuple[str, str, str]]:
    """(user name, roles in words, organisation) of the pack's demonstration accounts; none in production."""
    if settings.XINHENG_MODE == "production":
        return []
    demo = pack().demo
    bodies = {one["code"]: one["name"] for one in _trees(demo.get("organisations"))}
    staff = [
        (
            str(one["username"]),
            gettext("、").join(wording.say(f"role.{role}", {}) for role in one.get("roles") or ()),
            _said(bodies.get(one.get("organisation")), language),
        )
        for one in _trees(demo.get("officers"))
    ]
    firms = {one["code"]: one["name"] for one in _trees(demo.get("enterprises"))}
    return staff + [
        (str(one["username"]), wording.say("role.subject", {}), gettext("、").join(_also(one, firms, language)))
        for one in _trees(demo.get("accounts"))
    ]


def _also(one: Mapping[str, Any], firms: Mapping[Any, Any], language: str) -> list[str]:
    """For whom an account of the demo stands besides itself, with its capacity."""
    said = []
    for other in _trees(one.get("also")):
        firm, capacity = firms.get(other["subject"].get("code")), wording.say(f"capacity.{other['capacity']}", {})
        said.append(f"{_said(firm, language)} ({capacity})")
    return said


def hero_file() -> Path | None:
    """The city's landscape line: an SVG in the pack's own folder; None when the pack has none."""
    named = _tree(pack().presentation, "hero").get("file")
    if not isinstance(named, str) or named in {"", "none"}:
        return None
    path = pack().folder / Path(named).name
    return path if path.suffix == ".svg" and path.is_file() else None


def _presented(from_pack: Pack, language: str) -> City:
    tree = from_pack.presentation
    local = [law for law in from_pack.laws.values() if law.rank == from_pack.rank]
    law = local[0] if local else next(iter(from_pack.laws.values()))
    hotline = _tree(tree, "hotline")
    return City(
        name=from_pack.name.get(language),
        portal=_said(tree.get("portal"), language),
        platform=_said(tree.get("platform"), language),
        law_title=law.title.get(language),
        law_short=law.short.get(language),
        law_in_force=law.from_,
        law_note=law.force_note.get(language) if law.force_note else "",
        hero=hero_file() is not None,
        hotline=_said(hotline.get("text"), language),
        hotline_number=str(hotline.get("number") or ""),
        demo_notice=_said(tree.get("demo_notice"), language),
        notices=tuple(notice.get(language) for notice in from_pack.notices),
        fictional=from_pack.fictional,
        edition=from_pack.edition,
        tag=from_pack.hash,
    )


def _tree(tree: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    inner = tree.get(key)
    return inner if isinstance(inner, Mapping) else {}


def _trees(tree: Any) -> list[Any]:
    return [one for one in tree or () if isinstance(one, Mapping)]


def _said(tree: Any, language: str) -> str:
    return Bilingual.of(tree).get(language) if isinstance(tree, Mapping) else ""
