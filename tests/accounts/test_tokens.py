"""The door of tokens speaks as RFC 6749 and RFC 7009 say, keeps no secret, and is slow to guess."""

from __future__ import annotations

import logging
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from tests.accounts.machines import FORM, ask, client_of, revoke, row_of, token_of
from xinheng.accounts import selectors
from xinheng.accounts.models import MachineToken, Organisation, SignInAttempt
from xinheng.accounts.rules import FAILURES_ALLOWED, Scope
from xinheng.accounts.services.machine import Issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau() -> Organisation:
    return selectors.organisation_by_code("scjgj")


@pytest.fixture
def issued(bureau: Organisation) -> Issued:
    return client_of(bureau)


def wrong(issued: Issued) -> Issued:
    return Issued(issued.client_id, "xhs_wrong")


@pytest.mark.req("IOP-1", kind="journey")
@pytest.mark.parametrize("basic", [True, False])
def test_a_client_gets_a_token_for_an_hour(issued: Issued, basic: bool) -> None:
    answer = ask(issued, basic=basic, scope="intake.read")
    assert answer.status_code == 200
    assert (answer.headers["Cache-Control"], answer.headers["Pragma"]) == ("no-store", "no-cache")
    assert answer.headers["Content-Type"] == "application/json"
    told = answer.json()
    assert (told["token_type"], told["expires_in"], told["scope"]) == ("Bearer", 3600, "intake.read")
    held = selectors.machine_by_token(told["access_token"])
    assert held is not None
    assert held.scopes == {"intake.read"}
    assert not answer.cookies
    row = MachineToken.objects.get()
    assert told["access_token"] not in "".join(str(value) for value in vars(row).values())


def test_without_a_scope_a_token_has_all_of_the_client(bureau: Organisation) -> None:
    assert ask(client_of(bureau)).json()["scope"] == "intake.read intake.report"
    assert ask(client_of(bureau, Scope.REPORT)).json()["scope"] == "intake.report"


@pytest.mark.req("IOP-1", "ORG-1", kind="refusal")
@pytest.mark.parametrize("scope", ["intake.read", "intake.report intake.read", "everything"])
def test_nobody_gets_more_than_was_granted(bureau: Organisation, scope: str) -> None:
    answer = ask(client_of(bureau, Scope.REPORT), scope=scope)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    assert not MachineToken.objects.exists()


@pytest.mark.req("IOP-1", kind="refusal")
def test_unknown_name_wrong_secret_and_revoked_client_look_alike(bureau: Organisation, issued: Issued) -> None:
    ended = client_of(bureau)
    revoke(ended)
    shown = [ask(one) for one in (wrong(issued), Issued("xhc_0000000000000000", issued.secret), ended)]
    shown += [ask(Issued("\x00' OR 1=1", "x")), ask(wrong(issued), basic=False)]
    for answer in shown:
        assert (answer.status_code, answer.json()) == (401, shown[0].json())
        assert answer.json()["error"] == "invalid_client"
        assert answer.headers["WWW-Authenticate"].startswith("Basic")
    assert not MachineToken.objects.exists()


@pytest.mark.req("IOP-1", kind="refusal")
def test_five_wrong_secrets_lock_the_name_for_the_right_one_too(bureau: Organisation, issued: Issued) -> None:
    for _ in range(FAILURES_ALLOWED):
        assert ask(wrong(issued)).status_code == 401
    locked = ask(issued)
    assert (locked.status_code, locked.json()["error"]) == (429, "invalid_client")
    assert 0 < int(locked.headers["Retry-After"]) <= 15 * 60
    assert token_of(client_of(bureau))  # another client is not disturbed
    assert not any(issued.client_id in one.username_digest for one in SignInAttempt.objects.all())
    nobody = Issued("xhc_0000000000000000", "x")
    assert [ask(nobody).status_code for _ in range(FAILURES_ALLOWED + 1)][-1] == 429


def test_a_right_secret_takes_the_failures_back(issued: Issued) -> None:
    for _ in range(2):
        assert [ask(wrong(issued)).status_code for _ in range(FAILURES_ALLOWED - 1)] == [401] * 4
        assert ask(issued).status_code == 200


