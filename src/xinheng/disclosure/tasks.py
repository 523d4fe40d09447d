"""Which work of disclosure falls due by itself? Counts of closed days become an entry; old lists of queries go."""

from __future__ import annotations

from datetime import datetime

from xinheng.disclosure.services import close_counts, forget_parties, forget_questions
from xinheng.ui import city


def close_public_counts(*, at: datetime) -> int:
    """Enter the counts of closed days; 1 when something was entered."""
    return int(close_counts(at=at, pack=city.pack()) is not None)


def forget_old_queries(*, at: datetime) -> int:
    """Drop the lists of parties and of questions whose term is over."""
    return forget_parties(at=at, pack=city.pack()) + forget_questions(at=at, pack=city.pack())


SWEEPS = (close_public_counts, forget_old_queries)
