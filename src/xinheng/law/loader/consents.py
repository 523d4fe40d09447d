"""How are the rules of consent and will read? (``consents.yaml``; ZY-33, SP-7)"""

from __future__ import annotations

from collections.abc import Iterator

from xinheng.law.consents import ConsentRule, Form, Instead, Need, Occasion, Pressure
from xinheng.law.enums import SubjectKind
from xinheng.law.loader.entries import sources
from xinheng.law.loader.layers import Layer
from xinheng.law.loader.reading import Faults, Reader, records
from xinheng.law.loader.timelines import Gathering, Span
from xinheng.law.pack import Bilingual, Timeline


def rules(layers: list[Layer], faults: Faults) -> dict[str, Timeline[ConsentRule]]:
    """Read ``consents.yaml`` of every layer; a city adds rules, it never takes one away."""
    found: Gathering[ConsentRule] = Gathering()
    for source in sources(layers, "consents"):
        for entry in records(source, faults, "ConsentRule"):
            code, label = entry.text("code"), entry.bilingual("label")
            found.add(code, label, _values(entry, code, label), entry)
            entry.documentary("note", "evidence")
            entry.done()
    return found.timelines()


def _values(entry: Reader, code: str, label: Bilingual) -> Iterator[tuple[ConsentRule, Reader]]:
    kind = entry.word("kind", Occasion)
    subjects = frozenset(entry.words("subjects", SubjectKind))
    for reader in entry.each("values", "ConsentRule"):
        span = Span.of(reader)
        value = ConsentRule(
            code=code,
            label=label,
            kind=kind,
            subjects=subjects,
            from_=span.from_,
            until=span.until,
            needs=reader.words("needs", Need),
            forbids=reader.words("forbids", Pressure, needed=False),
            form=reader.word("form", Form),
            exception=reader.word("exception", Instead),
            withdrawal=reader.choice("withdrawal", "any_time"),
            article=span.article,
            rank=span.rank,
        )
        if not value.needs:
            reader.fault("empty_list", "“needs”不能是空的：写明要谁的同意", "needs")
        reader.done()
        yield value, reader
