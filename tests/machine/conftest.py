"""State folders and servers of their own for the tests of the machine; none touches the database of the other tests."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from xinheng.machine.postgres import Server

# Only root can become another user: as an ordinary user those tests have no meaning and are not collected.
collect_ignore = [] if os.geteuid() == 0 else ["test_as_root.py"]


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty state folder that an unprivileged user can walk to, unlike the temporary folders of pytest."""
    path = Path(tempfile.mkdtemp(prefix="xh-"))
    path.chmod(0o711 if os.geteuid() == 0 else 0o700)
    yield path
    for durable in (True, False):
        Server(path, durable=durable).stop("immediate")
    shutil.rmtree(path)


@pytest.fixture
def server(folder: Path) -> Server:
    """A running quick server."""
    made = Server(folder, durable=False)
    made.start()
    return made
