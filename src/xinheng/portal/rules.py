"""What may a visitor's words mean, and how are the articles of a law laid out? Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from xinheng.law.lookup import article
from xinheng.law.pack import Article, Bilingual, DeadlineValue, Law, Pack
from xinheng.lib.codes import check

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
    if _LONG_NUMBER.search(re.sub(r"[\s\-·]", "", text)) or verdict.kind == "id":
        return Asked.NUMBER, ""
    return Asked.NAME, text.strip()[:60]


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
    and until when (excluded).
    """

    kind: str
    label: Bilingual
    length: DeadlineValue | None
    from_: date
    until: date | None


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
    return {key: tuple(sorted(values, key=lambda one: one.from_)) for key, values in found.items()}


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
