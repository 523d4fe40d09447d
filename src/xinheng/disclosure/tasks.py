"""Which work of disclosure falls due by itself? The counts of each closed day become one entry."""

from __future__ import annotations

from datetime import datetime

from xinheng.disclosure.services import close_counts
from xinheng.ui import city


def close_public_counts(*, at: datetime) -> int:
    """Enter the counts of closed days; 1 when something was entered."""
    return int(close_counts(at=at, pack=city.pack()) is not None)


SWEEPS = (close_public_counts,)
