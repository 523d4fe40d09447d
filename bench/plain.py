"""The peer of the public page: a Django view that reads the same row by the ORM and answers as many bytes."""

from __future__ import annotations

import os
from typing import Any

import django
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict

_place = conninfo_to_dict(os.environ["XINHENG_DATABASE_URL"])
settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="bench",
    MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _place["dbname"],
            "USER": _place["user"],
            "PASSWORD": _place["password"],
            "HOST": _place["host"],
            "PORT": _place["port"],
            "CONN_MAX_AGE": None,
        }
    },
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 (settings come first)
from django.db import models  # noqa: E402
from django.http import Http404, HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

_BODY = b"x" * int(os.environ.get("XINHENG_BENCH_BYTES", "0"))


class Organisation(models.Model):
    """The row of a subject, as the peer sees it."""

    code = models.CharField(max_length=18)
    name = models.CharField(max_length=200)

    class Meta:
        app_label = "plain"
        managed = False
        db_table = "subject"


class Key(models.Model):
    """The key that leads to it."""

    key = models.CharField(max_length=100, primary_key=True)
    subject = models.ForeignKey(Organisation, models.PROTECT)

    class Meta:
        app_label = "plain"
        managed = False
        db_table = "subject_key"


def page(request: HttpRequest, code: str) -> HttpResponse:
    """One row, the bytes of a page."""
    found: Any = Key._default_manager.select_related("subject").filter(key=f"uscc:{code}").first()
    if found is None:
        raise Http404
    return HttpResponse(_BODY)


urlpatterns = [path("subjects/<str:code>", page)]
application = get_wsgi_application()
