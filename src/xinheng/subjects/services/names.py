"""Under which names was a subject seen, and how are they sorted and kept?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import connection
from pypinyin import lazy_pinyin
from pypinyin.seg.mmseg import seg

from xinheng.law.enums import SubjectKind
from xinheng.store.arrays import NUMBERS, numbers
from xinheng.store.copying import copy_rows
from xinheng.store.crypto import seal, unseal
from xinheng.store.ids import next_id, take
from xinheng.subjects import selectors
from xinheng.subjects.models import Subject, SubjectIdentity, SubjectName
from xinheng.subjects.rules import SubjectClaim


def name_key(name: str) -> str:
    """The pinyin by which a name is sorted (the database has no Chinese collation)."""
    return "".join(_reading(part) for part in seg.cut(name)).lower()[:800]


@lru_cache(maxsize=50_000)
def _reading(part: str) -> str:
    """The pinyin of a word; names of enterprises share most of theirs."""
    return "".join(lazy_pinyin([part]))


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


def note_names(named: Iterable[tuple[SubjectClaim, int]]) -> None:
    """Keep names that are new: openly for organisations, sealed for persons. Known ones write nothing."""
    seen: dict[tuple[int, str], _Seen] = {}
    for claim, number in named:
        key = (number, claim.name)
        if claim.name and (key not in seen or claim.on < seen[key].on):
            seen[key] = _Seen(number, claim.kind, claim.name, claim.on, claim.source)
    _note_persons({key: s for key, s in seen.items() if s.kind is SubjectKind.NATURAL_PERSON})
    _note_organisations({key: s for key, s in seen.items() if s.kind is not SubjectKind.NATURAL_PERSON})


def _note_organisations(seen: Mapping[tuple[int, str], _Seen]) -> None:
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


def _note_persons(seen: Mapping[tuple[int, str], _Seen]) -> None:
    held: set[tuple[int, str]] = set()
    for row in SubjectIdentity.objects.filter(subject_id__in={number for number, _ in seen}, kind="name"):
        opened = unseal(bytes(row.sealed), aad=selectors.aad(row.subject_id, row.id, "name")).decode()
        held.add((row.subject_id, opened.partition(" ")[2]))
    copy_rows(
        [identity(s.subject_id, "name", f"{s.on} {s.name}") for key, s in sorted(seen.items()) if key not in held]
    )
