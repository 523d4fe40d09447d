"""Whose names must not be found inside the name of a business, and how is everything spelled anew?"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from xinheng.law.pack import Pack
from xinheng.records.selectors import named_ever
from xinheng.subjects import services as subjects
from xinheng.ui import city


def operators_by(pack: Pack) -> subjects.OperatorsOf:
    """The names of everyone that records ever reported as the operator of a business (INV-4, ZY-47)."""
    return partial(named_ever, role="representative", pack=pack)


def spell_names(*, pack: Pack) -> int:
    """Write anew under which spellings every organisation may be searched. Returns how many organisations."""
    return subjects.spell_all(operators_of=operators_by(pack))


def spell_earlier_names(*, at: datetime) -> int:
    """Spell the names that were registered before spellings were kept: once, after an upgrade. Returns how many."""
    return subjects.spell_earlier(operators_of=operators_by(city.pack()))
