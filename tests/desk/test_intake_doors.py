"""Upload, batch and review through the client; other organisations see nothing, the uploader never reviews."""

from __future__ import annotations

import hashlib
import re
from importlib import import_module
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.disclosure.city import PERSON, PERSON_ID, City
from tests.disclosure.conftest import bureau, city, officers, send
from tests.disclosure.test_doors import as_user, text_of
from tests.records.conftest import Send
from tests.records.rows import COMPANY, row, sheet
from xinheng.intake.models import IntakeBatch
from xinheng.intake.selectors import waiting_rows
from xinheng.ledger import selectors as ledger

__all__ = ["bureau", "city", "officers", "send"]
pytestmark = pytest.mark.django_db


def upload(browser: Client, *rows: dict[str, str], **changed: Any) -> Any:
    """Send rows of penalties through the form."""
    file = SimpleUploadedFile("弱市监_处罚.csv", changed.get("data", sheet(rows)), "text/csv")
    return browser.post("/desk/intake", {"item": changed.get("item", "CF"), "file": file})


@pytest.mark.req("INT-1", "ZY-33", "SP-8", kind="journey")
def test_a_file_is_taken_in_and_the_result_is_the_title(city: City) -> None:
    browser = as_user("scjgj.collector")
    sent = upload(browser, row(21, COMPANY), row(22, COMPANY, CF_JDRQ="2027/01/02"), row(1, COMPANY, CF_NR_FK="8"))
    assert sent.status_code == 302
    page = text_of(browser.get(sent.headers["Location"]))
    assert "<h1>1行已接收，2行等处理</h1>" in page
    assert "第3行" in page
    assert "报送回执" in page
    batch = IntakeBatch.objects.get(id=int(sent.headers["Location"].rsplit("/", 1)[-1]))
    assert str(batch.entry_id) in page
    assert batch.file_sha256 in page
    assert "弱市监_处罚.csv" in text_of(browser.get("/desk/intake"))


@pytest.mark.req("INT-1", kind="refusal")
@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"a,b\n1,2\n"])
def test_a_file_that_is_refused_whole_says_why_at_the_field(city: City, data: bytes) -> None:
    before = IntakeBatch.objects.count()
    answer = upload(as_user("scjgj.collector"), data=data)
    assert answer.status_code == 422
    assert "govuk-error-message" in text_of(answer)
    assert IntakeBatch.objects.count() == before


@pytest.mark.req("INT-1", "INV-3", kind="refusal")
def test_a_batch_does_not_exist_for_other_organisations(city: City) -> None:
    number = IntakeBatch.objects.latest("id").id
    for username, status in (("zjj.collector", 404), ("fgw.operator", 404), ("ggzy.querier", 403), ("gongmin", 403)):
        answer = as_user(username).get(f"/desk/intake/{number}")
        assert answer.status_code == status
        assert COMPANY["CF_XDR_MC"] not in text_of(answer)
    assert Client().get(f"/desk/intake/{number}").status_code == 302
    assert as_user("scjgj.collector").get("/desk/intake/999999").status_code == 404


@pytest.mark.req("INT-1", "ACC-1", kind="journey")
def test_a_second_person_turns_a_waiting_row_into_a_correction(city: City, send: Send) -> None:
    send(row(1, COMPANY, CF_NR="罚款九万元", CF_NR_FK="9"))
    browser = as_user("scjgj.reviewer")
    page = text_of(browser.get("/desk/review"))
    assert "1行等您复核" in page
    assert "<del>3.00万元</del>" in page or "罚款三万元" in page
    assert "罚款九万元" in page
    (waiting,) = waiting_rows()
    form = {"row_id": waiting.row_id, "outcome": "accept", "reason": "核对决定书，金额以本行为准"}
    assert browser.post("/desk/review", form).status_code == 302
    assert waiting_rows() == []
    assert ledger.entries(act="batch.reviewed", limit=1)
    assert browser.post("/desk/review", form).status_code == 404


@pytest.mark.req("INT-1", "ACC-1", kind="refusal")
def test_a_decision_needs_a_reason_and_another_person_of_the_same_organisation(city: City, send: Send) -> None:
    send(row(1, COMPANY, CF_NR_FK="9"), uploader="scjgj.reviewer")
    (waiting,) = waiting_rows()
    form = {"row_id": waiting.row_id, "outcome": "accept", "reason": "核对无误"}
    uploader = as_user("scjgj.reviewer")
    assert "没有等复核的行" in text_of(uploader.get("/desk/review"))
    assert uploader.post("/desk/review", form).status_code == 403
    assert as_user("fgw.operator").post("/desk/review", form).status_code == 404
    assert as_user("scjgj.collector").post("/desk/review", form).status_code == 403
    assert Client().post("/desk/review", form).status_code == 403
    assert uploader.post("/desk/review", {**form, "reason": ""}).status_code == 422
    assert len(waiting_rows()) == 1


