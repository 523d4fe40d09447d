"""The doors in and out, and the page of machine clients."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from xinheng.accounts import selectors, services
from xinheng.accounts.access import asker_of, go_on, needs_role, open_session, origin_of
from xinheng.accounts.forms import ClientForm, SignInForm
from xinheng.accounts.rules import Role, Scope
from xinheng.accounts.selectors.rights import organisations_of
from xinheng.ledger.selectors import law_version
from xinheng.lib import clock
from xinheng.lib.errors import NotAllowed
from xinheng.ui import city, language, wording
from xinheng.ui.forms import form_page


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with user name and password; the session gets a new key, and the page asked for before is opened."""
    form = SignInForm(request.POST if request.method == "POST" else None, initial={"next": request.GET.get("next", "")})
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            account = services.sign_in(
                username=given["username"], password=given["password"], at=clock.now(), origin=origin_of(request)
            )
        except NotAllowed as refused:
            told = wording.say(refused.code, refused.params), wording.instead(refused.code, refused.params)
            form.add_error(None, language.sentences(*told))
        else:
            open_session(request, account)
            return go_on(request, given["next"])
    return form_page(request, "ui/sign_in.html", {}, form=form)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect(reverse("portal:home"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(Role.ADMINISTRATOR)
def clients(request: HttpRequest) -> HttpResponse:
    """The systems that report by themselves; propose one."""
    english = language.current() == language.ENGLISH
    bodies = [
        (body.code, body.name_en if english and body.name_en else body.name_zh)
        for body in organisations_of(asker_of(request))
        if body.active
    ]
    form = ClientForm(request.POST if request.method == "POST" else None, organisations=bodies)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        services.propose_client(
            organisation=selectors.organisation_by_code(given["organisation"]),
            name=given["name"],
            scopes=[Scope(scope) for scope in given["scopes"]],
            proposed_by=selectors.account(asker_of(request).account_id),
            at=clock.now(),
        )
        return HttpResponseRedirect(reverse("accounts:clients"))
    page = {"lines": selectors.client_lines(asker_of(request)), "me": asker_of(request).account_id}
    return form_page(request, "accounts/clients.html", page, form=form)


@never_cache
@require_POST
@needs_role(Role.ADMINISTRATOR)
def client_grant(request: HttpRequest, number: int) -> HttpResponse:
    """Put a client into use as the second person; the answer is the only page that ever shows its secret."""
    issued = services.grant_client(
        number=number,
        second_by=selectors.account(asker_of(request).account_id),
        law=law_version(city.pack().label),
        at=clock.now(),
    )
    return render(request, "accounts/client_secret.html", {"issued": issued})


@never_cache
@require_POST
@needs_role(Role.ADMINISTRATOR)
def client_revoke(request: HttpRequest, number: int) -> HttpResponse:
    """End a client or a proposal at once."""
    services.revoke_client(
        number=number,
        revoked_by=selectors.account(asker_of(request).account_id),
        law=law_version(city.pack().label),
        at=clock.now(),
    )
    return HttpResponseRedirect(reverse("accounts:clients"))
