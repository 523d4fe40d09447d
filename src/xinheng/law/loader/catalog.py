"""How is a catalog item read, with its versions and fields? (ZY-32, SP-8)"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from xinheng.law.conditions import Comparison, Condition
from xinheng.law.enums import Attribute, Level, SubjectKind
from xinheng.law.items import Check, Field, Item, ItemVersion, LegacyStatus, Revocation, Sealed
from xinheng.law.loader import strict
from xinheng.law.loader.fields import Block, blocks, condition, enums, fields, kinds_map, used
from xinheng.law.loader.layers import Layer
from xinheng.law.loader.reading import Faults, Reader, frozen
from xinheng.law.loader.timelines import Placed, Span, join
from xinheng.law.pack import Bilingual

STARTS = ("decided_on", "valid_until")
DOCUMENT = ("document_number", "decided_on", "authority_code")
NEEDED = ("name", "kind", *DOCUMENT)


def items(layers: list[Layer], faults: Faults) -> dict[str, Item]:
    """Read ``catalog/*.yaml`` of every layer; the same item in two layers is a fault."""
    found: dict[str, Item] = {}
    known = blocks(layers, faults)
    for layer in layers:
        for name, source in layer.files.items():
            if not name.startswith("catalog/"):
                continue
            reader = Reader(source.node, source, faults, "ItemVersion")
            item = _item(reader, source.stem, known)
            if item.code in found:
                reader.fault("rank_violated", f"目录项“{item.code}”已由上一层规定", "code")
            else:
                found[item.code] = item
    return found


def _item(reader: Reader, stem: str, known: Mapping[str, Block]) -> Item:
    code = reader.text("code")
    if code != stem:
        reader.fault("name_differs", f"代码“{code}”与文件名“{stem}”不一致", "code")
    reader.named("Item", code)
    level, label = reader.word("level", Level), reader.bilingual("label")
    taken = used(reader, known)
    words = {name: enum for block in taken for name, enum in block.enums.items()} | enums(reader)
    shared = {
        "code": code,
        "level": level,
        "label": label,
        "category": reader.optional("category"),
        "fields": _numbered(reader, [f for block in taken for f in block.fields], fields(reader, words, shared=())),
        "roles": frozen({role: f for block in taken for role, f in block.roles.items()} | reader.pairs("roles")),
        "kinds_map": frozen({word: k for block in taken for word, k in block.kinds_map.items()} | kinds_map(reader)),
        "natural_key": reader.texts("natural_key"),
        "checks": tuple(_checks(reader)),
        "placeholders": frozen(reader.pairs("placeholders")),
        "ignored": tuple(_ignored(reader)),
        "legacy_status": _legacy(reader),
        "revocation": _revocation(reader),
        "sealed": tuple(_sealed(reader)),
        "enums": frozen(words),
    }
    plain = {key: strict.plain(node) for key, node in reader.nodes.items() if key != "versions"}
    if taken:
        plain["use"] = [block.plain for block in taken]  # a changed block is another text of every item that uses it
    placed = [Placed(_version(entry, shared, plain), entry) for entry in reader.each("versions", "ItemVersion")]
    if not placed:
        reader.fault("no_values", f"目录项“{code}”没有任何版本")
    reader.documentary("document_kind", "note", "evidence")
    reader.done()
    versions = join([one for one in placed if one.value.state != "draft"], code)
    draft = _draft([one for one in placed if one.value.state == "draft"], versions, code)
    for version in (*versions, *([draft] if draft else ())):
        _references(reader, version)
        _revoking(reader, version)
        _document(reader, version)
    return Item(code, level, label, versions, draft)


def _draft(drafts: list[Placed[ItemVersion]], versions: tuple[ItemVersion, ...], code: str) -> ItemVersion | None:
    """Give the draft of an item: one at most, without an end, proposed for a day behind the versions that exist."""
    for one in drafts:
        if one is not drafts[0]:
            one.reader.fault("duplicate_name", f"目录项“{code}”有不止一个草案", "state")
        if one.value.until is not None:
            one.reader.fault("draft_ends", f"目录项“{code}”的草案不写终止日", "until")
        if versions and one.value.from_ <= versions[-1].from_:
            text = f"目录项“{code}”的草案拟从{one.value.from_}起，那天已有版本"
            one.reader.fault("overlap", text, "from")
    return drafts[0].value if drafts else None


def _numbered(reader: Reader, taken: list[Field], own: tuple[Field, ...]) -> tuple[Field, ...]:
    """Put the fields of the blocks before the item's own; one without a number of its own gets its place."""
    found = (*taken, *own)
    codes = [field.code for field in found]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        reader.fault("duplicate_name", f"字段“{code}”写了两次", "use")
    if not found:
        reader.fault("missing_key", "缺少“fields”：目录项至少要有一个字段")
    return tuple(field if field.n else replace(field, n=place) for place, field in enumerate(found, start=1))


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
        providers=reader.texts("providers"),
        matters=reader.texts("matters"),
        state=reader.choice("state", "on", "off", "draft", default="on"),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        **{**shared, "fields": fields(reader, shared["enums"], shared=shared["fields"])},
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
            verdicts[value] = entry.choice("verdict", "accept", "review", "reject", "revoke", attribute="verdicts")
            labels[value] = entry.bilingual("label", attribute="labels")
            entry.done()
    found = LegacyStatus(inner.text("column"), inner.optional("marker"), frozen(verdicts), frozen(labels))
    inner.documentary("evidence", "values")
    inner.done()
    return found


def _revocation(reader: Reader) -> Revocation | None:
    inner = reader.inner("revocation", "Revocation")
    if inner is None:
        return None
    found = Revocation(inner.text("field"), inner.texts("values", needed=True))
    if not found.values:
        inner.fault("empty_list", "“values”不能是空的：写明哪些值表示决定已经失效", "values")
    inner.documentary("evidence", "note")
    inner.done()
    return found


def _revoking(reader: Reader, version: ItemVersion) -> None:
    """Report values of a revocation that the field can't have, and a field that can say nothing else."""
    told = version.revocation
    enum = version.by_code[told.field].enum if told is not None and told.field in version.by_code else None
    inner = reader.inner("revocation", "Revocation")
    if told is None or inner is None or told.field not in version.by_code:
        return
    known = {value.value for value in enum.values} if enum is not None else set()
    strange = [value for value in told.values if value not in known]
    if strange:
        text = f"目录项“{version.code}”的字段“{told.field}”没有这些取值：{'、'.join(strange)}"
        inner.fault("revocation_value", text, "values")
    elif known == set(told.values):
        text = f"目录项“{version.code}”的字段“{told.field}”的每个取值都写成了失效：这样就没有有效的决定"
        inner.fault("revocation_all", text, "values")


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


def _document(reader: Reader, version: ItemVersion) -> None:
    """Report an item whose rows would not name whom they speak of and, adverse ones, the document they rest on
    (number, organ, day; INV-2). Who operates an individual business must be known to be hidden (INV-4).
    """
    needed = (*NEEDED, *(("representative",) if SubjectKind.INDIVIDUAL_BUSINESS in version.kinds else ()))
    missing = [role for role in needed if version.role(role) is None]
    if missing:
        reader.fault("role_missing", f"目录项“{version.code}”没有写明哪个字段是：{'、'.join(missing)}", "roles")
    for role in DOCUMENT if version.adverse else ():
        field = version.by_code.get(version.role(role) or "")
        if field is not None and field.required != "always":
            text = f"目录项“{version.code}”对主体不利，法律文书的字段“{field.code}”必须是必填"
            reader.fault("document_optional", text, "fields")


def _references(reader: Reader, version: ItemVersion) -> None:
    """Report fields that roles, checks and conditions name and the item lacks."""
    known = {field.code for field in version.fields}
    named = [("roles", code) for code in version.roles.values()]
    named += [("checks", code) for check in version.checks for code in (check.field, check.other) if code]
    named += [("sealed", seal.when.field) for seal in version.sealed if seal.when.field]
    named += [("revocation", version.revocation.field)] if version.revocation else []
    named += [
        ("fields", field.required.field)
        for field in version.fields
        if isinstance(field.required, Condition) and field.required.field
    ]
    named += [("fields", field.document_kind) for field in version.fields if field.document_kind]
    for key, code in named:
        if code not in known:
            reader.fault("field_unknown", f"“{key}”提到的字段“{code}”不在目录项“{version.code}”里", key)
