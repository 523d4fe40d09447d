"""Strangers who guess pause a name for strangers: a device where its holder signed in before has its own counter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.test import Client, RequestFactory

from tests.accounts.test_second_step import equip, present
from xinheng.accounts import services, tasks
from xinheng.accounts.access import DEVICE_COOKIE, origin_of
from xinheng.accounts.models import SignInAttempt, SourceFailure
from xinheng.accounts.rules import LOCKED_FOR, SOURCE_FAILURES_ALLOWED, Origin, locked_until
from xinheng.accounts.selectors import account_by_username
from xinheng.accounts.services import DEMO_PASSWORD
from xinheng.accounts.services.devices import DEVICE_KNOWN_FOR, known_device, remember_device
from xinheng.lib import clock
from xinheng.lib.errors import NotAllowed

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
QUERIER, OTHER = "scjgj.querier", "zjj.querier"


def enter(client: Client, username: str = QUERIER, password: str = DEMO_PASSWORD, **more: Any) -> Any:
    return client.post("/sign-in", {"username": username, "password": password}, **more)


def said(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.req("SEC-1", kind="rule")
@pytest.mark.parametrize("allowed", [5, 50])
def test_a_pause_begins_with_the_last_failure_allowed(allowed: int) -> None:
    failed = [AT + timedelta(seconds=n) for n in range(allowed)]
    assert locked_until(failed[1:], failed[-1], allowed=allowed) is None
    assert locked_until(failed, failed[-1], allowed=allowed) == failed[-1] + LOCKED_FOR


@pytest.mark.req("SEC-1", kind="rule")
def test_a_device_is_known_for_the_accounts_that_signed_in_there_and_for_no_other() -> None:
    kept = remember_device(1, Origin())
    assert known_device(1, Origin(device=kept)) and not known_device(2, Origin(device=kept))
    again = remember_device(1, Origin(device=kept))
    assert known_device(1, Origin(device=again)) == known_device(1, Origin(device=kept))
    for number in range(2, 9):
        again = remember_device(number, Origin(device=again))
    assert len(again.split("~")) == 5 and known_device(8, Origin(device=again))
    assert not known_device(1, Origin(device=again))  # the oldest is forgotten
    for made_up in ("", "x", "a:b:c", kept[:-1], kept.swapcase(), "~" * 3000, "\0"):
        assert not known_device(1, Origin(device=made_up))


@pytest.mark.req("SEC-1", kind="refusal")
@pytest.mark.django_db
def test_strangers_pause_a_name_and_its_holder_signs_in_on_the_own_device_all_the_same() -> None:
    own, stranger = Client(), Client()
    assert enter(own).status_code == 302
    cookie = own.cookies[DEVICE_COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["max-age"] == DEVICE_KNOWN_FOR.total_seconds()
    assert QUERIER not in cookie.value and str(account_by_username(QUERIER).id) not in cookie.value.split(":")
    own.post("/sign-out")
    assert own.cookies[DEVICE_COOKIE].value  # signing out does not forget the device
    for _ in range(5):
        assert "用户名或密码不对" in said(enter(stranger, password="wrong"))
    paused = enter(stranger)
    assert paused.status_code == 422 and "15分钟" in said(paused) and "以前登录过的电脑或者手机" in said(paused)
    assert enter(own).status_code == 302  # the holder
    assert "15分钟" in said(enter(stranger))  # the holder's success gives strangers no new guesses
    assert DEVICE_COOKIE not in stranger.cookies
    stolen = Client()
    stolen.cookies[DEVICE_COOKIE] = cookie.value
    for _ in range(5):
        assert "暂停" not in said(enter(stolen, password="wrong")).split("<aside")[0]
    assert "在这台设备上连续输错五次" in said(enter(stolen))  # whoever has the device guesses five times too
    assert "在这台设备上" in said(enter(own))
    for _ in range(5):
        enter(stolen, OTHER, "wrong")
    assert "这个用户名暂停登录" in said(enter(stolen, OTHER))  # it is known for one account only


@pytest.mark.req("SEC-1", kind="refusal")
@pytest.mark.django_db
def test_the_second_step_and_the_own_password_are_not_paused_by_strangers_either() -> None:
    own = Client()
    enter(own)
    account, secret, _ = equip()
    for _ in range(5):
        enter(Client(), password="wrong")
    assert enter(own)["Location"] == "/sign-in/code"
    assert own.post("/sign-in/code", {"code": present(secret)})["Location"] == "/desk"
    old = own.post("/account/password", {"old": "wrong", "new": "x", "again": "x"})
    assert "密码不对" in said(old)
    with pytest.raises(NotAllowed, match="sign_in_locked"):
        services.take_code(account_id=account.id, code="000000", at=clock.now(), device_at=clock.real())


@pytest.mark.req("SEC-1", kind="refusal")
@pytest.mark.django_db
def test_who_guesses_under_many_names_is_paused_by_the_address_and_not_who_is_known() -> None:
    at, device = AT, remember_device(account_by_username(QUERIER).id, Origin())
    from_here = Origin(source="203.0.113.7")

    def code(name: str, origin: Origin, when: datetime, password: str = "wrong") -> str:
        try:
            services.sign_in(username=name, password=password, at=when, origin=origin)
        except NotAllowed as refused:
            return refused.code
        return ""

    seen = {code(f"nobody{n // 4}", from_here, at) for n in range(SOURCE_FAILURES_ALLOWED)}
    assert seen == {"sign_in_failed"}
    for name in (QUERIER, "nobody.else"):  # alike, whether or not such an account exists
        assert code(name, from_here, at, DEMO_PASSWORD) == "source_locked"
    assert code(QUERIER, Origin(source="203.0.113.8"), at, DEMO_PASSWORD) == ""
    assert code(QUERIER, Origin(source="203.0.113.7", device=device), at, DEMO_PASSWORD) == ""
    assert code(QUERIER, Origin(), at, DEMO_PASSWORD) == ""  # an unknown address is not counted
    assert code(QUERIER, from_here, at + LOCKED_FOR, DEMO_PASSWORD) == ""
    assert not [row for row in SourceFailure.objects.values_list("source_digest", flat=True) if "203.0" in row]
    assert tasks.forget_failed_sources in tasks.SWEEPS
    assert tasks.forget_failed_sources(at=at + LOCKED_FOR - timedelta(seconds=1)) == 0
    assert tasks.forget_failed_sources(at=at + LOCKED_FOR) == SOURCE_FAILURES_ALLOWED
    assert SignInAttempt.objects.filter(succeeded=True).exists()


@pytest.mark.req("SEC-1", kind="rule")
@pytest.mark.parametrize(
    ("peer", "forwarded", "source"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # who is no proxy of ours forges nothing
        ("127.0.0.1", "", ""),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),  # the first was sent by the visitor
        ("127.0.0.1", "127.0.0.1", ""),
        ("127.0.0.1", "x" * 500, "x" * 64),
    ],
)
def test_the_address_is_what_our_own_proxy_saw(peer: str, forwarded: str, source: str) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/sign-in", REMOTE_ADDR=peer, headers=headers)
    assert origin_of(request).source == source


@pytest.mark.req("SEC-1", "PIP-1", kind="rule")
@pytest.mark.django_db
def test_the_cookie_is_no_way_in_and_verified_accounts_get_none() -> None:
    own = Client()
    enter(own)
    only = Client()
    only.cookies = SimpleCookie({DEVICE_COOKIE: own.cookies[DEVICE_COOKIE].value})
    assert only.get("/desk").status_code == 302
    verified = Client()
    services.create_account(username="verified-1", password=None, organisation=None)
    verified.force_login(account_by_username("verified-1"))
    assert DEVICE_COOKIE not in verified.post("/account/notices", {}).cookies
