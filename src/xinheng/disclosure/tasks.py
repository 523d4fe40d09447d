"""Which work of disclosure falls due by itself? Counts of closed days become an entry; old lists of parties go."""

from __future__ import annotations

from datetime import datetime

from xinheng.disclosure.services import close_counts, forget_parties
from xinheng.ui import city


def close_public_counts(*, at: datetime) -> int:
    """Enter the counts of closed days; 1 when something was entered."""
    return int(close_counts(at=at, pack=city.pack()) is not None)


def forget_old_parties(*, at: datetime) -> int:
    """Drop the lists of parties whose term is over."""
    return forget_parties(at=at, pack=city.pack())


SWEEPS = (close_public_counts, forget_old_parties)
