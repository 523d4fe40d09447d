"""How is a value of the catalog said to a reader: a type, a condition, a release, a difference?

The words come from a `Speaker`, so that pages say them in the visitor's language and the command line in Chinese.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol

from xinheng.law.comparing import Change
from xinheng.law.comparing import Comparison as Comparing
from xinheng.law.conditions import Comparison, Condition
from xinheng.law.enums import Attribute, ChannelName, FieldType, MaskName, ReleaseWord, SubjectKind
from xinheng.law.items import (
    Check,
    Enumeration,
    EnumValue,
    Field,
    FieldRelease,
    ItemVersion,
    LegacyStatus,
    Revocation,
    Sealed,
)
from xinheng.law.pack import Amount, Bilingual, Pack

# Attributes whose plain texts are words of a closed list.
_LISTED = frozenset(
    {"sharing", "channel", "consent", "publicity_period", "retention_starts", "state", "required", "whose", "exports"}
)


class Speaker(Protocol):
    """Gives words in one language. ``say`` knows the codes of `xinheng.law.catalog_words` and ``kind.*``."""

    @property
    def english(self) -> bool: ...
    def say(self, code: str, **params: str) -> str: ...
    def amount(self, amount: Amount) -> str: ...
    def day(self, day: date) -> str: ...
    def cite(self, article: str) -> str: ...
    def labelled(self, attribute: str, code: str) -> str: ...


def label_in(pack: Pack, attribute: str, code: str) -> Bilingual:
    """The label of a source (a power), a matter or a category of the base catalog; the code where it has none."""
    found: Bilingual | None = None
    match attribute:
        case "providers" if code in pack.powers:
            found = pack.powers[code].values[-1].label
        case "matters" if code in pack.matters:
            found = pack.matters[code].values[-1].label
        case "category" if code in pack.categories:
            found = pack.categories[code].label
    return found or Bilingual(code, code)


def text_of(text: Bilingual, to: Speaker) -> str:
    """A bilingual text in the speaker's language."""
    return text.en if to.english else text.zh


def listed(texts: Iterable[str], to: Speaker, between: str = "listed") -> str:
    """Several texts in a row: "、" or ", "; with ``between="or"`` "或" or " or "."""
    return to.say(f"catalog.{between}").join(texts)


def required(field: Field, version: ItemVersion, to: Speaker) -> str:
    """Whether a field must be filled, with its condition."""
    if isinstance(field.required, Condition):
        return to.say("required.when", condition=condition(field.required, version, to))
    return to.say(f"required.{field.required}")


def type_of(field: Field, to: Speaker) -> str:
    """The type of a field with its size."""
    said = to.say(f"type.{field.type}", digits=str(field.digits), places=str(field.places))
    if field.length is None or field.type in {FieldType.USCC, FieldType.ORG_CODE, FieldType.ENUM}:
        return said
    return to.say("catalog.in_brackets", text=said, more=to.say("catalog.length", n=str(field.length)))


def condition(said: Condition, version: ItemVersion, to: Speaker) -> str:
    """When a condition holds: "“处罚类别”里有“罚款”时"."""
    if said.test is Comparison.KIND_IS:
        return to.say("condition.kind_is", values=listed((_kind(k, to) for k in said.values), to, "or"))
    field = version.by_code.get(said.field or "")
    name = text_of(field.label, to) if field else said.field or ""
    if said.test is Comparison.EMPTY:
        return to.say(f"condition.empty.{said.values[0]}", field=name)
    values = listed((to.say("catalog.quoted", text=_named(value, field, to)) for value in said.values), to, "or")
    code = f"condition.{said.test}"
    if said.test is Comparison.ANY_OF:
        code = "condition.any_of.only" if said.only else code if len(said.values) > 1 else "condition.contains"
    return to.say(code, field=name, values=values)


def _kind(kind: str, to: Speaker) -> str:
    """A kind of subject inside a sentence."""
    said = to.say(f"kind.{kind}")
    return said[:1].lower() + said[1:] if to.english else said


def _named(value: str, field: Field | None, to: Speaker) -> str:
    """A value of an enumeration by its English label where English is spoken."""
    known = {v.value: v.label_en for v in field.enum.values} if field is not None and field.enum else {}
    return known.get(value, value) if to.english else value


def exceptions(field: Field, to: Speaker) -> list[tuple[str, str]]:
    """What differs for one kind of subject: (kind, "公开：不显示；…")."""
    return [
        (_kind(kind, to), listed((_for_channel(c, release, to) for c, release in releases.items()), to))
        for kind, releases in field.disclosure_for.items()
    ]


def _for_channel(channel: ChannelName, release: FieldRelease, to: Speaker) -> str:
    return to.say("catalog.pair", key=to.say(f"column.{channel}"), value=value(release, to))


def value(said: object, to: Speaker, hint: str = "", version: ItemVersion | None = None) -> str:
    """Any value of an item in words. ``hint`` is the attribute it belongs to."""
    match said:
        case None:
            return to.say("catalog.nothing")
        case bool():
            return to.say("catalog.yes" if said else "catalog.no")
        case int():
            return str(said)
        case date():
            return to.day(said)
        case Bilingual():
            return text_of(said, to)
        case Amount():
            return to.amount(said)
        case str():
            return _text(said, to, hint)
        case Condition() if version is not None:
            said_when = condition(said, version, to)
            return to.say("required.when", condition=said_when) if hint == "required" else said_when
        case FieldRelease():
            return _release(said, to)
        case _:
            return _composed(said, to, hint, version)


