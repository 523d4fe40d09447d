"""How do dated values of several layers become one timeline, without gap, overlap or a lower rank over a higher one?"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, Self, cast

from xinheng.law.enums import Rank
from xinheng.law.loader.reading import Reader
from xinheng.law.pack import Bilingual, Timeline

NAMES = {Rank.NATIONAL: "国家", Rank.PROVINCIAL: "省级", Rank.CITY: "市级"}


class Ranked(Protocol):
    """A dated value with the rank of the rule it stands on."""

    @property
    def from_(self) -> date: ...
    @property
    def until(self) -> date | None: ...
    @property
    def rank(self) -> Rank: ...


@dataclass(frozen=True, slots=True)
class Placed[T: Ranked]:
    """A value with the reader of its place in a file."""

    value: T
    reader: Reader


@dataclass(frozen=True, slots=True)
class Span:
    """The keys that every dated value has."""

    from_: date
    until: date | None
    article: str
    house: bool
    rank: Rank

    @classmethod
    def of(cls, reader: Reader) -> Self:
        """Read from, until, article (or house) and rank."""
        from_, until = reader.day("from", "from_"), reader.optional_day("until")
        if "until" not in reader.nodes:
            reader.fault("missing_key", "缺少“until”（没有终止日时写null）")
        if until is not None and until <= from_:
            reader.fault("period_empty", f"终止日{until}不晚于起始日{from_}", "until")
        house = reader.flag("house", default=False)
        article = reader.optional("article")
        if article is None and not house:
            reader.fault("missing_key", "缺少“article”：每个值都要有条文依据，平台自定的写house: true")
        rank = reader.word("rank", Rank) if reader.has("rank") else reader.source.rank
        if rank.height > reader.source.rank.height:
            reader.fault("rank_violated", f"{NAMES[reader.source.rank]}法规包不能写{NAMES[rank]}位阶的值", "rank")
        reader.documentary("note", "evidence", "rank")
        return cls(from_, until, article or "", house, rank)


def join[T: Ranked](placed: list[Placed[T]], name: str) -> tuple[T, ...]:
    """Order the values by their first day, close each by the next, and report gaps, overlaps and violated ranks."""
    kept: list[Placed[T]] = []
    for part in sorted(placed, key=lambda part: (part.value.from_, -part.value.rank.height)):
        if kept and not _follows(kept, part, name):
            continue
        kept.append(part)
    return tuple(part.value for part in kept)


def _follows[T: Ranked](kept: list[Placed[T]], part: Placed[T], name: str) -> bool:
    """Say whether a value follows the last one kept, which it closes when that one is open; report what is wrong."""
    before, value = kept[-1].value, part.value
    meets = before.until is None or before.until > value.from_
    if meets and before.rank is not value.rank:
        lower = min(kept[-1], part, key=lambda one: one.value.rank.height)
        higher = max(before.rank, value.rank, key=lambda rank: rank.height)
        text = f"“{name}”已由{NAMES[higher]}规定，{NAMES[lower.value.rank]}的值不能与它并存"
        lower.reader.fault("rank_violated", text, "from")
        return False
    if before.from_ == value.from_:
        part.reader.fault("overlap", f"“{name}”从{value.from_}起有两个值", "from")
        return False
    if before.until is None:
        closed = dataclasses.replace(cast(Any, before), until=value.from_)
        kept[-1] = Placed(cast(T, closed), kept[-1].reader)
    elif before.until < value.from_:
        part.reader.fault("gap", f"“{name}”从{before.until}到{value.from_}没有值", "from")
    elif meets:
        text = f"“{name}”的前一个值到{before.until}才终止，与从{value.from_}起的值重叠"
        part.reader.fault("overlap", text, "from")
        return False
    return True


class Gathering[T: Ranked]:
    """Collects the values of named entries over all layers."""

    def __init__(self) -> None:
        self.placed: dict[str, list[Placed[T]]] = {}
        self.labels: dict[str, Bilingual | None] = {}

    def add(self, name: str, label: Bilingual | None, parts: Iterator[tuple[T, Reader]], entry: Reader) -> None:
        """Add the values of one entry; the same name twice in one file is a fault."""
        found = [Placed(value, reader) for value, reader in parts]
        if not found:
            entry.fault("no_values", f"“{name}”没有任何值")
        if any(p.reader.source.file == entry.source.file for p in self.placed.get(name, [])):
            entry.fault("duplicate_name", f"“{name}”在这个文件里写了两次")
            return
        self.placed.setdefault(name, []).extend(found)
        self.labels[name] = self.labels.get(name) or label

    def timelines(self) -> dict[str, Timeline[T]]:
        """Give the joined timelines in the order in which their names came."""
        return {name: Timeline(name, self.labels[name], join(parts, name)) for name, parts in self.placed.items()}
