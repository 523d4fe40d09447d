"""Which items stand in which catalog on a day, and which version is meant? Pure. (ZY-32, SP-8)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from xinheng.law import lookup
from xinheng.law.enums import Level
from xinheng.law.items import Item, ItemVersion
from xinheng.law.pack import Bilingual, Pack
from xinheng.lib.errors import NotFound


class Standing(StrEnum):
    """How a version stands on a day. A draft and an item that is switched off are never in force, whatever the day."""

    IN_FORCE = "in_force"
    COMING = "coming"
    ENDED = "ended"
    DRAFT = "draft"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Stood:
    """A version with its standing."""

    version: ItemVersion
    standing: Standing


@dataclass(frozen=True, slots=True)
class Shelf:
    """A catalog: the items of one level in force. ``known`` is False where the city's law has no such catalog."""

    level: Level
    known: bool
    versions: tuple[ItemVersion, ...]


def standing(version: ItemVersion, on: date) -> Standing:
    """Say how a version stands on a day."""
    if version.state != "on":
        return Standing(version.state)
    if on < version.from_:
        return Standing.COMING
    return Standing.IN_FORCE if version.until is None or on < version.until else Standing.ENDED


def in_force(pack: Pack, on: date) -> tuple[ItemVersion, ...]:
    """The versions that say what may be collected on a day, in the order of their codes."""
    return tuple(version for version in lookup.items(pack, on) if standing(version, on) is Standing.IN_FORCE)


def shelves(pack: Pack, on: date) -> tuple[Shelf, ...]:
    """National, provincial and city catalog, each with its items in force; one the city's law lacks is said to be."""
    held = in_force(pack, on)
    return tuple(
        Shelf(level, level in pack.catalog_levels, tuple(version for version in held if version.level is level))
        for level in Level
    )


def others(pack: Pack, on: date) -> tuple[Stood, ...]:
    """All versions that are not in force: coming ones, ended ones, drafts, items switched off; in this order."""
    order = list(Standing)
    found = [Stood(version, standing(version, on)) for _, version in _all(pack)]
    apart = [one for one in found if one.standing is not Standing.IN_FORCE]
    return tuple(sorted(apart, key=lambda one: (order.index(one.standing), one.version.code, one.version.from_)))


def item_of(pack: Pack, code: str) -> Item:
    """The item of that code; NotFound ``catalog_item_unknown``."""
    found = pack.items.get(code)
    if found is None:
        raise NotFound("catalog_item_unknown")
    return found


def version_of(item: Item, first_day: str) -> ItemVersion:
    """The version that came into force on that day, written as ISO; NotFound ``catalog_version_unknown``."""
    found = next((version for version in item.written if version.version == first_day), None)
    if found is None:
        raise NotFound("catalog_version_unknown")
    return found


def present(item: Item, on: date) -> ItemVersion:
    """The version to show first: the one in force, else the next to come, else the last one."""
    by_standing = {standing(version, on): version for version in reversed(item.written)}
    for wanted in (Standing.IN_FORCE, Standing.COMING):
        if wanted in by_standing:
            return by_standing[wanted]
    return (item.versions or item.written)[-1]


def neighbours(item: Item, version: ItemVersion) -> tuple[ItemVersion, ItemVersion] | None:
    """The version with the one before it, or the first with the one after it; None where there is only one."""
    written = item.written
    if len(written) < 2:
        return None
    start = max(written.index(version) - 1, 0)
    return written[start], written[start + 1]


def matters_of(pack: Pack, version: ItemVersion, on: date) -> tuple[Bilingual, ...]:
    """The official matters for which the item may be queried: those that name it, and those it names itself."""
    linked = {matter.code: matter.label for matter in lookup.matters(pack, on) if version.code in matter.items}
    named = {code: pack.matters[code].values[-1].label for code in version.matters if code in pack.matters}
    return tuple({**linked, **named}.values())


def levels_article(pack: Pack, on: date) -> str | None:
    """The article that says which catalogs there are; None where the pack names none on that day."""
    found = pack.grounds.get("catalog.levels")
    ground = found.on(on) if found else None
    return ground.article if ground else None


def machine_list(pack: Pack, on: date) -> list[dict[str, Any]]:
    """Every version of every item, briefly; addresses are those of the pages, without a host."""
    return [
        {
            "item": item.code,
            "version": version.version,
            "standing": standing(version, on).value,
            "level": version.level.value,
            "label": {"zh": version.label.zh, "en": version.label.en},
            "from": version.from_.isoformat(),
            "until": version.until.isoformat() if version.until else None,
            "publicity": version.publicity.value,
            "kinds": {kind.value: attribute.value for kind, attribute in version.kinds.items()},
            "article": version.article,
            "fields": len(version.fields),
            "sha256": version.sha256,
            "page": f"/catalog/{item.code}/{version.version}",
            "schema": f"/catalog/{item.code}/{version.version}/schema.json",
        }
        for item, version in _all(pack)
    ]


def _all(pack: Pack) -> list[tuple[Item, ItemVersion]]:
    return [(pack.items[code], version) for code in sorted(pack.items) for version in pack.items[code].written]
