"""What is on file about a subject, what is public today, and what is the history of a record?

All read one subject, except the public lists, which are marked so. What may be shown the room of disclosure decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from typing import Any

import orjson
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from xinheng.accounts.selectors import organisation, organisations, powers_of
from xinheng.catalog.models import CatalogItemVersion
from xinheng.intake.rules import ProviderFacts
from xinheng.intake.rules.provider import may_report
from xinheng.law import lookup
from xinheng.law.enums import SubjectKind
from xinheng.law.items import ItemVersion
from xinheng.law.lookup import recorded
from xinheng.law.pack import Pack
from xinheng.ledger.models import LawVersion
from xinheng.ledger.selectors import law_version
from xinheng.lib.clock import day_of
from xinheng.lib.errors import Conflict, NotFound
from xinheng.records.models import PERSON, Record, RecordContent, RecordKey, RecordVersion
from xinheng.records.rules import Content, HeldRecord, RecordState, Version, join, period
from xinheng.store.arrays import TEXTS, texts
from xinheng.store.crypto import unseal
from xinheng.store.guard import across_subjects
from xinheng.subjects.models import SubjectSpelling
from xinheng.subjects.rules import pairs
from xinheng.ui import city

MACHINE = "api"  # the channel of an item (归集渠道) by which a system reports it


def law_in_force() -> tuple[Pack, LawVersion]:
    """The law pack of this deployment and its registered version."""
    pack = city.pack()
    return pack, law_version(pack.label)


def provider_facts(organisation_id: int) -> ProviderFacts:
    """An organisation as the rules of intake see it."""
    body = organisation(organisation_id)
    others = frozenset(one.uscc for one in organisations() if one.id != body.id and one.uscc)
    return ProviderFacts(body.code, body.name_zh, body.uscc, body.kind, powers_of(body.id), others)


def items_reportable_by(organisation_id: int, at: datetime) -> list[ItemVersion]:
    """The items in force that the organisation may report by machine, by code (SUB-2, ORG-1, CAT-2)."""
    pack = city.pack()
    day, facts = day_of(at, pack.zone), provider_facts(organisation_id)
    return [item for item in lookup.items(pack, day) if MACHINE in item.channel and may_report(pack, item, facts, day)]


def aad(subject_id: int, content_id: int) -> bytes:
    """What the sealed part of a content is bound to: its place."""
    return f"record_content/{subject_id}/{content_id}".encode()


def open_content(subject_id: int, content_id: int, body: str, personal: bytes | memoryview | None) -> Content:
    """Every field of a content, personal ones opened."""
    sealed = {} if personal is None else orjson.loads(unseal(bytes(personal), aad=aad(subject_id, content_id)))
    return join(orjson.loads(body), sealed)


# The order in which a row of a record is read, by the hot path and by query sets alike.
_OWN = (
    *("subject_id", "id", "subject_kind", "item_code", "item_version_id", "law_version_id", "provider_id", "batch_id"),
    *("row", "registered_at", "decided_on", "state", "publicity_from", "publicity_until", "use_until"),
    *("retention_until", "severity", "severity_suggested", "disputed", "as_minor", "person_statute", "cause"),
    *("version_n", "content_id"),
)
_JOINED = ("item_version__valid_from", "law_version__label")


@cache
def _statement() -> str:
    """The hot path: record, item version, law and content of a subject in one statement, built from the models' own
    names.
    """
    own = ", ".join(f'r."{column}"' for column in _OWN)
    tables = {m: m._meta.db_table for m in (Record, CatalogItemVersion, LawVersion, RecordContent)}
    return (
        f"SELECT {own}, i.valid_from, l.label, c.body, c.personal FROM {tables[Record]} r"  # noqa: S608 - names of models
        f" JOIN {tables[CatalogItemVersion]} i ON i.id = r.item_version_id"
        f" JOIN {tables[LawVersion]} l ON l.id = r.law_version_id"
        f" LEFT JOIN {tables[RecordContent]} c ON c.subject_id = r.subject_id AND c.id = r.content_id AND %s"
        " WHERE r.subject_id = %s"
    )


def _held(row: tuple[Any, ...], content: Content | None) -> HeldRecord:
    read = dict(zip(_OWN, row, strict=False))
    item_from, law = row[len(_OWN) :]
    return HeldRecord(
        record_id=read.pop("id"),
        subject_kind=SubjectKind(read.pop("subject_kind")),
        item_from=item_from,
        law=law,
        state=RecordState(read.pop("state")),
        publicity=period(read.pop("publicity_from"), read.pop("publicity_until")),
        use=period(read["decided_on"], read.pop("use_until")),
        content=content,
        **read,
    )


def records_of(subject_id: int, *, items: Collection[str] | None = None, with_content: bool = True) -> list[HeldRecord]:
    """All records of one subject, newest decision first, in one statement. ``items``: only these catalog items."""
    statement, values = _statement(), [with_content, subject_id]
    if items is not None:
        statement += " AND r.item_code = ANY(%s)"
        values.append(sorted(items))  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        cursor.execute(statement + " ORDER BY r.decided_on DESC, r.id DESC", values)
        return [_opened(row) for row in cursor.fetchall()]


def records_of_many(
    subject_ids: Collection[int], *, items: Collection[str] | None = None, with_content: bool = True
) -> dict[int, list[HeldRecord]]:
    """`records_of` for several subjects, still in one statement; every subject asked for is a key."""
    found: dict[int, list[HeldRecord]] = {number: [] for number in subject_ids}
    statement = _statement().replace("r.subject_id = %s", "r.subject_id = ANY(%s)")
    values: list[Any] = [with_content, sorted(found)]
    if items is not None:
        statement += " AND r.item_code = ANY(%s)"
        values.append(sorted(items))
    with connection.cursor() as cursor:
        cursor.execute(statement + " ORDER BY r.subject_id, r.decided_on DESC, r.id DESC", values)
        for row in cursor.fetchall():
            found[row[0]].append(_opened(row))
    return found


def record(subject_id: int, record_id: int) -> HeldRecord:
    """One record with its content. Raises NotFound."""
    with connection.cursor() as cursor:
        cursor.execute(_statement() + " AND r.id = %s", [True, subject_id, record_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound("record_unknown")
    return _opened(row)


def _opened(row: tuple[Any, ...]) -> HeldRecord:
    *columns, body, personal = row
    content = None if body is None else open_content(row[0], columns[len(_OWN) - 1], body, personal)
    return _held(tuple(columns), content)


def facts_of(queryset: QuerySet[Record]) -> list[HeldRecord]:
    """The records of a query set without their content, in its order and in one statement: the bulk twin of
    `record`.
    """
    return [_held(row, None) for row in queryset.values_list(*_OWN, *_JOINED)]


def content_of(records: Iterable[HeldRecord]) -> dict[int, Content]:
    """Record number -> every field, personal ones opened; erased records are absent. One statement."""
    wanted = {r.content_id: r.record_id for r in records}
    subjects = {r.subject_id for r in records}
    rows = RecordContent.objects.filter(subject_id__in=subjects, id__in=wanted)
    return {wanted[row.id]: open_content(row.subject_id, row.id, row.body, row.personal) for row in rows}


def history(subject_id: int, record_id: int) -> list[Version]:
    """The versions of a record, oldest first. Raises NotFound."""
    rows = RecordVersion.objects.filter(subject_id=subject_id, record_id=record_id).order_by("n")
    versions = [row.version() for row in rows]
    if not versions:
        raise NotFound("record_unknown")
    return versions


def data_version(records: Iterable[HeldRecord]) -> str:
    """SHA-256 (hex) over which version of which record was looked at: what an answer rested on."""
    seen = sorted((r.record_id, r.version_n) for r in records)
    return sha256(";".join(f"{number}:{n}" for number, n in seen).encode()).hexdigest()


def named_ever(subject_ids: Collection[int], *, role: str, pack: Pack) -> dict[int, tuple[str, ...]]:
    """Subject -> every name that was ever reported for it in the field of that role, whatever became of the record:
    contents before a correction too, erased ones no longer. One statement, none without subjects.
    """
    found: dict[int, dict[str, None]] = {number: {} for number in subject_ids}
    if not found:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_contents_ever(), [sorted(found)])
        for subject_id, content_id, item_code, item_from, body, personal in cursor.fetchall():
            code = recorded(pack, item_code, item_from).role(role)
            content = open_content(subject_id, content_id, body, personal) if code else {}
            if code and content.get(code):
                found[subject_id][content[code]] = None
    return {number: tuple(names) for number, names in found.items()}


@cache
def _contents_ever() -> str:
    tables = {m: m._meta.db_table for m in (Record, CatalogItemVersion, RecordContent)}
    return (
        "SELECT c.subject_id, c.id, r.item_code, i.valid_from, c.body, c.personal"  # noqa: S608 - names of models
        f" FROM {tables[RecordContent]} c"
        f" JOIN {tables[Record]} r ON r.subject_id = c.subject_id AND r.id = c.record_id"
        f" JOIN {tables[CatalogItemVersion]} i ON i.id = r.item_version_id"
        " WHERE c.subject_id = ANY(%s) ORDER BY c.subject_id, c.id"
    )


def found_by_keys(keys: Collection[str]) -> dict[str, tuple[int, int]]:
    """Key of `RecordKey` -> (subject, record) of records registered before."""
    if not keys:
        return {}
    table = RecordKey._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT key, subject_id, record_id FROM {table} WHERE key = ANY({TEXTS})",  # noqa: S608 - names of ours
            [texts(keys)],
        )
        return {key: (subject_id, number) for key, subject_id, number in cursor.fetchall()}


def senders_of(records: Collection[tuple[int, int]]) -> dict[tuple[int, int], tuple[RecordState, int]]:
    """(subject, record) -> (its state, the provider that sent it). One statement."""
    subjects, numbers = {subject for subject, _ in records}, {number for _, number in records}
    rows = Record.objects.filter(subject_id__in=subjects, id__in=numbers)
    held = rows.values_list("subject_id", "id", "state", "provider_id")
    return {(subject, number): (RecordState(state), provider) for subject, number, state, provider in held}


def contents_in_force(records: Collection[tuple[int, int]]) -> dict[int, Content]:
    """Record number -> its content in force, for records given as (subject, record); erased ones are absent. Two
    statements.
    """
    if not records:
        return {}
    subjects, numbers = {subject for subject, _ in records}, {number for _, number in records}
    rows = Record.objects.filter(subject_id__in=subjects, id__in=numbers).values_list("id", "content_id")
    by_content = {content_id: number for number, content_id in rows}
    contents = RecordContent.objects.filter(subject_id__in=subjects, id__in=by_content)
    return {by_content[c.id]: open_content(c.subject_id, c.id, c.body, c.personal) for c in contents}


def first_contents(entry_id: int, rows: Collection[int]) -> dict[int, tuple[bytes, Content]]:
    """Row of a batch -> (salt, content) with which it was registered under ``entry_id``; erased ones are absent, and
    unreadable ones, which the check of contents names.
    """
    if not rows:
        return {}
    versions = RecordVersion.objects.filter(entry_id=entry_id, n=1, row__in=list(rows))
    places = {(subject, number): row for subject, number, row in versions.values_list("subject_id", "id", "row")}
    contents = RecordContent.objects.filter(
        subject_id__in={subject for subject, _ in places}, id__in={number for _, number in places}
    )
    found: dict[int, tuple[bytes, Content]] = {}
    for c in contents:
        try:
            found[places[c.subject_id, c.id]] = bytes(c.salt), open_content(c.subject_id, c.id, c.body, c.personal)
        except (Conflict, ValueError):
            continue
    return found


# Public lists ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a public list is narrowed to: one provider, days of decision in [since, until), an organisation with every
    one of ``words`` (`subjects.rules.plain`) in a name that everybody may search.
    """

    provider_id: int | None = None
    since: date | None = None
    until: date | None = None
    words: tuple[str, ...] = ()


