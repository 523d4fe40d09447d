"""How is a catalog item read, with its versions and fields? (ZY-32, SP-8)"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from xinheng.law.conditions import Comparison, Condition
from xinheng.law.enums import Attribute, ChannelName, FieldType, Level, MaskName, ReleaseWord, SubjectKind
from xinheng.law.items import (
    Check,
    Enumeration,
    EnumValue,
    Field,
    FieldRelease,
    Item,
    ItemVersion,
    LegacyStatus,
    Sealed,
)
from xinheng.law.loader import strict
from xinheng.law.loader.layers import Layer
from xinheng.law.loader.reading import Faults, Reader, frozen
from xinheng.law.loader.timelines import Placed, Span, join
from xinheng.law.pack import Bilingual

COMPARISONS = tuple(Comparison)
STARTS = ("decided_on", "valid_until")
LISTS = frozenset({Comparison.ANY_OF, Comparison.KIND_IS, Comparison.CONTAINS})


def items(layers: list[Layer], faults: Faults) -> dict[str, Item]:
    """Read ``catalog/*.yaml`` of every layer; the same item in two layers is a fault."""
    found: dict[str, Item] = {}
    for layer in layers:
        for name, source in layer.files.items():
            if not name.startswith("catalog/"):
                continue
            reader = Reader(source.node, source, faults, "ItemVersion")
            item = _item(reader, source.stem)
            if item.code in found:
                reader.fault("rank_violated", f"目录项“{item.code}”已由上一层规定", "code")
            else:
                found[item.code] = item
    return found


def condition(reader: Reader) -> Condition:
    """Read a condition of the closed vocabulary: one field, one test."""
    tests = [test for test in COMPARISONS if test.value in reader.nodes]
    if len(tests) != 1:
        reader.fault("condition", f"条件必须恰好有一个比较：{'、'.join(COMPARISONS)}")
        tests = [Comparison.EMPTY]
    test = tests[0]
    values: tuple[str, ...]
    if test in LISTS and isinstance(reader.nodes.get(test.value), strict.Sequence):
        values = reader.texts(test.value, needed=True, attribute="values")
    else:
        values = (reader.text(test.value, attribute="values"),) if test.value in reader.nodes else ("true",)
    known = {*SubjectKind}
    if test is Comparison.KIND_IS and not known.issuperset(values):
        reader.fault("not_in_vocabulary", f"主体类别只能是：{'、'.join(SubjectKind)}", test.value)
    if not values:
        reader.fault("condition", "条件没有列出任何值", test.value)
    field = reader.optional("field")
    if field is None and test is not Comparison.KIND_IS:
        reader.fault("missing_key", "缺少“field”：条件要指明字段")
    found = Condition(field, test, values, only=reader.flag("only", default=False))
    reader.done()
    return found


def _item(reader: Reader, stem: str) -> Item:
    code = reader.text("code")
    if code != stem:
        reader.fault("name_differs", f"代码“{code}”与文件名“{stem}”不一致", "code")
    reader.named("Item", code)
    level, label = reader.word("level", Level), reader.bilingual("label")
    enums = _enums(reader)
    shared = {
        "code": code,
        "level": level,
        "label": label,
        "fields": _fields(reader, enums, shared=()),
        "roles": frozen(reader.pairs("roles")),
        "kinds_map": frozen(_kinds_map(reader)),
        "natural_key": reader.texts("natural_key"),
        "checks": tuple(_checks(reader)),
        "placeholders": frozen(reader.pairs("placeholders")),
        "ignored": tuple(_ignored(reader)),
        "legacy_status": _legacy(reader),
        "sealed": tuple(_sealed(reader)),
        "enums": frozen(enums),
    }
    plain = {key: strict.plain(node) for key, node in reader.nodes.items() if key != "versions"}
    placed = [Placed(_version(entry, shared, plain), entry) for entry in reader.each("versions", "ItemVersion")]
    if not placed:
        reader.fault("no_values", f"目录项“{code}”没有任何版本")
    reader.documentary("document_kind", "note", "evidence")
    reader.done()
    versions = join(placed, code)
    for version in versions:
        _references(reader, version)
    return Item(code, level, label, versions)


def _version(reader: Reader, shared: dict[str, Any], plain: dict[str, object]) -> ItemVersion:
    span = Span.of(reader)
    content = {**plain, "version": {key: strict.plain(node) for key, node in reader.nodes.items()}}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    found = ItemVersion(
        version=span.from_.isoformat(),
        rank=span.rank,
        from_=span.from_,
        until=span.until,
        conduct=reader.bilingual("conduct"),
        basis=reader.texts("basis", needed=True),
        publicity=reader.word("publicity", Attribute),
        sharing=reader.texts("sharing", needed=True),
        channel=reader.texts("channel", needed=True),
        frequency=reader.amount("frequency"),
        kinds=frozen(_kinds(reader)),
        person_statute=reader.optional("person_statute"),
        retention=reader.amount("retention"),
        retention_starts=_starts(reader),
        article=span.article,
        adverse=reader.flag("adverse"),
        market=reader.flag("market", default=False),
        publicity_period=reader.choice("publicity_period", "repair_rules", "validity", "retention", "none"),
        consent=reader.optional("consent") or "none",
        purpose=reader.optional_bilingual("purpose"),
        state=reader.choice("state", "on", "off", "draft", default="on"),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        **{**shared, "fields": _fields(reader, shared["enums"], shared=shared["fields"])},
    )
    for key in ("basis", "sharing", "channel"):
        if key in reader.nodes and not getattr(found, key):
            reader.fault("empty_list", f"“{key}”不能是空的：目录逐条写明依据、共享范围和渠道", key)
    reader.done()
    return found


def _starts(reader: Reader) -> str:
    """Read which day retention counts from: the day of the decision, or the end of validity."""
    inner = reader.inner("retention", "ItemVersion")
    return inner.choice("starts", *STARTS, default=STARTS[0], attribute="retention_starts") if inner else STARTS[0]


def _kinds(reader: Reader) -> dict[SubjectKind, Attribute]:
    """Read how public the item is for each kind of subject; a person's "public" needs a national statute (INV-4)."""
    inner = reader.inner("kinds", "ItemVersion", needed=True)
    found: dict[SubjectKind, Attribute] = {}
    for kind in SubjectKind:
        if inner is not None and inner.has(kind.value):
            found[kind] = inner.word(kind.value, Attribute, attribute="kinds")
    if inner is not None:
        if found.get(SubjectKind.NATURAL_PERSON) is Attribute.PUBLIC and reader.optional("person_statute") is None:
            text = "自然人的信息只有法律明文规定才能公开：写出person_statute，或改为by_matter"
            inner.fault("person_public", text, SubjectKind.NATURAL_PERSON.value)
        inner.done()
    return found


def _fields(reader: Reader, enums: Mapping[str, Enumeration], shared: tuple[Field, ...]) -> tuple[Field, ...]:
    """Read the fields of an item, or of a version that has its own."""
    if "fields" not in reader.nodes:
        return shared
    found: dict[str, Field] = {}
    for entry in reader.each("fields", "Field"):
        field = _field(entry, enums)
        if field.code in found:
            entry.fault("duplicate_name", f"字段“{field.code}”写了两次", "code")
        found[field.code] = field
    return tuple(found.values())


def _field(reader: Reader, enums: Mapping[str, Enumeration]) -> Field:
    kind, digits, places, enum = _type(reader, enums)
    required: str | Condition
    if isinstance(reader.nodes.get("required"), strict.Mapping):
        inner = reader.inner("required", "Field") or reader
        when = inner.inner("when", "Condition", needed=True)
        required = condition(when) if when is not None else "no"
        inner.done()
    else:
        required = reader.choice("required", "always", "no")
    found = Field(
        code=reader.text("code"),
        n=reader.whole("n"),
        label=reader.bilingual("label"),
        type=kind,
        length=reader.optional_whole("length"),
        digits=digits,
        places=places,
        enum=enum,
        required=required,
        disclosure=frozen(_disclosure(reader)),
        disclosure_for=frozen(_disclosure_for(reader)),
        mask=reader.word("mask", MaskName),
        personal=reader.flag("personal", default=False),
        personal_for=frozenset(reader.words("personal_for", SubjectKind, needed=False)),
        whose=reader.optional("whose"),
        exports=reader.choice("exports", "full", "withheld", default="full"),
        document_kind=reader.optional("document_kind"),
        aliases=reader.texts("aliases"),
        rule=reader.optional_bilingual("rule"),
        platform=reader.flag("platform", default=False),
    )
    if ReleaseWord.MASKED in found.disclosure.values() and found.mask is MaskName.NONE:
        reader.fault("mask_missing", f"字段“{found.code}”要遮盖显示，却没有写遮盖方式", "mask")
    reader.documentary("evidence", "note", "ddl")
    reader.done()
    return found


def _type(
    reader: Reader, enums: Mapping[str, Enumeration]
) -> tuple[FieldType, int | None, int | None, Enumeration | None]:
    node = reader.needed("type", "")
    if not isinstance(node, strict.Mapping):
        kind = reader.word("type", FieldType)
        if kind in {FieldType.DECIMAL, FieldType.ENUM, FieldType.MULTI_ENUM}:
            reader.fault("type_incomplete", f"“{kind}”要写明位数或取值表", "type")
        return kind, None, None, None
    inner = Reader(node, reader.source, reader.faults, "Field")
    found: tuple[FieldType, int | None, int | None, Enumeration | None] = (FieldType.STRING, None, None, None)
    if inner.has("decimal"):
        size = inner.inner("decimal", "Field", needed=True) or inner
        found = FieldType.DECIMAL, size.whole("digits"), size.whole("places"), None
        size.done()
    else:
        kind = FieldType.MULTI_ENUM if inner.has("multi_enum") else FieldType.ENUM
        name = inner.text(kind.value, attribute="enum")
        if name and name not in enums:
            inner.fault("enum_unknown", f"没有取值表“{name}”", kind.value)
        found = kind, None, None, enums.get(name)
    inner.done()
    return found


def _disclosure(reader: Reader) -> dict[ChannelName, ReleaseWord]:
    """Read what each channel sees; every channel must be named, nothing is disclosed by silence."""
    inner = reader.inner("disclosure", "Field", needed=True)
    if inner is None:
        return {}
    found = {channel: inner.word(channel.value, ReleaseWord, attribute="disclosure") for channel in ChannelName}
    inner.done()
    return found


def _disclosure_for(reader: Reader) -> dict[SubjectKind, Mapping[ChannelName, FieldRelease]]:
    """Read what a channel sees for one kind of subject: a word, or ``{release, mask}`` with a mask of its own."""
    found: dict[SubjectKind, Mapping[ChannelName, FieldRelease]] = {}
    outer = reader.inner("disclosure_for", "Field")
    if outer is None:
        return found
    for kind in SubjectKind:
        inner = outer.inner(kind.value, "Field")
        if inner is not None:
            found[kind] = frozen({c: _release(inner, c, reader) for c in ChannelName if inner.has(c.value)})
            inner.done()
    outer.done()
    return found


def _release(reader: Reader, channel: ChannelName, field: Reader) -> FieldRelease:
    if not isinstance(reader.nodes[channel.value], strict.Mapping):
        word = reader.word(channel.value, ReleaseWord, attribute="disclosure_for")
        return FieldRelease(word, field.word("mask", MaskName))
    inner = reader.inner(channel.value, "FieldRelease") or reader
    found = FieldRelease(inner.word("release", ReleaseWord), inner.word("mask", MaskName))
    inner.done()
    return found


def _enums(reader: Reader) -> dict[str, Enumeration]:
    found: dict[str, Enumeration] = {}
    outer = reader.inner("enums", "Enumeration")
    for name in outer.nodes if outer else ():
        inner = outer.inner(name, "Enumeration") if outer else None
        if inner is None:
            continue
        values = []
        for entry in inner.each("values", "EnumValue"):
            values.append(
                EnumValue(entry.text("value"), entry.text("en", attribute="label_en"), entry.texts("aliases"))
            )
            entry.documentary("class", "note")
            entry.done()
        found[name] = Enumeration(
            name, tuple(values), inner.optional("open_prefix"), inner.optional("separator") or ";"
        )
        spellings = [text for value in values for text in (value.value, *value.aliases)]
        for text in sorted({text for text in spellings if spellings.count(text) > 1}):
            inner.fault("duplicate_value", f"取值表“{name}”里“{text}”出现两次")
        inner.documentary("evidence", "note", "separator")
        inner.done()
    return found


def _kinds_map(reader: Reader) -> dict[str, SubjectKind]:
    inner = reader.inner("kinds_map", "ItemVersion")
    if inner is None:
        return {}
    found = {name: inner.word(name, SubjectKind, attribute="kinds_map") for name in inner.nodes}
    inner.done()
    return found


def _checks(reader: Reader) -> Iterator[Check]:
    for entry in reader.each("checks", "Check", needed=False):
        when = entry.inner("when", "Condition")
        yield Check(
            check=entry.choice("check", "not_after_today", "not_before", "code_prefix"),
            field=entry.text("field"),
            other=entry.optional("other"),
            when=condition(when) if when is not None else None,
            prefixes=entry.texts("prefixes"),
            severity=entry.choice("severity", "error", "warning"),
            code=entry.text("code"),
        )
        entry.documentary("evidence", "note")
        entry.done()


def _ignored(reader: Reader) -> Iterator[str]:
    for entry in reader.each("ignored", "ItemVersion", needed=False):
        yield entry.text("code", attribute="ignored")
        yield entry.bilingual("label", attribute="ignored").zh
        entry.documentary("reason")
        entry.done()


def _legacy(reader: Reader) -> LegacyStatus | None:
    inner = reader.inner("legacy_status", "LegacyStatus")
    if inner is None:
        return None
    verdicts: dict[str, str] = {}
    labels: dict[str, Bilingual] = {}
    values = inner.inner("values", "LegacyStatus", needed=True)
    for value in values.nodes if values else ():
        entry = values.inner(value, "LegacyStatus") if values else None
        if entry is not None:
            verdicts[value] = entry.choice("verdict", "accept", "review", "reject", attribute="verdicts")
            labels[value] = entry.bilingual("label", attribute="labels")
            entry.done()
    found = LegacyStatus(inner.text("column"), inner.optional("marker"), frozen(verdicts), frozen(labels))
    inner.documentary("evidence", "values")
    inner.done()
    return found


def _sealed(reader: Reader) -> Iterator[Sealed]:
    for entry in reader.each("sealed", "Sealed", needed=False):
        when = entry.inner("when", "Condition", needed=True)
        yield Sealed(
            kind=entry.word("kind", SubjectKind),
            when=condition(when) if when is not None else Condition("", Comparison.EMPTY, ("false",)),
            from_=entry.day("from", "from_"),
            verdict=entry.choice("verdict", "review", "reject"),
            article=entry.text("article"),
        )
        entry.documentary("evidence", "note")
        entry.done()


def _references(reader: Reader, version: ItemVersion) -> None:
    """Report fields that roles, checks and conditions name and the item lacks."""
    known = {field.code for field in version.fields}
    named = [("roles", code) for code in version.roles.values()]
    named += [("checks", code) for check in version.checks for code in (check.field, check.other) if code]
    named += [("sealed", seal.when.field) for seal in version.sealed if seal.when.field]
    named += [
        ("fields", field.required.field)
        for field in version.fields
        if isinstance(field.required, Condition) and field.required.field
    ]
    named += [("fields", field.document_kind) for field in version.fields if field.document_kind]
    for key, code in named:
        if code not in known:
            reader.fault("field_unknown", f"“{key}”提到的字段“{code}”不在目录项“{version.code}”里", key)
