"""Which subject does an identifier mean, what is it called, and who may act for it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from xinheng.law.enums import SubjectKind
from xinheng.ledger.rules import SubjectRef
from xinheng.lib.errors import NotFound
from xinheng.store.crypto import blind, unseal
from xinheng.store.guard import across_subjects
from xinheng.subjects.models import (
    AccountSubject,
    Subject,
    SubjectAccount,
    SubjectIdentity,
    SubjectName,
    SubjectVerification,
)
from xinheng.subjects.rules import Capacity, NameSpan, Scheme, Standing, SubjectFacts, schemes_of, section, spans

Pair = tuple[str | None, str]  # scheme or None when the shape tells, canonical identifier


def keys_of(scheme: str, identifier: str) -> list[str]:
    """The keys under which a subject with this identifier may be found: persons under every live key version."""
    if scheme in (Scheme.ID, Scheme.DOC):
        return [f"{scheme}:{digest}" for digest in blind(scheme, identifier)]
    return [f"{scheme}:{identifier}"]


_READ = (
    "SELECT k.key, s.id, s.kind, s.name, s.code, s.tag, s.frozen"
    " FROM subject_key k JOIN subject s ON s.id = k.subject_id WHERE k.key = ANY(%s)"
)
_LOCK = _READ + " ORDER BY s.id FOR NO KEY UPDATE OF s"
# The setting holds for this statement already, and until the transaction ends.
_BRIEFLY = " JOIN set_config('lock_timeout', '200ms', true) ON true WHERE"
_LOCK_BRIEFLY = _LOCK.replace(" WHERE", _BRIEFLY)


def by_identifiers(pairs: Sequence[Pair]) -> list[SubjectFacts | None]:
    """The subjects of ``pairs`` in their order, None where there is none; one statement."""
    return _match(pairs, _READ)


def lock_by_identifiers(pairs: Sequence[Pair], *, brief: bool = False) -> list[SubjectFacts | None]:
    """`by_identifiers` that also locks the subjects, in the order of their ids; one statement, inside a transaction.

    ``brief``: the whole transaction waits for no lock longer than a moment; OperationalError when it would have to.
    """
    return _match(pairs, _LOCK_BRIEFLY if brief else _LOCK)


def by_identifier(scheme: str | None, identifier: str) -> SubjectFacts | None:
    """The subject with this identifier, or None. ``scheme`` None: the shape tells (9: org; 18: uscc, then id)."""
    return by_identifiers([(scheme, identifier)])[0]


def by_code(uscc: str) -> SubjectFacts | None:
    """The organisation at a public address, or None. Persons have no public address."""
    found = by_identifier(Scheme.USCC, uscc)
    return None if found is None or found.kind is SubjectKind.NATURAL_PERSON else found


def _match(pairs: Sequence[Pair], statement: str) -> list[SubjectFacts | None]:
    wanted = [_candidates(scheme, identifier) for scheme, identifier in pairs]
    keys = sorted({key for candidates in wanted for key in candidates})
    found = _read(statement, keys) if keys else {}
    return [_first(candidates, found, pair) for candidates, pair in zip(wanted, pairs, strict=True)]


def _first(candidates: Sequence[str], found: Mapping[str, SubjectFacts], pair: Pair) -> SubjectFacts | None:
    return next((s for key in candidates if (s := _fits(key, found.get(key), pair))), None)


def _candidates(scheme: str | None, identifier: str) -> list[str]:
    keys: list[str] = []
    for one in (Scheme(scheme),) if scheme else schemes_of(identifier):
        keys += keys_of(one, identifier)
        if one is Scheme.USCC:
            keys += keys_of(Scheme.ORG, section(identifier))
    return keys


def _fits(key: str, subject: SubjectFacts | None, pair: Pair) -> SubjectFacts | None:
    """An organisation found by the organisation code inside a USCC is meant only while no other USCC of it is known."""
    if subject is None or not key.startswith("org:") or len(pair[1]) == 9:
        return subject
    return subject if subject.code in (pair[1], section(pair[1])) else None


def _read(statement: str, keys: list[str]) -> dict[str, SubjectFacts]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [keys])
        return {
            key: SubjectFacts(number, SubjectKind(kind), name, code, bytes(tag), frozen)
            for key, number, kind, name, code, tag, frozen in cursor.fetchall()
        }


def facts(subject_id: int) -> SubjectFacts:
    """The subject of this number. Raises NotFound."""
    found = Subject.objects.filter(id=subject_id).first()
    if found is None:
        raise NotFound("subject_unknown")
    return found.facts()


def facts_many(subject_ids: Iterable[int]) -> dict[int, SubjectFacts]:
    """Subjects by number, one statement; unknown numbers are absent."""
    return {s.id: s.facts() for s in Subject.objects.filter(id__in=set(subject_ids))}


def lock(subject_id: int) -> SubjectFacts:
    """Lock one subject for the transaction and return its facts. Several: one by one in id order. Raises NotFound."""
    found = Subject.objects.select_for_update(no_key=True).filter(id=subject_id).first()
    if found is None:
        raise NotFound("subject_unknown")
    return found.facts()


def ref(subject_id: int) -> SubjectRef:
    """How the ledger refers to this subject."""
    return SubjectRef(subject_id, facts(subject_id).tag)


def aad(subject_id: int, identity_id: int, kind: str) -> bytes:
    """What an encrypted identity is bound to: its place, so that no row can stand in for another."""
    return f"subject_identity/{subject_id}/{identity_id}/{kind}".encode()


def open_identities(subject_id: int) -> list[tuple[str, str]]:
    """(kind, text) of a person's sealed identities, oldest first; a name's text begins with the day it was seen on."""
    rows = SubjectIdentity.objects.filter(subject_id=subject_id).order_by("id")
    return [(row.kind, unseal(bytes(row.sealed), aad=aad(subject_id, row.id, row.kind)).decode()) for row in rows]


def display_name(subject_id: int) -> str:
    """The name of a subject. Opens a person's sealed name: only for an asker whom the law admits."""
    subject = facts(subject_id)
    if subject.kind is not SubjectKind.NATURAL_PERSON:
        return subject.name
    dated = [text for kind, text in open_identities(subject_id) if kind == "name"]
    return max(dated, default="").partition(" ")[2]


