"""Does the log still continue every checkpoint that lies outside the database?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from xinheng.ledger import keys, witness
from xinheng.ledger.models import LedgerCheckpoint
from xinheng.ledger.verify.findings import Damage, Finding, Tally
from xinheng.ledger.verify.snapshot import Verification
from xinheng.lib import checkpoint as checkpoints
from xinheng.lib.errors import BadInput


def check_witness(verification: Verification) -> Iterator[Finding]:
    """Every note outside is signed, fits the tree, and is the very note that the database holds, and the other way."""
    tally = Tally("witness")
    stored = dict(LedgerCheckpoint.objects.values_list("size", "note"))
    for folder, notes in verification.notes.items():
        yield from _check_folder(tally, folder, notes, stored, verification)
        missing = [size for size in stored if size not in notes and witness.read(folder, size) is None]
        if missing:
            place = f"{len(missing)} missing, the first for size {min(missing)}"
            yield tally.damage("checkpoint_not_witnessed", str(folder), expected=f"{len(stored)} notes", found=place)
    yield tally.result()


def _check_folder(
    tally: Tally, folder: Path, notes: Mapping[int, str], stored: Mapping[int, str], verification: Verification
) -> Iterator[Damage]:
    differs = False
    for size, note in notes.items():
        tally.count += 1
        try:
            made = checkpoints.open_checkpoint(note, keys.verifier(), origin=keys.origin())
        except BadInput as error:
            yield tally.damage(
                "witness_forged", str(folder), expected=keys.verifier().vkey, found=f"{size}: {error.code}"
            )
            continue
        if made.size != size:
            yield tally.damage("witness_renamed", str(folder), expected=made.size, found=size)
        elif size > verification.size:
            yield tally.damage("log_truncated", "ledger_leaf", expected=size, found=verification.size)
        elif verification.roots.get(size) != made.root and not differs:
            differs = True  # every later one differs too
            root = verification.roots.get(size)
            place = f"size {size}: {root.hex() if root else 'no root'}"
            yield tally.damage("log_rewritten", "ledger_leaf", expected=made.root.hex(), found=place)
        if size not in stored and verification.signing != size:
            yield tally.damage("checkpoint_missing", "ledger_checkpoint", expected=size, found="none")
        elif size in stored and stored[size] != note:
            yield tally.damage("checkpoint_resigned", "ledger_checkpoint", expected=note, found=stored[size])
