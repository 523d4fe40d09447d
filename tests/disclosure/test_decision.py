"""The decision of disclosure against a second opinion and against properties that must hold whatever the pack says."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import load_pack
from tests.disclosure import oracle
from tests.disclosure import strategies as some
from tests.disclosure.strategies import ACCOUNT, ORGAN, SUBJECT, TODAY
from xinheng.disclosure.rules import (
    Asker,
    Channel,
    Ground,
    MaskKind,
    Period,
    PublicationFacts,
    Reason,
    RecordFacts,
    Release,
    SubjectFacts,
    admit,
    apply,
    article,
    decide,
    for_bulk,
    public_name,
    unseen,
)
from xinheng.law.enums import ChannelName, FieldType, MaskName, ReleaseWord, SubjectKind
from xinheng.law.lookup import item as item_in_force
from xinheng.law.pack import Pack
from xinheng.records.rules import RecordState


def founded(pack: Pack, cited: str) -> bool:
    """Whether the pack has the cited article; "" is a rule of the house, which cites none."""
    return cited == "" or cited.partition("(")[0] in pack.articles


quiet = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
LAWS = ("zhangye", "siping", "demo-city")
ORGANISATION = SubjectFacts(SUBJECT, SubjectKind.LEGAL_PERSON)
PERSON = SubjectFacts(SUBJECT, SubjectKind.NATURAL_PERSON)
BUSINESS = SubjectFacts(SUBJECT, SubjectKind.INDIVIDUAL_BUSINESS)
VISITOR = Asker(None, None, frozenset(), None, frozenset())
IN_PUBLIC = Ground(Channel.PUBLIC, None, None, None, None)
OPEN = Period(date(2026, 1, 1), date(2027, 1, 1))


def penalty(pack: Pack, **changes: object) -> RecordFacts:
    """A live penalty, public in these days."""
    plain = RecordFacts(
        record_id=1,
        item=item_in_force(pack, "CF", TODAY),
        state=RecordState.ACTIVE,
        publicity=OPEN,
        disputed=False,
        consent=None,
        self_declared=False,
    )
    return replace(plain, **changes)


def officer(pack: Pack) -> Asker:
    """An officer of a state organ with every power of the pack."""
    return Asker(ACCOUNT, ORGAN, some.all_powers(pack), None, frozenset(), "state_organ")


def official(pack: Pack, **changes: object) -> Ground:
    """A complete official ground on the first matter that is linked to penalties and cites no statute."""
    matter = next(
        v
        for entry in pack.matters.values()
        for v in entry.values
        if v.from_ <= TODAY and "CF" in v.items and v.statute == "none" and v.persons_admitted
    )
    plain = Ground(Channel.OFFICIAL, matter.code, "衡建招〔2026〕0041", None, None, frozenset({SUBJECT}))
    return replace(plain, **changes)


@pytest.mark.req("INV-3", "QRY-1", "QRY-2", "QRY-4", "PUB-1", "INV-4", "INV-7", "INV-9", kind="rule")
@pytest.mark.parametrize("law", LAWS)
@quiet
@given(data=st.data())
def test_the_decision_agrees_with_the_second_opinion(law: str, data: st.DataObject) -> None:
    pack = load_pack(law)
    asker, ground = data.draw(some.askers(pack)), data.draw(some.grounds(pack))
    subject = data.draw(some.subjects())
    records = [data.draw(some.records(pack, n)) for n in range(data.draw(st.integers(0, 3)))]
    answer = decide(asker, ground, subject, records, TODAY, pack)
    found = {record: {code: d.release.value for code, d in fields.items()} for record, fields in answer.records}
    assert (found, answer.hidden) == oracle.expected(asker, ground, subject, records, TODAY, pack)


@pytest.mark.req("INV-3", kind="refusal")
@pytest.mark.parametrize("law", LAWS)
@quiet
@given(data=st.data())
def test_a_question_not_admitted_shows_nothing_and_names_the_article(law: str, data: st.DataObject) -> None:
    pack = load_pack(law)
    asker, ground = data.draw(some.askers(pack)), data.draw(some.grounds(pack))
    subject, record = data.draw(some.subjects()), data.draw(some.records(pack))
    verdict = admit(asker, ground, subject, TODAY, pack)
    assert bool(verdict) is oracle.asked(asker, ground, subject, TODAY, pack)
    if not verdict:
        assert verdict.reason in set(Reason)
        assert verdict.article or of_the_house(pack, verdict.reason)
        assert decide(asker, ground, subject, [record], TODAY, pack).records == ()


@pytest.mark.req("INV-3", "PUB-1", kind="rule")
@pytest.mark.parametrize("law", LAWS)
@quiet
@given(data=st.data())
def test_a_wider_ground_never_shows_less(law: str, data: st.DataObject) -> None:
    pack = load_pack(law)
    subject, record = replace(data.draw(some.subjects()), frozen=False), data.draw(some.records(pack))
    if record.item.code not in pack.matters[official(pack).matter or ""].values[-1].items:
        return
    asker = replace(officer(pack), subject_id=SUBJECT)
    ladder = [IN_PUBLIC, official(pack), Ground(Channel.OWN, None, None, None, None)]
    answers = [dict(decide(asker, ground, subject, [record], TODAY, pack).records) for ground in ladder]
    for narrow, wide in itertools.pairwise(answers):
        for number, fields in narrow.items():
            for code, given_field in fields.items():
                assert wide[number][code].release.rank >= given_field.release.rank


@pytest.mark.req("INV-4", "ZY-47", kind="rule")
@pytest.mark.parametrize("law", LAWS)
@quiet
@given(data=st.data())
def test_a_person_is_never_public_outside_the_statute_that_orders_it(law: str, data: st.DataObject) -> None:
    pack = load_pack(law)
    record = data.draw(some.records(pack))
    answer = decide(VISITOR, IN_PUBLIC, PERSON, [record], TODAY, pack)
    if answer.records:
        assert record.person_publication is not None
        assert not record.as_minor
        consented = record.person_publication.consented and not record.item.adverse
        assert consented or record.person_publication.statute == record.item.person_statute


@pytest.mark.req("INV-3", "PUB-1", kind="rule")
@pytest.mark.parametrize("law", LAWS)
@quiet
@given(data=st.data())
def test_withheld_and_absent_fields_are_in_no_output(law: str, data: st.DataObject) -> None:
    pack = load_pack(law)
    asker, ground = data.draw(some.askers(pack)), data.draw(some.grounds(pack))
    subject, record = data.draw(some.subjects()), data.draw(some.records(pack))
    content = {field.code: f"机密{place}号" for place, field in enumerate(record.item.fields)} | {"X_OTHER": "别的"}
    for _, fields in decide(asker, ground, subject, [record], TODAY, pack).records:
        values = apply(fields, content)
        assert set(values) == {code for code, d in fields.items() if d.release is not Release.WITHHELD}
        for code, d in fields.items():
            if d.release is Release.WITHHELD:
                assert content[code] not in values.values()
                assert d.article or of_the_house(pack, d.reason)
        assert "别的" not in values.values()
        assert apply({}, content) == {}


def of_the_house(pack: Pack, reason: str) -> bool:
    """Whether the pack says of a reason that no article founds it."""
    value = pack.reasons[reason].on(TODAY)
    return value is not None and value.house


@pytest.mark.req("PUB-1", "INV-7", "ZY-45", "SP-26", kind="rule")
@pytest.mark.parametrize("state", [s for s in RecordState if s not in (RecordState.ACTIVE, RecordState.CORRECTED)])
def test_an_ended_record_is_shown_to_its_subject_only(law_pack: Pack, state: RecordState) -> None:
    record = penalty(law_pack, state=state)
    asker = replace(officer(law_pack), subject_id=SUBJECT)
    assert decide(VISITOR, IN_PUBLIC, ORGANISATION, [record], TODAY, law_pack).records == ()
    assert decide(asker, official(law_pack), ORGANISATION, [record], TODAY, law_pack).records == ()
    own = Ground(Channel.OWN, None, None, None, None)
    assert len(decide(asker, own, ORGANISATION, [record], TODAY, law_pack).records) == 1
    why = unseen(record, IN_PUBLIC, ORGANISATION.kind, TODAY, law_pack)
    assert why is not None
    assert founded(law_pack, article(law_pack, why, TODAY))


@pytest.mark.req("PUB-1", "INV-7", kind="rule")
def test_publicity_and_use_are_half_open(pack: Pack) -> None:
    def public_on(day: date, record: RecordFacts) -> bool:
        return bool(decide(VISITOR, IN_PUBLIC, ORGANISATION, [record], day, pack).records)

    def shared_on(day: date, record: RecordFacts) -> bool:
        return bool(decide(officer(pack), official(pack), ORGANISATION, [record], day, pack).records)

    record = penalty(
        pack, publicity=Period(date(2026, 11, 1), date(2026, 11, 20)), use=Period(date(2026, 11, 1), date(2026, 11, 25))
    )
    assert not public_on(date(2026, 10, 31), record)
    assert public_on(date(2026, 11, 1), record)
    assert public_on(date(2026, 11, 19), record)
    assert not public_on(date(2026, 11, 20), record)
    assert shared_on(date(2026, 11, 24), record)
    assert not shared_on(date(2026, 11, 25), record)


@pytest.mark.req("QRY-1", "INV-3", "ZY-34", "SP-10", kind="rule")
def test_only_items_linked_to_the_matter_are_answered_and_counted(law_pack: Pack) -> None:
    linked = penalty(law_pack)
    other = penalty(law_pack, record_id=2, item=replace(linked.item, code="ZZ"))
    answer = decide(officer(law_pack), official(law_pack), ORGANISATION, [linked, other], TODAY, law_pack)
    assert [number for number, _ in answer.records] == [1]
    assert answer.hidden == sum(d.release is Release.WITHHELD for d in dict(answer.records)[1].values())


REFUSED = {
    "daily_inspection": ({"matter": "daily_inspection"}, {}, Reason.MATTER_NOT_LISTED),
    "no matter": ({"matter": None}, {}, Reason.MATTER_NOT_LISTED),
    "no case": ({"case_number": "  "}, {}, Reason.CASE_MISSING),
    "no power": ({}, {"powers": frozenset()}, Reason.POWER_MISSING),
    "enterprise": ({}, {"organisation_kind": "enterprise"}, Reason.MATTER_NOT_FOR_YOU),
    "nobody": ({}, {"organisation_id": None}, Reason.GROUND_MISSING),
    "signed out": ({}, {"account_id": None}, Reason.GROUND_MISSING),
    "not a party": ({"parties": frozenset({SUBJECT + 1})}, {}, Reason.PERSON_NOT_PARTY),
    "one too many": ({"beyond": frozenset({SUBJECT})}, {}, Reason.TOO_MANY_PERSONS),
    "crowd": ({"parties": frozenset(range(SUBJECT, SUBJECT + 10_000))}, {}, Reason.TOO_MANY_PERSONS),
}


@pytest.mark.req("QRY-1", "INV-3", "ZY-34", "ZY-35", "SP-10", "SP-28", kind="refusal")
@pytest.mark.parametrize("case", REFUSED)
def test_an_official_question_without_its_ground_is_refused_with_the_article(law_pack: Pack, case: str) -> None:
    ground, asker, reason = REFUSED[case]
    verdict = admit(replace(officer(law_pack), **asker), official(law_pack, **ground), PERSON, TODAY, law_pack)
    assert not verdict
    assert verdict.reason == reason
    assert verdict.article == article(law_pack, reason, TODAY)
    assert founded(law_pack, verdict.article)


@pytest.mark.req("QRY-1", "ZY-34", "SP-10", kind="refusal")
@pytest.mark.parametrize(
    ("statute", "reason"),
    [
        (None, Reason.STATUTE_MISSING),
        ("某法第一条", Reason.STATUTE_UNKNOWN),
        ("CN-PSAL-136", Reason.STATUTE_UNKNOWN),
        ("《行政处罚法》第四十八条", None),
    ],
)
def test_other_matters_by_law_need_a_statute_that_the_pack_lists(
    law_pack: Pack, statute: str | None, reason: Reason | None
) -> None:
    ground = official(law_pack, matter="other_by_law", statute=statute)
    verdict = admit(officer(law_pack), ground, ORGANISATION, TODAY, law_pack)
    assert getattr(verdict, "reason", None) == reason
    unregistered = replace(officer(law_pack), powers=frozenset())
    assert getattr(admit(unregistered, ground, ORGANISATION, TODAY, law_pack), "reason", None) == Reason.POWER_MISSING


@pytest.mark.req("QRY-1", "INV-3", kind="rule")
def test_a_complete_official_question_about_a_party_is_admitted(law_pack: Pack) -> None:
    assert admit(officer(law_pack), official(law_pack), PERSON, TODAY, law_pack)


@pytest.mark.req("SUB-1", "ZY-3", "SP-3", kind="refusal")
def test_a_frozen_file_is_closed_except_to_guardian_and_relatives(law_pack: Pack) -> None:
    frozen = replace(PERSON, frozen=True)
    own = Ground(Channel.OWN, None, None, None, None)
    himself = Asker(ACCOUNT, None, frozenset(), SUBJECT, frozenset())
    guardian = Asker(ACCOUNT, None, frozenset(), None, frozenset({SUBJECT}))
    assert admit(himself, own, frozen, TODAY, law_pack).reason == Reason.SUBJECT_FROZEN
    assert admit(officer(law_pack), official(law_pack), frozen, TODAY, law_pack).reason == Reason.SUBJECT_FROZEN
    assert admit(guardian, own, frozen, TODAY, law_pack)


@pytest.mark.req("QRY-2", "ZY-44", "SP-24", kind="refusal")
def test_nobody_opens_a_file_that_is_not_his_own(law_pack: Pack) -> None:
    own = Ground(Channel.OWN, None, None, None, None)
    other = Asker(ACCOUNT, None, frozenset(), SUBJECT + 1, frozenset())
    verdict = admit(other, own, PERSON, TODAY, law_pack)
    assert not verdict
    assert verdict.reason == Reason.NOT_OWN


@pytest.mark.req("INV-9", kind="refusal")
def test_adverse_conduct_as_a_minor_is_never_shown_or_counted(law_pack: Pack) -> None:
    record = penalty(law_pack, as_minor=True)
    asker = replace(officer(law_pack), subject_id=SUBJECT)
    for ground in (IN_PUBLIC, official(law_pack), Ground(Channel.OWN, None, None, None, None)):
        answer = decide(asker, ground, PERSON, [record], TODAY, law_pack)
        assert answer.records == ()
        assert answer.hidden == 0


@pytest.mark.req("INV-4", "ZY-47", kind="rule")
@pytest.mark.parametrize("minor", [True, False])
def test_an_honour_of_a_person_is_public_by_consent_unless_a_minor(pack: Pack, minor: bool) -> None:
    base = penalty(pack)
    kinds = {**base.item.kinds, PERSON.kind: base.item.kinds[ORGANISATION.kind]}
    honour = replace(base.item, adverse=False, kinds=kinds)
    publication = PublicationFacts("", ORGAN, TODAY, consented=True)
    record = replace(base, item=honour, person_publication=publication, as_minor=minor)
    assert bool(decide(VISITOR, IN_PUBLIC, PERSON, [record], TODAY, pack).records) is not minor


@pytest.mark.req("INV-4", "ZY-47", kind="refusal")
@pytest.mark.parametrize("statute", [None, "CN-CPL-266"])
@pytest.mark.parametrize("impact", [True, False])
def test_a_penalty_of_a_person_needs_statute_and_social_impact(pack: Pack, statute: str | None, impact: bool) -> None:
    base = penalty(pack)
    item = replace(
        base.item, person_statute=statute, kinds={**base.item.kinds, PERSON.kind: base.item.kinds[ORGANISATION.kind]}
    )
    record = replace(base, item=item, person_publication=PublicationFacts("CN-CPL-266", ORGAN, TODAY, impact))
    shown = decide(VISITOR, IN_PUBLIC, PERSON, [record], TODAY, pack).records
    assert bool(shown) is (statute is not None and impact)


@pytest.mark.req("INV-4", kind="rule")
def test_the_operator_of_a_business_is_withheld_also_inside_name_and_text(law_pack: Pack) -> None:
    record = penalty(law_pack)
    item = record.item
    content = dict.fromkeys((f.code for f in item.fields), "")
    content[item.roles["representative"]] = "陆听澜"
    content[item.roles["name"]] = "弱水区陆听澜面馆"
    content[item.roles["facts"]] = "经营者陆听澜（电话13800000000）使用过期原料"
    content[item.roles["representative_id"]] = "622201199001013336"
    ((_, fields),) = decide(VISITOR, IN_PUBLIC, BUSINESS, [record], TODAY, law_pack).records
    values = apply(fields, content)
    assert not any("陆听澜" in value or "13800000000" in value or "622201" in value for value in values.values())
    assert values[item.roles["name"]] == "弱水区**面馆"
    assert item.roles["representative"] not in values
    assert fields[item.roles["representative"]].reason == Reason.OPERATOR_PRIVATE


@pytest.mark.req("PUB-1", kind="rule")
def test_the_representative_of_an_organisation_is_public_but_not_the_document(law_pack: Pack) -> None:
    record = penalty(law_pack)
    roles = record.item.roles
    ((_, fields),) = decide(VISITOR, IN_PUBLIC, ORGANISATION, [record], TODAY, law_pack).records
    assert fields[roles["representative"]].release is Release.FULL
    for role in ("representative_id_type", "representative_id"):
        assert fields[roles[role]].release is Release.WITHHELD
        assert fields[roles[role]].reason == Reason.REPRESENTATIVE_DOCUMENT
    assert for_bulk(fields, record.item, TODAY, law_pack)[roles["representative"]].release is Release.WITHHELD


@pytest.mark.req("QRY-1", "PUB-1", kind="rule")
def test_an_official_sees_two_characters_of_an_identity_number_at_most(law_pack: Pack) -> None:
    record = penalty(law_pack, publicity=None)
    roles = record.item.roles
    ((_, fields),) = decide(officer(law_pack), official(law_pack), PERSON, [record], TODAY, law_pack).records
    content = {
        roles["id_number"]: "622201199001013336",
        roles["facts"]: "证人身份证622201199001013336，卡6222021234567890123",
    }
    values = apply(fields, content)
    assert values.get(roles["id_number"], "") in ("", "*" * 16 + "36")
    assert "199001" not in "".join(values.values())


@pytest.mark.req("INV-4", kind="rule")
def test_public_names_hide_the_operator_and_never_name_a_person() -> None:
    assert public_name("弱水区陆听澜面馆", SubjectKind.INDIVIDUAL_BUSINESS, ["陆听澜"]) == "弱水区**面馆"
    assert public_name("陆听澜建材有限公司", SubjectKind.LEGAL_PERSON, ["陆听澜"]) == "陆听澜建材有限公司"
    assert public_name("陆听澜", SubjectKind.NATURAL_PERSON, []) == ""


@pytest.mark.req("INV-3", kind="rule")
def test_every_reason_has_an_article_or_is_a_rule_of_the_house_in_every_pack(law_pack: Pack) -> None:
    for reason in Reason:
        if reason is not Reason.GRANTED_OFFICIAL:
            assert founded(law_pack, article(law_pack, reason, TODAY))
    assert MaskKind.ALL in MaskKind


@pytest.mark.req("INV-4", "INV-3", kind="rule")
@pytest.mark.parametrize("law", LAWS)
@quiet
@given(data=st.data())
def test_an_identity_number_is_whole_for_its_subject_and_officials_alone(law: str, data: st.DataObject) -> None:
    pack = load_pack(law)
    asker, ground = data.draw(some.askers(pack)), data.draw(some.grounds(pack))
    subject, record = data.draw(some.subjects()), data.draw(some.records(pack))
    numbers = [field.code for field in record.item.fields if field.type is FieldType.IDNUMBER]
    for _, fields in decide(asker, ground, subject, [record], TODAY, pack).records:
        values = apply(fields, dict.fromkeys(numbers, "622201199001013336"))
        if ground.channel not in {Channel.OWN, Channel.OFFICIAL}:
            assert not any("622201199001" in values.get(code, "") for code in numbers)
        bulk = for_bulk(fields, record.item, TODAY, pack)
        assert all(bulk[code].release is Release.WITHHELD for code in numbers)


@pytest.mark.req("INV-4", kind="refusal")
@pytest.mark.parametrize("mask", [MaskName.NONE, MaskName.FREE_TEXT, MaskName.SURNAME])
@pytest.mark.parametrize("word", [ReleaseWord.FULL, ReleaseWord.MASKED])
def test_a_catalog_that_says_otherwise_publishes_no_identity_number(
    law_pack: Pack, word: ReleaseWord, mask: MaskName
) -> None:
    record = penalty(law_pack)
    code = record.item.roles["representative_id"]
    everyone = dict.fromkeys(ChannelName, word)
    bare = {"disclosure": everyone, "disclosure_for": {}, "personal": False, "mask": mask, "exports": "full"}
    fields = tuple(replace(f, **bare) if f.code == code else f for f in record.item.fields)
    record = replace(record, item=replace(record.item, fields=fields))
    ((_, seen),) = decide(VISITOR, IN_PUBLIC, ORGANISATION, [record], TODAY, law_pack).records
    assert apply(seen, {code: "E12345678"}).get(code, "") in {"", "*" * 16 + "78"}
    assert for_bulk(seen, record.item, TODAY, law_pack)[code].release is Release.WITHHELD
