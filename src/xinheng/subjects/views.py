"""The door for persons and organisations whom somebody else verifies: away, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xinheng.accounts import identity
from xinheng.accounts.access import go_on, open_session
from xinheng.ledger.selectors import law_version
from xinheng.lib import clock
from xinheng.lib.errors import NotAllowed
from xinheng.subjects import services
from xinheng.ui import city

COOKIE = "xinheng_verify"  # what the browser keeps until the way back; signed, ten minutes
KEPT_FOR = 600
_SALT = "xinheng.subjects.verify"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Tell where the visitor is verified and lead there; read what comes back; in the demo, a list to choose from."""
    verifier = identity.verifier()
    if verifier is None:
        return render(request, "subjects/verify.html", {"people": [], "address": ""})
    returned = request.POST if request.method == "POST" else request.GET
    try:
        if request.method == "POST" or {"code", "error", "state"} & returned.keys():
            return _finish(request, verifier, returned.dict())
        return _begin(request, verifier)
    except NotAllowed as refused:
        response = render(request, "subjects/verify.html", {"refused": refused.code, "people": []}, status=403)
        response.delete_cookie(COOKIE, path=reverse("subjects:verify"))
        return response


def _begin(request: HttpRequest, verifier: identity.Verifier) -> HttpResponse:
    begun = verifier.begin(back=_here(request))
    people = [] if begun.address else identity.demo_people()
    response = render(request, "subjects/verify.html", {"address": begun.address, "people": people})
    kept = signing.dumps({**begun.remembered, "next": request.GET.get("next", "")}, salt=_SALT)
    response.set_cookie(
        COOKIE,
        kept,
        max_age=KEPT_FOR,
        path=reverse("subjects:verify"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",  # it must come back with the visitor, who comes from elsewhere
    )
    return response


def _finish(request: HttpRequest, verifier: identity.Verifier, returned: Mapping[str, str]) -> HttpResponse:
    remembered = _remembered(request)
    at = clock.now()
    verified = verifier.finish(returned=returned, remembered=remembered, back=_here(request), at=at)
    account = services.enter_verified(verified=verified, law=law_version(city.pack().label), at=at)
    open_session(request, account)
    response = go_on(request, remembered.get("next", ""))
    response.delete_cookie(COOKIE, path=reverse("subjects:verify"))
    return response


def _remembered(request: HttpRequest) -> dict[str, str]:
    try:
        kept: dict[str, Any] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return {}
    return {name: str(value) for name, value in kept.items()}


def _here(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("subjects:verify"))
