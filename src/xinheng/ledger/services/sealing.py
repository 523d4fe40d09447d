"""How do entries get their place in the tree, and how does a checkpoint leave the database?

In two short transactions under one row lock. The first numbers what waits, in id order, and notes that a checkpoint of
this size is being made. The second signs the root, writes the note outside, stores it and clears the mark. A crash
between them leaves numbered leaves and the mark, and the next round signs the same tree; a crash after writing outside
leaves a note there, and the next round takes that note instead of making another for the same size.

Each round does work for the new entries only: 256 stored hashes a level are enough for the rest.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from xinheng.ledger import keys, selectors, tree, witness
from xinheng.ledger.models import LawVersion, LedgerCheckpoint, LedgerHead, LedgerHeadSeal, LedgerSealer
from xinheng.ledger.rules import HEAD_WIDTH, HEADS_SEALED, Receipt, heads_root, pack_head
from xinheng.ledger.services.writing import append
from xinheng.lib import checkpoint as checkpoints
from xinheng.lib.checkpoint import Checkpoint
from xinheng.lib.clock import parse_stamp, stamp
from xinheng.lib.errors import Conflict

ROUND = 20_000  # entries numbered in one transaction, under one checkpoint
HEADS_EVERY = timedelta(hours=1)
HEADS_CHUNK = 4096  # heads in one stored row

# A queued id without its entry stays queued: verification names it, and the rest of the log goes on.
_NUMBER = """
WITH chosen AS (
  SELECT p.entry_id, e.bytes FROM ledger_pending p JOIN ledger_entry e ON e.id = p.entry_id ORDER BY p.entry_id LIMIT %s
), moved AS (
  DELETE FROM ledger_pending p USING chosen c WHERE p.entry_id = c.entry_id
), leaf AS (
  INSERT INTO ledger_leaf ("index", entry_id, hash)
  SELECT %s + row_number() OVER (ORDER BY entry_id) - 1, entry_id, sha256('\\x00'::bytea || bytes) FROM chosen
  RETURNING "index", hash
)
SELECT hash FROM leaf ORDER BY "index"
"""


def seal(*, at: datetime, wait: bool = True) -> Checkpoint | None:
    """Number everything that waits and publish a signed checkpoint; None when the newest one still covers the tree.

    With ``wait`` False, also None when another sealer is at work. Raises Conflict ``log_contradicts_checkpoint`` rather
    than sign a tree that does not continue the last checkpoint inside and every newest one outside. Own transactions:
    inside another one a crash could leave a note outside for a tree that was rolled back.
    """
    newest = None
    while True:
        newest = _publish(at=at, wait=wait) or newest  # also what a crash left numbered and unsigned
        if not _number(wait=wait):
            return newest


def _lock(*, wait: bool) -> LedgerSealer | None:
    """The sealer's row, locked, or None when another holds it and we don't wait."""
    LedgerSealer.objects.bulk_create([LedgerSealer(id=1, signing=None)], ignore_conflicts=True)
    return LedgerSealer.objects.select_for_update(skip_locked=not wait).filter(id=1).first()


@transaction.atomic
def _number(*, wait: bool) -> bool:
    """Move up to `ROUND` entries from the queue into the tree; whether there is a tree to sign now.

    Numbers nothing while a numbered tree is unsigned: its note may already lie outside, and must be stored first.
    """
    sealer = _lock(wait=wait)
    if sealer is None:
        return False
    if sealer.signing is not None:
        return True
    before = tree.size()
    if before < max((note.size for note in _newest_notes()), default=0):
        raise Conflict("log_contradicts_checkpoint", size=str(before))
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER, [ROUND, before])
        leaves = [bytes(row[0]) for row in cursor.fetchall()]
        if not leaves:
            return False
        nodes = tree.new_nodes(before, leaves)
        if nodes:
            cursor.execute(
                'INSERT INTO ledger_node (level, "index", hash)'
                " SELECT * FROM unnest(%b::smallint[], %b::bigint[], %b::bytea[])",
                [[n[0] for n in nodes], [n[1] for n in nodes], [n[2] for n in nodes]],
            )
    LedgerSealer.objects.filter(id=1).update(signing=before + len(leaves))
    return True


@transaction.atomic
def _publish(*, at: datetime, wait: bool) -> Checkpoint | None:
    """Sign the root of the numbered leaves, write it outside, store it."""
    sealer = _lock(wait=wait)
    if sealer is None or sealer.signing is None:
        return None
    size = tree.size()
    root = tree.StoredTree(size).root()
    _refuse_to_contradict(size)
    note = witness.witnessed(size) or checkpoints.sign(Checkpoint(keys.origin(), size, root, stamp(at)), keys.signer())
    made = checkpoints.open_checkpoint(note, keys.verifier(), origin=keys.origin())
    if (made.size, made.root) != (size, root):
        raise Conflict("log_contradicts_checkpoint", size=str(size))
    witness.write(note, size=size)
    LedgerCheckpoint.objects.create(size=size, root=root, note=note, at=parse_stamp(made.at))
    LedgerSealer.objects.filter(id=1).update(signing=None)
    return made


def _newest_notes() -> list[Checkpoint]:
    """The newest checkpoint of the database and of each folder outside."""
    stored = LedgerCheckpoint.objects.order_by("-size").values_list("note", flat=True).first()
    notes = [stored, *(witness.newest(folder) for folder in witness.folders())]
    return [checkpoints.open_checkpoint(note, keys.verifier(), origin=keys.origin()) for note in notes if note]


def _refuse_to_contradict(size: int) -> None:
    """Raise Conflict unless the tree of ``size`` leaves continues every newest checkpoint."""
    for made in _newest_notes():
        if made.size > size or tree.StoredTree(made.size).root() != made.root:
            raise Conflict("log_contradicts_checkpoint", size=str(made.size))


def seal_heads(*, at: datetime) -> Receipt | None:
    """Enter the root over every subject's last entry, so that nobody can shorten a subject's chain unseen.

    None when no subject has a new entry since the last time.
    """
    with transaction.atomic():
        rows = LedgerHead.objects.order_by("tag").values_list("tag", "last_seq", "last_leaf")
        heads = [(bytes(tag), seq, bytes(leaf)) for tag, seq, leaf in rows]
        packed = b"".join(pack_head(*head) for head in heads)
        width = HEADS_CHUNK * HEAD_WIDTH
        chunks = [packed[start : start + width] for start in range(0, len(packed), width)]
        before = LedgerHeadSeal.objects.order_by("chunk").values_list("heads", flat=True)
        if chunks == [bytes(chunk) for chunk in before]:
            LedgerHeadSeal.objects.update(at=at)  # looked at, so that the next hour counts from here
            return None
        receipt = append(
            act=HEADS_SEALED,
            at=at,
            law=_newest_law(),
            actor="system",
            organisation="",
            channel="system",
            subject=None,
            ground={},
            result="done",
            fields={"heads": len(heads), "root": heads_root(heads).hex(), "number": _heads_sealed() + 1},
        )
        LedgerHeadSeal.objects.all().delete()
        LedgerHeadSeal.objects.bulk_create(
            LedgerHeadSeal(entry_id=receipt.entry_id, chunk=n, at=at, heads=chunk) for n, chunk in enumerate(chunks)
        )
    return receipt


def _heads_sealed() -> int:
    """How often heads were sealed before: the number in the newest such entry."""
    entry_id = LedgerHeadSeal.objects.values_list("entry_id", flat=True).first()
    body = None if entry_id is None else selectors.entry(entry_id).body
    return int(body["fields"]["number"]) if body else 0


def heads_due(*, at: datetime) -> bool:
    """Whether the last sealing of heads is an hour old, or there was none."""
    last = LedgerHeadSeal.objects.values_list("at", flat=True).first()
    return last is None or at - last >= HEADS_EVERY


def _newest_law() -> str:
    """The label of the law version loaded last; the log's own entries stand under it."""
    label = LawVersion.objects.order_by("-loaded_at", "-id").values_list("label", flat=True).first()
    return label or ""
