"""One record all the way, under each law: reported, reviewed, queried, read by its subject and by the public."""

from __future__ import annotations

import re
from datetime import timedelta

import orjson
import pytest

from tests.journeys.cast import CASE, FINE, REFUSED_CASE, THIRD, UNKNOWN_COMPANY, UNLISTED, Cast
from tests.law import odd
from xinheng.law import lookup
from xinheng.law.enums import SubjectKind
from xinheng.law.publicity import publicity_period
from xinheng.ledger import selectors as ledger
from xinheng.subjects.selectors import by_identifier

pytestmark = pytest.mark.django_db


@pytest.mark.req("INT-1", "ORG-1", "SUB-1", "CAT-2", "ZY-33", "SP-8", kind="journey")
def test_good_rows_become_records_and_bad_ones_come_back_with_their_reason(bare: Cast) -> None:
    page = bare.report(
        bare.penalty(1, bare.company),
        bare.penalty(2, bare.person()),
        bare.penalty("", bare.other, CF_WSH=""),
        bare.penalty(4, bare.other, CF_JDRQ="2027/01/02"),
    )
    assert "2行已接收，2行等处理" in page.words
    assert "第4行" in page.words
    assert "第5行" in page.words
    assert bare.person_id not in page.all
    held = list(bare.records())
    assert [record.item_code for record in held] == ["CF", "CF"]
    assert {record.law_version.label for record in held} == {bare.pack.label}
    accepted = ledger.entries(act="batch.accepted", limit=1)[0]
    assert accepted.body is not None
    assert (accepted.law, accepted.body["org"], accepted.body["records"]) == (bare.pack.label, bare.bureau, "2")


@pytest.mark.req("INT-1", "ORG-1", "ZY-33", "SP-8", kind="journey")
def test_a_second_person_decides_about_a_doubtful_row(cast: Cast) -> None:
    page = cast.report(cast.penalty(1, cast.company, CF_NR="罚款五万元", CF_NR_FK="5"))
    assert "0行已接收，1行等处理" in page.words
    waiting = cast.get("/desk/review", cast.reviewer)
    number = re.search(r'name="row_id"[^>]*value="(\d+)"', waiting.source)
    assert number is not None
    assert FINE in waiting.words
    assert "罚款五万元" in waiting.words
    decision = {"row_id": number[1], "outcome": "accept", "reason": "原文书有误，已核对更正决定。"}
    assert cast.post("/desk/review", decision, cast.stranger).status == 403
    assert cast.post("/desk/review", decision, cast.collector).status == 403
    assert FINE in cast.get(f"/subjects/{cast.company_code}").words
    assert cast.post("/desk/review", decision, cast.reviewer).status == 302
    public = cast.get(f"/subjects/{cast.company_code}").words
    assert "罚款五万元" in public
    assert FINE not in public


@pytest.mark.req("QRY-1", "INV-3", "PUB-1", "ORG-1", "ZY-34", "SP-10", kind="journey")
def test_an_officer_reads_what_the_matter_needs_after_its_entry(cast: Cast) -> None:
    page = cast.ask(f"{cast.company_code} {cast.company['CF_XDR_MC']}")
    assert page.status == 200
    assert FINE in page.words
    assert "不向您显示" in page.words
    assert THIRD not in page.all
    known = by_identifier("uscc", cast.company_code)
    assert known is not None
    entry = ledger.chain(known.tag)[-1]
    assert entry.body is not None
    assert str(entry.entry_id) in page.words
    assert (entry.law, entry.body["ground"]["case"], entry.body["result"]) == (cast.pack.label, CASE, "granted")
    assert entry.body["ground"]["article"] == cast.matter.article
    assert page.headers["Cache-Control"].find("no-store") >= 0


@pytest.mark.req("QRY-1", "PUB-1", "CAT-2", "ZY-34", "SP-10", kind="journey")
def test_a_machine_gets_every_field_with_the_decision_of_this_law(cast: Cast) -> None:
    (line,) = orjson.loads(cast.ask(cast.company_code, machine=True).source)["answers"]
    (record,) = line["records"]
    item = lookup.item(cast.pack, "CF", cast.today)
    assert (line["result"], record["item"]) == ("granted", "CF")
    assert {field.code for field in item.fields if not field.platform} <= set(record["fields"]) | {"X_SXCD"}
    for code, told in record["fields"].items():
        assert told["article"] in cast.pack.articles or told["article"].partition("(")[0] in cast.pack.articles
        assert told["release"] != "withheld" or (told["value"], bool(told["reason"])) == ("", True), code
    hidden = record["fields"][odd.HIDDEN]["release"] == "withheld"
    assert hidden is (cast.pack.id == odd.ID)


