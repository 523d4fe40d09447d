"""What may a visitor's words mean, and how are the articles of a law laid out? Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from xinheng.law import lookup
from xinheng.law.enums import SubjectKind
from xinheng.law.lists import Measure, Relation, SevereCategory, SevereField, Side
from xinheng.law.lookup import article
from xinheng.law.measures import steps_of
from xinheng.law.pack import Amount, Article, Bilingual, Dated, DeadlineValue, Law, Pack, Timeline
from xinheng.lib.codes import check
from xinheng.lib.errors import BadInput

_LONG_NUMBER = re.compile(r"\d{6}")


class Asked(StrEnum):
    """What a visitor typed: nothing, an organisation's code, something like a person's number, or a name."""

    NOTHING = "nothing"
    CODE = "code"
    NUMBER = "number"
    NAME = "name"


def asked(text: str) -> tuple[Asked, str]:
    """Sort the words of a search, and give the code in its canonical form.

    Anything that holds a long run of digits and is no valid organisation code counts as a person's number: it never
    comes into an address, a page or a log (INV-4).
    """
    if not text.strip():
        return Asked.NOTHING, ""
    verdict = check(text)
    if verdict.valid and verdict.kind == "uscc":
        return Asked.CODE, verdict.canonical or ""
    if _LONG_NUMBER.search("".join(c for c in text if c.isalnum())) or verdict.kind == "id":
        return Asked.NUMBER, ""
    return Asked.NAME, text.strip()[:60]


def skipped(text: str) -> int:
    """How many candidates come before the page that an address names. Raises BadInput."""
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()) or len(text) > 6:
        raise BadInput("paging_key_unreadable")
    return int(text)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of an instrument; ``number`` is None where the pack gives none."""

    number: int | None
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Instrument:
    """A law of the pack with the articles the pack knows; ``own`` marks the city's own regulation."""

    law: Law
    own: bool
    chapters: tuple[Chapter, ...]


def instruments(pack: Pack) -> tuple[Instrument, ...]:
    """The laws of the pack that have articles, the city's own first, in the order of the pack."""
    by_law: dict[str, list[Article]] = {}
    for one in pack.articles.values():
        by_law.setdefault(one.law, []).append(one)
    found = [
        Instrument(law=law, own=law.rank == pack.rank, chapters=_chapters(by_law[prefix]))
        for prefix, law in pack.laws.items()
        if prefix in by_law
    ]
    return tuple(sorted(found, key=lambda one: not one.own))


def _chapters(articles: Iterable[Article]) -> tuple[Chapter, ...]:
    grouped: dict[str, list[Article]] = {}
    for one in sorted(articles, key=_place):
        grouped.setdefault(str(one.chapter or ""), []).append(one)
    return tuple(Chapter(int(number) if number else None, tuple(inside)) for number, inside in grouped.items())


def _place(one: Article) -> tuple[int, int, str]:
    number = str(one.number or "")
    return (int(one.chapter or 0), int(number) if number.isdigit() else 0, one.id)


@dataclass(frozen=True, slots=True)
class Written:
    """One value that an article put into the pack: of which kind, about what, how long where it is a time, from when
    and until when (excluded); ``off`` says why a value of a list is switched off. ``more``: codes of words that say the
    rest of it.
    """

    kind: str
    label: Bilingual
    length: DeadlineValue | None
    from_: date
    until: date | None
    off: Bilingual | None = None
    more: tuple[str, ...] = ()


def written(pack: Pack) -> Mapping[str, tuple[Written, ...]]:
    """Article -> the values of the pack that it founds, those that ended and those to come included, oldest first."""
    found: dict[str, list[Written]] = {}

    def note(article_id: str, value: Written) -> None:
        if article_id:
            found.setdefault(article(pack, article_id).id, []).append(value)

    for name, deadline in pack.deadlines.items():
        for time in deadline.values:
            label = deadline.label or Bilingual(name, name)
            note(time.article, Written("deadline", label, time, time.from_, time.until))
    for matter in (value for timeline in pack.matters.values() for value in timeline.values):
        note(matter.article, Written("matter", matter.label, None, matter.from_, matter.until))
    for power in (value for timeline in pack.powers.values() for value in timeline.values):
        note(power.article, Written("power", power.label, None, power.from_, power.until))
    for rules in pack.rule_sets:
        label = rules.label or Bilingual(rules.code, rules.code)
        note(rules.article, Written("rules", label, None, rules.from_, rules.until))
    for row in (value for timeline in pack.measures.values() for value in timeline.values):
        note(row.article, Written(row.side.value, row.content, None, row.from_, row.until, row.why_off))
    for category in (value for timeline in pack.severe.values() for value in timeline.values):
        label = category.label
        note(category.article, Written("category", label, None, category.from_, category.until, category.why_off))
    for kind, named in _named(pack):
        note(named[0], Written(kind, named[1], None, named[2], named[3], None, named[4]))
    return {key: tuple(sorted(values, key=lambda one: one.from_)) for key, values in found.items()}


