"""A password is its holder's own: changed with the old one, given by others for a few days only, never soon guessed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from tests.accounts.machines import administrator, law
from xinheng.accounts import selectors, services
from xinheng.accounts.models import Account, Organisation, Session
from xinheng.accounts.rules import ONE_TIME_FOR, Role, Step, may_give_password, step_open
from xinheng.accounts.services import DEMO_PASSWORD
from xinheng.accounts.services.password import COMMON, own_part
from xinheng.ledger import selectors as ledger
from xinheng.lib.errors import BadInput, NotAllowed

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
QUERIER = "scjgj.querier"
NEW = "tea-lamp-oxcart-river"


@pytest.mark.req("SEC-1", kind="rule")
def test_a_one_time_password_comes_after_the_code_and_before_the_authenticator() -> None:
    def step(factor: int | None, passed: int | None) -> Step | None:
        return step_open(factor=factor, passed=passed, staff=True, factor_required=True, one_time=True)

    assert (step(7, None), step(7, 7), step(None, None)) == (Step.CODE, Step.PASSWORD, Step.PASSWORD)


@pytest.mark.req("SEC-1", kind="rule")
def test_an_administrator_gives_one_to_others_only() -> None:
    assert may_give_password(account_id=1, by=2, roles={Role.ADMINISTRATOR})
    for refused in (
        may_give_password(account_id=1, by=1, roles={Role.ADMINISTRATOR}),
        may_give_password(account_id=1, by=2, roles={Role.OPERATOR, Role.AUDITOR}),
    ):
        assert not refused


@pytest.mark.req("SEC-1", kind="rule")
@pytest.mark.parametrize(
    ("password", "left"),
    [
        ("woaini1314520", 0),
        ("qwertyuiop123", 0),
        ("zhang19870512", 5),
        ("aaaaaaaaaaaa", 0),
        ("13800138000", 0),
        ("tea-lamp-oxcart-river", 18),
        ("梧桐山下的旧书店", 8),
    ],
)
def test_how_much_of_a_password_is_its_owner_s(password: str, left: int) -> None:
    assert own_part(password, COMMON) == left


@pytest.fixture
def officer(db: None) -> Account:
    body = Organisation.objects.get(code="scjgj")
    return services.create_account(
        username="zhao.min", password=NEW, organisation=body, staff_number="HC7781", display_name="赵敏学"
    )


@pytest.mark.req("SEC-1", kind="refusal")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "weak",
    [
        "woaini5201314", "zhaominxue2026", "Zhao.Min@2026", "zmx19870512abc", "HC7781hc7781", "scjgj-scjgj-1",
        "1qaz@WSX3edc", "P@ssw0rd2026", "22222222222222", "xinheng-2026-demo", "hengchuan888888", "赵敏学2026年",
        "Admin@123456", "qwerasdfzxcv1",
    ],
)  # fmt: skip
def test_what_everybody_would_try_is_no_password(officer: Account, weak: str) -> None:
    with pytest.raises(BadInput, match="password_too_weak"):
        services.change_password(account_id=officer.id, old=NEW, new=weak, session=None, law=law(), at=AT)
    assert services.sign_in(username="zhao.min", password=NEW, at=AT) == officer


def enter(client: Client, password: str = DEMO_PASSWORD, username: str = QUERIER) -> Any:
    return client.post("/sign-in", {"username": username, "password": password})


def change(client: Client, old: str, new: str, again: str = "", **more: str) -> Any:
    return client.post("/account/password", {"old": old, "new": new, "again": again or new, **more})


@pytest.mark.req("SEC-1", kind="journey")
@pytest.mark.django_db
def test_a_new_password_ends_every_other_session_and_stands_in_the_ledger_without_a_word_of_it(client: Client) -> None:
    other = Client()
    enter(client)
    enter(other)
    key = client.session.session_key
    done = change(client, DEMO_PASSWORD, NEW)
    assert done.status_code == HTTPStatus.OK and "密码已经改好" in done.content.decode()
    assert client.get("/desk").status_code == HTTPStatus.OK
    assert client.session.session_key != key
    assert other.get("/desk").status_code == HTTPStatus.FOUND
    account = selectors.account_by_username(QUERIER)
    assert Session.objects.filter(account_id=account.id).count() == 1
    assert "/desk" in enter(Client(), NEW)["Location"]
    assert enter(Client()).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    entry = ledger.entries(act="password.set")[0].body
    assert entry and (entry["account"], entry["actor"]) == (str(account.id), f"account:{account.id}")
    assert NEW not in json.dumps(entry) and account.password not in json.dumps(entry)


@pytest.mark.req("SEC-1", kind="refusal")
@pytest.mark.django_db
def test_without_the_old_password_nothing_changes_and_guesses_lock(client: Client) -> None:
    enter(client)
    for sent, told in (
        (("wrong", NEW, ""), "密码不对"),
        ((DEMO_PASSWORD, NEW, "another-long-word"), "两遍新密码不一样"),
        ((DEMO_PASSWORD, DEMO_PASSWORD, ""), "和现在的一样"),
        ((DEMO_PASSWORD, "woaini5201314", ""), "太容易猜"),
    ):
        answer = change(client, *sent)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        page = answer.content.decode()
        assert told in page and 'id="id_' in page and NEW not in page
    for _ in range(4):
        change(client, "wrong", NEW)
    assert "15分钟" in change(client, DEMO_PASSWORD, NEW).content.decode()
    assert not ledger.entries(act="password.set")


@pytest.mark.req("SEC-1", "INV-3", kind="journey")
@pytest.mark.django_db
def test_a_one_time_password_opens_one_page_until_the_holder_sets_another(client: Client) -> None:
    account = selectors.account_by_username(QUERIER)
    enter(client)
    given = services.set_one_time_password(
        account_id=account.id, set_by=administrator("one"), law=law(), at=datetime.now(UTC)
    )
    assert client.get("/desk").status_code == HTTPStatus.FOUND
    assert enter(client, given)["Location"] == "/account/password"
    assert client.get("/desk/query")["Location"] == "/account/password?next=%2Fdesk%2Fquery"
    assert client.post("/desk/query", {}, headers={"accept": "application/json"}).status_code == HTTPStatus.FORBIDDEN
    assert client.get("/account/factor").status_code == HTTPStatus.FOUND
    assert "一次性密码" in client.get("/account/password").content.decode()
    assert change(client, given, NEW, next="/desk/query")["Location"] == "/desk/query"
    assert client.get("/desk/query").status_code == HTTPStatus.OK
    entry = ledger.entries(act="password.given")[0].body
    assert entry and entry["account"] == str(account.id) and given not in json.dumps(entry)


@pytest.mark.req("SEC-1", kind="refusal")
@pytest.mark.django_db
def test_a_one_time_password_ends_by_itself_and_only_administrators_give_one() -> None:
    account, giver = selectors.account_by_username(QUERIER), administrator("one")
    given = services.set_one_time_password(account_id=account.id, set_by=giver, law=law(), at=AT)
    late = AT + ONE_TIME_FOR
    assert services.sign_in(username=QUERIER, password=given, at=late - timedelta(seconds=1)) == account
    with pytest.raises(NotAllowed, match="sign_in_failed"):
        services.sign_in(username=QUERIER, password=given, at=late)
    for by, whom, reason in (
        (selectors.account_by_username("scjgj.reviewer"), account, "giver_not_administrator"),
        (giver, giver, "password_to_oneself"),
    ):
        with pytest.raises(NotAllowed, match=reason):
            services.set_one_time_password(account_id=whom.id, set_by=by, law=law(), at=AT)
