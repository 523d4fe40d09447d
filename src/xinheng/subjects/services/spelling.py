"""Under which spellings may everybody search an organisation? Written with its names, and again when they change.

The name of an individual business may hold its operator's, who is a natural person (INV-4). Who that was only records
tell, so whoever registers or corrects records brings `OperatorsOf`; a business without that knowledge gets no
spelling and is found by its code alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import batched

from django.db import connection, transaction

from xinheng.law.enums import SubjectKind
from xinheng.lib.text import without_names
from xinheng.store.arrays import NUMBERS, numbers
from xinheng.store.copying import copy_rows
from xinheng.store.ids import take
from xinheng.subjects.models import SubjectSpelling
from xinheng.subjects.rules import pairs, plain, spelled
from xinheng.subjects.services.pinyin import latin

OperatorsOf = Callable[[Collection[int]], Mapping[int, Collection[str]]]
BUSINESS = SubjectKind.INDIVIDUAL_BUSINESS
AT_ONCE = 5_000

_NAMES = (  # names of ours
    "SELECT n.subject_id, s.kind, n.name, n.name = s.name FROM subject_name n JOIN subject s ON s.id = n.subject_id"
    " WHERE n.subject_id = ANY(string_to_array(%s, ',')::bigint[]) ORDER BY n.subject_id, n.id"
)
_FORGET = f"DELETE FROM subject_spelling WHERE subject_id = ANY({NUMBERS})"  # noqa: S608 - names of ours
_SPELLED = f"SELECT subject_id, name FROM subject_spelling WHERE subject_id = ANY({NUMBERS})"  # noqa: S608


@transaction.atomic
def spell(subjects: Collection[int], *, operators_of: OperatorsOf | None, fresh: Collection[int] = ()) -> None:
    """Write the spellings of these subjects anew, those of ``fresh`` for the first time; one COPY for all."""
    before = set(subjects) - set(fresh)
    if before:
        with connection.cursor() as cursor:
            cursor.execute(_FORGET, [numbers(before)])
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, [numbers(subjects)])
        names = [(number, SubjectKind(kind), name, present) for number, kind, name, present in cursor.fetchall()]
    businesses = {number for number, kind, _, _ in names if kind is BUSINESS}
    operators = operators_of(businesses) if operators_of and businesses else {}
    known = [one for one in names if one[1] is not BUSINESS or operators_of]
    copy_rows(
        [
            _row(number, subject_id, kind, spelled(name, kind, operators.get(subject_id, ())), present)
            for number, (subject_id, kind, name, present) in zip(take("local", len(known)), known, strict=True)
        ]
    )


def _row(number: int, subject_id: int, kind: SubjectKind, name: str, present: bool) -> SubjectSpelling:
    said = plain(name)
    return SubjectSpelling(
        id=number,
        subject_id=subject_id,
        subject_kind=kind.value,
        present=present,
        name=name,
        plain=said,
        pairs=pairs(said),
        latin=latin(name),
    )


def stale(reported: Mapping[int, Collection[str]]) -> set[int]:
    """Of the businesses for which rows report these operators, those whose spellings still say one of the names, and
    those without any.
    """
    if not reported:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_SPELLED, [numbers(reported)])
        rows = cursor.fetchall()
    found = set(reported) - {number for number, _ in rows}
    return found | {number for number, name in rows if without_names(name, reported[number]) != name}


def spell_all(*, operators_of: OperatorsOf) -> int:
    """Write the spellings of all organisations anew, some thousands at a time. Returns how many organisations."""
    count = 0
    for some in batched(_organisations(), AT_ONCE, strict=False):
        spell(some, operators_of=operators_of)
        count += len(some)
    return count


def spell_earlier(*, operators_of: OperatorsOf) -> int:
    """Spell what was registered before spellings were kept; nothing when there are any. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM subject_spelling), EXISTS (SELECT FROM subject_name)")
        spelt, named = cursor.fetchone()
    return spell_all(operators_of=operators_of) if named and not spelt else 0


def _organisations() -> Iterator[int]:
    """The numbers of all subjects with an open name, in order."""
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM subject WHERE id > %s AND kind <> 'natural_person' ORDER BY id LIMIT %s",
                [last, AT_ONCE],
            )
            found = [number for (number,) in cursor.fetchall()]
        if not found:
            return
        yield from found
        last = found[-1]
