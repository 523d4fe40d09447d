"""Fixtures of the public pages."""

from __future__ import annotations

import pytest

from tests.world import World, filled
from xinheng.law.pack import Pack
from xinheng.portal import selectors
from xinheng.portal.selectors import KeptPages


@pytest.fixture
def world(pack: Pack, db: None) -> World:
    """The fictional city with its demo files received."""
    return filled(pack)


@pytest.fixture(autouse=True)
def no_kept_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every list page is made anew, so that a test can look at what it was made of."""
    monkeypatch.setattr(selectors, "LIST_PAGES", KeptPages(0))
