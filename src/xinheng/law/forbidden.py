"""Which data about a person may no catalog item ask for, whatever its basis? (INV-9; CN-CRIR-14)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xinheng.law.enums import Rank, SubjectKind
from xinheng.law.items import Field, ItemVersion
from xinheng.law.pack import Bilingual, Pack

WRITTEN = "own_consent"


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A kind of data about persons. ``words``: a field whose Chinese name holds one of them asks for it.

    ``unless_consent``: allowed where the item rests on the person's own written consent.
    """

    code: str
    label: Bilingual
    from_: date
    until: date | None
    words: tuple[str, ...]
    unless_consent: bool
    article: str
    rank: Rank


def forbidden(pack: Pack, on: date) -> tuple[Forbidden, ...]:
    """Give every kind of data that must not be asked of persons on a day, in the order of the pack."""
    return tuple(value for timeline in pack.forbidden.values() if (value := timeline.on(on)) is not None)


def asked_for(version: ItemVersion, rule: Forbidden) -> tuple[Field, ...]:
    """Give the fields by which an item about persons asks for what the rule forbids."""
    if SubjectKind.NATURAL_PERSON not in version.kinds and SubjectKind.INDIVIDUAL_BUSINESS not in version.kinds:
        return ()
    if rule.unless_consent and version.consent == WRITTEN:
        return ()
    return tuple(field for field in version.fields if any(word in field.label.zh for word in rule.words))
