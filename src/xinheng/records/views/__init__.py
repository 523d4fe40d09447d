"""Doors of intake and review: translate in, call one verb, translate out.

A batch is seen by the organisation that sent it, a waiting row decided by its reviewers; for others they do not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from xinheng.accounts.access import asker_of, needs_role
from xinheng.accounts.rules import AskerFacts, Role
from xinheng.accounts.selectors import organisation
from xinheng.catalog import rules as catalog
from xinheng.intake import selectors as received
from xinheng.intake.rules.verdicts import WEIGHTS, Weight
from xinheng.intake.writing import template as template_of
from xinheng.law import lookup
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Bilingual
from xinheng.lib import clock
from xinheng.lib.errors import BadInput, NotAllowed, NotFound
from xinheng.records import services
from xinheng.records.forms import ReviewForm, UploadForm
from xinheng.records.views import handling
from xinheng.ui import city, language, wording
from xinheng.ui.forms import form_page
from xinheng.ui.paging import KeyPage

WAITING_SHOWN = 20
FINDINGS_SHOWN = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(Role.COLLECTOR)
def intake(request: HttpRequest) -> HttpResponse:
    """Send a file: its good rows are registered at once, the others named one by one."""
    facts = asker_of(request)
    items = [(item.code, f"{item.label.get(language.current())}（{item.code}）") for item in _reportable(facts)]
    form = UploadForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        items=items,
    )
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            receipt = services.accept_batch(
                file=file.file,
                file_name=file.name,
                item_code=form.cleaned_data["item"],
                provider=organisation(_body(facts)),
                actor=f"account:{facts.account_id}",
                channel="web",
                at=clock.now(),
                uploaded_by=facts.account_id,
            )
        except BadInput as refused:
            form.add_error("file", wording.say(refused.code, {**refused.params, **_item_word(refused.params)}))
        else:
            return HttpResponseRedirect(reverse("records:batch", args=[receipt.batch_id]))
    page = {"batches": received.batches(provider_id=_body(facts)), "provider_id": _body(facts)}
    return form_page(request, "records/intake.html", page, form=form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(Role.COLLECTOR, Role.REVIEWER)
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """How each row of a batch fared, page by page; a collector mends here what was not taken in, or takes it back.

    Another organisation's batch does not exist here.
    """
    facts = asker_of(request)
    found = _own_batch(facts, batch_id)
    after = _row_behind(request.GET.get("after", ""))
    listed = received.cards(batch_id, today=city.today(), after=after, limit=FINDINGS_SHOWN + 1)
    shown, more = listed[:FINDINGS_SHOWN], len(listed) > FINDINGS_SHOWN
    form = handling.form_of(request, facts, found, shown)
    if form is not None and form.is_bound and handling.carried_out(form, found, facts):
        return HttpResponseRedirect(request.get_full_path())
    page = {
        **handling.page_of(found, shown, form),
        "page": KeyPage(rows=shown, next_key=str(shown[-1].row.row) if more else "", first=not after),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.is_bound else HTTPStatus.OK
    return render(request, "records/batch.html", page, status=status)


@never_cache
@require_safe
@needs_role(Role.COLLECTOR, Role.REVIEWER)
def receipt(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The receipt of a batch, to be printed: what was received, how it fared, and the entry that binds it."""
    found = _own_batch(asker_of(request), batch_id)
    return render(request, "records/receipt.html", handling.receipt_of(found))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(Role.COLLECTOR, Role.REVIEWER)
