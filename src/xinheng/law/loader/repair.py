"""How are the rule sets of publicity and repair read? (``repair.yaml``; Orders 58 and 36)"""

from __future__ import annotations

from xinheng.law.loader.entries import sources
from xinheng.law.loader.fields import condition
from xinheng.law.loader.layers import Layer
from xinheng.law.loader.reading import Faults, Reader, frozen, records
from xinheng.law.loader.timelines import Placed, Span, join
from xinheng.law.pack import Bilingual, RepairClass, RuleSet, Suggestion


def rule_sets(layers: list[Layer], faults: Faults) -> tuple[RuleSet, ...]:
    """Read the rule sets of every layer, oldest first, without gap or overlap."""
    readers = (reader for source in sources(layers, "repair") for reader in records(source, faults, "RuleSet"))
    return join([Placed(_rule_set(reader), reader) for reader in readers], "repair")


def _rule_set(reader: Reader) -> RuleSet:
    span = Span.of(reader)
    code = reader.text("rule_set", attribute="code")
    reader.named("RuleSet", code)
    classes = _classes(reader)
    transition = reader.inner("transition", "RuleSet", needed=True) or reader
    found = RuleSet(
        code=code,
        label=reader.optional_bilingual("label"),
        from_=span.from_,
        until=span.until,
        article=span.article,
        rank=span.rank,
        evidence=reader.optional("evidence") or "U",
        transition=transition.text("value", attribute="transition"),
        running=transition.optional("running") or "unchanged",
        transition_evidence=transition.optional("evidence", attribute="transition_evidence") or "U",
        classes=frozen(classes),
        unset_class=reader.text("unset_class"),
        default=reader.text("default"),
        suggest=tuple(_suggestions(reader)),
        outcome=reader.choice("outcome", "annotate", "delete"),
        ends=frozenset(reader.texts("ends")),
        conditions=reader.texts("conditions"),
        papers=tuple(
            Bilingual(entry.text("zh"), entry.text("en")) for entry in reader.each("papers", "Bilingual", needed=False)
        ),
    )
    if transition is not reader:
        transition.done()
    named = [("unset_class", found.unset_class), ("default", found.default)]
    named += [("suggest", part.suggests) for part in found.suggest]
    for key, name in named:
        if name and name not in classes:
            reader.fault("class_unknown", f"规则“{code}”没有类别“{name}”", key)
    reader.choice("start_of_period", "decision_date", default="decision_date", attribute="")
    reader.choice("several_kinds", "longest", default="longest", attribute="")
    reader.documentary("note", "fraud")
    reader.done()
    return found


def _classes(reader: Reader) -> dict[str, RepairClass]:
    found: dict[str, RepairClass] = {}
    outer = reader.inner("classes", "RuleSet", needed=True)
    for name in outer.nodes if outer else ():
        inner = outer.inner(name, "RepairClass") if outer else None
        if inner is None:
            continue
        one = RepairClass(
            code=name,
            label=inner.optional_bilingual("label"),
            publish=inner.flag("publish"),
            min=inner.optional_amount("min"),
            max=inner.optional_amount("max"),
        )
        if one.publish and one.max is None:
            inner.fault("missing_key", "要公示的类别必须写最长公示期max")
        inner.documentary("evidence", "note")
        inner.done()
        found[name] = one
    return found


def _suggestions(reader: Reader) -> list[Suggestion]:
    found = []
    for entry in reader.each("suggest", "Suggestion", needed=False):
        when = entry.inner("when", "Condition", needed=True)
        if when is not None:
            found.append(Suggestion(condition(when), entry.text("class", attribute="suggests")))
        entry.documentary("evidence", "note")
        entry.done()
    return found
