"""Doors of the public pages: translate in, ask one selector or the public verb of disclosure, translate out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from xinheng.disclosure import services as disclosure
from xinheng.law import collection, lookup
from xinheng.law.enums import Rank, Unit
from xinheng.law.errors import NoValueInForce
from xinheng.law.items import ItemVersion
from xinheng.ledger import selectors as ledger_facts
from xinheng.lib import clock
from xinheng.lib.errors import BadInput, NotFound
from xinheng.portal import rules, selectors
from xinheng.portal.forms import DateForm, ListForm, ReceiptForm, SearchForm
from xinheng.portal.rules import Asked, asked, instruments, skipped, tally, written
from xinheng.ui import city, clocks, language
from xinheng.ui.forms import form_page
from xinheng.ui.paging import KeyPage
from xinheng.ui.responses import wants_json

LATEST = 4
PAGE = 20
HIGHEST_ID = 2**53
FILTERS = ("q", "provider", "from", "to")
FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """One question, three doors, what was published last, and what is promised."""
    pack, today, at = city.pack(), city.today(), clock.now()
    items = selectors.public_items(pack, today)[:2]

    def made() -> HttpResponse:
        columns = [
            {"item": item, "list": disclosure.public_list(item=item.code, at=at, pack=pack, limit=LATEST)}
            for item in items
        ]
        return render(request, "portal/home.html", {"columns": columns, "promises": selectors.promises(pack, today)})

    return _kept_page(request, [item.code for item in items], LATEST, made)


@csrf_exempt  # reads only and is the same for everybody; a token would make every public page one of its own
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Find organisations by name or code. A posted name gets an address, what looks like a person's number does not."""
    form = SearchForm(request.POST if request.method == "POST" else request.GET)
    kind, text = asked(form.cleaned_data["q"]) if form.is_valid() else (Asked.NOTHING, "")
    machine = wants_json(request)
    if kind is Asked.CODE and not machine:
        return HttpResponseRedirect(reverse("portal:subject", args=[text]))
    if request.method == "POST" and kind is Asked.NAME and not machine:
        return HttpResponseRedirect(f"{reverse('portal:search')}?{urlencode({'q': text})}")
    skip = skipped(request.GET.get("after", ""))
    found = disclosure.NOBODY
    if kind in {Asked.NAME, Asked.CODE}:
        found = disclosure.public_search(text=text, at=clock.now(), pack=city.pack(), limit=PAGE, skip=skip)
    if machine:
        return JsonResponse(found.as_dict(), json_dumps_params={"ensure_ascii": False})
    page = KeyPage(rows=found.candidates, next_key=str(found.following or ""), first=not skip)
    return render(request, "portal/search.html", {"asked": kind.value, "said": text, "found": found, "page": page})


@require_safe
def subject(request: HttpRequest, code: str) -> HttpResponse:
    """What is public about an organisation; the same page, with nothing on it, for whatever is not known."""
    pack, at = city.pack(), clock.now()
    kind, canonical = asked(code)
    known = kind is Asked.CODE
    key = _page_key(request) if known else None
    state = disclosure.public_state(code=canonical, at=at, pack=pack) if key else ""
    if key and state and (kept := selectors.SUBJECT_PAGES.get(key, state)):
        disclosure.count_public(kept.items, at=at)
        return HttpResponse(kept.body)
    found = disclosure.public_subject(code=canonical, at=at, pack=pack) if known else None
    shown: dict[str, Any] = {"subject": found, "code": canonical if known else "", "at": at}
    if found is not None:
        shown["sections"] = [
            {
                "item": item,
                "rows": [record for record in found.records if record.item == item.code],
                "count": found.counts.get(item.code, 0),
            }
            for item in sorted(
                selectors.public_items(pack, city.today()), key=lambda item: (-item.rank.height, not item.adverse)
            )
            if item.rank is Rank.NATIONAL or found.counts.get(item.code, 0)
        ]
        shown["figures"] = [
            {"label": capfirst(section["item"].label.get(language.current())), "value": section["count"]}
            for section in shown["sections"]
        ]
    page = render(request, "portal/subject.html", shown)
    if key and state and found is not None and "CSRF_COOKIE" not in request.META:
        selectors.SUBJECT_PAGES.put(key, state, page.content, tuple(found.counts))
    return page


