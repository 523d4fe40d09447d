"""The figures of a provider: shares, months, what counts and what does not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.intake.rules.quality import (
    LACKING,
    SECOND_LOOK,
    Cause,
    Kind,
    Measure,
    Month,
    OpenRow,
    Outcome,
    Share,
    Stage,
    Sums,
    Tally,
    outcome,
)
from xinheng.intake.rules.verdicts import WEIGHTS, Finding, RowResult, RowState, Verdict, Weight, verdict_of
from xinheng.law import lookup
from xinheng.law.pack import Pack

counts = st.integers(0, 10**9)


@pytest.mark.req("INT-2", "ZY-33", "SP-8", kind="rule")
@given(whole=counts, part=counts)
def test_a_share_is_between_nothing_and_all_and_never_flatters(whole: int, part: int) -> None:
    part = min(part, whole)
    percent = Share(part, whole).percent
    if not whole:
        assert percent is None
        return
    assert percent is not None
    assert 0 <= percent <= 100
    assert percent <= Decimal(100 * part) / whole < percent + Decimal("0.1")
    assert (percent == 100) == (part == whole)


@pytest.mark.req("INT-2", kind="rule")
def test_shares_are_compared_as_they_are_shown() -> None:
    assert Share(304, 312).percent == Decimal("97.4")
    assert Share(304, 312).since(Share(95, 100)) == Decimal("2.4")
    assert Share(1, 2).since(Share(0, 0)) is None
    assert Share(0, 0).since(Share(1, 2)) is None


@pytest.mark.req("INT-2", kind="rule")
@given(st.lists(st.tuples(*[counts] * 6)), st.integers(0, 20))
def test_sums_are_the_same_however_the_batches_are_grouped(rows: list[tuple[int, ...]], cut: int) -> None:
    batches = [Sums(*row) for row in rows]

    def together(some: list[Sums]) -> Sums:
        return sum(some, Sums())

    assert together(batches[:cut]) + together(batches[cut:]) == together(batches) == together(batches[::-1])


CODES = (*sorted(SECOND_LOOK), *sorted(LACKING), "fine_unit_suspected", "uscc_length", "normalised", "unchanged")


def judged(number: int, codes: tuple[str, ...]) -> tuple[RowResult, RowState]:
    """A row with these findings, and what becomes of it."""
    findings = tuple(Finding("", code) for code in codes)
    verdict = verdict_of(findings)
    if "unchanged" in codes and verdict is Verdict.ACCEPT:
        state = RowState.UNCHANGED
    else:
        state = {
            Verdict.ACCEPT: RowState.REGISTERED, Verdict.REVIEW: RowState.WAITING, Verdict.REJECT: RowState.RETURNED,
        }[verdict]  # fmt: skip
    return RowResult(number, verdict, {}, findings), state


def counted(rows: list[tuple[str, ...]]) -> tuple[int, int, int, int]:
    """What a tally counts of rows of one file."""
    tally = Tally()
    told = [judged(number, codes) for number, codes in enumerate(rows)]
    tally.registered(sum(state is RowState.REGISTERED for _, state in told), 0)
    for result, state in told:
        tally.other(result, state, again=False)
    return tally.first_sent, tally.complete, tally.judged, tally.faultless


@pytest.mark.req("INT-2", kind="rule")
@given(st.lists(st.lists(st.sampled_from(CODES), max_size=3).map(tuple), max_size=30), st.integers(0, 30))
def test_a_file_cut_into_batches_counts_the_same(rows: list[tuple[str, ...]], cut: int) -> None:
    whole, parts = counted(rows), (counted(rows[:cut]), counted(rows[cut:]))
    assert whole == tuple(sum(pair) for pair in zip(*parts, strict=True))
    first_sent, complete, looked_at, faultless = whole
    assert faultless <= looked_at <= first_sent <= len(rows)
    assert complete <= first_sent


@pytest.mark.req("INT-2", kind="rule")
def test_what_counts_against_whom() -> None:
    assert counted([()]) == (1, 1, 1, 1)
    assert counted([("normalised",)]) == (1, 1, 1, 1)
    assert counted([("unchanged",)]) == (0, 0, 0, 0)
    assert counted([("uscc_length",)]) == (1, 1, 1, 0)
    assert counted([("required_missing",)]) == (1, 0, 1, 0)
    assert counted([("fine_unit_suspected",)]) == (1, 1, 1, 0)
    assert counted([("differs_from_record",)]) == (1, 1, 0, 0)
    assert counted([("differs_from_record", "fine_unit_suspected")]) == (1, 1, 1, 0)
    assert counted([("age_unknown", "normalised")]) == (1, 1, 0, 0)
    assert counted([("age_unknown", "uscc_length")]) == (1, 1, 1, 0)


@pytest.mark.req("INT-2", kind="rule")
def test_second_looks_are_findings_that_wait() -> None:
    assert all(WEIGHTS[code] is Weight.REVIEW for code in SECOND_LOOK)
    assert not SECOND_LOOK & LACKING


@pytest.mark.req("INT-2", kind="rule")
def test_a_row_that_comes_again_is_no_first_sending_and_is_followed_once() -> None:
    tally = Tally.after([OpenRow(1, "1号", "甲"), OpenRow(2, "1号", "乙"), OpenRow(3, "2号", "丙")])
    assert tally.follow("1号", "乙")
    assert tally.follow("1号", "丁")
    assert not tally.follow("1号", "甲")
    assert not tally.follow("", "丙")
    assert not tally.follow("3号", "丙")
    assert tally.followed == [2, 1]
    tally.registered(5, again=2)
    result, state = judged(1, ("uscc_length",))
    tally.other(result, state, again=True)
    assert (tally.first_sent, tally.faultless) == (3, 3)


@pytest.mark.req("INT-2", kind="rule")
@given(st.dates(date(1, 3, 1)), st.integers(0, 24))
def test_months_go_back_and_forth(day: date, months: int) -> None:
    month = Month.of(day)
    assert month.first <= day
    if (month.year * 12 + month.month) > months + 13:
        assert month.back(months).back(-months) == month
    assert Month.parse(str(month)) == month
    if month != Month(9999, 12):
        assert day < month.next.first


@pytest.mark.req("INT-2", kind="rule")
@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "2026/11", "2026-1", "202６-11", "0000-01", "2026-11-01"]
)
def test_what_is_no_month(text: str) -> None:
    assert Month.parse(text) is None


TODAY, NEAR = date(2026, 11, 20), date(2026, 11, 24)


@pytest.mark.req("INT-2", kind="rule")
@pytest.mark.parametrize(
    ("kind", "due", "stage"),
    [
        (Kind.RETURNED, date(2026, 11, 19), Stage.PASSED),
        (Kind.RETURNED, TODAY, Stage.NEAR),
        (Kind.RETURNED, NEAR, Stage.NEAR),
        (Kind.RETURNED, date(2026, 11, 25), None),
        (Kind.WAITING, date(2026, 11, 19), Stage.PASSED),
        (Kind.WAITING, TODAY, None),
    ],
)
def test_when_a_provider_is_reminded(kind: Kind, due: date, stage: Stage | None) -> None:
    assert Cause(kind, 1, 1, due, 3).stage(today=TODAY, near=NEAR) is stage


@pytest.mark.req("INT-2", kind="rule")
def test_a_reminder_ends_with_its_cause_or_gives_way_to_the_next_stage() -> None:
    due = (Kind.RETURNED, 1, TODAY)
    assert outcome(due=due, stage=Stage.NEAR, wanted={due: Stage.NEAR}) is None
    assert outcome(due=due, stage=Stage.NEAR, wanted={due: Stage.PASSED}) is Outcome.OVERTAKEN
    assert outcome(due=due, stage=Stage.NEAR, wanted={}) is Outcome.DONE
    assert outcome(due=due, stage=Stage.PASSED, wanted={(Kind.RETURNED, 2, TODAY): Stage.PASSED}) is Outcome.DONE


@pytest.mark.req("INT-2", "STA-1", "ZY-5", "ZY-33", "SP-4", "SP-8", kind="rule")
def test_each_law_founds_the_duty_and_the_department_with_its_own_article(law_pack: Pack) -> None:
    from xinheng.intake.rules.quality import COMPETENT

    day = date(2026, 11, 20)
    duty, department = (
        lookup.ground(law_pack, "intake.public", day).article,
        lookup.power(law_pack, COMPETENT, day).article,
    )
    assert (duty, department) == {
        "zhangye": ("ZY-33", "ZY-5"), "siping": ("SP-8", "SP-4"), "demo-city": ("DC-18", "DC-5"),
    }[law_pack.id]  # fmt: skip


@pytest.mark.req("INT-2", "STA-1", kind="refusal")
def test_nothing_measured_grows_with_the_number_of_penalties() -> None:
    """Twice the penalties, the same shares: volume is no merit and no fault."""
    few, many = Sums(9, 1, 10, 9, 10, 8), Sums(18, 2, 20, 18, 20, 16)
    assert [few.of(m).percent for m in Measure] == [many.of(m).percent for m in Measure]
