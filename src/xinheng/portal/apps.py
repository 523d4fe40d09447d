"""The Django app of the public pages; it has no tables."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Public pages."""

    name = "xinheng.portal"
    label = "portal"
