"""State folders and servers of their own for the tests of the machine; none touches the database of the other
tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from xinheng.machine import database
from xinheng.machine.postgres import Server

# Only root can become another user: as an ordinary user those tests have no meaning and are not collected.
collect_ignore = [] if os.geteuid() == 0 else ["test_as_root.py"]


def make_home() -> Path:
    """An empty state folder, in memory where there is room: making and copying servers is ten times as quick there."""
    memory = Path("/dev/shm")
    fit = memory.is_dir() and not os.statvfs(memory).f_flag & os.ST_NOEXEC and shutil.disk_usage(memory).free > 2**30
    path = Path(tempfile.mkdtemp(prefix="xh-", dir=memory if fit else None))
    path.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return path


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty state folder that an unprivileged user can walk to, unlike the temporary folders of pytest."""
    path = make_home()
    yield path
    for durable in (True, False):
        Server(path, durable=durable).stop("immediate")
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def made_once() -> Iterator[Path]:
    """A quick server that was made, given the database of a pack, and stopped: tests start from copies of it."""
    path = make_home()
    server = Server(path, durable=False)
    server.start()
    database.ensure("demo-city", server=server)
    server.stop()
    yield server.folder
    shutil.rmtree(path)


@pytest.fixture
def server(folder: Path, made_once: Path) -> Server:
    """A running quick server."""
    subprocess.run(["/bin/cp", "-a", made_once, folder], check=True)
    copy = Server(folder, durable=False)
    copy.start()
    return copy
