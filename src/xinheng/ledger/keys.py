"""Under which name and with which key does this log sign?

The seed comes from a file outside the database (``XINHENG_LEDGER_KEY``). A hardware module or another suite is another
`xinheng.lib.note.Signer` returned here.
"""

from __future__ import annotations

from functools import cache

from django.conf import settings

from xinheng.lib.note import Ed25519Signer, Signer, Verifier


def origin() -> str:
    """The name of this log, the first line of its checkpoints."""
    return str(settings.XINHENG_LEDGER_ORIGIN)


def signer() -> Signer:
    """The log's signer."""
    return _signer(origin(), settings.XINHENG_LEDGER_KEY.seed)


def verifier() -> Verifier:
    """The log's public key."""
    return signer().verifier


@cache
def _signer(name: str, seed: bytes) -> Signer:
    return Ed25519Signer(name, seed)
