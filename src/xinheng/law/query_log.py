"""How long is the content of the log of queries kept, and which queries look unusual? (``query_log.yaml``; QRY-5)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xinheng.law.enums import Rank
from xinheng.law.pack import Amount

QUERY = "query"
NAMES = (QUERY,)


@dataclass(frozen=True, slots=True)
class QueryLogRule:
    """Bounds of the log of queries. They speak of a query; nobody who asks is counted, graded or ranked (INV-1).

    ``kept``: how long the content of an entry is kept; its proof stays. ``night_from`` and ``night_until``: full hours
    of the city's clock between which a query is one at night. ``person_cases`` case numbers for the same person by one
    organisation within ``person_days``. More than ``case_persons`` persons under one case number. ``misses`` unknown
    identifiers of persons or refusals of one account within ``misses_minutes``; ``names`` names that do not fit the
    code within ``names_minutes``. ``refused`` questions of one account that are refused before anybody
    is looked up have an entry each within ``refused_minutes``; those beyond share one.
    """

    name: str
    from_: date
    until: date | None
    kept: Amount
    night_from: int
    night_until: int
    person_cases: int
    person_days: int
    case_persons: int
    misses: int
    misses_minutes: int
    names: int
    names_minutes: int
    refused: int
    refused_minutes: int
    article: str
    house: bool
    rank: Rank
