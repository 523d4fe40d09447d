"""How is the log handed out, so that anyone can verify it without us? As the static files of C2SP tlog-tiles.

A folder gets ``checkpoint``, ``tile/<level>/…``, ``tile/entries/…`` and ``key.vkey``. Full tiles that are already there
are left alone, so exporting again costs what is new. ``checkpoint`` is written last: what it covers is complete.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.db import connection

from xinheng.ledger import keys, selectors, tree
from xinheng.lib.errors import Conflict
from xinheng.lib.tiles import WIDTH, Tile, pack_bundle, tiles_of

_ENTRIES = """
SELECT e.bytes FROM ledger_leaf l JOIN ledger_entry e ON e.id = l.entry_id
WHERE l."index" >= %s AND l."index" < %s ORDER BY l."index"
"""


def export(folder: Path) -> int:
    """Write the log up to its newest checkpoint to ``folder``; how many leaves. Raises Conflict ``log_not_sealed``."""
    newest = selectors.latest_checkpoint()
    if newest is None:
        raise Conflict("log_not_sealed")
    for tile in tiles_of(newest.size):
        if tile.width == WIDTH and (folder / tile.path).exists() and _has_entries(folder, tile):
            continue
        low = tile.index * WIDTH
        _write(folder / tile.path, b"".join(tree.hashes(tile.level, low, low + tile.width)))
        if tile.level == 0:
            _write(folder / tile.bundle_path, pack_bundle(_entries(low, low + tile.width)))
    _write(folder / "key.vkey", (keys.verifier().vkey + "\n").encode())
    _write(folder / "checkpoint", newest.note.encode())
    return newest.size


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
