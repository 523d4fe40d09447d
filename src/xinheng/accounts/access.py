"""Which account or machine may pass a door of this kind, and who is asking?

The first, coarse check: signed in, with a role; or a token with a scope. A session opens no door of machines, a token
no page. What may be seen behind the door the rules of each room decide.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache, wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import ResourceProtector
from authlib.oauth2.rfc6750 import BearerTokenValidator, InsufficientScopeError, InvalidTokenError
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, login
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends import db as sessions
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme

from xinheng.accounts import selectors, services
from xinheng.accounts.models import Account, Session
from xinheng.accounts.rules import STAFF, AskerFacts, Origin, Role, Scope, Step, device_of, step_open, without_rights
from xinheng.accounts.selectors import notices
from xinheng.lib import clock
from xinheng.lib.errors import NotAllowed
from xinheng.ui import responses
from xinheng.ui.doors import View, open_to
from xinheng.ui.viewer import VISITOR, Viewer, viewer

SECOND_STEP = "second_step"  # what a session holds: the number of the authenticator whose code it gave
STARTED = "started"  # and when it began, by the real clock
DEVICE = "device"  # and on what kind of device
KEPT = "kept"  # and under what it is kept: its content opens nothing under another key
DEVICE_COOKIE = "xinheng_device"  # what a device keeps of the accounts that signed in there: signed random numbers
STEPS = {Step.CODE: "accounts:sign_in_code", Step.PASSWORD: "accounts:password", Step.FACTOR: "accounts:factor"}


class SessionStore(sessions.SessionStore):
    """Sessions in the database; the one of a request is read in one statement, with the account that signed in."""

    signed_in: selectors.OpenSession | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table of sessions."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """A row for ``data``, which names the account too once somebody has signed in.

        However often the session is written, it ends `SESSION_COOKIE_AGE` after the sign-in.
        """
        if SESSION_KEY in data:
            data.setdefault(STARTED, clock.stamp(clock.real()))
        data[KEPT] = selectors.kept_key(self._get_or_create_session_key())  # type: ignore[attr-defined] # Django's own
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        row.session_key = data[KEPT]
        row.account_id, row.device, row.seen_at = data.get(SESSION_KEY), data.get(DEVICE, ""), Now()
        if STARTED in data:
            row.started_at = clock.parse_stamp(data[STARTED])
            row.expire_date = min(row.expire_date, row.started_at + timedelta(seconds=settings.SESSION_COOKIE_AGE))
        return row

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing when it is unknown or over, or was signed for another key."""
        key = self.session_key or ""
        self.signed_in = selectors.open_session(key)
        found = dict(_decoded(self.signed_in.data)) if self.signed_in else {}
        if found.get(KEPT) != selectors.kept_key(key):
            self._session_key = self.signed_in = None
            return {}
        return found

    def exists(self, session_key: str) -> bool:
        """Whether there is a session under this key."""
        return Session.objects.filter(session_key=selectors.kept_key(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        """Delete the session under a key, or this one."""
        key = session_key or self.session_key
        if key:
            Session.objects.filter(session_key=selectors.kept_key(key)).delete()


@lru_cache(maxsize=4096)
def _decoded(data: str) -> dict[str, Any]:
    """The content of a session, checked against its signature: the same text always has the same answer."""
    found: dict[str, Any] = SessionStore().decode(data)
    return found


class SignedIn:
    """Tell every request who signed in; for a visitor without a session nothing is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = user_of(request) if settings.SESSION_COOKIE_NAME in request.COOKIES else AnonymousUser()
        return self.get_response(request)


def user_of(request: HttpRequest) -> Account | AnonymousUser:
    """The account of the session, if it is open and its password is still the one it signed in with."""
    session = request.session
    signed = session.get(SESSION_KEY)
    opened: selectors.OpenSession | None = getattr(session, "signed_in", None)
    if signed is None or opened is None or opened.account is None or str(opened.account.id) != signed:
        return AnonymousUser()
    account = opened.account
    if not constant_time_compare(session.get(HASH_SESSION_KEY, ""), account.get_session_auth_hash()):
        session.flush()
        return AnonymousUser()
    if not account.is_active:
        services.end_sessions(account_id=account.id)
        session.flush()
        return AnonymousUser()
    if opened.stale and session.session_key:
        services.see_session(key=session.session_key)
    assert opened.asker is not None
    _hold_back(account, request, opened.asker, opened.factor)
    return account


def _hold_back(account: Account, request: HttpRequest, asker: AskerFacts, factor: int | None) -> None:
    """The one place where a sign-in that is not finished is held back: who has no role and no power opens no door."""
    account.step = step_open(
        factor=factor,
        passed=request.session.get(SECOND_STEP),
        staff=bool(asker.roles & STAFF),
        factor_required=settings.XINHENG_TOTP == "required",
        one_time=account.one_time_until is not None,
    )
    account.asker = without_rights(asker) if account.step else asker


def open_session(request: HttpRequest, account: Account) -> None:
    """Sign ``account`` in: the session gets a new key and begins anew, whoever used it before."""
    login(request, account)
    for earlier in (SECOND_STEP, STARTED):
        request.session.pop(earlier, None)
    request.session[DEVICE] = device_of(request.headers.get("User-Agent", ""))


def origin_of(request: HttpRequest) -> Origin:
    """From where a visitor tries to sign in. Behind one of our own proxies the address is the last that it names; a
    proxy itself is nobody's address.
    """
    source = request.META.get("REMOTE_ADDR", "")
    if source in settings.XINHENG_PROXIES:
        source = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return Origin("" if source in settings.XINHENG_PROXIES else source[:64], request.COOKIES.get(DEVICE_COOKIE, ""))


def go_on(request: HttpRequest, wanted: str) -> HttpResponseRedirect:
    """Where a sign-in leads from here, `_onward`; once it is finished the device is known for the account."""
    response, account = _onward(request, wanted), request.user
    if isinstance(account, Account) and account.step is None and account.has_usable_password():
        response.set_cookie(
            DEVICE_COOKIE,
            services.remember_device(account.id, origin_of(request)),
            max_age=services.DEVICE_KNOWN_FOR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _onward(request: HttpRequest, wanted: str) -> HttpResponseRedirect:
    """Where a sign-in leads from here: its next step; else ``wanted`` when that is an address of this site, else the
    start page of the account.
    """
    account = request.user
    assert isinstance(account, Account)
    factor = selectors.factor_of(account.id)
    _hold_back(account, request, selectors.account_asker(account), factor.id if factor else None)
    for remembered in ("xinheng_viewer", "xinheng_asker"):  # from before this step
        request.__dict__.pop(remembered, None)
    here = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    told = not account.step and notices.unread(account.id)
    if account.step or told:
        back = f"?{urlencode({'next': wanted})}" if here else ""
        return HttpResponseRedirect(reverse(STEPS[account.step] if account.step else "accounts:notices") + back)
    if here:
        return HttpResponseRedirect(wanted)
    return HttpResponseRedirect(reverse("desk:home" if viewer(request).staff else "disclosure:own_file"))


def needs_role(*roles: Role, step: Step | None = None) -> Callable[[View], View]:
    """Admit accounts with one of ``roles``; with none named, every account that is signed in. Outsiders see nothing.

    ``step``: this is the door where the sign-in of an account goes on.
    """
    return open_to(*(role.value for role in roles), step=STEPS[step] if step else "")


def asker_of(request: HttpRequest) -> AskerFacts:
    """Who asks. Raises NotAllowed when nobody is signed in. Read once a request."""
    known = getattr(request, "xinheng_asker", None)
    if isinstance(known, AskerFacts):
        return known
    user = request.user
    if not user.is_authenticated:
        raise NotAllowed("not_signed_in")
    facts = user.asker or selectors.account_asker(user)
    request.xinheng_asker = facts  # type: ignore[attr-defined]
    return facts


def viewer_of(request: HttpRequest) -> Viewer:
    """What the shells of the pages may know of the person at the screen."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return VISITOR
    facts = asker_of(request)
    body = user.organisation
    return Viewer(
        account_id=user.id,
        name=user.display_name or user.username,
        organisation_zh=body.name_zh if body else "",
        organisation_en=body.name_en if body else "",
        staff_number=user.staff_number,
        roles=frozenset(role.value for role in facts.roles),
        language=user.language,
        unfinished=STEPS[user.step] if user.step else "",
    )


class _Shown:
    """A token as the library asks about it; one that is over or revoked is never found."""

    def __init__(self, machine: selectors.MachineFacts) -> None:
        self.machine = machine

    def is_expired(self) -> bool:
        return False

    def is_revoked(self) -> bool:
        return False

    def get_scope(self) -> str:
        return " ".join(self.machine.scopes)


class _Tokens(BearerTokenValidator):  # type: ignore[misc] # the library is untyped
    def authenticate_token(self, token_string: str) -> _Shown | None:
        machine = selectors.machine_by_token(token_string)
        return None if machine is None else _Shown(machine)


_protector = ResourceProtector()
_protector.register_token_validator(_Tokens())


def needs_scope(scope: Scope) -> Callable[[View], View]:
    """Admit machines whose token carries ``scope``, by the Authorization header alone; the body is not read before.

    Others get 401, or 403 for a token without the scope, with the challenge of RFC 6750. Nothing is kept by anybody.
    """

    def dress(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            try:
                shown = _protector.validate_request([scope.value], request)
            except OAuth2Error as error:
                return _challenge(request, error, scope)
            request.xinheng_machine = shown.machine  # type: ignore[attr-defined]
            response = view(request, *args, **kwargs)
            response.headers["Cache-Control"] = "no-store"
            return response

        door.needs_scope = scope  # type: ignore[attr-defined]
        return door

    return dress


def _challenge(request: HttpRequest, error: OAuth2Error, scope: Scope) -> HttpResponse:
    code, status, said = "token_missing", HTTPStatus.UNAUTHORIZED, ""
    if isinstance(error, InvalidTokenError):
        code, said = "token_invalid", ', error="invalid_token"'
    elif isinstance(error, InsufficientScopeError):
        code, status, said = "scope_missing", HTTPStatus.FORBIDDEN, f', error="insufficient_scope", scope="{scope}"'
    response = responses.error_response(request, code=code, status=status, params={"scope": scope.value})
    response.headers["WWW-Authenticate"] = f'Bearer realm="xinheng"{said}'
    return response


def machine_of(request: HttpRequest) -> selectors.MachineFacts:
    """The machine that `needs_scope` admitted."""
    machine = request.xinheng_machine  # type: ignore[attr-defined]
    assert isinstance(machine, selectors.MachineFacts)
    return machine
