"""Who was ever reported as the operator of an individual business? (INV-4, ZY-47)

The operator is a natural person. The name of the business, and texts about it, may hold the name of an operator whom
only another record names: one that ended, was corrected, was never public, or came from another organ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xinheng.disclosure.rules import SubjectFacts
from xinheng.law.enums import SubjectKind
from xinheng.law.lookup import item as item_in_force
from xinheng.law.pack import Pack
from xinheng.records.selectors import contents_ever
from xinheng.subjects.rules import SubjectFacts as KnownSubject


def operators_of(subjects: Iterable[KnownSubject | SubjectFacts], pack: Pack) -> Mapping[int, tuple[str, ...]]:
    """Subject -> the names of all its operators, for the individual businesses among ``subjects``.

    One statement, and none where there is no such business.
    """
    wanted = {one.subject_id for one in subjects if one.kind is SubjectKind.INDIVIDUAL_BUSINESS}
    if not wanted:
        return {}
    found: dict[int, tuple[str, ...]] = {}
    for number, contents in contents_ever(wanted).items():
        names = dict.fromkeys(
            content.get(code, "").strip()
            for item, since, content in contents
            if (code := item_in_force(pack, item, since).role("representative"))
        )
        found[number] = tuple(name for name in names if name)
    return found
