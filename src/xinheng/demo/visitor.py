"""A visitor with a cookie jar: what a browser without script does, to play a story against the real server."""

from __future__ import annotations

import html
import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Page:
    """An answer: status, address after redirects, and the words a reader sees."""

    status: int
    url: str
    source: str

    @property
    def words(self) -> str:
        """The text without tags and with single spaces."""
        bare = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", self.source, flags=re.S)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).split())


@dataclass
class Visitor:
    """One person at one browser."""

    base: str
    jar: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def __post_init__(self) -> None:
        # No proxy: the server is on this machine.
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.jar)
        )

    def get(self, path: str) -> Page:
        """Open a page; error pages are pages too."""
        return self._open(urllib.request.Request(self.base + path))  # noqa: S310 (our own server)

    def post(self, path: str, fields: Mapping[str, str], files: Mapping[str, tuple[str, bytes]] | None = None) -> Page:
        """Send the form of the page at ``path`` with its CSRF token, as a browser would."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path).source)
        values = dict(fields) | ({"csrfmiddlewaretoken": token[1]} if token else {})
        if files:
            body, kind = _multipart(values, files)
        else:
            body, kind = urllib.parse.urlencode(values).encode(), "application/x-www-form-urlencoded"
        request = urllib.request.Request(self.base + path, data=body, headers={"Content-Type": kind})  # noqa: S310
        return self._open(request)

    def _open(self, request: urllib.request.Request) -> Page:
        request.add_header("Accept", "text/html")
        try:
            with self._opener.open(request, timeout=60) as answer:
                return Page(answer.status, answer.url, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Page(error.code, error.url or "", error.read().decode())


def _multipart(values: Mapping[str, str], files: Mapping[str, tuple[str, bytes]]) -> tuple[bytes, str]:
    """A multipart/form-data body and its content type."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in values.items()
    ]
    for name, (file_name, data) in files.items():
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
        parts.append((head + "Content-Type: text/csv\r\n\r\n").encode() + data + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
