"""The second step of sign-in: a code that only the authenticator of the account's holder can make.

A secret is shown to the holder, who proves with a first code to have kept it; then it is in use and ten recovery codes
are shown once. Kept are the secret, encrypted, and keyed digests of the recovery codes. Wrong codes lock the name as
wrong passwords do. Setting one and taking one away are entries of the ledger, without any of its secrets.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.db import transaction
from django.db.models import QuerySet

from xinheng.accounts import selectors
from xinheng.accounts.models import Account, AccountFactor, GrantProposal
from xinheng.accounts.rules import (
    CODE_DIGITS,
    CODE_SECONDS,
    FACTOR_OFFERED_FOR,
    Origin,
    may_reset_factor,
    step_of_code,
)
from xinheng.accounts.services.entry import ANYWHERE, Pause, attempted, end_sessions, pause_of, refuse_locked
from xinheng.accounts.services.notices import FACTOR_RESET, notice_account
from xinheng.ledger.models import LawVersion
from xinheng.ledger.services import append
from xinheng.lib.errors import Conflict, NotAllowed, NotFound
from xinheng.store.crypto import blind, blind_now, seal, unseal
from xinheng.store.ids import next_id

SECRET_BYTES = 20  # as long as the output of the hash, RFC 4226 §4
RECOVERY_CODES = 10
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is taken for another
_RECOVERY_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Offered:
    """A secret as its holder sees it once: in groups to type, and as the address that an authenticator scans."""

    typed: str
    address: str


@transaction.atomic
def offer_factor(*, account_id: int, at: datetime) -> None:
    """Make a secret for an account; it opens nothing before its first code. An earlier offer is forgotten."""
    account = Account.objects.select_for_update().get(id=account_id)
    AccountFactor.objects.filter(account=account, confirmed_at__isnull=True).delete()
    number = next_id("account")
    sealed = seal(secrets.token_bytes(SECRET_BYTES), aad=_place(number, account_id))
    AccountFactor.objects.create(id=number, account=account, sealed=sealed, begun_at=at)


def offered_factor(*, account: Account, issuer: str, at: datetime) -> Offered | None:
    """The secret that waits for its first code; None when there is none or it has waited too long."""
    factor = _waiting(account.id, at).first()
    if factor is None:
        return None
    text = base64.b32encode(_secret(factor)).decode()
    asked = {"secret": text, "issuer": issuer, "digits": str(CODE_DIGITS), "period": str(CODE_SECONDS)}
    label = quote(f"{issuer}:{account.username}", safe=":")
    typed = " ".join(text[n : n + 4] for n in range(0, len(text), 4))
    return Offered(typed, f"otpauth://totp/{label}?{urlencode(asked, quote_via=quote)}")


@transaction.atomic
def confirm_factor(*, account_id: int, code: str, at: datetime, device_at: datetime, law: LawVersion) -> list[str]:
    """Put the offered secret into use with its first code, in place of an earlier one; the recovery codes to show.

    One ledger entry ``factor.set``. ``device_at``: the real time, which the authenticator reads off its own clock.
    Raises NotFound ``factor_not_offered``, NotAllowed ``first_code_wrong`` (nothing can be guessed here: the page shows
    the secret).
    """
    account = Account.objects.select_for_update(of=("self",)).select_related("organisation").get(id=account_id)
    factor = _waiting(account_id, at).first()
    if factor is None:
        raise NotFound("factor_not_offered")
    step = step_of_code(secret=_secret(factor), code=_plain(code), at=device_at, last=0)
    if step is None:
        raise NotAllowed("first_code_wrong")
    AccountFactor.objects.filter(account=account, confirmed_at__isnull=False).delete()
    shown = ["".join(secrets.choice(_LETTERS) for _ in range(_RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    entry = _enter("factor.set", account, factor.id, actor=f"account:{account_id}", second="", law=law, at=at)
    AccountFactor.objects.filter(id=factor.id).update(
        confirmed_at=at, last_step=step, entry_id=entry, recovery=" ".join(_digest(factor.id, one) for one in shown)
    )
    return [f"{one[:5]}-{one[5:]}" for one in shown]


def take_code(*, account_id: int, code: str, at: datetime, device_at: datetime, origin: Origin = ANYWHERE) -> int:
    """The number of the account's authenticator when ``code`` is its present code or a recovery code; each opens once.

    Raises NotAllowed ``code_wrong`` for any other and for one that was used, a pause as `entry.sign_in` after
    too many failures, of password and code together; NotFound ``factor_unknown``. The attempt is kept though an error
    follows.
    """
    number, pause = _taken(account_id, _plain(code), at, device_at, origin)
    if pause is not None:
        raise refuse_locked(pause, at)
    if number is None:
        raise NotAllowed("code_wrong")
    return number


@transaction.atomic
def _taken(
    account_id: int, code: str, at: datetime, device_at: datetime, origin: Origin
) -> tuple[int | None, Pause | None]:
    # The lock on the row makes parallel guesses wait, so that six are not five and one code does not open twice.
    account = Account.objects.select_for_update().get(id=account_id)
    pause = pause_of(account, account.username, origin, at)
    if pause is not None:
        return None, pause
    factor = selectors.factor_of(account_id)
    if factor is None:
        raise NotFound("factor_unknown")
    fits = _use_recovery(factor, code) or _use_step(factor, code, device_at)
    attempted(account, account.username, origin, at, succeeded=fits)
    return (factor.id if fits else None), None


def _use_step(factor: AccountFactor, code: str, device_at: datetime) -> bool:
    step = step_of_code(secret=_secret(factor), code=code, at=device_at, last=factor.last_step)
    if step is not None:
        AccountFactor.objects.filter(id=factor.id).update(last_step=step)
    return step is not None


def _use_recovery(factor: AccountFactor, code: str) -> bool:
    kept, given = factor.recovery.split(), blind("recovery", f"{factor.id}/{code}")
    left = [one for one in kept if one not in given]
    if len(left) == len(kept):
        return False
    AccountFactor.objects.filter(id=factor.id).update(recovery=" ".join(left))
    return True


@transaction.atomic
def reset_factor(
    *,
    account_id: int,
    reset_by: Account,
    second_by: Account,
    channel: str,
    law: LawVersion,
    at: datetime,
    reason: str = "",
    extra: Mapping[str, Any] | None = None,
) -> int:
    """Take the authenticator of an account away, by two administrators who are neither the holder nor each other.

    All sessions of the account end, and its holder is told at the next sign-in. Gives the number of the one ledger
    entry ``factor.reset``, which also says ``extra``. Raises NotFound ``factor_unknown``, NotAllowed with the reason of
    `rules.may_reset_factor`.
    """
    account = Account.objects.select_for_update(of=("self",)).select_related("organisation").get(id=account_id)
    verdict = may_reset_factor(
        account_id=account_id,
        reset_by=reset_by.id,
        second_by=second_by.id,
        first_roles=selectors.roles_of(reset_by.id),
        second_roles=selectors.roles_of(second_by.id),
    )
    if not verdict:
        raise NotAllowed(verdict.reason, article=verdict.article or None)
    factor = selectors.factor_of(account_id)
    if factor is None:
        raise NotFound("factor_unknown")
    AccountFactor.objects.filter(account=account).delete()
    end_sessions(account_id=account_id)
    actor = f"account:{reset_by.id}"
    second = str(second_by.id)
    entry = _enter(
        "factor.reset", account, factor.id, actor=actor, second=second, law=law, at=at, channel=channel, extra=extra
    )
    houses = [one.organisation.code for one in (reset_by, second_by) if one.organisation]
    notice_account(account_id=account_id, what=FACTOR_RESET, by=houses, reason=reason, entry_id=entry, at=at)
    return entry


def factor_in_use(account: Account) -> AccountFactor:
    """The authenticator that an open account has in use. Raises Conflict ``account_closed``, NotFound
    ``factor_unknown``.
    """
    if not account.is_active:
        raise Conflict("account_closed")
    factor = selectors.factor_of(account.id)
    if factor is None:
        raise NotFound("factor_unknown")
    return factor


def take_lost_factor(
    found: GrantProposal, *, second: Account, law: LawVersion, at: datetime, extra: Mapping[str, Any]
) -> int:
    """`reset_factor` as it was proposed: the number of the entry. Raises Conflict ``factor_changed`` when the holder
    has set another authenticator up meanwhile, else as `factor_in_use`.
    """
    account = selectors.account(found.account_id or 0)
    if str(factor_in_use(account).id) != found.what:
        raise Conflict("factor_changed")
    return reset_factor(
        account_id=account.id,
        reset_by=selectors.account(found.proposed_by),
        second_by=second,
        channel="web",
        law=law,
        at=at,
        reason=found.reason,
        extra=extra,
    )


def forget_offers(*, at: datetime) -> int:
    """Delete secrets that were shown and never confirmed in time; how many."""
    return AccountFactor.objects.filter(confirmed_at__isnull=True, begun_at__lte=at - FACTOR_OFFERED_FOR).delete()[0]


def _enter(
    act: str,
    account: Account,
    factor: int,
    *,
    actor: str,
    second: str,
    law: LawVersion,
    at: datetime,
    channel: str = "web",
    extra: Mapping[str, Any] | None = None,
) -> int:
    receipt = append(
        act=act,
        at=at,
        law=law,
        actor=actor,
        organisation=account.organisation.code if account.organisation else "",
        channel=channel,
        subject=None,
        ground={},
        result="done",
        fields={},
        extra={"account": str(account.id), "factor": str(factor), "second": second, **(extra or {})},
    )
    return receipt.entry_id


def _waiting(account_id: int, at: datetime) -> QuerySet[AccountFactor]:
    return AccountFactor.objects.filter(
        account_id=account_id, confirmed_at__isnull=True, begun_at__gt=at - FACTOR_OFFERED_FOR
    )


def _secret(factor: AccountFactor) -> bytes:
    return unseal(bytes(factor.sealed), aad=_place(factor.id, factor.account_id))


def _place(factor: int, account: int) -> bytes:
    """What the secret is bound to, so that no row can lend its secret to another account."""
    return f"account_factor/{factor}/{account}".encode()


def _plain(code: str) -> str:
    """A code as typed, without the blanks and hyphens that people see in it."""
    return "".join(code.split()).replace("-", "").lower()


def _digest(factor: int, code: str) -> str:
    return blind_now("recovery", f"{factor}/{code}")
