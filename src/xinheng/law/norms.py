"""How does an instrument of the city itself come about: who drafts, who is heard, who approves? (ZY-32, ZY-39, SP-8)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xinheng.law import usage
from xinheng.law.enums import Level, Rank
from xinheng.law.errors import NoValueInForce
from xinheng.law.pack import Amount, Bilingual, Pack

CATALOG_ITEM = "catalog_item"
GROUPS = ("market_entity", "association", "chamber", "legal_service", "expert", "public")
BASES = ("law", "regulation", "state_rule")


@dataclass(frozen=True, slots=True)
class Procedure:
    """The steps by which a city makes an instrument of one kind.

    ``provided`` False: the city's law knows no such instrument of its own, and ``article`` says so. ``basis``: what the
    draft may rest on (law, regulation, state_rule); ``consult``: whose opinions are asked, each of them;
    ``consultation``: the name of the deadline for which opinions are open; ``drafter``: the power of the organ that
    drafts; ``joint``: drafted together with the departments concerned. ``within``: how far ahead the first day of a
    published text may lie; ``opinions_kept``: how long what was written is kept after the end (both house rules).
    """

    kind: str
    label: Bilingual
    from_: date
    until: date | None
    provided: bool
    level: Level
    drafter: str
    joint: bool
    basis: tuple[str, ...]
    consult: tuple[str, ...]
    consultation: str
    approver: Bilingual | None
    within: Amount | None
    opinions_kept: Amount | None
    article: str
    rank: Rank


def procedure(pack: Pack, kind: str, on: date) -> Procedure:
    """Give the procedure in force on a day. Raises `NoValueInForce` when the pack says nothing about the kind."""
    timeline = pack.norms.get(kind)
    value = timeline.on(on) if timeline else None
    if value is None:
        raise NoValueInForce(what="norm", name=kind, on=on.isoformat(), pack=pack.edition)
    usage.named("Procedure", kind)
    return value
