"""Which catalog items does an official matter reach, once each item names its matters? (ZY-32, ZY-34)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from xinheng.law.items import Item, ItemVersion
from xinheng.law.pack import Matter, Timeline


def linked(matters: Mapping[str, Timeline[Matter]], items: Mapping[str, Item]) -> dict[str, Timeline[Matter]]:
    """Give the matters with the items that name them, each for the days on which such a version is in force.

    Drafts and versions that are switched off link nothing. Pure; a matter that an item names and ``matters`` lacks is
    passed over (the loader reports it), and what was linked before stays: the result may be linked again.
    """
    versions = [v for item in items.values() for v in item.versions if v.state == "on"]
    found = {}
    for code, timeline in matters.items():
        naming = [version for version in versions if code in version.matters]
        values = [part for value in timeline.values for part in _parts(value, naming)] if naming else timeline.values
        found[code] = replace(timeline, values=tuple(values))
    return found


def _parts(value: Matter, naming: Sequence[ItemVersion]) -> Iterator[Matter]:
    """Cut a matter where a version that names it begins or ends, and give each part the items of its days."""
    edges = {day for version in naming for day in (version.from_, version.until) if day is not None}
    inside = sorted(day for day in edges if value.from_ < day and (value.until is None or day < value.until))
    for start, end in pairwise([value.from_, *inside, value.until]):
        assert start is not None
        codes = {v.code for v in naming if v.from_ <= start and (v.until is None or start < v.until)}
        yield replace(value, from_=start, until=end, items=value.items | codes)
