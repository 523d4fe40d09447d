"""What the tests of disclosure stand on: penalties on file, an officer who asks, subjects with accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.disclosure.city import City
from tests.records.conftest import bureau, officers, send

__all__ = ["bureau", "city", "officers", "send"]


@pytest.fixture
def city(db: None, send: Callable[..., Any], officers: Mapping[str, int]) -> City:
    """The demo city with some penalties on file and its own-file accounts linked."""
    from tests.conftest import load_pack
    from tests.disclosure.city import fill

    return fill(load_pack("demo-city"), send, officers)
