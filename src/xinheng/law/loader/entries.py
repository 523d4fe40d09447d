"""How are the named, dated values of a pack read: deadlines, matters, grounds, powers, organs, persons?"""

from __future__ import annotations

from collections.abc import Iterator

from xinheng.law.enums import Unit
from xinheng.law.loader.layers import Layer
from xinheng.law.loader.reading import Faults, Reader, Source, records
from xinheng.law.loader.timelines import Gathering, Span
from xinheng.law.pack import (
    Bilingual,
    Category,
    DeadlineValue,
    Ground,
    Matter,
    OrganKind,
    PersonRule,
    Power,
    Provides,
    Sector,
    Timeline,
)

STARTS = ("day_after_receipt", "day_after_decision", "day_after_acceptance", "day_after_publication")
INFORMATION = ("public", "market")


def sources(layers: list[Layer], name: str) -> Iterator[Source]:
    """Give the files of one name, the nation first."""
    for layer in layers:
        if name in layer.files:
            yield layer.files[name]


def deadlines(layers: list[Layer], faults: Faults) -> dict[str, Timeline[DeadlineValue]]:
    """Read ``deadlines.yaml`` of every layer."""
    found: Gathering[DeadlineValue] = Gathering()
    for source in sources(layers, "deadlines"):
        for entry in records(source, faults, "Timeline"):
            name, label = _head(entry, "name", "DeadlineValue")
            found.add(name, label, _deadline_values(entry, name), entry)
            entry.done()
    return found.timelines()


def _deadline_values(entry: Reader, name: str) -> Iterator[tuple[DeadlineValue, Reader]]:
    for reader in entry.each("values", "DeadlineValue"):
        span = Span.of(reader)
        value = DeadlineValue(
            name=name,
            from_=span.from_,
            until=span.until,
            count=reader.whole("count", least=1),
            unit=reader.word("unit", Unit),
            starts=reader.choice("starts", *STARTS),
            article=span.article,
            house=span.house,
            rank=span.rank,
        )
        reader.done()
        yield value, reader


def grounds(layers: list[Layer], faults: Faults, file: str, key: str) -> dict[str, Timeline[Ground]]:
    """Read ``grounds.yaml`` (key "name") or ``disclosure.yaml`` (key "reason")."""
    found: Gathering[Ground] = Gathering()
    for source in sources(layers, file):
        for entry in records(source, faults, "Timeline"):
            name, label = _head(entry, key, "Ground")
            found.add(name, label, _ground_values(entry, name, label), entry)
            entry.done()
    return found.timelines()


def _ground_values(entry: Reader, name: str, label: Bilingual | None) -> Iterator[tuple[Ground, Reader]]:
    for reader in entry.each("values", "Ground"):
        span = Span.of(reader)
        reader.done()
        yield Ground(name, label, span.from_, span.until, span.article, span.house, span.rank), reader


def matters(layers: list[Layer], faults: Faults) -> dict[str, Timeline[Matter]]:
    """Read ``matters.yaml``: a matter that no row names allows no query (ZY-34, SP-10)."""
    found: Gathering[Matter] = Gathering()
    for source in sources(layers, "matters"):
        for entry in records(source, faults, "Matter"):
            code = entry.text("code")
            label = entry.bilingual("label")
            entry.named("Matter", code)
            found.add(code, label, _matter_values(entry, code, label), entry)
            entry.documentary("evidence", "note")
            entry.done()
    return found.timelines()


def _matter_values(entry: Reader, code: str, label: Bilingual) -> Iterator[tuple[Matter, Reader]]:
    for reader in entry.each("values", "Matter"):
        span = Span.of(reader)
        persons = _limits(reader, "persons", "max_parties")
        organisations = _limits(reader, "organisations", "max")
        value = Matter(
            code=code,
            label=label,
            from_=span.from_,
            until=span.until,
            askers=frozenset(reader.texts("askers", needed=True)),
            powers=frozenset(reader.texts("powers")),
            case_number=reader.choice("case_number", "required", "none"),
            statute=reader.choice("statute", "must_cite", "none"),
            statute_kinds=frozenset(reader.texts("statute_kinds")),
            statutes=reader.texts("statutes"),
            register_entry=reader.choice("register_entry", "required", "none", default="none") == "required",
            items=frozenset(reader.texts("items", needed=True)),
            persons_admitted=persons[0],
            max_persons=persons[1] if persons[0] else 0,
            max_organisations=organisations[1],
            article=span.article,
            rank=span.rank,
        )
        if value.statute == "must_cite" and not (value.statutes and value.statute_kinds):
            reader.fault("missing_key", "须写明依据的事项缺少“statutes”和“statute_kinds”：可以援引哪些条文", "statute")
        if value.register_entry and not value.powers:
            reader.fault("missing_key", "须有职权登记的事项缺少“powers”", "register_entry")
        reader.done()
        yield value, reader


def _limits(reader: Reader, key: str, most: str) -> tuple[bool, int]:
    """Read whether subjects of this sort are admitted and how many one query may name."""
    inner = reader.inner(key, "Matter", needed=True)
    if inner is None:
        return False, 0
    admitted = inner.flag("admitted", default=True, attribute="persons_admitted")
    count = inner.optional_whole(most, attribute="max_persons" if key == "persons" else "max_organisations") or 0
    if admitted and count == 0:
        inner.fault("missing_key", f"缺少“{most}”：一次查询最多可列多少个")
    inner.documentary("house")
    inner.done()
    return admitted, count


