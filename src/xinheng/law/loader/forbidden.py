"""How is read what no item may ask of persons, and which item asks for it all the same? (``forbidden.yaml``; INV-9)"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from xinheng.law.forbidden import Forbidden, asked_for
from xinheng.law.items import Item
from xinheng.law.loader import strict
from xinheng.law.loader.entries import sources
from xinheng.law.loader.layers import Layer
from xinheng.law.loader.reading import Faults, Reader, records
from xinheng.law.loader.timelines import Gathering, Span
from xinheng.law.pack import Bilingual, Timeline


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
            unless_consent=reader.flag("unless_consent", default=False),
            article=span.article,
            rank=span.rank,
        )
        reader.done()
        yield value, reader


def judge(layers: list[Layer], items: Mapping[str, Item], rules: Iterable[Timeline[Forbidden]], faults: Faults) -> None:
    """Report each field by which an item, a draft too, asks persons for what must not be asked."""
    newest = [timeline.values[-1] for timeline in rules if timeline.values]
    for layer in layers:
        for name, source in layer.files.items():
            item = items.get(source.stem) if name.startswith("catalog/") else None
            if item is None or not isinstance(source.node, strict.Mapping):
                continue
            place = source.node.nodes.get("fields", source.node)
            found = {
                (rule.code, field.code): (rule, field)
                for version in item.written
                for rule in newest
                for field in asked_for(version, rule)
            }
            for rule, field in found.values():
                asked = f"目录项“{item.code}”的字段“{field.label.zh}”"
                text = f"{asked}是法律禁止向个人采集的：{rule.label.zh}（{rule.article}）"
                faults.add(source.file, place.line, place.column, "forbidden_field", text)
