"""How does a value of the catalog travel as JSON? Texts, numbers, lists and objects, nothing computed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from typing import Any

from xinheng.law.comparing import Change
from xinheng.law.items import ItemVersion


def plain(value: object) -> Any:
    """A frozen value as JSON: dataclasses as objects under their attributes' names, days as ISO, sets sorted."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return str(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(inner) for key, inner in value.items()}
        case frozenset():
            return sorted(plain(inner) for inner in value)
        case tuple() | list():
            return [plain(inner) for inner in value]
    assert dataclasses.is_dataclass(value) and not isinstance(value, type)
    return {field.name.removesuffix("_"): plain(getattr(value, field.name)) for field in dataclasses.fields(value)}


def version(value: ItemVersion) -> dict[str, Any]:
    """Every attribute of an item version with its fields."""
    found: dict[str, Any] = plain(value)
    return found


def change(value: Change) -> dict[str, Any]:
    """A difference: where, how, from what to what, and its two judgements."""
    return {
        "field": value.field,
        "path": list(value.within),
        "what": value.what.value,
        "before": plain(value.before),
        "after": plain(value.after),
        "disclosure": value.reach.value,
        "files": value.files.value,
    }
