"""How are the bounds of the log of queries read? (``query_log.yaml``; QRY-5, SP-15)"""

from __future__ import annotations

from collections.abc import Iterator

from xinheng.law.enums import Unit
from xinheng.law.loader.entries import sources
from xinheng.law.loader.layers import Layer
from xinheng.law.loader.reading import Faults, Reader, records
from xinheng.law.loader.timelines import Gathering, Span
from xinheng.law.pack import Timeline
from xinheng.law.query_log import NAMES, QueryLogRule

SHAPE = "QueryLogRule"
LAST_HOUR = 23


def rules(layers: list[Layer], faults: Faults) -> dict[str, Timeline[QueryLogRule]]:
    """Read ``query_log.yaml`` of every layer."""
    found: Gathering[QueryLogRule] = Gathering()
    for source in sources(layers, "query_log"):
        for entry in records(source, faults, SHAPE):
            name = entry.choice("name", *NAMES, attribute="")
            entry.named(SHAPE, name)
            found.add(name, None, _values(entry, name), entry)
            entry.documentary("label", "note", "evidence")
            entry.done()
    return found.timelines()


def _values(entry: Reader, name: str) -> Iterator[tuple[QueryLogRule, Reader]]:
    for reader in entry.each("values", SHAPE):
        span = Span.of(reader)
        kept = reader.amount("kept")
        if kept.unit is Unit.WORKING_DAY:
            reader.fault("not_in_vocabulary", "日志内容的保存期按日历日、月或者年计", "kept")
        unusual = reader.inner("unusual", SHAPE, needed=True) or reader
        night_from, night_until = _pair(unusual, "night", ("from", "night_from"), ("until", "night_until"), least=0)
        if unusual is not reader and (max(night_from, night_until) > LAST_HOUR or night_from == night_until):
            unusual.fault("not_an_hour", "夜间写成两个不同的整点，0到23", "night")
        cases, days = _pair(unusual, "same_person", ("cases", "person_cases"), ("days", "person_days"))
        persons = unusual.whole("case_persons", least=1)
        misses, misses_minutes = _pair(unusual, "misses", ("count", "misses"), ("minutes", "misses_minutes"))
        names, names_minutes = _pair(unusual, "name_mismatches", ("count", "names"), ("minutes", "names_minutes"))
        refused, refused_minutes = _pair(unusual, "refused", ("count", "refused"), ("minutes", "refused_minutes"))
        if unusual is not reader:
            unusual.done()
        reader.done()
        rule = QueryLogRule(
            name=name,
            from_=span.from_,
            until=span.until,
            kept=kept,
            night_from=night_from,
            night_until=night_until,
            person_cases=cases,
            person_days=days,
            case_persons=persons,
            misses=misses,
            misses_minutes=misses_minutes,
            names=names,
            names_minutes=names_minutes,
            refused=refused,
            refused_minutes=refused_minutes,
            article=span.article,
            house=span.house,
            rank=span.rank,
        )
        yield rule, reader


def _pair(
    reader: Reader, key: str, first: tuple[str, str], second: tuple[str, str], *, least: int = 2
) -> tuple[int, int]:
    """Read two whole numbers of an inner mapping, each given as (key, attribute); the first is ``least`` or more."""
    inner = reader.inner(key, SHAPE, needed=True)
    if inner is None:
        return 0, 0
    found = inner.whole(first[0], first[1], least=least), inner.whole(second[0], second[1], least=min(least, 1))
    inner.done()
    return found
