"""From where does somebody try to sign in: from a device where this account signed in before, or from anywhere?

Strangers who guess passwords pause a name for everybody who comes from anywhere, and the address that guesses under
many names; a device that its holder used before has a counter of its own and is paused by its own failures alone. The
device keeps a signed random number for each account, in a cookie without any personal data. Of an address only a keyed
digest is kept, and only as long as a pause can reach.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction

from xinheng.accounts.models import Account, SourceFailure
from xinheng.accounts.rules import LOCKED_FOR, SOURCE_FAILURES_ALLOWED, Origin, locked_until
from xinheng.store.crypto import blind, blind_now
from xinheng.store.ids import next_id

DEVICE_KNOWN_FOR = timedelta(days=180)
_ACCOUNTS = 5  # that one device is known for
_BETWEEN = "~"


def known_device(account_id: int, origin: Origin) -> str:
    """The number under which the device is known for this account; empty for any other, however it was made up."""
    for token in origin.device.split(_BETWEEN)[:_ACCOUNTS]:
        try:
            return _signer(account_id).unsign(token, max_age=DEVICE_KNOWN_FOR)
        except BadSignature:
            continue
    return ""


def remember_device(account_id: int, origin: Origin) -> str:
    """What the device keeps from now on, after the account signed in there for good."""
    number = known_device(account_id, origin) or secrets.token_hex(16)
    others = [token for token in origin.device.split(_BETWEEN)[:_ACCOUNTS] if token and not _of(account_id, token)]
    return _BETWEEN.join([_signer(account_id).sign(number), *others][:_ACCOUNTS])


def _of(account_id: int, token: str) -> bool:
    return bool(known_device(account_id, Origin(device=token)))


def _signer(account_id: int) -> TimestampSigner:
    return TimestampSigner(salt=f"xinheng.device/{account_id}")


def counter_of(account: Account | None, name: str, origin: Origin) -> tuple[str, str]:
    """Whose failures count for this attempt: (kind, what of that kind)."""
    number = known_device(account.id, origin) if account is not None else ""
    return ("device", f"{account.id}/{number}") if account is not None and number else ("username", name)


def source_locked_until(origin: Origin, at: datetime) -> datetime | None:
    """Until when nobody can sign in from an address where too much was tried; None when it is open or unknown."""
    if not origin.source:
        return None
    found = SourceFailure.objects.filter(source_digest__in=blind("source", origin.source), at__gt=at - LOCKED_FOR)
    return locked_until(list(found.values_list("at", flat=True)), at, allowed=SOURCE_FAILURES_ALLOWED)


def source_failed(origin: Origin, at: datetime) -> None:
    """Keep that somebody failed from an address."""
    if origin.source:
        digest = blind_now("source", origin.source)
        SourceFailure.objects.create(id=next_id("account"), source_digest=digest, at=at)


@transaction.atomic
def forget_sources(*, at: datetime) -> int:
    """Delete the digests of addresses that no pause can reach any more; how many."""
    return SourceFailure.objects.filter(at__lte=at - LOCKED_FOR).delete()[0]
