"""What of the procedure falls due by itself?"""

from __future__ import annotations

from datetime import datetime

from xinheng.norms.services import forget_opinions as forget
from xinheng.ui import city


def forget_opinions(*, at: datetime) -> int:
    """Delete opinions whose time after the end of their procedure has run out."""
    return forget(at=at, pack=city.pack())


SWEEPS = (forget_opinions,)
