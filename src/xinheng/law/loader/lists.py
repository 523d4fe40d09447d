"""How are the lists of measures and the conducts they link to read? (``measures.yaml``, ``conducts.yaml``; ZY-38 to 42,
SP-20, SP-21)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from xinheng.law.enums import Level, Rank, SubjectKind, Unit
from xinheng.law.lists import Bar, Conduct, Founder, Measure, Modality, Relation, Side, Touch
from xinheng.law.loader.entries import sources
from xinheng.law.loader.fields import condition
from xinheng.law.loader.layers import Layer
from xinheng.law.loader.reading import Faults, Reader, records
from xinheng.law.loader.timelines import NAMES, Gathering, Span
from xinheng.law.pack import Bilingual, Timeline

HEAVIEST = 3


class Ranked(Protocol):
    """A dated value of a code."""

    @property
    def code(self) -> str: ...
    @property
    def rank(self) -> Rank: ...


@dataclass(slots=True)
class Rows[T]:
    """The values of one kind of file with their places, for the checks across files."""

    timelines: dict[str, Timeline[T]] = field(default_factory=dict)  # type: ignore[type-var]
    placed: list[tuple[T, Reader]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Loose:
    """What only the checks need: what a row touches, how far it was verified."""

    touches: frozenset[Touch]
    evidence: str


@dataclass(frozen=True, slots=True)
class Kind:
    """What only the checks need of a conduct: its side, and whether it is a named honour."""

    side: str
    honour: bool


def measures(layers: list[Layer], faults: Faults) -> tuple[Rows[Measure], dict[int, Loose]]:
    """Read ``measures.yaml`` of every layer; the second part holds, by place in the first, what only checks need."""
    rows: Rows[Measure] = Rows()
    loose: dict[int, Loose] = {}
    found: Gathering[Measure] = Gathering()
    for source in sources(layers, "measures"):
        for entry in records(source, faults, "Measure"):
            code = entry.text("code")
            entry.named("Measure", code)
            parts = []
            for value, reader, extra in _measure_values(entry, code):
                loose[len(rows.placed)] = extra
                rows.placed.append((value, reader))
                parts.append((value, reader))
            not_above(found, code, entry)
            found.add(code, None, iter(parts), entry)
            entry.done()
    rows.timelines = found.timelines()
    return rows, loose


def _measure_values(entry: Reader, code: str) -> Iterator[tuple[Measure, Reader, Loose]]:
    side, level = entry.word("side", Side), entry.word("level", Level)
    if level.value != entry.source.rank.value:
        text = f"“{code}”写明是{NAMES[Rank(level.value)]}清单，不能写在{NAMES[entry.source.rank]}法规包里"
        entry.fault("level_not_allowed", text, "level")
    for reader in entry.each("values", "Measure"):
        span = own_article(reader)
        value = Measure(
            code=code,
            side=side,
            level=level,
            from_=span.from_,
            until=span.until,
            on=reader.choice("state", "on", "off", attribute="on") == "on",
            why_off=reader.optional_bilingual("why_off"),
            content=reader.bilingual("content"),
            modality=reader.word("modality", Modality),
            bar=Bar(reader.choice("bar", *Bar, default=Bar.NONE.value)),
            powers=frozenset(reader.texts("powers", needed=True)),
            targets=frozenset(reader.words("targets", SubjectKind)),
            reaches=frozenset(reader.words("reaches", Relation, needed=False)) or frozenset({Relation.SUBJECT}),
            conduct=frozenset(reader.texts("conduct", needed=True)),
            person_conduct=frozenset(reader.texts("person_conduct")),
            consent_of=frozenset(reader.words("consent_of", SubjectKind, needed=False)),
            severity_max=_severity(reader, side),
            longest=reader.optional_amount("longest"),
            needs_service=reader.flag("needs_service"),
            catch_all=reader.flag("catch_all", default=False),
            founders=frozenset(reader.words("founders", Founder, needed=False)),
            statute=reader.optional("statute"),
            article=span.article,
            rank=span.rank,
        )
        touches = frozenset(reader.words("touches", Touch, attribute=""))  # the checks alone need it
        extra = Loose(touches, evidence_of(reader))
        explained(reader, value.on, value.why_off)
        reader.done()
        yield value, reader, extra


def _severity(reader: Reader, side: Side) -> int | None:
    """Read how heavy a measure may be; incentives have no such thing."""
    if not side.adverse:
        return None
    found = reader.whole("severity_max", least=1)
    if found > HEAVIEST:
        reader.fault("severity", f"轻重只分1（轻）、2（中）、{HEAVIEST}（重）", "severity_max")
    return found


def conducts(layers: list[Layer], faults: Faults) -> tuple[Rows[Conduct], dict[str, Kind]]:
    """Read ``conducts.yaml`` of every layer; the second part holds by code what only checks need."""
    rows: Rows[Conduct] = Rows()
    kinds: dict[str, Kind] = {}
    found: Gathering[Conduct] = Gathering()
    for source in sources(layers, "conducts"):
        for entry in records(source, faults, "Conduct"):
            code, label = entry.text("code"), entry.bilingual("label")
            entry.named("Conduct", code)
            kind = Kind(
                entry.choice("side", "adverse", "good_faith", attribute=""),
                entry.flag("honour", default=False, attribute=""),
            )
            parts = list(_conduct_values(entry, code, label))
            if kind.side == "adverse" and any(value.item is None for value, _ in parts):
                entry.fault("missing_key", "对主体不利的行为必须写明目录项“item”：没有记录就没有措施", "side")
            not_above(found, code, entry)
            found.add(code, label, iter(parts), entry)
            rows.placed.extend(parts)
            kinds[code] = kind
            entry.done()
    rows.timelines = found.timelines()
    return rows, kinds


def _conduct_values(entry: Reader, code: str, label: Bilingual) -> Iterator[tuple[Conduct, Reader]]:
    for reader in entry.each("values", "Conduct"):
        span = Span.of(reader)
        when = reader.inner("when", "Condition")
        item = reader.optional("item")
        value = Conduct(
            code=code,
            label=label,
            from_=span.from_,
            until=span.until,
            item=item,
            when=condition(when) if when is not None else None,
            article=span.article,
            rank=span.rank,
        )
        if when is not None:
            reader.faults.uses.append(("Conduct.when", reader.source.file, when.line, when.column))
        reader.done()
        yield value, reader


# -- what the files of lists share


def own_article(reader: Reader) -> Span:
    """Read the keys of a dated value that may not be a house rule: whatever binds a subject cites an article."""
    span = Span.of(reader)
    if span.house:
        reader.fault("house_rule", "清单里的内容必须有条文依据，不能由平台自定", "house")
    return span


def evidence_of(reader: Reader) -> str:
    """Read how far the founding text was verified; it must be said."""
    if not reader.has("evidence"):
        reader.fault("missing_key", "缺少“evidence”：写明依据核对到什么程度")
    return reader.choice("evidence", "text", "seen", "bg", "U", default="U", attribute="")


def explained(reader: Reader, on: bool, why_off: Bilingual | None) -> None:
    """Report what is off without a reason, and a reason on what is on."""
    if not on and why_off is None:
        reader.fault("missing_key", "停用的一项必须写“why_off”说明缘由", "state")
    if on and why_off is not None:
        reader.fault("why_off", "启用的一项不写停用的缘由", "why_off")


def not_above[T: Ranked](found: Gathering[T], code: str, entry: Reader) -> None:  # type: ignore[type-var]
    """Report a code that a higher layer already uses, whatever the days: a list below adds rows, it changes none."""
    known = found.placed.get(code, [])
    above = next((one.reader.source.rank for one in known if one.reader.source.file != entry.source.file), None)
    if above is not None:
        entry.fault("rank_violated", f"“{code}”已由{NAMES[above]}规定，下位清单不能重写", "code")


def countable(reader: Reader, value: Measure) -> None:
    """Report a longest duration in working days: a restriction runs by the calendar."""
    if value.longest is not None and value.longest.unit is Unit.WORKING_DAY:
        reader.fault("not_in_vocabulary", "最长期限不能用工作日计算", "longest")
