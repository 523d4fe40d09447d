"""The WSGI entry that Granian serves. The command line has prepared the environment and the database before."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinheng.settings")

application = get_wsgi_application()