def withdrawal(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Propose to take a whole batch back, or decide what another proposed."""
    facts = asker_of(request)
    found = _own_batch(facts, batch_id)
    form = handling.withdrawal_form(request, facts, found)
    if form is not None and form.is_bound and form.is_valid():
        handling.withdraw(form, facts, found)
        return HttpResponseRedirect(reverse("records:batch", args=[batch_id]))
    page = {"form": form, "batch": found, "item": received.item_of(batch_id), **handling.reach_of(found, facts)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.is_bound else HTTPStatus.OK
    return render(request, "records/withdrawal.html", page, status=status)


def _item_word(params: Mapping[str, str]) -> dict[str, str]:
    """The item that a refusal names by its Chinese label, in the language of the page."""
    items = lookup.items(city.pack(), city.today())
    named = next((item for item in items if item.label.zh == params.get("item")), None)
    return {"item": named.label.get(language.current())} if named else {}


def _own_batch(facts: AskerFacts, batch_id: int) -> received.BatchView:
    found = received.batch(batch_id)
    if found.provider_id != _body(facts):
        raise NotFound("batch_unknown")
    return found


def _row_behind(text: str) -> int:
    """The row that the page before ended with; 0 for the first page. Raises BadInput for anything but a row."""
    if not text:
        return 0
    if not text.isdecimal() or len(text) > len("10000000"):
        raise BadInput("paging_key_unreadable")
    return int(text)


@never_cache
@require_safe
@needs_role(Role.COLLECTOR, Role.REVIEWER)
def returned(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The rows of one's own batch that were not taken in, as a workbook to be mended and sent again."""
    facts = asker_of(request)
    made = services.hand_back(
        batch_id=batch_id,
        provider=_body(facts),
        actor=f"account:{facts.account_id}",
        channel="web",
        at=clock.now(),
        after=_row_behind(request.GET.get("after", "")),
    )
    found = received.batch(batch_id)
    return _workbook(made, f"{found.file_name.rpartition('.')[0] or found.file_name}-标注.xlsx")


@require_safe
@needs_role(Role.COLLECTOR)
def templates(request: HttpRequest) -> HttpResponse:
    """The items that one's own organisation may report, each with its template."""
    return render(request, "records/templates.html", {"items": _reportable(asker_of(request))})


@require_safe
@needs_role(Role.COLLECTOR)
def template(request: HttpRequest, code: str) -> HttpResponse:
    """The template of an item that one's own organisation may report, in the version in force."""
    found = next((item for item in _reportable(asker_of(request)) if item.code == code), None)
    if found is None:
        raise NotFound("catalog_item_unknown")
    return _template(found)


@require_safe
def public_template(request: HttpRequest, code: str, first_day: str) -> HttpResponse:
    """The template of a version in force, for everybody: it says what may be collected and names nobody."""
    version = catalog.version_of(catalog.item_of(city.pack(), code), first_day)
    if catalog.standing(version, city.today()) is not catalog.Standing.IN_FORCE:
        raise NotFound("catalog_version_unknown")
    return _template(version)


def _reportable(facts: AskerFacts) -> list[ItemVersion]:
    """The items in force for which the asker's organisation is a source."""
    return [item for item in lookup.items(city.pack(), city.today()) if item.reportable_with(facts.powers)]


_made: dict[tuple[str, str, date, bool], bytes] = {}  # by content of the item version, law, day and language
_MADE = 64


def _template(item: ItemVersion) -> HttpResponse:
    pack, today, english = city.pack(), city.today(), language.current() == language.ENGLISH
    key = (item.sha256, pack.edition, today, english)
    if key not in _made:
        if len(_made) >= _MADE:
            _made.clear()
        _made[key] = template_of(item, pack=pack, today=today, english=english)
    return _workbook(_made[key], f"{item.label.zh}-{item.code}-模板.xlsx")


def _workbook(made: bytes, name: str) -> HttpResponse:
    response = HttpResponse(made, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(Role.REVIEWER)
def review(request: HttpRequest) -> HttpResponse:
    """Decide waiting rows of one's own organisation; never those that one sent oneself."""
    facts = asker_of(request)
    waiting = received.waiting_rows(exclude_uploader=facts.account_id, provider_id=_body(facts), limit=WAITING_SHOWN)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        row = received.waiting_row(given["row_id"], provider_id=_body(facts))
        services.review_row(
            row_id=row.row_id,
            outcome=given["outcome"],
            reviewer=facts.account_id,
            reason=given["reason"],
            channel="web",
            at=clock.now(),
        )
        return HttpResponseRedirect(f"{reverse('records:review')}?decided={given['outcome']}")
    rows = [_review_card(row, form) for row in waiting]
    proposed = received.proposals(provider_id=_body(facts))
    total = received.waiting_count(exclude_uploader=facts.account_id, provider_id=_body(facts))
    page = {"rows": rows, "total": total, "proposed": proposed, "decided": request.GET.get("decided")}
    return form_page(request, "records/review.html", page, form=form)


def _body(facts: AskerFacts) -> int:
    """The organisation of the account; an account without one has nothing to do here."""
    if facts.organisation_id is None:
        raise NotAllowed("role_missing")
    return facts.organisation_id


@dataclass(frozen=True, slots=True)
class Shown:
    """A value of a waiting row, as the hall's filters print it. ``before``: what is on file now, where it differs."""

    label: Bilingual
    type: str
    value: str
    before: str = ""


def _review_card(row: received.WaitingRow, bound: ReviewForm) -> dict[str, Any]:
    """A waiting row with its values, its findings and its form; the form that was sent keeps its answers."""
    item = lookup.recorded(city.pack(), row.item_code, row.item_from)
    mine = bound.is_bound and bound.data.get("row_id") == str(row.row_id)
    form = bound if mine else ReviewForm(initial={"row_id": row.row_id}, auto_id=f"id{row.row_id}_%s")
    filled = [field for field in item.fields if row.values.get(field.code)]
    values = [Shown(field.label, field.type.value, row.values[field.code]) for field in filled]
    told = [one for one in row.findings if WEIGHTS.get(one.code, Weight.REJECT) is not Weight.NOTE]
    return {
        "row": row,
        "item": item,
        "form": form,
        "values": values,
        "findings": told or row.findings,
        "changes": [
            Shown(item.by_code[one.field].label, item.by_code[one.field].type.value, one.after, one.before)
            for one in services.differences(row_id=row.row_id)
        ],
    }
