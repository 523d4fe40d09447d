"""Does a decision on a measure keep within the row, whatever an official asks? Compared with a second reading.

The second reading takes the rows as text from the YAML files and answers from a table of its own; it shares no code
with the rule.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import PACKS, ROOT, load_pack
from xinheng.law import lookup, measures
from xinheng.law.decision import Allowed, Refused
from xinheng.law.enums import SubjectKind
from xinheng.law.lists import Modality, Relation, Side, Step
from xinheng.law.pack import Pack
from xinheng.ui import wording

LIST_ROOT = ROOT / "lawpacks"
DAY = date(2026, 11, 20)
ARTICLES = {"zhangye": ("ZY-43", ""), "siping": ("SP-23", "SP-23"), "demo-city": ("DC-34", "DC-34")}


def _rows(city: str) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Every dated value of every row that a city has, as text: code, entry, value."""
    found = []
    for layer in ("cn-national", city):
        path: Path = LIST_ROOT / layer / "measures.yaml"
        for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader):
            found.extend((entry["code"], entry, value) for value in entry["values"])
    return found


ROWS = {city: _rows(city) for city in PACKS}
LAWS = {city: load_pack(city) for city in PACKS}  # read once: each reading looks whether a file has changed


@dataclasses.dataclass(frozen=True)
class Asked:
    """What an official proposes, in plain values."""

    on: date
    powers: frozenset[str]
    target: str
    conduct: str
    until: date | None
    severity: int | None
    reasons: str
    relation: str
    own: bool
    consent: bool


def _last_day(start: date, amount: Mapping[str, str]) -> date:
    """The same length counted another way: day by day for days, by year and month else."""
    count = int(amount["count"])
    if amount["unit"] == "calendar_day":
        return start + timedelta(days=count)
    months = count * (12 if amount["unit"] == "year" else 1)
    year, month = start.year + (start.month - 1 + months) // 12, (start.month - 1 + months) % 12 + 1
    for day in range(start.day, 0, -1):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    raise AssertionError


type Test = Callable[[dict[str, Any], dict[str, Any], Asked], bool]


def _too_long(entry: dict[str, Any], value: dict[str, Any], asked: Asked) -> bool:
    longest = value.get("longest")
    if asked.until is None:
        return entry["side"] != "incentive" or longest is not None
    return asked.until <= asked.on or (longest is not None and asked.until > _last_day(asked.on, longest))


# who refuses, in order: when, reason, by which article (row, limits, told, house)
TABLE: tuple[tuple[Test, str, str], ...] = (
    (lambda e, v, a: v["state"] != "on", "measure_not_in_force", "row"),
    (lambda e, v, a: a.on.isoformat() < v["from"], "measure_not_in_force", "row"),
    (lambda e, v, a: v["until"] != "null" and a.on.isoformat() >= v["until"], "measure_not_in_force", "row"),
    (lambda e, v, a: not set(v["powers"]) & a.powers, "measure_power_missing", "limits"),
    (lambda e, v, a: a.target not in v["targets"], "measure_target_not_named", "limits"),
    (lambda e, v, a: a.relation not in v.get("reaches", ["subject"]), "measure_passed_on", "limits"),
    (lambda e, v, a: a.relation != "subject" and not a.own, "measure_responsibility_missing", "limits"),
    (lambda e, v, a: a.conduct not in v["conduct"], "measure_conduct_not_linked", "limits"),
    (
        lambda e, v, a: (
            e["side"] == "incentive" and a.target == "natural_person" and a.conduct not in v.get("person_conduct", [])
        ),
        "incentive_honour_missing",
        "house",
    ),
    (
        lambda e, v, a: e["side"] == "incentive" and a.target in v.get("consent_of", []) and not a.consent,
        "incentive_consent_missing",
        "house",
    ),
    (
        lambda e, v, a: (
            e["side"] != "incentive" and (a.severity is None or not 1 <= a.severity <= int(v["severity_max"]))
        ),
        "measure_too_heavy",
        "limits",
    ),
    (_too_long, "measure_too_long", "limits"),
    (lambda e, v, a: e["side"] != "incentive" and not a.reasons.strip(), "measure_reasons_missing", "told"),
)


