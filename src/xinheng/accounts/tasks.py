"""Which work of the accounts falls due by itself? What is over is forgotten: sessions, tokens, answered requests,
secrets that were shown and not used, old attempts to sign in.
"""

from __future__ import annotations

from datetime import datetime

from xinheng.accounts.services import (
    forget_attempts,
    forget_offers,
    forget_requests,
    forget_sessions,
    forget_sources,
    forget_tokens,
)


def forget_ended_sessions(*, at: datetime) -> int:
    """Delete sessions that are over by the database's clock; how many. ``at`` is the business day's and says nothing
    of that.
    """
    return forget_sessions()


def forget_ended_tokens(*, at: datetime) -> int:
    """Delete tokens of machines that are over; how many. By the database's clock, as sessions."""
    return forget_tokens()


def forget_old_requests(*, at: datetime) -> int:
    """Delete what is remembered of requests of machines beyond its term; how many. By the database's clock."""
    return forget_requests()


def forget_factor_offers(*, at: datetime) -> int:
    """Delete secrets of authenticators that were shown and never confirmed; how many."""
    return forget_offers(at=at)


def forget_old_attempts(*, at: datetime) -> int:
    """Delete attempts to sign in beyond the time they are kept; how many."""
    return forget_attempts(at=at)


def forget_failed_sources(*, at: datetime) -> int:
    """Delete the digests of addresses where somebody failed, once no pause can reach them; how many."""
    return forget_sources(at=at)


SWEEPS = (
    forget_ended_sessions,
    forget_ended_tokens,
    forget_old_requests,
    forget_factor_offers,
    forget_old_attempts,
    forget_failed_sources,
)
