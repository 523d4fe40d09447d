"""Which work of the accounts falls due by itself? Sessions that are over are forgotten."""

from __future__ import annotations

from datetime import datetime

from xinheng.accounts.services import forget_sessions


def forget_ended_sessions(*, at: datetime) -> int:
    """Delete sessions that are over by the database's clock; how many. ``at`` is the business day's and says nothing
    of that.
    """
    return forget_sessions()


SWEEPS = (forget_ended_sessions,)
