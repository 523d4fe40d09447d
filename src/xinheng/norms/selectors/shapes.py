"""What do pages and verbs get to see of an instrument?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xinheng.casework.rules import ClockFacts
from xinheng.law.errors import Finding
from xinheng.law.items import ItemVersion
from xinheng.law.norms import Procedure
from xinheng.law.pack import Bilingual
from xinheng.norms.rules import Act, NormFacts, Outcome, State, Text


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the procedure. ``organisation`` is who took it; nobody's name stands here."""

    id: int
    n: int
    act: Act
    at: datetime
    account_id: int | None
    organisation: Bilingual | None
    fields: Mapping[str, Any]
    entry_id: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an opinion; ``gist`` and ``reasons`` are published with it."""

    outcome: Outcome
    gist: str
    reasons: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """An opinion. ``text`` and ``name`` are None unless opened for who answers it, or erased since."""

    id: int
    group: str
    at: datetime
    text: str | None
    name: str | None
    erased: bool
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Department:
    """A department that drafts along: ``agreed`` is None until it has answered about the present text."""

    organisation_id: int
    name: Bilingual
    agreed: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class NormView:
    """An instrument with everything the pages of its procedure show.

    ``before`` is what the present text is compared with: the version in force that it follows, or the text that
    opinions were asked about when it was changed since; None when there is nothing to compare.
    """

    facts: NormFacts
    procedure: Procedure
    opened_at: datetime
    effective_from: date | None
    organisation: Bilingual
    text: Text
    text_n: int
    version: ItemVersion | None
    faults: tuple[Finding, ...]
    basis_faults: tuple[str, ...]
    departments: tuple[Department, ...]
    steps: tuple[Step, ...]
    consulted: Text | None
    before: ItemVersion | None
    clock: ClockFacts | None

    @property
    def label(self) -> Bilingual:
        """The name of the item, as its present text has it."""
        said = self.text.item.get("label") or {}
        return Bilingual(said.get("zh") or self.facts.code, said.get("en") or self.facts.code)

    @property
    def public(self) -> bool:
        """May everybody read it? From the day opinions are asked, whatever becomes of it, and once it is published."""
        return self.consulted is not None or self.facts.state is State.PUBLISHED

    @property
    def open_text(self) -> Text:
        """The text that everybody reads: the one opinions were asked about while it is drafted anew or given up."""
        return self.text if self.going_on or self.consulted is None else self.consulted

    @property
    def going_on(self) -> bool:
        """Is the present text everybody's to read: neither drafted (anew) nor given up?"""
        return self.public and self.facts.state not in {State.DRAFT, State.ABANDONED}

    @property
    def change_code(self) -> str:
        """The code under which the words for what the instrument does stand."""
        return f"norm_change.{self.facts.change.value}"

    @property
    def state_code(self) -> str:
        """The code under which the words for its state stand."""
        return f"norm_state.{self.facts.state.value}"

    @property
    def approval(self) -> Mapping[str, Any] | None:
        """Number, day and organ of the approval, None before it."""
        return next((step.fields for step in reversed(self.steps) if step.act is Act.APPROVED), None)
