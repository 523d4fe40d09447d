"""Which account may pass a door of this kind, and who is asking?

The first, coarse check: signed in, with a role. What may be seen behind the door the rules of each room decide.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends import db as sessions
from django.http import HttpRequest

from xinheng.accounts import selectors
from xinheng.accounts.models import Account
from xinheng.accounts.rules import AskerFacts, Role
from xinheng.lib.errors import NotAllowed
from xinheng.ui.doors import View, open_to
from xinheng.ui.viewer import VISITOR, Viewer


class SessionStore(sessions.SessionStore):
    """Sessions in the database; the one of a request is read by one plain statement."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing when it is unknown or over."""
        data = selectors.session_data(self.session_key or "")
        if data is None:
            self._session_key = None
            return {}
        return self.decode(data)


class Accounts(ModelBackend):
    """Who the session belongs to, read once a request with organisation, roles and powers."""

    def get_user(self, user_id: int) -> Account | None:
        """The account, None when there is none or it is closed."""
        found = selectors.signed_in(user_id)
        if found is None or not found[0].is_active:
            return None
        account = found[0]
        account.asker = found[1]
        return account


def needs_role(*roles: Role) -> Callable[[View], View]:
    """Admit accounts with one of ``roles``; with none named, every account that is signed in. Outsiders see nothing."""
    return open_to(*(role.value for role in roles))


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
    )
