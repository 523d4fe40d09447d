"""What does every template know without being told?

``city``, ``viewer``, ``viewer_organisation``, ``nav_portal``, ``nav_desk``, ``language``, ``html_lang``,
``other_language``, ``large_text``, ``demo``, ``today`` and ``here`` (the address to come back to after switching
language).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from xinheng.ui import city as cities
from xinheng.ui import language, nav
from xinheng.ui.viewer import viewer


def city(request: HttpRequest) -> dict[str, Any]:
    """The context processor named in the settings."""
    speaks = language.current()
    who = viewer(request)
    return {
        "city": cities.presented(speaks),
        "viewer": who,
        "viewer_organisation": who.organisation(speaks),
        "nav_portal": SimpleLazyObject(lambda: nav.shown(nav.PORTAL, request, who)),
        "nav_desk": SimpleLazyObject(lambda: nav.shown(nav.DESK, request, who)),
        "language": speaks,
        "html_lang": language.HTML_LANG[speaks],
        "large_text": request.COOKIES.get(language.TEXT_COOKIE) == "large",
        "demo": settings.XINHENG_MODE != "production",
        "today": cities.today(),
        "here": request.get_full_path(),
    }
