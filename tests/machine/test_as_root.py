"""Root never runs the server itself, and an ordinary user needs no root. Collected when root runs the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from xinheng.machine import binaries
from xinheng.machine import home as homes
from xinheng.machine.errors import MachineError
from xinheng.machine.postgres import Server

BECOME_ORDINARY = """
import os, sys
from pathlib import Path
import encodings.idna, importlib.metadata
from xinheng.machine import binaries
from xinheng.machine.postgres import Server
state, programs, uid, gid = sys.argv[1:]
binaries.wheel_folder = lambda: Path(programs)
os.setgroups([]), os.setgid(int(gid)), os.setuid(int(uid))
server = Server(Path(state), durable=False)
server.start()
first = server.pid()
Server(Path(state), durable=False).start()
print(first == server.pid(), os.stat(f"/proc/{first}").st_uid, server.socket_folder().stat().st_mode & 0o077)
server.stop()
print(server.running())
"""


def test_the_server_runs_as_an_unprivileged_user(server: Server) -> None:
    owner = server.data.stat().st_uid
    assert owner != 0
    assert pwd.getpwuid(owner).pw_name in homes.SERVICE_USERS
    assert Path(f"/proc/{server.pid()}").stat().st_uid == owner


def test_the_unprivileged_user_can_change_neither_configuration_nor_passwords(server: Server) -> None:
    for path in (
        server.folder,
        *(server.folder / name for name in ("postgresql.conf", "pg_hba.conf", "passwords.json")),
    ):
        assert path.stat().st_uid == 0
        assert path.stat().st_mode & 0o022 == 0


def test_nobody_can_be_that_user(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(homes, "SERVICE_USERS", ("nobody",))
    server = Server(folder, durable=False)
    server.start()
    assert server.data.stat().st_uid == pwd.getpwnam("nobody").pw_uid


def test_the_user_who_owns_the_data_stays_the_same_when_a_better_one_appears(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = server.data.stat().st_uid
    server.stop()
    monkeypatch.setattr(homes, "SERVICE_USERS", ("daemon",))
    server.start()
    assert Path(f"/proc/{server.pid()}").stat().st_uid == owner


def test_without_any_unprivileged_user_root_is_told_to_make_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(homes, "SERVICE_USERS", ("no-such-user",))
    with pytest.raises(MachineError) as refused:
        Server(folder, durable=False).start()
    assert refused.value.code == "no_service_user"


def test_a_folder_that_the_unprivileged_user_cannot_reach_is_named(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(MachineError) as refused:
        Server(closed / "state", durable=False).start()
    assert refused.value.code == "home_not_reachable"


def test_an_ordinary_user_makes_starts_reuses_and_stops_a_server(folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    programs = binaries.install_for(nobody, state=folder)
    state = Path(tempfile.mkdtemp(prefix="xh-user-"))
    os.chown(state, nobody.pw_uid, nobody.pw_gid)
    try:
        done = subprocess.run(
            [sys.executable, "-c", BECOME_ORDINARY, state, programs, str(nobody.pw_uid), str(nobody.pw_gid)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.split() == ["True", str(nobody.pw_uid), "0", "False"]
    finally:
        shutil.rmtree(state)
