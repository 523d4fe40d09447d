"""Under which path does a piece of the log lie when it is served as static files (c2sp.org/tlog-tiles)?

A tile holds up to 256 hashes of one level, a bundle up to 256 entries. The n-th hash of level l is the root over the
256**l leaves from n * 256**l. Full tiles never change; the right edge lies under ``.p/<width>``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xinheng.lib.errors import BadInput

WIDTH = 256
BITS = 8  # a tile spans eight levels of the binary tree
_HASH = 32
_LONGEST = 0xFFFF


@dataclass(frozen=True, slots=True)
class Tile:
    """Hashes ``index * 256`` to ``index * 256 + width`` of ``level``."""

    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        return f"tile/{self.level}/{_number(self.index)}{_partial(self.width)}"

    @property
    def bundle_path(self) -> str:
        """Where the entries under this tile of level 0 lie."""
        return f"tile/entries/{_number(self.index)}{_partial(self.width)}"


def _number(index: int) -> str:
    """1234067 -> ``x001/x234/067``."""
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03d}")
    return "/".join(reversed(groups))


def _partial(width: int) -> str:
    if not 1 <= width <= WIDTH:
        raise BadInput("tile_width", width=str(width))
    return "" if width == WIDTH else f".p/{width}"


def tiles_of(size: int, *, since: int = 0) -> Iterator[Tile]:
    """Every tile of a tree of ``size`` leaves that a tree of ``since`` leaves did not have in full, level by level."""
    level, hashes, known = 0, size, since
    while hashes:
        for index in range(known // WIDTH, -(-hashes // WIDTH)):
            yield Tile(level, index, min(WIDTH, hashes - index * WIDTH))
        level, hashes, known = level + 1, hashes // WIDTH, known // WIDTH


def pack_bundle(entries: Sequence[bytes]) -> bytes:
    """Entries one after another, each with its length in two bytes, big-endian. Raises BadInput beyond 65,535 bytes."""
    if any(len(entry) > _LONGEST for entry in entries):
        raise BadInput("entry_too_long")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def open_bundle(data: bytes) -> list[bytes]:
    """The inverse of `pack_bundle`. Raises BadInput when ``data`` ends inside an entry."""
    entries, at = [], 0
    while at < len(data):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data):
            raise BadInput("bundle_malformed")
        entries.append(data[start:at])
    return entries


def open_tile(data: bytes) -> list[bytes]:
    """The hashes of a tile. Raises BadInput when ``data`` is no whole number of hashes."""
    if len(data) % _HASH:
        raise BadInput("tile_malformed")
    return [data[at : at + _HASH] for at in range(0, len(data), _HASH)]