def powers(layers: list[Layer], faults: Faults) -> dict[str, Timeline[Power]]:
    """Read the powers of ``organs.yaml``."""
    found: Gathering[Power] = Gathering()
    for source in sources(layers, "organs"):
        for entry in Reader(source.node, source, faults, "Organs").each("powers", "Power", needed=False):
            code, label = entry.text("code"), entry.bilingual("label")
            fixed = (
                entry.choice("level", "national", "provincial", "city", "county", "any", default="any"),
                frozenset(entry.texts("holders")),
                frozenset(entry.texts("kinds")),
            )
            entry.named("Power", code)
            found.add(code, label, _power_values(entry, code, label, fixed), entry)
            entry.documentary("note")
            entry.done()
    return found.timelines()


def _power_values(
    entry: Reader, code: str, label: Bilingual, fixed: tuple[str, frozenset[str], frozenset[str]]
) -> Iterator[tuple[Power, Reader]]:
    for reader in entry.each("values", "Power"):
        span = Span.of(reader)
        reader.done()
        yield Power(code, label, *fixed, span.from_, span.until, span.article, span.rank), reader


def organs(layers: list[Layer], faults: Faults) -> tuple[dict[str, OrganKind], dict[str, Sector], dict[str, Provides]]:
    """Read kinds of organs, sectors and who provides which information (``organs.yaml``; ZY-3, SP-7, SP-8)."""
    kinds: dict[str, OrganKind] = {}
    sectors: dict[str, Sector] = {}
    provides: dict[str, Provides] = {}
    for source in sources(layers, "organs"):
        top = Reader(source.node, source, faults, "Organs")
        for entry in top.each("kinds", "OrganKind", needed=False):
            kind = OrganKind(
                code=entry.text("code"),
                label=entry.bilingual("label"),
                information=frozenset(entry.texts("information")),
                article=entry.optional("article") or "",
            )
            _close(entry, kinds, kind.code)
            kinds[kind.code] = kind
        for entry in top.each("sectors", "Sector", needed=False):
            sector = Sector(
                code=entry.text("code"),
                label=entry.bilingual("label"),
                organ=entry.bilingual("organ"),
                duties=entry.optional_bilingual("duties"),
                article=entry.optional("article") or "",
            )
            _close(entry, sectors, sector.code)
            sectors[sector.code] = sector
        _provides(top, provides)
        top.documentary("powers")
        top.done()
    return kinds, sectors, provides


def _provides(top: Reader, provides: dict[str, Provides]) -> None:
    for key in (top.nodes.get("provides") and ("provides",)) or ():
        inner = top.inner(key, "Provides")
        for information in INFORMATION:
            entry = inner.inner(information, "Provides") if inner else None
            if entry is not None:
                provides[information] = Provides(
                    kinds=frozenset(entry.texts("kinds", needed=True)),
                    open=entry.flag("open", default=False),
                    article=entry.optional("article") or "",
                )
                entry.documentary("note", "house")
                entry.done()
        if inner is not None:
            inner.done()


def _close[V](entry: Reader, known: dict[str, V], code: str) -> None:
    """Finish an entry without dates; the same code twice is a fault."""
    if code in known:
        entry.fault("duplicate_name", f"“{code}”已经写过", "code")
    entry.documentary("note", "evidence", "house")
    entry.done()


def categories(layers: list[Layer], faults: Faults) -> dict[str, Category]:
    """Read ``categories.yaml`` of every layer: the categories of the national base catalog."""
    found: dict[str, Category] = {}
    for source in sources(layers, "categories"):
        for entry in records(source, faults, "Category"):
            category = Category(
                code=entry.text("code", attribute=""),
                label=entry.bilingual("label"),
                burdens=entry.flag("burdens", default=False),
            )
            _close(entry, found, category.code)
            found[category.code] = category
    return found


def person(layers: list[Layer], name: str) -> Timeline[PersonRule] | None:
    """Read which natural persons are subjects (``person`` of ``pack.yaml``); None when no layer says so."""
    found: Gathering[PersonRule] = Gathering()
    for layer in layers:
        if layer.head.has("person"):
            found.add(name, None, _person_values(layer.head), layer.head)
        layer.head.documentary("person")
    return found.timelines().get(name)


def _person_values(head: Reader) -> Iterator[tuple[PersonRule, Reader]]:
    for reader in head.each("person", "PersonRule"):
        span = Span.of(reader)
        inner = reader.inner("value", "PersonRule", needed=True) or reader
        rule = PersonRule(
            from_=span.from_,
            until=span.until,
            admits=inner.choice("admits", "full_capacity", "everyone"),
            full_capacity_from=inner.optional_whole("full_capacity_from"),
            own_work_from=inner.optional_whole("own_work_from"),
            own_work=inner.optional("own_work"),
            guardian=inner.choice("guardian", "none", "acts", default="none"),
            article=span.article,
            rank=span.rank,
        )
        if inner is not reader:
            inner.done()
        reader.done()
        yield rule, reader


def _head(entry: Reader, key: str, shape: str) -> tuple[str, Bilingual | None]:
    """Read name and label of an entry and note that code asks for it by name."""
    name = entry.text(key, "name")
    entry.named(shape, name)
    entry.documentary("note", "evidence", "label")
    return name, entry.optional_bilingual("label")
