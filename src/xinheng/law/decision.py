"""How does a rule answer: allowed, or refused for which reason and under which article?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Allowed:
    """The rule allows the act."""

    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True, slots=True)
class Refused:
    """The rule refuses: ``reason`` is a stable code worded once, ``article`` the one that refuses ("" = house rule)."""

    reason: str
    article: str

    def __bool__(self) -> Literal[False]:
        return False


Decision = Allowed | Refused
