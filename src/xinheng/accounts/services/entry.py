"""Signing in: a password that is slow to try, a lock after failures, and the same answer for a name that does not
exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from xinheng.accounts import selectors
from xinheng.accounts.models import Account, Session, SignInAttempt
from xinheng.accounts.rules import (
    ATTEMPTS_KEPT,
    DEMO_PASSWORD,
    IDLE_FOR,
    LOCKED_FOR,
    SEEN_EVERY,
    Origin,
    locked_until,
)
from xinheng.accounts.services.devices import counter_of, source_failed, source_locked_until
from xinheng.lib.errors import NotAllowed
from xinheng.store.crypto import blind, blind_now
from xinheng.store.ids import next_id

ANYWHERE = Origin()


@dataclass(frozen=True, slots=True)
class Pause:
    """Until when nobody can sign in, and the code that says why."""

    until: datetime
    code: str


def sign_in(*, username: str, password: str, at: datetime, origin: Origin = ANYWHERE) -> Account:
    """The account of ``username`` when the password fits. The door then gives the session a new key.

    Raises NotAllowed: ``sign_in_failed`` for a wrong name, a wrong password and an account that is closed, all alike;
    ``sign_in_locked``, ``device_locked`` or ``source_locked`` (minutes left) after too many failures under the name, on
    this device or from this address, without looking at the password. The attempt is kept even though an error
    follows: it is written in a transaction of its own.
    """
    name = username.strip().lower()
    account, locked = _attempt(name, password, at, origin)
    if locked is not None:
        raise refuse_locked(locked, at)
    if account is None:
        raise NotAllowed("sign_in_failed")
    return account


@transaction.atomic
def _attempt(name: str, password: str, at: datetime, origin: Origin) -> tuple[Account | None, Pause | None]:
    """(the account that may enter, None) or (None, the pause or None)."""
    # The lock on the row makes parallel guesses wait for each other, so that six of them are not five.
    account = Account.objects.select_for_update().filter(username=name).first()
    pause = pause_of(account, name, origin, at)
    if pause is not None:
        make_password(password)  # as slow as without a lock: time does not tell that a name is known to be locked
        return None, pause
    fits = _fits(account, password, at)
    # Before the code of the authenticator nothing has succeeded: a success forgets failures, and whoever knows the
    # password could then try codes without end.
    if not fits or account is None or selectors.factor_of(account.id) is None:
        attempted(account, name, origin, at, succeeded=fits)
    return (account if fits else None), None


def pause_of(account: Account | None, name: str, origin: Origin, at: datetime) -> Pause | None:
    """The pause that an attempt meets: of the known device, else of the name or of the address."""
    kind, key = counter_of(account, name, origin)
    until = locked_until(failures(kind, key, at), at)
    if until is not None:
        return Pause(until, "device_locked" if kind == "device" else "sign_in_locked")
    until = None if kind == "device" else source_locked_until(origin, at)
    return Pause(until, "source_locked") if until is not None else None


def attempted(account: Account | None, name: str, origin: Origin, at: datetime, *, succeeded: bool) -> None:
    """Keep that somebody tried to sign in as ``name``. A known device's success does not lift a pause of the name that
    others caused: it would give them new guesses.
    """
    kind, key = counter_of(account, name, origin)
    _keep(kind, key, at, succeeded)
    if kind == "device" and succeeded and locked_until(failures("username", name, at), at) is None:
        _keep("username", name, at, succeeded)
    if kind != "device" and not succeeded:
        source_failed(origin, at)


def _keep(kind: str, key: str, at: datetime, succeeded: bool) -> None:
    SignInAttempt.objects.create(
        id=next_id("account"), username_digest=blind_now(kind, key), at=at, succeeded=succeeded
    )


def refuse_locked(pause: Pause, at: datetime) -> NotAllowed:
    """The refusal while signing in is paused, with the minutes left."""
    return NotAllowed(pause.code, minutes=str(max(-(-int((pause.until - at).total_seconds()) // 60), 1)))


def confirm_password(*, account_id: int, password: str, at: datetime, origin: Origin = ANYWHERE) -> None:
    """Ask the password of an account that is signed in once more, before something that outlasts the session.

    Raises NotAllowed ``password_wrong``, which counts as a failure to sign in, or a pause as `sign_in` does.
    """
    fits, pause = _confirmed(account_id, password, at, origin)
    if pause is not None:
        raise refuse_locked(pause, at)
    if not fits:
        raise NotAllowed("password_wrong")


@transaction.atomic
def _confirmed(account_id: int, password: str, at: datetime, origin: Origin) -> tuple[bool, Pause | None]:
    account = Account.objects.select_for_update().get(id=account_id)
    pause = pause_of(account, account.username, origin, at)
    if pause is not None:
        return False, pause
    fits = account.check_password(password)
    if not fits:
        attempted(account, account.username, origin, at, succeeded=False)
    return fits, None


def _fits(account: Account | None, password: str, at: datetime) -> bool:
    if account is None:
        make_password(password)  # as slow as a comparison, so that time does not tell which names exist
        return False
    holds = account.one_time_until is None or at < account.one_time_until
    known_to_all = settings.XINHENG_MODE == "production" and password == DEMO_PASSWORD  # left from a demo
    return account.check_password(password) and account.is_active and holds and not known_to_all


def failures(kind: str, name: str, at: datetime) -> list[datetime]:
    """The instants of failures under ``name`` since the last success, as far back as a lock reaches.

    ``kind``: which sort of name was tried, ``username``, ``client`` or ``device``.
    """
    recent = SignInAttempt.objects.filter(username_digest__in=blind(kind, name), at__gt=at - LOCKED_FOR)
    found: list[datetime] = []
    for instant, succeeded in recent.order_by("at", "id").values_list("at", "succeeded"):
        found = [] if succeeded else [*found, instant]
    return found


def end_sessions(*, account_id: int, but: str | None = None) -> int:
    """End the sessions of an account at once, all ``but`` the one under that key; how many."""
    kept = selectors.kept_key(but) if but else ""
    return Session.objects.filter(account_id=account_id).exclude(session_key=kept).delete()[0]


def end_session(*, account_id: int, handle: str) -> bool:
    """End one session of an account by its handle (`selectors.handle_of`); whether there was one."""
    keys = Session.objects.filter(account_id=account_id).values_list("session_key", flat=True)
    meant = [key for key in keys if key[: selectors.HANDLE] == handle]
    return bool(Session.objects.filter(session_key__in=meant).delete()[0])


def see_session(*, key: str) -> None:
    """Write that a session is used, unless another request of this minute did."""
    kept = selectors.kept_key(key)
    Session.objects.filter(session_key=kept, seen_at__lt=Now() - SEEN_EVERY).update(seen_at=Now())


def forget_sessions() -> int:
    """Delete the sessions that are over by the database's clock or belong to a closed account; how many they were."""
    closed = Account.objects.filter(is_active=False).values("id")
    over = Q(expire_date__lt=Now()) | Q(seen_at__lte=Now() - IDLE_FOR) | Q(account_id__in=closed)
    return Session.objects.filter(over).delete()[0]


def forget_attempts(*, at: datetime) -> int:
    """Delete attempts to sign in that are older than `ATTEMPTS_KEPT`; how many."""
    return SignInAttempt.objects.filter(at__lte=at - ATTEMPTS_KEPT).delete()[0]
