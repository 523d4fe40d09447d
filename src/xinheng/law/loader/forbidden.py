"""How is read what no item may ask of persons, and which item asks for it? (``forbidden.yaml``; INV-1, INV-4, INV-9)"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from xinheng.law.enums import SubjectKind
from xinheng.law.forbidden import NEVER, PRIVATE, Forbidden, asked_for, exposed, spoken_of
from xinheng.law.items import Field, Item, ItemVersion
from xinheng.law.loader.entries import sources
from xinheng.law.loader.layers import Layer
from xinheng.law.loader.places import places
from xinheng.law.loader.reading import Faults, Reader, records
from xinheng.law.loader.timelines import Gathering, Span
from xinheng.law.pack import Bilingual, Timeline

PERSONS = frozenset({SubjectKind.NATURAL_PERSON, SubjectKind.INDIVIDUAL_BUSINESS})


def kinds(layers: list[Layer], faults: Faults) -> dict[str, Timeline[Forbidden]]:
    """Read ``forbidden.yaml`` of every layer."""
    found: Gathering[Forbidden] = Gathering()
    for source in sources(layers, "forbidden"):
        for entry in records(source, faults, "Forbidden"):
            code, label = entry.text("code"), entry.bilingual("label")
            found.add(code, label, _values(entry, code, label), entry)
            entry.documentary("note", "evidence")
            entry.done()
    return found.timelines()


def _values(entry: Reader, code: str, label: Bilingual) -> Iterator[tuple[Forbidden, Reader]]:
    for reader in entry.each("values", "Forbidden"):
        span = Span.of(reader)
        value = Forbidden(
            code=code,
            label=label,
            from_=span.from_,
            until=span.until,
            words=reader.texts("words", needed=True),
            english=reader.texts("english"),
            harmless=reader.texts("harmless"),
            of=frozenset(reader.words("of", SubjectKind, needed=False)) or PERSONS,
            treatment=reader.choice("treatment", NEVER, PRIVATE, default=NEVER),
            unless_consent=reader.flag("unless_consent", default=False),
            article=span.article,
            house=span.house,
            rank=span.rank,
        )
        reader.done()
        yield value, reader


def judge(layers: list[Layer], items: Mapping[str, Item], rules: Iterable[Timeline[Forbidden]], faults: Faults) -> None:
    """Report where an item, a draft too, asks for what must not be asked of persons, or shows what is private."""
    newest = [timeline.values[-1] for timeline in rules if timeline.values]
    for place in places(layers, items):
        for rule in newest:
            if any(spoken_of(version, rule) for version in place.item.written):
                text = f"目录项“{place.item.code}”的名称、行为或者用途涉及平台从不采集的：{_named(rule)}"
                place.fault(faults, "forbidden_item", text, "label")
            found = {field.code: field for version in place.item.written for field in _refused(version, rule)}
            for field in found.values():
                asked = f"目录项“{place.item.code}”的字段“{field.label.zh}”"
                if rule.treatment == NEVER:
                    place.field_fault(
                        faults, "forbidden_field", f"{asked}是禁止向个人采集的：{_named(rule)}", field.code
                    )
                else:
                    text = f"{asked}是{_named(rule)}：必须写personal: true、exports: withheld，对公众不能全部显示"
                    place.field_fault(faults, "private_field", text, field.code)


def _refused(version: ItemVersion, rule: Forbidden) -> Iterator[Field]:
    """Give the fields by which a version breaks a rule."""
    for field in asked_for(version, rule):
        if rule.treatment == NEVER or exposed(version, field):
            yield field


def _named(rule: Forbidden) -> str:
    return f"{rule.label.zh}（{rule.article or '平台规则'}）"
