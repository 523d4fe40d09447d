"""The beam under a published penalty."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.ui.scale import BEAM, months_later, scale

FROM, UNTIL = date(2026, 9, 30), date(2027, 9, 30)


@pytest.mark.req("PUB-1", kind="rule")
def test_a_year_has_thirteen_ticks_and_labels_stand_in_order_of_time() -> None:
    beam = scale(from_on=FROM, until_on=UNTIL, earliest_repair=date(2026, 12, 30), today=date(2026, 11, 23))
    assert beam is not None
    assert len(beam.ticks) == 13
    assert [tick.top for tick in beam.ticks][:4] == [9, 13, 13, 9]
    assert [label.kind for label in beam.labels] == ["start", "today", "repair_from", "end"]
    assert beam.labels[1].days == 311
    assert 0 < beam.done < beam.repair < BEAM  # type: ignore[operator]


def test_a_repair_day_that_has_come_says_so() -> None:
    beam = scale(
        from_on=date(2026, 6, 18),
        until_on=date(2027, 6, 18),
        earliest_repair=date(2026, 9, 18),
        today=date(2026, 11, 23),
    )
    assert beam is not None
    assert [label.kind for label in beam.labels] == ["start", "repair_open", "today", "end"]
    assert beam.labels[2].days == 207


@pytest.mark.req("PUB-1", kind="refusal")
@pytest.mark.parametrize("today", [date(2026, 9, 29), UNTIL, date(2028, 1, 1)])
def test_nothing_is_drawn_outside_the_half_open_period(today: date) -> None:
    assert scale(from_on=FROM, until_on=UNTIL, earliest_repair=None, today=today) is None


def test_three_years_have_a_high_tick_a_year() -> None:
    beam = scale(from_on=date(2024, 2, 29), until_on=date(2027, 3, 1), earliest_repair=None, today=date(2025, 1, 1))
    assert beam is not None
    assert [tick.top for tick in beam.ticks].count(9) == 5  # 0, 12, 24, 36 months and the end
    assert beam.repair is None


def test_a_month_without_the_day_ends_on_its_last() -> None:
    assert months_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_later(date(2026, 11, 30), 3) == date(2027, 2, 28)


@given(
    start=st.dates(date(2020, 1, 1), date(2027, 1, 1)),
    length=st.integers(1, 1200),
    gone=st.integers(0, 1199),
    repair=st.none() | st.integers(-10, 1300),
)
def test_every_mark_stays_on_the_beam(start: date, length: int, gone: int, repair: int | None) -> None:
    def at(days: int) -> date:
        return date.fromordinal(start.toordinal() + days)

    beam = scale(
        from_on=start,
        until_on=at(length),
        earliest_repair=None if repair is None else at(repair),
        today=at(min(gone, length - 1)),
    )
    assert beam is not None
    assert all(0 <= tick.x <= BEAM for tick in beam.ticks)
    assert 0 <= beam.done < BEAM
    assert beam.repair is None or 0 <= beam.repair < BEAM
    days = [label.on for label in beam.labels]
    assert days == sorted(days)
