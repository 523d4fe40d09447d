"""Clocks start at first receipt, end once, and move only with the calendar, with a trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from tests.casework.conftest import CHINA, NOTICE, RECEIVED, City, announce
from xinheng.casework import selectors, services
from xinheng.casework.models import Clock, ClockOpened, ClockTrace
from xinheng.casework.rules import Step, is_late
from xinheng.law.errors import NoValueInForce
from xinheng.ledger import selectors as ledger
from xinheng.ledger import verify
from xinheng.ledger.verify import CheckResult
from xinheng.lib.errors import Conflict, NotFound
from xinheng.start import publish_law

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
Packs = Callable[[str], Path]


def sound() -> bool:
    return all(one.ok for one in verify.run() if isinstance(one, CheckResult) and one.check == "clocks")


@pytest.mark.req("OBJ-1", "ZY-46", "SP-25", kind="rule")
@pytest.mark.django_db
def test_a_clock_runs_from_first_receipt_to_the_last_day_of_the_law(city: City) -> None:
    clock = city.open()
    assert clock.received_at == RECEIVED and clock.received_on == date(2026, 12, 28)
    assert clock.starts_on == date(2026, 12, 29)
    assert clock.provisional and clock.due_on.year == 2027
    assert (clock.law, clock.stopped_at, clock.late, clock.trace) == (city.pack.label, None, None, ())
    assert selectors.clocks(case_kind="objection", case_id=1) == (clock,)
    assert sound()


@pytest.mark.req("OBJ-1", "ZY-46", "SP-25", kind="rule")
@pytest.mark.django_db
def test_a_second_receipt_at_another_door_does_not_restart_the_clock(zhangye: City) -> None:
    first = zhangye.open()
    assert zhangye.open(at=RECEIVED + timedelta(days=3)) == first
    assert zhangye.open() == first
    assert (Clock.objects.count(), ClockOpened.objects.count()) == (1, 1)
    assert len(ledger.entries(act="clock.opened")) == 1


@pytest.mark.req("OBJ-1", kind="refusal")
@pytest.mark.django_db
def test_an_earlier_receipt_than_the_one_the_clock_runs_from_is_not_passed_over(zhangye: City) -> None:
    zhangye.open()
    with pytest.raises(Conflict) as refused:
        zhangye.open(at=RECEIVED - timedelta(days=1))
    assert refused.value.code == "clock_received_earlier"


@pytest.mark.req("OBJ-1", "SP-25", kind="refusal")
@pytest.mark.django_db
def test_a_deadline_that_the_law_lacks_on_the_day_starts_no_clock(city: City) -> None:
    with pytest.raises(NoValueInForce):
        city.open(deadline="objection.never")
    with pytest.raises(NoValueInForce):
        city.open(at=datetime(2010, 3, 1, 9, 0, tzinfo=CHINA))
    assert not Clock.objects.exists()


@pytest.mark.req("OBJ-1", "ACC-1", "ZY-46", kind="rule")
@pytest.mark.parametrize(
    ("minute", "late"), [("2027-01-06T23:59:59+08:00", False), ("2027-01-07T00:00:00+08:00", True)]
)
@pytest.mark.django_db
def test_a_clock_stops_in_time_until_midnight_and_late_after_it(zhangye: City, minute: str, late: bool) -> None:
    assert zhangye.open().due_on == date(2027, 1, 6)
    at = datetime.fromisoformat(minute)
    stopped = services.stop_clock(case_kind="objection", case_id=1, deadline="objection.decide", at=at)
    assert (stopped.stopped_at, stopped.late) == (at, late)
    assert [(line.step, line.late) for line in stopped.trace] == [(Step.STOPPED, late)]
    again = services.stop_clock(
        case_kind="objection", case_id=1, deadline="objection.decide", at=at + timedelta(days=9)
    )
    assert again == stopped and sound()


@pytest.mark.django_db
def test_a_clock_that_never_ran_cannot_be_stopped() -> None:
    with pytest.raises(NotFound) as refused:
        services.stop_clock(case_kind="objection", case_id=1, deadline="objection.decide", at=AT)
    assert refused.value.code == "clock_unknown"


@pytest.mark.req("ACC-1", "OBJ-1", kind="rule")
@pytest.mark.django_db
def test_open_clocks_are_listed_by_their_last_day(zhangye: City) -> None:
    late, soon, done = zhangye.open(1), zhangye.open(2, at=RECEIVED - timedelta(days=14)), zhangye.open(3)
    services.stop_clock(case_kind="objection", case_id=3, deadline="objection.decide", at=RECEIVED)
    assert [one.id for one in selectors.open_clocks(due_by=None)] == [soon.id, late.id]
    assert [one.id for one in selectors.open_clocks(due_by=soon.due_on)] == [soon.id]
    assert selectors.open_clocks(due_by=soon.due_on - timedelta(days=1)) == ()
    assert done.id not in {one.id for one in selectors.open_clocks(due_by=None)}


@pytest.mark.req("OBJ-1", "REP-1", "ZY-46", "SP-25", "ACC-1", kind="journey")
@pytest.mark.django_db
def test_a_notice_makes_provisional_days_final_with_a_trace(city: City, packs: Packs) -> None:
    before = city.open()
    early = city.open(2, at=datetime(2026, 11, 20, 9, 0, tzinfo=CHINA))
    stopped = city.open(3)
    services.stop_clock(case_kind="objection", case_id=3, deadline="objection.decide", at=RECEIVED)
    old = city.pack.label
    known = packs("known")
    announce(known)
    city.use(known)
    (after,) = selectors.clocks(case_kind="objection", case_id=1)
    assert city.pack.label != old and after.law == city.pack.label
    assert not after.provisional and after.due_on == before.due_on + timedelta(days=1)  # New Year's Day is off
    assert (after.received_at, after.opened_at) == (before.received_at, before.opened_at)
    (line,) = after.trace
    assert (line.step, line.before, line.after) == (Step.RECOMPUTED, before.reckoning, after.reckoning)
    assert (line.law_before, line.law_after, line.late) == (old, city.pack.label, None)
    assert selectors.clocks(case_kind="objection", case_id=2) == (early,)
    assert selectors.clocks(case_kind="objection", case_id=3)[0].due_on == stopped.due_on
    (entry,) = ledger.entries(act="clocks.recomputed")
    assert entry.body is not None and entry.body["fields"]["count"] == "1"
    assert sound()


@pytest.mark.req("OBJ-1", "ACC-1", kind="rule")
@pytest.mark.django_db
def test_computing_again_changes_nothing_and_writes_nothing(zhangye: City, packs: Packs) -> None:
    zhangye.open()
    known = packs("known")
    announce(known)
    zhangye.use(known)
    before = selectors.clocks(case_kind="objection", case_id=1)
    publish_law()
    assert services.recompute_clocks(pack=zhangye.pack, law_version=zhangye.law_version, at=AT) == 0
    assert selectors.clocks(case_kind="objection", case_id=1) == before
    assert (ClockTrace.objects.count(), len(ledger.entries(act="clocks.recomputed"))) == (1, 1)


@pytest.mark.req("OBJ-1", "ACC-1", kind="rule")
@pytest.mark.django_db
def test_a_corrected_notice_and_a_return_to_the_edition_before_are_traced_too(zhangye: City, packs: Packs) -> None:
    first, zero = zhangye.folder, zhangye.open()
    known, corrected = packs("known"), packs("corrected")
    announce(known)
    announce(corrected)
    announce(
        corrected,
        NOTICE.replace(
            "一、元旦：1月1日（周五）至3日（周日）放假，共3天。",
            "一、元旦：12月31日（周四）至1月2日（周六）放假调休，共3天。1月3日（周日）上班。",
        ),
    )
    for folder in (known, corrected, first):
        zhangye.use(folder)
    (clock,) = selectors.clocks(case_kind="objection", case_id=1)
    assert clock.reckoning == zero.reckoning
    days = [(line.before.due_on.day, line.after.due_on.day, line.after.provisional) for line in clock.trace]
    assert days == [(6, 7, False), (7, 7, False), (7, 6, True)] or days == [(6, 7, False), (7, 6, True)]
    assert sound()


@pytest.mark.req("OBJ-1", "REP-1", "ZY-46", kind="rule")
@pytest.mark.django_db
def test_a_value_changed_from_a_later_day_does_not_reach_a_clock_received_before(zhangye: City, packs: Packs) -> None:
    before = zhangye.open()
    changed = packs("changed")
    file = changed / "zhangye" / "deadlines.yaml"
    text = file.read_text(encoding="utf-8")
    old = '{from: "2024-01-01", until: null, count: "7", '
    new = old.replace("until: null", 'until: "2026-12-29"') + text.split(old)[1].split("}")[0] + "},\n    "
    new += old.replace("2024-01-01", "2026-12-29").replace('"7"', '"2"')
    file.write_text(text.replace(old, new), encoding="utf-8")
    zhangye.use(changed)
    assert selectors.clocks(case_kind="objection", case_id=1)[0].reckoning == before.reckoning
    later = zhangye.open(2, at=RECEIVED + timedelta(days=1))
    assert later.due_on == date(2026, 12, 31)


@pytest.mark.req("OBJ-1", kind="refusal")
@pytest.mark.django_db
def test_an_edition_that_lost_the_deadline_of_a_running_clock_cannot_come_into_force(
    zhangye: City, packs: Packs
) -> None:
    zhangye.open(deadline="objection.mark")
    lost = packs("lost")
    file = lost / "zhangye" / "deadlines.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("objection.mark", "objection.sign"), encoding="utf-8")
    with pytest.raises(NoValueInForce):
        zhangye.use(lost)


@pytest.mark.django_db
def test_the_database_refuses_a_clock_that_is_half_stopped(zhangye: City) -> None:
    zhangye.open()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE clock SET stopped_at = now()")


def test_lateness_is_a_matter_of_legal_days() -> None:
    at = datetime(2027, 1, 6, 16, 0, tzinfo=UTC)  # midnight in China
    assert is_late(due_on=date(2027, 1, 6), at=at, zone="Asia/Shanghai")
    assert not is_late(due_on=date(2027, 1, 6), at=at - timedelta(microseconds=1), zone="Asia/Shanghai")
