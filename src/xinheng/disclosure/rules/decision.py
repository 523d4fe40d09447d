"""Which records are shown on a ground, and what of them leaves the house?

The second half of the decision: relevance and sharing scope by the pack, states and periods against the legal day,
INV-4, then field by field (`fields`). Default deny: what no rule releases is withheld.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from xinheng.disclosure.rules.admission import admit
from xinheng.disclosure.rules.facts import (
    Answer,
    Asker,
    Channel,
    FieldDecision,
    Ground,
    ItemVersionFacts,
    RecordFacts,
    Release,
    SubjectFacts,
)
from xinheng.disclosure.rules.fields import BUSINESS, PARTS_OF_REPRESENTATIVE, PERSON, Fields, View, plan
from xinheng.disclosure.rules.masks import Mask, MaskKind, masked
from xinheng.disclosure.rules.reasons import Reason
from xinheng.law.enums import Attribute, FieldType, SubjectKind
from xinheng.law.lookup import matter as matter_in_force
from xinheng.law.pack import Pack
from xinheng.lib.text import without_names
from xinheng.records.rules import LIVE, RecordState

GOVERNMENT = "government"
AUTHORISED = "authorised"


def decide(  # noqa: PLR0917
    asker: Asker, ground: Ground, subject: SubjectFacts, records: Sequence[RecordFacts], day: date, pack: Pack
) -> Answer:
    """What ``asker`` is shown of ``records`` of ``subject`` on ``ground`` on the legal ``day``.

    An answer names only records that may be seen. Records outside the ground leave no trace in it, except that fields
    of records linked to the ground count as hidden. Nothing at all when `admit` refuses. Adverse conduct as a minor
    is never shown or counted (INV-9).
    """
    if not admit(asker, ground, subject, day, pack):
        return Answer((), 0)
    shown: list[tuple[int, Fields]] = []
    hidden = 0
    for record in records:
        if is_sealed(record) or not _linked(record, ground, day, pack):
            continue
        if unseen(record, ground, subject.kind, day, pack) is None:
            fields = _fields_of(record, ground, subject.kind, day, pack)
            shown.append((record.record_id, fields))
            hidden += sum(field.release is Release.WITHHELD for field in fields.values())
        else:
            hidden += len(record.item.fields)
    return Answer(tuple(shown), hidden)


def unseen(record: RecordFacts, ground: Ground, kind: SubjectKind, day: date, pack: Pack) -> Reason | None:
    """Why the record is not shown on ``ground`` on ``day``; None: it is shown.

    The subject sees every record of its file; an official sees what is public, and of the rest what the item shares.
    """
    if ground.channel is Channel.OWN:
        return None
    if not _linked(record, ground, day, pack):
        return Reason.NOT_LINKED
    not_public = unpublished(record, kind, day)
    if ground.channel is Channel.PUBLIC or not_public is None:
        return not_public
    scope = GOVERNMENT if ground.channel is Channel.OFFICIAL else AUTHORISED
    return _ended(record, day) or (
        Reason.NOT_SHARED if scope not in record.item.sharing else _unwilled(record, ground.channel, day)
    )


def unpublished(record: RecordFacts, kind: SubjectKind, day: date) -> Reason | None:
    """Why the record is not public on ``day``; None: it is. Attribute, state, both periods, for a person INV-4."""
    item = record.item
    if ended := _ended(record, day):
        return ended
    if kind is PERSON and not _person_published(record):
        return Reason.PERSON_NOT_PUBLIC
    if item.publicity is Attribute.NONE or item.kinds.get(kind) is not Attribute.PUBLIC:
        return Reason.NOT_PUBLIC
    if record.publicity is None or not record.publicity.holds(day):
        return Reason.PUBLICITY_NOT_RUNNING
    return _unwilled(record, Channel.PUBLIC, day)


def is_sealed(record: RecordFacts) -> bool:
    """Adverse conduct as a minor: never shown, shared or counted, by any ground (INV-9)."""
    return record.as_minor and record.item.adverse


def apply(decision: Fields, content: Mapping[str, str], operators: Iterable[str] = ()) -> dict[str, str]:
    """The values that leave the house: those released, masked where the decision says so. A missing value is empty.

    ``operators``: the names of everyone ever reported as the operator of the business that the record is about.
    The only way a value reaches a door; what the decision withholds or does not name has no key in the result.
    """
    released, masks = _released(decision)
    shown = {code: content.get(code, "") for code in released}
    for code, mask in masks:
        if shown[code]:
            shown[code] = masked(mask, shown[code], content, operators)
    return shown


# The decision of a plan is one read-only mapping for all its records, so this is worked out once for it.
_parts: dict[int, tuple[Fields, tuple[str, ...], tuple[tuple[str, Mask], ...]]] = {}
_PARTS_KEPT = 4096


def _released(decision: Fields) -> tuple[tuple[str, ...], tuple[tuple[str, Mask], ...]]:
    """The fields of which something is shown, and the masks of those shown behind one."""
    known = _parts.get(id(decision))
    if known is not None and known[0] is decision:
        return known[1], known[2]
    released = tuple(code for code, field in decision.items() if field.release is not Release.WITHHELD)
    masks = tuple((code, mask) for code in released if (mask := decision[code].mask) is not None)
    if isinstance(decision, MappingProxyType):
        if len(_parts) >= _PARTS_KEPT:
            _parts.clear()
        _parts[id(decision)] = (decision, released, masks)
    return released, masks


def for_bulk(decision: Fields, item: ItemVersionFacts, day: date, pack: Pack) -> Fields:
    """The decision for exports and feeds, without names of representatives, in their field or in a text, and
    without what the pack keeps out (INV-3).
    """
    kept_out = {field.code for field in item.fields if field.exports == "withheld" or field.type is FieldType.IDNUMBER}
    kept_out.update(item.roles[role] for role in PARTS_OF_REPRESENTATIVE if role in item.roles)
    nobody = Ground(Channel.PUBLIC, None, None, None, None)
    left_out = View(item, SubjectKind.LEGAL_PERSON, nobody, True, day, pack).withheld(Reason.THIRD_PERSON)
    named = (item.roles["representative"],) if "representative" in item.roles else ()
    texts = {field.code for field in item.fields if named and field.type is FieldType.TEXT}
    return {
        code: left_out if code in kept_out else _unnamed(given, named) if code in texts else given
        for code, given in decision.items()
    }


def _unnamed(given: FieldDecision, named: tuple[str, ...]) -> FieldDecision:
    """The decision about a text, with the names in the fields ``named`` starred wherever it says them."""
    hides = given.mask.names if given.mask and given.mask.kind is MaskKind.FREE_TEXT_NAMES else ()
    words = given.mask is None or given.mask.kind in (MaskKind.FREE_TEXT, MaskKind.FREE_TEXT_NAMES)
    if given.release is Release.WITHHELD or not words:
        return given
    return replace(given, mask=Mask(MaskKind.FREE_TEXT_NAMES, (*hides, *named)))


def public_name(name: str, kind: SubjectKind, operators: Iterable[str]) -> str:
    """The name under which a subject is public: an individual business without its operator's name inside (INV-4)."""
    if kind is PERSON:
        return ""
    return without_names(name, operators) if kind is BUSINESS else name


