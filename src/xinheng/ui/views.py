"""Doors of the hall: language, text size, the city's colours and picture, sign of life, gallery, error pages."""

from __future__ import annotations

import logging
import sys
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from xinheng.lib.errors import XinhengError
from xinheng.ui import city, language, responses
from xinheng.ui.gallery import gallery_context

log = logging.getLogger("xinheng.ui")

YEAR = 365 * 24 * 3600
_BARE = "<!doctype html><html lang='zh-CN'><meta charset='utf-8'><title>500</title><h1>系统出错，没有处理</h1><p>{}</p>"


@csrf_exempt  # harmless; without a token public pages stay the same for everybody; other sites are refused below
@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Remember the language asked for and go back to the page."""
    wanted = request.POST.get("to", "")
    if not _from_here(request) or wanted not in language.HTML_LANG:
        return responses.error_response(request, code="request_unreadable", status=HTTPStatus.BAD_REQUEST)
    response = HttpResponseRedirect(_back(request))
    _remember(response, settings.LANGUAGE_COOKIE_NAME, wanted, request)
    return response


@csrf_exempt
@require_POST
def switch_text(request: HttpRequest) -> HttpResponse:
    """Large text, or the usual size again."""
    if not _from_here(request):
        return responses.error_response(request, code="request_unreadable", status=HTTPStatus.BAD_REQUEST)
    response = HttpResponseRedirect(_back(request))
    _remember(response, language.TEXT_COOKIE, "large" if request.POST.get("to") == "large" else "usual", request)
    return response


@require_safe
def city_css(request: HttpRequest) -> HttpResponse:
    """The city's colours, from the pack. Its address carries the pack's hash, so it may be kept for a year."""
    return _kept(HttpResponse(city.stylesheet(), content_type="text/css; charset=utf-8"))


@require_safe
def city_hero(request: HttpRequest) -> HttpResponse:
    """The city's landscape line, from the pack."""
    picture = city.hero_file()
    if picture is None:
        raise Http404
    return _kept(HttpResponse(Path(picture).read_bytes(), content_type="image/svg+xml"))


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """``ok`` when the database answers, 503 otherwise; says nothing more."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (OperationalError, InterfaceError):
        return HttpResponse("database\n", status=HTTPStatus.SERVICE_UNAVAILABLE, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state, on one page; not in production."""
    if settings.XINHENG_MODE == "production":
        raise Http404
    return render(request, "ui/gallery.html", gallery_context())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, and 413 when the body was too large to be read."""
    if isinstance(exception, RequestDataTooBig):
        return responses.too_large(request, megabytes=(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) >> 20)
    return responses.error_response(request, code="request_unreadable", status=HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 of the framework itself."""
    return responses.error_response(request, code="role_missing", status=HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form did not come from a page of ours, or the page was open too long."""
    return responses.error_response(request, code="form_from_elsewhere", status=HTTPStatus.FORBIDDEN)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 for addresses that no room knows; the same words whatever was asked."""
    return responses.error_response(request, code="page_not_found", status=HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 with the number of the request; 503 when it was the database that did not answer.

    If the page itself cannot be made, for example because the law pack is unreadable, a bare page says the same.
    """
    broke = sys.exc_info()[1]
    away = isinstance(broke, OperationalError | InterfaceError)
    status = HTTPStatus.SERVICE_UNAVAILABLE if away else HTTPStatus.INTERNAL_SERVER_ERROR
    code = broke.code if isinstance(broke, XinhengError) else ""
    number = getattr(request, "request_id", "")
    log.error("request %s failed %s", number, code)
    try:
        return responses.error_response(
            request, code="service_unavailable" if away else "something_broke", status=status
        )
    except Exception:
        log.exception("the error page of request %s failed too", number)
        return HttpResponse(_BARE.format(number), status=status, headers={"Cache-Control": "no-store"})


def _from_here(request: HttpRequest) -> bool:
    """False when the browser says that the form lay on another site."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe and target.startswith("/") else "/"


def _remember(response: HttpResponse, name: str, value: str, request: HttpRequest) -> None:
    response.set_cookie(name, value, max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")


def _kept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response
