"""Doors of intake for machines: a department's own system reports rows and reads what became of them.

A token opens them and nothing else does; they are exempt from the check of forms because no cookie counts here. What
the organisation may report the law decides, what it may read is its own.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from xinheng.accounts.access import machine_of, needs_scope
from xinheng.accounts.rules import Scope
from xinheng.intake.rules.verdicts import Verdict
from xinheng.lib import clock
from xinheng.lib.errors import BadInput, Conflict
from xinheng.records import selectors, services
from xinheng.records.api import answers, body
from xinheng.records.api.openapi import document
from xinheng.ui import responses

RETRY_AFTER = 5  # seconds
AGAIN = frozenset({"request_running", "batch_raced"})  # what passes by itself
_LONGEST = len("10000000")


@csrf_exempt
@require_POST
@needs_scope(Scope.REPORT)
def report(request: HttpRequest, item_code: str) -> HttpResponse:
    """Take rows of one item. 201 with the receipt; 200 with the same receipt when the same request comes again."""
    machine, at = machine_of(request), clock.now()
    key, kind = body.key_of(request), body.kind_of(request)
    services.may_report_by_machine(machine=machine, item_code=item_code, key=key, at=at)
    try:
        with body.received(request) as sent:
            reported = services.report_by_machine(
                machine=machine,
                item_code=item_code,
                key=key,
                file=sent.path,
                file_sha256=sent.sha256,
                file_name=f"{item_code}.{kind}",
                at=at,
            )
    except Conflict as busy:
        if busy.code not in AGAIN:
            raise
        return _later(request, busy)
    batch = answers.own_batch(reported.batch_id, machine.organisation_id)
    answer = JsonResponse(
        {**answers.receipt(batch), **answers.findings(batch)},
        status=200 if reported.replayed else 201,
        json_dumps_params={"ensure_ascii": False},
    )
    answer.headers["Location"] = reverse("records:api_batch", args=[reported.batch_id])
    if reported.replayed:
        answer.headers["Idempotent-Replay"] = "true"
    return answer


def _later(request: HttpRequest, busy: Conflict) -> HttpResponse:
    answer = responses.error_response(request, code=busy.code, status=responses.status_of(busy))
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


@csrf_exempt
@require_safe
@needs_scope(Scope.READ)
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The receipt of a batch of one's own organisation, whoever sent it; another's does not exist here."""
    found = answers.own_batch(batch_id, machine_of(request).organisation_id)
    return _json({**answers.receipt(found), **answers.findings(found)})


@csrf_exempt
@require_safe
@needs_scope(Scope.READ)
def rows(request: HttpRequest, batch_id: int) -> HttpResponse:
    """How each row fared, page by page; ``verdict`` may be given several times."""
    found = answers.own_batch(batch_id, machine_of(request).organisation_id)
    return _json(answers.rows(found, _verdicts(request), _row_behind(request.GET.get("after", ""))))


@csrf_exempt
@require_safe
@needs_scope(Scope.READ)
def items(request: HttpRequest) -> HttpResponse:
    """The items that this organisation may report today, with the schema of a row."""
    found = selectors.items_reportable_by(machine_of(request).organisation_id, clock.now())
    told = [
        {
            "item": item.code,
            "name": {"zh": item.label.zh, "en": item.label.en},
            "from": item.from_.isoformat(),
            "schema": reverse("catalog:schema", args=[item.code, item.from_.isoformat()]),
            "report": reverse("records:api_report", args=[item.code]),
        }
        for item in found
    ]
    return _json({"items": told})


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """The description of these doors, OpenAPI 3.1; open to everyone."""
    return _json(document())


def _json(content: dict[str, object]) -> HttpResponse:
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})


def _verdicts(request: HttpRequest) -> list[Verdict]:
    try:
        return [Verdict(word) for word in request.GET.getlist("verdict")]
    except ValueError:
        raise BadInput("verdict_unknown") from None


def _row_behind(text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal()) or len(text) > _LONGEST:
        raise BadInput("paging_key_unreadable")
    return int(text)
