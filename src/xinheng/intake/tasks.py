"""What of intake falls due by itself? Providers are reminded of rows that went back or wait."""

from __future__ import annotations

from datetime import datetime

from xinheng.intake.services import remind
from xinheng.ui import city


def remind_providers(*, at: datetime) -> int:
    """Make missing reminders and end those whose cause is gone; how many."""
    return remind(at=at, pack=city.pack())


SWEEPS = (remind_providers,)