@require_safe
def record(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One record that is public today, at an address that stays its own."""
    pack, at = city.pack(), clock.now()
    found = disclosure.public_record(code=_code(code), record_id=_number(number), at=at, pack=pack)
    return render(request, "portal/record.html", {"row": found, "record": found.record, "at": at})


@require_safe
def record_json(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The same for a machine; names of representatives are left out."""
    text = disclosure.public_record_json(code=_code(code), record_id=_number(number), at=clock.now(), pack=city.pack())
    return HttpResponse(text, content_type=FORMATS["json"])


def _code(text: str) -> str:
    """The code in an address; "" for whatever is none, so that a person's number is no question at all (INV-4)."""
    kind, canonical = asked(text)
    return canonical if kind is Asked.CODE else ""


def _number(number: int) -> int:
    """A record's number; 0, which no record has, for one that can be none."""
    return number if number < HIGHEST_ID else 0


def _page_key(request: HttpRequest) -> tuple[str, ...] | None:
    """What tells finished pages of one address apart; None when the page may be one visitor's own."""
    choices = {settings.LANGUAGE_COOKIE_NAME, language.TEXT_COOKIE}
    if request.META.get("QUERY_STRING") or not choices.issuperset(request.COOKIES):
        return None
    large = request.COOKIES.get(language.TEXT_COOKIE, "")
    return request.get_host(), request.path, language.current(), large


@require_safe
def subject_export(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The public records of one organisation as CSV or JSON."""
    kind, canonical = asked(code)
    if form not in FORMATS or kind is not Asked.CODE:
        raise NotFound("page_not_found")
    found = disclosure.public_export(pack=city.pack(), at=clock.now(), format=form, code=canonical)
    return _file(found.text, form, canonical)


@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """Which lists are published, how long they are, and which lists are not in force here and why."""
    pack, today, at = city.pack(), city.today(), clock.now()
    items = selectors.public_items(pack, today)
    shown = {
        "items": [(item, disclosure.public_length(item=item.code, at=at, pack=pack)) for item in items],
        "empty": rules.empty_lists(pack, today),
    }
    return render(request, "portal/published.html", shown)


@require_safe
def publicity(request: HttpRequest, item: str) -> HttpResponse:
    """A list of dual publicity, newest first, narrowed as the address says, cut by key."""
    law = _public_item(item)
    pack, at = city.pack(), clock.now()

    def made() -> HttpResponse:
        form = _list_form(request, law)
        rows: dict[str, Any] = {"rows": (), "total": 0, "article": law.article}
        if form.is_valid():
            after = request.GET.get("after", "")
            found = disclosure.public_list(
                item=law.code, at=at, pack=pack, after=after, limit=PAGE, filters=form.filters
            )
            rows = {"rows": found.rows, "total": found.total, "article": found.article}
            rows["page"] = KeyPage(rows=found.rows, next_key=found.after, first="after" not in request.GET)
        shown = {
            "item": law,
            "items": selectors.public_items(pack, city.today()),
            "narrowed": any(form.data.get(name) for name in form.fields),
            "asked": urlencode(_filters_asked(request)),
            "file_rows": disclosure.EXPORTED,
            **rows,
        }
        return form_page(request, "portal/publicity.html", shown, form=form)

    return _kept_page(request, (law.code,), PAGE, made)


@require_safe
def publicity_export(request: HttpRequest, item: str, form: str) -> HttpResponse:
    """1,000 rows of a list as CSV or JSON, narrowed as the address says; ``?after=`` continues.

    The header ``Link`` names the next file, in JSON ``next`` too.
    """
    law = _public_item(item)
    if form not in FORMATS:
        raise NotFound("page_not_found")
    asked_for = _list_form(request, law)
    if not asked_for.is_valid():
        raise BadInput("list_filter_unreadable")

    def address(after: str) -> str:
        return f"{request.path}?{urlencode([*_filters_asked(request), ('after', after)])}"

    found = disclosure.public_export(
        pack=city.pack(),
        at=clock.now(),
        format=form,
        item=law.code,
        after=request.GET.get("after", ""),
        filters=asked_for.filters,
        address=address,
    )
    response = _file(found.text, form, law.code)
    if found.after:
        response.headers["Link"] = f'<{address(found.after)}>; rel="next"'
    return response


def _list_form(request: HttpRequest, law: ItemVersion) -> ListForm:
    """What the address asks of a list; also an address without any question is a valid one."""
    providers = disclosure.list_providers(item=law.code, at=clock.now(), pack=city.pack())
    return ListForm({name: request.GET.get(name, "") for name in FILTERS}, providers=providers)


def _filters_asked(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, value) for name in FILTERS if (value := request.GET.get(name, ""))]


def _kept_page(
    request: HttpRequest, items: Sequence[str], limit: int, made: Callable[[], HttpResponse]
) -> HttpResponse:
    """The page that ``made`` makes of the first rows of these lists, as long as they are the same."""
    key, at = _page_key(request), clock.now()
    state = disclosure.public_list_state(items=items, at=at, pack=city.pack(), limit=limit) if key else ""
    if key and (kept := selectors.LIST_PAGES.get(key, state)):
        for item in kept.items:
            disclosure.count_public([item], at=at)
        return HttpResponse(kept.body)
    page = made()
    if key and page.status_code == HTTPStatus.OK and "CSRF_COOKIE" not in request.META:
        selectors.LIST_PAGES.put(key, state, page.content, tuple(items))
    return page


@require_safe
def law(request: HttpRequest) -> HttpResponse:
    """The regulation article by article: our summary, the attached text, what the platform does, and how far it is."""
    pack = city.pack()
    found = instruments(pack)
    own = [article for one in found if one.own for chapter in one.chapters for article in chapter.articles]
    states = selectors.states()
    shown = {
        "instruments": found,
        "states": states,
        "proofs": selectors.proofs(),
        "tally": tally(states, own),
        "written": written(pack),
        "today": city.today(),
        "texts": {article.id: text for article in own if (text := selectors.statute(pack, article))},
    }
    return render(request, "portal/law.html", shown)


@require_safe
def date_page(request: HttpRequest) -> HttpResponse:
    """Until which day a deadline runs, and why: of a day that the visitor names, never of a case."""
    pack = city.pack()
    asked_for = {name: request.GET[name] for name in ("deadline", "received", "time") if name in request.GET}
    form = DateForm(asked_for if "received" in asked_for else None, pack=pack, initial=asked_for)
    found = form.explanation if form.is_valid() else None
    shown: dict[str, Any] = {"found": found}
    if found is not None:
        off = {day.date: day.name.get(language.current()) for day in found.days if day.name and not day.number}
        due = found.due
        shown["days"] = (
            clocks.strip(received=due.received_on, counted=due.counted, today=city.today(), names=off)
            if found.value.unit is Unit.WORKING_DAY
            else ()
        )
        shown["sources"] = dict.fromkeys(day.source for day in found.days if day.source)
        shown["at"] = form.cleaned_data["time"]
    return form_page(request, "portal/date.html", shown, form=form)


@require_safe
def measure_lists(request: HttpRequest) -> HttpResponse:
    """Which incentives and measures there are, what counts as serious dishonesty, and what is switched off and why."""
    pack, today = city.pack(), city.today()
    kept, off = rules.categories(pack, today)
    shown = {
        "lists": rules.lists(pack, today),
        "categories": kept,
        "categories_off": off,
        "fields": rules.fields(pack, today),
        "conducts": rules.conducts(pack, today),
    }
    return render(request, "portal/lists.html", shown)


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """The newest signed state of the log, the key, and how anybody can check both."""
    shown = {
        "checkpoint": ledger_facts.latest_checkpoint(),
        "key": ledger_facts.vkey(),
    }
    return render(request, "portal/ledger.html", shown)


@csrf_exempt  # reads only; posted because nobody knows what is pasted, and an address is kept in many places
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """Is what this receipt says in the log? By a pasted receipt, or by the number of an entry with its leaf."""
    asked = request.method == "POST" or any(request.GET.get(name) for name in ("entry", "leaf"))
    form = ReceiptForm((request.POST if request.method == "POST" else request.GET) if asked else None)
    found = form.examined(clock.now()) if form.is_valid() else []
    return form_page(request, "portal/receipt.html", {"found": found}, form=form)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_json(request: HttpRequest) -> HttpResponse:
    """The same for machines: the standing of each receipt, with the proof of what is sealed."""
    form = ReceiptForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        raise BadInput("receipt_unreadable")
    told = [
        {"standing": one.standing.value, "entry": one.entry, "leaf": one.leaf, "proof": one.proof}
        for one in form.examined(clock.now())
    ]
    return JsonResponse({"receipts": told}, json_dumps_params={"ensure_ascii": False})


@require_safe
def ledger_checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint as it was signed (C2SP note)."""
    newest = ledger_facts.latest_checkpoint()
    if newest is None:
        raise NotFound("page_not_found")
    return HttpResponse(newest.note, content_type="text/plain; charset=utf-8")


@require_safe
def ledger_key(request: HttpRequest) -> HttpResponse:
    """The public key that checkpoints are verified with."""
    return HttpResponse(ledger_facts.vkey() + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def service(request: HttpRequest) -> HttpResponse:
    """What the platform promises by when, under which article, and where a window is."""
    pack, today = city.pack(), city.today()
    windows: Sequence[Any] = pack.presentation.get("windows") or ()  # type: ignore[assignment]
    return render(request, "portal/service.html", {"promises": selectors.promises(pack, today), "windows": windows})


@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """Who handles information about persons, what for, under which law, and which rights there are (PIP-1)."""
    return render(request, "portal/notice.html", {"notice": collection.notice(city.pack(), city.today())})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was tested for accessibility, and what was not."""
    return render(request, "portal/accessibility.html")


def _public_item(code: str) -> ItemVersion:
    try:
        item = lookup.item(city.pack(), code, city.today())
    except NoValueInForce:
        raise NotFound("page_not_found") from None
    if item not in selectors.public_items(city.pack(), city.today()):
        raise NotFound("page_not_found")
    return item


def _file(text: str, form: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=FORMATS[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
