"""Is a record public exactly as long as the rule set of its decision says, and a later one only ever kinder?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.law.packs import write
from xinheng.law import lookup
from xinheng.law.enums import SubjectKind
from xinheng.law.errors import NoValueInForce
from xinheng.law.loader import load
from xinheng.law.pack import Pack
from xinheng.law.publicity import Publicity, publicity_period, suggest

FIRM, PERSON = SubjectKind.LEGAL_PERSON, SubjectKind.NATURAL_PERSON
LATE = date(2026, 11, 20)


@pytest.fixture(scope="module")
def toys(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    root = tmp_path_factory.mktemp("packs")
    write(root)
    return load("toytown", root=root)


def _judge(pack: Pack, decided_on: date, kinds: str, stated: str = "", *, kind: SubjectKind = FIRM,
           on: date = LATE) -> Publicity:  # fmt: skip
    values = {"TF_KIND": kinds, "TF_CLASS": stated}
    item = lookup.item(pack, "TF", decided_on)
    return publicity_period(pack, item, values, decided_on, kind=kind, on=on)


@pytest.mark.req("REP-1", "PUB-1", "ZY-45", "SP-26")
def test_class_set_by_the_authority_gives_its_longest_period(toys: Pack) -> None:
    found = _judge(toys, date(2026, 5, 6), "罚款", "严重")
    assert (found.severity, found.suggested, found.public) == ("serious", False, True)
    assert (found.from_, found.until) == (date(2026, 5, 6), date(2029, 5, 6))
    assert found.earliest_repair == date(2026, 11, 6)


@pytest.mark.req("REP-1", "PUB-1", "ZY-45", "SP-26", kind="refusal")
@pytest.mark.parametrize(("kinds", "stated"), [("警告", ""), ("罚款", "轻微"), ("警告;警告", "")])
def test_minor_record_is_not_published(toys: Pack, kinds: str, stated: str) -> None:
    found = _judge(toys, date(2026, 5, 6), kinds, stated)
    assert (found.severity, found.suggested, found.public) == ("minor", not stated, False)
    assert found.from_ is None
    assert found.until is None


def test_record_without_a_class_ends_at_the_shortest_maximum_that_fits(toys: Pack) -> None:
    plain, grave = _judge(toys, date(2026, 5, 6), "罚款"), _judge(toys, date(2026, 5, 6), "吊销;罚款")
    assert (plain.severity, plain.until) == ("general", date(2027, 5, 6))
    assert (grave.severity, grave.suggested, grave.until) == ("serious", True, date(2027, 5, 6))


def test_old_rules_govern_an_old_decision_until_the_new_ones_come(toys: Pack) -> None:
    decided = date(2025, 11, 3)
    assert _judge(toys, decided, "罚款", on=date(2026, 3, 31)).until == date(2028, 11, 3)
    now = _judge(toys, decided, "罚款", on=date(2026, 4, 1))
    assert (now.until, now.rule_set, now.unverified) == (date(2026, 11, 3), "new", True)
    assert [step.rule_set for step in now.trace] == ["old", "new"]


def test_record_longer_than_the_new_maximum_ends_the_day_the_rules_come(toys: Pack) -> None:
    assert _judge(toys, date(2024, 6, 1), "罚款").until == date(2026, 4, 1)


def test_shorter_minimum_reaches_a_running_record(toys: Pack) -> None:
    decided = date(2025, 12, 1)
    assert _judge(toys, decided, "罚款", "严重", on=date(2026, 3, 1)).earliest_repair == date(2026, 12, 1)
    now = _judge(toys, decided, "罚款", "严重")
    assert (now.earliest_repair, now.until) == (date(2026, 6, 1), date(2028, 12, 1))


@pytest.mark.req("REP-1", kind="refusal")
def test_longer_period_never_reaches_back(tmp_path: Path) -> None:
    longer = (
        'max: {count: "9", unit: year}, evidence: seen}\n    serious: {publish: true, min: {count: "6", unit: month}'
    )
    shorter = (
        'max: {count: "1", unit: year}, evidence: seen}\n    serious: {publish: true, min: {count: "6", unit: month}'
    )
    write(tmp_path, {"repair.yaml": (shorter, longer)})
    pack = load("toytown", root=tmp_path)
    found = _judge(pack, date(2025, 11, 3), "罚款")
    assert (found.until, found.rule_set, len(found.trace)) == (date(2028, 11, 3), "old", 1)


def test_minor_record_stays_unpublished_when_new_rules_would_publish_it(tmp_path: Path) -> None:
    old = '    - {when: {field: TF_KIND, any_of: ["警告"], only: true}, class: minor, evidence: seen}\n'
    write(tmp_path, {"repair.yaml": (old, "")})
    pack = load("toytown", root=tmp_path)
    assert not _judge(pack, date(2025, 11, 3), "警告").public
    assert _judge(pack, date(2026, 4, 1), "警告").public


@pytest.mark.req("INV-4", "ZY-47", kind="refusal")
def test_person_is_not_public_where_the_item_does_not_say_so(toys: Pack) -> None:
    found = _judge(toys, date(2026, 5, 6), "罚款", "严重", kind=PERSON)
    assert (found.public, found.from_, found.until) == (False, None, None)
    assert found.earliest_repair == date(2026, 11, 6)


def test_kind_that_the_item_does_not_name_is_not_public(toys: Pack) -> None:
    assert not _judge(toys, date(2026, 5, 6), "罚款", kind=SubjectKind.INDIVIDUAL_BUSINESS).public


def test_class_that_the_rules_lack_is_an_error(toys: Pack) -> None:
    with pytest.raises(NoValueInForce):
        _judge(toys, date(2026, 5, 6), "罚款", "特别严重")


def test_first_suggestion_that_holds_wins(toys: Pack) -> None:
    rules = lookup.rule_set(toys, LATE)
    assert suggest(rules, {"TF_KIND": "吊销;警告"}) == "serious"
    assert suggest(rules, {}) == "general"


@pytest.mark.req("PUB-1")
def test_licence_is_public_while_it_is_valid(law_pack: Pack) -> None:
    decided = date(2026, 5, 6)
    item = lookup.item(law_pack, "XK", decided)
    valid_until = item.role("valid_until")
    assert valid_until is not None
    found = publicity_period(law_pack, item, {valid_until: "2027-05-05"}, decided, kind=FIRM, on=LATE)
    assert (found.public, found.from_, found.until) == (True, decided, date(2027, 5, 6))
    assert (found.severity, found.earliest_repair, found.trace) == (None, None, ())
    assert not publicity_period(law_pack, item, {}, decided, kind=PERSON, on=LATE).public


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.dates(date(2024, 1, 1), date(2026, 11, 20)),
    st.sampled_from(["警告", "罚款", "警告;罚款", "吊销", "其他-没收"]),
    st.sampled_from(["", "轻微", "一般", "严重"]),
    st.dates(date(2024, 1, 1), date(2027, 12, 31)),
)
def test_time_only_ever_makes_publicity_shorter(toys: Pack, decided: date, kinds: str, stated: str, on: date) -> None:
    first = _judge(toys, decided, kinds, stated, on=decided)
    later = _judge(toys, decided, kinds, stated, on=max(on, decided))
    assert later.public <= first.public
    if first.public:
        assert first.until is not None
        assert later.until is not None
        assert later.from_ == decided
        assert decided < later.until <= first.until
    assert first.earliest_repair is not None
    assert later.earliest_repair is not None
    assert later.earliest_repair <= first.earliest_repair


@pytest.mark.req("INV-2", "ZY-45", "PUB-1", kind="refusal")
def test_a_day_far_away_does_not_lengthen_the_publicity_of_what_is_adverse(pack: Pack) -> None:
    decided = date(2026, 11, 2)
    item = lookup.item(pack, "SXBZX", decided)
    field = item.role("valid_until")
    assert field is not None
    assert (item.adverse, item.publicity_period, item.retention.count) == (True, "validity", 2)

    def until(last: str) -> date | None:
        return publicity_period(pack, item, {field: last}, decided, kind=FIRM, on=LATE).until

    assert until("2027-03-31") == date(2027, 4, 1)
    assert until("2099-12-31") == date(2028, 11, 2)
