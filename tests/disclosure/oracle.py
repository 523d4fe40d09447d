"""A second opinion on the decision of disclosure, written from the law and not from the code.

It knows the facts (dataclasses) and the pack's data, and none of the functions of `xinheng.disclosure.rules`. Whether
a record is seen is read off a table with a line for every combination of the questions the law asks; fields are the
best of the columns that the channel may read.
"""

from __future__ import annotations

import itertools
from datetime import date

from xinheng.disclosure.rules import Asker, Ground, RecordFacts, SubjectFacts
from xinheng.law.pack import Pack

LEVEL = {"withheld": 0, "masked": 1, "full": 2}
ENDED = {"withdrawn", "repaired", "expired", "erased"}

# channel -> which of the two facts about a record (it is public today, its item is shared with this channel) suffice
SUFFICES = {
    "public": [("public",)],
    "official": [("public",), ("shared",)],
    "authorised": [("public",), ("shared",)],
    "statute": [("public",), ("shared",)],
    "own": [()],
}
COLUMNS = {
    "public": ["public"],
    "official": ["public", "government"],
    "authorised": ["public", "authorised"],
    "statute": ["public", "authorised"],
    "own": ["public", "government", "authorised", "own"],
}
LISTED = {
    "CN-APL-48",
    "《中华人民共和国行政处罚法》第四十八条",
}  # the laws of all packs know it, and their matters list it
SCOPE = {"official": "government", "authorised": "authorised", "statute": "authorised"}


def _inside(period: object, day: date) -> bool:
    start, end = period.from_, period.until  # type: ignore[attr-defined]
    return bool(start <= day) and (end is None or bool(day < end))


def asked(asker: Asker, ground: Ground, subject: SubjectFacts, day: date, pack: Pack) -> bool:
    """May the question be asked?"""
    person = subject.kind.value == "natural_person"
    relative = ground.channel.value == "own" and subject.subject_id in asker.acts_for
    if person and subject.frozen and not relative:
        return False
    channel = ground.channel.value
    if channel == "public":
        return True
    if asker.account_id is None:
        return False
    if channel == "own":
        return subject.subject_id in {asker.subject_id, *asker.acts_for}
    if channel == "authorised":
        paper = ground.authorisation
        if paper is None or paper.withdrawn or paper.subject_id != subject.subject_id:
            return False
        mine = paper.recipient_account_id == asker.account_id or (
            asker.organisation_id is not None and paper.recipient_organisation_id == asker.organisation_id
        )
        return mine and _inside(paper.period, day)
    if channel == "statute":
        return asker.organisation_id is not None and ground.statute in asker.powers
    rows = [v for v in getattr(pack.matters.get(ground.matter or ""), "values", ()) if _inside(v, day)]
    if asker.organisation_id is None or len(rows) != 1:
        return False
    row = rows[0]
    demands = [
        asker.organisation_kind in row.askers,
        not row.powers or any(p in asker.powers for p in row.powers),
        row.case_number != "required" or bool(ground.case_number and ground.case_number.strip()),
        row.statute != "must_cite" or ground.statute in LISTED,
        not person or (row.persons_admitted and subject.subject_id in ground.parties),
        not person or subject.subject_id not in ground.beyond,
        not person or len(ground.parties) <= row.max_persons,
    ]
    return all(demands)


def seen(ground: Ground, subject: SubjectFacts, record: RecordFacts, day: date) -> tuple[bool, bool]:
    """(the record is public today, the record is seen on this ground)"""
    item, kind = record.item, subject.kind
    alive = record.state.value not in ENDED and (record.use is None or _inside(record.use, day))
    will = record.consent
    optional = item.market or record.self_declared

    def wanted(channel: str) -> bool:
        if not optional:
            return True
        if will is None or will.withdrawn or not _inside(will.period, day):
            return False
        return channel in {c.value for c in will.channels}

    public = (
        alive
        and record.publicity is not None
        and _inside(record.publicity, day)
        and item.publicity.value != "none"
        and kind in item.kinds
        and item.kinds[kind].value == "public"
        and wanted("public")
    )
    if kind.value == "natural_person":
        order = record.person_publication
        honoured = order is not None and order.consented and not item.adverse
        ordered = (
            order is not None
            and item.person_statute is not None
            and order.statute == item.person_statute
            and (order.social_impact or not item.adverse)
        )
        public = public and not record.as_minor and (honoured or ordered)
    channel = ground.channel.value
    shared = alive and SCOPE.get(channel) in item.sharing and wanted(channel)
    held = {name for name, true in (("public", public), ("shared", shared)) if true}
    return public, any(set(need) <= held for need in SUFFICES[channel])


def reaches(ground: Ground, record: RecordFacts, day: date, pack: Pack) -> bool:
    """Is the item relevant to the ground?"""
    if ground.channel.value == "official":
        return any(record.item.code in v.items for v in pack.matters[ground.matter or ""].values if _inside(v, day))
    if ground.channel.value == "authorised":
        assert ground.authorisation is not None
        return record.item.code in ground.authorisation.items
    return True


def releases(ground: Ground, subject: SubjectFacts, record: RecordFacts, public: bool) -> dict[str, str]:
    """Field code -> full, masked or withheld."""
    if record.state.value == "erased":
        return {field.code: "withheld" for field in record.item.fields}
    roles = {code: role for role, code in reversed(list(record.item.roles.items()))}
    found: dict[str, str] = {}
    for field, column in itertools.product(record.item.fields, COLUMNS[ground.channel.value]):
        if column == "public" and not public:
            continue
        special = {str(k): v for k, v in field.disclosure_for.get(subject.kind, {}).items()}
        plain = {str(k): str(v) for k, v in field.disclosure.items()}
        word = str(special[column].release) if column in special else plain.get(column, "withheld")
        if column == "public":
            operator = subject.kind.value == "individual_business"
            if operator and roles.get(field.code, "").startswith("representative"):
                word = "withheld"
            if field.personal and word == "full":
                word = "masked"
        outside = column == "public" or ground.channel.value in {"authorised", "statute"}
        if outside and field.type.value == "idnumber" and word == "full":
            word = "masked"
        if LEVEL[word] >= LEVEL[found.get(field.code, "withheld")]:
            found[field.code] = word
    return {field.code: found.get(field.code, "withheld") for field in record.item.fields}


def expected(
    asker: Asker, ground: Ground, subject: SubjectFacts, records: list[RecordFacts], day: date, pack: Pack
) -> tuple[dict[int, dict[str, str]], int]:
    """What the law expects: record -> field -> release, and how many fields stay hidden."""
    shown: dict[int, dict[str, str]] = {}
    hidden = 0
    if not asked(asker, ground, subject, day, pack):
        return shown, hidden
    for record in records:
        if record.as_minor and record.item.adverse:
            continue
        if not reaches(ground, record, day, pack):
            continue
        public, visible = seen(ground, subject, record, day)
        if visible:
            shown[record.record_id] = releases(ground, subject, record, public)
            hidden += list(shown[record.record_id].values()).count("withheld")
        else:
            hidden += len(record.item.fields)
    return shown, hidden