def identifier_of(subject_id: int) -> str:
    """The code of an organisation, the opened identifier of a person: only for an asker whom the law admits."""
    subject = facts(subject_id)
    if subject.kind is not SubjectKind.NATURAL_PERSON:
        return subject.code
    return next((text for kind, text in open_identities(subject_id) if kind != "name"), "")


def name_history(subject_id: int) -> list[NameSpan]:
    """The names of an organisation over time; empty for a person."""
    rows = SubjectName.objects.filter(subject_id=subject_id)
    return spans(rows.values_list("name", "from_on", "until_on", "source"))


def own_subject(account_id: int) -> int | None:
    """The subject whose own file this account opens, or None; who no longer stands for it opens nothing."""
    number = AccountSubject.objects.filter(account_id=account_id).values_list("subject_id", flat=True).first()
    if number is None:
        return None
    standing = SubjectAccount.objects.filter(subject_id=number, account_id=account_id)
    return number if standing.filter(Q(until_at__isnull=True) | Q(until_at__gt=Now())).exists() else None


@across_subjects("which accounts have an own file; by the primary key, for the accounts of a few lines of the log")
def own_subjects(account_ids: Iterable[int]) -> dict[int, int]:
    """`own_subject` for several accounts; those without an own file are absent."""
    return dict(AccountSubject.objects.filter(account_id__in=set(account_ids)).values_list("account_id", "subject_id"))


@across_subjects("the subjects one account stands for; index on the account, few rows")
def standings(account_id: int, at: datetime) -> tuple[Standing, ...]:
    """For whom the account stands at the instant ``at``: its own file first, then as it was linked.

    Who stands for a subject in two capacities is named once, by the first of `Capacity`. An ended standing is none.
    """
    running = SubjectAccount.objects.filter(account_id=account_id, from_at__lte=at)
    running = running.filter(Q(until_at__isnull=True) | Q(until_at__gt=at)).order_by("id")
    found: dict[int, Capacity] = {}
    ranked = {capacity: rank for rank, capacity in enumerate(Capacity)}
    for subject_id, word in running.values_list("subject_id", "capacity")[:1000]:
        capacity = Capacity(word)
        found[subject_id] = min(found.get(subject_id, capacity), capacity, key=ranked.__getitem__)
    own = own_subject(account_id)
    ordered = sorted(found.items(), key=lambda pair: pair[0] != own)
    return tuple(Standing(subject_id, capacity) for subject_id, capacity in ordered)


def account_of_holder(verifier: str, holder: str) -> int | None:
    """The account under which somebody whom a verifier knows came before, or None."""
    known = SubjectVerification.objects.filter(holder_digest__in=blind("verified", f"{verifier}\n{holder}"))
    return known.order_by("-id").values_list("account_id", flat=True).first()


def verified_without_file(account_id: int) -> bool:
    """Whether the newest verification of an account found nothing on file about whom it was."""
    newest = SubjectVerification.objects.filter(account_id=account_id).order_by("-id").first()
    return newest is not None and newest.subject_id is None


def codes_of(subject_ids: Iterable[int]) -> Mapping[int, str]:
    """Organisation codes by subject number."""
    return dict(Subject.objects.filter(id__in=set(subject_ids)).values_list("id", "code"))