def _named(pack: Pack) -> Iterator[tuple[str, tuple[str, Bilingual, date, date | None, tuple[str, ...]]]]:
    """What else an article founds: items of the catalog, how they are made, consent, what is never asked, grounds."""
    for version in (version for item in pack.items.values() for version in item.versions):
        yield "item", (version.article, version.label, version.from_, version.until, ())
    for norm in (value for timeline in pack.norms.values() for value in timeline.values):
        more = () if norm.provided else ("written.not_provided",)
        yield "norm", (norm.article, norm.label, norm.from_, norm.until, more)
    for rule in (value for timeline in pack.consents.values() for value in timeline.values):
        words = (rule.kind, *rule.needs, rule.form, *rule.forbids, rule.exception, rule.withdrawal)
        kinds = tuple(f"kind.{kind.value}" for kind in SubjectKind if kind in rule.subjects)
        yield (
            "consent",
            (
                rule.article,
                rule.label,
                rule.from_,
                rule.until,
                (*kinds, *(f"consent_rule.{word}" for word in words)),
            ),
        )
    for never in (value for timeline in pack.forbidden.values() for value in timeline.values):
        if never.article:
            yield "forbidden", (never.article, never.label, never.from_, never.until, ())
    for ground in (v for table in (pack.grounds, pack.reasons) for t in table.values() for v in t.values):
        if ground.article:
            label = ground.label or Bilingual(ground.name, ground.name)
            yield "ground", (ground.article, label, ground.from_, ground.until, ())


