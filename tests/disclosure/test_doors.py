"""The doors of disclosure through the client: granted, refused, empty, and outsiders who see nothing."""

from __future__ import annotations

import logging
from typing import Any

import orjson
import pytest
from django.test import Client

from tests.disclosure.city import (
    CASE,
    MATTER,
    OFFICER,
    PERSON_ID,
    PERSON_NAME,
    REPRESENTATIVE_ID,
    SECRET,
    UNKNOWN_COMPANY,
    UNKNOWN_PERSON,
    City,
)
from tests.records.rows import COMPANY
from xinheng.accounts.models import Account
from xinheng.disclosure.services import settling
from xinheng.ledger import selectors as ledger
from xinheng.subjects.selectors import by_identifier

pytestmark = pytest.mark.django_db
CODE = COMPANY["CF_XDR_SHXYM"]
GROUND = {"matter": MATTER, "case_number": CASE}
OWN = (
    *("/my", "/my/file", "/my/looks", "/my/looks.json", "/my/looks.csv", "/my/notice"),
    *("/my/copy", "/my/copy.json", "/my/copy.csv"),
)
STAFF = ("scjgj.collector", "scjgj.reviewer", OFFICER, "fgw.admin", "fgw.auditor", "fgw.supervisor")


def as_user(username: str) -> Client:
    """A browser in which ``username`` is signed in."""
    client = Client()
    client.force_login(Account.objects.get(username=username))
    return client


def text_of(response: Any) -> str:
    """The body of an answer."""
    return bytes(response.content).decode()


@pytest.mark.req("QRY-1", "INV-3", "ZY-34", "SP-10", kind="journey")
def test_an_officer_reads_the_answer_with_its_grounds_and_its_receipt(city: City) -> None:
    browser = as_user(OFFICER)
    assert "为一件公事查询" in text_of(browser.get("/desk/query"))
    answer = browser.post("/desk/query", {**GROUND, "who": f"{CODE} {COMPANY['CF_XDR_MC']}"})
    said = text_of(answer)
    assert answer.status_code == 200
    assert COMPANY["CF_XDR_MC"] in said
    assert "罚款三万元" in said
    assert "不向您显示" in said
    assert "查询回执" in said
    known = by_identifier("uscc", CODE)
    assert known is not None
    assert str(ledger.chain(known.tag)[-1].entry_id) in said
    for hidden in (SECRET, REPRESENTATIVE_ID):
        assert hidden not in said
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.req("QRY-1", kind="journey")
def test_a_machine_gets_the_same_answer_as_json(city: City) -> None:
    answer = as_user(OFFICER).post("/desk/query", {**GROUND, "who": CODE}, headers={"Accept": "application/json"})
    (line,) = orjson.loads(answer.content)["answers"]
    assert (line["result"], line["records"][0]["item"]) == ("granted", "CF")


@pytest.mark.req("QRY-1", kind="journey")
def test_nothing_found_says_so_and_is_no_judgement(city: City) -> None:
    said = text_of(as_user(OFFICER).post("/desk/query", {**GROUND, "who": UNKNOWN_COMPANY}))
    assert "查询期内无相关信息" in said
    assert "没有信息不等于评价" in said


@pytest.mark.req("QRY-1", "INV-3", "ZY-35", "SP-28", kind="refusal")
@pytest.mark.parametrize(
    "changed",
    [
        {"matter": "daily_inspection"},
        {"matter": "market_access"},
        {"case_number": ""},
        {"party_list": "", "who": PERSON_ID},
    ],
)
def test_a_refusal_names_the_article_and_what_to_do_and_shows_nothing(city: City, changed: dict[str, str]) -> None:
    answer = as_user(OFFICER).post("/desk/query", {**GROUND, "party_list": PERSON_ID, **changed})
    said = text_of(answer)
    assert answer.status_code == 403
    assert "不能查询" in said
    assert "可以这样做" in said
    assert "xh-art" in said
    assert PERSON_NAME not in said
    assert "罚款三万元" not in said


