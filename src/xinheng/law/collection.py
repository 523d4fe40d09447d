"""What are persons told before and while the platform handles their information? (``notice.yaml``; PIP-1)

Who handles it, how to reach them, what for, which rights there are and through which door: statements of the pack, each
dated and with its article. What is collected, from whom, how long and for whom follows from the items in force.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xinheng.law import usage
from xinheng.law.enums import Rank, SubjectKind
from xinheng.law.items import ItemVersion
from xinheng.law.lookup import items
from xinheng.law.pack import Bilingual, Pack

TOLD, TO_FILL = "told", "to_fill"
DOORS = ("none", "own_file", "own_looks", "own_copy", "correct", "window")

HANDLER = ("controller", "contact", "responsible_person")
COMPLAINT = "complaint"
STATEMENTS = ("duty", "purpose", "delay", "automated", "sensitive", "storage")
RIGHTS = (
    *("right.know", "right.who_looked", "right.copy", "right.correct", "right.delete", "right.explain"),
    *("right.kin", "right.refusal"),
)
NAMES = (*HANDLER, COMPLAINT, *STATEMENTS, *RIGHTS)
# What the city has to say itself; it stands in the notice as missing until the city has said it.
CITYS = {
    "controller": Bilingual("谁在处理", "Who handles it"),
    "contact": Bilingual("怎么联系", "How to reach them"),
    "responsible_person": Bilingual("个人信息保护负责人", "Person responsible for personal information"),
    "complaint": Bilingual("向谁投诉", "Where to complain"),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of the notice. ``text`` is None while the city has still to fill it in; ``door`` names the page
    through which a right is used, one of `DOORS`; ``house``: no article says it, it is a rule of the platform.
    """

    name: str
    label: Bilingual
    from_: date
    until: date | None
    text: Bilingual | None
    door: str
    article: str
    house: bool
    rank: Rank


@dataclass(frozen=True, slots=True)
class CollectionNotice:
    """The notice as it stands on a day. ``items``: what is collected about the kinds of subject it speaks of."""

    handler: tuple[Statement, ...]
    complaint: Statement
    statements: tuple[Statement, ...]
    rights: tuple[Statement, ...]
    items: tuple[ItemVersion, ...]

    @property
    def unfilled(self) -> tuple[Statement, ...]:
        """What the city has still to say."""
        return tuple(one for one in (*self.handler, self.complaint) if one.text is None)


def notice(pack: Pack, on: date, *, kind: SubjectKind | None = None) -> CollectionNotice:
    """Give the notice of collection in force on a day; with ``kind`` only the items collected about such subjects.

    A statement of the city that the pack lacks is given as unfilled: the notice never leaves a question out.
    """
    return CollectionNotice(
        handler=tuple(_citys(pack, name, on) for name in HANDLER),
        complaint=_citys(pack, COMPLAINT, on),
        statements=_told(pack, STATEMENTS, on),
        rights=_told(pack, RIGHTS, on),
        items=tuple(one for one in items(pack, on) if kind is None or kind in one.kinds),
    )


def _citys(pack: Pack, name: str, on: date) -> Statement:
    found = _told(pack, (name,), on)
    return found[0] if found else Statement(name, CITYS[name], on, None, None, "none", "", True, pack.rank)


def _told(pack: Pack, names: tuple[str, ...], on: date) -> tuple[Statement, ...]:
    """The statements in force, in the order of ``names``."""
    found = []
    for name in names:
        timeline = pack.notice.get(name)
        value = timeline.on(on) if timeline else None
        if value is not None:
            usage.named("Statement", name)
            found.append(value)
    return tuple(found)
