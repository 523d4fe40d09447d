"""Rights end by one administrator, at once and with a reason: waiting for a second person would be the danger.

Roles and powers are read at every request, so an end holds from the next one on. The last administrator of the
department that keeps the register stays: without one nobody could ever give a right again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from xinheng.accounts import selectors
from xinheng.accounts.models import Account, AccountRole, Organisation, OrganisationPower, SignInAttempt
from xinheng.accounts.rules import LOCKED_FOR, GrantKind, Role, Target, locked_until, may_administer, may_open_way
from xinheng.accounts.selectors import rights
from xinheng.accounts.services.entry import failures
from xinheng.accounts.services.judging import CHANNEL, competent_article, hold_rights, refuse_unless
from xinheng.accounts.services.staff import enter_organisation
from xinheng.law.pack import Pack
from xinheng.ledger.selectors import law_version
from xinheng.ledger.services import append
from xinheng.lib.errors import BadInput, Conflict, NotAllowed, NotFound
from xinheng.store.crypto import blind


@transaction.atomic
def revoke_role(*, number: int, reason: str, by: Account, pack: Pack, at: datetime) -> AccountRole:
    """End a role; one entry ``role.revoked``.

    Raises NotFound ``role_unknown``, Conflict ``role_ended``, NotAllowed by `rules.may_administer` or
    ``last_administrator``, BadInput ``end_without_reason``.
    """
    hold_rights()
    row = AccountRole.objects.select_related("account__organisation").filter(id=number).first()
    if row is None:
        raise NotFound("role_unknown")
    if row.ended_at is not None:
        raise Conflict("role_ended")
    target = Target(GrantKind.ROLE, row.account.organisation_id, row.account_id, Role(row.role))
    _may_end(target, reason, by, pack, at)
    with _an_administrator_stays():
        _end_role(row, reason=reason, by=by, pack=pack, at=at)
    return row


@transaction.atomic
def revoke_power(*, number: int, reason: str, by: Account, pack: Pack, at: datetime) -> OrganisationPower:
    """End a power of an organisation; one entry ``power.revoked``. Raises as `revoke_role`, RefusedByLaw for
    administrators of another department than the competent one.
    """
    hold_rights()
    row = OrganisationPower.objects.select_related("organisation").filter(id=number).first()
    if row is None:
        raise NotFound("power_unknown")
    if not row.active:
        raise Conflict("power_ended")
    _may_end(Target(GrantKind.POWER, row.organisation_id), reason, by, pack, at)
    row.active = False
    row.ended_at, row.ended_by, row.end_reason = at, by.id, reason
    row.end_entry = _entry("power.revoked", row.organisation, rights.power_end_line(row), by=by, pack=pack, at=at)
    with _an_administrator_stays():
        row.save(update_fields=["active", "ended_at", "ended_by", "end_reason", "end_entry"])
    return row


@transaction.atomic
def close_account(*, account_id: int, reason: str, by: Account, pack: Pack, at: datetime) -> Account:
    """Close an account with all its roles; one entry ``account.closed`` and one for each role.

    Raises NotFound, Conflict ``account_closed``, NotAllowed, BadInput as `revoke_role`.
    """
    hold_rights()
    account = selectors.account(account_id)
    if not account.is_active:
        raise Conflict("account_closed")
    running = list(AccountRole.objects.filter(account=account, ended_at__isnull=True).order_by("id"))
    for role in [*(Role(row.role) for row in running), None]:
        _may_end(Target(GrantKind.ACCOUNT, account.organisation_id, account.id, role), reason, by, pack, at)
    with _an_administrator_stays():
        for row in running:
            row.account = account
            _end_role(row, reason=reason, by=by, pack=pack, at=at)
        account.is_active = False
        account.save(update_fields=["is_active"])
    _entry(
        "account.closed", account.organisation, {"account": str(account.id), "reason": reason}, by=by, pack=pack, at=at
    )
    return account


@transaction.atomic
def close_organisation(*, organisation_id: int, reason: str, by: Account, pack: Pack, at: datetime) -> Organisation:
    """Close an organisation: its accounts and machines can do nothing from now on. Powers and roles stay in the tables
    and come back when two administrators open it again.

    Raises NotFound, Conflict ``organisation_closed``, RefusedByLaw, NotAllowed, BadInput as `revoke_role`.
    """
    hold_rights()
    body = selectors.organisation(organisation_id)
    if not body.active:
        raise Conflict("organisation_closed")
    _may_end(Target(GrantKind.ORGANISATION, body.id), reason, by, pack, at)
    with _an_administrator_stays():
        body.active = False
        body.save(update_fields=["active"])
    enter_organisation(
        body=body,
        actor=f"account:{by.id}",
        channel=CHANNEL,
        law=law_version(pack.label),
        at=at,
        extra={"reason": reason},
    )
    return body


@transaction.atomic
def unlock_name(*, account_id: int, by: Account, pack: Pack, at: datetime) -> None:
    """Let an account sign in again before its lock is over; one entry ``account.unlocked``.

    Raises NotFound, Conflict ``account_not_locked``, NotAllowed by `rules.may_open_way`.
    """
    account = selectors.account(account_id)
    house, held = account.organisation_id, selectors.roles_of(account_id)
    asker = selectors.account_asker(by)
    refuse_unless(may_open_way(organisation_id=house, account_id=account_id, roles=held, by=asker))
    names = blind("username", account.username)
    recent = SignInAttempt.objects.filter(username_digest__in=names, at__gt=at - LOCKED_FOR, succeeded=False)
    if name_locked_until(account.username, at) is None:
        raise Conflict("account_not_locked")
    recent.delete()
    _entry("account.unlocked", account.organisation, {"account": str(account.id)}, by=by, pack=pack, at=at)


def name_locked_until(username: str, at: datetime) -> datetime | None:
    """Until when nobody can sign in under this name; None when it is open."""
    return locked_until(failures("username", username, at), at)


def _may_end(target: Target, reason: str, by: Account, pack: Pack, at: datetime) -> None:
    if not reason.strip():
        raise BadInput("end_without_reason")
    refuse_unless(may_administer(target, selectors.account_asker(by), article=competent_article(pack, at)))


def _end_role(row: AccountRole, *, reason: str, by: Account, pack: Pack, at: datetime) -> None:
    row.ended_at, row.ended_by, row.end_reason = at, by.id, reason
    row.end_entry = _entry("role.revoked", row.account.organisation, rights.role_end_line(row), by=by, pack=pack, at=at)
    row.save(update_fields=["ended_at", "ended_by", "end_reason", "end_entry"])


@contextmanager
def _an_administrator_stays() -> Iterator[None]:
    """Raise NotAllowed, and so undo everything, when the acts inside took the register's last administrator away."""
    before = rights.administrators()
    yield
    if before and not rights.administrators():
        raise NotAllowed("last_administrator")


def _entry(
    act: str,
    body: Organisation | None,
    said: Mapping[str, str],
    *,
    by: Account,
    pack: Pack,
    at: datetime,
) -> int:
    receipt = append(
        act=act,
        at=at,
        law=law_version(pack.label),
        actor=f"account:{by.id}",
        organisation=body.code if body else "",
        channel=CHANNEL,
        subject=None,
        ground={},
        result="done",
        fields={},
        extra=said,
    )
    return receipt.entry_id
