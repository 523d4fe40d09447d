"""The lines of the log of queries: read out of the log, compared with it, rebuilt from it, and gone on their day."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.disclosure.city import CASE, MATTER, PERSON_ID, UNKNOWN_COMPANY, UNKNOWN_PERSON, City
from tests.records.rows import AT, COMPANY, OTHER
from xinheng.disclosure import services
from xinheng.disclosure.checks import check_query_lines
from xinheng.disclosure.models import QueryLine, QueryMark
from xinheng.disclosure.rules import case_words
from xinheng.disclosure.rules.unusual import Flag
from xinheng.disclosure.services.folding import case_place, flags_of
from xinheng.disclosure.tasks import erase_query_log, read_query_log
from xinheng.ledger import selectors as ledger
from xinheng.ledger import verify
from xinheng.ledger.services import seal
from xinheng.store.crypto import blind_now, unseal

pytestmark = pytest.mark.django_db
CODE = COMPANY["CF_XDR_SHXYM"]


def read() -> None:
    """Seal what waits and read it."""
    seal(at=AT)
    read_query_log(at=AT)


def line(entry: str | int) -> QueryLine:
    return QueryLine.objects.get(entry_id=int(entry))


def findings() -> list[dict[str, Any]]:
    with verify.snapshot() as verification:
        return [finding.line() for finding in check_query_lines(verification)]


def rows() -> list[tuple[Any, ...]]:
    """All lines without the cipher of the case, which is another one each time."""
    names = [field.attname for field in QueryLine._meta.concrete_fields if field.attname != "case_sealed"]
    return [
        tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
        for row in QueryLine.objects.order_by("leaf").values_list(*names)
    ]


@pytest.mark.req("QRY-5", "SP-15", kind="rule")
def test_a_line_says_what_the_entry_says_and_no_identifier(city: City) -> None:
    company, person, nobody = city.ask(CODE, PERSON_ID, UNKNOWN_PERSON)
    assert QueryLine.objects.count() == 0  # nothing of it on the way of a query
    read()
    said = line(company.entry)
    assert (said.ground, said.channel, said.matter, said.result) == ("official", "web", MATTER, "granted")
    assert (said.items, said.records, said.person) == (1, 1, False)
    assert said.withheld > 0
    assert said.account_id == city.accounts["ggzy.querier"]
    assert said.case_digest == blind_now("case", case_words(CASE))
    assert unseal(bytes(said.case_sealed or b""), aad=case_place(said.entry_id)).decode() == CASE
    assert (line(person.entry).person, line(person.entry).subject_tag is not None) == (True, True)
    assert (line(nobody.entry).person, line(nobody.entry).subject_tag) == (True, None)
    assert line(nobody.entry).asked.startswith("v1:")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(query_line::text, ' ') FROM query_line")
        (text,) = cursor.fetchone() or ("",)
    for hidden in (CODE, PERSON_ID, UNKNOWN_PERSON, CASE):
        assert hidden not in text
        assert hidden.encode().hex() not in text


@pytest.mark.req("QRY-5", kind="rule")
def test_what_was_typed_and_is_no_matter_of_the_law_stays_in_the_body(city: City) -> None:
    (refused,) = city.ask(CODE, matter="唐未央的事")
    read()
    assert (line(refused.entry).matter, line(refused.entry).reason) == ("", "matter_not_listed")


@pytest.mark.req("QRY-5", kind="rule")
def test_reading_again_changes_nothing_and_small_steps_give_the_same_lines(city: City) -> None:
    for number in range(4):
        city.ask(CODE, PERSON_ID, UNKNOWN_PERSON, case_number=f"{CASE}之{number}")
    read()
    first = rows()
    assert read_query_log(at=AT) == 0
    assert rows() == first
    for step in (1, 3, 1000):
        assert services.rebuild(pack=city.pack, at=AT, step=step) == len(first)
        assert rows() == first
    QueryMark.objects.update(leaf=-1)  # as if the mark had been lost: lines that are there stay as they are
    assert services.fold(pack=city.pack, at=AT) > 0
    assert rows() == first


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("QRY-5", kind="rule")
def test_readers_at_the_same_moment_write_each_line_once(city: City) -> None:
    for _ in range(6):
        city.ask(CODE, OTHER["CF_XDR_SHXYM"])
    seal(at=AT)
    errors: list[BaseException] = []

    def sweep() -> None:
        try:
            while services.fold(pack=city.pack, at=AT, step=2):
                pass
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    read_query_log(at=AT)
    assert errors == []
    assert QueryLine.objects.filter(ground="official").count() == 12
    assert services.behind() == 0


@pytest.mark.req("QRY-5", "INV-8", kind="rule")
def test_verification_compares_each_line_with_the_log(city: City) -> None:
    company, other, third = city.ask(CODE, OTHER["CF_XDR_SHXYM"], UNKNOWN_COMPANY)
    read()
    assert findings() == [{"check": "query_lines", "ok": True, "count": 3}]
    QueryLine.objects.filter(entry_id=company.entry).update(result="empty", case_digest="v1:" + "0" * 64)
    QueryLine.objects.filter(entry_id=other.entry).delete()
    QueryLine.objects.filter(entry_id=third.entry).update(entry_id=4_000_000)
    found = [one["damage"]["what"] for one in findings()[:-1]]
    assert sorted(found) == [
        "query_line_differs", "query_line_missing", "query_line_missing", "query_line_without_entry",
    ]  # fmt: skip
    assert findings()[-1]["ok"] is False
    services.rebuild(pack=city.pack, at=AT)
    assert findings()[-1]["ok"] is True


@pytest.mark.req("QRY-5", kind="rule")
def test_flags_come_with_the_lines(city: City) -> None:
    (usual,) = city.ask(CODE)
    (told,) = city.ask(CODE, channel_name="cli")
    (other,) = city.ask(CODE, matter="market_access")
    read()
    assert (line(usual.entry).flags, line(usual.entry).stage) == ("", 0)
    assert (flags_of(line(told.entry).flags), line(told.entry).stage) == (frozenset({Flag.COMMAND_LINE}), 2)
    assert flags_of(line(other.entry).flags) == frozenset({Flag.CASE_MATTERS})


@pytest.mark.req("QRY-5", kind="rule")
def test_an_officer_who_asks_about_his_own_subject_is_flagged(city: City) -> None:
    from xinheng.subjects.models import AccountSubject
    from xinheng.subjects.selectors import by_identifier

    known = by_identifier("id", PERSON_ID)
    assert known is not None
    AccountSubject.objects.create(account_id=city.accounts["ggzy.querier"], subject_id=known.subject_id)
    own, company = city.ask(PERSON_ID, CODE)
    read()
    assert Flag.OWN_SUBJECT in flags_of(line(own.entry).flags)
    assert line(company.entry).flags == ""


# The term ------------------------------------------------------------------------------------------------------------


@pytest.mark.req("QRY-5", "INV-8", kind="rule")
def test_content_is_erased_on_the_day_after_its_term_and_the_proof_stays(city: City) -> None:
    """The demo city keeps it three years: what was asked on 20 November 2026 ends with 19 November 2029."""
    company, nobody = city.ask(CODE, UNKNOWN_PERSON)
    read()
    before = ledger.prove(int(company.entry))
    assert erase_query_log(at=datetime(2029, 11, 19, 15, 59, tzinfo=UTC)) == 0  # 23:59 of the last day there
    assert erase_query_log(at=datetime(2029, 11, 19, 16, 0, tzinfo=UTC)) == 2
    assert erase_query_log(at=datetime(2029, 11, 20, 16, 0, tzinfo=UTC)) == 0
    assert QueryLine.objects.count() == 0
    for answer in (company, nobody):
        assert ledger.entry(int(answer.entry)).body is None
    seal(at=AT)
    after = ledger.prove(int(company.entry))
    assert (after["leaf"], after["index"]) == (before["leaf"], before["index"])
    assert [one for one in verify.run() if isinstance(one, verify.Damage)] == []
    erased = [one for one in verify.run() if isinstance(one, verify.Erased)]
    assert {one.key for one in erased} >= {company.entry, nobody.entry}
    assert services.rebuild(pack=city.pack, at=AT) == 0
    assert findings()[-1]["ok"] is True


@pytest.mark.req("QRY-5", kind="rule")
def test_what_is_younger_than_the_term_stays(city: City) -> None:
    city.ask(CODE)
    read()
    for days in (1, 365, 2 * 365, 3 * 365 - 1):
        assert erase_query_log(at=AT + timedelta(days=days)) == 0
    assert QueryLine.objects.count() == 1