def _text(said: str, to: Speaker, hint: str) -> str:
    """A text: a word of a closed vocabulary in words, any other as it stands."""
    match said:
        case SubjectKind():
            return to.say(f"kind.{said}")
        case Attribute():
            return to.say(f"attribute.{said}" if hint == "publicity" else f"attribute_for.{said}")
        case ReleaseWord():
            return to.say(f"release.{said}")
        case MaskName():
            return to.say(f"mask.{said}")
        case FieldType():
            return to.say("type.plain.decimal" if said is FieldType.DECIMAL else f"type.{said}")
    if hint in _LISTED:
        return to.say(f"{hint}.{said}")
    if hint in {"providers", "matters", "category"}:
        return to.labelled(hint, said)
    if hint in {"article", "person_statute"}:
        return to.cite(said)
    return to.say(f"level.{said}") if hint in {"level", "rank"} else said


def _release(said: FieldRelease, to: Speaker) -> str:
    word = to.say(f"release.{said.release}")
    if said.release is not ReleaseWord.MASKED:
        return word
    return to.say("catalog.in_brackets", text=word, more=to.say(f"mask.{said.mask}"))


def _composed(said: object, to: Speaker, hint: str, version: ItemVersion | None) -> str:
    nothing = to.say("catalog.nothing")
    match said:
        case Enumeration():
            return listed((value(one, to) for one in said.values), to)
        case EnumValue():
            return said.label_en if to.english else said.value
        case Field():
            return text_of(said.label, to)
        case Check():
            return _check(said, to, version)
        case Sealed():
            return _sealed(said, to, version)
        case LegacyStatus():
            return said.column
        case Revocation():
            return _revocation(said, to, version)
        case Mapping():
            pairs = ((_member(hint, str(key), to), value(one, to, hint, version)) for key, one in said.items())
            return listed((to.say("catalog.pair", key=key, value=one) for key, one in pairs), to) or nothing
        case tuple() | frozenset():
            return listed((value(one, to, hint, version) for one in said), to) or nothing
    if dataclasses.is_dataclass(said):  # a kind of value that is new here: its parts as they stand
        return listed((str(getattr(said, field.name)) for field in dataclasses.fields(said)), to)
    return str(said)


def _check(said: Check, to: Speaker, version: ItemVersion | None) -> str:
    def named(code: str | None) -> str:
        field = version.by_code.get(code or "") if version else None
        return text_of(field.label, to) if field else code or ""

    sentence = to.say(
        f"check.{said.check}", field=named(said.field), other=named(said.other), values=listed(said.prefixes, to, "or")
    )
    return to.say("catalog.in_brackets", text=sentence, more=to.say(f"severity_of_check.{said.severity}"))


def _revocation(said: Revocation, to: Speaker, version: ItemVersion | None) -> str:
    field = version.by_code.get(said.field) if version else None
    if field is None or field.enum is None:
        return said.field
    meant = [one for one in field.enum.values if one.value in said.values]
    values = (one.label_en if to.english else next(iter(one.aliases), one.value) for one in meant)
    return to.say("catalog.pair", key=text_of(field.label, to), value=listed(values, to, "or"))


def _sealed(said: Sealed, to: Speaker, version: ItemVersion | None) -> str:
    when = condition(said.when, version, to) if version else ""
    params = {"kind": to.say(f"kind.{said.kind}"), "condition": when, "from": to.day(said.from_)}
    return to.say(f"sealed.{said.verdict}", **params)


def place(change: Change, to: Speaker) -> str:
    """Which property a difference is about, with the member concerned: "谁能看到：公开"."""
    within = change.within
    if not within:
        return to.say("property.fields")
    name, rest = f"property.{within[0]}", within[1:]
    if within[0] == "enum" and rest:
        name, rest = f"property.enum.{rest[0]}", rest[1:]
        if len(rest) > 1 and rest[1] in {"label_en", "aliases"}:
            name, rest = f"{name}.{rest[1]}", (rest[0],)
    said = to.say(name)
    members = [_member(within[0], key, to) for key in rest if not _is_value(change, key)]
    return to.say("catalog.pair", key=said, value=listed(members, to)) if members else said


def _is_value(change: Change, key: str) -> bool:
    """True where the member is what was added or removed: it stands beside, and is not said twice."""
    present = change.before if change.after is None else change.after
    lone = change.before is None or change.after is None
    named = present.value if isinstance(present, EnumValue) else present
    return lone and (named == key or isinstance(present, Check | Sealed))


def _member(attribute: str, key: str, to: Speaker) -> str:
    if key in set(SubjectKind):
        return to.say(f"kind.{key}")
    if attribute in {"disclosure", "disclosure_for"}:
        return to.say(f"column.{key}")
    return key


def side(change: Change, comparison: Comparing, to: Speaker, *, after: bool) -> str:
    """One side of a difference in words; "没有" where the other side has something and this one nothing."""
    said, version = (change.after, comparison.new) if after else (change.before, comparison.old)
    return value(said, to, change.within[0] if change.within else "", version)
