"""Which app holds the shared templates and static files?"""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The hall has no tables."""

    name = "xinheng.ui"
    label = "ui"
