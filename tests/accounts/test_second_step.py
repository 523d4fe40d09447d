"""Who knows the password alone gets in nowhere: not to a page, an answer, an export, JSON. A code opens once."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tests.accounts.machines import administrator, law
from xinheng.accounts import selectors, services
from xinheng.accounts.checks import check_factors
from xinheng.accounts.models import Account, AccountFactor, Session
from xinheng.accounts.rules import (
    CODE_SECONDS,
    FACTOR_OFFERED_FOR,
    Role,
    Step,
    may_reset_factor,
    step_of_code,
    step_open,
    totp,
)
from xinheng.accounts.services import DEMO_PASSWORD
from xinheng.ledger import selectors as ledger
from xinheng.ledger.verify import Damage, Verification
from xinheng.lib import clock
from xinheng.lib.errors import Conflict, NotAllowed, NotFound
from xinheng.machine import mode
from xinheng.machine.errors import MachineError

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
QUERIER = "scjgj.querier"
RFC_SECRET = b"12345678901234567890"


@pytest.mark.req("SEC-1", kind="rule")
@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_rfc_6238_appendix_b(seconds: int, code: str) -> None:
    assert totp(RFC_SECRET, seconds // CODE_SECONDS, digits=8) == code


@pytest.mark.req("SEC-1", kind="rule")
def test_a_code_fits_its_step_and_the_two_beside_it_and_never_again() -> None:
    step = int(AT.timestamp()) // CODE_SECONDS
    for off, fits in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        found = step_of_code(secret=RFC_SECRET, code=totp(RFC_SECRET, step + off), at=AT, last=0)
        assert found == (step + off if fits else None)
    assert step_of_code(secret=RFC_SECRET, code=totp(RFC_SECRET, step), at=AT, last=step) is None
    assert step_of_code(secret=RFC_SECRET, code=totp(RFC_SECRET, step - 1), at=AT, last=step) is None
    for wrong in ("", "12345", "一二三四五六", totp(RFC_SECRET, step) + "0"):
        assert step_of_code(secret=RFC_SECRET, code=wrong, at=AT, last=0) is None


@pytest.mark.req("SEC-1", kind="rule")
@pytest.mark.parametrize(
    ("factor", "passed", "staff", "required", "step"),
    [
        (None, None, True, False, None),
        (None, None, True, True, Step.FACTOR),
        (None, None, False, True, None),
        (None, 7, True, True, Step.FACTOR),
        (7, None, True, False, Step.CODE),
        (7, None, False, False, Step.CODE),
        (7, 6, True, True, Step.CODE),
        (7, 7, True, True, None),
        (7, 7, False, False, None),
    ],
)
def test_which_step_is_open(factor: int, passed: int, staff: bool, required: bool, step: Step | None) -> None:
    assert step_open(factor=factor, passed=passed, staff=staff, factor_required=required) is step


@pytest.mark.req("SEC-1", kind="rule")
def test_two_administrators_who_are_neither_the_holder_nor_each_other_reset() -> None:
    both = {Role.ADMINISTRATOR}

    def judged(first: int, second: int, roles: set[Role] = both, others: set[Role] = both) -> str:
        verdict = may_reset_factor(
            account_id=1, reset_by=first, second_by=second, first_roles=roles, second_roles=others
        )
        return "" if verdict else verdict.reason

    assert judged(2, 3) == ""
    assert judged(1, 3) == judged(2, 1) == "factor_of_oneself"
    assert judged(2, 2) == "reset_second_person_missing"
    assert judged(2, 3, {Role.OPERATOR}) == "resetter_not_administrator"
    assert judged(2, 3, both, {Role.AUDITOR}) == "second_not_administrator"


@pytest.mark.req("SEC-1", kind="refusal")
def test_production_demands_the_second_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XINHENG_TOTP", raising=False)
    assert mode.second_step() == mode.OFFERED
    monkeypatch.setenv("XINHENG_MODE", "production")
    assert mode.second_step() == mode.REQUIRED
    for word in ("offered", "no"):
        monkeypatch.setenv("XINHENG_TOTP", word)
        with pytest.raises(MachineError):
            mode.second_step()


# With the database -------------------------------------------------------------------------------------------------


def at_hand(account: Account) -> bytes:
    """The secret as the telephone of the holder has it: read off the page."""
    offered = services.offered_factor(account=account, issuer="信衡", at=clock.now())
    assert offered is not None
    return base64.b32decode(offered.typed.replace(" ", ""))


def present(secret: bytes, steps: int = 0) -> str:
    """The code that a telephone shows, ``steps`` later."""
    return totp(secret, int(clock.real().timestamp()) // CODE_SECONDS + steps)


def equip(username: str = QUERIER) -> tuple[Account, bytes, list[str]]:
    """An account with an authenticator in use: account, secret, recovery codes."""
    account = selectors.account_by_username(username)
    services.offer_factor(account_id=account.id, at=clock.now())
    secret = at_hand(account)
    codes = services.confirm_factor(
        account_id=account.id, code=present(secret, -1), at=clock.now(), device_at=clock.real(), law=law()
    )
    return account, secret, codes


def enter(client: Client, username: str = QUERIER, password: str = DEMO_PASSWORD, **more: str) -> Any:
    return client.post("/sign-in", {"username": username, "password": password, **more})


@pytest.mark.req("SEC-1", kind="journey")
@pytest.mark.django_db
def test_staff_set_an_authenticator_up_and_sign_in_with_it(client: Client) -> None:
    enter(client)
    began = client.post("/account/factor", {"act": "begin", "password": DEMO_PASSWORD})
    assert began.status_code == HTTPStatus.OK
    page = began.content.decode()
    typed = re.search(r'lang="en">([A-Z2-7 ]{32,})<', page)
    assert typed and 'class="xh-qr"' in page
    secret = base64.b32decode(typed[1].replace(" ", ""))
    done = client.post("/account/factor", {"act": "confirm", "code": present(secret, -1)})
    codes = re.findall(r'<li class="xh-code">([0-9a-z]{5}-[0-9a-z]{5})</li>', done.content.decode())
    assert len(codes) == len(set(codes)) == 10
    assert client.get("/desk/query").status_code == HTTPStatus.OK
    again = client.get("/account/factor").content.decode()
    assert typed[1] not in again and codes[0] not in again

    other = Client()
    led = enter(other, next="/desk/query")
    assert led["Location"] == "/sign-in/code?next=%2Fdesk%2Fquery"
    assert other.get(led["Location"]).status_code == HTTPStatus.OK
    before = other.session.session_key
    answer = other.post(
        "/sign-in/code", {"code": f"{present(secret)[:3]} {present(secret)[3:]}", "next": "/desk/query"}
    )
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, "/desk/query")
    assert other.session.session_key != before
    assert other.get("/desk/query").status_code == HTTPStatus.OK
    assert client.get("/desk/query").status_code == HTTPStatus.OK


@pytest.mark.req("SEC-1", "INV-3", kind="refusal")
@pytest.mark.django_db
def test_the_password_alone_opens_no_door_of_any_kind(client: Client) -> None:
    equip()
    enter(client)
    entries = len(ledger.entries(act="disclosure.answered"))
    for address in ("/desk", "/desk/query", "/desk/intake", "/account/factor", "/my/file", "/my/copy.json"):
        led = client.get(address)
        assert (led.status_code, led["Location"]) == (
            HTTPStatus.FOUND,
            "/sign-in/code?next=" + address.replace("/", "%2F"),
        )
    asked = {"matter": "honours", "case_number": "衡评〔2026〕1号", "who": "91000000MA0000000X", "parties": "on"}
    token = client.get("/sign-in/code").cookies
    page = client.post("/desk/query", asked)
    express = client.post("/desk/query", asked, headers={"accept": "application/json"})
    for answer in (page, express, client.post("/account/factor", {"act": "begin", "password": DEMO_PASSWORD})):
        assert answer.status_code == HTTPStatus.FORBIDDEN, token
    assert json.loads(express.content)["error"]["code"] == "sign_in_unfinished"
    assert len(ledger.entries(act="disclosure.answered")) == entries
    assert 'href="/desk"' not in client.get("/").content.decode()


@pytest.mark.req("SEC-1", "INV-3", kind="refusal")
@pytest.mark.django_db
def test_the_express_door_knows_the_second_step_too() -> None:
    client = Client(enforce_csrf_checks=True)
    equip()
    form = client.get("/sign-in").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token
    enter(client, csrfmiddlewaretoken=token[1])
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get("/sign-in/code").content.decode())
    assert token
    told = client.post(
        "/desk/query",
        {"matter": "honours", "case_number": "1", "who": "91000000MA0000000X"},
        headers={"accept": "application/json", "x-csrftoken": token[1]},
    )
    assert told.status_code == HTTPStatus.FORBIDDEN
    assert told.json()["error"]["code"] == "sign_in_unfinished"


@pytest.mark.req("SEC-1", kind="refusal")
@pytest.mark.django_db
def test_where_it_is_required_staff_without_one_can_only_set_it_up(client: Client, settings: Any) -> None:
    settings.XINHENG_TOTP = "required"
    assert enter(client)["Location"] == "/account/factor"
    assert client.get("/desk")["Location"] == "/account/factor?next=%2Fdesk"
    assert client.post("/desk/query", {}).status_code == HTTPStatus.FORBIDDEN
    page = client.get("/account/factor?next=/desk/query").content.decode()
    assert "您的岗位要用动态口令登录" in page and 'value="/desk/query"' in page
    client.post("/account/factor", {"act": "begin", "password": DEMO_PASSWORD, "next": "/desk/query"})
    secret = at_hand(selectors.account_by_username(QUERIER))
    done = client.post("/account/factor", {"act": "confirm", "code": present(secret), "next": "/desk/query"})
    assert 'href="/desk/query"' in done.content.decode()
    assert client.get("/desk/query").status_code == HTTPStatus.OK
    own = Client()
    assert enter(own, "gongmin")["Location"] == "/my/file"


@pytest.mark.req("SEC-1", kind="refusal")
@pytest.mark.django_db
def test_a_code_opens_once_and_wrong_codes_lock_the_name_together_with_passwords() -> None:
    account, secret, _ = equip()

    def take(code: str) -> int:
        return services.take_code(account_id=account.id, code=code, at=AT, device_at=clock.real())

    code = present(secret)
    assert take(code) == AccountFactor.objects.get().id
    with pytest.raises(NotAllowed, match="code_wrong"):
        take(code)
    for _ in range(2):  # the right password in between forgives nothing
        assert services.sign_in(username=QUERIER, password=DEMO_PASSWORD, at=AT) == account
        with pytest.raises(NotAllowed, match="code_wrong"):
            take("000000")
    for _ in range(2):
        with pytest.raises(NotAllowed, match="sign_in_failed"):
            services.sign_in(username=QUERIER, password="wrong", at=AT)
    with pytest.raises(NotAllowed, match="sign_in_locked"):
        take(present(secret, 1))
    with pytest.raises(NotAllowed, match="sign_in_locked"):
        services.sign_in(username=QUERIER, password=DEMO_PASSWORD, at=AT)


@pytest.mark.req("SEC-1", kind="refusal")
@pytest.mark.django_db
def test_wrong_codes_at_the_door_are_told_and_then_locked(client: Client) -> None:
    equip()
    enter(client)
    for _ in range(5):
        answer = client.post("/sign-in/code", {"code": "000000"})
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "口令不对或者已经用过" in answer.content.decode()
    assert "15分钟" in client.post("/sign-in/code", {"code": "000000"}).content.decode()


@pytest.mark.req("SEC-1", kind="journey")
@pytest.mark.django_db
def test_a_recovery_code_opens_once(client: Client) -> None:
    _, _, codes = equip()
    enter(client)
    assert client.post("/sign-in/code", {"code": codes[0].upper()})["Location"] == "/desk"
    other = Client()
    enter(other)
    assert other.post("/sign-in/code", {"code": codes[0]}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert other.post("/sign-in/code", {"code": codes[1].replace("-", "")})["Location"] == "/desk"
    assert len(AccountFactor.objects.get().recovery.split()) == 8


@pytest.mark.req("SEC-1", kind="refusal")
@pytest.mark.django_db
def test_another_authenticator_takes_the_password_and_the_old_code_and_ends_the_old_one(client: Client) -> None:
    account, secret, codes = equip()
    enter(client)
    client.post("/sign-in/code", {"code": codes[0]})
    for wrong in (
        {"password": "wrong", "code": codes[1]},
        {"password": DEMO_PASSWORD, "code": "000000"},
        {"password": DEMO_PASSWORD},
    ):
        answer = client.post("/account/factor", {"act": "begin", **wrong})
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "xh-qr" not in answer.content.decode()
    assert (
        client.post("/account/factor", {"act": "begin", "password": DEMO_PASSWORD, "code": codes[1]}).status_code == 200
    )
    fresh = at_hand(account)
    assert services.take_code(account_id=account.id, code=present(secret), at=AT, device_at=clock.real())
    client.post("/account/factor", {"act": "confirm", "code": present(fresh)})
    assert AccountFactor.objects.count() == 1
    assert client.get("/desk").status_code == HTTPStatus.OK
    for gone in (present(secret, 1), codes[2]):
        with pytest.raises(NotAllowed, match="code_wrong"):
            services.take_code(account_id=account.id, code=gone, at=AT, device_at=clock.real())


@pytest.mark.req("SEC-1", "ACC-1", kind="journey")
@pytest.mark.django_db
def test_setting_and_resetting_stand_in_the_ledger_without_a_secret(client: Client) -> None:
    account, secret, codes = equip()
    enter(client)
    client.post("/sign-in/code", {"code": codes[0]})
    first, second = administrator("one"), administrator("two")

    def reset(by: Account, other: Account) -> None:
        services.reset_factor(account_id=account.id, reset_by=by, second_by=other, channel="web", law=law(), at=AT)

    for by, other in ((first, first), (account, second), (first, account)):
        with pytest.raises(NotAllowed):
            reset(by, other)
    reset(first, second)
    with pytest.raises(NotFound, match="factor_unknown"):
        reset(first, second)
    assert not Session.objects.filter(account_id=account.id).exists()
    assert client.get("/desk").status_code == HTTPStatus.FOUND
    set_entry, reset_entry = (ledger.entries(act=act)[0].body for act in ("factor.set", "factor.reset"))
    assert set_entry and reset_entry
    assert (set_entry["account"], set_entry["actor"]) == (str(account.id), f"account:{account.id}")
    assert (reset_entry["actor"], reset_entry["second"]) == (f"account:{first.id}", str(second.id))
    said = json.dumps([set_entry, reset_entry])
    for kept in (secret.hex(), base64.b32encode(secret).decode(), *codes):
        assert kept not in said


@pytest.mark.req("SEC-1", kind="rule")
@pytest.mark.django_db
def test_the_database_alone_tells_neither_secret_nor_recovery_codes() -> None:
    _, secret, codes = equip()
    row = AccountFactor.objects.get()
    assert secret not in bytes(row.sealed)
    assert all(code.replace("-", "") not in row.recovery for code in codes)
    other = selectors.account_by_username("scjgj.reviewer")
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountFactor.objects.create(
            id=-1, account_id=row.account_id, sealed=b"", begun_at=AT, confirmed_at=AT, entry_id=1
        )
    AccountFactor.objects.filter(id=row.id).update(account_id=other.id)
    with pytest.raises(Conflict, match="sealed_data_altered"):
        services.take_code(account_id=other.id, code="000000", at=AT, device_at=clock.real())


@pytest.mark.req("SEC-1", kind="refusal")
@pytest.mark.django_db
def test_a_secret_that_was_shown_waits_half_an_hour_and_is_forgotten() -> None:
    account = selectors.account_by_username(QUERIER)
    services.offer_factor(account_id=account.id, at=AT)
    late = AT + FACTOR_OFFERED_FOR
    assert services.offered_factor(account=account, issuer="信衡", at=late) is None
    with pytest.raises(NotFound, match="factor_not_offered"):
        services.confirm_factor(account_id=account.id, code="000000", at=late, device_at=late, law=law())
    assert services.forget_offers(at=late - timedelta(seconds=1)) == 0
    assert services.forget_offers(at=late) == 1


@pytest.mark.req("SEC-1", "INV-8", kind="refusal")
@pytest.mark.django_db
def test_an_authenticator_taken_away_or_put_in_behind_the_house_is_seen() -> None:
    def damages() -> list[str]:
        found = [one.line()["damage"]["what"] for one in check_factors(Verification({})) if isinstance(one, Damage)]
        return found

    equip()
    assert damages() == []
    AccountFactor.objects.update(account_id=selectors.account_by_username("gongmin").id)
    assert damages() == ["account_factor_without_entry", "account_factor_missing"]
    AccountFactor.objects.all().delete()
    assert damages() == ["account_factor_missing"]
