"""Notes which values of the packs our code reads while the tests run, for ``xinheng law check --used``.

Set ``XINHENG_LAW_USED`` to the file to write; a whole run of the suite starts from no file.
"""

from __future__ import annotations

import os
from pathlib import Path

from xinheng.law import usage


def pytest_configure() -> None:
    """Begin before any test module reads a pack."""
    if os.environ.get("XINHENG_LAW_USED"):
        usage.start()


def pytest_sessionfinish() -> None:
    """Add what this process saw to the file; every worker does."""
    target = os.environ.get("XINHENG_LAW_USED")
    if target:
        usage.save(Path(target))
