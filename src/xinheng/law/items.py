"""What does a catalog item say about one kind of credit information and each of its fields? (ZY-32, SP-8)"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from xinheng.law.conditions import Condition, elements, holds
from xinheng.law.enums import Attribute, ChannelName, FieldType, Level, MaskName, Rank, ReleaseWord, SubjectKind
from xinheng.law.errors import NoValueInForce

if TYPE_CHECKING:
    from xinheng.law.pack import Amount, Bilingual


def header_key(text: str) -> str:
    """Reduce a column header to the form in which codes, aliases and labels are compared.

    Full-width letters and parentheses, letter case, blanks and invisible characters make no difference.
    """
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in {"Cf", "Cc"}).upper()


@dataclass(frozen=True, slots=True)
class EnumValue:
    """One permitted value with its English label and other spellings."""

    value: str
    label_en: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Enumeration:
    """The values of a field; ``open_prefix`` ("其他-") admits any text behind it."""

    name: str
    values: tuple[EnumValue, ...]
    open_prefix: str | None
    separator: str

    def canonical(self, text: str) -> str | None:
        """Give the value as the standard writes it, None when it is none of the list."""
        for entry in self.values:
            if text == entry.value or text in entry.aliases:
                return entry.value
        if self.open_prefix and text.startswith(self.open_prefix) and text[len(self.open_prefix) :].strip():
            return text
        return None

    def canonical_many(self, text: str) -> str | None:
        """The same for several values joined by the separator; None when one of them, or all, are missing."""
        found = [self.canonical(part) for part in elements(text)]
        if not found or None in found:
            return None
        return self.separator.join(part for part in found if part is not None)


@dataclass(frozen=True, slots=True)
class FieldRelease:
    """What a channel may see of a field, and how it is masked when it is masked."""

    release: ReleaseWord
    mask: MaskName


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an item. ``length`` counts characters, ``digits`` and ``places`` belong to decimals.

    ``personal``: identifies or tells about a person whatever the subject's kind; ``personal_for``: for these kinds.
    ``whose``: "representative" or "counterpart" where the field is somebody's personal data.
    """

    code: str
    n: int
    label: Bilingual
    type: FieldType
    length: int | None
    digits: int | None
    places: int | None
    enum: Enumeration | None
    required: str | Condition
    disclosure: Mapping[ChannelName, ReleaseWord]
    disclosure_for: Mapping[SubjectKind, Mapping[ChannelName, FieldRelease]]
    mask: MaskName
    personal: bool
    personal_for: frozenset[SubjectKind]
    whose: str | None
    exports: str
    document_kind: str | None
    aliases: tuple[str, ...]
    rule: Bilingual | None
    platform: bool

    def release(self, channel: ChannelName, kind: SubjectKind) -> FieldRelease:
        """Say what a channel may see of the field for a subject of this kind; a channel not named sees nothing."""
        special = self.disclosure_for.get(kind, {}).get(channel)
        if special is not None:
            return special
        return FieldRelease(self.disclosure.get(channel, ReleaseWord.WITHHELD), self.mask)

    def personal_to(self, kind: SubjectKind) -> bool:
        """Say whether the field holds personal data when the subject is of this kind."""
        return self.personal or kind in self.personal_for

    def required_for(self, values: Mapping[str, str], kind: SubjectKind | None) -> bool:
        """Say whether the field must be filled in a row with these values."""
        if isinstance(self.required, Condition):
            return holds(self.required, values, kind)
        return self.required == "always"


@dataclass(frozen=True, slots=True)
class Check:
    """A named check across a row: not_after_today, not_before (``other``), code_prefix (``prefixes``)."""

    check: str
    field: str
    other: str | None
    when: Condition | None
    prefixes: tuple[str, ...]
    severity: str
    code: str


@dataclass(frozen=True, slots=True)
class LegacyStatus:
    """How a status column of the 2015 layout is read: value → verdict (accept, review, reject, revoke) and label.

    ``revoke``: the decision was revoked; a record of it is withdrawn, and none is made (INV-2).
    ``marker``: a column that only the old layout has, so that it is told from a column of the same name elsewhere.
    """

    column: str
    marker: str | None
    verdicts: Mapping[str, str]
    labels: Mapping[str, Bilingual]


