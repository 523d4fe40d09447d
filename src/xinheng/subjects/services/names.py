"""Under which names was a subject seen, and how are they sorted and kept?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection

from xinheng.law.enums import SubjectKind
from xinheng.store.arrays import NUMBERS, numbers
from xinheng.store.copying import copy_rows
from xinheng.store.crypto import seal, unseal
from xinheng.store.ids import next_id, take
from xinheng.subjects import selectors
from xinheng.subjects.models import Subject, SubjectIdentity, SubjectName
from xinheng.subjects.rules import SubjectClaim
from xinheng.subjects.services.pinyin import name_key
from xinheng.subjects.services.spelling import BUSINESS, OperatorsOf, spell, stale


def identity(subject_id: int, kind: str, text: str) -> SubjectIdentity:
    number = next_id("local")
    sealed = seal(text.encode(), aad=selectors.aad(subject_id, number, kind))
    return SubjectIdentity(id=number, subject_id=subject_id, kind=kind, sealed=sealed)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A name under which a subject was seen, and the day."""

    subject_id: int
    kind: SubjectKind
    name: str
    on: date
    source: str


def note_names(named: Iterable[tuple[SubjectClaim, int]], operators_of: OperatorsOf | None = None) -> None:
    """Keep names that are new: openly for organisations, sealed for persons. Known ones write nothing, unless a claim
    names an operator whose name stands in a spelling that may be searched.
    """
    seen: dict[tuple[int, str], _Seen] = {}
    reported: dict[int, set[str]] = {}
    for claim, number in named:
        if claim.kind is BUSINESS:
            reported.setdefault(number, set()).update([claim.operator] if claim.operator else [])
        key = (number, claim.name)
        if claim.name and (key not in seen or claim.on < seen[key].on):
            seen[key] = _Seen(number, claim.kind, claim.name, claim.on, claim.source)
    _note_persons({key: s for key, s in seen.items() if s.kind is SubjectKind.NATURAL_PERSON})
    organisations = {key: s for key, s in seen.items() if s.kind is not SubjectKind.NATURAL_PERSON}
    changed, fresh = _note_organisations(organisations)
    if operators_of:
        changed |= stale({number: who for number, who in reported.items() if number not in changed})
    if changed:
        spell(changed, operators_of=_adding(operators_of, reported), fresh=fresh)


def _adding(operators_of: OperatorsOf | None, reported: Mapping[int, set[str]]) -> OperatorsOf | None:
    """What records on file tell of operators, and what the claims at hand tell."""
    if operators_of is None:
        return None
    known = operators_of
    return lambda numbers: {number: {*names, *reported.get(number, ())} for number, names in known(numbers).items()}


def _note_organisations(seen: Mapping[tuple[int, str], _Seen]) -> tuple[set[int], set[int]]:
    """Keep the new names. (The subjects that got one, those of them that had none before.)"""
    subjects = {number for number, _ in seen}
    latest: dict[int, date] = {}
    known: set[tuple[int, str]] = set()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT subject_id, name, from_on FROM subject_name WHERE subject_id = ANY({NUMBERS})",  # noqa: S608
            [numbers(subjects)],
        )
        for number, name, on in cursor.fetchall():
            known.add((number, name))
            latest[number] = max(on, latest.get(number, on))
        fresh = [s for key, s in sorted(seen.items()) if key not in known]
        cursor.execute(
            f"SELECT id, kind FROM subject WHERE id = ANY({NUMBERS})",  # noqa: S608
            [numbers(s.subject_id for s in fresh)],
        )
        kinds = dict(cursor.fetchall())
    copy_rows(
        [
            SubjectName(
                id=number,
                subject_id=s.subject_id,
                subject_kind=kinds[s.subject_id],
                name=s.name,
                from_on=s.on,
                source=s.source,
            )
            for number, s in zip(take("local", len(fresh)), fresh, strict=True)
        ]
    )
    for s in sorted(fresh, key=lambda one: one.on):
        if s.subject_id in latest and s.on >= latest[s.subject_id]:
            Subject.objects.filter(id=s.subject_id).update(name=s.name, name_key=name_key(s.name))
    changed = {s.subject_id for s in fresh}
    return changed, changed - latest.keys()


def _note_persons(seen: Mapping[tuple[int, str], _Seen]) -> None:
    held: set[tuple[int, str]] = set()
    for row in SubjectIdentity.objects.filter(subject_id__in={number for number, _ in seen}, kind="name"):
        opened = unseal(bytes(row.sealed), aad=selectors.aad(row.subject_id, row.id, "name")).decode()
        held.add((row.subject_id, opened.partition(" ")[2]))
    copy_rows(
        [identity(s.subject_id, "name", f"{s.on} {s.name}") for key, s in sorted(seen.items()) if key not in held]
    )
