"""A batch becomes records in one transaction: good rows stand, repeated ones write nothing, different ones wait."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import orjson
import pytest
from django.db import connection

from tests.records.conftest import Send
from tests.records.rows import AT, COMPANY, OTHER, PERSON, PERSON_ID, PERSON_NAME, SHOP, row
from xinheng.intake.models import IntakeBatch, IntakeRow
from xinheng.intake.rules import FileRefused, RowState
from xinheng.law.enums import SubjectKind
from xinheng.ledger import selectors as ledger
from xinheng.lib import merkle
from xinheng.records import selectors
from xinheng.records.models import Record, RecordContent, RecordKey, RecordVersion
from xinheng.records.rules import RecordState, content_commit, fold, version_leaf
from xinheng.subjects.models import Subject
from xinheng.subjects.selectors import by_identifier

pytestmark = pytest.mark.django_db


def of(identifier: str) -> list[selectors.HeldRecord]:
    """The records of the subject with this identifier."""
    found = by_identifier(None, identifier)
    assert found is not None
    return selectors.records_of(found.subject_id)


def states(receipt: Any) -> list[str]:
    """State of each row of the batch in the database, in file order."""
    return list(IntakeRow.objects.filter(batch_id=receipt.batch_id).order_by("row").values_list("state", flat=True))


@pytest.mark.req("INT-1", "SUB-1", kind="journey")
def test_a_row_becomes_a_record_with_origin_dates_and_content(send: Send) -> None:
    receipt = send(row(1), row(2, OTHER))
    (held,) = of(COMPANY["CF_XDR_SHXYM"])
    assert held.state is RecordState.ACTIVE and held.live
    assert (held.item_code, held.item_from, held.row, held.batch_id) == ("CF", date(2018, 7, 1), 2, receipt.batch_id)
    assert held.decided_on == date(2026, 11, 2)
    assert held.publicity is not None and held.publicity.from_ == date(2026, 11, 2)
    assert held.use is not None and held.use.until == held.retention_until == date(2031, 11, 2)
    assert held.severity_suggested and held.law.startswith("demo-city@")
    assert held.content is not None
    assert held.content["CF_NR_FK"] == "3"
    assert held.content["CF_WSH"] == "衡市监罚〔2026〕1号"
    assert held.content["BZ"] == ""  # every field of the item version, missing = empty
    assert states(receipt) == [RowState.REGISTERED, RowState.REGISTERED]


@pytest.mark.req("INV-8", "INT-1", kind="journey")
def test_one_ledger_entry_binds_the_file_and_the_records(send: Send) -> None:
    receipt = send(row(1), row(2, OTHER), row(3))
    entry = ledger.entry(receipt.entry_id)
    assert (entry.act, entry.leaf) == ("batch.accepted", receipt.leaf)
    assert entry.body is not None
    batch = IntakeBatch.objects.get(id=receipt.batch_id)
    assert batch.entry_id == receipt.entry_id
    assert (entry.body["batch"], entry.body["root"]) == (str(batch.id), batch.root)
    assert (entry.body["rows"], entry.body["records"]) == ("3", "3")
    versions = [v.version() for v in RecordVersion.objects.order_by("id")]
    assert entry.body["records_root"] == merkle.root([version_leaf(v) for v in versions]).hex()
    assert [v.after.record_id for v in versions] == sorted(v.after.record_id for v in versions)
    assert {v.entry_id for v in RecordVersion.objects.all()} == {receipt.entry_id}
    assert receipt.promise


@pytest.mark.req("INT-1", kind="rule")
def test_rows_are_written_in_the_order_of_their_subjects(send: Send) -> None:
    send(row(1, OTHER), row(2), row(3, OTHER), row(4))
    written = list(Record.objects.order_by("id").values_list("subject_id", "row"))
    assert written == sorted(written)


@pytest.mark.req("INT-1", "INV-2", kind="refusal")
def test_good_rows_are_not_held_up_by_bad_ones(send: Send) -> None:
    receipt = send(row(1), row(2, CF_JDRQ="2026/13/40"), row(3, OTHER), row(4, CF_WSH=""))
    assert receipt.records == 2
    assert states(receipt) == [RowState.REGISTERED, RowState.RETURNED, RowState.REGISTERED, RowState.RETURNED]
    assert Record.objects.count() == 2


@pytest.mark.req("INT-1", kind="rule")
def test_what_is_on_file_word_for_word_writes_nothing(send: Send) -> None:
    send(row(1))
    counts = [model.objects.count() for model in (Record, RecordVersion, RecordContent, RecordKey, Subject)]
    again = send(row(1))
    assert again.records == 0
    assert states(again) == [RowState.UNCHANGED]
    assert counts == [model.objects.count() for model in (Record, RecordVersion, RecordContent, RecordKey, Subject)]


@pytest.mark.req("INT-1", kind="rule")
def test_what_differs_from_the_record_waits_for_a_person(send: Send) -> None:
    send(row(1))
    receipt = send(row(1, CF_NR_FK="2", CF_NR="罚款二万元"), row(2))
    assert states(receipt) == [RowState.WAITING, RowState.REGISTERED]
    assert [r.content["CF_NR_FK"] for r in of(COMPANY["CF_XDR_SHXYM"]) if r.content] == ["3", "3"]


@pytest.mark.req("INT-1", kind="rule")
def test_a_file_that_says_the_same_twice_registers_it_once(send: Send) -> None:
    receipt = send(row(1), row(1), row(1, CF_NR="罚款"))
    assert receipt.records == 1
    assert states(receipt)[0] == RowState.REGISTERED
    assert states(receipt)[2] == RowState.WAITING
    assert Record.objects.count() == 1


@pytest.mark.req("INV-4", kind="rule")
def test_a_persons_record_is_never_public_and_lies_sealed(send: Send) -> None:
    send(row(1, PERSON, CF_SY="唐未央（620799196512120843）在店内吸烟"))
    (held,) = of(PERSON_ID)
    assert held.subject_kind is SubjectKind.NATURAL_PERSON
    assert held.publicity is None
    assert held.content is not None and held.content["CF_XDR_ZJHM"] == PERSON_ID
    content = RecordContent.objects.get(subject_id=held.subject_id)
    assert PERSON_ID not in content.body and PERSON_NAME not in content.body
    assert orjson.loads(content.body)["CF_XDR_ZJHM"] == ""
    assert selectors.public_page(item_code="CF", day=date(2026, 11, 20)) == []


@pytest.mark.req("INV-4", kind="refusal")
def test_the_number_of_a_representative_lies_sealed_too(send: Send) -> None:
    send(
        row(1, {**COMPANY, "CF_FR_ZJLX": "身份证", "CF_FR_ZJHM": "622201200510101380"}),
        row(2, SHOP, CF_NR="罚款三万元，经营者电话13800000000"),
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(body, '') FROM record_content")
        (bodies,) = cursor.fetchone()
    assert "622201200510101380" not in bodies
    assert "13800000000" not in bodies
    assert "沈砚舟" in bodies  # the representative of a company is public
    shop = Subject.objects.get(kind="individual_business")
    (held,) = selectors.records_of(shop.id)
    assert held.content is not None and "13800000000" in held.content["CF_NR"]
    assert '"CF_FRDB":""' in RecordContent.objects.get(subject_id=shop.id).body


def test_the_content_commitment_can_be_recomputed(send: Send) -> None:
    send(row(1, PERSON), row(2))
    for content in RecordContent.objects.all():
        version = RecordVersion.objects.get(subject_id=content.subject_id, id=content.id)
        opened = selectors.open_content(content.subject_id, content.id, content.body, content.personal)
        assert content_commit(bytes(content.salt), opened) == bytes(version.content_commit)
        present = Record.objects.get(subject_id=content.subject_id, id=content.record_id).snapshot(content.record_id)
        assert fold(selectors.history(content.subject_id, content.record_id)) == present


def test_the_records_of_a_subject_take_one_statement(send: Send, django_assert_num_queries: Any) -> None:
    send(row(1), row(2), row(3, OTHER), row(4, PERSON))
    subject = by_identifier("uscc", COMPANY["CF_XDR_SHXYM"])
    assert subject is not None
    with django_assert_num_queries(1):
        records = selectors.records_of(subject.subject_id)
    assert len(records) == 2
    with django_assert_num_queries(1):
        assert selectors.records_of(subject.subject_id, items=["XK"]) == []
    with django_assert_num_queries(1):
        bare = selectors.facts_of(Record.objects.filter(subject_id=subject.subject_id).order_by("-decided_on", "-id"))
    assert [r.content for r in bare] == [None, None]
    assert selectors.records_of(subject.subject_id, with_content=False) == bare
    with django_assert_num_queries(1):
        assert selectors.content_of(bare) == {r.record_id: r.content for r in records}
    assert selectors.record(subject.subject_id, records[0].record_id) == records[0]
    assert selectors.data_version(records) == selectors.data_version(reversed(bare))
    assert selectors.data_version(records[:1]) != selectors.data_version(records)


@pytest.mark.req("PUB-1", "INV-4", kind="journey")
def test_public_lists_hold_organisations_on_the_days_of_publicity_only(send: Send) -> None:
    send(row(1), row(2, OTHER, CF_JDRQ="2026/11/05"), row(3, PERSON), row(4, SHOP, CF_JDRQ="2026/11/05"))
    day = date(2026, 11, 20)
    page = selectors.public_page(item_code="CF", day=day)
    assert [r.decided_on.day for r in page] == [5, 5, 2]
    assert all(r.content is not None and r.publicity is not None and r.publicity.holds(day) for r in page)
    first = selectors.public_page(item_code="CF", day=day, limit=2)
    last = first[-1]
    assert last.publicity is not None
    rest = selectors.public_page(item_code="CF", day=day, before=(last.publicity.from_, last.record_id))
    assert [*first, *rest] == page
    assert selectors.public_counts(day) == {"CF": 3}
    until = page[0].publicity
    assert until is not None and until.until is not None
    assert page[0].record_id in {
        r.record_id for r in selectors.public_page(item_code="CF", day=until.until - timedelta(1))
    }
    assert page[0].record_id not in {r.record_id for r in selectors.public_page(item_code="CF", day=until.until)}
    assert selectors.public_page(item_code="CF", day=date(2026, 11, 1)) == []


def test_a_thousand_rows_take_few_statements(send: Send, django_assert_max_num_queries: Any) -> None:
    rows = [row(n) for n in range(1000)]
    with django_assert_max_num_queries(120):
        assert send(*rows).records == 1000
    with django_assert_max_num_queries(120):
        assert send(*rows, at=AT + timedelta(days=1)).records == 0


@pytest.mark.req("INV-4", "INT-1", kind="refusal")
def test_another_operator_of_an_individual_business_waits_for_a_person(send: Send) -> None:
    first = send(row(1, SHOP), row(2, SHOP, CF_FRDB="李春生"), row(3, SHOP, CF_FRDB="吴 大勇"))
    assert first.records == 2
    assert "operator_differs" in {finding.code for finding in first.rows[1].findings}
    second = send(row(4, SHOP, CF_FRDB="李春生"), row(5, SHOP), row(6, COMPANY, CF_FRDB="李春生"))
    assert second.records == 2
    assert "operator_differs" in {finding.code for finding in second.rows[0].findings}


@pytest.mark.req("INT-1", kind="refusal")
@pytest.mark.parametrize(("ends", "code"), [("1", "file_infected"), ("7", "file_not_scanned")])
def test_a_file_that_the_scanner_does_not_let_pass_leaves_nothing(
    send: Send, settings: Any, ends: str, code: str
) -> None:
    settings.XINHENG_SCAN_COMMAND = f"sh -c 'cat > /dev/null; exit {ends}'"
    with pytest.raises(FileRefused) as refused:
        send(row(1))
    assert refused.value.code == code
    assert not IntakeBatch.objects.exists()
    settings.XINHENG_SCAN_COMMAND = "sh -c 'cat > /dev/null'"
    assert send(row(1)).records == 1