def tally(states: Mapping[str, str], articles: Iterable[Article]) -> Mapping[str, int]:
    """How many articles ask something of software, and how many of these are done, partly done and not yet done."""
    counted = {"all": 0, "software": 0, "done": 0, "partly": 0, "not_yet": 0, "open": 0}
    for one in articles:
        counted["all"] += 1
        if one.states == "software":
            counted["software"] += 1
            counted[states.get(one.id, "not_yet")] += 1
    counted["open"] = counted["partly"] + counted["not_yet"]
    return counted


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of a list as it is read on a page; words of closed vocabularies are codes of `xinheng.ui.wording`."""

    code: str
    content: Bilingual
    why_off: Bilingual | None
    level: str
    modality: str
    bar: str
    organs: tuple[Bilingual, ...]
    targets: tuple[str, ...]
    reaches: tuple[str, ...]
    conduct: tuple[Bilingual, ...]
    person_conduct: tuple[Bilingual, ...]
    consent_of: tuple[str, ...]
    weight: str
    longest: Amount | None
    served: bool
    founders: tuple[str, ...]
    statute: str | None
    article: str
    from_: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Listed:
    """One list on a day: rows in force, and those switched off by reason; ``own``: the city itself has rows of it."""

    side: str
    word: str
    own: bool
    rows: tuple[ListRow, ...]
    off: tuple[tuple[Bilingual, tuple[ListRow, ...]], ...]


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of serious dishonesty: what it is, who keeps the list, on which rule, whether that orders publication."""

    code: str
    label: Bilingual
    authority: Bilingual
    basis: Bilingual
    published: bool
    on: bool
    why_off: Bilingual | None
    article: str


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category of serious dishonesty with all that must be found, the steps, and the fields that found it."""

    code: str
    label: Bilingual
    why_off: Bilingual | None
    organs: tuple[Bilingual, ...]
    elements: tuple[Bilingual, ...]
    steps: tuple[str, ...]
    fields: tuple[FieldRow, ...]
    founders: tuple[str, ...]
    article: str
    from_: date
    until: date | None


def lists(pack: Pack, on: date) -> tuple[Listed, ...]:
    """The lists of incentives, measures and measures for serious dishonesty on a day, with what is switched off."""
    found = []
    for side in Side:
        rows = lookup.measures(pack, on, side=side)
        off = lookup.measures(pack, on, side=side, off=True)
        by_reason: dict[Bilingual, list[ListRow]] = {}
        for row in sorted(off, key=lambda row: row.level.value != pack.rank.value):
            by_reason.setdefault(row.why_off or Bilingual("", ""), []).append(_list_row(pack, row, on))
        own = any(row.level.value == pack.rank.value for row in (*rows, *off))
        groups = tuple((reason, tuple(group)) for reason, group in by_reason.items())
        shown = tuple(_list_row(pack, row, on) for row in rows)
        found.append(Listed(side.value, f"side.{side.value}", own, shown, groups))
    return tuple(found)


def categories(pack: Pack, on: date) -> tuple[tuple[CategoryRow, ...], tuple[CategoryRow, ...]]:
    """The categories of serious dishonesty on a day: those in force, those switched off."""
    return (
        tuple(_category_row(pack, one, on) for one in lookup.severe_categories(pack, on)),
        tuple(_category_row(pack, one, on) for one in lookup.severe_categories(pack, on, off=True)),
    )


def fields(pack: Pack, on: date) -> tuple[FieldRow, ...]:
    """All fields in which a list of serious dishonesty exists on a day, those switched off included."""
    codes = _known(pack.severe_fields, pack.severe_fields, on)
    return tuple(_field_row(lookup.severe_field(pack, code, on)) for code in codes)


type EmptyLists = tuple[Bilingual | None, tuple[FieldRow, ...], tuple[str, ...]]


def empty_lists(pack: Pack, on: date) -> tuple[EmptyLists, ...]:
    """The lists of serious dishonesty on a day, nobody stands on any: those switched off by the reason why, those in
    force (reason None) first; with each group the articles that found it.
    """
    found: dict[Bilingual | None, list[FieldRow]] = {}
    for row in sorted(fields(pack, on), key=lambda row: not row.on):
        found.setdefault(None if row.on else row.why_off, []).append(row)
    return tuple(
        (reason, tuple(rows), tuple(dict.fromkeys(row.article for row in rows))) for reason, rows in found.items()
    )


@dataclass(frozen=True, slots=True)
class ConductRow:
    """A conduct that rows link to: of which item it is a record (None: papers show it), and on which article."""

    code: str
    label: Bilingual
    item: Bilingual | None
    article: str


def conducts(pack: Pack, on: date) -> tuple[ConductRow, ...]:
    """All conducts to which rows of the lists link on a day."""
    found = [lookup.conduct(pack, code, on) for code in _known(pack.conducts, pack.conducts, on)]
    return tuple(
        ConductRow(one.code, one.label, pack.items[one.item].label if one.item else None, one.article) for one in found
    )


def _known[T: Dated](timelines: Mapping[str, Timeline[T]], codes: Iterable[str], on: date) -> list[str]:
    """Those of the codes that have a value on a day, in the order of the pack."""
    wanted = set(codes)
    return [code for code, timeline in timelines.items() if code in wanted and timeline.on(on) is not None]


def _conducts(pack: Pack, row: Measure, codes: Iterable[str], on: date) -> tuple[Bilingual, ...]:
    """What a row links to in words: categories for serious dishonesty, else conducts."""
    if row.side is Side.SEVERE:
        return tuple(lookup.severe_category(pack, code, on).label for code in _known(pack.severe, codes, on))
    return tuple(lookup.conduct(pack, code, on).label for code in _known(pack.conducts, codes, on))


def _field_row(field: SevereField) -> FieldRow:
    return FieldRow(
        field.code,
        field.label,
        field.authority,
        field.basis,
        field.published,
        field.on,
        field.why_off,
        field.article,
    )


def _list_row(pack: Pack, row: Measure, on: date) -> ListRow:
    return ListRow(
        code=row.code,
        content=row.content,
        why_off=row.why_off,
        level=f"list_level.{row.level.value}",
        modality=f"modality.{row.modality.value}",
        bar=f"bar.{row.bar.value}",
        organs=_organs(pack, row.powers, on),
        targets=tuple(kind.value for kind in SubjectKind if kind in row.targets),
        reaches=tuple(f"reaches.{one.value}" for one in Relation if one in row.reaches and one is not Relation.SUBJECT),
        conduct=_conducts(pack, row, row.conduct, on),
        person_conduct=_conducts(pack, row, row.person_conduct, on),
        consent_of=tuple(kind.value for kind in SubjectKind if kind in row.consent_of),
        weight=f"weight.{row.severity_max}" if row.severity_max else "",
        longest=row.longest,
        served=row.needs_service,
        founders=tuple(f"founder.{one.value}" for one in sorted(row.founders)) if row.catch_all else (),
        statute=row.statute,
        article=row.article,
        from_=row.from_,
        until=row.until,
    )


def _category_row(pack: Pack, category: SevereCategory, on: date) -> CategoryRow:
    fields = [lookup.severe_field(pack, code, on) for code in _known(pack.severe_fields, category.founded_by, on)]
    steps = steps_of(category, fields[0]) if len(fields) == 1 else category.steps
    return CategoryRow(
        code=category.code,
        label=category.label,
        why_off=category.why_off,
        organs=_organs(pack, category.powers, on),
        elements=tuple(one.label for one in category.elements),
        steps=tuple(f"step.{step.value}" for step in steps),
        fields=tuple(_field_row(field) for field in fields),
        founders=tuple(f"founder.{one.value}" for one in sorted(category.founders)) if category.catch_all else (),
        article=category.article,
        from_=category.from_,
        until=category.until,
    )


def _organs(pack: Pack, powers: Iterable[str], on: date) -> tuple[Bilingual, ...]:
    """The organs that may hold one of the powers: by sector, or by kind of organ where any of these may."""
    found: dict[str, Bilingual] = {}
    for code in sorted(powers):
        power = pack.powers[code].on(on) if code in pack.powers else None
        if power is None:
            continue
        if "any" in power.holders:
            found |= {kind: pack.organ_kinds[kind].label for kind in pack.organ_kinds if kind in power.kinds}
        else:
            found |= {sector: pack.sectors[sector].organ for sector in sorted(power.holders)}
    return tuple(found.values())
