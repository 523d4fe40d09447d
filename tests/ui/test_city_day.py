"""Does the law that is kept for a second end with the legal day?"""

from __future__ import annotations

import pytest

from xinheng.law.pack import Pack
from xinheng.ui import city


@pytest.mark.req("ZY-32", "CAT-3", kind="rule")
def test_the_kept_law_ends_with_the_legal_day(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Pack] = []
    monkeypatch.setattr(city, "_supplements", [lambda found: read.append(found) or found])
    monkeypatch.setattr(city, "KEPT_FOR", 3600.0)
    monkeypatch.setenv("XINHENG_TODAY", "2026-12-31")
    city.forget()
    city.pack()
    city.pack()
    assert len(read) == 1
    monkeypatch.setenv("XINHENG_TODAY", "2027-01-01")  # midnight has passed
    city.pack()
    assert len(read) == 2
    city.forget()
