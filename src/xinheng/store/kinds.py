"""What may the application do to each table, and where would the table live on a distributed PostgreSQL?

Every model is registered once; grants are computed from the registry and a test compares them with the database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from django.db import models

M = TypeVar("M", bound=type[models.Model])


class Keeping(StrEnum):
    """What the application role may do to a table."""

    HISTORY = "history"
    PROJECTION = "projection"
    CONTENT = "content"
    LOOKUP = "lookup"
    REFERENCE = "reference"
    LOCAL = "local"


class Placement(StrEnum):
    """Where a distributed PostgreSQL would keep the table."""

    DISTRIBUTED = "distributed"
    KEY_LOOKUP = "key-lookup"
    REFERENCE = "reference"
    LOCAL = "local"


PRIVILEGES: dict[Keeping, frozenset[str]] = {
    Keeping.HISTORY: frozenset({"SELECT", "INSERT"}),
    Keeping.PROJECTION: frozenset({"SELECT", "INSERT", "UPDATE"}),
    Keeping.CONTENT: frozenset({"SELECT", "INSERT", "DELETE"}),
    Keeping.LOOKUP: frozenset({"SELECT", "INSERT", "DELETE"}),
    Keeping.REFERENCE: frozenset({"SELECT", "INSERT", "UPDATE"}),
    Keeping.LOCAL: frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"}),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """One registered table."""

    model: type[models.Model]
    keeping: Keeping
    placement: Placement

    @property
    def table(self) -> str:
        return self.model._meta.db_table


REGISTRY: dict[str, Kept] = {}


def kept(keeping: Keeping, placement: Placement) -> Callable[[M], M]:
    """Class decorator: register a model with what may be done to its rows and where they would live."""

    def register(model: M) -> M:
        REGISTRY[model._meta.label_lower] = Kept(model, keeping, placement)
        return model

    return register
