"""What happens to a registered subject: an account is linked, disclosure freezes, an identity is forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from xinheng.accounts.identity import Verified
from xinheng.accounts.models import Account
from xinheng.accounts.services.staff import PLATFORM
from xinheng.law.enums import SubjectKind
from xinheng.law.pack import Pack
from xinheng.ledger.rules import SubjectRef
from xinheng.ledger.services import append, publish_pack
from xinheng.lib.clock import day_of, stamp
from xinheng.lib.errors import NotAllowed
from xinheng.store.ids import next_id
from xinheng.subjects import selectors
from xinheng.subjects.models import AccountSubject, Subject, SubjectAccount, SubjectIdentity, SubjectKey
from xinheng.subjects.rules import OWN, Capacity, Scheme
from xinheng.subjects.services.registering import find_or_register
from xinheng.ui import city


@transaction.atomic
def link_account(
    *,
    subject_id: int,
    account_id: int,
    capacity: Capacity,
    verified: Verified,
    at: datetime,
    actor: str = PLATFORM,
    organisation: str = "",
    channel: str = "system",
) -> None:
    """Let an account stand for a subject; one ledger entry ``subject.linked`` about the subject, with the verifier.

    Capacity self makes it the account's own file. Linked already: nothing changes. Raises NotAllowed
    ``verified_another`` when it is the subject itself, or its representative, and somebody else was verified. An agent
    or a guardian is verified as himself; what makes him one is for the caller to look at.
    """
    subject = selectors.lock(subject_id)
    if capacity in OWN:
        meant = selectors.by_identifier(verified.scheme, verified.identifier)
        if meant is None or meant.subject_id != subject_id:
            raise NotAllowed("verified_another")
    running = SubjectAccount.objects.filter(
        subject_id=subject_id, account_id=account_id, capacity=capacity.value, until_at__isnull=True
    )
    if running.exists():
        return
    link = SubjectAccount.objects.create(
        id=next_id("local"), subject_id=subject_id, account_id=account_id, capacity=capacity.value, from_at=at
    )
    if capacity in OWN:
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
        ground={"verifier": verified.verifier, "level": verified.level},
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
def unlink_account(
    *,
    subject_id: int,
    account_id: int,
    ground: str,
    at: datetime,
    actor: str = PLATFORM,
    organisation: str = "",
    channel: str = "system",
    reason: str = "",
) -> int:
    """End every link of an account to a subject: from now on it opens nothing of that file. How many links ended.

    One ledger entry ``subject.unlinked`` for each, about the subject. ``ground`` is a stable code: why it ended;
    ``reason``: what somebody wrote of it.
    """
    subject = selectors.lock(subject_id)
    running = SubjectAccount.objects.filter(subject_id=subject_id, account_id=account_id, until_at__isnull=True)
    ended = list(running.order_by("id"))
    running.update(until_at=at)
    AccountSubject.objects.filter(account_id=account_id, subject_id=subject_id).delete()
    for link in ended:
        append(
            act="subject.unlinked",
            at=at,
            law=city.pack().label,
            actor=actor,
            organisation=organisation,
            channel=channel,
            subject=SubjectRef(subject.subject_id, subject.tag),
            ground={"ground": ground, "reason": reason} if reason else {"ground": ground},
            result="done",
            fields={
                "link": str(link.id),
                "account": str(account_id),
                "capacity": str(link.capacity),
                "until": stamp(at),
            },
        )
    return len(ended)


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
    held = SubjectAccount.objects.filter(subject_id=subject_id, until_at__isnull=True)
    if subject.kind is not SubjectKind.NATURAL_PERSON or held.exists():
        return False
    for kind, identifier in selectors.open_identities(subject_id):
        if kind != "name":
            SubjectKey.objects.filter(key__in=selectors.keys_of(kind, identifier), subject_id=subject_id).delete()
    SubjectIdentity.objects.filter(subject_id=subject_id).delete()
    return True


@transaction.atomic
def link_demo_subjects(*, pack: Pack, at: datetime) -> int:
    """Register the invented subjects behind the demo's own-file accounts and link them. Idempotent. Returns how
    many accounts.
    """
    law = publish_pack(pack=pack, at=at)
    rows: tuple[Mapping[str, Any], ...] = pack.demo.get("accounts") or ()  # type: ignore[assignment]
    for row in rows:
        account = Account.objects.get(username=row["username"])
        for one in (row, *(row.get("also") or ())):
            kind, scheme, identifier, name = _demo_subject(pack, one["subject"])
            number = find_or_register(
                kind=kind,
                scheme=scheme,
                identifier=identifier,
                name=name,
                on=day_of(at, pack.zone),
                law_version=law,
                at=at,
            )
            verified = Verified("demo", row["username"], scheme.value, identifier, name, "demo", at)
            link_account(
                subject_id=number, account_id=account.id, capacity=Capacity(one["capacity"]), verified=verified, at=at
            )
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