@pytest.mark.req("QRY-1", "INV-4", kind="refusal")
def test_a_refusal_reads_the_same_for_a_person_nobody_knows(city: City) -> None:
    browser = as_user(OFFICER)
    pages = []
    for number in (PERSON_ID, UNKNOWN_PERSON):
        answer = browser.post("/desk/query", {**GROUND, "who": number})
        pages.append((answer.status_code, len(text_of(answer))))
    assert pages[0] == pages[1]


@pytest.mark.req("QRY-1", kind="refusal")
def test_an_unreadable_code_is_named_by_its_line_and_nothing_is_asked(city: City) -> None:
    before = len(ledger.entries(limit=500))
    answer = as_user(OFFICER).post("/desk/query", {**GROUND, "who": f"{CODE}\n91620798MA90000117"})
    assert answer.status_code == 422
    assert "第2行" in text_of(answer)
    assert len(ledger.entries(limit=500)) == before


@pytest.mark.req("INV-3", kind="refusal")
def test_when_the_ledger_can_not_be_written_there_is_no_answer(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def full(*_: Any, **__: Any) -> None:
        raise OperationalError("could not extend file: no space left on device")

    monkeypatch.setattr(settling, "append_many", full)
    answer = as_user(OFFICER).post("/desk/query", {**GROUND, "who": CODE})
    assert answer.status_code == 503
    assert COMPANY["CF_XDR_MC"] not in text_of(answer)


@pytest.mark.req("INV-3", kind="refusal")
def test_identity_numbers_are_in_no_address_log_or_answer(city: City, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = as_user(OFFICER).post("/desk/query", {**GROUND, "party_list": f"{PERSON_ID} {PERSON_NAME} 投标人"})
    assert PERSON_NAME in text_of(answer)
    assert text_of(answer).count(PERSON_ID) == 1  # the officer's own line in the form
    own = [r for r in caplog.records if not r.name.startswith("django.db")]
    assert not any(PERSON_ID in record.getMessage() for record in own)


@pytest.mark.req("INV-3", "QRY-2", kind="refusal")
@pytest.mark.parametrize("path", [*OWN, "/desk/query", "/desk/log"])
def test_a_visitor_is_led_to_the_sign_in_page(city: City, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in")
    assert Client().post("/desk/query", {**GROUND, "who": CODE}).status_code == 403


@pytest.mark.req("INV-3", "QRY-2", kind="refusal")
def test_an_account_without_the_role_sees_nothing(city: City) -> None:
    for username in STAFF:
        browser = as_user(username)
        assert {browser.get(path).status_code for path in OWN} == {403}
        if username != OFFICER:
            assert browser.post("/desk/query", {**GROUND, "who": CODE}).status_code == 403
        if username not in ("fgw.auditor", "fgw.supervisor"):
            assert browser.get("/desk/log").status_code == 403
    assert as_user("gongmin").get("/desk/query").status_code == 403


@pytest.mark.req("QRY-2", "ZY-44", "SP-24", kind="journey")
def test_the_subject_reads_its_file_and_who_looked(city: City) -> None:
    officer = as_user(OFFICER)
    officer.post("/desk/query", {**GROUND, "party_list": f"{PERSON_ID} {PERSON_NAME} 投标人"})
    officer.post("/desk/query", {**GROUND, "who": PERSON_ID, "matter": "daily_inspection"})
    subject = as_user("gongmin")
    file, looks = text_of(subject.get("/my/file")), text_of(subject.get("/my/looks"))
    assert PERSON_NAME in file
    assert file.count(PERSON_ID) == 1  # in the field of the record itself, nowhere else
    assert "罚款三万元" in file
    assert CASE in looks
    assert "想看，被拒绝" in looks
    assert "您自己" in looks
    assert PERSON_NAME not in text_of(as_user("qiye").get("/my/file"))


@pytest.mark.req("QRY-2", "PIP-1", "SP-24", kind="journey")
def test_the_subject_takes_a_copy_away(city: City) -> None:
    subject = as_user("gongmin")
    as_json, as_table = subject.get("/my/copy.json"), subject.get("/my/copy.csv")
    assert orjson.loads(as_json.content)["records"]
    assert "attachment" in as_table.headers["Content-Disposition"]
    assert text_of(as_table).startswith("\ufeffpart,record,item")
    known = by_identifier("id", PERSON_ID)
    assert known is not None
    assert [e.body and e.body["ground"].get("purpose") for e in ledger.chain(known.tag)][-2:] == ["copy", "copy"]


@pytest.mark.req("QRY-2", "ZY-44", "SP-24", kind="refusal")
def test_an_account_without_a_file_is_told_the_way(city: City) -> None:
    from xinheng.subjects.models import AccountSubject, SubjectAccount

    account = Account.objects.get(username="gongmin")
    AccountSubject.objects.filter(account_id=account.id).delete()
    SubjectAccount.objects.filter(account_id=account.id).update(until_at="2020-01-01T00:00:00Z")
    answer = as_user("gongmin").get("/my/file")
    assert answer.status_code == 404
    assert "服务窗口" in text_of(answer)


@pytest.mark.req("QRY-1", "INV-3", kind="refusal")
def test_a_machine_is_told_of_a_wrong_form_and_of_a_refusal_by_status(city: City) -> None:
    asked = {"headers": {"Accept": "application/json"}}
    wrong = as_user(OFFICER).post("/desk/query", {**GROUND, "who": "123", "case_number": PERSON_ID}, **asked)
    assert wrong.status_code == 422
    assert wrong.headers["Content-Type"] == "application/json"
    fault = orjson.loads(wrong.content)["error"]
    assert set(fault["fields"]) == {"who", "case_number"}
    assert PERSON_ID not in wrong.content.decode()
    refused = as_user(OFFICER).post("/desk/query", {**GROUND, "who": CODE, "matter": "daily_inspection"}, **asked)
    assert refused.status_code == 403
    assert orjson.loads(refused.content)["answers"][0]["result"] == "refused"


@pytest.mark.req("QRY-5", "ACC-1", "INV-3", kind="refusal")
def test_a_question_without_the_post_is_entered_without_what_was_typed(city: City) -> None:
    for headers in ({}, {"Accept": "application/json"}):
        before = len(ledger.entries(act="disclosure.refused", limit=50))
        answer = as_user("scjgj.collector").post("/desk/query", {**GROUND, "who": CODE}, headers=headers)
        assert answer.status_code == 403
        found = ledger.entries(act="disclosure.refused", limit=50)
        assert len(found) == before + 1
        body = found[0].body
        assert body is not None and found[0].tag is None
        assert (body["org"], body["result"], body["ground"]["reason"]) == ("scjgj", "refused", "role_missing")
        assert CASE not in repr(body) and CODE not in repr(body)
    for quiet in (
        lambda: as_user("scjgj.collector").get("/desk/query"),
        lambda: Client().post("/desk/query", {**GROUND, "who": CODE}),
        lambda: as_user(OFFICER).post("/desk/query", {**GROUND, "who": "91"}),
        lambda: as_user(OFFICER).post("/desk/query", {**GROUND, "case_number": PERSON_ID, "who": CODE}),
    ):
        before = len(ledger.entries(limit=500))
        quiet()
        assert len(ledger.entries(limit=500)) == before


@pytest.mark.req("QRY-5", "ACC-1", kind="refusal")
def test_a_list_longer_than_the_matter_allows_is_entered_as_a_denial(city: City) -> None:
    most = city.pack.matters[MATTER].values[-1].max_organisations
    answer = as_user(OFFICER).post("/desk/query", {**GROUND, "who": f"{CODE}\n" * (most + 1)})
    assert answer.status_code == 422
    (found,) = ledger.entries(act="disclosure.refused", limit=5)
    assert found.body is not None
    assert (found.body["ground"]["reason"], found.body["fields"]) == ("too_many_identifiers", {"given": most + 1})
    assert not ledger.entries(act="disclosure.answered", limit=1)


@pytest.mark.req("QRY-1", "ZY-35", "SP-28", kind="journey")
def test_the_duty_is_told_after_an_empty_answer_too(city: City) -> None:
    said = text_of(as_user(OFFICER).post("/desk/query", {**GROUND, "who": UNKNOWN_COMPANY}))
    assert "没有查到信息的也一样" in said and "不能另存" in said
