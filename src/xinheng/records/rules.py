"""Which states has a record, which acts change it, and what does its history say?

History is a chain of versions; each holds a whole `Snapshot`. The present record is the fold of its history, so it
can be computed again at any time. Visibility is a half-open period compared with the day at every read; no sweep
decides it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from enum import StrEnum

from xinheng.law.decision import Allowed, Refused
from xinheng.law.enums import SubjectKind
from xinheng.lib.canonical import canonical, commitment, leaf_hash
from xinheng.lib.clock import stamp
from xinheng.lib.errors import Conflict


class RecordState(StrEnum):
    """The state of a record. Live: active, corrected. Every other state has ended the record's effect."""

    ACTIVE = "active"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    REPAIRED = "repaired"
    EXPIRED = "expired"
    ERASED = "erased"


class Act(StrEnum):
    """What made a version."""

    REGISTERED = "registered"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ERASED = "erased"


Content = Mapping[str, str]

BATCH_WITHDRAWN = "batch_withdrawn"  # the cause of a record that its sender took back with its whole batch

LIVE: frozenset[RecordState] = frozenset({RecordState.ACTIVE, RecordState.CORRECTED})

TRANSITIONS: dict[RecordState, frozenset[RecordState]] = {
    RecordState.ACTIVE: frozenset(RecordState) - {RecordState.ACTIVE},
    RecordState.CORRECTED: frozenset(RecordState) - {RecordState.ACTIVE},
    RecordState.REPAIRED: frozenset({RecordState.WITHDRAWN, RecordState.EXPIRED, RecordState.ERASED}),
    RecordState.EXPIRED: frozenset({RecordState.WITHDRAWN, RecordState.ERASED}),
    RecordState.WITHDRAWN: frozenset({RecordState.ERASED}),
    RecordState.ERASED: frozenset(),
}

RESULT: dict[Act, RecordState] = {
    Act.REGISTERED: RecordState.ACTIVE,
    Act.CORRECTED: RecordState.CORRECTED,
    Act.WITHDRAWN: RecordState.WITHDRAWN,
    Act.EXPIRED: RecordState.EXPIRED,
    Act.ERASED: RecordState.ERASED,
}


def may_become(state: RecordState, wanted: RecordState, article: str) -> Allowed | Refused:
    """May a record in ``state`` become ``wanted``? A state that has ended never comes back to life (INV-7)."""
    return Allowed() if wanted in TRANSITIONS[state] else Refused("record_state", article)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``from_`` (included) until ``until`` (excluded); ``until`` None: no end is set."""

    from_: date
    until: date | None

    def holds(self, day: date) -> bool:
        """Whether ``day`` lies in the period."""
        return self.from_ <= day and (self.until is None or day < self.until)


def period(from_: date | None, until: date | None) -> Period | None:
    """The period of two columns; None when there is none, also when it would be empty."""
    if from_ is None or (until is not None and until <= from_):
        return None
    return Period(from_, until)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that is a column of a record, as one version states it.

    Days are legal days; ``*_until`` are excluded. ``publicity_from`` None: never public. ``law_version_id`` is the
    law the version was judged by. ``content_id`` names the version whose content is in force, ``content_commit`` is
    SHA-256 of salt and canonical content.
    """

    subject_id: int
    record_id: int
    subject_kind: str
    item_code: str
    item_version_id: int
    law_version_id: int
    provider_id: int
    batch_id: int
    row: int
    registered_at: datetime
    decided_on: date
    state: RecordState
    publicity_from: date | None
    publicity_until: date | None
    use_until: date | None
    retention_until: date | None
    severity: str
    severity_suggested: bool
    disputed: bool
    as_minor: bool
    person_statute: str
    cause: str
    content_id: int
    content_commit: bytes


SNAPSHOT_FIELDS: tuple[str, ...] = tuple(f.name for f in fields(Snapshot))


@dataclass(frozen=True, slots=True)
class Version:
    """One link of a record's history: the act, and the record after it. ``n`` counts from 1."""

    version_id: int
    n: int
    act: Act
    at: datetime
    actor: str
    organisation: str
    reason: str
    article: str
    after: Snapshot


def version_leaf(version: Version) -> bytes:
    """RFC 6962 leaf hash of a version: what the ledger binds. 32 bytes."""
    return leaf_hash(canonical(_plain(version)))


def _plain(version: Version) -> dict[str, str | bool]:
    after = {name: _text(getattr(version.after, name)) for name in SNAPSHOT_FIELDS}
    return {
        **after,
        "version": str(version.version_id),
        "n": str(version.n),
        "act": version.act.value,
        "at": stamp(version.at),
        "actor": version.actor,
        "organisation": version.organisation,
        "reason": version.reason,
        "article": version.article,
    }


def _text(value: object) -> str | bool:
    """Canonical text of a column: ids and numbers decimal, days ISO, instants stamped, bytes hex, nothing = empty."""
    match value:
        case None:
            return ""
        case bool() | str():
            return str(value) if isinstance(value, StrEnum) else value
        case datetime():
            return stamp(value)
        case date():
            return value.isoformat()
        case bytes() | memoryview():
            return bytes(value).hex()
        case _:
            return str(value)


