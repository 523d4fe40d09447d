"""How much of each field is shown on a ground, under which article, behind which mask?

For one item version, kind of subject, ground and day the answer is the same for every record: the plan. It is
computed once and kept. The pack's columns decide; the invariants (INV-4) only ever take away from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from xinheng.disclosure.rules.facts import Channel, FieldDecision, Ground, ItemVersionFacts, Release
from xinheng.disclosure.rules.masks import Mask, MaskKind
from xinheng.disclosure.rules.reasons import Reason, article
from xinheng.law.enums import ChannelName, FieldType, MaskName, SubjectKind
from xinheng.law.items import Field
from xinheng.law.lookup import matter as matter_in_force
from xinheng.law.pack import Pack

Fields = Mapping[str, FieldDecision]

BUSINESS = SubjectKind.INDIVIDUAL_BUSINESS
PERSON = SubjectKind.NATURAL_PERSON

# The columns of the pack that a ground draws on, beside what the public sees. One's own file shows all that others see.
COLUMNS: Mapping[Channel, tuple[ChannelName, ...]] = {
    Channel.PUBLIC: (),
    Channel.OFFICIAL: (ChannelName.GOVERNMENT,),
    Channel.AUTHORISED: (ChannelName.AUTHORISED,),
    Channel.STATUTE: (ChannelName.AUTHORISED,),
    Channel.OWN: (ChannelName.GOVERNMENT, ChannelName.AUTHORISED, ChannelName.OWN),
}
SHOWN: Mapping[Channel, Reason] = {
    Channel.OFFICIAL: Reason.GRANTED_OFFICIAL,
    Channel.OWN: Reason.GRANTED_OWN,
    Channel.AUTHORISED: Reason.GRANTED_AUTHORISED,
    Channel.STATUTE: Reason.GRANTED_STATUTE,
}
KEPT_BACK: Mapping[Channel, Reason] = {
    Channel.PUBLIC: Reason.NOT_PUBLIC,
    Channel.OFFICIAL: Reason.NOT_NEEDED,
    Channel.OWN: Reason.THIRD_PERSON,
    Channel.AUTHORISED: Reason.NOT_NEEDED,
    Channel.STATUTE: Reason.NOT_NEEDED,
}
DOCUMENT_OF_REPRESENTATIVE = ("representative_id_type", "representative_id")
PARTS_OF_REPRESENTATIVE = ("representative", *DOCUMENT_OF_REPRESENTATIVE)
# An identity number is whole in one's own file and, where the pack says so, for officials; nowhere else, whatever an
# item of the catalog says (INV-4). The subject's own file and official matters add their own columns to the public one.
FLOOR = (Channel.AUTHORISED, Channel.STATUTE)
ID_TAIL = Mask(MaskKind.ID_TAIL)
HIDES_NAMES = (MaskKind.FREE_TEXT_NAMES, MaskKind.OPERATOR_IN_NAME)


@dataclass(frozen=True, slots=True)
class View:
    """From where the fields of an item version are looked at. ``public``: the record is public as well."""

    item: ItemVersionFacts
    kind: SubjectKind
    ground: Ground
    public: bool
    day: date
    pack: Pack

    def role(self, field: Field) -> str:
        """The part the field plays in the record, "" for none."""
        return next((role for role, code in self.item.roles.items() if code == field.code), "")

    def names(self) -> tuple[str, ...] | None:
        """The fields that name a person behind the record: the operator of a business, the person itself; None where
        no person stands behind it. A business has an operator also where the item has no field for it.
        """
        role = {BUSINESS: "representative", PERSON: "name"}.get(self.kind)
        if role is None:
            return None
        code = self.item.roles.get(role)
        return (code,) if code else ()

    def withheld(self, reason: Reason) -> FieldDecision:
        """A withheld field, for ``reason``."""
        return FieldDecision(Release.WITHHELD, None, article(self.pack, reason, self.day), reason)

    def masked(self, mask: Mask) -> FieldDecision:
        """A field shown in part."""
        reason = Reason.MASKED_PERSONAL
        return FieldDecision(Release.MASKED, mask, article(self.pack, reason, self.day), reason)


# (pack, item version, kind of subject, ground, day) -> the item it was computed for and the decision of every field
_plans: dict[tuple[object, ...], tuple[ItemVersionFacts, Fields]] = {}
_PLANS_KEPT = 4096


def plan(view: View, *, erased: bool) -> Fields:
    """The decision for every field of the item version; equal views share one read-only mapping."""
    item, ground = view.item, view.ground
    matter = ground.matter if ground.channel is Channel.OFFICIAL else None
    key = (view.pack.hash, item.code, item.version, view.kind, ground.channel, matter, view.public, erased, view.day)
    known = _plans.get(key)
    if known is not None and known[0] is item:
        return known[1]
    if len(_plans) >= _PLANS_KEPT:
        _plans.clear()
    gone = view.withheld(Reason.ERASED) if erased else None
    _plans[key] = (item, MappingProxyType({field.code: gone or _field(field, view) for field in item.fields}))
    return _plans[key][1]


def _field(field: Field, view: View) -> FieldDecision:
    """The widest release among what the ground adds and what the public sees; of equal ones the barer value."""
    offers = [_granted(field, column, view) for column in COLUMNS[view.ground.channel]]
    if view.public:
        offers.append(_published(field, view))
    if not offers:
        return view.withheld(KEPT_BACK[view.ground.channel])
    return max(offers, key=lambda o: (o.release.rank, o.mask is None, o.reason == Reason.GRANTED_PUBLIC))


def _granted(field: Field, column: ChannelName, view: View) -> FieldDecision:
    """What one column of the pack gives this ground. The subject reads its own file without masks for third persons."""
    given = field.release(column, view.kind)
    release, channel = Release(given.release), view.ground.channel
    if release is Release.WITHHELD:
        document = view.role(field) in DOCUMENT_OF_REPRESENTATIVE
        return view.withheld(Reason.REPRESENTATIVE_DOCUMENT if document else KEPT_BACK[channel])
    if field.type is FieldType.IDNUMBER and channel in FLOOR:
        return view.masked(ID_TAIL)
    if release is Release.MASKED:
        part = _mask_of_part(field, given.mask, view)
        if part.kind is MaskKind.FREE_TEXT and view.kind is BUSINESS and channel is not Channel.OWN:
            part = Mask(MaskKind.FREE_TEXT_NAMES, view.names() or ())
        return view.masked(part)
    reason = SHOWN[channel]
    if reason is Reason.GRANTED_OFFICIAL:
        founded = matter_in_force(view.pack, view.ground.matter or "", view.day).article
    else:
        founded = article(view.pack, reason, view.day)
    mask = None if channel is Channel.OWN else _mask_of_whole(field, None, view)
    return FieldDecision(release, mask, founded, reason)


def _published(field: Field, view: View) -> FieldDecision:
    """What the public sees of a field. The pack may show less than the invariants allow, never more (INV-4)."""
    role = view.role(field)
    if view.kind is BUSINESS and role in PARTS_OF_REPRESENTATIVE:
        return view.withheld(Reason.OPERATOR_PRIVATE)
    given = field.release(ChannelName.PUBLIC, view.kind)
    release = Release(given.release)
    if release is Release.WITHHELD:
        document = role in DOCUMENT_OF_REPRESENTATIVE
        return view.withheld(Reason.REPRESENTATIVE_DOCUMENT if document else Reason.NOT_PUBLIC)
    if field.type is FieldType.IDNUMBER:
        return view.masked(ID_TAIL)
    if view.kind is BUSINESS and role == "name":
        mask: Mask | None = Mask(MaskKind.OPERATOR_IN_NAME, view.names() or ())
    elif release is Release.MASKED or field.personal:
        release = Release.MASKED
        part = _mask_of_part(field, given.mask, view)
        mask = (_mask_of_whole(field, view.names(), view) or part) if part.kind is MaskKind.FREE_TEXT else part
    else:
        mask = _mask_of_whole(field, None if role == "name" else view.names(), view)
    if release is Release.MASKED:
        return view.masked(mask or Mask(MaskKind.ALL))
    return FieldDecision(release, mask, view.item.article, Reason.GRANTED_PUBLIC)


def _mask_of_part(field: Field, named: MaskName, view: View) -> Mask:
    """The mask of a field shown in part: the pack's; without one stars only, or the tail of an identity number."""
    if named is MaskName.NONE:
        return Mask(MaskKind.ID_TAIL if field.type is FieldType.IDNUMBER else MaskKind.ALL)
    kind = MaskKind(named)
    return Mask(kind, (view.names() or ()) if kind in HIDES_NAMES else ())


def _mask_of_whole(field: Field, names: tuple[str, ...] | None, view: View) -> Mask | None:
    """What is starred in a field shown whole: numbers of third persons, and ``names`` of persons behind the record
    (None: no names are hidden).
    """
    if field.type is FieldType.TEXT:
        return Mask(MaskKind.FREE_TEXT if names is None else MaskKind.FREE_TEXT_NAMES, names or ())
    if field.type is FieldType.STRING and not field.personal_to(view.kind):
        return Mask(MaskKind.NUMBERS if names is None else MaskKind.OPERATOR_IN_NAME, names or ())
    return None
