"""The WSGI entry that Granian serves. The command line has prepared the environment and the database before."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinheng.settings")

_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one request. A whole answer goes out as one list: the server sends that at once, where an answer that it
    must walk through costs it a quarter more.
    """
    response = _django(environ, start_response)
    if not isinstance(response, HttpResponse):
        return response
    try:
        return [response.content]
    finally:
        response.close()


from xinheng.disclosure.services import write_counts_each_second  # noqa: E402 (settings come first)
from xinheng.ui import city  # noqa: E402

# Rooms and the law are read now and not by the first visitor. What is loaded by then stays: the
# collector of cycles need not walk it again and again, nor run several times a request.
resolve("/healthz")
city.pack()
write_counts_each_second()
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
