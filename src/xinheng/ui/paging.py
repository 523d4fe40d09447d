"""How is a long list cut into pages that stay where they are?

By key, never by offset: the address names the last row seen (day and id), so a list that grows at the top does not
shift under the reader, and the ten-thousandth page costs what the first one costs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from xinheng.lib.errors import BadInput


@dataclass(frozen=True, slots=True)
class Key:
    """The last row of the page before: its day and its id."""

    on: date
    id: int

    def __str__(self) -> str:
        return f"{self.on.isoformat()}_{self.id}"


@dataclass(frozen=True, slots=True)
class KeyPage[Row]:
    """Rows of one page. ``next_key`` is empty on the last; off the ``first`` page a way back to the top is shown."""

    rows: Sequence[Row]
    next_key: str
    first: bool


def read_key(text: str) -> Key | None:
    """The key in an address, None for the first page. Raises BadInput for anything else."""
    if not text:
        return None
    day, _, number = text.partition("_")
    try:
        return Key(date.fromisoformat(day), int(number))
    except ValueError:
        raise BadInput("paging_key_unreadable") from None


def cut[Row](rows: Sequence[Row], *, size: int, after: Key | None, key_of: Callable[[Row], Key]) -> KeyPage[Row]:
    """A page from up to ``size + 1`` rows: the one row more only tells that another page follows."""
    shown = rows[:size]
    more = len(rows) > size
    return KeyPage(rows=shown, next_key=str(key_of(shown[-1])) if more else "", first=after is None)
