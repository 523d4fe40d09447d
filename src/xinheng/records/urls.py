"""Addresses of the records: none yet. Uploads and reviews are pages of the desk, a subject's records pages of
disclosure.
"""

from __future__ import annotations

from django.urls import URLPattern

app_name = "records"
urlpatterns: list[URLPattern] = []
