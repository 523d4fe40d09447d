"""The systems of organisations: proposed by one administrator, put into use by another, ended by any at once.

What a machine holds is random and kept only as its SHA-256: 256 bits cannot be guessed, so a hash that is slow on
purpose would protect nothing and would let strangers keep the server busy. Each proposal, grant and revocation is an
entry of the ledger and binds organisation, scopes and the digest of the secret.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now
from django.utils.crypto import constant_time_compare

from xinheng.accounts import selectors
from xinheng.accounts.models import Account, MachineClient, MachineToken, Organisation, SignInAttempt
from xinheng.accounts.rules import TOKEN_LIFE, Scope, locked_until, may_grant_client, may_keep_client
from xinheng.accounts.services.entry import failures
from xinheng.ledger.models import LawVersion
from xinheng.ledger.services import append
from xinheng.lib.errors import Conflict, NotAllowed, NotFound
from xinheng.store.crypto import blind_now
from xinheng.store.ids import next_id
from xinheng.ui import city

_NAME = re.compile(r"xhc_[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Issued:
    """What is shown once and never again: the name of the client and its secret."""

    client_id: str
    secret: str


@transaction.atomic
def propose_client(
    *, organisation: Organisation, name: str, scopes: Collection[Scope], proposed_by: Account, at: datetime
) -> MachineClient:
    """Propose a system of ``organisation``. It can do nothing until another administrator puts it into use.

    Raises NotAllowed by `rules.may_keep_client`.
    """
    _may_keep(organisation.id, proposed_by)
    made = MachineClient.objects.create(
        id=next_id("account"),
        client_id=f"xhc_{secrets.token_hex(8)}",
        organisation=organisation,
        name=name,
        scopes=" ".join(scope.value for scope in Scope if scope in scopes),
        proposed_by=proposed_by.id,
        proposed_at=at,
    )
    actor = f"account:{proposed_by.id}"
    _entry("client.proposed", made, actor=actor, second=None, law=city.pack().label, at=at, name=name)
    return made


@transaction.atomic
def grant_client(*, number: int, second_by: Account, law: LawVersion, at: datetime) -> Issued:
    """Put a proposed client into use, by `rules.may_grant_client`; one entry ``client.granted``. Its secret is given
    here and nowhere else.

    Raises NotFound ``client_unknown``; Conflict ``client_decided`` when it is in use or revoked; NotAllowed with the
    reason of the rule.
    """
    client = _locked(number)
    if client.granted_at is not None or client.revoked_at is not None:
        raise Conflict("client_decided")
    verdict = may_grant_client(
        proposed_by=client.proposed_by,
        second_by=second_by.id,
        proposer_roles=selectors.roles_of(client.proposed_by),
        second_roles=selectors.roles_of(second_by.id),
    )
    if not verdict:
        raise NotAllowed(verdict.reason)
    for taking_part in (selectors.account(client.proposed_by), second_by):
        _may_keep(client.organisation_id, taking_part)
    secret = f"xhs_{secrets.token_urlsafe(32)}"
    client.secret_digest = _digest(secret)
    client.second_by, client.granted_at = second_by.id, at
    client.grant_entry = _entry(
        "client.granted", client, actor=f"account:{client.proposed_by}", second=second_by.id, law=law, at=at
    )
    client.save(update_fields=["secret_digest", "second_by", "granted_at", "grant_entry"])
    return Issued(client.client_id, secret)


@transaction.atomic
def revoke_client(*, number: int, revoked_by: Account, law: LawVersion, at: datetime) -> None:
    """End a client, or a proposal, for good and at once: its tokens open nothing from this commit on. One entry
    ``client.revoked``; one administrator is enough, for waiting would be the danger.

    Raises NotFound ``client_unknown``, Conflict ``client_decided`` when it is revoked, NotAllowed.
    """
    client = _locked(number)
    _may_keep(client.organisation_id, revoked_by)
    if client.revoked_at is not None:
        raise Conflict("client_decided")
    client.revoked_by, client.revoked_at = revoked_by.id, at
    client.revoke_entry = _entry(
        "client.revoked", client, actor=f"account:{revoked_by.id}", second=None, law=law, at=at
    )
    client.save(update_fields=["revoked_by", "revoked_at", "revoke_entry"])


def _may_keep(organisation_id: int, by: Account) -> None:
    verdict = may_keep_client(organisation_id=organisation_id, by=selectors.account_asker(by))
    if not verdict:
        raise NotAllowed(verdict.reason, article=verdict.article or None)


def _locked(number: int) -> MachineClient:
    found = MachineClient.objects.select_for_update(of=("self",)).select_related("organisation").filter(id=number)
    client = found.first()
    if client is None:
        raise NotFound("client_unknown")
    return client


def _entry(
    act: str,
    client: MachineClient,
    *,
    actor: str,
    second: int | None,
    law: LawVersion | str,
    at: datetime,
    **also: str,
) -> int:
    receipt = append(
        act=act,
        at=at,
        law=law,
        actor=actor,
        organisation=client.organisation.code,
        channel="web",
        subject=None,
        ground={},
        result="done",
        fields={},
        data_version="",
        extra={"second": str(second or ""), **selectors.client_line(client), **also},
    )
    return receipt.entry_id


def authenticate_client(*, client_id: str, secret: str, at: datetime) -> selectors.ClientFacts | None:
    """The client that holds ``secret``; None for a wrong name, a wrong secret and a client that is not in use, alike.

    Wrong secrets lock a name as wrong passwords do: raises NotAllowed ``client_locked`` (minutes left), without
    looking at the secret. Every attempt is kept, the name as a keyed digest.
    """
    client, locked = _attempt(client_id, secret, at)
    if locked is not None:
        minutes = -(-int((locked - at).total_seconds()) // 60)
        raise NotAllowed("client_locked", minutes=str(max(minutes, 1)))
    return client


@transaction.atomic
def _attempt(client_id: str, secret: str, at: datetime) -> tuple[selectors.ClientFacts | None, datetime | None]:
    # The lock on the row makes parallel attempts wait for each other, as for people.
    named = MachineClient.objects.select_for_update(of=("self",)).select_related("organisation")
    client = named.filter(client_id=client_id).first() if _NAME.fullmatch(client_id) else None
    until = locked_until(failures("client", client_id, at), at)
    if until is not None:
        return None, until
    fits = client is not None and constant_time_compare(client.secret_digest, _digest(secret)) and _in_use(client)
    digest = blind_now("client", client_id)
    SignInAttempt.objects.create(id=next_id("account"), username_digest=digest, at=at, succeeded=fits)
    return (selectors.client_facts(client) if client is not None and fits else None), None


def _in_use(client: MachineClient) -> bool:
    return client.granted_at is not None and client.revoked_at is None and client.organisation.active


@transaction.atomic
def issue_token(*, number: int, scopes: str) -> str:
    """A new token of a client for `TOKEN_LIFE` by the database's clock; only its digest is kept.

    Raises NotAllowed ``token_invalid`` when the client was revoked since it showed its secret.
    """
    hold_in_force(number=number)
    token = f"xht_{secrets.token_urlsafe(32)}"
    MachineToken.objects.create(
        id=next_id("account"),
        digest=_digest(token),
        client_id=number,
        scopes=scopes,
        expires_at=Now() + TOKEN_LIFE,
    )
    return token


def revoke_token(*, number: int, token: str) -> None:
    """End a token of the client; another's token, or none at all, changes nothing and is no error (RFC 7009)."""
    own = MachineToken.objects.filter(digest=_digest(token), client_id=number, revoked_at__isnull=True)
    own.update(revoked_at=Now())


def hold_in_force(*, number: int) -> None:
    """Make sure, inside the caller's transaction, that the client is still in use when that commits.

    A revocation that comes later waits for the commit; one that came before is seen: raises NotAllowed
    ``token_invalid``.
    """
    held = MachineClient.objects.select_for_update(of=("self",), no_key=True).select_related("organisation")
    client = held.filter(id=number).first()
    if client is None or not _in_use(client):
        raise NotAllowed("token_invalid")


def forget_tokens() -> int:
    """Delete the tokens that are over, by the database's clock; how many they were."""
    return MachineToken.objects.filter(expires_at__lt=Now()).delete()[0]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
