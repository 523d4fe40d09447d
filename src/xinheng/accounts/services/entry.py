"""Signing in: a password that is slow to try, a lock after failures, and the same answer for a name that does not
exist.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models.functions import Now

from xinheng.accounts.models import Account, Session, SignInAttempt
from xinheng.accounts.rules import LOCKED_FOR, locked_until
from xinheng.lib.errors import NotAllowed
from xinheng.store.crypto import blind, blind_now
from xinheng.store.ids import next_id


def sign_in(*, username: str, password: str, at: datetime) -> Account:
    """The account of ``username`` when the password fits. The door then gives the session a new key.

    Raises NotAllowed: ``sign_in_failed`` for a wrong name, a wrong password and an account that is closed, all alike;
    ``sign_in_locked`` (minutes left) after too many failures, without looking at the password. The attempt is kept
    even though an error follows: it is written in a transaction of its own.
    """
    name = username.strip().lower()
    account, locked = _attempt(name, password, at)
    if locked is not None:
        minutes = -(-int((locked - at).total_seconds()) // 60)
        raise NotAllowed("sign_in_locked", minutes=str(max(minutes, 1)))
    if account is None:
        raise NotAllowed("sign_in_failed")
    return account


@transaction.atomic
def _attempt(name: str, password: str, at: datetime) -> tuple[Account | None, datetime | None]:
    """(the account that may enter, None) or (None, until when the name is locked or None)."""
    # The lock on the row makes parallel guesses wait for each other, so that six of them are not five.
    account = Account.objects.select_for_update().filter(username=name).first()
    until = locked_until(failures("username", name, at), at)
    if until is not None:
        return None, until
    fits = _fits(account, password)
    SignInAttempt.objects.create(
        id=next_id("account"), username_digest=blind_now("username", name), at=at, succeeded=fits
    )
    return (account if fits else None), None


def _fits(account: Account | None, password: str) -> bool:
    if account is None:
        make_password(password)  # as slow as a comparison, so that time does not tell which names exist
        return False
    return account.check_password(password) and account.is_active


def failures(kind: str, name: str, at: datetime) -> list[datetime]:
    """The instants of failures under ``name`` since the last success, as far back as a lock reaches.

    ``kind``: which sort of name was tried, ``username`` or ``client``.
    """
    recent = SignInAttempt.objects.filter(username_digest__in=blind(kind, name), at__gt=at - LOCKED_FOR)
    found: list[datetime] = []
    for instant, succeeded in recent.order_by("at", "id").values_list("at", "succeeded"):
        found = [] if succeeded else [*found, instant]
    return found


def forget_sessions() -> int:
    """Delete the sessions that are over, by the database's clock; how many they were."""
    return Session.objects.filter(expire_date__lt=Now()).delete()[0]
