"""Which reads go across subjects, and why may they?

On a distributed PostgreSQL a read without the subject asks every shard. Each such read is marked here with its reason;
a test lists them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

ACROSS: dict[str, str] = {}


def across_subjects(reason: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a selector that reads without a subject; it must be indexed and limited."""

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        ACROSS[f"{function.__module__}.{function.__qualname__}"] = reason
        return function

    return mark
