"""Who was ever reported as the operator of an individual business? (INV-4, ZY-47)

The operator is a natural person. The name of the business, and texts about it, may hold the name of an operator whom
only another record names: one that ended, was corrected, was never public, or came from another organ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xinheng.law.enums import SubjectKind
from xinheng.law.pack import Pack
from xinheng.records.selectors import named_ever
from xinheng.subjects.rules import SubjectFacts


def operators_of(subjects: Iterable[SubjectFacts], pack: Pack) -> Mapping[int, tuple[str, ...]]:
    """Subject -> the names of all its operators, for the individual businesses among ``subjects``.

    One statement, and none where there is no such business.
    """
    wanted = {one.subject_id for one in subjects if one.kind is SubjectKind.INDIVIDUAL_BUSINESS}
    return named_ever(wanted, role="representative", pack=pack)
