"""Which difference is judged, and which judgements are there?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xinheng.law.items import Field, ItemVersion


class Reach(StrEnum):
    """What a difference does to disclosure. ``own_*``: only to what the subject reads in its own file.

    ``unclear``: the words alone do not tell, a person has to look.
    """

    WIDER = "wider"
    NARROWER = "narrower"
    OWN_WIDER = "own_wider"
    OWN_NARROWER = "own_narrower"
    UNCLEAR = "unclear"
    SAME = "same"


class Fit(StrEnum):
    """Whether a file that fitted the old version fits the new one."""

    FITS = "fits"
    BREAKS = "breaks"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Step:
    """A difference that is to be judged: where, from what to what, between which versions."""

    path: tuple[str, ...]
    before: object
    after: object
    old: ItemVersion
    new: ItemVersion
    reordered: bool = False

    @property
    def fields(self) -> tuple[Field, Field]:
        """The field before and after; only for a path inside a field that both versions have."""
        return self.old.by_code[self.path[1]], self.new.by_code[self.path[1]]
