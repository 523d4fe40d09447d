"""Whose consent or will must be on record before data is collected, pushed, published or passed on? (INV-5)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from xinheng.law.enums import Rank, SubjectKind
from xinheng.law.pack import Bilingual, Pack


class Occasion(StrEnum):
    """For what consent or will is asked."""

    COLLECTION = "collection"
    PUSH = "push"
    PUBLICATION = "publication"
    AUTHORISATION = "authorisation"


class Need(StrEnum):
    """Whose consent, or the recorded will of the subject."""

    OWN_CONSENT = "own_consent"
    GUARDIAN_CONSENT = "guardian_consent"
    WILL = "will"


class Pressure(StrEnum):
    """What makes a consent void."""

    COERCION = "coercion"
    DISGUISED_COERCION = "disguised_coercion"
    BUNDLING = "bundling"


class Form(StrEnum):
    """In which form it is given."""

    WRITTEN = "written"
    RECORDED = "recorded"


class Instead(StrEnum):
    """What may take its place."""

    NONE = "none"
    LAW_OR_REGULATION = "law_or_regulation"


@dataclass(frozen=True, slots=True)
class ConsentRule:
    """What must be on record, for which kinds of subjects; it may be withdrawn at any time, as easily as given."""

    code: str
    label: Bilingual
    kind: Occasion
    subjects: frozenset[SubjectKind]
    from_: date
    until: date | None
    needs: tuple[Need, ...]
    forbids: tuple[Pressure, ...]
    form: Form
    exception: Instead
    withdrawal: str
    article: str
    rank: Rank


def consent_rules(pack: Pack, on: date, *, kind: Occasion, subject: SubjectKind) -> tuple[ConsentRule, ...]:
    """Give every rule that must be kept on a day for one occasion and kind of subject, the nation's first."""
    values = (timeline.on(on) for timeline in pack.consents.values())
    return tuple(v for v in values if v is not None and v.kind is kind and subject in v.subjects)
