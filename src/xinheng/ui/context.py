"""What does every template know without being told?

``city``, ``viewer``, ``viewer_organisation``, ``nav_portal``, ``nav_desk``, ``language``, ``html_lang``,
``other_language``, ``large_text``, ``demo``, ``today`` and ``here`` (the address to come back to after switching
language).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from xinheng.lib.codes import check
from xinheng.ui import city as cities
from xinheng.ui import language, nav
from xinheng.ui.viewer import viewer

_LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{14,17}[0-9Xx](?![0-9A-Za-z])")
_SPACES = re.compile(r"[\s+\-]")


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
        "here": here(request),
    }


def here(request: HttpRequest) -> str:
    """The address to come back to; the home page when the address holds what may be a person's number (INV-4).

    Such a number was typed into the address by the visitor; it is not printed back into a page.
    """
    address = request.get_full_path()
    plain = unicodedata.normalize("NFKC", unquote(address))
    for found in _LONG_NUMBER.findall(_SPACES.sub("", plain)):
        verdict = check(found)
        if not (verdict.valid and verdict.kind == "uscc"):
            return "/"
    return address