ALL = Narrowed()


def _public(day: date) -> QuerySet[Record]:
    """Records of organisations that are public on ``day``; persons are in no list (INV-4)."""
    begun = Record.objects.filter(~Q(subject_kind=PERSON), publicity_from__lte=day)
    return begun.filter(Q(publicity_until__isnull=True) | Q(publicity_until__gt=day))


def _listed(item_code: str, day: date, to: Narrowed) -> QuerySet[Record]:
    """The public records of one item, narrowed."""
    found = _public(day).filter(item_code=item_code)
    if to.provider_id is not None:
        found = found.filter(provider_id=to.provider_id)
    if to.since is not None:
        found = found.filter(decided_on__gte=to.since)
    if to.until is not None:
        found = found.filter(decided_on__lt=to.until)
    if to.words:
        spelt = SubjectSpelling.objects.filter(subject_id=OuterRef("subject_id"))
        for word in to.words:
            spelt = spelt.filter(pairs__contains=pairs(word), plain__contains=word)
        found = found.filter(Exists(spelt))
    return found


@across_subjects("public list of an item: partial index, keyset page")
def public_page(
    *,
    item_code: str,
    day: date,
    before: tuple[date, int] | None = None,
    limit: int = 20,
    to: Narrowed = ALL,
    with_content: bool = True,
) -> list[HeldRecord]:
    """A page of records of one item that are public on ``day``, newest publicity first.

    ``before``: (publicity.from_, record_id) of the last row of the page before.
    """
    found = _listed(item_code, day, to)
    if before is not None:
        found = found.filter(Q(publicity_from__lt=before[0]) | Q(publicity_from=before[0], id__lt=before[1]))
    page = facts_of(found.order_by("-publicity_from", "-id")[: min(limit, 1001)])
    contents = content_of(page) if with_content else {}
    return [replace(held, content=contents.get(held.record_id)) for held in page]


@across_subjects("length of a public list: partial index")
def public_total(*, item_code: str, day: date, to: Narrowed = ALL, most: int | None = None) -> int:
    """How many rows the public list has that `public_page` cuts into pages; ``most``: no need to count further."""
    found = _listed(item_code, day, to)
    return found.count() if most is None else found.values("id")[:most].count()


@across_subjects("who provides a public list: one look into the index for each organisation")
def public_providers(*, item_code: str, day: date) -> frozenset[int]:
    """The organisations that provided something in the public list of an item."""
    theirs = _listed(item_code, day, ALL).filter(provider_id=OuterRef("id"))
    return frozenset(organisations().prefetch_related(None).filter(Exists(theirs)).values_list("id", flat=True))


@across_subjects("counts on the home page: partial index; closed periods follow with the load issue")
def public_counts(day: date) -> Mapping[str, int]:
    """Item code -> number of records that are public on ``day``."""
    counted = _public(day).values_list("item_code").annotate(n=Count("id")).order_by("item_code")
    return dict(counted)
