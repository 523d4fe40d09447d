"""Doors of oversight: the log of queries. What is shown was entered as read before (QRY-5)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from xinheng.accounts.access import asker_of, needs_role
from xinheng.accounts.rules import Role
from xinheng.accounts.selectors import organisations
from xinheng.disclosure import services
from xinheng.disclosure.services.auditing import NEWEST, OFFICIAL, UNUSUAL
from xinheng.law.lookup import query_log
from xinheng.law.pack import Pack
from xinheng.lib import clock
from xinheng.lib.errors import NotAllowed
from xinheng.oversight.forms import LogForm, ReviewForm
from xinheng.ui import city, language
from xinheng.ui.forms import form_page

TEMPLATE = "oversight/log.html"
TABS = (UNUSUAL, NEWEST)


@never_cache
@require_safe
@needs_role(Role.AUDITOR, Role.SUPERVISOR)
def log(request: HttpRequest) -> HttpResponse:
    """The log of queries, unusual ones first. That it was read, and with which filter, is entered before."""
    pack, at = city.pack(), clock.now()
    form = _form(request, pack)
    page: dict[str, Any] = {"form": form, "rule": query_log(pack, city.today()), "tabs": _tabs(request), "kept": ""}
    if not form.is_valid():
        return form_page(request, TEMPLATE, page, form=form)
    asked = form.asked()
    after = request.GET.get("after", "")
    found = services.read_lines(reader=_reader(request), asked=asked, after=after, at=at, pack=pack)
    page |= {"page": found, "asked": asked, "kept": _kept(request), "narrowed": _narrowed(asked)}
    return render(request, TEMPLATE, page)


@never_cache
@require_safe
@needs_role(Role.AUDITOR, Role.SUPERVISOR)
def log_csv(request: HttpRequest) -> HttpResponse:
    """The lines of the same filter as a file; entered before."""
    pack = city.pack()
    form = _form(request, pack)
    if not form.is_valid():
        return form_page(request, TEMPLATE, {"rule": query_log(pack, city.today()), "tabs": _tabs(request)}, form=form)
    text = services.export_lines(reader=_reader(request), asked=form.asked(), at=clock.now(), pack=pack)
    headers = {"Content-Disposition": 'attachment; filename="query-log.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(Role.AUDITOR, Role.SUPERVISOR)
def log_entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One query: officer, ground, law, fields, proof; the opening is entered before. POST: the auditor's review."""
    pack, at, reader = city.pack(), clock.now(), _reader(request)
    may_review = Role.AUDITOR in asker_of(request).roles
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not may_review:
            raise NotAllowed("role_missing")
        if form.is_valid():
            services.review_line(reader=reader, entry_id=entry_id, words=form.cleaned_data["words"], at=at, pack=pack)
            return HttpResponseRedirect(reverse("oversight:log_entry", args=[entry_id]))
    opened = services.open_line(reader=reader, entry_id=entry_id, at=at, pack=pack)
    page = {"opened": opened, "line": opened.line, "look": opened.look, "may_review": may_review}
    return form_page(request, "oversight/entry.html", page, form=form)


def _reader(request: HttpRequest) -> services.Reader:
    asker = asker_of(request)
    return services.Reader(asker.account_id, asker.organisation_code)


def _form(request: HttpRequest, pack: Pack) -> LogForm:
    """The filter as the address says it; without one, the official queries."""
    tongue = language.current()
    bodies = [
        (one.code, one.name_en if tongue == "en" and one.name_en else one.name_zh)
        for one in organisations().prefetch_related(None)
    ]
    labels = [(code, (line.label or line.values[-1].label).get(tongue)) for code, line in pack.matters.items()]
    return LogForm(
        {"ground": "official", **{name: request.GET[name] for name in request.GET}},
        organisations=bodies,
        matters=labels,
    )


def _kept(request: HttpRequest) -> str:
    """The filter for the address of the file."""
    return urlencode([(name, value) for name, value in request.GET.items() if name != "after" and value])


def _tabs(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """(order, address, whether it is here) of the two orders, with the same filter."""
    here = NEWEST if request.GET.get("order") == NEWEST else UNUSUAL
    others = [(name, value) for name, value in request.GET.items() if name not in ("after", "order") and value]
    return [(order, "?" + urlencode([*others, ("order", order)]), order == here) for order in TABS]


def _narrowed(asked: services.LogFilter) -> bool:
    """Whether more than the order was chosen; the log opens with the official queries."""
    said = asked.said()
    return bool(said.keys() - {"order", "ground"}) or said.get("ground", OFFICIAL) != OFFICIAL
