"""Headers, language and errors: what happens around every request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path

from xinheng.lib.errors import BadInput, Conflict, NotAllowed, NotFound, RefusedByLaw, XinhengError
from xinheng.ui import responses
from xinheng.ui.doors import open_to
from xinheng.ui.middleware import POLICY
from xinheng.ui.viewer import Viewer

pytestmark = pytest.mark.django_db


class Unmapped(XinhengError):
    """An error class that nobody gave a place."""


RAISED = {
    "missing": NotFound("page_not_found"),
    "denied": NotAllowed("role_missing"),
    "refused": RefusedByLaw("matter_not_listed", "DC-34"),
    "conflict": Conflict("no_transaction"),
    "input": BadInput("input_unreadable", value="x"),
    "often": NotAllowed("too_many_requests"),
    "away": OperationalError("no server"),
    "broken": RuntimeError("invariant"),
    "unmapped": Unmapped("something_broke"),
}


def _raise(request: HttpRequest, kind: str) -> HttpResponse:
    raise RAISED[kind]


@open_to("querier")
def _for_queriers(request: HttpRequest) -> HttpResponse:
    return HttpResponse("inside")


urlpatterns = [
    path("raise/<str:kind>.json", _raise),
    path("raise/<str:kind>", _raise),
    path("inside", _for_queriers),
    path("", include("xinheng.urls")),
]
handler400 = "xinheng.ui.views.bad_request"
handler403 = "xinheng.ui.views.permission_denied"
handler404 = "xinheng.ui.views.page_not_found"
handler500 = "xinheng.ui.views.server_error"


@pytest.fixture
def visitor() -> Iterator[Client]:
    with override_settings(ROOT_URLCONF=__name__):
        yield Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("missing", 404),
        ("denied", 403),
        ("refused", 403),
        ("conflict", 409),
        ("input", 422),
        ("often", 429),
        ("away", 503),
        ("broken", 500),
        ("unmapped", 500),
    ],
)
def test_each_error_has_one_status_as_page_and_as_json(visitor: Client, kind: str, status: int) -> None:
    page = visitor.get(f"/raise/{kind}")
    assert page.status_code == status
    assert page.headers["Cache-Control"] == "no-store"
    assert "可以这样做" in page.text
    assert page.headers["X-Request-Id"] in page.text
    machine = visitor.get(f"/raise/{kind}.json")
    assert machine.status_code == status
    told = machine.json()["error"]
    assert told["code"] and told["message"] and told["request"] == machine.headers["X-Request-Id"]
    if status in {429, 503}:
        assert page.headers["Retry-After"] == "60"


def test_a_refusal_names_its_article_on_the_page_and_in_json(visitor: Client) -> None:
    page = visitor.get("/raise/refused").text
    assert "第三十四条" in page and "#DC-34" in page
    asked = visitor.get("/raise/refused", headers={"accept": "application/json"})
    assert asked.json()["error"]["article"] == "DC-34"


def test_an_address_that_takes_no_such_request_says_so(visitor: Client) -> None:
    answer = visitor.get("/language")
    assert answer.status_code == 405 and answer.headers["Allow"] == "POST"
    assert "这个网址不接受这样的请求" in answer.text


def test_a_browser_that_also_accepts_json_gets_a_page(visitor: Client) -> None:
    answer = visitor.get("/raise/missing", headers={"accept": "text/html,application/json;q=0.9"})
    assert answer.headers["Content-Type"].startswith("text/html")


def test_a_broken_invariant_shows_no_detail(visitor: Client) -> None:
    assert "invariant" not in visitor.get("/raise/broken").text
    assert "RuntimeError" not in visitor.get("/raise/broken").text


def test_an_unknown_address_answers_404_in_the_shell(visitor: Client) -> None:
    answer = visitor.get("/no/such/page")
    assert answer.status_code == 404
    assert "没有这个网址" in answer.text


def test_an_unreadable_law_still_gives_a_page(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from xinheng.ui import city

    def gone() -> None:
        raise RuntimeError("pack unreadable")

    monkeypatch.setattr(city, "pack", gone)
    answer = visitor.get("/raise/missing")
    assert answer.status_code == 500
    assert "系统出错" in answer.text


def test_every_answer_carries_the_policy(visitor: Client) -> None:
    for address in ("/", "/raise/missing", "/raise/broken", "/city.css", "/healthz"):
        headers = visitor.get(address).headers
        assert headers["Content-Security-Policy"] == POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
    assert "unsafe" not in POLICY


def test_a_public_page_may_be_asked_for_again_and_a_private_one_is_kept_by_nobody(client: Client) -> None:
    assert client.get("/").headers["Cache-Control"] == "no-cache"
    client.cookies["xinheng_session"] = "anything"
    assert client.get("/").headers["Cache-Control"] == "no-store"


def test_the_same_public_page_is_the_same_for_everybody(client: Client) -> None:
    one, other = client.get("/law"), Client().get("/law")
    assert one.content == other.content
    assert not one.cookies


# Language


def test_chinese_is_spoken_whatever_the_browser_prefers(client: Client) -> None:
    page = client.get("/", headers={"accept-language": "en-GB,en"})
    assert '<html lang="zh-CN"' in page.text
    assert page.headers["Content-Language"] == "zh-CN"


def test_switching_sets_a_cookie_and_goes_back(client: Client) -> None:
    answer = client.post("/language", {"to": "en", "next": "/law?x=1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/law?x=1")
    cookie = answer.cookies["xinheng_language"]
    assert cookie["samesite"] == "Lax" and cookie["httponly"]
    assert '<html lang="en"' in client.get("/").text
    client.post("/language", {"to": "zh-hans"})
    assert '<html lang="zh-CN"' in client.get("/").text


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", ""]
)
def test_switching_never_leads_to_another_site(client: Client, target: str) -> None:
    assert client.post("/language", {"to": "en", "next": target}).headers["Location"] == "/"


def test_another_site_cannot_switch(client: Client) -> None:
    answer = client.post("/language", {"to": "en"}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 400 and not answer.cookies
    assert client.post("/text-size", {"to": "large"}, headers={"sec-fetch-site": "cross-site"}).status_code == 400


@pytest.mark.parametrize("language", ["fr", "", "en-GB", "../en"])
def test_an_unknown_language_is_refused_and_an_unknown_cookie_ignored(client: Client, language: str) -> None:
    assert client.post("/language", {"to": language}).status_code == 400
    client.cookies["xinheng_language"] = language
    assert '<html lang="zh-CN"' in client.get("/").text


def test_switching_by_address_is_not_possible(client: Client) -> None:
    assert client.get("/language?to=en").status_code == 405
    assert '<html lang="zh-CN"' in client.get("/?lang=en").text


def test_large_text_is_a_class_the_server_sets(client: Client) -> None:
    client.post("/text-size", {"to": "large", "next": "/"})
    assert re.search(r'<html lang="zh-CN" class="xh-text-l"', client.get("/").text)
    client.post("/text-size", {"to": "usual"})
    assert "xh-text-l" not in client.get("/").text


# Doors


def _request(method: str, who: Viewer) -> Any:
    request = RequestFactory().generic(method, "/inside?x=1")
    request.xinheng_viewer = who  # type: ignore[attr-defined]
    return request


def test_a_visitor_is_led_to_the_sign_in_page_and_back() -> None:
    answer = _for_queriers(_request("GET", Viewer()))
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, "/sign-in?next=%2Finside%3Fx%3D1")


def test_a_visitors_form_is_refused() -> None:
    with pytest.raises(NotAllowed, match="not_signed_in"):
        _for_queriers(_request("POST", Viewer()))


def test_an_account_without_the_role_is_refused_and_one_with_it_passes() -> None:
    with pytest.raises(NotAllowed, match="role_missing"):
        _for_queriers(_request("GET", Viewer(account_id=7, roles=frozenset({"auditor"}))))
    assert _for_queriers(_request("GET", Viewer(account_id=7, roles=frozenset({"querier"})))).status_code == 200


def test_machine_addresses_are_told_apart() -> None:
    def asks(path: str, accept: str) -> bool:
        return responses.wants_json(SimpleNamespace(path=path, META={"HTTP_ACCEPT": accept}))  # type: ignore[arg-type]

    assert asks("/api/v1/x", "*/*") and asks("/my/copy.json", "text/html") and asks("/x", "application/json")
    assert not asks("/x", "*/*") and not asks("/x", "") and not asks("/x", "text/html")
