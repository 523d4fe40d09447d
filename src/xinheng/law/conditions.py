"""Does a condition of a pack hold for the values of a record?

The vocabulary is closed: one field with one test, optionally ``only``. Nothing nests and nothing is computed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from xinheng.law.enums import SubjectKind

_SEPARATOR = re.compile("[;；]")


class Comparison(StrEnum):
    """Tests a condition may use."""

    EQUALS = "equals"
    ANY_OF = "any_of"
    CONTAINS = "contains"
    EMPTY = "empty"
    KIND_IS = "kind_is"


@dataclass(frozen=True, slots=True)
class Condition:
    """One test on one field.

    ``equals`` compares the whole text. ``any_of`` holds when one of the values joined by ";" is listed, with ``only``
    when every one is. ``contains`` holds when one of ``values`` is part of the text. ``empty`` ("true" or "false") asks
    for presence. ``kind_is`` looks at the kind of the subject and not at the field.
    """

    field: str | None
    test: Comparison
    values: tuple[str, ...]
    only: bool = False


def elements(text: str) -> tuple[str, ...]:
    """Split a field of several values ("罚款;没收违法所得") into its parts, without blanks."""
    return tuple(part for raw in _SEPARATOR.split(text) if (part := raw.strip()))


def holds(condition: Condition, values: Mapping[str, str], kind: SubjectKind | None = None) -> bool:
    """Say whether the condition holds for canonical ``values`` (field code → text, missing = empty) of a subject."""
    if condition.test is Comparison.KIND_IS:
        return kind is not None and kind.value in condition.values
    text = values.get(condition.field or "", "").strip()
    match condition.test:
        case Comparison.EMPTY:
            return (text == "") == (condition.values == ("true",))
        case Comparison.EQUALS:
            return text == condition.values[0]
        case Comparison.CONTAINS:
            return any(part in text for part in condition.values)
        case Comparison.ANY_OF:
            parts = elements(text)
            if condition.only:
                return bool(parts) and all(part in condition.values for part in parts)
            return any(part in condition.values for part in parts)
