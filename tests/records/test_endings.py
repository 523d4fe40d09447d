"""Time ends a record by itself; the sweep only carries out what follows; lawful erasure leaves no content anywhere."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.records.conftest import Send
from tests.records.rows import AT, COMPANY, OTHER, PERSON, PERSON_ID, PERSON_NAME, row
from xinheng.ledger import selectors as ledger
from xinheng.ledger import verify
from xinheng.ledger.services import seal
from xinheng.lib import merkle
from xinheng.lib.errors import XinhengError
from xinheng.records import rules, selectors
from xinheng.records.models import Record, RecordContent, RecordVersion
from xinheng.records.rules import Act, RecordState, version_leaf
from xinheng.records.services import erase_content, expire, remove_sealed, spell_earlier_names
from xinheng.records.tasks import SWEEPS
from xinheng.store import crypto
from xinheng.subjects.selectors import by_identifier

pytestmark = pytest.mark.django_db(transaction=True)
YEAR = timedelta(days=366)


def states() -> list[str]:
    return list(Record.objects.order_by("row").values_list("state", flat=True))


@pytest.mark.req("INV-7", "INV-8", kind="journey")
def test_the_sweep_ends_use_destroys_content_and_changes_nothing_the_second_time(send: Send) -> None:
    send(row(1), row(2, OTHER), row(3, CF_JDRQ="2026/11/10"))
    on = datetime(2031, 11, 3, 1, 0, tzinfo=AT.tzinfo)  # retention of the first two ended on the day before
    assert (expire, remove_sealed, spell_earlier_names) == SWEEPS
    assert expire(at=on) == 4  # two expired, then erased
    assert states() == ["erased", "erased", "active"]
    assert expire(at=on) == 0
    acts = [[v.act for v in selectors.history(r.subject_id, r.id)] for r in Record.objects.order_by("row")]
    assert acts == [[Act.REGISTERED, Act.EXPIRED, Act.ERASED]] * 2 + [[Act.REGISTERED]]
    swept = ledger.entries(act="sweep.done")[0]
    assert swept.body is not None
    versions = [v.version() for v in RecordVersion.objects.filter(act="expired").order_by("id")]
    assert swept.body["records_root"] == merkle.root([version_leaf(v) for v in versions]).hex()
    assert {e.body["ground"]["ground"] for e in ledger.entries(act="content.erased") if e.body} == {"retention_ended"}
    assert clean()


@pytest.mark.req("PUB-1", kind="rule")
def test_publicity_ends_by_date_without_any_sweep(send: Send) -> None:
    send(row(1))
    (held,) = selectors.public_page(item_code="CF", day=date(2026, 11, 20))
    assert held.publicity is not None and held.publicity.until is not None
    assert selectors.public_page(item_code="CF", day=held.publicity.until) == []
    assert expire(at=datetime.combine(held.publicity.until, AT.timetz())) == 0
    assert states() == ["active"]  # the end of publicity is not the end of use


@pytest.mark.req("INV-7", kind="rule")
def test_the_last_day_of_use_is_a_day_of_use(send: Send) -> None:
    send(row(1))
    on = datetime(2031, 11, 1, 1, 0, tzinfo=AT.tzinfo)
    assert expire(at=on) == 0
    assert expire(at=on + timedelta(days=1)) == 2


def clean() -> bool:
    """Seal and verify: no damage, every check passed."""
    seal(at=AT + YEAR)
    found = list(verify.run())
    bad = [f for f in found if isinstance(f, verify.Damage) or (isinstance(f, verify.CheckResult) and not f.ok)]
    assert bad == []
    return {"records", "batches"} <= {f.check for f in found if isinstance(f, verify.CheckResult)}


SECRETS = ("柜台下面的六袋面粉", "衡市监罚〔2026〕777号", "罚款三万一千四百元")


@pytest.mark.req("INV-8", kind="journey")
@pytest.mark.parametrize("person", [False, True])
def test_erased_content_is_in_no_column_of_no_table(send: Send, person: bool) -> None:
    words = SECRETS + ((PERSON_ID, PERSON_NAME) if person else ())
    who = PERSON if person else COMPANY
    secret = row(777, who, CF_SY=SECRETS[0], CF_NR=SECRETS[2], CF_NR_FK="3.14")
    receipt = send(row(1, OTHER), secret, row(2, OTHER))
    send(row(3), secret)  # the same row once more, unchanged
    found = by_identifier(None, PERSON_ID if person else COMPANY["CF_XDR_SHXYM"])
    assert found is not None
    record = next(r for r in selectors.records_of(found.subject_id) if r.row == 3 and r.batch_id == receipt.batch_id)
    assert all(word in everything() for word in words)  # the search does find it before
    erased = erase_content(
        subject_id=record.subject_id,
        record_id=record.record_id,
        ground="依法删除",
        article="DC-35",
        actor="account:1",
        organisation="scjgj",
        channel="web",
        at=AT + timedelta(hours=1),
    )
    text = everything()
    assert [word for word in words if word in text] == []
    tomb = selectors.record(record.subject_id, record.record_id)
    assert (tomb.state, tomb.content, tomb.live) == (RecordState.ERASED, None, False)
    entry = ledger.entry(erased.entry_id)
    assert entry.act == "content.erased" and entry.body is not None
    assert entry.body["ground"] == {"ground": "依法删除", "article": "DC-35"}
    if person:
        assert by_identifier(None, PERSON_ID) is None
    assert clean()
    lines = [f for f in verify.run() if isinstance(f, verify.Erased) and f.table == "record_content"]
    assert [(line.key, line.article) for line in lines] == [(str(record.content_id), "DC-35")]


def everything() -> str:
    """Every text and every byte string of every table as text, sealed ones opened wherever a key and a place open
    them.
    """
    out: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'bytea', 'jsonb', 'json')"
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')
            for (value,) in cursor.fetchall():
                out.append(
                    bytes(value).decode("utf-8", "replace") if isinstance(value, memoryview | bytes) else str(value)
                )
    return "\n".join([*out, *opened()])


def opened() -> list[str]:
    """What those who hold the keys could still read: contents, identities, rows, findings and files of intake,
    ledger bodies.
    """
    from xinheng.intake.models import IntakeChunk, IntakeFinding, IntakeRowContent
    from xinheng.intake.rules.places import chunk_place, finding_place, row_place
    from xinheng.subjects.models import SubjectIdentity
    from xinheng.subjects.selectors import aad

    sealed: list[tuple[bytes, bytes]] = []
    sealed += [(c.personal, selectors.aad(c.subject_id, c.id)) for c in RecordContent.objects.exclude(personal=None)]
    sealed += [(i.sealed, aad(i.subject_id, i.id, i.kind)) for i in SubjectIdentity.objects.all()]
    sealed += [(c.sealed, chunk_place(c.batch_id, c.n)) for c in IntakeChunk.objects.all()]
    sealed += [(r.sealed, row_place(r.row_id)) for r in IntakeRowContent.objects.all()]
    sealed += [(f.sealed, finding_place(f.id)) for f in IntakeFinding.objects.exclude(sealed=None)]
    out = [str(entry.body) for entry in ledger.entries(limit=10_000)]
    for data, bound_to in sealed:
        try:
            out.append(crypto.unseal(bytes(data), aad=bound_to).decode("utf-8", "replace"))
        except XinhengError as error:  # a place that does not open means that this search is blind there
            raise AssertionError(bound_to) from error
    return out


# Tampering by the owner ----------------------------------------------------------------------------------------------


def damages(owner: Any, *statements: str) -> set[str]:
    """What verification says after the owner of the tables ran ``statements``."""
    for statement in statements:
        owner.execute(statement)
    found = list(verify.run())
    results = {f.check: f.ok for f in found if isinstance(f, verify.CheckResult)}
    what = {f.what for f in found if isinstance(f, verify.Damage) and f.table.startswith("record")}
    assert results["records"] is not bool(what)
    return what


@pytest.mark.owner
@pytest.mark.req("INV-8", kind="refusal")
@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE record SET severity = 'minor'", {"record_severity"}),
        ("UPDATE record SET decided_on = decided_on - 1 WHERE row = 2", {"record_decided_on"}),
        ("UPDATE record SET publicity_until = publicity_until + 1", {"record_publicity_until"}),
        ("UPDATE record SET version_n = 7", {"record_version_count"}),
        ("UPDATE record_content SET body = replace(body, '三', '五')", {"content_altered"}),
        ("UPDATE record_content SET salt = decode(repeat('00', 32), 'hex')", {"content_altered"}),
        ("UPDATE record_content SET body = 'x'", {"content_unreadable"}),
        ("UPDATE record_content SET record_id = record_id + 1", {"content_of_another_record"}),
        ("DELETE FROM record_content WHERE ctid = (SELECT min(ctid) FROM record_content)", {"content_missing"}),
        ("UPDATE record_version SET reason = 'x'", {"versions_altered"}),
        ("UPDATE record_version SET actor = 'account:2' WHERE row = 2", {"versions_altered"}),
        ("UPDATE record_version SET at = at + interval '1 second'", {"versions_altered"}),
    ],
)
def test_verification_finds_what_the_owner_changed(send: Send, owner: Any, statement: str, expected: set[str]) -> None:
    send(row(1), row(2, OTHER))
    assert clean()
    assert damages(owner, statement) == expected


@pytest.mark.owner
@pytest.mark.req("INV-8", kind="refusal")
def test_verification_finds_removed_and_invented_records(send: Send, owner: Any) -> None:
    send(row(1), row(2, OTHER))
    assert clean()
    one = Record.objects.order_by("row").first()
    assert one is not None
    gone = f"subject_id = {one.subject_id}"
    assert damages(owner, f"DELETE FROM record_content WHERE {gone}", f"DELETE FROM record_version WHERE {gone}") == {
        "record_without_history",
        "versions_altered",
    }
    assert damages(owner, f"DELETE FROM record WHERE {gone}") == {"versions_altered", "record_key_missing"}
    assert "versions_missing" in damages(
        owner, "DELETE FROM record_content", "DELETE FROM record_version", "DELETE FROM record"
    )


@pytest.mark.owner
@pytest.mark.req("INV-8", kind="refusal")
@pytest.mark.parametrize(
    "named", ["9000000000", "(SELECT min(id) FROM ledger_entry)"], ids=["no entry", "erased entry"]
)
def test_verification_finds_a_whole_record_that_no_entry_of_intake_bound(send: Send, owner: Any, named: str) -> None:
    send(row(1))
    assert clean()
    copied = "INSERT INTO {0} SELECT (jsonb_populate_record(x, {1})).* FROM {0} x LIMIT 1"
    invented = "jsonb_build_object('id', 9000000001, 'record_id', 9000000002, 'content_id', 9000000001)"
    record = "jsonb_build_object('id', 9000000002, 'content_id', 9000000001)"
    assert damages(
        owner,
        f"DELETE FROM ledger_body WHERE entry_id = {named}",
        copied.format("record", record),
        copied.format("record_version", invented),
        copied.format("record_content", invented),
        f"UPDATE record_version SET entry_id = {named} WHERE id = 9000000001",
    ) == {"versions_unbound", "record_key_missing"}


@pytest.mark.owner
@pytest.mark.req("INV-8", kind="refusal")
def test_an_erasure_that_is_not_in_the_ledger_is_damage(send: Send, owner: Any) -> None:
    send(row(1))
    (held,) = Record.objects.all()
    erase_content(
        subject_id=held.subject_id,
        record_id=held.id,
        ground="依法删除",
        article="DC-35",
        actor="account:1",
        organisation="scjgj",
        channel="web",
        at=AT,
    )
    assert clean()
    found = damages(
        owner,
        "DELETE FROM ledger_body WHERE entry_id = (SELECT max(entry_id) FROM record_version)",
    )
    assert "content_missing" in found


@pytest.mark.owner
@pytest.mark.req("INV-8", "INT-1", kind="refusal")
@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "UPDATE intake_row SET verdict = 'review', state = 'waiting' WHERE row = 2",
            {"row_content_missing", "batch_counts", "batch_records"},
        ),
        ("UPDATE intake_row SET leaf = decode(repeat('00', 32), 'hex') WHERE row = 2", {"row_altered", "batch_root"}),
        ("UPDATE intake_row SET row = row + 10", {"row_altered", "row_content_missing"}),
        ("UPDATE intake_batch SET root = repeat('0', 64)", {"batch_root"}),
        ("UPDATE intake_batch SET file_sha256 = repeat('0', 64)", {"batch_file_sha256"}),
        ("DELETE FROM intake_row_content", {"row_content_missing"}),
    ],
)
def test_verification_finds_what_the_owner_did_to_a_batch(
    send: Send, owner: Any, statement: str, expected: set[str]
) -> None:
    send(row(1), row(2, CF_WSH=""), row(3, OTHER), row(4, CF_SY=""))
    assert clean()
    owner.execute(statement)
    found = list(verify.run())
    assert {f.what for f in found if isinstance(f, verify.Damage) and f.table.startswith("intake")} == expected
    assert not next(f.ok for f in found if isinstance(f, verify.CheckResult) and f.check == "batches")


@pytest.mark.owner
@pytest.mark.req("INV-8", "INT-1", kind="refusal")
def test_verification_finds_rows_and_batches_that_were_removed(send: Send, owner: Any) -> None:
    send(row(1), row(2, CF_SY=""), row(3, OTHER))
    assert clean()
    for table in ("intake_row_content", "intake_finding", "intake_row_key", "intake_chunk", "intake_sheet"):
        owner.execute(f"DELETE FROM {table}")
    owner.execute("DELETE FROM intake_row WHERE row = 4")
    what = {f.what for f in verify.run() if isinstance(f, verify.Damage)}
    assert {"batch_rows", "batch_root", "row_content_missing"} <= what
    owner.execute("DELETE FROM intake_row")
    owner.execute("DELETE FROM intake_batch")
    assert "batch_missing" in {f.what for f in verify.run() if isinstance(f, verify.Damage)}


def test_two_providers_clerks_who_send_the_same_file_at_once_register_it_once(send: Send) -> None:
    rows = [row(n, OTHER if n % 2 else COMPANY) for n in range(30)]
    start, receipts, errors = threading.Barrier(4), [], []

    def work(turn: int) -> None:
        try:
            start.wait()
            receipts.append(send(*rows[turn * 7 :], *rows[: turn * 7]))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sum(receipt.records for receipt in receipts) == Record.objects.count() == len(rows)
    assert all(r.received.unchanged + r.records == len(rows) for r in receipts)
    assert clean()


def test_the_wiring_names_its_consequences_and_checks() -> None:
    from xinheng.accounts.checks import check_factors, check_powers
    from xinheng.casework.checks import check_clocks
    from xinheng.catalog.checks import check_norms
    from xinheng.catalog.selectors import supplemented
    from xinheng.disclosure.checks import check_query_lines, check_questions
    from xinheng.norms.checks import check_procedures
    from xinheng.records.checks import check_batches, check_records, check_spellings, check_subjects
    from xinheng.ui import city

    assert rules.CONSEQUENCES == ()  # nothing rests on a record yet; later rooms are listed here in their order
    checks = [check_records, check_batches, check_subjects, check_spellings, check_norms, check_procedures]
    rights = [check_powers, check_factors]
    assert [*checks, *rights, check_clocks, check_query_lines, check_questions] == verify.CHECKS
    assert city._supplements == [supplemented]
