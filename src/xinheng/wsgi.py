"""The WSGI entry that Granian serves. The command line has prepared the environment and the database before."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinheng.settings")

application = get_wsgi_application()

from xinheng.ui import city  # noqa: E402 (settings come first)

# Rooms and the law are read now and not by the first visitor. What is loaded by then stays: the
# collector of cycles need not walk it again and again, nor run several times a request.
resolve("/healthz")
city.pack()
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
