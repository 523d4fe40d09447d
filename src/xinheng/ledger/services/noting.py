"""When was the log last verified, and when did each sweep last run? Notes for the operator; no entry rests on them."""

from __future__ import annotations

from datetime import datetime

from xinheng.ledger.models import LedgerVerification, SweepRun
from xinheng.ledger.selectors import leaves
from xinheng.store.ids import next_id


def note_verification(*, damage: int, erased: int, at: datetime) -> None:
    """Note a verification that came to its end."""
    LedgerVerification.objects.create(id=next_id("local"), at=at, leaves=leaves(), damage=damage, erased=erased)


def note_sweep(name: str, *, at: datetime) -> None:
    """Note that a sweep came to its end."""
    SweepRun.objects.bulk_create(
        [SweepRun(name=name, at=at)], update_conflicts=True, unique_fields=["name"], update_fields=["at"]
    )
