"""What is too long is refused by the length it announces, before a byte of it is read."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from xinheng.ui import middleware, responses
from xinheng.ui.middleware import FORM_BYTES, Bounds
from xinheng.ui.viewer import VISITOR, Viewer

pytestmark = pytest.mark.django_db

COLLECTOR = Viewer(account_id=1, roles=frozenset({"collector"}))
QUERIER = Viewer(account_id=2, roles=frozenset({"querier"}))


class Unread:
    """A body that nobody may read."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def sent(path: str, *, length: int | str, viewer: Viewer = VISITOR, method: str = "POST", **meta: str) -> HttpResponse:
    """Send a body of that announced length through the middleware alone."""
    request = RequestFactory().generic(method, path, content_type="multipart/form-data; boundary=x", **meta)  # type: ignore[arg-type]
    request.META["CONTENT_LENGTH"] = str(length)
    request.META["wsgi.input"] = Unread()
    request._stream = Unread()  # type: ignore[assignment]
    request.xinheng_viewer = viewer  # type: ignore[attr-defined]
    return Bounds(lambda _: HttpResponse("inside"))(request)


@pytest.mark.req("INT-1", kind="refusal")
@pytest.mark.parametrize("path", ["/language", "/sign-in", "/desk/query", "/desk/intake/5", "/no/such/page", "/"])
@pytest.mark.parametrize("viewer", [VISITOR, COLLECTOR])
def test_a_form_may_hold_one_megabyte(path: str, viewer: Viewer) -> None:
    assert sent(path, length=FORM_BYTES, viewer=viewer).content == b"inside"
    refused = sent(path, length=FORM_BYTES + 1, viewer=viewer)
    assert refused.status_code == 413
    assert "提交的内容超过了1 MB，没有收下" in refused.content.decode()


@pytest.mark.req("INT-1", "INV-3", kind="refusal")
def test_only_a_collector_may_send_a_long_file(settings: Any) -> None:
    settings.XINHENG_MAX_UPLOAD_MB = 5
    assert sent("/desk/intake", length=5 << 20, viewer=COLLECTOR).content == b"inside"
    for viewer, words in ((VISITOR, "请先登录"), (QUERIER, "不在您的岗位职责内")):
        refused = sent("/desk/intake", length=5 << 20, viewer=viewer)
        assert refused.status_code == 403
        assert words in refused.content.decode()
    assert sent("/desk/intake", length=5 << 20, viewer=COLLECTOR, method="PUT").status_code == 413


@pytest.mark.req("INT-1", kind="refusal")
def test_a_collector_too_is_told_the_limit(settings: Any) -> None:
    settings.XINHENG_MAX_UPLOAD_MB = 5
    refused = sent("/desk/intake", length=(6 << 20) + 1, viewer=COLLECTOR)
    assert refused.status_code == 413
    assert "提交的内容超过了5 MB，没有收下" in refused.content.decode()


def test_a_machine_is_told_the_limit_in_json() -> None:
    refused = sent("/api/x", length=FORM_BYTES + 1)
    assert refused.status_code == 413
    assert b'"code": "too_large"' in refused.content


@pytest.mark.req("INT-1", "IOP-1", kind="refusal")
def test_a_door_of_machines_takes_a_long_body_to_look_at_the_token_first(settings: Any) -> None:
    settings.XINHENG_MAX_UPLOAD_MB = 5
    for viewer in (VISITOR, COLLECTOR, QUERIER):
        assert sent("/api/v1/intake/CF", length=5 << 20, viewer=viewer).content == b"inside"
        refused = sent("/api/v1/intake/CF", length=(5 << 20) + 1, viewer=viewer)
        assert (refused.status_code, b"5 MB" in refused.content) == (413, True)
    for path in ("/api/v1/intake/items", "/oauth/token", "/api/v1/intake/batches/1"):
        assert sent(path, length=FORM_BYTES + 1).status_code == 413


@pytest.mark.parametrize(
    ("length", "meta"), [("", {"HTTP_TRANSFER_ENCODING": "chunked"}), ("-1", {}), ("1e9", {}), ("many", {})]
)
def test_a_body_without_a_length_is_not_taken(length: str, meta: dict[str, str]) -> None:
    refused = sent("/desk/intake", length=length, viewer=COLLECTOR, **meta)
    assert refused.status_code == 411
    assert "没有写明内容的长度" in refused.content.decode()


def test_the_bounds_stand_before_all_that_reads_a_body(settings: Any) -> None:
    order = settings.MIDDLEWARE
    bounds = order.index(f"{middleware.__name__}.Bounds")
    assert bounds < order.index("django.middleware.csrf.CsrfViewMiddleware")
    assert bounds > order.index("xinheng.accounts.access.SignedIn")


def test_nothing_is_counted_for_a_page_without_a_body() -> None:
    request = HttpRequest()
    request.method, request.path = "GET", "/"
    assert Bounds(lambda _: HttpResponse("inside"))(request).content == b"inside"
    assert responses.STATUS_OF_CODE["length_required"] == 411
