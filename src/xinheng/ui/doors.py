"""Who may pass this door at all?

The first, coarse check of a view: signed in, and one of the named roles. What may be seen behind it the rules of the
room decide. A visitor is led to the sign-in page and back; a signed-in account without the role gets 403 and what to
do instead.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from xinheng.lib.errors import NotAllowed
from xinheng.ui.viewer import viewer

View = Callable[..., HttpResponseBase]


def open_to(*roles: str) -> Callable[[View], View]:
    """Admit accounts with one of ``roles``; with no role named, every signed-in account.

    Raises NotAllowed("role_missing") for others that are signed in, NotAllowed("not_signed_in") for a visitor's POST.
    """

    def dress(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            asker = viewer(request)
            if not asker.signed_in:
                if request.method not in {"GET", "HEAD"}:
                    raise NotAllowed("not_signed_in")
                back = urlencode({"next": request.get_full_path()})
                return HttpResponseRedirect(f"{reverse('accounts:sign_in')}?{back}")
            if roles and not asker.roles.intersection(roles):
                raise NotAllowed("role_missing")
            return view(request, *args, **kwargs)

        door.open_to = roles  # type: ignore[attr-defined]
        return door

    return dress
