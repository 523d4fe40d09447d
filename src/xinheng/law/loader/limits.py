"""How are the longest lengths read that a pack may write? (``limits.yaml``; INV-2, INV-6)"""

from __future__ import annotations

from collections.abc import Iterator

from xinheng.law.enums import Unit
from xinheng.law.limits import NAMES, Limit
from xinheng.law.loader.entries import sources
from xinheng.law.loader.layers import Layer
from xinheng.law.loader.reading import Faults, Reader, records
from xinheng.law.loader.timelines import Gathering, Span
from xinheng.law.pack import Bilingual, Timeline


def limits(layers: list[Layer], faults: Faults) -> dict[str, Timeline[Limit]]:
    """Read ``limits.yaml`` of every layer; a lower layer cannot lengthen the limit of a higher one."""
    found: Gathering[Limit] = Gathering()
    for source in sources(layers, "limits"):
        for entry in records(source, faults, "Limit"):
            name, label = entry.choice("name", *NAMES), entry.bilingual("label")
            entry.named("Limit", name)
            found.add(name, label, _values(entry, name, label), entry)
            entry.documentary("note", "evidence")
            entry.done()
    return found.timelines()


def _values(entry: Reader, name: str, label: Bilingual) -> Iterator[tuple[Limit, Reader]]:
    for reader in entry.each("values", "Limit"):
        span = Span.of(reader)
        longest = reader.amount("longest")
        if longest.unit is Unit.WORKING_DAY:
            reader.fault("not_in_vocabulary", "最长期限按日历日、月或者年计", "longest")
        reader.done()
        yield Limit(name, label, span.from_, span.until, longest, span.article, span.house, span.rank), reader
