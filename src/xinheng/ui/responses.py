"""How does an error become an answer?

Mapped once, for pages and for machines: status, words, article, what to do instead, and the number of the request. A
page keeps the shell its reader knows; a machine gets ``{"error": {"code", "message", "article"?, "request"}}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from xinheng.lib.errors import BadInput, Conflict, NotAllowed, NotFound, RefusedByLaw, XinhengError
from xinheng.ui import wording
from xinheng.ui.viewer import viewer

STATUS: tuple[tuple[type[XinhengError], HTTPStatus], ...] = (
    (NotFound, HTTPStatus.NOT_FOUND),
    (NotAllowed, HTTPStatus.FORBIDDEN),
    (RefusedByLaw, HTTPStatus.FORBIDDEN),
    (Conflict, HTTPStatus.CONFLICT),
    (BadInput, HTTPStatus.UNPROCESSABLE_ENTITY),
)
STATUS_OF_CODE = {
    "too_many_requests": HTTPStatus.TOO_MANY_REQUESTS,
    "too_many_refusals": HTTPStatus.TOO_MANY_REQUESTS,
    "service_unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
    "request_unreadable": HTTPStatus.BAD_REQUEST,
    "method_not_allowed": HTTPStatus.METHOD_NOT_ALLOWED,
    "length_required": HTTPStatus.LENGTH_REQUIRED,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "token_invalid": HTTPStatus.UNAUTHORIZED,
    "client_locked": HTTPStatus.TOO_MANY_REQUESTS,
    "idempotency_key_missing": HTTPStatus.BAD_REQUEST,
    "idempotency_key_unreadable": HTTPStatus.BAD_REQUEST,
    "content_type_unknown": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "content_coding_unknown": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "body_cut_short": HTTPStatus.BAD_REQUEST,
    "something_broke": HTTPStatus.INTERNAL_SERVER_ERROR,
}
RULED = frozenset(
    {
        HTTPStatus.FORBIDDEN,
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)
"""Answers that say no: by an article of the law, or by a rule of the platform. The others say that something is not
there, or not well.
"""
_ICONS = {
    HTTPStatus.FORBIDDEN: "lock",
    HTTPStatus.NOT_FOUND: "dash",
    HTTPStatus.TOO_MANY_REQUESTS: "clock",
    HTTPStatus.SERVICE_UNAVAILABLE: "pause",
}


def status_of(error: XinhengError) -> HTTPStatus:
    """The HTTP status of ``error``; a class of errors without a place here is a broken invariant: 500."""
    if error.code in STATUS_OF_CODE:
        return STATUS_OF_CODE[error.code]
    for kind, status in STATUS:
        if isinstance(error, kind):
            return status
    return HTTPStatus.INTERNAL_SERVER_ERROR


def error_response(
    request: HttpRequest,
    *,
    code: str,
    status: HTTPStatus,
    article: str | None = None,
    params: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The answer for ``code``, as a page or as JSON by `wants_json`."""
    params = params or {}
    number = getattr(request, "request_id", "")
    if wants_json(request):
        told = {"code": code, "message": wording.say(code, params), "request": number}
        if article:
            told["article"] = article
        return _seal(JsonResponse({"error": told}, status=status), status)
    page = {
        "code": code,
        "status": int(status),
        "status_word": _status_word(status),
        "status_icon": _ICONS.get(status, "warn"),
        "says": wording.say(code, params).rstrip("。."),
        "instead": wording.instead(code, params) or wording.instead(f"status.{int(status)}", {}),
        "article_id": article,
        "ruled": status in RULED,
        "request_number": number,
        "shell": "ui/desk.html" if viewer(request).staff else "ui/portal.html",
    }
    return _seal(render(request, "ui/error.html", page, status=status), status)


def too_large(request: HttpRequest, *, megabytes: int) -> HttpResponse:
    """413: more was sent than is taken; says how much is."""
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return error_response(request, code="too_large", status=status, params={"limit": f"{megabytes} MB"})


def wants_json(request: HttpRequest) -> bool:
    """True for addresses that are made for machines, and for callers that accept JSON and no page."""
    if request.path.startswith(("/api/", "/oauth/")) or request.path.endswith((".json", ".csv")):
        return True
    accepts = request.META.get("HTTP_ACCEPT", "")
    return "application/json" in accepts and "text/html" not in accepts


def _status_word(status: HTTPStatus) -> str:
    return {
        HTTPStatus.BAD_REQUEST: _("请求不完整"),
        HTTPStatus.FORBIDDEN: _("不能看"),
        HTTPStatus.NOT_FOUND: _("没有找到"),
        HTTPStatus.METHOD_NOT_ALLOWED: _("不接受"),
        HTTPStatus.CONFLICT: _("情况已变"),
        HTTPStatus.LENGTH_REQUIRED: _("请求不完整"),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("太大"),
        HTTPStatus.UNPROCESSABLE_ENTITY: _("要改"),
        HTTPStatus.TOO_MANY_REQUESTS: _("太频繁"),
        HTTPStatus.SERVICE_UNAVAILABLE: _("暂停服务"),
    }.get(status, _("系统出错"))


def _seal(response: HttpResponse, status: HTTPStatus) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        response.headers["Retry-After"] = "60"
    return response