@dataclass(frozen=True, slots=True)
class Revocation:
    """The field that tells whether a decision is still in force, and the values by which it is not (INV-2)."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sealed:
    """Records of this kind of subject are never taken in, or only after a person looked, from a day on (INV-9)."""

    kind: SubjectKind
    when: Condition
    from_: date
    verdict: str
    article: str


@dataclass(frozen=True)
class ItemVersion:
    """A catalog item as it stands for a period; ``version`` is its first day.

    ``kinds`` says for each kind of subject whether the item is public, by matter or not at all; a kind not named is not
    collected. ``person_statute`` is the national article that orders publication of persons, None means never (INV-4).
    Content is kept for ``retention`` from the day in the field of the role ``retention_starts``.
    ``publicity_period`` is "repair_rules" for adverse items and "validity" for those shown while they are valid.
    ``providers`` are the powers of which an organisation needs one to report the item (归集来源), empty means any;
    ``matters`` are the official matters that the item is linked to. ``state`` is "on", "off" or "draft"; the ``from_``
    of a draft is the day proposed and promises nothing.
    """

    code: str
    version: str
    level: Level
    rank: Rank
    label: Bilingual
    category: str | None
    from_: date
    until: date | None
    conduct: Bilingual
    basis: tuple[str, ...]
    publicity: Attribute
    sharing: tuple[str, ...]
    channel: tuple[str, ...]
    frequency: Amount
    kinds: Mapping[SubjectKind, Attribute]
    person_statute: str | None
    retention: Amount
    retention_starts: str
    article: str
    adverse: bool
    market: bool
    publicity_period: str
    consent: str
    purpose: Bilingual | None
    providers: tuple[str, ...]
    matters: tuple[str, ...]
    state: str
    fields: tuple[Field, ...]
    roles: Mapping[str, str]
    kinds_map: Mapping[str, SubjectKind]
    natural_key: tuple[str, ...]
    checks: tuple[Check, ...]
    placeholders: Mapping[str, str]
    ignored: tuple[str, ...]
    legacy_status: LegacyStatus | None
    revocation: Revocation | None
    sealed: tuple[Sealed, ...]
    enums: Mapping[str, Enumeration]
    sha256: str

    @cached_property
    def by_code(self) -> Mapping[str, Field]:
        """The fields by their code."""
        return {field.code: field for field in self.fields}

    @cached_property
    def by_header(self) -> Mapping[str, Field]:
        """The fields by every header a file may use: code, alias, Chinese label, each through `header_key`."""
        found: dict[str, Field] = {}
        for field in self.fields:
            for text in (field.code, *field.aliases, field.label.zh):
                found.setdefault(header_key(text), field)
        return found

    def field(self, code: str) -> Field:
        """Give a field by its code; a code the item lacks raises `NoValueInForce`."""
        try:
            return self.by_code[code]
        except KeyError:
            raise NoValueInForce(what="field", name=f"{self.code}.{code}", on=self.version, pack="") from None

    def reportable_with(self, powers: Collection[str]) -> bool:
        """Say whether an organisation with these powers is a source from which the item is collected (ZY-32)."""
        return not self.providers or not set(self.providers).isdisjoint(powers)

    def role(self, name: str) -> str | None:
        """Give the code of the field that plays a role (name, uscc, decided_on …), None when none does."""
        return self.roles.get(name)


@dataclass(frozen=True, slots=True)
class Item:
    """A catalog item with its versions, oldest first, and the draft of its next one.

    A draft is none of the versions: nothing is collected, shown or shared under it until a pack or the city's
    government puts it in force.
    """

    code: str
    level: Level
    label: Bilingual
    versions: tuple[ItemVersion, ...]
    draft: ItemVersion | None = None

    @property
    def written(self) -> tuple[ItemVersion, ...]:
        """Every version and behind them the draft, when there is one: what there is to read about the item."""
        return (*self.versions, self.draft) if self.draft is not None else self.versions

    def on(self, day: date) -> ItemVersion | None:
        """Give the version in force on a day; None when there is none or when it is switched off."""
        for version in reversed(self.versions):
            if version.from_ <= day:
                ended = version.until is not None and day >= version.until
                return None if ended or version.state != "on" else version
        return None

    def began(self, day: date) -> ItemVersion | None:
        """Give the version that begins on a day, switched off or not: the one a held record names; never a draft."""
        return next((version for version in self.versions if version.from_ == day), None)
