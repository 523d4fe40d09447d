"""How are the procedures for instruments of the city itself read? (``norms.yaml``; ZY-32, SP-8)"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from xinheng.law.enums import Level
from xinheng.law.loader.entries import sources
from xinheng.law.loader.layers import Layer
from xinheng.law.loader.reading import Faults, Reader, records
from xinheng.law.loader.timelines import Gathering, Span
from xinheng.law.norms import BASES, CATALOG_ITEM, GROUPS, Procedure
from xinheng.law.pack import Bilingual, Timeline


def procedures(layers: list[Layer], powers: Collection[str], faults: Faults) -> dict[str, Timeline[Procedure]]:
    """Read ``norms.yaml`` of every layer; ``powers`` are the codes that the pack knows."""
    deadlines = {
        part.text("name", attribute="")
        for source in sources(layers, "deadlines")
        for part in records(source, Faults(), "Timeline")
    }
    found: Gathering[Procedure] = Gathering()
    for source in sources(layers, "norms"):
        for entry in records(source, faults, "Procedure"):
            kind, label = entry.choice("kind", CATALOG_ITEM), entry.bilingual("label")
            entry.named("Procedure", kind)
            found.add(kind, label, _values(entry, kind, label, powers, deadlines), entry)
            entry.documentary("note", "evidence")
            entry.done()
    return found.timelines()


def _values(
    entry: Reader, kind: str, label: Bilingual, powers: Collection[str], deadlines: Collection[str]
) -> Iterator[tuple[Procedure, Reader]]:
    for reader in entry.each("values", "Procedure"):
        span = Span.of(reader)
        provided = reader.flag("provided")
        value = Procedure(
            kind=kind,
            label=label,
            from_=span.from_,
            until=span.until,
            provided=provided,
            level=reader.word("level", Level),
            drafter=reader.text("drafter") if provided else "",
            joint=reader.flag("joint") if provided else False,
            basis=reader.texts("basis", needed=provided),
            consult=reader.texts("consult", needed=provided),
            consultation=reader.text("consultation") if provided else "",
            approver=reader.bilingual("approver") if provided else None,
            within=reader.amount("within") if provided else None,
            opinions_kept=reader.amount("opinions_kept") if provided else None,
            article=span.article,
            rank=span.rank,
        )
        if provided:
            _known(reader, "basis", value.basis, BASES)
            _known(reader, "consult", value.consult, GROUPS)
            if value.drafter and value.drafter not in powers:
                reader.fault("power_unknown", f"没有职权“{value.drafter}”", "drafter")
            if value.consultation and value.consultation not in deadlines:
                reader.fault("deadline_unknown", f"没有期限“{value.consultation}”", "consultation")
        reader.done()
        yield value, reader


def _known(reader: Reader, key: str, words: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    for word in words:
        if word not in allowed:
            reader.fault("not_in_vocabulary", f"“{word}”不在允许的词里：{'、'.join(allowed)}", key)
