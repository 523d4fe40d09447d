"""The own file, who looked, and copies to take away."""

from __future__ import annotations

import csv
import io

import pytest

from tests.disclosure.city import AT, CASE, PERSON, PERSON_ID, PERSON_NAME, City
from tests.records.conftest import Send
from tests.records.rows import COMPANY, row
from xinheng.disclosure import services
from xinheng.ledger import selectors as ledger
from xinheng.lib.errors import NotFound, RefusedByLaw
from xinheng.lib.sheetsafe import looks_like_formula
from xinheng.subjects.selectors import by_identifier
from xinheng.subjects.services import freeze

pytestmark = pytest.mark.django_db


@pytest.mark.req("QRY-2", "ZY-44", "SP-24", kind="journey")
def test_the_own_file_shows_everything_with_its_origin(city: City) -> None:
    file = services.own_file(account_id=city.accounts["gongmin"], at=AT, pack=city.pack)
    assert file.name == PERSON_NAME
    assert file.identifier == "*" * 16 + PERSON_ID[-2:]
    (record,) = file.records
    assert record.provider_zh
    assert record.law.startswith("demo-city@")
    assert record.value("content") == "罚款三万元"
    assert record.not_public == "person_not_public"
    assert record.not_public_article
    assert ledger.entry(int(file.entry)).leaf == file.leaf


@pytest.mark.req("QRY-2", "INT-1", kind="journey")
def test_rows_that_wait_in_intake_stand_in_the_own_file(city: City, send: Send) -> None:
    send(row(4, PERSON, CF_NR="罚款四万元", CF_NR_FK="4"))  # differs from what is on file: waits for a second person
    file = services.own_file(account_id=city.accounts["gongmin"], at=AT, pack=city.pack)
    (waiting,) = file.waiting
    assert waiting.item == "CF"
    assert "罚款四万元" in {shown.value for shown in waiting.visible}


@pytest.mark.req("QRY-2", "ZY-44", "SP-24", kind="journey")
def test_the_subject_reads_who_looked_for_what_and_which_fields_refused_looks_too(city: City) -> None:
    city.ask(PERSON_ID)
    city.ask(PERSON_ID, matter="daily_inspection")
    read = services.who_looked(account_id=city.accounts["gongmin"], at=AT, pack=city.pack)
    refused, granted = read.looks
    assert granted.organisation.zh
    assert granted.staff_number
    assert granted.department
    assert granted.case_number == CASE
    assert granted.article
    assert granted.officer == ""
    (seen,) = granted.seen
    assert seen.records == 1
    assert any(label.zh == "处罚内容" for label in (*seen.shown, *seen.masked))
    assert refused.result == "refused"
    assert refused.matter.zh == "daily_inspection"
    assert refused.seen == ()
    assert (read.official, read.refused, read.mine) == (2, 1, 0)


@pytest.mark.req("QRY-2", kind="refusal")
def test_an_account_without_a_file_finds_none(city: City) -> None:
    with pytest.raises(NotFound, match="no_own_file"):
        services.own_file(account_id=city.accounts["zjj.querier"], at=AT, pack=city.pack)


@pytest.mark.req("SUB-1", kind="refusal")
def test_a_frozen_file_is_closed_to_its_own_account(city: City) -> None:
    known = by_identifier("id", PERSON_ID)
    assert known is not None
    freeze(subject_id=known.subject_id, ground="death", article="ZY-3", actor="account:1", at=AT)
    with pytest.raises(RefusedByLaw) as refused:
        services.own_file(account_id=city.accounts["gongmin"], at=AT, pack=city.pack)
    assert refused.value.article


@pytest.mark.req("QRY-2", "INT-1", kind="refusal")
@pytest.mark.parametrize("start", ["=", "\u200b=", "＝", "@", "-", "\t+"])
def test_no_cell_of_the_own_copy_is_a_formula(city: City, send: Send, start: str) -> None:
    send(row(77, COMPANY, CF_SY=f"{start}HYPERLINK(1)"))
    copy = services.own_copy(account_id=city.accounts["qiye"], at=AT, pack=city.pack)
    rows = list(csv.reader(io.StringIO(services.own_csv(copy).removeprefix("\ufeff"))))
    cells = [cell for line in rows for cell in line]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not any(looks_like_formula(cell) for cell in cells if not cell.startswith("'"))
    assert all(cell.startswith("'") for cell in cells if "HYPERLINK" in cell)


@pytest.mark.req("INV-3", "SUB-1", kind="refusal")
@pytest.mark.parametrize("act", ["own_file", "own_copy", "who_looked"])
def test_a_refused_look_at_the_own_file_is_entered(city: City, act: str) -> None:
    found = by_identifier("id", PERSON_ID)
    assert found is not None
    freeze(subject_id=found.subject_id, ground="death", article="DC-3", actor="account:1", at=AT)
    before = len(ledger.chain(found.tag))
    with pytest.raises(RefusedByLaw) as refused:
        getattr(services, act)(account_id=city.accounts["gongmin"], at=AT, pack=city.pack)
    entry = ledger.chain(found.tag)[before:]
    assert len(entry) == 1
    body = entry[0].body
    assert body is not None
    assert (body["result"], body["ground"]["reason"]) == ("refused", "subject_frozen")
    assert body["ground"]["article"] == refused.value.article
