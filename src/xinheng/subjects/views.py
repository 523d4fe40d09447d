"""The doors of subjects: verified by somebody else, away and back; and who may look at a file, for the subject itself
and for the administrators of the competent department.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xinheng.accounts import identity
from xinheng.accounts import selectors as accounts
from xinheng.accounts.access import asker_of, go_on, needs_role, open_session
from xinheng.accounts.rules import Role
from xinheng.ledger.selectors import law_version
from xinheng.lib import clock
from xinheng.lib.errors import BadInput, Conflict, NotAllowed, NotFound, XinhengError
from xinheng.subjects import services
from xinheng.subjects.forms import WhoseForm, WhyForm
from xinheng.subjects.selectors import links
from xinheng.ui import city, wording

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


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(Role.SUBJECT)
def standing(request: HttpRequest) -> HttpResponse:
    """Who may look at the files that I may look at; end that, lay it down, or ask the department to end it."""
    account, at = accounts.account(asker_of(request).account_id), clock.now()
    number, form = _why(request)
    if form.is_bound and form.is_valid():
        try:
            services.end_or_ask(link=number, reason=form.cleaned_data["reason"], by=account, at=at)
        except (BadInput, Conflict, NotAllowed) as refused:
            _tell(form, refused)
        else:
            return HttpResponseRedirect(reverse("subjects:standing"))
    page = {"files": links.files_of(account.id, at), "form": form, "which": number}
    return render(request, "subjects/standing.html", page, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(Role.ADMINISTRATOR)
def linked(request: HttpRequest) -> HttpResponse:
    """Which accounts may look at which files: what subjects ask to end, and what an administrator looks up; end or
    keep. For the competent department.
    """
    by, pack, at = accounts.account(asker_of(request).account_id), city.pack(), clock.now()
    services.may_end_links(by=by, pack=pack, at=at)
    asked = WhoseForm(request.GET if "q" in request.GET else None)
    number, form = _why(request)
    if form.is_bound and form.is_valid():
        said: dict[str, Any] = {"reason": form.cleaned_data["reason"], "by": by, "pack": pack, "at": at}
        try:
            if request.POST.get("act") == "keep":
                services.keep_link(request=number, **said)
            else:
                services.end_link(account_id=_number(request, "account"), link=number, **said)
        except (BadInput, Conflict, NotAllowed, NotFound) as refused:
            _tell(form, refused)
        else:
            return HttpResponseRedirect(request.get_full_path())
    page: dict[str, Any] = {"waiting": links.asked_lines(), "asked": asked, "form": form, "which": number}
    page["act"] = request.POST.get("act", "")
    if asked.is_bound and asked.is_valid():
        page["found"] = links.link_lines(asked.cleaned_data["q"])
    wrong = form.errors or (asked.is_bound and asked.errors)
    return render(request, "subjects/linked.html", page, status=422 if wrong else 200)


def _why(request: HttpRequest) -> tuple[int, WhyForm]:
    """The row that a form of the page is about, and the form; its field has an id of its own among many."""
    number, act = _number(request, "which"), request.POST.get("act", "")
    return number, WhyForm(request.POST if request.method == "POST" else None, auto_id=f"r{act}{number}_%s")


def _number(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else 0


def _tell(form: WhyForm, refused: XinhengError) -> None:
    """The sentence of a refusal, with what to do instead."""
    form.add_error(None, wording.say(refused.code, refused.params) + wording.instead(refused.code, refused.params))
