"""What does the law say about a row that becomes a record: its subject, its dates, its key, its content?"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from xinheng.intake.rules import full_values, roles_of
from xinheng.law.enums import FieldType, SubjectKind
from xinheng.law.items import Field, ItemVersion
from xinheng.law.pack import Pack
from xinheng.law.publicity import publicity_period
from xinheng.ledger.models import LawVersion
from xinheng.lib.canonical import canonical
from xinheng.lib.errors import BadInput
from xinheng.records import selectors
from xinheng.records.models import RecordContent
from xinheng.records.rules import Content, RecordState, Snapshot, content_commit, holds_identifier, split
from xinheng.store.crypto import blind, blind_now, seal
from xinheng.subjects.rules import Scheme, SubjectClaim

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where records come from and by which law they are judged: the same for a whole batch."""

    pack: Pack
    law_version: LawVersion
    item: ItemVersion
    item_version_id: int
    provider_id: int
    batch_id: int
    at: datetime
    day: date


@dataclass(frozen=True, slots=True)
class Dates:
    """What a record's columns say about time and severity. ``*_until`` excluded."""

    decided_on: date
    publicity_from: date | None
    publicity_until: date | None
    use_until: date | None
    retention_until: date | None
    severity: str
    severity_suggested: bool


def claim_of(item: ItemVersion, values: Values, source: str) -> SubjectClaim:
    """The subject that a row names. Raises BadInput when it names none: such a row waits in intake."""
    roles = roles_of(item)
    kind, named = roles.subject_kind(values), roles.identifier(values)
    if kind is None or named is None:
        raise BadInput("subject_without_identifier")
    scheme, identifier = named
    name = roles.value("name", values)
    operator = roles.value("representative", values) if kind is SubjectKind.INDIVIDUAL_BUSINESS else ""
    return SubjectClaim(kind, Scheme(scheme), identifier, name, decided_on(item, values), source, operator)


def decided_on(item: ItemVersion, values: Values) -> date:
    """The day of the decision that a row reports."""
    return date.fromisoformat(roles_of(item).value("decided_on", values))


def dates_of(origin: Origin, kind: SubjectKind, values: Values) -> Dates:
    """The dates and the severity of a record under the law in force on ``origin.day`` (PUB-1, requirements D).

    A person's record is never public here: that takes a statute that orders it and a decision of the organ about
    this record (INV-4). Use ends with retention at the latest; publicity, use and measures end on dates of their
    own (INV-7).
    """
    item = origin.item
    decided = decided_on(item, values)
    told = publicity_period(origin.pack, item, values, decided, kind=kind, on=origin.day)
    public = told.public and kind is not SubjectKind.NATURAL_PERSON and told.from_ != told.until
    retained = item.retention.after(decided)
    return Dates(
        decided_on=decided,
        publicity_from=told.from_ if public else None,
        publicity_until=told.until if public else None,
        use_until=retained,
        retention_until=retained,
        severity=told.severity or "",
        severity_suggested=told.suggested,
    )


def natural_keys(item: ItemVersion, values: Values) -> list[str]:
    """Keyed digests of the natural key under every live key version, newest first. It holds an identifier: never
    kept openly.
    """
    return blind("record", _natural(item, values))


def natural_key_now(item: ItemVersion, values: Values) -> str:
    """The digest that is written."""
    return blind_now("record", _natural(item, values))


def _natural(item: ItemVersion, values: Values) -> str:
    return canonical(list(roles_of(item).natural_key(values))).decode()


def same_content(item: ItemVersion, values: Values, held: Content) -> bool:
    """Whether a row says what is already on file; a field that only one of both knows counts as empty in the other."""
    given = full_values(item, values)
    return all(given.get(code, "") == held.get(code, "") for code in given.keys() | held.keys())


@dataclass(frozen=True, slots=True)
class Prepared:
    """A content ready to be written: full values, salt, and the commitment that its version carries."""

    content: Content = field(repr=False)
    personal: frozenset[str]
    salt: bytes = field(repr=False)
    commit: bytes

    def row(self, *, subject_id: int, content_id: int, record_id: int) -> RecordContent:
        """The row of `RecordContent`: personal fields sealed, all else as canonical text."""
        body, hidden = split(self.content, self.personal)
        sealed = seal(canonical(hidden), aad=selectors.aad(subject_id, content_id)) if hidden else None
        return RecordContent(
            subject_id=subject_id,
            id=content_id,
            record_id=record_id,
            body=canonical(body).decode(),
            personal=sealed,
            salt=self.salt,
        )


def _sealed(field: Field, kind: SubjectKind, value: str) -> bool:
    """Whether a value is kept encrypted: personal fields, everything free about a person, and texts that hold a
    number.
    """
    if field.personal_to(kind):
        return True
    free = field.type in (FieldType.TEXT, FieldType.STRING)
    return free and ((kind is SubjectKind.NATURAL_PERSON and field.type is FieldType.TEXT) or holds_identifier(value))


def prepare(item: ItemVersion, kind: SubjectKind, values: Values) -> Prepared:
    """Every field of the item version, missing = empty; which of them are personal to this kind of subject; salt
    and commitment.
    """
    content = full_values(item, values)
    personal = frozenset(field.code for field in item.fields if _sealed(field, kind, content.get(field.code, "")))
    salt = os.urandom(32)
    return Prepared(content, personal, salt, content_commit(salt, content))


def first_snapshot(
    origin: Origin,
    *,
    subject_id: int,
    record_id: int,
    version_id: int,
    row: int,
    kind: SubjectKind,
    dates: Dates,
    commit: bytes,
) -> Snapshot:
    """The record as its registration leaves it."""
    return Snapshot(
        subject_id=subject_id,
        record_id=record_id,
        subject_kind=kind.value,
        item_code=origin.item.code,
        item_version_id=origin.item_version_id,
        law_version_id=origin.law_version.id,
        provider_id=origin.provider_id,
        batch_id=origin.batch_id,
        row=row,
        registered_at=origin.at,
        decided_on=dates.decided_on,
        state=RecordState.ACTIVE,
        publicity_from=dates.publicity_from,
        publicity_until=dates.publicity_until,
        use_until=dates.use_until,
        retention_until=dates.retention_until,
        severity=dates.severity,
        severity_suggested=dates.severity_suggested,
        disputed=False,
        as_minor=False,
        person_statute="",
        cause="",
        content_id=version_id,
        content_commit=commit,
    )
