"""How are the fields of a catalog item read, and the blocks of fields that several items share?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xinheng.law.conditions import Comparison, Condition
from xinheng.law.enums import ChannelName, FieldType, MaskName, ReleaseWord, SubjectKind
from xinheng.law.items import Enumeration, EnumValue, Field, FieldRelease
from xinheng.law.loader import strict
from xinheng.law.loader.layers import Layer
from xinheng.law.loader.reading import Faults, Reader, frozen, records

COMPARISONS = tuple(Comparison)
LISTS = frozenset({Comparison.ANY_OF, Comparison.KIND_IS, Comparison.CONTAINS})


@dataclass(frozen=True, slots=True)
class Block:
    """Fields that several items share, with the parts they play; ``plain`` is the text, which counts for the hash."""

    fields: tuple[Field, ...]
    roles: Mapping[str, str]
    kinds_map: Mapping[str, SubjectKind]
    enums: Mapping[str, Enumeration]
    plain: object


def blocks(layers: list[Layer], faults: Faults) -> dict[str, Block]:
    """Read ``fields.yaml`` of every layer; the same name twice is a fault."""
    found: dict[str, Block] = {}
    for layer in layers:
        if "fields" not in layer.files:
            continue
        for reader in records(layer.files["fields"], faults, "ItemVersion"):
            name = reader.text("block", attribute="")
            if name in found:
                reader.fault("duplicate_name", f"字段组“{name}”写了两次", "block")
            own = enums(reader)
            found[name] = Block(
                fields=fields(reader, own, shared=()),
                roles=reader.pairs("roles"),
                kinds_map=kinds_map(reader),
                enums=own,
                plain={key: strict.plain(node) for key, node in reader.nodes.items()},
            )
            reader.documentary("note")
            reader.done()
    return found


def used(reader: Reader, known: Mapping[str, Block]) -> list[Block]:
    """Give the blocks that an item takes over with ``use``, in its order; one that no file has is a fault."""
    names = reader.texts("use", attribute="")
    for name in names:
        if name not in known:
            reader.fault("block_unknown", f"没有字段组“{name}”", "use")
    return [known[name] for name in names if name in known]


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


def fields(reader: Reader, known: Mapping[str, Enumeration], shared: tuple[Field, ...]) -> tuple[Field, ...]:
    """Read the fields of an item, or of a version that has its own."""
    if "fields" not in reader.nodes:
        return shared
    found: dict[str, Field] = {}
    for entry in reader.each("fields", "Field"):
        field = _field(entry, known)
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
        n=reader.optional_whole("n") or 0,
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


def enums(reader: Reader) -> dict[str, Enumeration]:
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


def kinds_map(reader: Reader) -> dict[str, SubjectKind]:
    inner = reader.inner("kinds_map", "ItemVersion")
    if inner is None:
        return {}
    found = {name: inner.word(name, SubjectKind, attribute="kinds_map") for name in inner.nodes}
    inner.done()
    return found
