"""May every organisation be searched under its own names and no other? Registered with `ledger verify`.

A spelling follows from a name, and names follow from records. That of an individual business hides its operators: who
they were when it was written is not always known later, so there a spelling must be a name of the business with
something hidden, and hide every operator whom records tell of (INV-4).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import batched
from typing import Any

from xinheng.law.enums import SubjectKind
from xinheng.ledger.verify import Damage, Finding, Tally, Verification, stream
from xinheng.lib.text import STARS, without_names
from xinheng.records.services.spelling import operators_by
from xinheng.subjects.models import Subject, SubjectName, SubjectSpelling
from xinheng.subjects.rules import pairs, plain
from xinheng.subjects.services.pinyin import latin
from xinheng.ui import city

CHUNK = 2000
TABLE = "subject_spelling"
BUSINESS = SubjectKind.INDIVIDUAL_BUSINESS
_STRAYS = """
SELECT s.subject_id FROM subject_spelling s LEFT JOIN subject o ON o.id = s.subject_id
WHERE o.id IS NULL OR o.kind <> s.subject_kind ORDER BY s.subject_id
"""
Spelt = tuple[str, bool]  # the name that may be shown, and whether it is the present one


def check_spellings(verification: Verification) -> Iterator[Finding]:
    """One CheckResult ``spellings``, counting organisations."""
    tally = Tally("spellings")
    known = Subject.objects.exclude(kind=SubjectKind.NATURAL_PERSON.value).order_by("id")
    operators_of = operators_by(city.pack())
    for part in batched(known.values_list("id", "kind", "name").iterator(CHUNK), CHUNK, strict=False):
        tally.count += len(part)
        ids = [number for number, _, _ in part]
        names, rows = _names(ids), _rows(ids)
        businesses = {number for number, kind, _ in part if kind == BUSINESS}
        operators = operators_of(businesses) if businesses else {}
        for number, kind, present in part:
            written = rows.get(number, [])
            yield from _forms(tally, number, written)
            spelt = [(row.name, row.present) for row in written]
            lawful = [(name, name == present) for name in names.get(number, [])]
            if kind == BUSINESS:
                yield from _business(tally, number, spelt, lawful, operators.get(number, ()))
            elif Counter(spelt) != Counter(lawful):
                yield _differs(tally, number, lawful, spelt)
    for (number,) in stream(_STRAYS):
        yield tally.damage("spelling_astray", TABLE, expected="an organisation", found="none", subject=number)
    yield tally.result()


def _names(ids: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for number, name in SubjectName.objects.filter(subject_id__in=ids).values_list("subject_id", "name"):
        found.setdefault(number, []).append(name)
    return found


def _rows(ids: Collection[int]) -> dict[int, list[SubjectSpelling]]:
    found: dict[int, list[SubjectSpelling]] = {}
    for row in SubjectSpelling.objects.filter(subject_id__in=ids):
        found.setdefault(row.subject_id, []).append(row)
    return found


def _forms(tally: Tally, number: int, rows: Collection[SubjectSpelling]) -> Iterator[Damage]:
    """What is searched follows from what is shown."""
    for row in rows:
        said = plain(row.name)
        expected: tuple[Any, ...] = (said, pairs(said), latin(row.name))
        found = (row.plain, row.pairs, row.latin)
        if found != expected:
            yield tally.damage("spelling_form", TABLE, expected=expected, found=found, subject=number)


def _business(
    tally: Tally, number: int, spelt: Collection[Spelt], lawful: Collection[Spelt], operators: Collection[str]
) -> Iterator[Damage]:
    """Each spelling is a name of the business with parts hidden, and says no operator."""
    for name, present in spelt:
        hidden = re.compile(re.escape(name).replace(re.escape(STARS), ".+"), re.DOTALL)
        if not any(present == now and hidden.fullmatch(one) for one, now in lawful):
            yield _differs(tally, number, lawful, [(name, present)])
        elif without_names(name, operators) != name:
            yield tally.damage("spelling_says_operator", TABLE, expected="hidden", found="a name", subject=number)


def _differs(tally: Tally, number: int, expected: Collection[Spelt], found: Collection[Spelt]) -> Damage:
    return tally.damage("spelling_differs", TABLE, expected=sorted(expected), found=sorted(found), subject=number)