def oracle(city: str, entry: dict[str, Any], value: dict[str, Any], asked: Asked) -> tuple[str, str] | None:
    """Reason and article of the refusal, None when it is allowed."""
    limits, told = ARTICLES[city]
    by = {"row": value["article"], "limits": limits, "told": told, "house": ""}
    if entry["side"] == "incentive":
        by["limits"] = value["article"]
    return next(((reason, by[who]) for test, reason, who in TABLE if test(entry, value, asked)), None)


POWERS = ("incentive.apply", "measure.apply", "serious.apply", "consumption.restrict", "emergency", "court")
CONDUCTS = ("penalty.general", "penalty.grave", "honour.named", "commitment.kept", "health_life", "refusal_of_duty")


def good(entry: dict[str, Any], value: dict[str, Any], *, target: str, relation: str, on: date) -> Asked:
    """The most that a row allows: the heaviest, to the last day, with reasons, consent and power."""
    longest = value.get("longest")
    person = entry["side"] == "incentive" and target == "natural_person"
    return Asked(
        on=on,
        powers=frozenset(value["powers"]),
        target=target,
        conduct=value["person_conduct" if person else "conduct"][0],
        until=_last_day(on, longest) if longest else None,
        severity=int(value["severity_max"]) if "severity_max" in value else None,
        reasons="处罚决定书已经生效",
        relation=relation,
        own=True,
        consent=True,
    )


def others(value: dict[str, Any], asked: Asked) -> dict[str, list[Any]]:
    """What else each part of the question might be, on and beyond every edge of the row."""
    day, first, last = timedelta(days=1), date.fromisoformat(value["from"]), asked.until or asked.on
    end = date.fromisoformat(value["until"]) if value["until"] != "null" else DAY
    return {
        "on": [first - day, first, first + day, end - day, end],
        "powers": [frozenset(), *(frozenset({one}) for one in POWERS), frozenset(POWERS)],
        "target": [one.value for one in SubjectKind],
        "conduct": [*CONDUCTS, *value["conduct"]],
        "until": [None, asked.on - day, asked.on, asked.on + day, last - day, last, last + day, last + 400 * day],
        "severity": [None, -1, 0, 1, 2, 3, 4],
        "reasons": ["", " 　", "理由"],
        "relation": [one.value for one in Relation],
        "own": [False, True],
        "consent": [False, True],
    }


def judged(city: str, place: int, asked: Asked) -> None:
    """The rule and the second reading give the same answer, and a refusal has words."""
    code, entry, value = ROWS[city][place]
    pack = LAWS[city]
    row = next(one for one in pack.measures[code].values if one.from_.isoformat() == value["from"])
    expected = oracle(city, entry, value, asked)
    founded = asked.on >= pack.grounds["measure.limits"].values[0].from_
    if not founded and (expected is None or expected[0] != "measure_not_in_force"):
        return  # before the city's own law nothing founds a refusal; no row of it is in force then
    found = measures.may_apply(
        pack,
        row,
        on=asked.on,
        powers=asked.powers,
        target=SubjectKind(asked.target),
        conduct=asked.conduct,
        until=asked.until,
        severity=asked.severity,
        reasons=asked.reasons,
        relation=Relation(asked.relation),
        own_responsibility=asked.own,
        consent=asked.consent,
    )
    assert (None if isinstance(found, Allowed) else (found.reason, found.article)) == expected, (code, asked)
    assert isinstance(found, Allowed) or wording.known(found.reason)


def goods(city: str, place: int) -> list[Asked]:
    """The good question of a row for each of its targets and relations, on its first day and today."""
    _, entry, value = ROWS[city][place]
    return [
        good(entry, value, target=target, relation=relation, on=on)
        for target in value["targets"]
        for relation in value.get("reaches", ["subject"])
        for on in (date.fromisoformat(value["from"]), max(DAY, date.fromisoformat(value["from"])))
    ]


@pytest.mark.req("INV-6", "PUN-1", "PUN-2", "INC-1", "ZY-38", "ZY-40", "ZY-42", "ZY-43", kind="rule")
@pytest.mark.req("SP-20", "SP-21", "SP-23", kind="rule")
@pytest.mark.parametrize("city", PACKS)
def test_decision_is_that_of_the_second_reading_whatever_one_thing_is_changed(city: str) -> None:
    allowed = 0
    for place, (_, entry, value) in enumerate(ROWS[city]):
        for asked in goods(city, place):
            allowed += oracle(city, entry, value, asked) is None
            judged(city, place, asked)
            for name, choices in others(value, asked).items():
                for choice in choices:
                    judged(city, place, dataclasses.replace(asked, **{name: choice}))
    assert allowed >= 10


