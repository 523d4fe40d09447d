"""Pages cut by key."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from xinheng.lib.errors import BadInput
from xinheng.ui.paging import Key, cut, read_key

ROWS = [Key(date(2026, 11, 1) - timedelta(days=n // 3), 100 - n) for n in range(47)]


def test_pages_by_key_show_every_row_once_and_end() -> None:
    seen: list[Key] = []
    after: Key | None = None
    for _ in range(10):
        rest = [row for row in ROWS if after is None or (row.on, row.id) < (after.on, after.id)]
        page = cut(rest[:11], size=10, after=after, key_of=lambda row: row)
        seen += page.rows
        assert page.first == (after is None)
        if not page.next_key:
            break
        after = read_key(page.next_key)
    assert seen == ROWS


@pytest.mark.parametrize("text", ["7", "2026-11-01", "2026-13-01_5", "2026-11-01_x", "'; DROP"])
def test_a_key_that_cannot_be_read_is_an_error(text: str) -> None:
    with pytest.raises(BadInput, match="paging_key_unreadable"):
        read_key(text)


def test_no_key_is_the_first_page() -> None:
    assert read_key("") is None
