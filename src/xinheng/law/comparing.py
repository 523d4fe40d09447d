"""What differs between two versions of a catalog item, attribute by attribute and field by field? (ZY-32, SP-8)

The walk follows the dataclasses themselves, so an attribute that is added later is compared without a line here; only
what makes two versions two (`IDENTITY`) is left out. Each difference is judged by `xinheng.law.judging`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from xinheng.law import judging
from xinheng.law.conditions import Condition
from xinheng.law.items import Check, EnumValue, Field, FieldRelease, ItemVersion, Sealed
from xinheng.law.judging import Fit, Reach
from xinheng.law.pack import Amount, Bilingual

IDENTITY = frozenset({"code", "version", "from_", "until", "sha256"})
"""What tells two versions of one item apart and is no content: not compared."""
ATOMS = (Amount, Bilingual, Condition, FieldRelease)
"""Values that are one statement: they differ as a whole."""

type Path = tuple[str, ...]


class What(StrEnum):
    """How a place differs. ``reordered``: the same members in another order."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    REORDERED = "reordered"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``path`` leads from the item to the place: attribute, then keys ("kinds", "legal_person").

    ``before`` and ``after`` are the values themselves, None where there is none; for a new order the keys that both
    versions have. ``reach`` says what it means for disclosure, ``files`` whether files that fitted still fit.
    """

    path: Path
    what: What
    before: object
    after: object
    reach: Reach
    files: Fit

    @property
    def field(self) -> str | None:
        """The code of the field concerned, None for the item as a whole."""
        return self.path[1] if self.path[0] == "fields" and len(self.path) > 1 else None

    @property
    def within(self) -> Path:
        """The path inside the field or the item: empty for a whole field."""
        return self.path[2:] if self.field is not None else self.path


@dataclass(frozen=True)
class Comparison:
    """Everything that differs between ``old`` and ``new``, in the order of the item's attributes."""

    old: ItemVersion
    new: ItemVersion
    changes: tuple[Change, ...]

    @cached_property
    def item(self) -> tuple[Change, ...]:
        """What differs in the item's own attributes, the order of its fields included."""
        return tuple(change for change in self.changes if change.field is None)

    @cached_property
    def fields(self) -> Mapping[str, tuple[Change, ...]]:
        """Field code → what differs in it, fields of the new version first, removed ones behind."""
        found: dict[str, list[Change]] = {}
        for change in self.changes:
            if change.field is not None:
                found.setdefault(change.field, []).append(change)
        return {code: tuple(changes) for code, changes in found.items()}

    def reaching(self, *reach: Reach) -> tuple[Change, ...]:
        """The changes with one of these judgements."""
        return tuple(change for change in self.changes if change.reach in reach)

    def fitting(self, *fit: Fit) -> tuple[Change, ...]:
        """The changes with one of these judgements on files."""
        return tuple(change for change in self.changes if change.files in fit)


def compare(old: ItemVersion, new: ItemVersion) -> Comparison:
    """Give every difference between two versions of one item; ValueError for versions of different items."""
    if old.code != new.code:
        raise ValueError(f"{old.code} and {new.code} are different items")
    found = []
    used = {field.enum.name for version in (old, new) for field in version.fields if field.enum is not None}
    for path, what, before, after in _walk((), _attributes(old, used), _attributes(new, used)):
        step = judging.Step(path, before, after, old, new, reordered=what is What.REORDERED)
        found.append(Change(path, what, before, after, judging.reach(step), judging.fit(step)))
    return Comparison(old, new, tuple(found))


def _attributes(version: ItemVersion, used: set[str]) -> dict[str, object]:
    """The attributes that are compared. An enumeration that a field uses is compared in the field."""
    found = {f.name: getattr(version, f.name) for f in dataclasses.fields(version) if f.name not in IDENTITY}
    found["enums"] = {name: enum for name, enum in version.enums.items() if name not in used}
    return found


def _walk(path: Path, before: object, after: object) -> Iterator[tuple[Path, What, object, object]]:
    """Go down where both sides have parts; what has none differs as a whole."""
    if before == after:
        return
    old, new = _parts(before), _parts(after)
    if old is None or new is None:
        what = What.ADDED if before is None else What.REMOVED if after is None else What.CHANGED
        yield path, what, before, after
        return
    for key in (*new, *(key for key in old if key not in new)):
        yield from _member((*path, key), key, old, new)
    kept_old, kept_new = tuple(k for k in old if k in new), tuple(k for k in new if k in old)
    if isinstance(before, tuple) and kept_old != kept_new:
        yield path, What.REORDERED, kept_old, kept_new


def _member(
    path: Path, key: str, old: Mapping[str, object], new: Mapping[str, object]
) -> Iterator[tuple[Path, What, object, object]]:
    before, after = old.get(key), new.get(key)
    if key in old and key in new:
        yield from _walk(path, before, after)
    elif isinstance(before, Mapping) or isinstance(after, Mapping):
        yield from _walk(path, before or {}, after or {})
    else:
        yield path, What.ADDED if key in new else What.REMOVED, before, after


def _parts(value: object) -> Mapping[str, object] | None:
    """Key → member of a value that is compared member by member; None for a value that is compared as a whole."""
    match value:
        case Mapping():
            return {str(key): member for key, member in value.items()}
        case frozenset():
            return {str(member): member for member in sorted(value)}
        case tuple():
            members = {_key(member): member for member in value}
            return members if len(members) == len(value) else None
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, (*ATOMS, type)):
            return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    return None


def _key(member: object) -> str:
    """What a member of a list is known by, so that it is found again in the other version."""
    match member:
        case Field() | Check():
            return member.code
        case EnumValue():
            return member.value
        case Sealed():
            return f"{member.kind}.{member.when.field}"
    return str(member)
