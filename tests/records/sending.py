"""A batch that was sent, with its rows as the sender is told of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from xinheng.intake.services import ReceivedRow
from xinheng.records.services import BatchReceipt, accept_batch


@dataclass(frozen=True)
class Sent:
    """The receipt (its attributes are at hand), and the rows in file order."""

    receipt: BatchReceipt
    rows: list[ReceivedRow] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.receipt, name)


def sent(**sending: Any) -> Sent:
    """Send a file by `accept_batch`."""
    rows: list[ReceivedRow] = []
    receipt = accept_batch(**sending, tell=lambda block, report: rows.extend(block))
    return Sent(receipt, rows)
