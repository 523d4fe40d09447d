"""How large was the log, and with which root? Checkpoints as C2SP specifies them (c2sp.org/tlog-checkpoint).

Our checkpoints carry two extension lines: the suite, and when the checkpoint was made. Another suite (SM3) is a second
log under its own origin, never a mixture, so a checkpoint with another suite line is refused.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from xinheng.lib.clock import parse_stamp, stamp
from xinheng.lib.errors import BadInput
from xinheng.lib.note import Signer, Verifier, check_name, open_note, sign_note

SUITE = "rfc6962-sha256-ed25519"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log ``origin`` had ``size`` leaves under ``root`` (32 bytes) at ``at`` (a stamp of `xinheng.lib.clock`)."""

    origin: str
    size: int
    root: bytes
    at: str
    suite: str = SUITE

    def text(self) -> str:
        """The text that is signed."""
        root = base64.b64encode(self.root).decode()
        return f"{check_name(self.origin)}\n{self.size}\n{root}\nsuite {self.suite}\nat {self.at}\n"


def parse(text: str) -> Checkpoint:
    """Read the text of a checkpoint. Raises BadInput ``checkpoint_malformed``."""
    lines = text.split("\n")
    if len(lines) != 6 or lines[5]:
        raise BadInput("checkpoint_malformed")
    origin, size, encoded, suite, at = lines[:5]
    try:
        root = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise BadInput("checkpoint_malformed") from None
    if not (size.isascii() and size.isdigit()) or len(root) != 32:
        raise BadInput("checkpoint_malformed")
    made = stamp(parse_stamp(at.removeprefix("at ")))
    checkpoint = Checkpoint(check_name(origin), int(size), root, made, suite.removeprefix("suite "))
    if checkpoint.text() != text:  # leading zeros, loose base64: one checkpoint has one spelling
        raise BadInput("checkpoint_malformed")
    return checkpoint


def sign(checkpoint: Checkpoint, signer: Signer) -> str:
    """The signed note over ``checkpoint``; Ed25519 gives the same note for the same checkpoint each time."""
    return sign_note(checkpoint.text(), signer)


def open_checkpoint(note: str, verifier: Verifier, *, origin: str) -> Checkpoint:
    """The checkpoint in ``note``, signed by ``verifier``, of the log ``origin`` and of our suite. Raises BadInput."""
    checkpoint = parse(open_note(note, verifier))
    if checkpoint.origin != origin:
        raise BadInput("checkpoint_of_another_log", origin=checkpoint.origin)
    if checkpoint.suite != SUITE:
        raise BadInput("checkpoint_of_another_suite", suite=checkpoint.suite)
    return checkpoint
