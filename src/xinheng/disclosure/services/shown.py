"""What does an answer look like when it leaves this room?

Values here are decided, masked and safe to print: every one came out of `rules.apply`. Doors translate these
dataclasses and never see a record.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from xinheng.accounts.selectors import organisations
from xinheng.disclosure.rules import (
    Asker,
    FieldDecision,
    Ground,
    PublicationFacts,
    RecordFacts,
    Release,
    SubjectFacts,
    apply,
    decide,
    unpublished,
)
from xinheng.law.errors import NoValueInForce
from xinheng.law.items import ItemVersion
from xinheng.law.lookup import recorded
from xinheng.law.pack import Bilingual, Pack
from xinheng.law.publicity import publicity_period
from xinheng.records.rules import HeldRecord, Period, RecordState

WITHHELD = Release.WITHHELD.value
Fields = Mapping[str, FieldDecision]
Adjust = Callable[[Fields, ItemVersion], Fields]


class ShownField(NamedTuple):
    """One field of an answer. ``value`` is empty when it is withheld; ``reason`` is a stable code with words in the
    hall. (A tuple: an answer has hundreds of them.)
    """

    code: str
    role: str
    label: Bilingual
    type: str
    value: str
    release: str
    reason: str
    article: str
    altered: bool


@dataclass(frozen=True)
class ShownRecord:
    """One record of an answer, with its fields in the order of the catalog."""

    record_id: int
    item: str
    item_label: Bilingual
    adverse: bool
    decided_on: date
    registered_at: datetime
    provider_zh: str
    provider_en: str
    fields: tuple[ShownField, ...]
    marks: tuple[str, ...]
    state: str
    publicity_from: date | None
    publicity_until: date | None
    use_until: date | None
    severity: str
    severity_suggested: bool
    earliest_repair: date | None
    article: str
    law: str
    public: bool
    not_public: str = ""  # own file only: the reason why others don't see it now, "" when they do
    not_public_article: str = ""
    ended_because: str = ""  # own file only: the code of why its effect ended

    @cached_property
    def _by_role(self) -> Mapping[str, str]:
        return {shown.role: shown.value for shown in self.fields if shown.role and shown.release != Release.WITHHELD}

    @property
    def headline(self) -> str:
        """What the record is about, in a few words that this answer shows anyway; "" when it shows none."""
        return self.value("penalty_kinds") or self.value("document_name")

    def value(self, role: str) -> str:
        """The shown value of the field that plays ``role`` in the item; "" when withheld or absent."""
        return self._by_role.get(role, "")

    @property
    def visible(self) -> tuple[ShownField, ...]:
        """The fields with a value to print."""
        return tuple(shown for shown in self.fields if shown.release != Release.WITHHELD and shown.value)

    @property
    def blank(self) -> tuple[ShownField, ...]:
        """The fields that are shown on this ground and hold nothing."""
        return tuple(shown for shown in self.fields if shown.release != Release.WITHHELD and not shown.value)

    @property
    def withheld(self) -> tuple[ShownField, ...]:
        """The fields that exist for this ground's record and are not shown."""
        return tuple(shown for shown in self.fields if shown.release == Release.WITHHELD)


@dataclass(frozen=True, slots=True)
class Told:
    """An answer about one subject before it is committed: what is shown, and what the ledger will say of it."""

    records: tuple[ShownRecord, ...]
    values: tuple[Mapping[str, str], ...]
    fields: Mapping[str, Mapping[str, list[str]]]
    hidden: int
    held: tuple[HeldRecord, ...] = field(default=())


def facts_of(held: HeldRecord, pack: Pack) -> RecordFacts:
    """The facts of a record as the decision needs them. No day of use left becomes a period that holds no day.

    No row says yet that an organ found a certain social impact (INV-4), so none is assumed: a person's penalty stays
    unpublished even where a statute is named.
    """
    statute = held.person_statute
    publication = PublicationFacts(statute, held.provider_id, held.decided_on, social_impact=False) if statute else None
    return RecordFacts(
        record_id=held.record_id,
        item=item_of(held, pack),
        state=held.state,
        publicity=held.publicity,
        disputed=held.disputed,
        consent=None,
        self_declared=False,
        use=held.use or Period(held.decided_on, held.decided_on),
        person_publication=publication,
        as_minor=held.as_minor,
    )


def item_of(held: HeldRecord, pack: Pack) -> ItemVersion:
    """The version of the catalog item by which the record was collected."""
    return recorded(pack, held.item_code, held.item_from)


def tell(
    *,
    asker: Asker,
    ground: Ground,
    subject: SubjectFacts,
    held: Sequence[HeldRecord],
    day: date,
    pack: Pack,
    adjust: Adjust | None = None,
    dates: bool = False,
    operators: Sequence[str] = (),
) -> Told:
    """Decide about ``held``, apply the decision and build what is shown. ``dates``: work out the earliest day of
    repair too. ``operators``: who was ever reported as the operator of the business (`operators_of`).

    ``adjust`` may only take away from the decision (lists and exports).
    """
    facts = {one.record_id: facts_of(one, pack) for one in held}
    answer = decide(asker, ground, subject, list(facts.values()), day, pack)
    by_number = {one.record_id: one for one in held}
    records: list[ShownRecord] = []
    values: list[Mapping[str, str]] = []
    told: dict[str, dict[str, list[str]]] = {}
    for number, decision in answer.records:
        one = by_number[number]
        item = item_of(one, pack)
        fields = adjust(decision, item) if adjust else decision
        out = apply(fields, one.content or {}, operators)
        columns = _columns(fields, item)
        repair = earliest_repair(one, item, pack, day) if dates else None
        public = unpublished(facts[number], subject.kind, day) is None
        records.append(_shown(one, item, columns, out, repair=repair, public=public))
        values.append(out)
        _note(told.setdefault(one.item_code, {}), number, columns, out)
    return Told(tuple(records), tuple(values), told, answer.hidden, tuple(by_number[n] for n, _ in answer.records))


