"""What happens around every request?

Four layers, outside in: headers that hold for every answer, the language of the page, the length of what is sent,
errors turned into answers.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers

from xinheng.lib.errors import NotAllowed, XinhengError
from xinheng.ui import language, pages, responses
from xinheng.ui.viewer import viewer

Handler = Callable[[HttpRequest], HttpResponse]

FORM_BYTES = 1024 * 1024
"""What a form without a file may hold."""
LONGEST_LENGTH = 15
"""Digits of a length that is taken for one."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}


_PREPARED = {name.lower(): (name, value) for name, value in HEADERS.items()}


class SecurityHeaders:
    """Request number, content policy, and no stored copy of a page that belongs to somebody.

    A page is kept by nobody (``no-store``) when the viewer is signed in or the answer sets a cookie; other pages may
    be kept but are asked for again. A view that sets Cache-Control itself, as the exports and pictures do, is left
    alone.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = secrets.token_hex(8)  # type: ignore[attr-defined]
        response = self.get_response(request)
        # Django's headers are kept under their lower-case names; setting them one by one costs more than all else here
        response.headers._store = {**_PREPARED, **response.headers._store}
        response.headers["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        if settings.XINHENG_MODE == "production" and request.is_secure():
            response.headers["Strict-Transport-Security"] = f"max-age={365 * 24 * 3600}"
        if "Cache-Control" not in response.headers:
            private = bool(response.cookies) or settings.SESSION_COOKIE_NAME in request.COOKIES
            response.headers["Cache-Control"] = "no-store" if private else "no-cache"
        return response


class Language:
    """Speak the language the visitor chose, for this request only."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = language.chosen(request)
        request.LANGUAGE_CODE = chosen
        with translation.override(chosen):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language.HTML_LANG[chosen])
        patch_vary_headers(response, ("Cookie",))
        return response


class Bounds:
    """Refuse what is too long before a byte of it is read, by the length it announces.

    Stands before the check of forms, which reads the whole body. Forms hold `FORM_BYTES`; only a page of files, for
    an account with one of its roles, takes ``XINHENG_MAX_UPLOAD_MB``, and so does a door of machines, which looks at
    the token itself before it reads. A body without a length is not taken (411).
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if request.META.get("HTTP_TRANSFER_ENCODING") or not length.isdecimal() or len(length) > LONGEST_LENGTH:
            return responses.error_response(request, code="length_required", status=HTTPStatus.LENGTH_REQUIRED)
        if int(length) <= FORM_BYTES:
            return self.get_response(request)
        page = _page_of_files(request)
        if page is None:
            return responses.too_large(request, megabytes=FORM_BYTES >> 20)
        seen, form = viewer(request), 0 if page.scope else FORM_BYTES
        if not page.scope and not seen.roles & set(page.roles):
            code = "role_missing" if seen.signed_in else "not_signed_in"
            return responses.error_response(request, code=code, status=HTTPStatus.FORBIDDEN)
        if int(length) > (settings.XINHENG_MAX_UPLOAD_MB << 20) + form:  # the file, and the form around it
            return responses.too_large(request, megabytes=settings.XINHENG_MAX_UPLOAD_MB)
        return self.get_response(request)


def _page_of_files(request: HttpRequest) -> pages.Page | None:
    """The page of files that this request sends to; None when it goes anywhere else."""
    if request.method != "POST":
        return None
    try:
        name = resolve(request.path_info).view_name
    except Resolver404:
        return None
    return next((page for page in pages.PAGES if page.name == name and page.takes_files), None)


class Errors:
    """Turn the house's errors into answers; leave the rest, a broken invariant, to the 500 page and its trace."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.streaming or response.content:
            return response
        page = responses.error_response(request, code="method_not_allowed", status=HTTPStatus.METHOD_NOT_ALLOWED)
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Called by Django for an exception of a view; None lets Django answer 500 and log it."""
        if isinstance(error, OperationalError | InterfaceError):
            code = "service_unavailable"
            return responses.error_response(request, code=code, status=responses.STATUS_OF_CODE[code])
        if not isinstance(error, XinhengError):
            return None
        status = responses.status_of(error)
        if status == 500:
            return None
        if isinstance(error, NotAllowed) and error.code == "not_signed_in" and viewer(request).signed_in:
            return None  # a door that forgets who is signed in is broken
        return responses.error_response(
            request, code=error.code, status=status, article=error.article, params=error.params
        )
