"""How timely, accurate and complete does a provider report? (INT-2; ZY-33, SP-8)

Counts of rows, never of persons and never of how much adverse information there is (STA-1). Every share is a share of
what the provider itself sent; where nothing was sent there is no share. What the law leaves open is decided here by
house rule and said on the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from xinheng.intake.rules.verdicts import RowResult, RowState

COMPETENT = "development_reform"  # the power of the department that the law makes competent (ZY-5, SP-4)
NEAR = 2  # working days before its last day a returned row is called near (house rule)
WAITING_LONG = 5  # working days after which a row has waited long for a second person (house rule)
_TENTH = Decimal("0.1")

# A row that waits only for one of these waits because the law wants a second look, not because the sender erred.
SECOND_LOOK = frozenset(
    {
        *("differs_from_record", "operator_differs", "authority_is_not_the_sender", "old_status_open"),
        *("capacity_unclear", "age_unknown", "conduct_as_minor_suspected", "sealed_suspected"),
    }
)
# A row with one of these lacks something that the item requires.
LACKING = frozenset(
    {
        *("required_missing", "document_missing", "document_without_number", "number_without_figures"),
        *("subject_unidentified", "code_placeholder", "placeholder"),
    }
)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of legal days."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Month:
        """The month of a day."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month | None:
        """``2026-11`` as a month; None for any other text."""
        year, dash, month = text.partition("-")
        plain = len(text) == len("2026-11") and dash and year.isdecimal() and month.isdecimal() and text.isascii()
        return cls(int(year), int(month)) if plain and 1 <= int(month) <= 12 and int(year) > 0 else None

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    def back(self, months: int) -> Month:
        """The month so many months before."""
        number = self.year * 12 + self.month - 1 - months
        return Month(number // 12, number % 12 + 1)

    @property
    def next(self) -> Month:
        """The month after."""
        return self.back(-1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


class Measure(StrEnum):
    """What is measured."""

    TIMELY = "timely"
    ACCURATE = "accurate"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Sums:
    """Counts of rows; they add up over batches, items, months and providers.

    ``timely``, ``late``: taken in by their last day or after it; rows without a day of decision are in neither.
    ``first_sent``: rows sent for the first time, without those that are on file already. ``complete``: those of them
    that lack nothing required. ``judged``: those of them that do not wait for a second look of the law alone;
    ``faultless``: those of these that were registered as they came.
    """

    timely: int = 0
    late: int = 0
    first_sent: int = 0
    complete: int = 0
    judged: int = 0
    faultless: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Sums)))

    def of(self, measure: Measure) -> Share:
        """The share that a measure looks at."""
        match measure:
            case Measure.TIMELY:
                return Share(self.timely, self.timely + self.late)
            case Measure.ACCURATE:
                return Share(self.faultless, self.judged)
            case Measure.COMPLETE:
                return Share(self.complete, self.first_sent)


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` of ``whole`` rows."""

    part: int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        """With one place, rounded down: 100.0 means every row. None when there is nothing to take a share of."""
        if not self.whole:
            return None
        return (Decimal(100 * self.part) / self.whole).quantize(_TENTH, rounding=ROUND_DOWN)

    def since(self, before: Share) -> Decimal | None:
        """The difference of the two percentages as they are shown; None when one of them is none."""
        now, then = self.percent, before.percent
        return None if now is None or then is None else now - then


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A row that was returned and has not come back: ``number`` is its document number, ``name`` whose it is."""

    row_id: int
    number: str
    name: str


@dataclass(slots=True)
class Tally:
    """What the rows of one batch add to the sums. ``open``: the sender's returned rows of the item, oldest first.

    ``followed``: those of them that came again in this batch.
    """

    open: dict[str, list[OpenRow]] = field(default_factory=dict)
    followed: list[int] = field(default_factory=list)
    first_sent: int = 0
    complete: int = 0
    judged: int = 0
    faultless: int = 0

    @classmethod
    def after(cls, rows: Sequence[OpenRow]) -> Tally:
        """The tally of a batch that comes after these rows were returned."""
        by_number: dict[str, list[OpenRow]] = {}
        for row in rows:
            by_number.setdefault(row.number, []).append(row)
        return cls(open=by_number)

    def follow(self, number: str, name: str) -> bool:
        """Whether a row with this document number was returned before; that one is open no more.

        Of several rows about one document the one of the same name is taken, else the oldest.
        """
        found = self.open.get(number) if number else None
        if not found:
            return False
        row = next((one for one in found if one.name == name), found[0])
        found.remove(row)
        self.followed.append(row.row_id)
        return True

    def registered(self, count: int, again: int) -> None:
        """Count rows registered as they came, ``again`` of which had been returned before."""
        for name in ("first_sent", "complete", "judged", "faultless"):
            setattr(self, name, getattr(self, name) + count - again)

    def other(self, result: RowResult, state: RowState, *, again: bool) -> None:
        """Count a row that waits or goes back. Rows on file already, and rows that come again, are in no count."""
        if again or state in (RowState.UNCHANGED, RowState.REGISTERED):
            return
        codes = {finding.code for finding in result.findings if finding.effect}
        self.first_sent += 1
        self.complete += not codes & LACKING
        self.judged += not (state is RowState.WAITING and codes <= SECOND_LOOK)


class Kind(StrEnum):
    """What a provider is reminded of: rows that went back and were not mended, rows that wait for a second person."""

    RETURNED = "returned"
    WAITING = "waiting"


class Stage(StrEnum):
    """How urgent it is: for the rows of a batch with one last day a reminder is made once in each stage."""

    NEAR = "near"
    PASSED = "passed"


class Outcome(StrEnum):
    """What came of a reminder: nothing of it is left to do, or the next stage took its place."""

    DONE = "done"
    OVERTAKEN = "overtaken"


Due = tuple[Kind, int, date]  # what is to be dealt with: its kind, its batch, its last day


@dataclass(frozen=True, slots=True)
class Cause:
    """Rows of a batch with one last day that are still to be dealt with."""

    kind: Kind
    batch_id: int
    provider_id: int
    due_on: date
    rows: int

    @property
    def due(self) -> Due:
        """What the rows have in common."""
        return self.kind, self.batch_id, self.due_on

    def stage(self, *, today: date, near: date) -> Stage | None:
        """How urgent it is today. ``near``: the day `NEAR` working days ahead.

        A row that waits for a second person has no last day by law, so it is late only by house rule and never near.
        """
        if self.due_on < today:
            return Stage.PASSED
        return Stage.NEAR if self.kind is Kind.RETURNED and self.due_on <= near else None


def outcome(*, due: Due, stage: Stage, wanted: Mapping[Due, Stage]) -> Outcome | None:
    """What became of an open reminder, given the stage that everything has now; None while it stands."""
    now = wanted.get(due)
    if now is stage:
        return None
    return Outcome.DONE if now is None else Outcome.OVERTAKEN
