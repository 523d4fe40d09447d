"""A session ends when nobody uses it, when its time is over, when its holder says so, and with its account."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client

from xinheng.accounts import selectors, services, tasks
from xinheng.accounts.models import Account, Session, SignInAttempt
from xinheng.accounts.rules import ATTEMPTS_KEPT, IDLE_FOR, SEEN_EVERY, device_of
from xinheng.accounts.services import DEMO_PASSWORD
from xinheng.lib.errors import NotAllowed

QUERIER = "scjgj.querier"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Mobile Safari/604.1"
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.mark.req("SEC-1", kind="rule")
@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (EDGE, "Windows, Edge"),
        (PHONE, "iOS, Safari"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/150.0 Mobile MicroMessenger/8.0", "Android, WeChat"),
        ("curl/8.0 made by 622201197001010011", ""),
        ("", ""),
    ],
)
def test_of_a_device_its_kind_is_kept_and_nothing_else(agent: str, device: str) -> None:
    assert device_of(agent) == device


def enter(username: str = QUERIER, agent: str = EDGE) -> Client:
    client = Client(headers={"user-agent": agent})
    client.post("/sign-in", {"username": username, "password": DEMO_PASSWORD})
    return client


def works(client: Client) -> bool:
    return client.get("/desk").status_code == HTTPStatus.OK


def unused(client: Client, long: timedelta) -> None:
    Session.objects.filter(session_key=selectors.kept_key(client.session.session_key)).update(seen_at=Now() - long)


@pytest.mark.req("SEC-1", kind="refusal")
@pytest.mark.django_db
def test_a_session_that_nobody_uses_is_over() -> None:
    client = enter()
    assert works(client)
    unused(client, IDLE_FOR - timedelta(minutes=1))
    assert works(client)
    unused(client, IDLE_FOR + timedelta(seconds=1))
    assert client.get("/desk")["Location"].startswith("/sign-in")
    assert services.forget_sessions() == 1
    assert not Session.objects.exists()


@pytest.mark.req("SEC-1", kind="rule")
@pytest.mark.django_db
def test_use_is_written_at_most_once_a_minute() -> None:
    client = enter()
    key = client.session.session_key
    first = Session.objects.get(session_key=selectors.kept_key(key)).seen_at
    assert works(client)
    assert Session.objects.get(session_key=selectors.kept_key(key)).seen_at == first
    unused(client, SEEN_EVERY + timedelta(seconds=1))
    assert works(client)
    assert Session.objects.get(session_key=selectors.kept_key(key)).seen_at >= first


@pytest.mark.req("SEC-1", kind="refusal")
@pytest.mark.django_db
def test_eight_hours_after_the_sign_in_it_ends_however_often_it_is_written() -> None:
    client = enter()
    session = client.session
    began = Session.objects.get(session_key=selectors.kept_key(session.session_key)).started_at
    session["started"] = (began - timedelta(hours=7, minutes=59)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    session.save()
    row = Session.objects.get(session_key=selectors.kept_key(session.session_key))
    assert row.expire_date == row.started_at + timedelta(hours=8)
    assert works(client)
    session["started"] = (began - timedelta(hours=8, seconds=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    session.save()
    assert not works(client)


@pytest.mark.req("SEC-1", kind="journey")
@pytest.mark.django_db
def test_an_account_sees_where_it_is_signed_in_and_ends_one_or_all_others() -> None:
    here, phone, third, stranger = enter(), enter(agent=PHONE), enter(), enter("scjgj.reviewer")
    page = here.get("/account/sessions").content.decode()
    assert "Windows, Edge" in page and "iOS, Safari" in page
    handles = re.findall(r'name="end" value="([0-9a-f]{24})"', page)
    assert len(handles) == 2
    keys = [one.session.session_key for one in (here, phone, third, stranger)]
    assert not any(key in page for key in keys)
    foreign = selectors.handle_of(keys[3])
    here.post("/account/sessions", {"end": foreign})
    assert works(stranger)
    here.post("/account/sessions", {"end": selectors.handle_of(keys[1])})
    assert (works(here), works(phone), works(third)) == (True, False, True)
    here.post("/account/sessions", {"end": "others"})
    assert (works(here), works(third), works(stranger)) == (True, False, True)
    assert Client().get("/account/sessions")["Location"].startswith("/sign-in")


@pytest.mark.req("SEC-1", "INV-3", kind="refusal")
@pytest.mark.django_db
def test_a_closed_account_has_no_session_and_gets_none_back_when_it_is_opened_again() -> None:
    client, other = enter(), enter()
    closed = Account.objects.filter(username=QUERIER)
    closed.update(is_active=False)
    assert not works(client)
    closed.update(is_active=True)
    assert (works(client), works(other)) == (False, False)
    enter()
    closed.update(is_active=False)
    assert services.forget_sessions() == 1


@pytest.mark.req("SEC-1", kind="refusal")
@pytest.mark.django_db
@pytest.mark.parametrize("case", ["right", "wrong", "unknown", "closed", "locked", "locked unknown", "no password"])
def test_every_attempt_costs_one_hash_so_that_time_tells_nothing(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    for name in ("encode", "verify"):
        genuine = getattr(Argon2PasswordHasher, name)

        def counted(*args: Any, _genuine: Any = genuine, _name: str = name) -> Any:
            made.append(_name)
            return _genuine(*args)

        monkeypatch.setattr(Argon2PasswordHasher, name, counted)
    username, password = QUERIER, DEMO_PASSWORD if case == "right" else "wrong"
    if "unknown" in case:
        username = "nobody"
    if case == "closed":
        Account.objects.filter(username=QUERIER).update(is_active=False)
    if case == "no password":
        services.create_account(username="none", password=None, organisation=None)
        username = "none"
    if "locked" in case:
        for _ in range(5):
            with pytest.raises(NotAllowed, match="sign_in_failed"):
                services.sign_in(username=username, password="wrong", at=AT)
    made.clear()
    try:
        services.sign_in(username=username, password=password, at=AT)
        assert case == "right"
    except NotAllowed as refused:
        assert refused.code == ("sign_in_locked" if "locked" in case else "sign_in_failed")
    assert len(made) == 1


@pytest.mark.req("SEC-1", "PIP-1", kind="rule")
@pytest.mark.django_db
def test_attempts_to_sign_in_are_forgotten_after_ninety_days() -> None:
    with pytest.raises(NotAllowed):
        services.sign_in(username=QUERIER, password="wrong", at=AT)
    assert tasks.forget_old_attempts in tasks.SWEEPS
    assert tasks.forget_old_attempts(at=AT + ATTEMPTS_KEPT - timedelta(seconds=1)) == 0
    assert tasks.forget_old_attempts(at=AT + ATTEMPTS_KEPT) == 1
    assert not SignInAttempt.objects.filter(at=F("at")).exists()
