"""What can be the answer about a row, and which finding leads to which answer?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from enum import IntEnum, StrEnum

from xinheng.lib.codes.verdict import WORDS as CODE_WORDS


class Verdict(StrEnum):
    """``review``: stored and not published, waits for a second person."""

    ACCEPT = "accept"
    REVIEW = "review"
    REJECT = "reject"


class RowState(StrEnum):
    """Where a row is."""

    WAITING = "waiting"
    REGISTERED = "registered"
    RETURNED = "returned"
    UNCHANGED = "unchanged"
    MENDED = "mended"  # sent again with other cells, in a batch of its own
    DROPPED = "dropped"  # its sender took it back
    WITHDREW = "withdrew"  # it told that a decision was revoked, and the record of it was withdrawn


# Where a row may go; what is missing is refused.
TRANSITIONS: dict[RowState, frozenset[RowState]] = {
    RowState.WAITING: frozenset({RowState.REGISTERED, RowState.RETURNED, RowState.MENDED, RowState.DROPPED}),
    RowState.REGISTERED: frozenset(),
    RowState.RETURNED: frozenset({RowState.MENDED, RowState.DROPPED}),
    RowState.UNCHANGED: frozenset(),
    RowState.MENDED: frozenset(),
    RowState.DROPPED: frozenset(),
    RowState.WITHDREW: frozenset(),
}


class Standing(StrEnum):
    """How a row compares with the records that are already there (decisions: natural key)."""

    NEW = "new"
    UNCHANGED = "unchanged"
    DIFFERS = "differs"
    OPERATOR_DIFFERS = "operator_differs"  # a new record, of an individual business that has another operator on file
    REVOKES = "revokes"  # its decision is revoked, and the record of it is the sender's own
    REVOKES_ANOTHERS = "revokes_anothers"  # … another provider's
    REVOKED_BEFORE = "revoked_before"  # … has ended already
    REVOKED_IN_FILE = "revoked_in_file"  # a decision that the same file reports as revoked


class Weight(IntEnum):
    """What a finding does to its row."""

    NOTE = 0
    REVIEW = 1
    REJECT = 2


# Nothing is written for a row with one of these: the same record is there, waits, or stands higher up in the file.
WAITS = "waits_already"
UNCHANGED = frozenset({"unchanged", "unchanged_in_file", "ended_before", WAITS})
# The source says that the decision is no longer in force; what becomes of the row depends on what is on file.
REVOKED = frozenset({"old_status_revoked", "status_revoked"})
WITHDREW = "record_withdrawn"
_REVIEW = (
    *("placeholder", "code_placeholder", "kind_does_not_fit_code", "individual_business_code_not_92"),
    *("fine_unit_suspected", "fine_zero"),
    *("valid_until_before_decision", "publicity_end_before_decision", "publicity_end_too_late"),
    *("capacity_unclear", "conduct_as_minor_suspected", "sealed_suspected", "old_status_open"),
    *("authority_is_not_the_sender", "age_unknown"),
    *("differs_from_record", "differs_in_file", "operator_differs", "revoked_of_another"),
)
_NOTE = (
    *("unchanged", "unchanged_in_file", "normalised", "date_serial", "filled_in", "absent_in_old_layout"),
    *(
        "authority_is_another",
        "personal_in_text",
        "uscc_division",
        "uscc_org_check",
        "id_division",
        "ended_before",
        WITHDREW,
        WAITS,
    ),
)
# Every other code returns the row.
WEIGHTS: dict[str, Weight] = {**dict.fromkeys(_REVIEW, Weight.REVIEW), **dict.fromkeys(_NOTE, Weight.NOTE)}

# Rows returned for these reasons leave no content behind, only their number, the reason and the article.
NOT_KEPT = frozenset(
    {
        *("document_missing", "document_without_number", "sealed", "minor_adverse", "capacity_missing"),
        *("kind_not_collected", "market_without_consent"),
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a row: ``field`` is a field code, or empty for the whole row. ``params`` fill the sentence.

    ``weight`` None: as the table of codes says. Params never hold an identifier of a person.
    """

    field: str
    code: str
    params: Mapping[str, str] = made(default_factory=dict)
    article: str | None = None
    weight: Weight | None = None

    @property
    def effect(self) -> Weight:
        """What this finding does to its row."""
        return WEIGHTS.get(self.code, Weight.REJECT) if self.weight is None else self.weight


@dataclass(frozen=True, slots=True)
class RowResult:
    """The answer about one row. ``values``: field code → canonical text; empty and unreadable fields are absent.

    ``keep`` False: its content must not be stored anywhere (INV-2, INV-5, INV-9, SUB-1). ``span`` are the places of its
    first and behind its last character in the text of the file.
    """

    row: int
    verdict: Verdict
    values: Mapping[str, str]
    findings: tuple[Finding, ...]
    keep: bool = True
    span: tuple[int, int] = (0, 0)

    @property
    def unchanged(self) -> bool:
        """Whether the same record is already there, so that nothing is written."""
        return self.verdict is Verdict.ACCEPT and any(f.code in UNCHANGED for f in self.findings)

    @property
    def revoked(self) -> bool:
        """Whether it tells that its decision is no longer in force (INV-2), and may be kept."""
        return self.keep and any(f.code in REVOKED for f in self.findings)

    @property
    def withdrew(self) -> bool:
        """Whether a record was withdrawn because of it."""
        return self.verdict is Verdict.ACCEPT and any(f.code == WITHDREW for f in self.findings)


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """The heaviest finding decides."""
    heaviest = max((f.effect for f in findings), default=Weight.NOTE)
    return (Verdict.ACCEPT, Verdict.REVIEW, Verdict.REJECT)[heaviest]


def keeps(verdict: Verdict, findings: Iterable[Finding]) -> bool:
    """Whether the content of a row may be stored."""
    return verdict is not Verdict.REJECT or not any(f.code in NOT_KEPT for f in findings)


def known_codes() -> frozenset[str]:
    """Codes with a weight of their own and those of the code checks (for the test that each is worded)."""
    return frozenset(WEIGHTS) | NOT_KEPT | frozenset(CODE_WORDS)
