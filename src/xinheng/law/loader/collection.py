"""How are the statements of the notice of collection read? (``notice.yaml``; PIP-1)"""

from __future__ import annotations

from collections.abc import Iterator

from xinheng.law.collection import DOORS, NAMES, TO_FILL, TOLD, Statement
from xinheng.law.loader.entries import sources
from xinheng.law.loader.layers import Layer
from xinheng.law.loader.reading import Faults, Reader, records
from xinheng.law.loader.timelines import Gathering, Span
from xinheng.law.pack import Bilingual, Timeline


def statements(layers: list[Layer], faults: Faults) -> dict[str, Timeline[Statement]]:
    """Read ``notice.yaml`` of every layer; a lower layer cannot take back what a higher one says."""
    found: Gathering[Statement] = Gathering()
    for source in sources(layers, "notice"):
        for entry in records(source, faults, "Statement"):
            name, label = entry.choice("name", *NAMES), entry.bilingual("label")
            entry.named("Statement", name)
            found.add(name, label, _values(entry, name, label), entry)
            entry.documentary("note", "evidence")
            entry.done()
    return found.timelines()


def _values(entry: Reader, name: str, label: Bilingual) -> Iterator[tuple[Statement, Reader]]:
    for reader in entry.each("values", "Statement"):
        span = Span.of(reader)
        told = reader.choice("state", TOLD, TO_FILL, default=TOLD, attribute="") == TOLD
        text = reader.bilingual("text") if told else reader.optional_bilingual("text", "")
        if not told and text is not None:
            reader.fault("text_while_to_fill", "写着to_fill的不能有text；填好了请改成state: told", "text")
        door = reader.choice("door", *DOORS, default="none")
        reader.done()
        yield Statement(name, label, span.from_, span.until, text, door, span.article, span.house, span.rank), reader
