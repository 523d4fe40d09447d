"""Who is verified by a real issuer opens the own file and no other; who is not, or not so, opens nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client

from tests.subjects.issuer import CLIENT, SECRET, Issuer, running
from tests.subjects.verified import proof
from xinheng.accounts import identity
from xinheng.accounts.models import Account
from xinheng.accounts.services import load_demo_accounts
from xinheng.law.pack import Pack
from xinheng.ledger import selectors as ledger
from xinheng.ledger.verify import Damage, Verification
from xinheng.lib.errors import NotAllowed
from xinheng.machine import oidc
from xinheng.machine.errors import MachineError
from xinheng.records.checks import check_subjects
from xinheng.subjects import selectors
from xinheng.subjects.models import SubjectAccount, SubjectVerification
from xinheng.subjects.rules import Capacity
from xinheng.subjects.services import link_account, link_demo_subjects, unlink_account

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
NOBODY = "622201199001010012"  # a number in order about whom nothing is on file


@pytest.fixture(scope="module")
def real_issuer() -> Iterator[Issuer]:
    with running() as issuer:
        yield issuer


@pytest.fixture
def issuer(real_issuer: Issuer, settings: Any) -> Issuer:
    real_issuer.changes, real_issuer.behaves = {}, set()
    settings.XINHENG_OIDC_ISSUER = real_issuer.address
    settings.XINHENG_OIDC_CLIENT, settings.XINHENG_OIDC_SECRET = CLIENT, SECRET
    settings.XINHENG_OIDC_SCOPE, settings.XINHENG_OIDC_LEVELS = "openid profile", ("high",)
    settings.XINHENG_OIDC_CLAIMS = {"id": "idcard", "uscc": "org", "name": "name"}
    return real_issuer


@pytest.fixture
def city_people(pack: Pack, db: None) -> Pack:
    load_demo_accounts(pack=pack, at=AT)
    link_demo_subjects(pack=pack, at=AT - timedelta(days=1))
    return pack


def person(pack: Pack) -> dict[str, str]:
    """An invented person with a file: the one behind the account of the demo."""
    named: Any = next(row for row in pack.demo["accounts"] if row["subject"].get("person"))  # type: ignore[attr-defined]
    found: Any = next(p for p in pack.demo["persons"] if p["key"] == named["subject"]["person"])  # type: ignore[attr-defined]
    return {"sub": "holder-1", "idcard": found["id_number"], "name": found["name"]}


def company(pack: Pack) -> dict[str, str]:
    named: Any = next(row for row in pack.demo["accounts"] if row["capacity"] == "representative")  # type: ignore[attr-defined]
    return {"sub": "holder-2", "org": named["subject"]["code"], "name": "某公司"}


def leave(client: Client, **query: str) -> str:
    """The address to which the page leads."""
    page = client.get("/sign-in/verify", query)
    found = re.search(r'class="govuk-button" href="(http[^"]+)"', page.content.decode())
    assert page.status_code == HTTPStatus.OK and found
    return unescape(found[1])


def come_back(client: Client, address: str) -> Any:
    """Go to the issuer as a browser does, and come back with what it says."""
    sent = httpx.get(address)
    back = sent.headers["Location"]
    assert back.startswith("http://testserver/sign-in/verify?")
    return client.get(back.removeprefix("http://testserver"))


def verified(client: Client, **query: str) -> Any:
    return come_back(client, leave(client, **query))


@pytest.mark.req("QRY-2", "SEC-1", kind="journey")
@pytest.mark.django_db
def test_a_verified_person_opens_the_own_file_and_comes_back_to_the_same_account(
    issuer: Issuer, city_people: Pack
) -> None:
    issuer.person = person(city_people)
    client = Client()
    led = verified(client, next="/my/looks")
    assert (led.status_code, led["Location"]) == (HTTPStatus.FOUND, "/my/looks")
    page = client.get("/my/file")
    assert page.status_code == HTTPStatus.OK and issuer.person["name"] in page.content.decode()
    assert client.get("/desk").status_code == HTTPStatus.FORBIDDEN
    made = Account.objects.filter(username__startswith="verified-")
    account = made.get()
    assert not account.has_usable_password() and account.display_name == issuer.person["name"][0] + "*"
    verified(Client())
    assert made.count() == 1 and SubjectVerification.objects.count() == 2
    kept = SubjectVerification.objects.latest("id")
    assert (kept.verifier, kept.level) == (issuer.address, "high")
    assert issuer.person["sub"] not in kept.holder_digest
    linked = next(e.body for e in ledger.entries(act="subject.linked") if e.body)
    assert linked["ground"] == {"verifier": issuer.address, "level": "high"}
    assert damages() == []


def damages() -> list[str]:
    return [one.what for one in check_subjects(Verification({})) if isinstance(one, Damage)]


@pytest.mark.req("QRY-2", "INV-3", kind="journey")
@pytest.mark.django_db
def test_about_whom_nothing_is_on_file_is_told_so_after_an_entry(issuer: Issuer, city_people: Pack) -> None:
    issuer.person = {"sub": "holder-3", "idcard": NOBODY, "name": "无名氏"}
    client = Client()
    assert verified(client)["Location"] == "/my/file"
    page = client.get("/my/file")
    assert page.status_code == HTTPStatus.OK
    assert "查询期内无相关信息" in page.content.decode()
    entry = ledger.entries(act="disclosure.answered")[0].body
    assert entry and (entry["result"], entry["ground"]["purpose"]) == ("empty", "file")
    assert NOBODY not in str(entry)
    assert client.get("/my/copy.json").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.req("SUB-1", "INV-3", kind="refusal")
@pytest.mark.django_db
def test_a_representative_who_left_opens_the_file_of_the_company_no_more(issuer: Issuer, city_people: Pack) -> None:
    issuer.person = company(city_people)
    client = Client()
    verified(client)
    code = issuer.person["org"]
    assert code in client.get("/my/file").content.decode()
    account = Account.objects.get(username__startswith="verified-")
    subject = selectors.by_code(code)
    assert subject and [one.subject_id for one in selectors.standings(account.id, datetime.now(UTC))] == [
        subject.subject_id
    ]
    issuer.person = {"sub": "holder-2", "idcard": NOBODY, "name": "某人"}  # the same holder, for himself
    verified(Client())
    assert code not in client.get("/my/file").content.decode()  # the session that was open before
    assert not SubjectAccount.objects.filter(account_id=account.id, until_at__isnull=True).exists()
    entry = ledger.entries(act="subject.unlinked")[0].body
    assert entry and entry["ground"] == {"ground": "verified_for_another"}
    assert damages() == []
    issuer.person = company(city_people)
    verified(client)
    assert code in client.get("/my/file").content.decode()
    assert damages() == []


@pytest.mark.req("SUB-1", "INV-8", kind="refusal")
@pytest.mark.django_db
def test_unlinking_closes_the_file_at_once_and_cannot_be_undone_in_silence(city_people: Pack) -> None:
    from xinheng.accounts.selectors import account_by_username

    client, account = Client(), account_by_username("gongmin")
    client.force_login(account)
    number = selectors.own_subject(account.id)
    assert number is not None and client.get("/my/file").status_code == HTTPStatus.OK
    ended = unlink_account(
        subject_id=number,
        account_id=account.id,
        ground="asked",
        at=AT - timedelta(hours=12),
        actor=f"account:{account.id}",
    )
    assert ended == 1
    for address in ("/my/file", "/my/looks", "/my/copy.json", "/my/copy.csv"):
        assert client.get(address).status_code == HTTPStatus.NOT_FOUND
    assert unlink_account(subject_id=number, account_id=account.id, ground="asked", at=AT - timedelta(hours=12)) == 0
    assert damages() == []
    SubjectAccount.objects.filter(account_id=account.id).update(until_at=None)
    assert damages() == ["account_link"]


@pytest.mark.req("INV-3", kind="refusal")
@pytest.mark.django_db
def test_no_link_without_a_verification_of_that_very_subject(city_people: Pack) -> None:
    from xinheng.accounts.selectors import account_by_username

    own = selectors.own_subject(account_by_username("gongmin").id)
    other = selectors.own_subject(account_by_username("qiye").id)
    assert own and other
    for capacity in (Capacity.SELF, Capacity.REPRESENTATIVE):
        with pytest.raises(NotAllowed, match="verified_another"):
            link_account(
                subject_id=other,
                account_id=account_by_username("gongmin").id,
                capacity=capacity,
                verified=proof(own, AT),
                at=AT,
            )


WRONG: dict[str, tuple[dict[str, Any], set[str], str]] = {
    "a lower level": ({"acr": "low"}, set(), "等级不够"),
    "no level": ({"acr": None}, set(), "等级不够"),
    "another nonce": ({"nonce": "of another visit"}, set(), "没有完成"),
    "no nonce": ({"nonce": None}, set(), "没有完成"),
    "for another house": ({"aud": "another"}, set(), "没有完成"),
    "for another house first": ({"aud": ["another", CLIENT], "azp": "another"}, set(), "没有完成"),
    "from another issuer": ({"iss": "https://another.invalid"}, set(), "没有完成"),
    "over": ({"exp": 1}, set(), "没有完成"),
    "no end": ({"exp": None}, set(), "没有完成"),
    "no holder": ({"sub": None}, set(), "没有完成"),
    "no number": ({"idcard": None}, set(), "没有能认"),
    "a number out of order": ({"idcard": NOBODY[:-1] + ("1" if NOBODY[-1] != "1" else "2")}, set(), "没有能认"),
    "a code as a number": ({"idcard": "91110000100000000A"}, set(), "没有能认"),
    "another key": ({}, {"signs with another key"}, "没有完成"),
    "no signature": ({}, {"signs with nothing"}, "没有完成"),
    "another name": ({}, {"names another"}, "没有完成"),
}


@pytest.mark.req("SEC-1", "INV-3", kind="refusal")
@pytest.mark.django_db
def test_a_token_that_is_not_wholly_right_signs_nobody_in(issuer: Issuer, city_people: Pack) -> None:
    issuer.person = person(city_people)
    wrong = []
    for case, (changes, behaves, told) in WRONG.items():
        client = Client()
        issuer.changes, issuer.behaves = {}, set()
        address = leave(client)
        issuer.changes, issuer.behaves = changes, behaves
        answer = come_back(client, address)
        if answer.status_code != HTTPStatus.FORBIDDEN or told not in answer.content.decode():
            wrong.append(f"{case}: {answer.status_code}")
        if client.get("/my/file").status_code != HTTPStatus.FOUND:
            wrong.append(f"{case}: signed in")
    assert wrong == []
    assert not Account.objects.filter(username__startswith="verified-").exists()


@pytest.mark.req("SEC-1", "INV-3", kind="refusal")
@pytest.mark.django_db
def test_an_answer_meant_for_another_browser_or_sent_twice_signs_nobody_in(issuer: Issuer, city_people: Pack) -> None:
    issuer.person = person(city_people)
    victim, thief = Client(), Client()
    back = httpx.get(leave(thief)).headers["Location"].removeprefix("http://testserver")
    assert victim.get(back).status_code == HTTPStatus.FORBIDDEN  # no cookie
    leave(victim)
    assert victim.get(back).status_code == HTTPStatus.FORBIDDEN  # the cookie of another visit
    assert thief.get(back).status_code == HTTPStatus.FOUND
    assert Client().get("/sign-in/verify", {"error": "access_denied", "state": "x"}).status_code == HTTPStatus.FORBIDDEN
    again = Client()
    leave(again)
    again.cookies["xinheng_verify"] = "forged"
    assert again.get(back).status_code == HTTPStatus.FORBIDDEN
    replayed = Client()
    address = leave(replayed)
    back = httpx.get(address).headers["Location"].removeprefix("http://testserver")
    issuer.used.update(issuer.asked)
    assert replayed.get(back).status_code == HTTPStatus.FORBIDDEN  # the issuer gave this code's token away already
    cookie = Client().get("/sign-in/verify").cookies["xinheng_verify"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["max-age"] == 600


@pytest.mark.req("SEC-1", kind="refusal")
@pytest.mark.django_db
def test_an_issuer_that_does_not_answer_is_told_and_a_closed_account_stays_closed(
    issuer: Issuer, city_people: Pack, settings: Any
) -> None:
    issuer.person = person(city_people)
    client = Client()
    verified(client)
    Account.objects.filter(username__startswith="verified-").update(is_active=False)
    assert verified(Client()).status_code == HTTPStatus.FORBIDDEN
    assert client.get("/my/file").status_code == HTTPStatus.FOUND
    settings.XINHENG_OIDC_ISSUER = "http://127.0.0.1:9"
    answer = Client().get("/sign-in/verify")
    assert answer.status_code == HTTPStatus.FORBIDDEN and "没有回应" in answer.content.decode()


@pytest.mark.req("SEC-1", kind="journey")
@pytest.mark.django_db
def test_the_demo_verifies_invented_people_and_production_refuses_it(city_people: Pack, settings: Any) -> None:
    client = Client()
    who = person(city_people)
    key = next(one[0] for one in identity.demo_people() if one[2] == who["idcard"])
    assert who["name"] in client.get("/sign-in/verify").content.decode()
    assert client.post("/sign-in/verify", {"who": key})["Location"] == "/my/file"
    assert who["name"] in client.get("/my/file").content.decode()
    assert Client().post("/sign-in/verify", {"who": "nobody"}).status_code == HTTPStatus.FORBIDDEN
    settings.XINHENG_MODE = "production"
    assert identity.verifier() is None
    with pytest.raises(NotAllowed, match="demo_in_production"):
        identity.Demo().finish(returned={"who": key}, remembered={}, back="", at=AT)
    outside = Client().post("/sign-in/verify", {"who": key}, secure=True)
    assert outside.status_code == HTTPStatus.OK and who["name"] not in outside.content.decode()


@pytest.mark.req("SEC-1", kind="rule")
def test_settings_that_are_not_whole_or_not_safe_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def of(mode: str = "test", **said: str) -> oidc.Provider:
        secret = tmp_path / "secret"
        secret.write_text(SECRET + "\n")
        whole = {"ISSUER": "https://id.invalid", "CLIENT": "x", "SECRET": str(secret), "CLAIMS": "id=idcard, name=name"}
        monkeypatch.setenv("XINHENG_MODE", mode)
        for name, value in {**whole, "LEVELS": "", **said}.items():
            monkeypatch.setenv(f"XINHENG_OIDC_{name}", value)
        return oidc.provider()

    assert of(ISSUER="") == oidc.Provider()
    assert of().claims == {"id": "idcard", "name": "name"} and of().secret == SECRET
    assert of("production", LEVELS="a, b").levels == ("a", "b")
    for wrong in (
        {"CLIENT": ""},
        {"CLAIMS": "name=name"},
        {"SECRET": str(tmp_path / "none")},
        {"mode": "production"},
        {"mode": "production", "LEVELS": "a", "ISSUER": "http://id.invalid"},
    ):
        with pytest.raises(MachineError):
            of(**wrong)
    assert SECRET not in repr(of())
