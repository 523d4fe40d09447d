"""Chips and strips: how much is left, and why is it this day?"""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from xinheng.ui import clocks

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("due", "left", "kind", "text"),
    [
        (date(2026, 12, 4), 9, "ok", "剩9个工作日"),
        (date(2026, 11, 26), 3, "soon", "剩3个工作日"),
        (TODAY, 0, "today", "今天24:00前"),
        (date(2026, 11, 20), -1, "late", "逾期1个工作日"),
    ],
)
def test_a_chip_counts_in_the_unit_of_the_law(due: date, left: int, kind: str, text: str) -> None:
    chip = clocks.chip(due=due, today=TODAY, left=left)
    assert (chip.kind, chip.text) == (kind, text)


def test_a_paused_chip_names_who_is_waited_for() -> None:
    chip = clocks.chip(due=TODAY, today=TODAY, left=0, waiting_for="申请人")
    assert (chip.kind, chip.text) == ("paused", "已暂停，等申请人")


def test_a_provisional_chip_says_so() -> None:
    assert clocks.chip(due=date(2027, 1, 15), today=TODAY, left=38, provisional=True).text == "剩38个工作日，暂定"


def test_english_counts_one_day_and_several() -> None:
    with translation.override("en"):
        assert clocks.chip(due=date(2026, 11, 24), today=TODAY, left=1).text == "1 working day left"
        assert clocks.chip(due=date(2026, 11, 25), today=TODAY, left=2).text == "2 working days left"


def test_the_strip_shows_every_day_and_whether_it_counts() -> None:
    counted = tuple(date(2026, 11, day) for day in (18, 19, 20, 23, 24, 25, 26))
    days = clocks.strip(received=date(2026, 11, 17), counted=counted, today=TODAY)
    assert [day.on.day for day in days] == [17, 18, 19, 20, 21, 22, 23, 24, 25, 26]
    assert [day.state for day in days] == ["off", "", "", "", "off", "off", "now", "", "", "due"]
    assert [day.note for day in days][:5] == ["收到", "第1天", "第2天", "第3天", "休息"]
    assert days[-1].note == "第7天"
