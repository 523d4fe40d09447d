"""The doors of administrators to the register of organisations and their powers (ORG-1)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from xinheng.accounts import selectors, services
from xinheng.accounts.access import asker_of, needs_role
from xinheng.accounts.forms.rights import NewOrganisationForm, PowerForm, ReasonForm
from xinheng.accounts.rules import LEVELS, OrganisationKind, Role, may_grant_power
from xinheng.accounts.selectors import rights
from xinheng.accounts.views.rights import REFUSALS, answer, asked_of, carried_out, power_words, sent, tell
from xinheng.law import lookup
from xinheng.lib import clock
from xinheng.lib.errors import BadInput, RefusedByLaw
from xinheng.ui import city, language, wording


@never_cache
@require_safe
@needs_role(Role.ADMINISTRATOR)
def organisations(request: HttpRequest) -> HttpResponse:
    """The register: all organisations for the department that keeps it, the own one for others."""
    by = asker_of(request)
    page = {
        "rows": [
            (one, _kinds().get(one.kind, one.kind), _sectors().get(one.sector, ""))
            for one in rights.organisations_of(by)
        ],
        "keeps": rights.reaches_all(by),
        "article": services.competent_article(city.pack(), clock.now()),
    }
    return render(request, "accounts/organisations.html", page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(Role.ADMINISTRATOR)
def organisation_new(request: HttpRequest) -> HttpResponse:
    """Propose an organisation for the register."""
    by, pack, at = asker_of(request), city.pack(), clock.now()
    article = services.competent_article(pack, at)
    if not rights.reaches_all(by):
        raise RefusedByLaw("grant_not_competent", article)
    form = NewOrganisationForm(
        request.POST if request.method == "POST" else None,
        kinds=list(_kinds().items()),
        levels=[(level, wording.say(f"organ_level.{level}", {})) for level in LEVELS],
        sectors=list(_sectors().items()),
    )
    if form.is_bound and form.is_valid():
        try:
            services.propose_organisation(
                described=form.described(),
                kind=form.chosen_kind(),
                reason=form.cleaned_data["reason"],
                by=selectors.account(by.account_id),
                pack=pack,
                at=at,
            )
        except REFUSALS as refused:
            tell(form, refused, "code")
        else:
            return HttpResponseRedirect(reverse("accounts:organisation", args=[form.cleaned_data["code"]]))
    return answer(request, "accounts/organisation_new.html", {"form": form, "article": article}, form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(Role.ADMINISTRATOR)
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """One organisation: its powers with their articles, propose one, end one, close or open it."""
    by, pack, at = asker_of(request), city.pack(), clock.now()
    sheet = rights.organisation_sheet(code, by)
    words = power_words()
    offered = _offered(sheet)
    act, which = asked_of(request)
    forms = {
        "propose": PowerForm(
            sent(request, "propose"), powers=[(one, words.get(one, one)) for one in offered], auto_id="propose_%s"
        ),
        "close": ReasonForm(sent(request, "close"), auto_id="close_%s"),
        "reopen": ReasonForm(sent(request, "reopen"), auto_id="reopen_%s"),
    }
    ends = {
        one.number: ReasonForm(sent(request, "revoke", one.number), auto_id=f"e{one.number}_%s")
        for one in sheet.running
    }
    form = ends.get(which) if act == "revoke" else forms.get(act)
    now: dict[str, Any] = {"by": selectors.account(by.account_id), "pack": pack, "at": at}
    if request.method == "POST":
        if form is None:
            raise BadInput("act_unreadable")
        if form.is_valid() and carried_out(form, lambda given: _act(act, sheet, which, given, now)):
            return HttpResponseRedirect(reverse("accounts:organisation", args=[code]))
    page = {
        "sheet": sheet,
        **forms,
        "powers": [(one, words.get(one.power, one.power), ends[one.number]) for one in sheet.running],
        "words": words,
        "offers": bool(offered),
        "keeps": rights.reaches_all(by),
        "kind": _kinds().get(sheet.body.kind, sheet.body.kind),
        "sector": _sectors().get(sheet.body.sector, ""),
        "article": services.competent_article(pack, at),
        "form": form,
    }
    return answer(request, "accounts/organisation.html", page, form)


def _act(act: str, sheet: rights.OrganisationSheet, which: int, given: dict[str, Any], now: dict[str, Any]) -> object:
    """Carry out what a form of the page of an organisation asks."""
    reason = given["reason"]
    match act:
        case "propose":
            return services.propose_power(organisation=sheet.body, power=given["power"], reason=reason, **now)
        case "revoke":
            return services.revoke_power(number=which, reason=reason, **now)
        case "close":
            return services.close_organisation(organisation_id=sheet.body.id, reason=reason, **now)
        case _:
            return services.reopen_organisation(body=sheet.body, reason=reason, **now)


def _offered(sheet: rights.OrganisationSheet) -> list[str]:
    """The powers that the law lets this organisation have and that nobody proposed yet."""
    pack, today, body = city.pack(), city.today(), sheet.body
    held = {one.power for one in sheet.running} | {one.what for one in sheet.proposals}
    found = []
    for code, line in pack.powers.items():
        if line.on(today) is not None:
            power = lookup.power(pack, code, today)
            kind = OrganisationKind(body.kind)
            if may_grant_power(power, kind=kind, level=body.level, sector=body.sector, held=held):
                found.append(code)
    return found


def _kinds() -> dict[str, str]:
    pack = city.pack()
    known = {kind.value for kind in OrganisationKind}
    return {code: one.label.get(language.current()) for code, one in pack.organ_kinds.items() if code in known}


def _sectors() -> dict[str, str]:
    return {code: one.label.get(language.current()) for code, one in city.pack().sectors.items()}