@pytest.mark.req("IOP-1", kind="refusal")
@pytest.mark.parametrize(
    ("form", "error"),
    [
        ("", "invalid_request"),
        ("scope=intake.read", "invalid_request"),
        ("grant_type=password&username=a&password=b", "unsupported_grant_type"),
        ("grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
        ("grant_type=client_credentials&client_id=x&client_secret=y", "invalid_request"),
    ],
)
def test_other_requests_are_refused_in_the_words_of_the_rfc(issued: Issued, form: str, error: str) -> None:
    basic = b64encode(f"{issued.client_id}:{issued.secret}".encode()).decode()
    answer = Client().post("/oauth/token", form, content_type=FORM, headers={"Authorization": f"Basic {basic}"})
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.req("IOP-1", kind="refusal")
def test_a_secret_is_not_taken_from_an_address_nor_from_json_nor_by_get(issued: Issued) -> None:
    query = f"grant_type=client_credentials&client_id={issued.client_id}&client_secret={issued.secret}"
    answer = Client().post(f"/oauth/token?{query}", "", content_type=FORM)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    body = {"grant_type": "client_credentials", "client_id": issued.client_id, "client_secret": issued.secret}
    assert Client().post("/oauth/token", body, content_type="application/json").json()["error"] == "invalid_request"
    assert Client().get(f"/oauth/token?{query}").status_code == 405


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic /////w==", "Bearer x", "Basic " + "A" * 4000])
def test_an_unreadable_header_is_no_client(header: str) -> None:
    answer = Client().post(
        "/oauth/token", "grant_type=client_credentials", content_type=FORM, headers={"Authorization": header}
    )
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_production_gives_no_token_without_encryption(issued: Issued, settings: Any) -> None:
    settings.XINHENG_MODE = "production"
    assert ask(issued).json()["error"] == "invalid_request"
    secure = Client().post(
        "/oauth/token",
        f"grant_type=client_credentials&client_id={issued.client_id}&client_secret={issued.secret}",
        content_type=FORM,
        secure=True,
    )
    assert secure.status_code == 200


@pytest.mark.req("IOP-1", kind="refusal")
def test_a_token_is_over_after_an_hour(issued: Issued) -> None:
    token = token_of(issued)
    MachineToken.objects.update(expires_at=F("expires_at") - timedelta(minutes=59))
    assert selectors.machine_by_token(token) is not None
    MachineToken.objects.update(expires_at=F("expires_at") - timedelta(minutes=2))
    assert selectors.machine_by_token(token) is None


@pytest.mark.req("IOP-1", kind="journey")
def test_a_client_gives_its_token_back_and_nobody_elses(bureau: Organisation, issued: Issued) -> None:
    token, other = token_of(issued), client_of(bureau)
    for shown in (token, "unknown"):
        assert ask(other, "/oauth/revoke", token=shown).status_code == 200
    assert selectors.machine_by_token(token) is not None
    assert ask(wrong(issued), "/oauth/revoke", token=token).status_code == 401
    assert ask(issued, "/oauth/revoke").json()["error"] == "invalid_request"
    for _ in range(2):
        answer = ask(issued, "/oauth/revoke", token=token, token_type_hint="access_token")
        assert (answer.status_code, answer.json()) == (200, {})
    assert selectors.machine_by_token(token) is None


def test_an_organisation_that_ended_has_no_machines(bureau: Organisation, issued: Issued) -> None:
    token = token_of(issued)
    Organisation.objects.filter(id=bureau.id).update(active=False)
    assert selectors.machine_by_token(token) is None
    assert ask(issued).status_code == 401


@pytest.mark.req("INV-3", kind="refusal")
def test_secrets_and_tokens_stand_in_no_log(issued: Issued, caplog: pytest.LogCaptureFixture, settings: Any) -> None:
    assert settings.LOGGING["loggers"]["authlib"]["level"] == "WARNING"
    with caplog.at_level("DEBUG"):
        logging.getLogger("authlib").setLevel("WARNING")
        token = token_of(issued)
        ask(wrong(issued))
    assert row_of(issued)
    said = [r.getMessage() for r in caplog.records if not r.name.startswith("django.db")]
    assert not [line for line in said if token in line or issued.secret in line]