@pytest.mark.req("QRY-1", "INV-3", "ZY-34", "SP-10", kind="journey")
def test_nothing_on_file_is_an_answer_with_a_receipt_and_no_judgement(cast: Cast) -> None:
    page = cast.ask(UNKNOWN_COMPANY)
    assert page.status == 200
    assert "查询期内无相关信息" in page.words
    assert "没有信息不等于评价" in page.words
    last = ledger.entries(act="disclosure.answered", limit=1)[0]
    assert last.body is not None
    assert last.body["result"] == "empty"
    assert str(last.entry_id) in page.words


@pytest.mark.req("QRY-2", "INV-3", "ZY-44", "SP-24", kind="journey")
def test_the_subject_reads_its_file_and_everybody_who_looked_or_was_refused(cast: Cast) -> None:
    cast.ask(cast.person_id)
    cast.ask(cast.person_id, matter=UNLISTED, case_number=REFUSED_CASE)
    file, looks = cast.get("/my/file", "gongmin"), cast.get("/my/looks", "gongmin")
    assert file.status == looks.status == 200
    assert cast.person_name in file.words
    assert FINE in file.words
    assert "机关查询2次（其中1次被拒绝）" in looks.words
    assert CASE in looks.words
    assert REFUSED_CASE in looks.words
    own = cast.cited(lookup.ground(cast.pack, "query.own", cast.today).article)
    assert own in looks.words
    for other in (cast.company["CF_XDR_MC"], cast.operator):
        assert other not in file.words


@pytest.mark.req("QRY-2", "INT-1", "ZY-44", "SP-24", kind="journey")
def test_a_row_about_the_subject_that_waits_is_in_its_own_file(cast: Cast) -> None:
    cast.report(cast.penalty(4, cast.person(), CF_NR="罚款四万元", CF_NR_FK="4"))
    assert "等待复核、还没有入档的" in cast.get("/my/file", "gongmin").words
    assert "罚款四万元" not in cast.ask(cast.person_id).words


@pytest.mark.req("QRY-2", "ZY-44", "SP-24", kind="journey")
def test_the_subject_takes_a_copy_with_who_looked(cast: Cast) -> None:
    cast.ask(cast.company_code)
    as_json, as_table = cast.get("/my/copy.json", "qiye"), cast.get("/my/copy.csv", "qiye")
    copied = orjson.loads(as_json.source)
    assert copied["name"] == cast.company["CF_XDR_MC"]
    assert FINE in as_json.source
    assert FINE in as_table.source
    assert CASE in as_json.source
    assert copied["article"] == lookup.ground(cast.pack, "query.copy", cast.today).article


@pytest.mark.req("QRY-4", "PUB-1", "ZY-36", "ZY-47", "SP-11", "SP-12", kind="journey")
def test_everybody_reads_what_is_public_of_an_organisation(cast: Cast) -> None:
    name, code = cast.company["CF_XDR_MC"], cast.company_code
    assert cast.browser().post("/search", {"q": code}).headers["Location"] == f"/subjects/{code}"
    assert name in cast.get("/search", query={"q": name[-8:]}).words
    page, lists = cast.get(f"/subjects/{code}"), cast.get("/publicity/CF")
    exports = [cast.get(f"/subjects/{code}/export.{form}") for form in ("csv", "json")]
    exports += [cast.get(f"/publicity/CF/export.{form}") for form in ("csv", "json")]
    for told in (page, lists, *exports):
        assert told.status == 200
        assert name in told.source
        for hidden in (*cast.secrets(), cast.operator):
            assert hidden not in told.all
    assert FINE in page.words
    assert cast.company["CF_FRDB"] in page.words
    for told in exports:
        assert cast.company["CF_FRDB"] not in told.source


@pytest.mark.req("PUB-1", "QRY-4", "ZY-35", "ZY-47", "SP-12", kind="journey")
def test_publicity_ends_by_itself_on_the_day_of_this_law(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    held = next(record for record in cast.records() if record.subject_kind == "legal_person")
    assert held.publicity_until is not None
    item = lookup.item(cast.pack, "CF", cast.today)
    values = {"CF_CFLB": "罚款", "CF_JDRQ": "2026-11-02", "CF_NR_FK": "3"}
    period = publicity_period(cast.pack, item, values, held.decided_on, kind=SubjectKind.LEGAL_PERSON, on=cast.today)
    assert held.publicity_until == period.until
    for days, public in ((2, True), (-2, False)):
        day = held.publicity_until - timedelta(days=days)
        monkeypatch.setenv("XINHENG_TODAY", day.isoformat())
        assert (FINE in cast.get(f"/subjects/{cast.company_code}").words) is public
        assert (cast.company_code in cast.get("/publicity/CF").source) is public
    assert FINE in cast.get("/my/file", "qiye").words
