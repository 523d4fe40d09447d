"""The doors where an account looks after itself: the second step of sign-in and its authenticator."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib.auth import update_session_auth_hash
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from xinheng.accounts import selectors, services
from xinheng.accounts.access import SECOND_STEP, asker_of, go_on, needs_role, origin_of
from xinheng.accounts.forms import CodeForm, FactorForm, FirstCodeForm, PasswordForm
from xinheng.accounts.rules import Origin, Step
from xinheng.accounts.selectors import notices as selected
from xinheng.ledger.selectors import law_version
from xinheng.lib import clock
from xinheng.lib.errors import BadInput, NotAllowed
from xinheng.ui import city, language, wording
from xinheng.ui.forms import form_page
from xinheng.ui.viewer import viewer

_FIELD_OF = {
    "password_wrong": ("password", "old"),
    "password_too_weak": ("new",),
    "password_same": ("new",),
    "code_wrong": ("code",),
    "first_code_wrong": ("code",),
}


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(step=Step.CODE)
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step: the code of the authenticator; the session gets a new key."""
    form = CodeForm(request.POST if request.method == "POST" else None, initial={"next": request.GET.get("next", "")})
    waits = _step(request) is Step.CODE
    if form.is_bound and not waits:
        return go_on(request, "")
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            number = services.take_code(
                account_id=asker_of(request).account_id,
                code=given["code"],
                at=clock.now(),
                device_at=clock.real(),
                origin=origin_of(request),
            )
        except NotAllowed as refused:
            _tell(form, refused)
        else:
            _passed(request, number)
            return go_on(request, given["next"])
    return form_page(request, "accounts/code.html", {"waits": waits}, form=form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role()
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the account is signed in; end one of the other sessions, or all of them."""
    account_id, key = asker_of(request).account_id, request.session.session_key
    if request.method == "POST":
        if request.POST.get("end") == "others":
            services.end_sessions(account_id=account_id, but=key)
        elif request.POST.get("end"):
            services.end_session(account_id=account_id, handle=request.POST["end"])
        return HttpResponseRedirect(reverse("accounts:sessions"))
    lines = selectors.session_lines(account_id, key)
    return render(request, "accounts/sessions.html", {"lines": lines} | _shell(request))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role()
def notices(request: HttpRequest) -> HttpResponse:
    """What others did to the account. A sign-in leads here until its holder says that it was read."""
    account_id = asker_of(request).account_id
    wanted = (request.POST if request.method == "POST" else request.GET).get("next", "")
    if request.method == "POST":
        services.read_notices(account_id=account_id, at=clock.now())
        return go_on(request, wanted)
    told = selected.notices(account_id)
    page = {"told": told, "new": any(one.new for one in told), "next": wanted}
    return render(request, "accounts/notices.html", page | _shell(request))


@sensitive_post_parameters("old", "new", "again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(step=Step.PASSWORD)
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; after a one-time password the sign-in goes on from here."""
    must = _step(request) is Step.PASSWORD
    initial = {"next": request.GET.get("next", "")}
    form = PasswordForm(request.POST if request.method == "POST" else None, initial=initial)
    done = False
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            account = services.change_password(
                account_id=asker_of(request).account_id,
                old=given["old"],
                new=given["new"],
                session=request.session.session_key,
                law=law_version(city.pack().label),
                at=clock.now(),
                origin=origin_of(request),
            )
        except (NotAllowed, BadInput) as refused:
            _tell(form, refused)
        else:
            request.user = account
            update_session_auth_hash(request, account)
            if must:
                return go_on(request, given["next"])
            done, form = True, PasswordForm(initial=initial)
    page = {"must": must, "done": done} | _shell(request)
    return form_page(request, "accounts/password.html", page, form=form)


@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(step=Step.FACTOR)
def factor(request: HttpRequest) -> HttpResponse:
    """Set an authenticator up, or another in place of it: password, secret, first code, recovery codes."""
    account_id = asker_of(request).account_id
    present = selectors.factor_of(account_id)
    sent = request.POST if request.method == "POST" else None
    begins = sent is not None and sent.get("act") == "begin"
    initial = {"next": request.GET.get("next", "")}
    begin = FactorForm(sent if begins else None, replaces=present is not None, initial=initial)
    confirm = FirstCodeForm(None if begins else sent, initial=initial)
    if begins and begin.is_valid():
        _begin(account_id, begin, origin_of(request))
        confirm.initial["next"] = begin.cleaned_data["next"]
    elif confirm.is_bound and confirm.is_valid():
        shown = _confirm(account_id, confirm)
        if shown:
            in_use = selectors.factor_of(account_id)
            assert in_use is not None
            _passed(request, in_use.id)
            return _recovery_page(request, shown, confirm.cleaned_data["next"])
    offered = None
    if not begin.errors:
        account = selectors.account(account_id)
        offered = services.offered_factor(account=account, issuer=_issuer(), at=clock.now())
    page = {
        "present": present,
        "left": len(present.recovery.split()) if present else 0,
        "offered": offered,
        "picture": _picture(offered.address) if offered else "",
        "must": _step(request) is Step.FACTOR,
        "told": selected.notices(account_id, new=True),
    }
    return form_page(request, "accounts/factor.html", _shell(request) | page, form=confirm if offered else begin)


def _begin(account_id: int, form: FactorForm, origin: Origin) -> None:
    """Offer a secret when password and old code fit; else tell the form."""
    given, at = form.cleaned_data, clock.now()
    try:
        services.confirm_password(account_id=account_id, password=given["password"], at=at, origin=origin)
        if "code" in given:
            code = given["code"]
            services.take_code(account_id=account_id, code=code, at=at, device_at=clock.real(), origin=origin)
    except NotAllowed as refused:
        _tell(form, refused)
    else:
        services.offer_factor(account_id=account_id, at=at)


def _confirm(account_id: int, form: FirstCodeForm) -> list[str]:
    try:
        return services.confirm_factor(
            account_id=account_id,
            code=form.cleaned_data["code"],
            at=clock.now(),
            device_at=clock.real(),
            law=law_version(city.pack().label),
        )
    except NotAllowed as refused:
        _tell(form, refused)
        return []


def _recovery_page(request: HttpRequest, shown: list[str], wanted: str) -> HttpResponse:
    """The only page that ever shows the recovery codes."""
    return render(
        request, "accounts/recovery.html", {"codes": shown, "onward": go_on(request, wanted).url} | _shell(request)
    )


def _passed(request: HttpRequest, number: int) -> None:
    """The session gave a code of this authenticator."""
    request.session[SECOND_STEP] = number
    request.session.cycle_key()


def _step(request: HttpRequest) -> Step | None:
    step: Step | None = getattr(request.user, "step", None)
    return step


def _issuer() -> str:
    """The name under which an authenticator files the account."""
    return str(city.presented("zh-hans").portal)


def _picture(address: str) -> SafeString:
    """The address as a QR code, drawn into the page: it has no address of its own that something could keep."""
    drawn = segno.make_qr(address, error="m").svg_inline(
        scale=5, dark="#000", light="#fff", omitsize=True, svgclass="xh-qr", lineclass=None
    )
    return mark_safe(drawn)  # noqa: S308 - made of numbers by the library


def _tell(form: Form, refused: NotAllowed | BadInput) -> None:
    """Say a refusal, with its remedy, beside the field it is about, or above all fields."""
    name = next((one for one in _FIELD_OF.get(refused.code, ()) if one in form.fields), None)
    told = wording.say(refused.code, refused.params), wording.instead(refused.code, refused.params)
    form.add_error(name, language.sentences(*told))


def _shell(request: HttpRequest) -> dict[str, Any]:
    """The shell that the account knows from its other pages."""
    return {"shell": "ui/desk.html" if viewer(request).staff else "ui/portal.html"}
