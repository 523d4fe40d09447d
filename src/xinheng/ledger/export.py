"""How is the log handed out, so that anyone can verify it without us? As the static files of C2SP tlog-tiles.

A folder gets ``checkpoint``, ``tile/<level>/…``, ``tile/entries/…`` and ``key.vkey``. Full tiles that are already there
are left alone, so exporting again costs what is new. ``checkpoint`` is written last: what it covers is complete. A
folder that holds another log is refused: the two would make tiles of neither.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.db import connection

from xinheng.ledger import keys, selectors, tree
from xinheng.lib import checkpoint as checkpoints
from xinheng.lib.errors import BadInput, Conflict
from xinheng.lib.tiles import WIDTH, Tile, pack_bundle, tiles_of

_ENTRIES = """
SELECT e.bytes FROM ledger_leaf l JOIN ledger_entry e ON e.id = l.entry_id
WHERE l."index" >= %s AND l."index" < %s ORDER BY l."index"
"""


def export(folder: Path) -> int:
    """Write the log up to its newest checkpoint to ``folder``; how many leaves.

    Raises Conflict ``log_not_sealed``, and ``export_of_another_log`` when the folder holds another key, origin or tree.
    """
    newest = selectors.latest_checkpoint()
    if newest is None:
        raise Conflict("log_not_sealed")
    if not _ours(folder, newest.size):
        raise Conflict("export_of_another_log", folder=str(folder))
    _write(folder / "key.vkey", (keys.verifier().vkey + "\n").encode())  # first: it tells whose tiles follow
    for tile in tiles_of(newest.size):
        if tile.width == WIDTH and (folder / tile.path).exists() and _has_entries(folder, tile):
            continue
        low = tile.index * WIDTH
        _write(folder / tile.path, b"".join(tree.hashes(tile.level, low, low + tile.width)))
        if tile.level == 0:
            _write(folder / tile.bundle_path, pack_bundle(_entries(low, low + tile.width)))
    _write(folder / "checkpoint", newest.note.encode())
    return newest.size


def _ours(folder: Path, size: int) -> bool:
    """Whether what lies in ``folder`` is an earlier export of this very log, or no export at all."""
    key, note = folder / "key.vkey", folder / "checkpoint"
    if key.exists() and key.read_text("utf-8").strip() != keys.verifier().vkey:
        return False
    if not note.exists():
        return key.exists() or not (folder / "tile").exists()
    try:
        held = checkpoints.open_checkpoint(note.read_text("utf-8"), keys.verifier(), origin=keys.origin())
    except (BadInput, UnicodeDecodeError):
        return False
    return held.size <= size and tree.StoredTree(held.size).root() == held.root


def _has_entries(folder: Path, tile: Tile) -> bool:
    return tile.level > 0 or (folder / tile.bundle_path).exists()


def _entries(low: int, high: int) -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [low, high])
        return [bytes(row[0]) for row in cursor.fetchall()]


def _write(path: Path, data: bytes) -> None:
    """Put ``data`` in place completely or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(data)
    os.replace(draft, path)
