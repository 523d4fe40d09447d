"""The verbs of the subjects: find or register, link an account, freeze, forget.

A subject is registered key first, in the same transaction: two that register the same identifier at once end with
one subject.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from pypinyin import lazy_pinyin
from pypinyin.seg.mmseg import seg

from xinheng.accounts.models import Account
from xinheng.accounts.services.staff import PLATFORM
from xinheng.law.enums import SubjectKind
from xinheng.law.pack import Pack
from xinheng.ledger.models import LawVersion
from xinheng.ledger.rules import SubjectRef
from xinheng.ledger.services import append, publish_pack
from xinheng.lib.clock import day_of, stamp
from xinheng.lib.errors import BadInput
from xinheng.store.arrays import NUMBERS, TEXTS, numbers, texts
from xinheng.store.copying import copy_rows
from xinheng.store.crypto import blind_now, seal, unseal
from xinheng.store.ids import next_id, take
from xinheng.subjects import selectors
from xinheng.subjects.models import AccountSubject, Subject, SubjectAccount, SubjectIdentity, SubjectKey, SubjectName
from xinheng.subjects.rules import Capacity, Scheme, SubjectClaim, fault, section
from xinheng.ui import city


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
def find_or_register_many(claims: Sequence[SubjectClaim], *, law_version: LawVersion, at: datetime) -> list[int]:
    """Subject numbers in the order of ``claims``; new subjects are registered, new names of known ones are noted.

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
    _note_names(zip(claims, ids, strict=True))
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
        [_identity(fresh[main], str(claim.scheme), claim.identifier) for main, claim in own.items() if claim.personal]
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


def name_key(name: str) -> str:
    """The pinyin by which a name is sorted (the database has no Chinese collation)."""
    return "".join(_reading(part) for part in seg.cut(name)).lower()[:800]


@lru_cache(maxsize=50_000)
def _reading(part: str) -> str:
    """The pinyin of a word; names of enterprises share most of theirs."""
    return "".join(lazy_pinyin([part]))


def _identity(subject_id: int, kind: str, text: str) -> SubjectIdentity:
    number = next_id("local")
    sealed = seal(text.encode(), aad=selectors.aad(subject_id, number, kind))
    return SubjectIdentity(id=number, subject_id=subject_id, kind=kind, sealed=sealed)


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


# Names -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Seen:
    """A name under which a subject was seen, and the day."""

    subject_id: int
    kind: SubjectKind
    name: str
    on: date
    source: str


def _note_names(named: Iterable[tuple[SubjectClaim, int]]) -> None:
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
        [_identity(s.subject_id, "name", f"{s.on} {s.name}") for key, s in sorted(seen.items()) if key not in held]
    )


# Accounts, freezing, forgetting -------------------------------------------------------------------------------------


@transaction.atomic
def link_account(
    *,
    subject_id: int,
    account_id: int,
    capacity: Capacity,
    at: datetime,
    actor: str = PLATFORM,
    organisation: str = "",
    channel: str = "system",
) -> None:
    """Let an account stand for a subject; one ledger entry ``subject.linked`` about the subject.

    Capacity self makes it the account's own file. Linked already: nothing changes.
    """
    subject = selectors.lock(subject_id)
    running = SubjectAccount.objects.filter(
        subject_id=subject_id, account_id=account_id, capacity=capacity.value, until_at__isnull=True
    )
    if running.exists():
        return
    link = SubjectAccount.objects.create(
        id=next_id("local"), subject_id=subject_id, account_id=account_id, capacity=capacity.value, from_at=at
    )
    if capacity in (Capacity.SELF, Capacity.REPRESENTATIVE):
        AccountSubject.objects.bulk_create(
            [AccountSubject(account_id=account_id, subject_id=subject_id)], ignore_conflicts=True
        )
    own = AccountSubject.objects.filter(account_id=account_id, subject_id=subject_id).exists()
    append(
        act="subject.linked",
        at=at,
        law=city.pack().label,
        actor=actor,
        organisation=organisation,
        channel=channel,
        subject=SubjectRef(subject.subject_id, subject.tag),
        ground={},
        result="done",
        fields={
            "link": str(link.id),
            "account": str(account_id),
            "capacity": capacity.value,
            "from": stamp(at),
            "own_file": own,
            "name": subject.name,
            "code": subject.code,
        },
    )


@transaction.atomic
def freeze(
    *,
    subject_id: int,
    ground: str,
    article: str,
    actor: str,
    at: datetime,
    organisation: str = "",
    channel: str = "system",
) -> None:
    """Freeze disclosure after death or loss of capacity (SUB-1); one ledger entry ``subject.frozen``.

    ``ground`` is a stable code. Frozen already: nothing changes.
    """
    subject = selectors.lock(subject_id)
    if subject.frozen:
        return
    Subject.objects.filter(id=subject_id).update(frozen=True)
    append(
        act="subject.frozen",
        at=at,
        law=city.pack().label,
        actor=actor,
        organisation=organisation,
        channel=channel,
        subject=SubjectRef(subject.subject_id, subject.tag),
        ground={"ground": ground, "article": article},
        result="done",
        fields={},
    )


@transaction.atomic
def forget_identity(*, subject_id: int) -> bool:
    """Destroy the name, the identifiers and the keys of a person about whom nothing is kept any more.

    A person who has an account keeps the identity: it opens the own file. Returns whether it was destroyed. The
    subject's bare number stays; a later record of the same person begins a new file.
    """
    subject = selectors.lock(subject_id)
    if subject.kind is not SubjectKind.NATURAL_PERSON or SubjectAccount.objects.filter(subject_id=subject_id).exists():
        return False
    for kind, identifier in selectors.open_identities(subject_id):
        if kind != "name":
            SubjectKey.objects.filter(key__in=selectors.keys_of(kind, identifier), subject_id=subject_id).delete()
    SubjectIdentity.objects.filter(subject_id=subject_id).delete()
    return True


@transaction.atomic
def link_demo_subjects(*, pack: Pack, at: datetime) -> int:
    """Register the invented subjects behind the demo's own-file accounts and link them. Idempotent. Returns how
    many.
    """
    law = publish_pack(pack=pack, at=at)
    rows: tuple[Mapping[str, Any], ...] = pack.demo.get("accounts") or ()  # type: ignore[assignment]
    for row in rows:
        kind, scheme, identifier, name = _demo_subject(pack, row["subject"])
        number = find_or_register(
            kind=kind, scheme=scheme, identifier=identifier, name=name, on=day_of(at, pack.zone), law_version=law, at=at
        )
        account = Account.objects.get(username=row["username"])
        link_account(subject_id=number, account_id=account.id, capacity=Capacity(row["capacity"]), at=at)
    return len(rows)


def _demo_subject(pack: Pack, named: Mapping[str, Any]) -> tuple[SubjectKind, Scheme, str, str]:
    """(kind, scheme, identifier, name) of a subject that demo.yaml names by a person's key or by a code."""
    if named.get("person"):
        people: Any = pack.demo.get("persons") or ()
        person = next(p for p in people if p["key"] == named["person"])
        return SubjectKind.NATURAL_PERSON, Scheme.ID, person["id_number"], person["name"]
    bodies: Any = (*(pack.demo.get("enterprises") or ()), *(pack.demo.get("individual_businesses") or ()))
    body = next(b for b in bodies if b["code"] == named["code"])
    name = body["name"]
    return SubjectKind(named["kind"]), Scheme.USCC, body["code"], name["zh"] if isinstance(name, Mapping) else name
