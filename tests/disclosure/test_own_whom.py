"""For whom does an account look? Several subjects, each opened by its own standing, closed at once when that ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from tests.disclosure.city import AT, PERSON_ID, PERSON_NAME, City
from tests.disclosure.test_doors import STAFF, as_user, text_of
from tests.records.conftest import Send
from tests.records.rows import COMPANY, OTHER, row
from tests.subjects.verified import proof
from xinheng.accounts.models import Account
from xinheng.disclosure import services
from xinheng.ledger import selectors as ledger
from xinheng.lib.errors import NotFound, RefusedByLaw
from xinheng.subjects.models import SubjectAccount
from xinheng.subjects.rules import Capacity, SubjectFacts
from xinheng.subjects.selectors import by_identifier, standings
from xinheng.subjects.services import freeze, link_account

pytestmark = pytest.mark.django_db
BEFORE = AT - timedelta(days=1)


def subject(identifier: str) -> SubjectFacts:
    """A subject of the city."""
    found = by_identifier(None, identifier)
    assert found is not None
    return found


def stands_for(city: City, username: str, identifier: str, capacity: Capacity) -> int:
    """Let an account stand for a subject too."""
    number = subject(identifier).subject_id
    proved = proof(number, BEFORE)
    link_account(subject_id=number, account_id=city.accounts[username], capacity=capacity, verified=proved, at=BEFORE)
    return number


def end(username: str, number: int) -> None:
    """The standing of an account for a subject ends."""
    account = Account.objects.get(username=username)
    SubjectAccount.objects.filter(account_id=account.id, subject_id=number).update(until_at=BEFORE)


@pytest.mark.req("QRY-2", "SUB-1", "ZY-44", "SP-24", kind="journey")
def test_who_stands_for_two_firms_chooses_and_reaches_both(city: City) -> None:
    second = stands_for(city, "qiye", OTHER["CF_XDR_SHXYM"], Capacity.REPRESENTATIVE)
    browser = as_user("qiye")
    listed = text_of(browser.get("/my"))
    assert COMPANY["CF_XDR_MC"] in listed and OTHER["CF_XDR_MC"] in listed
    assert "法定代表人" in listed
    first = text_of(browser.get("/my/file"))
    assert COMPANY["CF_XDR_MC"] in first and OTHER["CF_XDR_MC"] not in first
    assert "换成另一个" in first
    chosen = browser.post("/my", {"subject": str(second)})
    assert (chosen.status_code, chosen.headers["Location"]) == (302, "/my/file")
    for path in ("/my/file", "/my/looks", "/my/copy", "/my/notice"):
        said = text_of(browser.get(path))
        assert OTHER["CF_XDR_MC"] in said, path
        assert COMPANY["CF_XDR_MC"] not in said, path
    assert OTHER["CF_XDR_MC"] in text_of(browser.get("/my/copy.json"))
    assert text_of(browser.get("/my/copy.csv")).count(OTHER["CF_XDR_MC"]) >= 1
    entry = ledger.chain(subject(OTHER["CF_XDR_SHXYM"]).tag)[-1]
    assert entry.body is not None and entry.body["actor"] == f"account:{city.accounts['qiye']}"


@pytest.mark.req("QRY-2", "SUB-1", "INV-3", kind="refusal")
def test_a_subject_one_no_longer_stands_for_is_closed_at_once_and_the_attempt_is_entered(city: City) -> None:
    second = stands_for(city, "qiye", OTHER["CF_XDR_SHXYM"], Capacity.AGENT)
    browser = as_user("qiye")
    browser.post("/my", {"subject": str(second)})
    assert browser.get("/my/file").status_code == 200
    end("qiye", second)
    tag = subject(OTHER["CF_XDR_SHXYM"]).tag
    before = ledger.chain_length(tag)
    answer = browser.get("/my/file")
    assert answer.status_code == 403
    assert OTHER["CF_XDR_MC"] not in text_of(answer)
    last = ledger.chain(tag)[-1].body
    assert ledger.chain_length(tag) == before + 1
    assert last is not None and (last["result"], last["ground"]["reason"]) == ("refused", "not_own")
    assert OTHER["CF_XDR_MC"] not in text_of(browser.get("/my"))
    assert COMPANY["CF_XDR_MC"] in text_of(browser.get("/my/file"))  # the choice is forgotten


@pytest.mark.req("QRY-2", "SUB-1", kind="refusal")
def test_the_only_file_is_closed_too_when_the_standing_ends(city: City) -> None:
    end("qiye", subject(COMPANY["CF_XDR_SHXYM"]).subject_id)
    with pytest.raises(NotFound, match="no_own_file"):
        services.own_file(account_id=city.accounts["qiye"], at=AT, pack=city.pack)
    assert as_user("qiye").get("/my/copy").status_code == 404
    assert as_user("qiye").get("/my").status_code == 200


@pytest.mark.req("QRY-2", "INV-3", kind="refusal")
@pytest.mark.parametrize("sent", ["", "0", "x", "other"])
def test_nobody_chooses_a_subject_one_does_not_stand_for(city: City, sent: str) -> None:
    other = subject(OTHER["CF_XDR_SHXYM"])
    browser, before = as_user("qiye"), ledger.chain_length(other.tag)
    answer = browser.post("/my", {"subject": str(other.subject_id) if sent == "other" else sent})
    assert answer.status_code == 422
    assert OTHER["CF_XDR_MC"] not in text_of(answer) + text_of(browser.get("/my/file"))
    assert ledger.chain_length(other.tag) == before
    with pytest.raises(RefusedByLaw, match="not_own"):
        services.own_copy(account_id=city.accounts["qiye"], at=AT, pack=city.pack, subject_id=other.subject_id)
    assert ledger.chain_length(other.tag) == before + 1


@pytest.mark.req("QRY-2", "INV-3", kind="refusal")
@pytest.mark.parametrize("path", ["/my", "/my/notice", "/my/copy"])
def test_outsiders_see_no_chooser(city: City, path: str) -> None:
    assert Client().get(path).headers["Location"].startswith("/sign-in")
    assert {as_user(name).get(path).status_code for name in STAFF} == {403}
    assert Client().post("/my", {"subject": "1"}).status_code == 403


@pytest.mark.req("SUB-1", "SP-3", kind="journey")
def test_a_guardian_reads_the_ward_s_file_and_a_frozen_one_too(city: City) -> None:
    ward = stands_for(city, "qiye", PERSON_ID, Capacity.GUARDIAN)
    account = city.accounts["qiye"]
    file = services.own_file(account_id=account, at=AT, pack=city.pack, subject_id=ward)
    assert (file.name, file.whom.capacity, file.whom.several) == (PERSON_NAME, "guardian", True)
    freeze(subject_id=ward, ground="death", article="DC-3", actor="account:1", at=AT)
    assert services.own_file(account_id=account, at=AT, pack=city.pack, subject_id=ward).records
    mine = as_user("gongmin").get("/my/looks")
    assert mine.status_code == 403


@pytest.mark.req("QRY-2", kind="journey")
def test_the_subject_sees_that_somebody_else_looked_for_it(city: City) -> None:
    stands_for(city, "qiye", PERSON_ID, Capacity.GUARDIAN)
    browser = as_user("qiye")
    browser.post("/my", {"subject": str(subject(PERSON_ID).subject_id)})
    browser.get("/my/file")
    said = text_of(as_user("gongmin").get("/my/looks"))
    assert "能替您看的另一个账号" in said


@pytest.mark.req("QRY-2", kind="journey")
def test_the_own_file_comes_first_and_two_capacities_count_once(city: City) -> None:
    stands_for(city, "gongmin", COMPANY["CF_XDR_SHXYM"], Capacity.AGENT)
    stands_for(city, "gongmin", PERSON_ID, Capacity.AGENT)
    found = standings(city.accounts["gongmin"], AT)
    assert [one.capacity for one in found] == [Capacity.SELF, Capacity.AGENT]
    assert found[0].subject_id == subject(PERSON_ID).subject_id
    assert standings(city.accounts["gongmin"], BEFORE - timedelta(seconds=1)) == ()


@pytest.mark.req("QRY-2", "PIP-1", kind="journey")
def test_what_came_in_since_the_last_visit_is_marked(city: City, send: Send) -> None:
    account = city.accounts["qiye"]
    first = services.own_file(account_id=account, at=AT + timedelta(minutes=1), pack=city.pack)
    assert (first.last_visit, first.new) == (None, frozenset())
    send(row(90, COMPANY), at=AT + timedelta(minutes=2))
    services.who_looked(account_id=account, at=AT + timedelta(minutes=3), pack=city.pack)  # no visit of the records
    city.ask(COMPANY["CF_XDR_SHXYM"])
    again = services.own_file(account_id=account, at=AT + timedelta(minutes=4), pack=city.pack)
    assert again.last_visit == AT + timedelta(minutes=1)
    (new,) = again.new
    assert new not in {record.record_id for record in first.records}
    third = services.own_copy(account_id=account, at=AT + timedelta(minutes=5), pack=city.pack).file
    assert (third.last_visit, third.new) == (AT + timedelta(minutes=4), frozenset())
