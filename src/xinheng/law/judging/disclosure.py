"""Is more disclosed after a difference, or less?

Each attribute has a rule in the tables at the end. The rules look at the text of the catalog only: what the invariants
hide in any case (INV-4, INV-9) is hidden before and after.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from xinheng.law.enums import Attribute, ChannelName, MaskName, ReleaseWord, SubjectKind, Unit
from xinheng.law.items import Field, FieldRelease
from xinheng.law.judging.steps import Reach, Step
from xinheng.law.pack import Amount


def reach(step: Step) -> Reach:
    """Say what a difference does to disclosure. Swapping the versions swaps wider and narrower."""
    if step.reordered:
        return Reach.SAME
    if step.path[0] != "fields":
        return REACH_OF_ITEM.get(step.path[0], _unclear)(step)
    if len(step.path) == 2:
        return _whole_field(step)
    return REACH_OF_FIELD.get(step.path[2], _unclear)(step)


def _same(step: Step) -> Reach:
    return Reach.SAME


def _unclear(step: Step) -> Reach:
    return Reach.UNCLEAR


def _wider(more: bool) -> Reach:
    return Reach.WIDER if more else Reach.NARROWER


def _ranked(*order: object) -> Callable[[Step], Reach]:
    """A rule for words in an order from least to most disclosed; equal rank is the same, unknown words unclear."""

    def judge(step: Step) -> Reach:
        if step.before not in order or step.after not in order:
            return Reach.UNCLEAR
        before, after = order.index(step.before), order.index(step.after)
        return Reach.SAME if before == after else _wider(after > before)

    return judge


def _members(widening: bool) -> Callable[[Step], Reach]:
    """A rule for sets: with one member more, more is disclosed, or less."""

    def judge(step: Step) -> Reach:
        if step.before is not None and step.after is not None:
            return Reach.UNCLEAR
        return _wider((step.before is None) is widening)

    return judge


def _shared(step: Step) -> Reach:
    """A recipient more or less. The own file needs no sharing, and "none" shares with nobody."""
    if step.path[-1] == "none":
        return Reach.SAME
    towards = ChannelName.OWN if step.path[-1] == "own" else ChannelName.GOVERNMENT
    return _towards(towards, _members(widening=True)(step))


def _kept_longer(step: Step) -> Reach:
    before, after = step.before, step.after
    assert isinstance(before, Amount) and isinstance(after, Amount)
    if before.unit is after.unit:
        return _wider(after.count > before.count)
    months = {Unit.MONTH: 1, Unit.YEAR: 12}
    if before.unit not in months or after.unit not in months:
        return Reach.UNCLEAR
    had, has = before.count * months[before.unit], after.count * months[after.unit]
    return Reach.SAME if had == has else _wider(has > had)


def _one_is(word: str, widest: bool) -> Callable[[Step], Reach]:
    """A rule for words of which only one is known to disclose most (or least); between others a person looks."""

    def judge(step: Step) -> Reach:
        if word not in (step.before, step.after):
            return Reach.UNCLEAR
        return _wider((step.after == word) is widest)

    return judge


def _switched(step: Step) -> Reach:
    """Only an item that is "on" is in force: between a draft and one that is off nothing is disclosed."""
    if "on" not in (step.before, step.after):
        return Reach.SAME
    return _wider(step.after == "on")


_RELEASES = (ReleaseWord.WITHHELD, ReleaseWord.MASKED, ReleaseWord.FULL)
_HIDES_MORE = {(MaskName.FREE_TEXT, MaskName.FREE_TEXT_NAMES)}  # the second hides all that the first does, and more


def _released(before: FieldRelease, after: FieldRelease) -> Reach:
    had, has = _RELEASES.index(before.release), _RELEASES.index(after.release)
    if had != has:
        return _wider(has > had)
    masks = (before.mask, after.mask)
    if before.release is not ReleaseWord.MASKED or before.mask is after.mask:
        return Reach.SAME
    if masks in _HIDES_MORE:
        return Reach.NARROWER
    return Reach.WIDER if masks[::-1] in _HIDES_MORE else Reach.UNCLEAR


def _towards(channel: ChannelName, found: Reach) -> Reach:
    """What reaches the subject alone is told apart from what reaches others."""
    if channel is not ChannelName.OWN:
        return found
    return {Reach.WIDER: Reach.OWN_WIDER, Reach.NARROWER: Reach.OWN_NARROWER}.get(found, found)


def _by_channel(step: Step) -> Reach:
    """The rule of a channel for every kind of subject; a channel that is not named sees nothing."""
    channel = ChannelName(step.path[3])
    had, has = (_RELEASES.index(ReleaseWord(str(word or ReleaseWord.WITHHELD))) for word in (step.before, step.after))
    return Reach.SAME if had == has else _towards(channel, _wider(has > had))


def _by_kind(step: Step) -> Reach:
    """An exception for one kind of subject, against what holds for it in the other version."""
    kind, channel = SubjectKind(step.path[3]), ChannelName(step.path[4])
    old, new = (field.release(channel, kind) for field in step.fields)
    return _towards(channel, _released(old, new))


def _masking(step: Step) -> Reach:
    """A mask matters where a channel shows the field masked, before and after."""
    old, new = step.fields
    found = {
        _towards(channel, _released(FieldRelease(word, old.mask), FieldRelease(word, new.mask)))
        for channel, word in old.disclosure.items()
        if word is new.disclosure.get(channel)
    }
    return _together(found)


def _together(found: set[Reach]) -> Reach:
    """One judgement for several: towards others outweighs the own file, contradictions are unclear."""
    others = found - {Reach.SAME, Reach.OWN_WIDER, Reach.OWN_NARROWER}
    counted = others or found - {Reach.SAME}
    if not counted:
        return Reach.SAME
    return counted.pop() if len(counted) == 1 else Reach.UNCLEAR


def _whole_field(step: Step) -> Reach:
    """A new field discloses what its channels show of it, a removed one no longer does."""
    field = step.after if step.before is None else step.before
    assert isinstance(field, Field)
    shown = {
        channel
        for channel in ChannelName
        for kind in SubjectKind
        if field.release(channel, kind).release is not ReleaseWord.WITHHELD
    }
    if not shown:
        return Reach.SAME
    towards = ChannelName.OWN if shown == {ChannelName.OWN} else ChannelName.PUBLIC
    return _towards(towards, _wider(step.before is None))


REACH_OF_ITEM: Mapping[str, Callable[[Step], Reach]] = {
    "level": _same,
    "rank": _same,
    "label": _same,
    "category": _same,
    "conduct": _unclear,
    "basis": _same,
    "publicity": _ranked(Attribute.NONE, Attribute.BY_MATTER, Attribute.PUBLIC),
    "sharing": _shared,
    "channel": _same,
    "frequency": _same,
    "kinds": _ranked(None, Attribute.NONE, Attribute.BY_MATTER, Attribute.PUBLIC),
    "person_statute": _members(widening=True),
    "retention": _kept_longer,
    "retention_starts": _unclear,
    "article": _same,
    "adverse": _unclear,
    "market": _ranked(True, False),
    "publicity_period": _one_is("none", widest=False),
    "consent": _one_is("none", widest=True),
    "purpose": _unclear,
    "providers": _same,
    "matters": _members(widening=True),
    "state": _switched,
    "roles": _unclear,
    "kinds_map": _unclear,
    "natural_key": _same,
    "checks": _same,
    "placeholders": _same,
    "ignored": _same,
    "legacy_status": _same,
    "revocation": _same,
    "sealed": _members(widening=False),
    "enums": _same,
}
REACH_OF_FIELD: Mapping[str, Callable[[Step], Reach]] = {
    **dict.fromkeys(("n", "label", "length", "digits", "places", "enum", "required", "whose"), _same),
    **dict.fromkeys(("document_kind", "aliases", "rule", "platform"), _same),
    "type": _unclear,
    "disclosure": _by_channel,
    "disclosure_for": _by_kind,
    "mask": _masking,
    "personal": _ranked(True, False),
    "personal_for": _unclear,
    "exports": _ranked("withheld", "full"),
}
