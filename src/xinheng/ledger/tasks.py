"""What does the log do by itself? It seals what waits, and each hour the heads of all subjects."""

from __future__ import annotations

from datetime import datetime

from xinheng.ledger.services.sealing import heads_due, seal, seal_heads


def seal_subject_heads(*, at: datetime) -> int:
    """Enter the hourly root over the subjects' last entries; 1 when one was entered."""
    return int(heads_due(at=at) and seal_heads(at=at) is not None)


def seal_pending(*, at: datetime) -> int:
    """Seal what waits unless another worker is at it; how many leaves the new checkpoint covers."""
    made = seal(at=at, wait=False)
    return made.size if made else 0


SWEEPS = (seal_subject_heads, seal_pending)
