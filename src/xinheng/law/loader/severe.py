"""How are the categories and the fields of serious dishonesty read? (``severe.yaml``, ``severe_fields.yaml``; ZY-41,
SP-22)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from xinheng.law.lists import Element, Founder, SevereCategory, SevereField, Step
from xinheng.law.loader.entries import sources
from xinheng.law.loader.layers import Layer
from xinheng.law.loader.lists import Rows, evidence_of, explained, not_above, own_article
from xinheng.law.loader.reading import Faults, Reader, records
from xinheng.law.loader.timelines import Gathering
from xinheng.law.pack import Bilingual

# without these no determination is lawful, whatever else a pack leaves out
NEEDED = (Step.NOTICE, Step.STATEMENT, Step.REPLY, Step.DECISION, Step.SERVICE, Step.EXIT)


def categories(layers: list[Layer], faults: Faults) -> tuple[Rows[SevereCategory], dict[int, str]]:
    """Read ``severe.yaml`` of every layer; the second part gives by place in the first how far it was verified."""
    return _rows(layers, faults, "severe", "SevereCategory", _category_values)


def fields(layers: list[Layer], faults: Faults) -> tuple[Rows[SevereField], dict[int, str]]:
    """Read ``severe_fields.yaml`` of every layer; the second part gives by place how far it was verified."""
    return _rows(layers, faults, "severe_fields", "SevereField", _field_values)


def _rows[T: (SevereCategory, SevereField)](
    layers: list[Layer],
    faults: Faults,
    file: str,
    shape: str,
    values: Callable[[Reader, str, Bilingual], Iterator[tuple[T, Reader]]],
) -> tuple[Rows[T], dict[int, str]]:
    rows: Rows[T] = Rows()
    evidence: dict[int, str] = {}
    found: Gathering[T] = Gathering()
    for source in sources(layers, file):
        for entry in records(source, faults, shape):
            code, label = entry.text("code"), entry.bilingual("label")
            entry.named(shape, code)
            parts = []
            for value, reader in values(entry, code, label):
                evidence[len(rows.placed)] = evidence_of(reader)
                reader.done()
                rows.placed.append((value, reader))
                parts.append((value, reader))
            not_above(found, code, entry)
            found.add(code, label, iter(parts), entry)
            entry.done()
    rows.timelines = found.timelines()
    return rows, evidence


def _category_values(entry: Reader, code: str, label: Bilingual) -> Iterator[tuple[SevereCategory, Reader]]:
    for reader in entry.each("values", "SevereCategory"):
        span = own_article(reader)
        value = SevereCategory(
            code=code,
            label=label,
            from_=span.from_,
            until=span.until,
            on=reader.choice("state", "on", "off", attribute="on") == "on",
            why_off=reader.optional_bilingual("why_off"),
            elements=tuple(_elements(reader)),
            steps=reader.words("steps", Step),
            powers=frozenset(reader.texts("powers", needed=True)),
            founded_by=frozenset(reader.texts("founded_by", needed=True)),
            catch_all=reader.flag("catch_all", default=False),
            founders=frozenset(reader.words("founders", Founder, needed=False)),
            article=span.article,
            rank=span.rank,
        )
        explained(reader, value.on, value.why_off)
        _ordered(reader, value.steps)
        yield value, reader


def _elements(reader: Reader) -> Iterator[Element]:
    codes: set[str] = set()
    for part in reader.each("elements", "Element"):
        element = Element(part.text("code"), part.bilingual("label"))
        if element.code in codes:
            part.fault("duplicate_name", f"要件“{element.code}”写了两次", "code")
        codes.add(element.code)
        part.done()
        yield element
    if not codes:
        reader.fault("missing_key", "至少要写一个要件", "elements")
    reader.faults.uses.append(("SevereCategory.elements", reader.source.file, reader.line, reader.column))


def _ordered(reader: Reader, steps: tuple[Step, ...]) -> None:
    """Report steps out of their order, and a step without which no determination is lawful."""
    order = list(Step)
    places = [order.index(step) for step in steps]
    if places != sorted(places):
        reader.fault("steps_order", f"步骤应按这个次序写：{'、'.join(order)}", "steps")
    missing = [step for step in NEEDED if step not in steps]
    if missing:
        reader.fault("step_missing", f"认定严重失信缺少步骤：{'、'.join(missing)}", "steps")


def _field_values(entry: Reader, code: str, label: Bilingual) -> Iterator[tuple[SevereField, Reader]]:
    for reader in entry.each("values", "SevereField"):
        span = own_article(reader)
        value = SevereField(
            code=code,
            label=label,
            from_=span.from_,
            until=span.until,
            on=reader.choice("state", "on", "off", attribute="on") == "on",
            why_off=reader.optional_bilingual("why_off"),
            authority=reader.bilingual("authority"),
            basis=reader.bilingual("basis"),
            published=reader.flag("published"),
            article=span.article,
            rank=span.rank,
        )
        explained(reader, value.on, value.why_off)
        yield value, reader
