"""Where do ids come from, without a clock and without a round trip for each?

Hi-lo blocks of 1,024 from one PostgreSQL sequence per table family: a process holds a block, a batch takes its ids at
once. Ids stay below 2^53, so they survive JavaScript; JSON carries them as strings.
"""

from __future__ import annotations

import threading

from django.db import connection

BLOCK = 1024
FAMILIES = ("subject", "record", "version", "entry", "batch", "row", "account", "local")


class _Blocks(threading.local):
    def __init__(self) -> None:
        self.left: dict[tuple[str, str], list[int]] = {}


_blocks = _Blocks()


def sequence(family: str) -> str:
    """The name of the sequence of a table family."""
    if family not in FAMILIES:
        raise KeyError(family)
    return f"xh_ids_{family}"


def next_id(family: str) -> int:
    """One fresh id of ``family``. A rolled-back transaction loses ids, never repeats one."""
    held = _blocks.left.setdefault((str(connection.settings_dict["NAME"]), family), [])
    if not held:
        held.extend(reversed(_fetch(family, 1)))
    return held.pop()


def take(family: str, count: int) -> list[int]:
    """``count`` fresh ids of ``family`` in ascending order, in one round trip."""
    if count <= 0:
        return []
    return _fetch(family, -(-count // BLOCK))[:count]


def forget() -> None:
    """Drop the blocks this thread holds (tests that rebuild a database)."""
    _blocks.left.clear()


def _fetch(family: str, blocks: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence(family), blocks])
        highs = sorted(row[0] for row in cursor.fetchall())
    return [(high - 1) * BLOCK + low for high in highs for low in range(1, BLOCK + 1)]
