"""How is an ordinary question of a machine answered without the layers that pages need?

The official query is asked many times a second by the systems of departments. What is ordinary (a short form from a
signed-in account that reads Chinese, with the token of its session) is answered here at once, after the same checks by
the same functions. Whatever is not, goes the long way, which tells what is wrong; so this door never refuses anything
that the long way would not, and lets nothing through that it would not let through.
"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse

from xinheng.accounts.access import SessionStore, user_of
from xinheng.disclosure import views
from xinheng.lib.errors import XinhengError
from xinheng.ui import language
from xinheng.ui.middleware import FORM_BYTES, LONGEST_LENGTH, Errors, Handler
from xinheng.ui.responses import wants_json

_UNUSUAL = ("HTTP_TRANSFER_ENCODING", "HTTP_X_HTTP_METHOD_OVERRIDE")


class Express:
    """Stands outside the layers of pages and inside the one that sets the headers of every answer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self._errors = Errors(get_response)
        self._forms = CsrfViewMiddleware(get_response)
        self._address = ""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and self._meant(request) and self._ordinary(request):
            return self._answer(request)
        return self.get_response(request)

    def _meant(self, request: HttpRequest) -> bool:
        self._address = self._address or reverse("disclosure:query")
        return request.path_info == self._address and wants_json(request)

    def _ordinary(self, request: HttpRequest) -> bool:
        """Whether the request has everything that the layers ask for. Leaves no trace on one that has not."""
        length = request.META.get("CONTENT_LENGTH") or ""
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if not key or any(header in request.META for header in _UNUSUAL):
            return False
        if not length.isdecimal() or len(length) > LONGEST_LENGTH or int(length) > FORM_BYTES:
            return False
        try:
            request.get_host()
        except DisallowedHost:
            return False
        session = SessionStore(key)
        request.session = session
        request.user = user_of(request)
        plain = request.user.is_authenticated and language.chosen(request) == language.CHINESE
        self._forms.process_request(request)
        if plain and self._forms.process_view(request, views.query_of_machine, (), {}) is None:
            return True
        for name in ("session", "user", "xinheng_viewer", "xinheng_asker"):
            request.__dict__.pop(name, None)
        return False

    def _answer(self, request: HttpRequest) -> HttpResponse:
        try:
            response = views.query_of_machine(request)
            assert isinstance(response, HttpResponse)
        except (XinhengError, OperationalError, InterfaceError) as error:
            told = self._errors.process_exception(request, error)
            if told is None:
                raise
            response = told
        response.headers["Content-Length"] = str(len(response.content))
        response.headers["Content-Language"] = language.HTML_LANG[language.CHINESE]
        response.headers["Vary"] = "Cookie"
        return response
