"""Doors of disclosure: translate in, call one verb, translate out."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from xinheng.accounts.access import asker_of, needs_role
from xinheng.accounts.rules import Role
from xinheng.disclosure import selectors, services
from xinheng.disclosure.forms import QueryForm
from xinheng.disclosure.rules import Channel, Ground
from xinheng.lib import clock
from xinheng.lib.errors import BadInput
from xinheng.ui import city, language
from xinheng.ui.forms import form_page

JSON = "application/json"


@sensitive_post_parameters("who")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(Role.QUERIER)
def query(request: HttpRequest) -> HttpResponse:
    """Ask for a listed matter: the ground first, then whom. The answer comes after its ledger entry, or not at all."""
    pack, at = city.pack(), clock.now()
    day = at.astimezone(pack.tz).date()
    asker, officer = services.asking(asker_of(request), getattr(request.user, "organisation", None))
    machine = wants_json(request)
    matters = selectors.matters_for(asker, day, pack)
    choices = [] if machine else selectors.choices(matters, language.current())
    citable = selectors.citable(matters, day, pack, language.current())
    form = QueryForm(request.POST if request.method == "POST" else None, matters=choices, citable=citable)
    page: dict[str, Any] = {"matters": matters, "overreach": selectors.founding(pack, "query.overreach", day)}
    if machine and form.is_bound and not form.is_valid():
        return _invalid(form)
    if not form.is_bound or not form.is_valid():
        return form_page(request, "disclosure/query.html", page, form=form)
    given = form.cleaned_data
    answers = services.official_query(
        asker=asker,
        officer=officer,
        ground=Ground(Channel.OFFICIAL, given["matter"], given["case_number"], None, given["statute"] or None),
        identifiers=given["who"],
        channel_name="web",
        at=at,
        pack=pack,
        parties_stated=given["parties"],
    )
    refused = {answer.reason for answer in answers if answer.result == "refused"}
    wholly = len(refused) == 1 and all(answer.result == "refused" for answer in answers)
    if machine:
        body = {"answers": [answer.as_dict() for answer in answers]}
        return HttpResponse(orjson.dumps(body), content_type=JSON, status=403 if wholly else 200)
    page["objection"] = selectors.founding(pack, "objection.mark", day)
    page |= {"form": form, "answers": answers, "ground": given, "officer": officer, "at": at}
    page["matter"] = next((m for m in (*matters.offered, *matters.closed) if m.code == given["matter"]), None)
    if wholly:
        page |= {"reason": refused.pop(), "statute": selectors.statute(answers[0].article, pack, language.current())}
        return render(request, "disclosure/refusal.html", page, status=403)
    return render(request, "disclosure/query.html", page)


def _invalid(form: QueryForm) -> HttpResponse:
    """What is wrong with the question, for a machine: nothing was asked, so nothing is entered."""
    fields = {name: [str(said) for said in faults] for name, faults in form.errors.items()}
    told = {"code": "form_invalid", "message": next(iter(fields.values()))[0], "fields": fields}
    return HttpResponse(orjson.dumps({"error": told}), content_type=JSON, status=422)


def wants_json(request: HttpRequest) -> bool:
    """Whether a machine asks: it accepts JSON and no page."""
    accepted = request.headers.get("Accept", "")
    return JSON in accepted and "text/html" not in accepted


@never_cache
@require_safe
@needs_role(Role.AUDITOR, Role.SUPERVISOR)
def log(request: HttpRequest) -> HttpResponse:
    """The log of disclosures, newest first. That it was read is entered before it is shown."""
    asker = asker_of(request)
    before = request.GET.get("before", "")
    if before and not before.isdecimal():
        raise BadInput("paging_key_unreadable")
    act = request.GET.get("act", "")
    looks = services.read_log(
        account_id=asker.account_id,
        organisation=asker.organisation_code,
        at=clock.now(),
        pack=city.pack(),
        act=act if act in services.LOGGED else None,
        before=int(before) if before else None,
        limit=services.LOG_PAGE,
    )
    page = {
        "looks": looks,
        "act": act if act in services.LOGGED else "",
        "acts": services.LOGGED,
        "first": not before,
        "next": looks[-1].entry_id if len(looks) == services.LOG_PAGE else None,
    }
    return render(request, "disclosure/log.html", page)


@never_cache
@require_safe
@needs_role(Role.SUBJECT)
def own_file(request: HttpRequest) -> HttpResponse:
    """What is on file about me, from whom, under which item and law."""
    file = services.own_file(account_id=asker_of(request).account_id, at=clock.now(), pack=city.pack())
    return render(request, "disclosure/own_file.html", {"file": file})


@never_cache
@require_safe
@needs_role(Role.SUBJECT)
def own_looks(request: HttpRequest) -> HttpResponse:
    """Who looked at my file, when, for what, and which fields."""
    pack = city.pack()
    looks = services.who_looked(account_id=asker_of(request).account_id, at=clock.now(), pack=pack)
    founded = selectors.founding(pack, "query.own", city.today())
    page = {"looks": looks, "proof": selectors.proof(), "own_article": founded}
    return render(request, "disclosure/own_looks.html", page)


@never_cache
@require_safe
@needs_role(Role.SUBJECT)
def own_copy_json(request: HttpRequest) -> HttpResponse:
    """A copy of my file and of who looked, for machines."""
    account_id, at, pack = asker_of(request).account_id, clock.now(), city.pack()
    file = services.own_copy(account_id=account_id, at=at, pack=pack)
    looks = services.who_looked(account_id=account_id, at=at, pack=pack)
    return _download(services.own_json(file, looks), f"{JSON}; charset=utf-8", "own-file.json")


@never_cache
@require_safe
@needs_role(Role.SUBJECT)
def own_copy_csv(request: HttpRequest) -> HttpResponse:
    """A copy of my file as a table."""
    file = services.own_copy(account_id=asker_of(request).account_id, at=clock.now(), pack=city.pack())
    return _download(services.own_csv(file), "text/csv; charset=utf-8", "own-file.csv")


def _download(text: str, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
