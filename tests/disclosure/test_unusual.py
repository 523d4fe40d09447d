"""Which queries are looked at first: each rule by a table, and what holds for all of them by properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import load_pack
from xinheng.disclosure.rules.unusual import Flag, Query, Watch, day_of, looks_back, person_back
from xinheng.law.loader import check
from xinheng.law.lookup import query_log
from xinheng.law.pack import Pack

PACK = load_pack("demo-city")
MORNING = datetime(2026, 11, 20, 9, 0, tzinfo=PACK.tz)  # a Friday
RULE = query_log(PACK, MORNING.date())


def asked(**changed: Any) -> Query:
    """A usual query about an organisation."""
    facts: dict[str, Any] = {
        "at": MORNING, "organisation": 1, "account": 7, "channel": "web", "matter": "honours", "case": "c1",
        "about": "company", "person": False, "known": True, "result": "granted", "reason": "",
    }  # fmt: skip
    return Query(**{**facts, **changed})


def person(name: str, **changed: Any) -> Query:
    return asked(about=name, person=True, **changed)


def judged(queries: list[Query], pack: Pack = PACK) -> list[frozenset[Flag]]:
    watch = Watch(pack)
    return [watch.judge(query) for query in queries]


def later(**lengths: Any) -> datetime:
    return MORNING + timedelta(**lengths)


@pytest.mark.req("QRY-5", kind="rule")
@pytest.mark.parametrize(
    ("moment", "flags"),
    [
        ("2026-11-20T09:00", set()),
        ("2026-11-20T20:59", set()),
        ("2026-11-20T21:00", {Flag.NIGHT}),
        ("2026-11-21T05:59", {Flag.NIGHT, Flag.REST_DAY}),
        ("2026-11-20T06:00", set()),
        ("2026-11-21T10:00", {Flag.REST_DAY}),  # a Saturday
        ("2026-02-28T10:00", set()),  # a Saturday that is worked (make-up day)
        ("2026-10-01T10:00", {Flag.REST_DAY}),  # a Thursday that is a holiday
    ],
)
def test_night_and_rest_days_follow_the_calendar_of_the_pack(moment: str, flags: set[Flag]) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=PACK.tz)
    assert judged([asked(at=at)]) == [flags]


@pytest.mark.req("QRY-5", kind="rule")
@pytest.mark.parametrize("pack_id", ["zhangye", "siping", "demo-city"])
def test_every_city_has_its_bounds(pack_id: str) -> None:
    pack = load_pack(pack_id)
    rule = query_log(pack, MORNING.date())
    assert rule.kept.count > 0
    assert (rule.article or None) == ("SP-15(3)" if pack_id == "siping" else None)
    assert rule.house is (pack_id != "siping")
    assert looks_back(rule) < person_back(rule)


@pytest.mark.req("QRY-5", kind="rule")
def test_a_question_about_many_is_one_unusual_query() -> None:
    night = MORNING.replace(hour=23)
    found = judged([asked(at=night, about=str(n)) for n in range(5)] + [asked(at=night + timedelta(seconds=1))])
    assert found == [{Flag.NIGHT}, *[set()] * 4, {Flag.NIGHT}]


@pytest.mark.req("QRY-5", kind="rule")
def test_the_same_person_under_several_case_numbers() -> None:
    cases = ["c1", "c1", "c2", "c3", "c3", "c4"]
    found = judged([person("p", case=case, at=later(hours=n / 4)) for n, case in enumerate(cases)])
    assert [Flag.SAME_PERSON in flags for flags in found] == [False, False, False, True, False, True]
    spread = judged([person("p", case=f"c{n}", at=later(days=46 * n)) for n in range(6)])
    assert not any(Flag.SAME_PERSON in flags for flags in spread)
    others = judged([person("p", case=f"c{n}", organisation=n) for n in range(6)])
    assert not any(Flag.SAME_PERSON in flags for flags in others)
    companies = judged([asked(case=f"c{n}") for n in range(6)])
    assert companies == [frozenset()] * 6


@pytest.mark.req("QRY-5", kind="rule")
def test_a_case_that_grows() -> None:
    found = judged([person(f"p{n % 8}", at=later(minutes=n)) for n in range(16)])
    assert [n for n, flags in enumerate(found) if Flag.CASE_PERSONS in flags] == [6, 7]  # the demo city admits six


@pytest.mark.req("QRY-5", kind="rule")
def test_one_case_number_for_different_matters() -> None:
    matters = ["honours", "honours", "market_access", "honours", "market_access", ""]
    found = judged([asked(matter=matter) for matter in matters])
    assert [Flag.CASE_MATTERS in flags for flags in found] == [False, False, True, False, False, False]
    assert judged([asked(matter=m, organisation=n) for n, m in enumerate(matters)]) == [frozenset()] * 6


MISSED = [
    (person("x", known=False, result="empty"), True),
    (person("x", known=False, result="refused", reason="person_not_party"), True),
    (asked(result="refused", reason="power_missing"), True),
    (asked(about="x", known=False, result="empty"), False),  # an organisation nobody knows is everyday
    (asked(result="refused", reason="name_differs"), False),
    (person("p", result="empty"), False),
]


@pytest.mark.req("QRY-5", kind="rule")
@pytest.mark.parametrize(("query", "counts"), MISSED)
def test_what_is_tried_out_within_an_hour(query: Query, counts: bool) -> None:
    found = judged([replace(query, at=later(minutes=n)) for n in range(11)])
    assert [n for n, flags in enumerate(found) if Flag.MISSES in flags] == ([4, 9] if counts else [])
    slow = judged([replace(query, at=later(minutes=20 * n)) for n in range(11)])
    assert not any(Flag.MISSES in flags for flags in slow)
    others = judged([replace(query, account=n) for n in range(11)])
    assert not any(Flag.MISSES in flags for flags in others)


@pytest.mark.req("QRY-5", kind="rule")
def test_names_that_do_not_fit_again_and_again() -> None:
    wrong = asked(result="refused", reason="name_differs")
    found = judged([replace(wrong, at=later(minutes=n)) for n in range(6)])
    assert [Flag.NAMES in flags for flags in found] == [False, False, True] * 2
    quiet = judged([person("p", result="empty", reason="name_differs", at=later(minutes=n)) for n in range(3)])
    assert Flag.NAMES in quiet[-1]


@pytest.mark.req("QRY-5", kind="rule")
def test_the_command_line_and_the_own_subject() -> None:
    assert judged([asked(channel="cli")]) == [{Flag.COMMAND_LINE}]
    assert judged([asked(own=True)]) == [{Flag.OWN_SUBJECT}]


# Properties ----------------------------------------------------------------------------------------------------------

few = st.integers(0, 3)
queries = st.lists(
    st.builds(
        lambda minutes, body, account, matter, case, about, natural, known, result, reason, channel: asked(
            at=later(minutes=minutes), organisation=body, account=account, matter=f"m{matter}" if matter else "",
            case=f"c{case}" if case else "", about=f"s{about}", person=natural, known=known, result=result,
            reason=reason, channel=channel,
        ),
        st.integers(0, 3000), few, few, few, few, st.integers(0, 9), st.booleans(), st.booleans(),
        st.sampled_from(["granted", "empty", "refused"]), st.sampled_from(["", "name_differs", "power_missing"]),
        st.sampled_from(["web", "cli"]),
    ),
    max_size=60,
).map(lambda found: sorted(found, key=lambda query: query.at))  # fmt: skip


@pytest.mark.req("QRY-5", kind="rule")
@given(found=queries, cut=st.integers(0, 60))
def test_beginning_anew_from_the_lines_before_gives_the_same_flags(found: list[Query], cut: int) -> None:
    whole = judged(found)
    before = [replace(query, flags=flags) for query, flags in zip(found[:cut], whole, strict=False)]
    watch = Watch(PACK, before)
    assert [watch.judge(query) for query in found[cut:]] == whole[cut:]


@pytest.mark.req("QRY-5", "INV-1", kind="rule")
@given(found=queries, other=queries)
def test_what_one_organisation_asks_says_nothing_about_another(found: list[Query], other: list[Query]) -> None:
    strangers = [replace(query, organisation=99, account=99) for query in other]
    mixed = sorted([*found, *strangers], key=lambda query: query.at)
    alone = iter(judged(found))
    assert all(flags == next(alone) for query, flags in zip(mixed, judged(mixed), strict=True) if query.account != 99)


@pytest.mark.req("QRY-5", kind="rule")
@given(found=queries)
def test_series_are_flagged_once_full_and_never_before(found: list[Query]) -> None:
    for flag, of, count, minutes in (
        (Flag.MISSES, lambda q: q.missed, RULE.misses, RULE.misses_minutes),
        (Flag.NAMES, lambda q: q.misnamed, RULE.names, RULE.names_minutes),
    ):
        for account in range(4):
            mine = [(q, f) for q, f in zip(found, judged(found), strict=True) if q.account == account and of(q)]
            for n, (query, flags) in enumerate(mine):
                near = [q for q, _ in mine[: n + 1] if q.at > query.at - timedelta(minutes=minutes)]
                if flag in flags:
                    assert len(near) >= count
                if len(near) >= 2 * count - 1:
                    assert any(flag in f for _, f in mine[n + 1 - len(near) : n + 1])


@pytest.mark.req("QRY-5", "INV-1", "ACC-1", kind="rule")
@given(found=queries)
def test_a_flag_rests_on_the_query_and_carries_no_number(found: list[Query]) -> None:
    for query, flags in zip(found, judged(found), strict=True):
        assert flags <= set(Flag)
        if not query.person:
            assert not flags & {Flag.SAME_PERSON, Flag.CASE_PERSONS}
        if query.channel == "web":
            assert Flag.COMMAND_LINE not in flags
        assert Flag.OWN_SUBJECT not in flags


# The pack ------------------------------------------------------------------------------------------------------------


@pytest.mark.req("QRY-5", kind="refusal")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('from: "21", until: "6"', 'from: "21", until: "21"'),
        ('from: "21", until: "6"', 'from: "24", until: "6"'),
        ('cases: "3"', 'cases: "1"'),
        ('count: "5", minutes: "60"', 'count: "5", minutes: "0"'),
        ('case_persons: "6"', 'case_persons: "0"'),
        ("unit: year, house: true", "unit: working_day, house: true"),
        ("      house: true\n", ""),
        ("      unusual:", "      odd:"),
        ("name: query", "name: officer_score"),
    ],
)
def test_the_pack_refuses_bounds_that_mean_nothing(tmp_path: Any, old: str, new: str) -> None:
    import shutil

    from tests.conftest import ROOT

    for name in ("cn-national", "demo-city", "schema"):
        shutil.copytree(ROOT / "lawpacks" / name, tmp_path / name)
    path = tmp_path / "demo-city" / "query_log.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = check(tmp_path / "demo-city", root=tmp_path)
    assert found
    assert all(one.file.endswith("query_log.yaml") for one in found)


def test_the_day_is_the_legal_one() -> None:
    assert day_of(datetime.fromisoformat("2026-11-20T16:00:00+00:00"), PACK).day == 21
