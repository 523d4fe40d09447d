"""How is a subject found or registered by the identifier that a row names?

A subject is registered key first, in the same transaction: two that register the same identifier at once end with
one subject.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import connection, transaction

from xinheng.law.enums import SubjectKind
from xinheng.ledger.models import LawVersion
from xinheng.lib.errors import BadInput
from xinheng.store.arrays import NUMBERS, TEXTS, numbers, texts
from xinheng.store.copying import copy_rows
from xinheng.store.crypto import blind_now
from xinheng.store.ids import take
from xinheng.subjects import selectors
from xinheng.subjects.models import Subject
from xinheng.subjects.rules import Scheme, SubjectClaim, fault, section
from xinheng.subjects.services.names import identity, note_names
from xinheng.subjects.services.pinyin import name_key
from xinheng.subjects.services.spelling import OperatorsOf


def find_or_register(
    *,
    kind: SubjectKind,
    scheme: Scheme,
    identifier: str,
    name: str,
    on: date,
    law_version: LawVersion,
    at: datetime,
    source: str = "",
) -> int:
    """The number of the subject with this identifier, registered when it is new. See `find_or_register_many`."""
    claim = SubjectClaim(kind, scheme, identifier, name, on, source)
    return find_or_register_many([claim], law_version=law_version, at=at)[0]


@transaction.atomic
def find_or_register_many(
    claims: Sequence[SubjectClaim], *, law_version: LawVersion, at: datetime, operators_of: OperatorsOf | None = None
) -> list[int]:
    """Subject numbers in the order of ``claims``; new subjects are registered, new names of known ones are noted.

    ``operators_of`` tells whose names everybody's search must not find inside the name of a business.
    Raises BadInput: ``placeholder_identifies_nobody``, ``subject_without_identifier``, ``identifier_of_another_kind``.
    """
    for claim in claims:
        code = fault(claim)
        if code:
            raise BadInput(code)
    mains = [_main_key(claim) for claim in claims]
    known = _known(claims, mains)
    pending: dict[str, SubjectClaim] = {}
    for main, claim in sorted(zip(mains, claims, strict=True), key=lambda pair: (pair[0], -pair[1].on.toordinal())):
        if main not in known:
            pending.setdefault(main, claim)  # the claim with the latest day names the new subject
    known |= _register(pending, law_version, at)
    ids = [known[main] for main in mains]
    note_names(zip(claims, ids, strict=True), operators_of)
    return ids


def _main_key(claim: SubjectClaim) -> str:
    """The key that is written for this claim."""
    if claim.personal:
        return f"{claim.scheme}:{blind_now(claim.scheme, claim.identifier)}"
    return f"{claim.scheme}:{claim.identifier}"


def _known(claims: Sequence[SubjectClaim], mains: Sequence[str]) -> dict[str, int]:
    """Main key -> subject of those registered before, persons under any live key version (the newest key is then
    added).
    """
    found = selectors.by_identifiers([(claim.scheme, claim.identifier) for claim in claims])
    known: dict[str, int] = {}
    for main, claim, subject in zip(mains, claims, found, strict=True):
        # An organisation known by its organisation code alone still lacks the USCC: registration adds it.
        if subject is not None and (claim.personal or subject.code == claim.identifier or claim.scheme is Scheme.ORG):
            known[main] = subject.subject_id
    _insert_keys(
        {main: known[main] for main, claim in zip(mains, claims, strict=True) if claim.personal and main in known}
    )
    return known


def _register(pending: Mapping[str, SubjectClaim], law_version: LawVersion, at: datetime) -> dict[str, int]:
    """Register what is new: keys first, then subjects. Returns main key -> subject."""
    if not pending:
        return {}
    fresh = dict(zip(pending, take("subject", len(pending)), strict=True))
    firsts = {main: f"org:{section(c.identifier)}" if c.scheme is Scheme.USCC else main for main, c in pending.items()}
    by_first: dict[str, int] = {}
    for main in pending:
        by_first.setdefault(firsts[main], fresh[main])
    owners = _insert_keys(by_first)
    resolved = _resolve(pending, fresh, {main: owners[firsts[main]] for main in pending})
    owners = _insert_keys({main: resolved[main] for main, c in pending.items() if c.scheme is Scheme.USCC})
    resolved |= owners
    _create(pending, fresh, resolved, law_version, at)
    return resolved


def _resolve(pending: Mapping[str, SubjectClaim], fresh: Mapping[str, int], owner: Mapping[str, int]) -> dict[str, int]:
    """Whose subject each pending claim is: its own fresh number, or the owner of its first key.

    A USCC joins the subject that has its organisation code, unless another USCC is known there: two different USCC
    never become one subject.
    """
    others = {number for main, number in owner.items() if number != fresh[main]}
    codes = dict(selectors.codes_of(others))
    codes |= {number: pending[main].identifier for main, number in fresh.items() if number in others}
    resolved: dict[str, int] = {}
    for main, claim in pending.items():
        number = owner[main]
        separate = claim.scheme is Scheme.USCC and number != fresh[main]
        if separate and codes[number] in (claim.identifier, section(claim.identifier)):
            separate = False
            codes[number] = claim.identifier
        resolved[main] = fresh[main] if separate else number
    return resolved


def _create(
    pending: Mapping[str, SubjectClaim],
    fresh: Mapping[str, int],
    resolved: Mapping[str, int],
    law_version: LawVersion,
    at: datetime,
) -> None:
    own = {main: claim for main, claim in pending.items() if resolved[main] == fresh[main]}
    copy_rows([_subject(fresh[main], claim, law_version, at) for main, claim in own.items()])
    for main, claim in pending.items():
        if claim.scheme is Scheme.USCC and main not in own:  # the organisation code was known before, now the USCC is
            Subject.objects.filter(id=resolved[main]).update(code=claim.identifier)
    copy_rows(
        [identity(fresh[main], str(claim.scheme), claim.identifier) for main, claim in own.items() if claim.personal]
    )


def _subject(number: int, claim: SubjectClaim, law_version: LawVersion, at: datetime) -> Subject:
    name = "" if claim.personal else claim.name
    return Subject(
        id=number,
        kind=claim.kind.value,
        name=name,
        code="" if claim.personal else claim.identifier,
        name_key=name_key(name),
        tag=secrets.token_bytes(16),
        law_version=law_version,
        created_at=at,
    )


def _insert_keys(wanted: Mapping[str, int]) -> dict[str, int]:
    """Insert keys that are free, in key order; return the owner of each. Waits for another transaction that inserts
    the same.
    """
    if not wanted:
        return {}
    keys = sorted(wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO subject_key (key, subject_id) SELECT * FROM unnest({TEXTS}, {NUMBERS})"  # noqa: S608
            " ON CONFLICT (key) DO NOTHING",
            [texts(keys), numbers(wanted[key] for key in keys)],
        )
        if cursor.rowcount == len(keys):
            return dict(wanted)
        # A statement of its own: only now is a row visible that the conflict waited for.
        cursor.execute(f"SELECT key, subject_id FROM subject_key WHERE key = ANY({TEXTS})", [texts(keys)])  # noqa: S608
        return dict(cursor.fetchall())
