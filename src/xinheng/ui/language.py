"""Which language does this page speak?

Chinese, unless the visitor switched: a cookie, or the account's own setting. The browser's list of languages is not
consulted, so that a link shown by one person looks the same to another.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from xinheng.ui.viewer import viewer

CHINESE = "zh-hans"
ENGLISH = "en"
HTML_LANG = {CHINESE: "zh-CN", ENGLISH: "en"}
TEXT_COOKIE = "xinheng_text"


def chosen(request: HttpRequest) -> str:
    """The language of ``request``: cookie, then account, then Chinese. An unknown value counts as none."""
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if cookie in HTML_LANG:
        return cookie
    own = viewer(request).language if settings.SESSION_COOKIE_NAME in request.COOKIES else ""
    return own if own in HTML_LANG else CHINESE


def sentences(*said: str) -> str:
    """Sentences one after the other: English parts them by a space, Chinese does not; an empty one is left out."""
    return (" " if current() == ENGLISH else "").join(one for one in said if one)


def current() -> str:
    """The language active in this thread, as one of the two we speak."""
    return ENGLISH if (translation.get_language() or "").startswith("en") else CHINESE
