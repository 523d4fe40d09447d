"""What is one row of a demonstration file, and what must intake say about it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

type Cell = str | date | Decimal | float  # a float is a code that a spreadsheet took for a number
ORGANISATION, BUSINESS, PERSON = "法人及非法人组织", "个体工商户", "自然人"
LONG_TERM = date(2099, 12, 31)
ID_CARD = "身份证"
ORDER = ("accept", "review", "reject")


class Raw(str):
    """A cell that is written as it is, never dressed: it carries a fault."""


@dataclass(frozen=True)
class Party:
    """Whom a decision concerns."""

    kind: str
    name: str
    code: str = ""
    representative: str = ""
    identity: str = ""


@dataclass
class Sent:
    """A row as sent. ``cells`` by field code; ``codes`` and ``verdict`` are the truth about it.

    ``shape``: a fault of the line itself (a cell too many or too few, a stray quotation mark), in text files only; then
    no cell is read and the shape is all that intake tells.
    """

    cells: dict[str, Cell]
    verdict: str = "accept"
    codes: set[str] = field(default_factory=set)
    shape: str = ""
    notes: set[tuple[str, str]] = field(default_factory=set)  # (field code, what intake notes of its form)

    def note(self, code: str, note: str) -> None:
        """Put down that a cell was written in another form."""
        self.notes.add((code, note))
        self.codes.add(note)

    def find(self, verdict: str, *codes: str) -> None:
        """Put down what must be found; the heaviest verdict decides."""
        self.verdict = max(self.verdict, verdict, key=ORDER.index)
        self.codes |= {*codes}

    def copy(self) -> Sent:
        """The same row once more."""
        return Sent(dict(self.cells), self.verdict, set(self.codes), self.shape, set(self.notes))

    @property
    def sound(self) -> bool:
        """Whether nothing was put in that costs its acceptance."""
        return self.verdict == "accept" and not self.shape and not self.codes - {"normalised", "date_serial"}


@dataclass(frozen=True)
class Layout:
    """The columns of an item: ``labels`` by field code in order, ``roles`` to field codes."""

    item: str
    labels: Mapping[str, str]
    roles: Mapping[str, str]
    needed: frozenset[str]  # fields that every row of some subject must have
    types: Mapping[str, str]
    adverse: bool
    choices: Mapping[str, tuple[str, ...]]  # values of enumerations by field

    def code(self, role: str) -> str:
        """The field that plays a role."""
        return self.roles[role]
