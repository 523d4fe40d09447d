"""The post of the demo city, in the forms and with the faults of offices, is judged as its truth says."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from datetime import date, timedelta
from itertools import islice
from typing import Any

import pytest

from tests.intake.test_demo_files import UNFIT
from xinheng.demo import fill as filling
from xinheng.demo.sent import SentFile, sent_files
from xinheng.intake import selectors
from xinheng.intake.reading import FileReport, check_file
from xinheng.intake.rules import RowResult, provider_in_pack
from xinheng.law import lookup
from xinheng.law.calendar import workdays
from xinheng.law.pack import Bilingual, Pack
from xinheng.lib import clock
from xinheng.lib.codes import idnumber, uscc
from xinheng.records.models import Record

FORMS = {
    *("xlsx", "xls", "csv utf-8", "csv utf-8-sig", "csv utf-8 semicolon", "csv gbk", "csv gb18030"),
    *("txt utf-16", "tsv utf-8", "jsonl utf-8"),
}
# Faults that the post of every city shows.
CLAIMED = {
    *("uscc_check_character", "uscc_letter", "uscc_length", "excel_scientific", "look_alike", "formula", "placeholder"),
    *("date_not_real", "date_ambiguous", "date_unreadable", "date_implausible", "decided_in_future", "date_serial"),
    *("required_missing", "document_missing", "enum_unknown", "too_long", "character_lost", "name_character"),
    *("decimal_unreadable", "decimal_scientific", "decimal_negative", "decimal_places", "fine_unit_suspected"),
    *("valid_until_before_from", "valid_until_before_decision", "publicity_end_before_decision"),
    *("kind_does_not_fit_code", "individual_business_code_not_92", "code_for_person", "authority_is_not_the_sender"),
    *("id_check_character", "id_truncated", "id_form", "born_after_decision", "age_unknown", "minor_adverse"),
    *("conduct_as_minor_suspected", "sealed", "sealed_suspected", "personal_in_text"),
    *("unchanged_in_file", "differs_in_file", "row_too_long", "row_too_short", "stray_quote"),
    *("filled_in", "absent_in_old_layout", "old_status_revoked", "old_status_open", "old_status_unknown", "normalised"),
}
# Divisions that no living person has: never assigned, or abolished in 2002 (622201).
NOBODYS = {"620799", "620798", "220399", "622201"}
NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")


def post(pack: Pack) -> list[SentFile]:
    """The files in the order of receipt."""
    return list(sent_files(pack))


_JUDGED: dict[tuple[str, str], tuple[list[RowResult], FileReport]] = {}


def judged(pack: Pack, sent: SentFile) -> tuple[list[RowResult], FileReport]:
    """What intake says on the day of receipt; several tests ask about the same file, which is read once."""
    key = (pack.label, sent.path.name)
    if key not in _JUDGED:
        report = FileReport()
        rows = check_file(
            sent.path.read_bytes(),
            item=lookup.item(pack, sent.item, sent.received),
            pack=pack,
            provider=provider_in_pack(pack, sent.provider),
            today=sent.received,
            report=report,
        )
        _JUDGED[key] = (list(rows), report)
    return _JUDGED[key]


def truth(sent: SentFile) -> list[list[int | str]]:
    """The truth about the rows, sheet after sheet."""
    return [row for rows in sent.truth.values() for row in rows]


def test_a_dozen_departments_send_in_every_form_of_offices(law_pack: Pack) -> None:
    files = list(sent_files(law_pack))
    assert 50 <= len(files) <= 70
    assert {one.form for one in files} == FORMS
    assert len({one.provider for one in files}) >= 12
    assert (
        {"CF", "XK"}
        <= {one.item for one in files}
        == {item.code for item in lookup.items(law_pack, files[-1].received)}
    )
    sizes = sorted(len(truth(one)) for one in files)
    assert sizes[0] >= 8
    assert sizes[-1] >= 300
    assert sum(one.path.stat().st_size for one in files) < 2_500_000
    assert {one.path.name for one in files} | {"files.jsonl"} == {path.name for path in files[0].path.parent.iterdir()}


def test_the_truth_tells_every_fault_that_offices_make(law_pack: Pack) -> None:
    told = {str(code) for one in sent_files(law_pack) for row in truth(one) for code in row[2:]}
    assert told >= CLAIMED
    verdicts = Counter(row[1] for one in sent_files(law_pack) for row in truth(one))
    assert verdicts["accept"] > 3 * (verdicts["reject"] + verdicts["review"])
    assert verdicts["reject"] > verdicts["review"] > 50


@pytest.mark.req("INT-1", "CAT-2", "INV-2", "INV-9", kind="rule")
def test_every_row_is_judged_as_its_truth_says(law_pack: Pack) -> None:
    found = 0
    for sent in post(law_pack):
        rows, report = judged(law_pack, sent)
        got = [[report.place(row.row)[1], row.verdict.value, *sorted({f.code for f in row.findings})] for row in rows]
        assert got == truth(sent), sent.path.name
        found += len(got)
    assert found > 500


@pytest.mark.req("INV-9", "INV-2", kind="refusal")
def test_what_is_sealed_or_a_minors_is_not_kept(law_pack: Pack) -> None:
    rows = [row for sent in post(law_pack) for row in judged(law_pack, sent)[0]]
    for code in ("sealed", "minor_adverse", "document_missing"):
        returned = [row for row in rows if code in {f.code for f in row.findings}]
        assert returned
        assert not any(row.keep for row in returned), code


def test_everybody_in_the_post_is_invented(law_pack: Pack) -> None:
    place, division = Bilingual.of(law_pack.demo["place"]).zh, str(law_pack.demo["division"])
    for body in _rows(law_pack, "organisations"):
        assert uscc.check_uscc(body["uscc"]).code is None, body
        assert body["uscc"][2:8] == division
    organs = {body["uscc"] for body in _rows(law_pack, "organisations")}
    for sent in post(law_pack):
        roles = lookup.item(law_pack, sent.item, sent.received).role
        for row in judged(law_pack, sent)[0]:
            code, name = row.values.get(roles("uscc") or "", ""), row.values.get(roles("name") or "", "")
            if row.verdict == "accept":
                assert not code or (code[2:8] == division and name.startswith(place)), (name, code)
                assert row.values[roles("authority_code") or ""] in organs
            for number in NUMBER.findall(" ".join(row.values.values())):
                if idnumber.check_id(number).valid and number not in organs and not uscc.check_uscc(number).valid:
                    assert number[:6] in NOBODYS, number


def test_a_decision_of_the_post_suits_the_trade_of_whom_it_concerns(law_pack: Pack) -> None:
    for sent in post(law_pack):
        for row in judged(law_pack, sent)[0]:
            said = row.values.get("CF_SY", "").split("：", 1)[-1].replace(row.values.get("CF_XDR_MC", "无"), "")
            for facts, trades in UNFIT.items():
                wrong = re.search(facts, said + row.values.get("CF_YJ", "")) and re.search(
                    trades, row.values["CF_XDR_MC"]
                )
                assert not wrong, (sent.path.name, row.row)


def test_most_decisions_arrive_within_the_seven_working_days_and_some_late(law_pack: Pack) -> None:
    waited = [
        sum(day.is_workday for day in workdays(law_pack, decided + timedelta(days=1), sent.received))
        for sent in post(law_pack)
        for row in judged(law_pack, sent)[0]
        if row.verdict == "accept" and (decided := _day(law_pack, sent, row))
    ]
    assert 0.8 < sum(days <= 7 for days in waited) / len(waited) < 0.95
    assert max(waited) > 25


def _day(pack: Pack, sent: SentFile, row: RowResult) -> date | None:
    text = row.values.get(lookup.item(pack, sent.item, sent.received).role("decided_on") or "")
    return date.fromisoformat(text) if text else None


def _rows(pack: Pack, name: str) -> Any:
    return pack.demo[name]


def _received(pack: Pack, few: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fill, and compare every batch with the truth of its file; then fill again."""
    files = list(islice(post(pack), few))
    monkeypatch.setattr(filling, "sent_files", lambda pack: files)
    at, told = clock.now(), []
    done = filling.fill(pack=pack, at=at, tell=lambda *counts: told.append(counts))
    first = len(filling.demo_files(pack))
    assert done.batches == len(files) + first
    assert told[-1] == (done.batches, done.batches, done.rows)
    batches = {one.file_sha256: one for one in selectors.batches(limit=1000)}
    for sent in files:
        expected = Counter(str(row[1]) for row in truth(sent))
        same = sum("unchanged_in_file" in row for row in truth(sent))
        batch = batches[hashlib.sha256(sent.path.read_bytes()).hexdigest()]
        told_of = (batch.accepted, batch.unchanged, batch.review, batch.rejected)
        assert told_of == (expected["accept"] - same, same, expected["review"], expected["reject"]), sent.path.name
        assert clock.day_of(batch.received_at, pack.zone) == sent.received
    assert Record.objects.count() > 20
    again = filling.fill(pack=pack, at=at + timedelta(hours=1))
    assert (again.batches, again.rows) == (0, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("INT-1", kind="journey")
def test_the_post_becomes_records_on_the_days_it_was_sent(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    _received(pack, 4, monkeypatch)


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
@pytest.mark.req("INT-1", kind="journey")
def test_the_whole_post_becomes_records(law_city: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    _received(law_city, None, monkeypatch)