def _note(said: dict[str, list[str]], number: int, columns: Sequence[_Column], out: Mapping[str, str]) -> None:
    """What the ledger and the subject are told: which records, which fields were seen, masked and kept back.

    A released field without content was not seen by anybody and is left out.
    """
    first = not said
    said.setdefault("records", []).append(str(number))
    for column in columns:
        code, release = column.code, column.release
        if release == WITHHELD or out[code]:
            place = said.setdefault(release, [])
            if first or code not in place:
                place.append(code)


class _Column(NamedTuple):
    """What a decision says of one field, whichever record it is about."""

    code: str
    role: str
    label: Bilingual
    type: str
    release: str
    reason: str
    article: str
    masked: bool


# The decision of a plan is one read-only mapping for all its records, so its columns are made once.
_columns_of: dict[int, tuple[Fields, ItemVersion, tuple[_Column, ...]]] = {}
_COLUMNS_KEPT = 4096


def _columns(fields: Fields, item: ItemVersion) -> tuple[_Column, ...]:
    """The columns of a decision, in the order of the catalog."""
    known = _columns_of.get(id(fields))
    if known is not None and known[0] is fields and known[1] is item:
        return known[2]
    roles = roles_of(item)
    columns = tuple(
        _Column(
            one.code,
            roles.get(one.code, ""),
            one.label,
            one.type.value,
            given.release.value,
            str(given.reason),
            given.article,
            given.mask is not None,
        )
        for one in item.fields
        for given in (fields[one.code],)
    )
    if isinstance(fields, MappingProxyType):
        if len(_columns_of) >= _COLUMNS_KEPT:
            _columns_of.clear()
        _columns_of[id(fields)] = (fields, item, columns)
    return columns


def _shown(
    held: HeldRecord,
    item: ItemVersion,
    columns: Sequence[_Column],
    out: Mapping[str, str],
    *,
    repair: date | None,
    public: bool,
) -> ShownRecord:
    names, content = provider_names(held.provider_id), held.content or {}
    shown = [
        ShownField(
            code,
            role,
            label,
            kind,
            value := out.get(code, ""),
            release,
            reason,
            article,
            masked and value != content.get(code, ""),
        )
        for code, role, label, kind, release, reason, article, masked in columns
    ]
    return ShownRecord(
        record_id=held.record_id,
        item=item.code,
        item_label=item.label,
        adverse=item.adverse,
        decided_on=held.decided_on,
        registered_at=held.registered_at,
        provider_zh=names[0],
        provider_en=names[1],
        fields=tuple(shown),
        marks=marks_of(held),
        state=held.state.value,
        publicity_from=held.publicity.from_ if held.publicity else None,
        publicity_until=held.publicity.until if held.publicity else None,
        use_until=held.use.until if held.use else None,
        severity=held.severity,
        severity_suggested=held.severity_suggested,
        earliest_repair=repair,
        article=item.article,
        law=held.law,
        public=public,
    )


def marks_of(held: HeldRecord) -> tuple[str, ...]:
    """The marks that go with a record wherever it shows."""
    marks = ["disputed"] if held.disputed else []
    if held.state is not RecordState.ACTIVE:
        marks.append(held.state.value)
    return tuple(marks)


def earliest_repair(held: HeldRecord, item: ItemVersion, pack: Pack, day: date) -> date | None:
    """The first day on which repair may be asked for; None for what is not adverse, and where no rule set reaches."""
    if not item.adverse or held.content is None:
        return None
    try:
        period = publicity_period(pack, item, held.content, held.decided_on, kind=held.subject_kind, on=day)
    except NoValueInForce:
        return None
    return period.earliest_repair


_roles: dict[tuple[str, str, str], Mapping[str, str]] = {}


def roles_of(item: ItemVersion) -> Mapping[str, str]:
    """Field code -> the part it plays, of one item version."""
    key = (item.code, item.version, item.sha256)
    if key not in _roles:
        _roles[key] = {code: role for role, code in reversed(list(item.roles.items()))}
    return _roles[key]


_NAMES_KEPT_SECONDS = 60.0


@dataclass(slots=True)
class _Register:
    """The names of organisations as read last."""

    names: Mapping[int, tuple[str, str]]
    read_at: float


_register = _Register({}, 0.0)


def provider_names(provider_id: int) -> tuple[str, str]:
    """Chinese and English name of an organisation; the small register is read whole, at most once a minute."""
    if provider_id not in _register.names or time.monotonic() - _register.read_at > _NAMES_KEPT_SECONDS:
        rows = organisations().prefetch_related(None).values_list("id", "name_zh", "name_en")
        _register.names = {number: (zh, en or zh) for number, zh, en in rows}
        _register.read_at = time.monotonic()
    return _register.names.get(provider_id, ("", ""))
