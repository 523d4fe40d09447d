"""The verbs of the log: append and promise, seal, erase, publish a law pack."""

from xinheng.ledger.services.erasing import erase, record_erasure
from xinheng.ledger.services.law import publish_pack
from xinheng.ledger.services.noting import note_sweep, note_verification
from xinheng.ledger.services.sealing import seal, seal_heads
from xinheng.ledger.services.writing import append, append_many, promise, promise_batch

__all__ = [
    "append",
    "append_many",
    "erase",
    "note_sweep",
    "note_verification",
    "promise",
    "promise_batch",
    "publish_pack",
    "record_erasure",
    "seal",
    "seal_heads",
]
