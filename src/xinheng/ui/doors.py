"""Who may pass this door at all?

The first, coarse check of a view: signed in, and one of the named roles. What may be seen behind it the rules of the
room decide. A visitor is led to the sign-in page and back; a signed-in account without the role gets 403 and what to
do instead.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import unquote_plus, urlencode

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from xinheng.lib.errors import NotAllowed
from xinheng.lib.freetext import personal_numbers
from xinheng.ui.viewer import viewer

View = Callable[..., HttpResponseBase]


def open_to(*roles: str, step: str = "") -> Callable[[View], View]:
    """Admit accounts with one of ``roles``; with no role named, every signed-in account.

    An account whose sign-in is not finished is led to the page where it goes on; ``step`` is the URL name of that page
    on its own door. Raises NotAllowed("role_missing") for others that are signed in, NotAllowed("not_signed_in") for a
    visitor's POST, NotAllowed("sign_in_unfinished") for one in between.
    """

    def dress(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            asker = viewer(request)
            if not asker.signed_in:
                if request.method not in {"GET", "HEAD"}:
                    raise NotAllowed("not_signed_in")
                return _led(request, "accounts:sign_in")
            if asker.unfinished and asker.unfinished != step:
                if request.method not in {"GET", "HEAD"}:
                    raise NotAllowed("sign_in_unfinished")
                return _led(request, asker.unfinished)
            if roles and not asker.roles.intersection(roles):
                raise NotAllowed("role_missing")
            return view(request, *args, **kwargs)

        door.open_to = roles  # type: ignore[attr-defined]
        return door

    return dress


def _led(request: HttpRequest, name: str) -> HttpResponseRedirect:
    """To the page ``name``, which leads back here; without the question when a number of a person stands in it, for
    that belongs into no address.
    """
    asked = unquote_plus(request.META.get("QUERY_STRING", ""))
    here = request.path if next(personal_numbers(asked), None) else request.get_full_path()
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': here})}")
