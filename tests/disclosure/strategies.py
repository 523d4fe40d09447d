"""Invented questions for the property tests: every kind of asker, ground, subject and record, also absurd ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from xinheng.disclosure.rules import (
    Asker,
    AuthorisationFacts,
    Channel,
    ConsentFacts,
    Ground,
    PublicationFacts,
    RecordFacts,
    SubjectFacts,
)
from xinheng.law.enums import Attribute, ChannelName, FieldType, MaskName, ReleaseWord, SubjectKind
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack
from xinheng.records.rules import Period, RecordState

TODAY = date(2026, 11, 20)
ORGAN = 10
ACCOUNT = 20
SUBJECT = 30
STATUTE = "CN-CPL-266"

masks = st.sampled_from(list(MaskName))
days = st.sampled_from([TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1), TODAY - timedelta(days=400)])


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(days)
    end = draw(st.none() | days.map(lambda d: max(d, start + timedelta(days=1))))
    return Period(start, end)


@st.composite
def items(draw: st.DrawFn, pack: Pack) -> ItemVersion:
    """A real item of the pack, its attributes and columns turned at random."""
    code = draw(st.sampled_from(sorted(code for code, item in pack.items.items() if item.versions)))
    item = pack.items[code].versions[-1]
    attributes = st.sampled_from(list(Attribute))
    columns = st.dictionaries(st.sampled_from(list(ChannelName)), st.sampled_from(list(ReleaseWord)))
    touched = draw(st.lists(st.sampled_from([f.code for f in item.fields]), max_size=4, unique=True))
    numbers = [f.code for f in item.fields if f.type is FieldType.IDNUMBER and draw(st.booleans())]
    turned = {*touched, *numbers}
    fields = tuple(
        replace(f, disclosure=draw(columns), disclosure_for={}, personal=draw(st.booleans()), mask=draw(masks))
        if f.code in turned
        else f
        for f in item.fields
    )
    return replace(
        item,
        fields=fields,
        publicity=draw(attributes),
        kinds={kind: draw(attributes) for kind in SubjectKind},
        sharing=tuple(draw(st.sets(st.sampled_from(["government", "authorised"])))),
        adverse=draw(st.booleans()),
        market=draw(st.booleans()),
        person_statute=draw(st.sampled_from([None, STATUTE])),
    )


@st.composite
def records(draw: st.DrawFn, pack: Pack, record_id: int = 1) -> RecordFacts:
    consent = st.builds(
        ConsentFacts, st.frozensets(st.sampled_from(list(Channel))), periods(), st.sampled_from([False, False, True])
    )
    publication = st.builds(
        PublicationFacts,
        st.sampled_from([STATUTE, "CN-OTHER-1"]),
        st.just(ORGAN),
        st.just(TODAY),
        st.booleans(),
        st.booleans(),
    )
    return RecordFacts(
        record_id=record_id,
        item=draw(items(pack)),
        state=draw(st.sampled_from([RecordState.ACTIVE, RecordState.ACTIVE, *RecordState])),
        publicity=draw(st.none() | periods()),
        disputed=draw(st.booleans()),
        consent=draw(st.none() | consent),
        self_declared=draw(st.booleans()),
        use=draw(st.none() | periods()),
        person_publication=draw(st.none() | publication),
        as_minor=draw(st.sampled_from([False, False, True])),
    )


@st.composite
def subjects(draw: st.DrawFn) -> SubjectFacts:
    return SubjectFacts(SUBJECT, draw(st.sampled_from(list(SubjectKind))), draw(st.sampled_from([False, False, True])))


def all_powers(pack: Pack) -> frozenset[str]:
    return frozenset(power for entry in pack.matters.values() for value in entry.values for power in value.powers)


@st.composite
def askers(draw: st.DrawFn, pack: Pack) -> Asker:
    kinds = sorted({kind for entry in pack.matters.values() for value in entry.values for kind in value.askers})
    return Asker(
        account_id=draw(st.sampled_from([ACCOUNT, ACCOUNT, None])),
        organisation_id=draw(st.sampled_from([ORGAN, ORGAN, None])),
        powers=draw(st.sampled_from([all_powers(pack), frozenset(), all_powers(pack) | {"某法第一条"}])),
        subject_id=draw(st.sampled_from([None, SUBJECT, SUBJECT + 1])),
        acts_for=draw(st.sampled_from([frozenset(), frozenset({SUBJECT}), frozenset({SUBJECT + 1})])),
        organisation_kind=draw(st.sampled_from([*kinds, *kinds, "enterprise", None])),
    )


@st.composite
def grounds(draw: st.DrawFn, pack: Pack) -> Ground:
    paper = st.builds(
        AuthorisationFacts,
        subject_id=st.sampled_from([SUBJECT, SUBJECT + 1]),
        recipient_organisation_id=st.sampled_from([ORGAN, None]),
        recipient_account_id=st.sampled_from([ACCOUNT, None]),
        items=st.frozensets(st.sampled_from(sorted(pack.items))),
        purpose=st.just("贷款担保"),
        period=periods(),
        withdrawn=st.sampled_from([False, False, True]),
    )
    return Ground(
        channel=draw(st.sampled_from(list(Channel))),
        matter=draw(st.sampled_from([*sorted(pack.matters), "daily_inspection", None])),
        case_number=draw(st.sampled_from(["衡建招〔2026〕0041", "衡建招〔2026〕0041", " ", None])),
        authorisation=draw(st.none() | paper),
        statute=draw(
            st.sampled_from(
                [None, "某法第一条", " ", "CN-APL-48", "CN-CC-18", "《中华人民共和国行政处罚法》第四十八条"]
            )
        ),
        parties=draw(st.sampled_from([frozenset({SUBJECT}), frozenset(), frozenset(range(SUBJECT, SUBJECT + 400))])),
        beyond=draw(st.sampled_from([frozenset(), frozenset(), frozenset({SUBJECT}), frozenset({SUBJECT + 1})])),
    )