@pytest.mark.req("INT-1", "INV-3", kind="refusal")
def test_identity_numbers_are_masked_in_review_and_batch(city: City, send: Send) -> None:
    send(row(4, PERSON, CF_NR="罚款四万元", CF_NR_FK="4"))
    browser = as_user("scjgj.reviewer")
    assert PERSON_ID not in text_of(browser.get("/desk/review"))
    number = IntakeBatch.objects.latest("id").id
    assert PERSON_ID not in text_of(browser.get(f"/desk/intake/{number}"))


@pytest.mark.req("INT-1", kind="journey")
def test_every_row_that_was_not_taken_can_be_read_page_by_page(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xinheng.records.views.FINDINGS_SHOWN", 2)
    browser = as_user("scjgj.collector")
    wrong = [row(number, COMPANY, CF_JDRQ="2027/01/02") for number in range(31, 35)]
    address = upload(browser, *wrong, row(1, COMPANY, CF_NR_FK="8")).headers["Location"]
    seen: list[str] = []
    for place in ("", "?after=3", "?after=5"):
        page = text_of(browser.get(address + place))
        assert "<h1>0行已接收，5行等处理</h1>" in page
        assert "共5行" in page
        seen += re.findall(r'id="row(\d+)"', page)
        assert ("下一页" in page) == (place != "?after=5")
        assert ("回到第一页" in page) == bool(place)
    assert seen == ["2", "3", "4", "5", "6"]
    for unreadable in ("x", "-1", "9" * 40):
        assert browser.get(address, {"after": unreadable}).status_code == 422


@pytest.mark.req("INT-1", kind="journey")
def test_all_that_waits_is_counted_though_some_is_shown(
    city: City, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(row(1, COMPANY, CF_NR="罚款九万元", CF_NR_FK="9"), row(4, PERSON, CF_NR="罚款四万元", CF_NR_FK="4"))
    monkeypatch.setattr("xinheng.records.views.WAITING_SHOWN", 1)
    waiting = len(waiting_rows())
    assert waiting > 1
    reviewer = as_user("scjgj.reviewer")
    page = text_of(reviewer.get("/desk/review"))
    assert f"{waiting}行等您复核" in page
    assert "这里是最早的1行" in page
    with monkeypatch.context() as patch:
        patch.setattr(import_module("xinheng.intake.selectors.rows"), "LISTED", 1)
        assert f"{waiting}行等您复核" in text_of(reviewer.get("/desk"))


@pytest.mark.req("INT-1", "INV-3", kind="refusal")
def test_the_marked_sheet_is_for_its_sender_alone(city: City, send: Send) -> None:
    receipt = send(row(41, PERSON, CF_JDRQ="2027/01/02"), row(42, COMPANY))
    address = f"/desk/intake/{receipt.batch_id}/returned.xlsx"
    answer = as_user("scjgj.collector").get(address)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.content[:2] == b"PK"
    (entry,) = ledger.entries(act="batch.returned", limit=9)
    assert entry.body is not None
    assert entry.body["batch"] == str(receipt.batch_id)
    assert entry.body["sheet_sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert address in text_of(as_user("scjgj.collector").get(f"/desk/intake/{receipt.batch_id}"))
    for username, status in (("zjj.collector", 404), ("fgw.operator", 404), ("ggzy.querier", 403), ("gongmin", 403)):
        assert as_user(username).get(address).status_code == status
    assert Client().get(address).status_code == 302
    clean = send(row(43, COMPANY))
    assert as_user("scjgj.collector").get(f"/desk/intake/{clean.batch_id}/returned.xlsx").status_code == 404
    assert "returned.xlsx" not in text_of(as_user("scjgj.collector").get(f"/desk/intake/{clean.batch_id}"))
    assert len(ledger.entries(act="batch.returned", limit=9)) == 1


@pytest.mark.req("CAT-2", "ZY-32", kind="journey")
def test_templates_are_offered_for_what_the_organisation_may_report(city: City) -> None:
    browser = as_user("scjgj.collector")
    assert "/desk/intake/templates" in text_of(browser.get("/desk/intake"))
    page = text_of(browser.get("/desk/intake/templates"))
    offered = re.findall(r"/desk/intake/templates/(\w+)\.xlsx", page)
    assert "CF" in offered
    assert "YFK" not in offered  # prepaid cards are reported by the bureau of commerce
    for code in offered:
        answer = browser.get(f"/desk/intake/templates/{code}.xlsx")
        assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    assert browser.get("/desk/intake/templates/YFK.xlsx").status_code == 404


@pytest.mark.req("CAT-2", kind="journey")
def test_anybody_can_take_the_template_of_an_item_in_force(city: City) -> None:
    assert "/catalog/CF/2018-07-01/template.xlsx" in text_of(Client().get("/catalog/CF"))
    answer = Client().get("/catalog/CF/2018-07-01/template.xlsx")
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    assert "UTF-8" in answer.headers["Content-Disposition"].upper()
    assert Client().get("/catalog/CF/1999-01-01/template.xlsx").status_code == 404
