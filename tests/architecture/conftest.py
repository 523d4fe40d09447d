"""Fixtures of the tests of the whole house."""

from __future__ import annotations

import pytest

from tests.world import World, filled
from xinheng.law.pack import Pack


@pytest.fixture
def world(pack: Pack, db: None) -> World:
    """The fictional city with its demo files received."""
    return filled(pack)
