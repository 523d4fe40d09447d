"""A record is the fold of its history; a period is half-open; content splits and joins without loss."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.lib.canonical import canonical
from xinheng.lib.errors import Conflict
from xinheng.records import rules
from xinheng.records.rules import LIVE, RESULT, TRANSITIONS, Act, Period, RecordState, Snapshot, Version

DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
days = st.dates(date(2020, 1, 1), date(2032, 1, 1))


def snapshot(**changed: object) -> Snapshot:
    plain = Snapshot(
        subject_id=7,
        record_id=70,
        subject_kind="legal_person",
        item_code="CF",
        item_version_id=1,
        law_version_id=1,
        provider_id=1,
        batch_id=1,
        row=2,
        registered_at=AT,
        decided_on=date(2026, 10, 1),
        state=RecordState.ACTIVE,
        publicity_from=date(2026, 10, 1),
        publicity_until=date(2027, 1, 1),
        use_until=date(2031, 10, 1),
        retention_until=date(2031, 10, 1),
        severity="general",
        severity_suggested=True,
        disputed=False,
        as_minor=False,
        person_statute="",
        cause="",
        content_id=701,
        content_commit=b"c" * 32,
    )
    return replace(plain, **changed)  # type: ignore[arg-type]


def link(n: int, act: Act, after: Snapshot) -> Version:
    return Version(700 + n, n, act, AT + timedelta(days=n), "account:1", "scjgj", "because", "DC-1", after)


def history_of(acts: list[Act]) -> list[Version]:
    """A history made by the rules themselves."""
    present = snapshot()
    out = [link(1, Act.REGISTERED, present)]
    for n, act in enumerate(acts, start=2):
        state = RESULT[act]
        if state in LIVE:
            present = replace(present, state=state, content_id=700 + n, content_commit=bytes([n % 256]) * 32)
        else:
            present = rules.ended(present, state=state, cause="cause", day=DAY + timedelta(days=n))
        out.append(link(n, act, present))
    return out


@given(from_=days, until=st.none() | days, day=days)
@pytest.mark.req("PUB-1", kind="rule")
def test_a_period_holds_its_first_day_and_not_its_end(from_: date, until: date | None, day: date) -> None:
    period = rules.period(from_, until)
    if period is None:
        assert until is not None and until <= from_
        return
    assert period.holds(from_)
    assert until is None or not period.holds(until)
    assert until is None or period.holds(until - timedelta(days=1))
    assert not period.holds(from_ - timedelta(days=1))
    assert period.holds(day) == (from_ <= day and (until is None or day < until))


def test_two_half_open_periods_that_meet_share_no_day() -> None:
    first, second = Period(DAY, DAY + timedelta(days=9)), Period(DAY + timedelta(days=9), None)
    assert all(first.holds(d) != second.holds(d) for d in (DAY + timedelta(days=n) for n in range(30)))


@pytest.mark.req("INV-7", "INV-8", kind="rule")
@pytest.mark.parametrize("state", list(RecordState))
@pytest.mark.parametrize("wanted", list(RecordState))
def test_what_has_ended_never_comes_back_to_life(state: RecordState, wanted: RecordState) -> None:
    allowed = bool(rules.may_become(state, wanted, "DC-1"))
    assert allowed == (wanted in TRANSITIONS[state])
    if state not in LIVE and wanted in LIVE:
        assert not allowed
    assert not bool(rules.may_become(RecordState.ERASED, wanted, "DC-1"))
    assert RecordState.ACTIVE not in TRANSITIONS[state]


def _possible(acts: list[Act]) -> bool:
    state = RecordState.ACTIVE
    for act in acts:
        if RESULT[act] not in TRANSITIONS[state]:
            return False
        state = RESULT[act]
    return True


@pytest.mark.req("INV-8", kind="rule")
@given(acts=st.lists(st.sampled_from([act for act in Act if act is not Act.REGISTERED]), max_size=5))
def test_the_present_record_is_the_fold_of_its_history(acts: list[Act]) -> None:
    versions = history_of(acts)
    if _possible(acts):
        assert rules.fold(versions) == versions[-1].after
    else:
        with pytest.raises(Conflict, match="history_transition"):
            rules.fold(versions)


@pytest.mark.req("INV-8", kind="rule")
@given(data=st.data())
def test_a_history_that_was_tampered_with_is_none(data: st.DataObject) -> None:
    versions = history_of([Act.CORRECTED, Act.CORRECTED, Act.WITHDRAWN, Act.ERASED])
    place = data.draw(st.integers(0, len(versions) - 2))
    damage = data.draw(st.sampled_from(["drop", "swap", "repeat", "origin"]))
    broken = list(versions)
    match damage:
        case "drop":
            del broken[place]
        case "swap":
            broken[place], broken[place + 1] = broken[place + 1], broken[place]
        case "repeat":
            broken.insert(place, broken[place])
        case "origin":
            victim = broken[place]
            broken[place] = replace(victim, after=replace(victim.after, batch_id=99))
    with pytest.raises(Conflict):
        rules.fold(broken)


def test_no_history_is_no_record() -> None:
    with pytest.raises(Conflict, match="history_empty"):
        rules.fold([])


@pytest.mark.req("INV-8", kind="rule")
def test_every_column_of_a_version_is_bound_by_its_leaf() -> None:
    version = link(1, Act.REGISTERED, snapshot())
    leaf = rules.version_leaf(version)
    other: dict[type, object] = {str: "other", int: 99, bool: True, date: date(2000, 1, 1), bytes: b"x" * 32}
    for name in rules.SNAPSHOT_FIELDS:
        value = getattr(version.after, name)
        changed = RecordState.WITHDRAWN if name == "state" else other.get(type(value), AT + timedelta(days=9))
        if isinstance(value, bool):
            changed = not value
        assert rules.version_leaf(replace(version, after=replace(version.after, **{name: changed}))) != leaf, name
    for name, changed in (
        ("version_id", 1),
        ("n", 9),
        ("act", Act.CORRECTED),
        ("at", AT),
        ("actor", "x"),
        ("organisation", "x"),
        ("reason", "x"),
        ("article", "x"),
    ):
        assert rules.version_leaf(replace(version, **{name: changed})) != leaf, name


@given(day=days, use_until=st.none() | days)
@pytest.mark.req("INV-7", kind="rule")
def test_an_ended_record_is_neither_public_nor_usable_from_that_day(day: date, use_until: date | None) -> None:
    before = snapshot(use_until=use_until)
    after = rules.ended(before, state=RecordState.WITHDRAWN, cause="revoked", day=day)
    assert rules.period(after.publicity_from, after.publicity_until) is None
    assert after.use_until is not None and after.use_until <= day
    assert use_until is None or after.use_until <= use_until  # ending never gives more time
    assert after.retention_until == before.retention_until


_content = st.dictionaries(st.sampled_from(["A", "B", "C", "D", "E"]), st.text(max_size=8))


@given(content=_content, personal=st.frozensets(st.sampled_from(["A", "B", "C"])))
def test_splitting_content_hides_personal_fields_and_loses_nothing(
    content: dict[str, str], personal: frozenset[str]
) -> None:
    open_part, hidden = rules.split(content, personal)
    assert rules.join(open_part, hidden) == content
    assert all(open_part[code] == "" for code in personal & content.keys())
    assert hidden.keys() <= personal
    assert "" not in hidden.values()
    assert canonical(rules.join(open_part, hidden)) == canonical(content)


@given(content=_content, salt=st.binary(min_size=32, max_size=32), other=st.binary(min_size=32, max_size=32))
def test_a_commitment_binds_to_salt_and_content(content: dict[str, str], salt: bytes, other: bytes) -> None:
    commit = rules.content_commit(salt, content)
    assert commit == rules.content_commit(salt, dict(reversed(content.items())))
    assert commit != rules.content_commit(salt, {**content, "Z": "1"})
    assert (commit == rules.content_commit(other, content)) is (salt == other)


@pytest.mark.req("INV-8", kind="refusal")
@pytest.mark.parametrize(
    ("reason", "fault"),
    [
        ("", "reason_missing"),
        ("  ", "reason_missing"),
        ("号码622201197001010011有误", "reason_holds_identifier"),
        ("号码62220119700101001X有误", "reason_holds_identifier"),
        ("电话13800000000", "reason_holds_identifier"),
        ("卡号6222000000000000000", "reason_holds_identifier"),
        ("决定书（衡市监罚〔2026〕18号）被撤销", None),
        ("金额由30000元改为20000元", None),
    ],
)
def test_no_number_of_a_person_enters_a_reason(reason: str, fault: str | None) -> None:
    assert rules.reason_fault(reason) == fault


def test_consequences_run_in_order_and_an_error_stops_the_act() -> None:
    seen: list[str] = []

    def first(ended: rules.Ended, at: datetime) -> None:
        seen.append(f"first {ended.record_id}")

    def second(ended: rules.Ended, at: datetime) -> None:
        raise Conflict("stop_failed")

    before = rules.CONSEQUENCES
    try:
        rules.wire(first, second)
        with pytest.raises(Conflict, match="stop_failed"):
            rules.run_consequences(rules.Ended(7, 70, "CF", RecordState.WITHDRAWN, "revoked", "DC-1"), AT)
    finally:
        rules.wire(*before)
    assert seen == ["first 70"]
