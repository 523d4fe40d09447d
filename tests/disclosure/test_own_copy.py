"""The copy to take away: three forms with one content, each of them an entry; and who looked, part by part."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import orjson
import pytest

from tests.disclosure.city import AT, CASE, PERSON, PERSON_ID, City
from tests.disclosure.test_doors import as_user, text_of
from tests.records.conftest import Send
from tests.records.rows import COMPANY, row
from xinheng.disclosure import services
from xinheng.disclosure.services import Wanted, own_looks
from xinheng.ledger import selectors as ledger
from xinheng.ledger.rules import Act, SubjectRef
from xinheng.ledger.services import append_many
from xinheng.ledger.services.erasing import erase
from xinheng.subjects.selectors import by_identifier

pytestmark = pytest.mark.django_db
CODE = COMPANY["CF_XDR_SHXYM"]


def table(text: str) -> list[dict[str, str]]:
    """The rows of a CSV file by the names in its head."""
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def looked_at(city: City, times: int, *, code: str = CODE) -> SubjectRef:
    """As if an office had asked about the company so many times: every tenth question refused, an hour apart."""
    from django.db import transaction

    known = by_identifier(None, code)
    assert known is not None
    subject = SubjectRef(known.subject_id, known.tag)
    acts = [
        Act(
            act="disclosure.answered",
            at=AT + timedelta(hours=n),
            law=city.pack.label,
            actor="account:1",
            organisation="scjgj",
            channel="web",
            subject=subject,
            ground={"channel": "official", "matter": "public_resource_trading", "case": f"案{n}", "article": "DC-34"},
            result="refused" if n % 10 == 0 else "granted",
            fields={"items": {} if n % 10 == 0 else {"CF": {"records": ["1"], "full": ["CF_NR"]}}, "hidden": 0},
            extra={"officer": {"department": "注册科", "staff_number": "A1"}},
        )
        for n in range(times)
    ]
    with transaction.atomic():
        append_many(acts)
    return subject


@pytest.mark.req("QRY-2", "SP-24", "PIP-1", kind="journey")
def test_page_json_and_csv_hold_the_same_records_waiting_rows_and_looks(city: City, send: Send) -> None:
    city.ask(PERSON_ID)
    city.ask(PERSON_ID, matter="daily_inspection")
    send(row(4, PERSON, CF_NR="罚款四万元", CF_NR_FK="4"))
    copy = services.own_copy(account_id=city.accounts["gongmin"], at=AT, pack=city.pack)
    body = orjson.loads(services.own_json(copy))
    cells = table(services.own_csv(copy))
    (record,), (waits,) = body["records"], body["waiting"]
    lines = [line for line in cells if line["part"] == "record"]
    assert {line["field"]: line["value"] for line in lines} == {f["code"]: f["value"] for f in record["fields"]}
    assert {f["code"] for f in record["fields"]} == {f.code for f in city.pack.items["CF"].versions[-1].fields}
    assert {line["provider"] for line in lines} == {record["provider"]} != {""}
    assert {line["item_article"] for line in lines} == {record["item_article"]} != {""}
    assert "罚款四万元" in {f["value"] for f in waits["fields"]}
    assert "罚款四万元" in {line["value"] for line in cells if line["part"] == "waiting"}
    said = {line["field"]: line["value"] for line in cells if line["part"] == "copy"}
    assert (said["number"], said["leaf"]) == (copy.number, ledger.entry(int(copy.number)).leaf)
    rows = table(services.looks_csv(copy.looks))
    assert [one["entry"] for one in rows] == [one["entry"] for one in body["looks"]]
    assert {one["case_number"] for one in rows} == {CASE}
    assert {one["result"] for one in rows} == {"granted", "refused"}
    assert any("处罚内容" in one["shown"] + one["masked"] for one in rows)


@pytest.mark.req("QRY-2", "INV-3", "ZY-44", "SP-24", kind="journey")
def test_the_printed_copy_names_every_field_its_origin_who_looked_and_its_entry(city: City, send: Send) -> None:
    city.ask(PERSON_ID)
    send(row(4, PERSON, CF_NR="罚款四万元", CF_NR_FK="4"))
    browser = as_user("gongmin")
    page = browser.get("/my/copy")
    said = text_of(page)
    known = by_identifier("id", PERSON_ID)
    assert known is not None
    entry = ledger.chain(known.tag)[-1]
    assert entry.body is not None
    assert (entry.body["ground"]["purpose"], entry.body["fields"]["looks"]) == ("copy", 1)
    assert f"第{entry.entry_id}号" in said
    for words in ("罚款三万元", "罚款四万元", CASE, entry.leaf, "衡川市", "目录项"):
        assert words in said
    for field in city.pack.items["CF"].versions[-1].fields:
        assert field.label.zh.partition("（")[0] in said
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.req("QRY-2", "ACC-1", kind="journey")
def test_each_copy_is_one_entry_of_its_own(city: City) -> None:
    known = by_identifier("id", PERSON_ID)
    assert known is not None
    browser, before = as_user("gongmin"), ledger.chain_length(known.tag)
    for path in ("/my/copy", "/my/copy.json", "/my/copy.csv", "/my/looks.json", "/my/looks.csv"):
        assert browser.get(path).status_code == 200
    made = ledger.chain(known.tag, before_seq=None, limit=5)
    assert ledger.chain_length(known.tag) == before + 5
    assert [one.body and one.body["ground"]["purpose"] for one in made] == ["copy"] * 3 + ["looks"] * 2


@pytest.mark.req("QRY-2", "ZY-44", "SP-24", kind="journey")
def test_a_file_asked_about_two_thousand_times_is_read_page_by_page_and_nothing_is_left_out(city: City) -> None:
    looked_at(city, 2_000)
    account, seen, before, pages = city.accounts["qiye"], [], None, 0
    while True:
        read = services.who_looked(account_id=account, at=AT, pack=city.pack, before=before, limit=300)
        assert len(read.looks) <= 300
        seen += [look.case_number for look in read.looks if not look.own]
        before, pages = read.before, pages + 1
        if before is None:
            break
    assert seen == [f"案{n}" for n in reversed(range(2_000))]
    assert pages == 7
    assert read.total >= 2_000 + pages - 1


@pytest.mark.req("QRY-2", kind="journey")
def test_a_page_opens_only_what_it_shows_and_says_how_many_there_are(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject, opened = looked_at(city, 2_000), []
    plain = ledger.open_body

    def counting(leaf: bytes, sealed: bytes) -> Any:
        opened.append(leaf)
        return plain(leaf, sealed)

    monkeypatch.setattr(ledger, "open_body", counting)
    part = own_looks.read_looks(subject.tag, city.pack, wanted=Wanted(), before=None, limit=25)
    assert (len(part.entries), part.total) == (25, ledger.chain_length(subject.tag))
    assert len(opened) <= 250
    said = text_of(as_user("qiye").get("/my/looks"))
    assert said.count('class="xh-tl__when"') == 25
    assert "看更早的" in said
    assert "最近1000条台账里" in said


@pytest.mark.req("QRY-2", "SP-24", kind="journey")
def test_a_copy_holds_a_thousand_looks_and_says_where_the_next_file_begins(city: City) -> None:
    looked_at(city, 2_050)
    browser = as_user("qiye")
    body = orjson.loads(browser.get("/my/copy.json").content)
    assert len(body["looks"]) == 1_000
    more = orjson.loads(browser.get("/my/looks.json", {"before": body["looks_before"]}).content)
    rest = table(text_of(browser.get("/my/looks.csv", {"before": more["looks_before"]})))
    cases = [one["case_number"] for one in (*body["looks"], *more["looks"], *rest) if one["case_number"]]
    assert cases == [f"案{n}" for n in reversed(range(2_050))]
    assert "/my/looks.csv?before=" in text_of(browser.get("/my/copy"))


@pytest.mark.req("QRY-2", kind="journey")
def test_looks_are_narrowed_by_kind_and_by_days(city: City) -> None:
    looked_at(city, 240)
    account = city.accounts["qiye"]

    def cases(**how: Any) -> list[str]:
        wanted = Wanted(**how)
        read = services.who_looked(account_id=account, at=AT, pack=city.pack, wanted=wanted, limit=1_000)
        return [look.case_number for look in read.looks]

    assert len(cases(kind="official")) == 240
    assert cases(kind="refused") == [f"案{n}" for n in reversed(range(0, 240, 10))]
    assert cases(kind="own") == ["", ""]
    day = AT.astimezone(city.pack.tz).date() + timedelta(days=3)
    within = cases(kind="official", since=day, until=day)
    assert len(within) == 24
    assert within[-1] == next(
        f"案{n}" for n in range(240) if (AT + timedelta(hours=n)).astimezone(city.pack.tz).date() == day
    )


@pytest.mark.req("QRY-2", kind="refusal")
@pytest.mark.parametrize(
    "asked", [{"since": "gestern"}, {"kind": "all"}, {"since": "2026-03-02", "until": "2026-03-01"}]
)
def test_a_filter_that_says_nothing_is_told_and_no_reading_is_entered(city: City, asked: dict[str, str]) -> None:
    known = by_identifier(None, CODE)
    assert known is not None
    browser, before = as_user("qiye"), ledger.chain_length(known.tag)
    answer = browser.get("/my/looks", asked)
    assert answer.status_code == 422
    assert "govuk-error-summary" in text_of(answer)
    assert browser.get("/my/looks", {"before": "x"}).status_code == 422
    assert browser.get("/my/looks", {"before": "0"}).status_code == 422
    assert ledger.chain_length(known.tag) == before


@pytest.mark.req("INV-8", "QRY-2", kind="journey")
def test_an_erased_look_keeps_its_place_on_its_page(city: City) -> None:
    subject = looked_at(city, 60)
    target = next(one for one in ledger.chain(subject.tag) if one.body and one.body["ground"].get("case") == "案30")
    erase(entry_id=target.entry_id, ground="term", article="DC-35", actor="system", at=AT, law=city.pack.label)
    first = ledger.chain(subject.tag, before_seq=target.seq + 3, limit=5)
    assert [one.seq for one in first] == list(range(target.seq - 2, target.seq + 3))
    assert [one.body is None for one in first] == [False, False, True, False, False]
    read = services.who_looked(account_id=city.accounts["qiye"], at=AT, pack=city.pack, limit=100)
    (gone,) = [look for look in read.looks if look.erased]
    assert gone.entry_id == target.entry_id
    assert [one.seq for one in ledger.chain(subject.tag)] == list(range(1, ledger.chain_length(subject.tag) + 1))