def fold(history: Iterable[Version]) -> Snapshot:
    """The present record out of its history in order.

    Raises Conflict when the history is none: it starts with a registration, counts without a gap, keeps to
    `TRANSITIONS`, keeps its origin, and each act leads to its state.
    """
    present: Snapshot | None = None
    for place, version in enumerate(history, start=1):
        fault = _fault(version, place, present)
        if fault:
            raise Conflict(fault, version=str(version.version_id))
        present = version.after
    if present is None:
        raise Conflict("history_empty")
    return present


ORIGIN: tuple[str, ...] = ("subject_id", "record_id", "subject_kind", "item_code", "batch_id", "row", "registered_at")


def _fault(version: Version, place: int, before: Snapshot | None) -> str | None:
    if version.n != place:
        return "history_has_gap"
    if before is None and version.after.content_id != version.version_id:
        return "history_content_changed"
    if (version.act is Act.REGISTERED) is not (before is None):
        return "history_start"
    if RESULT[version.act] is not version.after.state:
        return "history_act_and_state"
    if before is None:
        return None
    if any(getattr(before, name) != getattr(version.after, name) for name in ORIGIN):
        return "history_origin_changed"
    if version.after.content_id != version.version_id and _content(version.after) != _content(before):
        return "history_content_changed"
    return None if version.after.state in TRANSITIONS[before.state] else "history_transition"


def _content(snapshot: Snapshot) -> tuple[int, bytes]:
    return snapshot.content_id, snapshot.content_commit


def ended(before: Snapshot, *, state: RecordState, cause: str, day: date) -> Snapshot:
    """The record after its effect has ended on ``day``: not public, not usable from that day on. Retention stays."""
    use_until = day if before.use_until is None or day < before.use_until else before.use_until
    return replace(before, state=state, cause=cause, publicity_from=None, publicity_until=None, use_until=use_until)


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A record as the rooms above read it, always for one subject.

    ``item_from`` is the first day of the catalog item's version, so that `law.lookup.item` finds the fields without
    a query. ``publicity`` None: never public, or ended. ``use`` None: no day of use is left. ``person_statute``:
    the national article that ordered the publication of this record of a person. ``content`` None: not asked for,
    or lawfully erased.
    """

    subject_id: int
    record_id: int
    subject_kind: SubjectKind
    item_code: str
    item_from: date
    item_version_id: int
    law_version_id: int
    law: str
    provider_id: int
    batch_id: int
    row: int
    registered_at: datetime
    decided_on: date
    state: RecordState
    publicity: Period | None
    use: Period | None
    retention_until: date | None
    severity: str
    severity_suggested: bool
    disputed: bool
    as_minor: bool
    person_statute: str
    cause: str
    version_n: int
    content_id: int
    content: Content | None = field(repr=False)

    @property
    def live(self) -> bool:
        """Whether the record's effect has not ended."""
        return self.state in LIVE


# Content Mapping[str, str]


def split(content: Content, personal: frozenset[str]) -> tuple[dict[str, str], dict[str, str]]:
    """(open part with every field, personal ones empty; personal part with the filled ones only)."""
    open_part = {code: "" if code in personal else value for code, value in content.items()}
    return open_part, {code: content[code] for code in sorted(personal) if content.get(code)}


def join(open_part: Content, personal_part: Content) -> dict[str, str]:
    """The inverse of `split`."""
    return {**open_part, **personal_part}


def content_commit(salt: bytes, content: Content) -> bytes:
    """SHA-256 of salt (32 bytes) and the canonical content with every field of the item version, missing = empty."""
    return commitment(salt, canonical(dict(content)))


_IDENTIFIER = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15,19}|1\d{10})(?!\d)")


def holds_identifier(text: str) -> bool:
    """Whether a text holds what may be an identity, card or phone number of a person."""
    return _IDENTIFIER.search(text) is not None


def reason_fault(reason: str) -> str | None:
    """Why this text can't be the reason of an act, or None. History can't be erased, so no number of a person may
    enter it.
    """
    if not reason.strip():
        return "reason_missing"
    return "reason_holds_identifier" if holds_identifier(reason) else None


# Consequences


@dataclass(frozen=True, slots=True)
class Ended:
    """A record whose effect has ended: what rests on it stops in the same transaction (INV-7)."""

    subject_id: int
    record_id: int
    item_code: str
    state: RecordState
    cause: str
    article: str


Consequence = Callable[[Ended, datetime], None]
CONSEQUENCES: tuple[Consequence, ...] = ()


def wire(*consequences: Consequence) -> None:
    """Set the ordered consequences of an ended record. Called once, from the wiring of the house."""
    global CONSEQUENCES  # noqa: PLW0603 - filled once at start-up
    CONSEQUENCES = consequences


def run_consequences(ended_record: Ended, at: datetime) -> None:
    """Carry out every consequence in order; an error in one undoes the whole act."""
    for consequence in CONSEQUENCES:
        consequence(ended_record, at)
