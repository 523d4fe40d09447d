"""Somebody came in whom a verifier knows: which account is that, and whose file does it open today?"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import connection, transaction

from xinheng.accounts import selectors as accounts
from xinheng.accounts.identity import Verified
from xinheng.accounts.models import Account
from xinheng.accounts.rules import Role
from xinheng.accounts.services import create_account, grant_role
from xinheng.ledger.models import LawVersion
from xinheng.lib.errors import NotAllowed
from xinheng.store.crypto import blind_now
from xinheng.store.ids import next_id
from xinheng.subjects import selectors
from xinheng.subjects.models import SubjectAccount, SubjectVerification
from xinheng.subjects.rules import OWN, Capacity, Scheme
from xinheng.subjects.services.standing import link_account, unlink_account

LEFT = "verified_for_another"  # why a link ends: the holder was verified, and not for that subject


@transaction.atomic
def enter_verified(*, verified: Verified, law: LawVersion, at: datetime) -> Account:
    """The account of somebody who was verified just now, made at the first time; linked to the file of whom it was.

    Nothing on file: the account is linked to none, and the next verification looks again. Own links to any other
    subject end: a representative who is verified for a company no longer does not open its file. Raises NotAllowed
    ``sign_in_failed`` for an account that was closed.
    """
    _alone(verified)
    number = selectors.account_of_holder(verified.verifier, verified.holder)
    account = _new(verified, law, at) if number is None else accounts.account(number)
    if not account.is_active:
        raise NotAllowed("sign_in_failed")
    subject = selectors.by_identifier(verified.scheme, verified.identifier)
    meant = subject.subject_id if subject else None
    for other in _own_links(account.id):
        if other != meant:
            unlink_account(subject_id=other, account_id=account.id, ground=LEFT, at=at, channel="web")
    if meant is not None:
        capacity = Capacity.SELF if verified.scheme == Scheme.ID else Capacity.REPRESENTATIVE
        link_account(
            subject_id=meant,
            account_id=account.id,
            capacity=capacity,
            verified=verified,
            at=at,
            actor=f"account:{account.id}",
            channel="web",
        )
    SubjectVerification.objects.create(
        id=next_id("local"),
        account_id=account.id,
        verifier=verified.verifier,
        holder_digest=blind_now("verified", f"{verified.verifier}\n{verified.holder}"),
        scheme=verified.scheme,
        level=verified.level[:200],
        at=at,
        subject_id=meant,
    )
    return account


def _alone(verified: Verified) -> None:
    """Two first visits of one holder wait for each other: one account."""
    name = hashlib.sha256(f"verified/{verified.verifier}\n{verified.holder}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(name[:8], "big", signed=True)])


def _own_links(account_id: int) -> list[int]:
    held = SubjectAccount.objects.filter(account_id=account_id, until_at__isnull=True, capacity__in=OWN)
    return sorted(set(held.values_list("subject_id", flat=True)[:1000]))


def _new(verified: Verified, law: LawVersion, at: datetime) -> Account:
    """An account without a password. Of a person's name only the beginning is kept in the open."""
    name = verified.name if verified.scheme == Scheme.USCC else verified.name[:1] + "*"
    account = create_account(
        username=f"verified-{secrets.token_hex(8)}", password=None, organisation=None, display_name=name[:100]
    )
    grant_role(account=account, role=Role.SUBJECT, granted_by=None, second_by=None, channel="web", law=law, at=at)
    return account
