"""A list by file: every row answered, persons only as listed parties, one receipt for the whole, nothing kept."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.disclosure.city import CASE, PERSON_ID, PERSON_NAME, SECRET, UNKNOWN_COMPANY, City
from tests.disclosure.test_doors import as_user
from tests.records.rows import COMPANY, OTHER, SHOP
from xinheng.disclosure.models import AskedQuestion, CaseParty
from xinheng.disclosure.reading import read_list
from xinheng.disclosure.services import batches
from xinheng.ledger import keys
from xinheng.ledger import selectors as ledger
from xinheng.ledger.rules import open_promise
from xinheng.ledger.services import seal
from xinheng.lib import clock, merkle
from xinheng.lib.errors import BadInput
from xinheng.subjects.selectors import by_identifier

pytestmark = pytest.mark.django_db
CODE, SECOND, THIRD = COMPANY["CF_XDR_SHXYM"], OTHER["CF_XDR_SHXYM"], SHOP["CF_XDR_SHXYM"]
BY, MATTER, DOOR = "scjgj.querier", "market_access", "/desk/query/batch"
LIST = f"""代码,类型,名称,身份
{CODE},,{COMPANY["CF_XDR_MC"]},
{UNKNOWN_COMPANY},uscc,,

{SECOND},护照,,
{PERSON_ID},id,{PERSON_NAME},申请人
,,没有代码的公司,
{THIRD},,,
91620798MA90000117,,,
"""


def sent(text: str | bytes = LIST, answer: str = "page", by: str = BY, **changed: str) -> Any:
    """Send a list through the form."""
    data = text if isinstance(text, bytes) else text.encode()
    fields = {"matter": MATTER, "case_number": CASE, "answer": answer, **changed}
    return as_user(by).post(DOOR, {**fields, "file": SimpleUploadedFile("名单.csv", data)})


def said(response: Any) -> str:
    parts = response.streaming_content if response.streaming else [response.content]
    return b"".join(parts).decode()


def entries() -> int:
    return len(ledger.entries(limit=500))


@pytest.mark.req("QRY-1", "INV-3", "ZY-34", "SP-10", kind="journey")
def test_every_row_of_a_list_is_answered_and_entered(city: City) -> None:
    *lines, last = [json.loads(line) for line in said(sent(answer="jsonl")).splitlines()]
    told = {line["input_row"]: (line["result"], line.get("reason", "")) for line in lines}
    assert told == {
        2: ("granted", ""),
        3: ("empty", ""),
        6: ("granted", ""),
        8: ("granted", ""),
        9: ("empty", "identifier_unreadable"),
        5: ("unreadable", "ids_kind_unknown"),
        7: ("unreadable", "ids_identifier_missing"),
    }
    assert last["summary"] == {"rows": 7, "granted": 3, "empty": 2, "refused": 0, "unreadable": 2}
    known = by_identifier("uscc", CODE)
    assert known is not None
    newest = ledger.chain(known.tag)[-1]
    assert (str(newest.entry_id), newest.leaf) == (lines[0]["entry"], lines[0]["leaf"])
    person = ledger.entry(int(lines[2]["entry"])).body
    assert person is not None and person["ground"]["role"] == "申请人"
    assert CaseParty.objects.count() == 1
    assert set(AskedQuestion.objects.values_list("batch", flat=True)) == {int(lines[0]["entry"])}


@pytest.mark.req("QRY-1", "INV-8", kind="rule")
def test_one_promise_binds_the_leaves_of_all_rows(city: City) -> None:
    *lines, last = [json.loads(line) for line in said(sent(answer="jsonl")).splitlines()]
    leaves = [bytes.fromhex(line["leaf"]) for line in lines if "leaf" in line]
    receipt = last["receipt"]
    promise = open_promise(receipt["promise"], keys.verifier())
    assert (promise.rows, promise.root) == (len(leaves), merkle.root(leaves).hex())
    assert (str(promise.entry_id), promise.leaf) == (receipt["entry"], receipt["leaf"])
    body = ledger.entry(promise.entry_id).body
    assert body is not None
    assert (body["fields"]["root"], body["fields"]["rows"], body["file_sha256"]) == (
        promise.root,
        5,
        receipt["file_sha256"],
    )
    assert "promise" not in lines[0]
    (told,) = Client().post("/ledger/receipt.json", {"text": receipt["promise"]}).json()["receipts"]
    assert told["standing"] == "waiting"


@pytest.mark.req("INV-8", kind="rule")
@pytest.mark.django_db(transaction=True)
def test_the_entry_of_the_batch_is_sealed_like_any_other(city: City) -> None:
    last = json.loads(said(sent(answer="jsonl")).splitlines()[-1])
    seal(at=clock.now())
    assert ledger.look_up(int(last["receipt"]["entry"]), last["receipt"]["leaf"]).proof
    from xinheng.ledger import verify

    assert all(one.ok for one in verify.run() if isinstance(one, verify.CheckResult))


@pytest.mark.req("QRY-1", "INV-3", kind="journey")
def test_the_table_has_a_line_a_field_with_release_article_entry_and_receipt(city: City) -> None:
    rows = list(csv.DictReader(io.StringIO(said(sent(answer="csv")).removeprefix("\ufeff"))))
    mine = [row for row in rows if row["row"] == "2"]
    fine = next(row for row in mine if row["field"] == "CF_NR_FK")
    assert (fine["value"], fine["release"], fine["subject_name"]) == ("3", "full", COMPANY["CF_XDR_MC"])
    assert fine["article"] and fine["entry"] and fine["leaf"]
    kept_back = next(row for row in mine if row["field"] == "CF_FR_ZJHM")
    assert (kept_back["release"], kept_back["value"]) == ("withheld", "")
    assert rows[-1]["row"] == "batch" and rows[-1]["promise"]
    assert [row["result"] for row in rows if row["row"] == "3"] == ["empty"]
    assert SECRET not in said(sent(answer="csv"))


@pytest.mark.req("QRY-1", "INV-3", kind="journey")
def test_the_page_counts_shows_the_rows_and_the_receipt_and_keeps_nothing(city: City) -> None:
    page = said(sent())
    assert COMPANY["CF_XDR_MC"] in page and "整批回执" in page and "类型应当是" in page
    last = ledger.entries(act="disclosure.batch", limit=1)[0]
    assert str(last.entry_id) in page and last.leaf in page
    assert SECRET not in page and PERSON_ID not in page
    again = said(as_user(BY).get(f"/desk/query/receipts/{AskedQuestion.objects.latest('at').id}"))
    assert COMPANY["CF_XDR_MC"] not in again


@pytest.mark.req("QRY-1", kind="rule")
@pytest.mark.parametrize(
    "data",
    [
        LIST.encode("gb18030"),
        LIST.encode("utf-8-sig"),
        LIST.replace(",", "\t").encode(),
        LIST.replace("代码,类型,名称,身份", "identifier,kind,name,role").encode("utf-16"),
    ],
    ids=["gbk", "bom", "tabs", "utf-16"],
)
def test_the_same_list_is_read_however_it_was_saved(data: bytes) -> None:
    plain = read_list(io.BytesIO(LIST.encode()))
    found = read_list(io.BytesIO(data))
    assert (found.rows, found.faults) == (plain.rows, plain.faults)
    assert [row for row, _ in found.faults] == [5, 7] and len(found.rows) == 5


@pytest.mark.req("QRY-1", kind="rule")
def test_a_workbook_is_read_too() -> None:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for place, line in enumerate(line for line in LIST.splitlines()):
        for column, cell in enumerate(line.split(",")):
            sheet.write_string(place, column, cell)
    book.close()
    found = read_list(io.BytesIO(out.getvalue()))
    assert found.rows == read_list(io.BytesIO(LIST.encode())).rows


@pytest.mark.req("QRY-1", "INV-3", kind="refusal")
@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"code,kind\n1,uscc\n", b"PK\x03\x04broken", f"{CODE}\n{SECOND}\n".encode()]
)
def test_what_is_no_list_is_told_in_the_form_and_nothing_is_asked(city: City, data: bytes) -> None:
    before = entries()
    response = sent(data)
    assert response.status_code == 422
    assert "xh-" in said(response) and CODE not in said(response)
    assert entries() == before
    if data:
        with pytest.raises(BadInput):
            read_list(io.BytesIO(data))


@pytest.mark.req("QRY-1", "INV-3", kind="refusal")
def test_a_person_without_a_role_and_a_role_with_a_number_are_no_parties(city: City) -> None:
    text = f"identifier,kind,name,role\n{PERSON_ID},id,,\n{PERSON_ID},id,,代理13812345678\n"
    *lines, _ = [json.loads(line) for line in said(sent(text, answer="jsonl")).splitlines()]
    assert [(line["result"], line["reason"]) for line in lines] == [
        ("refused", "person_not_party"),
        ("unreadable", "ids_role_unreadable"),
    ]
    assert CaseParty.objects.count() == 0


@pytest.mark.req("QRY-1", "INV-3", kind="refusal")
def test_too_long_a_list_is_refused_before_anything_is_asked(city: City) -> None:
    most = city.pack.matters["market_access"].values[-1].max_organisations
    assert most == 10_000
    text = "identifier\n" + f"{CODE}\n" * (most + 1)
    response = sent(text)
    assert response.status_code == 422 and str(most) in said(response)
    assert not AskedQuestion.objects.exists()


@pytest.mark.req("QRY-1", "INV-3", kind="refusal")
def test_a_crash_between_two_parts_leaves_entries_and_no_answer(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from xinheng.lib.errors import Conflict

    real, parts = batches.settle, []

    def breaks(*told: Any) -> Any:
        if parts:
            raise Conflict("no_transaction")
        parts.append(told)
        return real(*told)

    monkeypatch.setattr(batches, "settle", breaks)
    monkeypatch.setattr(batches, "TOGETHER", 2)
    response = sent(answer="csv")
    assert response.status_code == 409 and COMPANY["CF_XDR_MC"] not in said(response)
    assert AskedQuestion.objects.count() == 1
    assert not ledger.entries(act="disclosure.batch", limit=1)


@pytest.mark.req("QRY-1", "INV-3", kind="refusal")
def test_the_door_is_shut_to_everybody_else(city: City) -> None:
    before = entries()
    for role in ("scjgj.collector", "fgw.auditor", "fgw.admin", "qiye"):
        assert as_user(role).get(DOOR).status_code == 403
        assert sent(by=role).status_code == 403
    assert Client().get(DOOR).status_code == 302
    assert Client().post(DOOR, {}).status_code == 403
    assert not ledger.entries(act="disclosure.answered", limit=1) and entries() >= before


@pytest.mark.req("QRY-1", "INV-3", kind="refusal")
def test_a_list_for_a_matter_beyond_ones_powers_is_refused_row_by_row(city: City) -> None:
    *lines, last = [
        json.loads(line) for line in said(sent(answer="jsonl", matter="public_resource_trading")).splitlines()
    ]
    assert last["summary"]["refused"] == 5
    assert COMPANY["CF_XDR_MC"] not in json.dumps(lines, ensure_ascii=False)