def _fields_of(record: RecordFacts, ground: Ground, kind: SubjectKind, day: date, pack: Pack) -> Fields:
    public = unpublished(record, kind, day) is None
    return plan(View(record.item, kind, ground, public, day, pack), erased=record.state is RecordState.ERASED)


def _linked(record: RecordFacts, ground: Ground, day: date, pack: Pack) -> bool:
    """Whether the ground reaches the record's item at all: relevance by the pack, or the items authorised."""
    match ground.channel:
        case Channel.OFFICIAL:
            return record.item.code in matter_in_force(pack, ground.matter or "", day).items
        case Channel.AUTHORISED:
            return ground.authorisation is not None and record.item.code in ground.authorisation.items
        case _:
            return True


_ENDED = {
    RecordState.REPAIRED: Reason.REPAIRED,
    RecordState.WITHDRAWN: Reason.WITHDRAWN,
    RecordState.EXPIRED: Reason.EXPIRED,
    RecordState.ERASED: Reason.ERASED,
}


def _ended(record: RecordFacts, day: date) -> Reason | None:
    """Nothing repaired, withdrawn, expired or erased, nothing past its last day of use is shown to others (INV-7);
    nothing either of an item that was switched off after the record was taken in.
    """
    if record.item.state != "on":
        return Reason.NOT_SHARED
    if record.state not in LIVE:
        return _ENDED[record.state]
    return None if record.use is None or record.use.holds(day) else Reason.USE_ENDED


def _unwilled(record: RecordFacts, channel: Channel, day: date) -> Reason | None:
    """Market and self-declared information only by the subject's will, while it lasts (INV-5, MKT-1)."""
    if not (record.item.market or record.self_declared):
        return None
    will = record.consent
    willed = will is not None and channel in will.channels and not will.withdrawn and will.period.holds(day)
    return None if willed else Reason.CONSENT_MISSING


def _person_published(record: RecordFacts) -> bool:
    """INV-4: ordered by a national statute, decided for this record, penalties with social impact; honours by
    consent.
    """
    published = record.person_publication
    if published is None or record.as_minor:
        return False
    if not record.item.adverse and published.consented:
        return True
    ordered = record.item.person_statute is not None and published.statute == record.item.person_statute
    return ordered and (published.social_impact or not record.item.adverse)
