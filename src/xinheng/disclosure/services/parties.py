"""Who is already listed as party of this case, and who would be one too many? (INV-3, QRY-1)

Only questions that list persons come here. The case is locked before its parties are read, so that two officers who
ask at the same moment don't each see room for the last one; a lock on rows would not do, since the first question of a
case finds none. What is kept are digests: the table tells neither who nor which case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from xinheng.disclosure.models import CaseParty
from xinheng.disclosure.rules import beyond, newcomers
from xinheng.law import limits
from xinheng.law.pack import Pack
from xinheng.store.crypto import blind

Party = tuple[str, ...]  # the digests of one person under every live key version, newest first
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


@dataclass(frozen=True, slots=True)
class Counted:
    """The parties of a case when a question arrived: who of its list joins now, and who may not."""

    organisation_id: int
    matter: str
    case_digest: str
    fresh: frozenset[str]
    beyond: frozenset[str]


def party(text: str) -> Party:
    """A person as the table of parties knows one."""
    return tuple(blind("case_party", text))


def count(*, organisation_id: int, matter: str, case: str, named: Mapping[str, Party], most: int) -> Counted:
    """Lock the case for the transaction and say who of ``named`` (newest digest → digests) joins it.

    ``case``: `case_words` of its number. ``most``: persons that the pack admits to one case of this matter.
    """
    cases = blind("case", case)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [f"case_party/{organisation_id}/{matter}/{cases[0]}"])
    rows = CaseParty.objects.filter(organisation_id=organisation_id, matter=matter, case_digest__in=cases)
    listed = frozenset(rows.values_list("party_digest", flat=True))
    fresh = newcomers(listed, named)
    return Counted(organisation_id, matter, cases[0], fresh, beyond(listed, fresh, most))


def join(counted: Counted, entries: Sequence[tuple[str, int]], *, at: datetime) -> None:
    """Keep the newcomers with the entry of the question about each; ``entries``: newest digest, entry."""
    first: dict[str, int] = {}
    for digest, entry in entries:
        if digest in counted.fresh and digest not in counted.beyond:
            first.setdefault(digest, entry)
    CaseParty.objects.bulk_create(
        [
            CaseParty(
                organisation_id=counted.organisation_id,
                matter=counted.matter,
                case_digest=counted.case_digest,
                party_digest=digest,
                first_entry=entry,
                at=at,
            )
            for digest, entry in first.items()
        ],
        ignore_conflicts=True,
    )


def forget_parties(*, at: datetime, pack: Pack) -> int:
    """Drop lists whose term is over (limit ``query.log`` of the pack); how many rows went. The ledger stays."""
    before = kept_since(at.astimezone(pack.tz).date(), pack)
    if before is None:
        return 0
    return CaseParty.objects.filter(at__lt=datetime.combine(before, datetime.min.time(), pack.tz)).delete()[0]


def kept_since(day: date, pack: Pack) -> date | None:
    """The oldest day whose records of queries are still kept on ``day``; None when the pack states no term."""
    term = limits.longest(pack.limits, limits.QUERY_LOG, day)
    return None if term is None else term.before(day)
