"""Second versions of an item, made by hand: the packs have one version of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from xinheng.law.items import Item, ItemVersion
from xinheng.law.pack import Pack

FIRST_DAY = date(2027, 3, 1)


def newer(old: ItemVersion, **changes: Any) -> ItemVersion:
    """The version that follows ``old`` on `FIRST_DAY`."""
    return replace(old, from_=FIRST_DAY, version=FIRST_DAY.isoformat(), sha256="1" * 64, **changes)


def with_versions(pack: Pack, *versions: ItemVersion) -> Pack:
    """The pack with these versions of CF; one that starts on `FIRST_DAY` follows the pack's own, which then ends."""
    own = pack.items["CF"]
    first = replace(own.versions[0], until=FIRST_DAY)
    made = (first, *versions) if [v.from_ for v in versions] == [FIRST_DAY] else versions
    return replace(pack, items={**pack.items, "CF": Item("CF", own.level, own.label, made)})
