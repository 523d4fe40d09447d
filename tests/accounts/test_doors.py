"""The door in asks for a name and a password, gives the session a new key, and leads nowhere outside the house."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from xinheng.accounts.access import asker_of, needs_role, viewer_of
from xinheng.accounts.models import Account
from xinheng.accounts.rules import Role
from xinheng.accounts.selectors import account_by_username
from xinheng.accounts.services import DEMO_PASSWORD
from xinheng.lib.errors import NotAllowed
from xinheng.ui.viewer import VISITOR

pytestmark = pytest.mark.django_db
QUERIER = "scjgj.querier"


def enter(client: Client, username: str = QUERIER, password: str = DEMO_PASSWORD, **more: str) -> Any:
    return client.post("/sign-in", {"username": username, "password": password, **more})


@pytest.mark.req("SEC-1", kind="journey")
@pytest.mark.parametrize(
    ("username", "start"), [(QUERIER, "/desk"), ("gongmin", "/my/file"), ("scjgj.reviewer", "/desk")]
)
def test_each_account_is_led_to_its_own_start_page(client: Client, username: str, start: str) -> None:
    assert client.get("/sign-in").status_code == HTTPStatus.OK
    answer = enter(client, username)
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, start)
    assert client.session["_auth_user_id"] == str(account_by_username(username).id)


@pytest.mark.req("SEC-1", kind="rule")
def test_the_session_gets_a_new_key_at_sign_in_and_none_stays_after_sign_out(client: Client) -> None:
    session = client.session
    session["before"] = "1"
    session.save()
    before = session.session_key
    enter(client)
    inside = client.session.session_key
    assert inside != before
    assert client.post("/sign-out").status_code == HTTPStatus.FOUND
    assert client.session.session_key != inside
    assert "_auth_user_id" not in client.session
    assert client.get("/sign-out").status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.req("SEC-1", kind="refusal")
@pytest.mark.parametrize(("username", "password"), [(QUERIER, "wrong"), ("nobody", DEMO_PASSWORD), (QUERIER, "")])
def test_a_failed_sign_in_opens_no_session(client: Client, username: str, password: str) -> None:
    answer = enter(client, username, password)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "_auth_user_id" not in client.session
    page = answer.content.decode()
    assert "password" in page and DEMO_PASSWORD not in page


@pytest.mark.req("SEC-1", kind="refusal")
def test_a_locked_name_is_told_how_long(client: Client) -> None:
    for _ in range(5):
        enter(client, password="wrong")
    answer = enter(client)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "15分钟" in answer.content.decode()
    client.cookies["xinheng_language"] = "en"
    assert "15 minutes" in enter(client).content.decode()


@pytest.mark.req("SEC-1", kind="refusal")
@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/my/looks", "/my/looks"),
        ("https://elsewhere.invalid/", "/desk"),
        ("//elsewhere.invalid/", "/desk"),
        ("javascript:alert(1)", "/desk"),
        ("", "/desk"),
    ],
)
def test_after_sign_in_nobody_is_led_out_of_the_house(client: Client, wanted: str, led: str) -> None:
    assert enter(client, next=wanted)["Location"] == led


@needs_role(Role.QUERIER)
def room(request: HttpRequest) -> HttpResponse:
    """A door for queriers only."""
    return HttpResponse(asker_of(request).staff_number)


def knock(user: Any, method: str = "get") -> Any:
    request = getattr(RequestFactory(), method)("/room")
    request.user = user
    return room(request)


@pytest.mark.req("INV-3", kind="refusal")
def test_an_outsider_sees_nothing_behind_a_door(settings: Any) -> None:
    from django.contrib.auth.models import AnonymousUser

    assert knock(account_by_username(QUERIER)).content == b"HC1052"
    led = knock(AnonymousUser())
    assert (led.status_code, led["Location"]) == (HTTPStatus.FOUND, "/sign-in?next=%2Froom")
    with pytest.raises(NotAllowed, match="not_signed_in"):
        knock(AnonymousUser(), "post")
    for username in ("scjgj.collector", "gongmin"):
        with pytest.raises(NotAllowed, match="role_missing"):
            knock(account_by_username(username))
    Account.objects.filter(username=QUERIER).update(is_active=False)
    with pytest.raises(NotAllowed, match="role_missing"):
        knock(account_by_username(QUERIER))


def test_who_looks_is_known_to_the_shells() -> None:
    from django.contrib.auth.models import AnonymousUser

    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert viewer_of(request) == VISITOR
    with pytest.raises(NotAllowed, match="not_signed_in"):
        asker_of(request)
    request.user = account_by_username(QUERIER)
    seen = viewer_of(request)
    assert (seen.staff_number, seen.roles, seen.staff) == ("HC1052", {"querier"}, True)
    assert seen.organisation("en") == "Hengchuan Market Regulation Bureau"


def test_the_page_asked_for_before_is_remembered_by_the_form(client: Client) -> None:
    assert 'value="/my/looks"' in client.get("/sign-in", {"next": "/my/looks"}).content.decode()
    failed = enter(client, password="wrong", next="/my/looks").content.decode()
    assert 'value="/my/looks"' in failed


def test_production_never_shows_accounts_on_the_door(client: Client, settings: Any) -> None:
    settings.XINHENG_MODE = "production"
    assert QUERIER not in client.get("/sign-in").content.decode()