@pytest.mark.req("INV-6", "PUN-2", "INC-1", "ZY-40", "ZY-43", "SP-21", "SP-23", kind="rule")
@settings(max_examples=max(300, settings.default.max_examples))
@given(st.data())
def test_decision_is_that_of_the_second_reading_whatever_several_things_are_changed(data: st.DataObject) -> None:
    city = data.draw(st.sampled_from(PACKS))
    place = data.draw(st.sampled_from([i for i, (_, _, value) in enumerate(ROWS[city]) if value["state"] == "on"]))
    asked = data.draw(st.sampled_from(goods(city, place)))
    choices = others(ROWS[city][place][2], asked)
    for name in data.draw(st.lists(st.sampled_from(sorted(choices)), min_size=2, max_size=4, unique=True)):
        asked = dataclasses.replace(asked, **{name: data.draw(st.sampled_from(choices[name]))})
    judged(city, place, asked)


def test_every_reason_of_the_table_is_met_by_an_example_of_the_demo_city_or_below() -> None:
    """The table itself can fail: each of its lines refuses something that no line before it does."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in LIST_ROOT.glob("*/examples/measures.yaml"))
    missing = {reason for _, reason, _ in TABLE if f"refused: {reason}" not in text}
    assert missing == set()


# -- the rows against the articles


def _own(city: str, side: Side) -> dict[str, Any]:
    pack = load_pack(city)
    prefix = {"zhangye": "ZY", "siping": "SP", "demo-city": "DC"}[city]
    rows = [t.on(DAY) for t in pack.measures.values()]
    return {row.article: row for row in rows if row and row.side is side and row.article.startswith(prefix)}


@pytest.mark.req("ZY-38", "ZY-40", "ZY-42", "SP-20", "SP-21", "PUN-2", "INC-1", kind="rule")
@pytest.mark.parametrize(
    ("city", "side", "article", "count", "modality"),
    [
        ("zhangye", Side.INCENTIVE, "ZY-38", 6, Modality.MAY),
        ("zhangye", Side.PUNISHMENT, "ZY-40", 5, Modality.ONE_OR_MORE),
        ("zhangye", Side.SEVERE, "ZY-42", 6, Modality.SHALL),
        ("siping", Side.INCENTIVE, "SP-20", 6, Modality.MAY),
        ("siping", Side.PUNISHMENT, "SP-21", 4, Modality.MAY),
    ],
)
def test_list_has_one_row_for_each_item_of_its_article(
    city: str, side: Side, article: str, count: int, modality: Modality
) -> None:
    rows = _own(city, side)
    assert sorted(rows) == [f"{article}({number})" for number in range(1, count + 1)]
    assert {row.modality for row in rows.values()} == {modality}


@pytest.mark.req("PUN-2", "PUN-1", "SP-21", "SP-22", kind="refusal")
def test_siping_has_no_measures_of_its_own_for_serious_dishonesty() -> None:
    assert _own("siping", Side.SEVERE) == {}
    assert lookup.measures(load_pack("siping"), DAY, side=Side.SEVERE) == ()
    assert lookup.measures(load_pack("siping"), DAY, side=Side.SEVERE, off=True) == ()


@pytest.mark.req("PUN-1", "SER-1", "ZY-39", "ZY-40", "ZY-42", "SP-21", "SP-22", kind="refusal")
def test_what_was_not_verified_word_by_word_is_off_in_every_city(law_pack: Pack) -> None:
    national = {row.code for row in lookup.measures(law_pack, DAY, off=True) if row.level == "national"}
    assert len(national) == 14
    assert not any(row.level == "national" for row in lookup.measures(law_pack, DAY))
    assert not any(field.on for t in law_pack.severe_fields.values() for field in t.values if field.rank == "national")
    off = {row.article for row in lookup.measures(law_pack, DAY, off=True)}
    if law_pack.id == "zhangye":
        assert off >= {"ZY-38(3)", "ZY-38(6)", "ZY-40(2)", "ZY-40(5)", *(f"ZY-42({n})" for n in range(1, 7))}
    if law_pack.id == "siping":
        assert off >= {"SP-20(6)", "SP-21(4)"}
    if not law_pack.fictional:
        assert lookup.severe_categories(law_pack, DAY) == ()
        assert len(lookup.severe_categories(law_pack, DAY, off=True)) == 5


@pytest.mark.req("PUN-2", "ZY-42", kind="refusal")
def test_high_consumption_is_restricted_by_the_courts_alone(law_pack: Pack) -> None:
    for timeline in law_pack.measures.values():
        for row in timeline.values:
            if row.code.endswith("consumption") and row.powers:
                holders = {h for code in row.powers for value in law_pack.powers[code].values for h in value.holders}
                assert holders == {"court"}


@pytest.mark.req("INC-1", "PUN-2", "INV-1", "INV-6", "ZY-38", "SP-20", kind="refusal")
def test_no_row_scores_a_person_and_a_persons_incentive_needs_an_honour_and_consent(law_pack: Pack) -> None:
    person = SubjectKind.NATURAL_PERSON
    for timeline in law_pack.measures.values():
        for row in timeline.values:
            if row.side is Side.INCENTIVE and person in row.targets:
                assert person in row.consent_of and row.person_conduct
                assert all(law_pack.conducts[code].values[0].item is None for code in row.person_conduct)
            if "bid_points" in row.code or "supervision" in row.code or row.code == "incentive.inspection":
                assert person not in row.targets


@pytest.mark.req("PUN-1", "ZY-38", "ZY-40", "SP-20", "SP-21", kind="rule")
def test_catch_all_rows_name_what_may_found_them_as_each_law_says() -> None:
    founders = {
        (city, row.article): {one.value for one in row.founders}
        for city in ("zhangye", "siping")
        for row in (t.values[-1] for t in load_pack(city).measures.values())
        if row.catch_all
    }
    state = {"law", "regulation", "state_rule"}
    assert founders == {
        ("zhangye", "ZY-38(6)"): state | {"provincial_rule", "city_rule"},
        ("zhangye", "ZY-40(5)"): state,
        ("zhangye", "ZY-42(6)"): state,
        ("siping", "SP-20(6)"): {"law", "regulation"},
        ("siping", "SP-21(4)"): {"law", "regulation"},
    }


# -- leaving out, taking effect, proposing


@pytest.mark.req("PUN-2", "INV-6", "ZY-42", kind="refusal")
def test_a_mandatory_bar_is_never_left_out_and_discretion_needs_reasons(pack: Pack) -> None:
    bar = lookup.measure(pack, "severe.market_entry", DAY)
    assert measures.may_omit(pack, bar, on=DAY, reasons="已经整改") == Refused("measure_mandatory", "DC-34(1)")
    office = lookup.measure(pack, "severe.office", DAY)
    assert measures.may_omit(pack, office, on=DAY, reasons=" ") == Refused("measure_reasons_missing", "DC-34")
    assert measures.may_omit(pack, office, on=DAY, reasons="已经离职")
    talk = lookup.measure(pack, "measure.talk", DAY)
    assert measures.may_omit(pack, talk, on=DAY, reasons="")


@pytest.mark.req("INV-6", "SP-23", "PUN-2", kind="refusal")
def test_nothing_adverse_takes_effect_before_service(law_pack: Pack) -> None:
    for row in lookup.measures(law_pack, DAY):
        early = measures.may_take_effect(law_pack, row, on=DAY, served_on=None)
        late = measures.may_take_effect(law_pack, row, on=DAY, served_on=DAY + timedelta(days=1))
        assert bool(early) is bool(late) is (row.side is Side.INCENTIVE)
        assert measures.may_take_effect(law_pack, row, on=DAY, served_on=DAY)


@pytest.mark.req("PUN-1", "ZY-40", "SP-21", "INV-2", kind="rule")
def test_a_record_proposes_the_conducts_that_its_values_show(law_pack: Pack) -> None:
    def linked(code: str, kinds: str) -> tuple[str, ...]:
        row = lookup.measure(law_pack, code, DAY)
        kind, values = SubjectKind.LEGAL_PERSON, {"CF_CFLB": kinds, "CF_WFXW": "销售不合格食品"}
        return measures.linked_conducts(law_pack, row, item="CF", values=values, kind=kind, on=DAY)

    own = ("food.penalty",) if law_pack.id == "demo-city" else ()
    assert linked("measure.supervision", "警告") == own
    assert linked("measure.supervision", "罚款") == (*own, "penalty.general")
    assert linked("measure.public_money", "罚款") == ()
    assert linked("measure.public_money", "罚款;责令停产停业") == ("penalty.grave",)
    row = lookup.measure(law_pack, "measure.talk", DAY)
    assert measures.linked_conducts(law_pack, row, item="XK", values={}, kind=SubjectKind.LEGAL_PERSON, on=DAY) == ()


# -- serious dishonesty


@pytest.mark.req("SER-1", "ZY-41", "SP-22", kind="rule")
def test_categories_have_the_elements_of_their_own_city() -> None:
    third = {
        city: [one.code for one in load_pack(city).severe["refusal_of_duty"].values[0].elements]
        for city in ("zhangye", "siping")
    }
    assert third == {"zhangye": ["duty", "credibility"], "siping": ["able", "duty", "grave"]}
    articles = {city: [t.values[0].article for t in load_pack(city).severe.values()] for city in ("zhangye", "siping")}
    assert articles == {
        "zhangye": [f"ZY-41({number})" for number in range(1, 6)],
        "siping": [f"SP-22({number})" for number in range(1, 6)],
    }


@pytest.mark.req("SER-1", "ZY-41", "SP-22", "SP-23", kind="refusal")
@given(st.data())
def test_determination_needs_category_field_power_and_every_element(data: st.DataObject) -> None:
    city = data.draw(st.sampled_from(PACKS))
    pack = load_pack(city)
    category = data.draw(st.sampled_from([t.values[-1] for t in pack.severe.values()]))
    founded = sorted(category.founded_by)
    field = pack.severe_fields[data.draw(st.sampled_from(founded) | st.sampled_from(sorted(pack.severe_fields)))]
    elements = [one.code for one in category.elements]
    found = data.draw(st.frozensets(st.sampled_from([*elements, "nothing"])))
    powers = data.draw(st.frozensets(st.sampled_from(["serious.determine", "serious.apply"])))
    answer = measures.may_determine(pack, category, field.values[-1], on=DAY, powers=powers, found=found)
    allowed = (
        category.on
        and field.values[-1].on
        and field.name in founded
        and "serious.determine" in powers
        and set(elements) <= found
    )
    assert bool(answer) is allowed
    if isinstance(answer, Refused):
        assert wording.known(answer.reason) and answer.article


@pytest.mark.req("SER-1", "INV-4", kind="rule")
def test_publication_is_a_step_only_where_the_founding_rule_orders_it(pack: Pack) -> None:
    category = lookup.severe_category(pack, "health_life", DAY)
    ordered, silent = (lookup.severe_field(pack, code, DAY) for code in ("local_food", "local_trading"))
    assert Step.PUBLICATION in measures.steps_of(category, ordered)
    assert Step.PUBLICATION not in measures.steps_of(category, silent)


@pytest.mark.req("SER-1", kind="rule")
def test_every_category_asks_for_notice_answer_decision_service_and_exit(law_pack: Pack) -> None:
    needed = {Step.NOTICE, Step.STATEMENT, Step.REPLY, Step.DECISION, Step.SERVICE, Step.EXIT}
    for timeline in law_pack.severe.values():
        assert all(needed <= set(value.steps) for value in timeline.values)


# -- worked examples


def _asked(layer: str) -> set[tuple[str, str]]:
    """What the examples of a layer ask about and get an answer on: kind and name."""
    found = set()
    for path in (LIST_ROOT / layer / "examples").glob("*.yaml"):
        for case in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader):
            if case["expect"].get("error") != "no_value":
                found |= {(kind, name) for kind, name in case["given"].items() if isinstance(name, str)}
    return found


@pytest.mark.parametrize("layer", ["cn-national", *PACKS])
def test_every_row_category_matter_and_deadline_has_a_worked_example(layer: str) -> None:
    files = {"measures": ("measure", "code"), "severe": ("severe", "code"), "matters": ("matter", "code")}
    files |= {"deadlines": ("deadline", "name")}
    asked, missing = _asked(layer), []
    for file, (kind, key) in files.items():
        path = LIST_ROOT / layer / f"{file}.yaml"
        entries = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) if path.exists() else []
        missing += [f"{file}: {entry[key]}" for entry in entries if (kind, entry[key]) not in asked]
    assert missing == []
