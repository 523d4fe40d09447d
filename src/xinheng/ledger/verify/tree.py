"""Does the tree over the stored leaves have the roots that were signed, and is every entry in it or waiting for it?"""

from __future__ import annotations

from collections.abc import Iterator

from xinheng.ledger import keys
from xinheng.ledger.models import LedgerCheckpoint
from xinheng.ledger.rules import read_entry
from xinheng.ledger.verify.findings import Damage, Finding, Tally
from xinheng.ledger.verify.snapshot import Verification, stream
from xinheng.lib import checkpoint as checkpoints
from xinheng.lib import merkle
from xinheng.lib.canonical import leaf_hash
from xinheng.lib.clock import stamp
from xinheng.lib.errors import BadInput
from xinheng.lib.tiles import WIDTH

_LEAVES = """
SELECT l."index", l.entry_id, l.hash, e.bytes
FROM ledger_leaf l LEFT JOIN ledger_entry e ON e.id = l.entry_id ORDER BY l."index"
"""
_NODES = 'SELECT level, "index", hash FROM ledger_node ORDER BY level, "index"'
_ENTRIES = """
SELECT e.id, e.bytes, l.entry_id IS NOT NULL, p.entry_id IS NOT NULL
FROM ledger_entry e LEFT JOIN ledger_leaf l ON l.entry_id = e.id LEFT JOIN ledger_pending p ON p.entry_id = e.id
ORDER BY e.id
"""
_QUEUED_WITHOUT_ENTRY = """
SELECT p.entry_id FROM ledger_pending p LEFT JOIN ledger_entry e ON e.id = p.entry_id WHERE e.id IS NULL
ORDER BY p.entry_id
"""


class Regrown:
    """The tree grown again from its leaves: its roots at the sizes that were signed, and the nodes it should have."""

    def __init__(self, sizes: set[int]) -> None:
        self._sizes = sorted(sizes, reverse=True)
        self._row: list[bytes] = []
        self._tiles = merkle.Frontier()
        self._nodes: list[bytes] = []
        self.roots: dict[int, bytes] = {}

    def add(self, leaf: bytes) -> None:
        self._row.append(leaf)
        if len(self._row) == WIDTH:
            self._note_roots()
            node = merkle.root(self._row)
            self._tiles.append(node)
            self._nodes.append(node)
            self._row.clear()

    def finish(self) -> None:
        """No more leaves come."""
        self._note_roots()

    def nodes(self) -> dict[tuple[int, int], bytes]:
        """(level, index) -> hash of every full tile."""
        made: dict[tuple[int, int], bytes] = {}
        level, row = 1, self._nodes
        while row:
            made.update({(level, index): node for index, node in enumerate(row)})
            row = [merkle.root(row[at : at + WIDTH]) for at in range(0, len(row) - WIDTH + 1, WIDTH)]
            level += 1
        return made

    def _note_roots(self) -> None:
        base = self._tiles.size * WIDTH
        while self._sizes and self._sizes[-1] <= base + len(self._row):
            size = self._sizes.pop()
            inside = [merkle.root(self._row[: size - base])] if size > base else []
            self.roots[size] = merkle.fold((*self._tiles.peaks, *inside))


def check_tree(verification: Verification) -> Iterator[Finding]:
    """Leaves without gap, each the hash of its entry; the roots of all checkpoints; the stored nodes."""
    tally = Tally("tree")
    signed = set(LedgerCheckpoint.objects.values_list("size", flat=True))
    grown = Regrown(signed.union(*verification.notes.values()))
    whole = True
    for index, entry_id, raw, data in stream(_LEAVES):
        leaf = bytes(raw)
        if index != tally.count:
            yield tally.damage("leaf_missing", "ledger_leaf", expected=tally.count, found=index)
            tally.count, whole = index, False
        if data is None:
            yield tally.damage("entry_missing", "ledger_entry", expected=leaf.hex(), entry=entry_id)
        elif (found := leaf_hash(bytes(data))) != leaf:
            yield tally.damage("entry_altered", "ledger_entry", expected=leaf.hex(), found=found.hex(), entry=entry_id)
        tally.count += 1
        if whole:
            grown.add(leaf)
    grown.finish()
    verification.roots, verification.size = grown.roots, tally.count
    yield from _compare_checkpoints(tally, verification)
    if whole:
        yield from _compare_nodes(tally, grown.nodes())
    yield tally.result()


def _compare_checkpoints(tally: Tally, verification: Verification) -> Iterator[Damage]:
    """Each stored checkpoint is signed, says what its row says, and fits the tree; the first misfit is told."""
    fits_until, signed, differs = 0, 0, False
    for row in LedgerCheckpoint.objects.order_by("size").iterator():
        signed = row.size
        try:
            made = checkpoints.open_checkpoint(row.note, keys.verifier(), origin=keys.origin())
        except BadInput as error:
            yield tally.damage(
                "checkpoint_forged", "ledger_checkpoint", expected=keys.verifier().vkey, found=error.code
            )
            continue
        said = (made.size, made.root.hex(), made.at)
        stored = (row.size, bytes(row.root).hex(), stamp(row.at))
        if said != stored:
            yield tally.damage("checkpoint_altered", "ledger_checkpoint", expected=said, found=stored)
        root = verification.roots.get(made.size)
        if root == made.root:
            fits_until = made.size
        elif made.size > tally.count:
            yield tally.damage("log_truncated", "ledger_leaf", expected=made.size, found=tally.count)
        elif not differs:
            differs = True
            place = f"{root.hex() if root else 'no root'} over leaves {fits_until} to {made.size}"
            yield tally.damage("tree_differs", "ledger_leaf", expected=made.root.hex(), found=place)
    if tally.count > signed and verification.signing != tally.count:
        yield tally.damage("leaves_unsigned", "ledger_leaf", expected=signed, found=tally.count)


def _compare_nodes(tally: Tally, expected: dict[tuple[int, int], bytes]) -> Iterator[Damage]:
    """The stored nodes are those of the tree: proofs and the next sealing stand on them."""
    for level, index, raw in stream(_NODES):
        wanted = expected.pop((level, index), b"")
        if wanted != bytes(raw):
            place = f"level {level} index {index}: {bytes(raw).hex()}"
            yield tally.damage("node_altered", "ledger_node", expected=wanted.hex(), found=place)
    for (level, index), wanted in expected.items():
        place = f"level {level} index {index}: none"
        yield tally.damage("node_missing", "ledger_node", expected=wanted.hex(), found=place)


def check_entries(verification: Verification) -> Iterator[Finding]:
    """Every entry is readable, carries its own id, and is a leaf or waits, never both and never neither."""
    tally = Tally("entries")
    for entry_id, data, sealed, waits in stream(_ENTRIES):
        tally.count += 1
        if sealed == waits:
            what = "entry_sealed_and_waiting" if sealed else "entry_outside_log"
            yield tally.damage(what, "ledger_entry", expected="leaf or waiting", entry=entry_id)
        try:
            said = read_entry(bytes(data)).entry_id
        except BadInput as error:
            yield tally.damage("entry_unreadable", "ledger_entry", found=error.code, entry=entry_id)
            continue
        if said != entry_id:
            yield tally.damage("entry_renamed", "ledger_entry", expected=said, found=entry_id, entry=entry_id)
    for (entry_id,) in stream(_QUEUED_WITHOUT_ENTRY):
        yield tally.damage("entry_missing", "ledger_entry", expected="waiting", entry=entry_id)
    yield tally.result()
