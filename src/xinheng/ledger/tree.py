"""What does the stored tree look like? Reads few rows for any question, however large the log is.

Level 0 is ``ledger_leaf``; level l > 0 is ``ledger_node``: one hash for 256 of the level below, as in exported tiles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import connection

from xinheng.lib import merkle
from xinheng.lib.tiles import BITS, WIDTH

Hashes = Callable[[int, int, int], Sequence[bytes]]  # (level, from, until) -> hashes of that level


def size() -> int:
    """How many leaves are numbered."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT coalesce(max("index") + 1, 0) FROM ledger_leaf')
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def hashes(level: int, low: int, high: int) -> list[bytes]:
    """The stored hashes ``low`` to ``high`` of a tile level."""
    if level:
        sql = 'SELECT hash FROM ledger_node WHERE level = %s AND "index" >= %s AND "index" < %s ORDER BY "index"'
        values = [level, low, high]
    else:
        sql = 'SELECT hash FROM ledger_leaf WHERE "index" >= %s AND "index" < %s ORDER BY "index"'
        values = [low, high]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [bytes(row[0]) for row in cursor.fetchall()]


def new_nodes(before: int, leaves: Sequence[bytes], stored: Hashes = hashes) -> list[tuple[int, int, bytes]]:
    """The (level, index, hash) of every tile that ``leaves``, appended to a tree of ``before`` leaves, make full."""
    made: list[tuple[int, int, bytes]] = []
    level, start, fresh = 0, before, list(leaves)
    while start % WIDTH + len(fresh) >= WIDTH:
        first = start // WIDTH
        row = [*stored(level, first * WIDTH, start), *fresh] if start % WIDTH else fresh
        fresh = [merkle.root(row[at : at + WIDTH]) for at in range(0, len(row) - WIDTH + 1, WIDTH)]
        level, start = level + 1, first
        made += [(level, start + at, node) for at, node in enumerate(fresh)]
    return made


class StoredTree:
    """The stored tree at one size: roots and proofs from whole tiles, each read once."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def root(self) -> bytes:
        """The root over the first ``size`` leaves."""
        return merkle.range_root(0, self.size, self._node)

    def inclusion_proof(self, index: int) -> list[bytes]:
        """The proof that leaf ``index`` is in the tree of this size."""
        return [merkle.range_root(low, high, self._node) for low, high in merkle.inclusion_ranges(index, self.size)]

    def consistency_proof(self, old: int) -> list[bytes]:
        """The proof that the tree of this size continues the tree of ``old`` leaves."""
        return [merkle.range_root(low, high, self._node) for low, high in merkle.consistency_ranges(old, self.size)]

    def _node(self, level: int, index: int) -> bytes:
        """The root of the complete subtree over 2**level leaves, from one tile."""
        tile_level, inside = divmod(level, BITS)
        low = index << inside
        tile = self._tile(tile_level, low // WIDTH)
        at = low % WIDTH
        return merkle.root(tile[at : at + (1 << inside)])

    def _tile(self, level: int, index: int) -> list[bytes]:
        known = self._tiles.get((level, index))
        if known is None:
            high = min((index + 1) * WIDTH, self.size >> (level * BITS))
            known = self._tiles[(level, index)] = hashes(level, index * WIDTH, high)
        return known
