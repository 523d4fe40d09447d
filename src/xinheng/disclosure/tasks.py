"""Which work of disclosure falls due by itself?

The counts of each closed day become one entry; the lines of the log of queries follow the log, and end with its
content; old lists of parties and of questions go.
"""

from __future__ import annotations

from datetime import datetime

from xinheng.disclosure.services import (
    close_counts,
    close_refusals,
    erase_ended,
    fold,
    forget_parties,
    forget_questions,
)
from xinheng.ui import city


def close_public_counts(*, at: datetime) -> int:
    """Enter the counts of closed days; 1 when something was entered."""
    return int(close_counts(at=at, pack=city.pack()) is not None)


def read_query_log(*, at: datetime) -> int:
    """Write the lines of entries that were sealed since; how many places of the tree were read."""
    pack, done = city.pack(), 0
    while step := fold(pack=pack, at=at):
        done += step
    return done


def erase_query_log(*, at: datetime) -> int:
    """Erase what the log says of queries past its term; how many."""
    return erase_ended(at=at, pack=city.pack())


def forget_old_queries(*, at: datetime) -> int:
    """Drop the lists of parties and of questions whose term is over."""
    return forget_parties(at=at, pack=city.pack()) + forget_questions(at=at, pack=city.pack())


def sum_refusals(*, at: datetime) -> int:
    """Enter the sums of refused questions that had no entry each; how many accounts were counted."""
    return close_refusals(at=at, pack=city.pack())


SWEEPS = (close_public_counts, sum_refusals, read_query_log, erase_query_log, forget_old_queries)
