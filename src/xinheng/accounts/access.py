"""Which account may pass a door of this kind, and who is asking?

The first, coarse check: signed in, with a role. What may be seen behind the door the rules of each room decide.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from xinheng.accounts import selectors
from xinheng.accounts.rules import AskerFacts, Role
from xinheng.lib.errors import NotAllowed
from xinheng.ui.doors import View, open_to
from xinheng.ui.viewer import VISITOR, Viewer


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
    facts = selectors.account_asker(user)
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
