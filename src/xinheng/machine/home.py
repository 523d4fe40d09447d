"""Where does this deployment keep its state, and who may read it?

One folder per checkout: ``.xinheng/`` for a user, a system folder for root, because PostgreSQL refuses to run as root
and the unprivileged user it runs as must be able to walk to its data. ``XINHENG_HOME`` overrides both.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import stat
import sys
import tempfile
from pathlib import Path

from xinheng.machine.errors import MachineError

SYSTEM_STATE = Path("/var/lib/xinheng")
SYSTEM_RUNTIME = Path("/run/xinheng")
SOCKET_LIMIT = 107
"""Bytes of a Unix socket's path, without the closing zero (``sun_path`` holds 108 on Linux)."""
SERVICE_USERS = ("xinheng", "postgres", "nobody")
"""Unprivileged users tried in this order when root starts the server."""


def checkout() -> Path:
    """The folder that holds ``pyproject.toml``; for an installed package the environment it is installed in."""
    above = Path(__file__).resolve().parents[3]
    return above if (above / "pyproject.toml").is_file() else Path(sys.prefix).resolve()


def home_path() -> Path:
    """The state folder, whether or not it exists yet."""
    named = os.environ.get("XINHENG_HOME")
    if named:
        return Path(named).expanduser().absolute()
    place = checkout()
    if os.geteuid() == 0:
        return SYSTEM_STATE / short_hash(place)
    if (place / "pyproject.toml").is_file():
        return place / ".xinheng"
    return Path("~/.local/state/xinheng").expanduser() / short_hash(place)


def home() -> Path:
    """The state folder, made when missing: open to its user alone, or for root passable (not listable) by the
    service user."""
    path = home_path()
    wanted = 0o711 if os.geteuid() == 0 else 0o700
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o755)
        if path.stat().st_uid == os.geteuid() and stat.S_IMODE(path.stat().st_mode) != wanted:
            path.chmod(wanted)
    except OSError as error:
        raise MachineError(
            "home_not_writable",
            zh=f"无法建立状态文件夹 {path}（{error.strerror}）。请用 XINHENG_HOME 指定一个可写的文件夹。",
            en=f"Cannot make the state folder {path} ({error.strerror}). Name a writable one with XINHENG_HOME.",
        ) from None
    return path


def lawpacks() -> Path:
    """The folder of the law packs: ``XINHENG_LAWPACKS``, else ``lawpacks`` in the checkout."""
    named = os.environ.get("XINHENG_LAWPACKS")
    return Path(named) if named else checkout() / "lawpacks"


def default_law() -> str:
    """The law pack that this deployment serves: ``XINHENG_LAW``, else the one named in ``default`` beside the packs.

    Raises MachineError when neither names one.
    """
    named = os.environ.get("XINHENG_LAW")
    default = lawpacks() / "default"
    if not named and default.is_file():
        named = default.read_text(encoding="utf-8").strip()
    if not named:
        raise MachineError(
            "no_law_pack_named",
            zh=f"没有指定法规包：请设置 XINHENG_LAW，或在 {default} 中写明。",
            en=f"No law pack is named: set XINHENG_LAW or write one into {default}.",
        )
    return named


def short_hash(path: Path) -> str:
    """Twelve hex digits that tell one checkout from another."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def private_folder(path: Path) -> Path:
    """``path`` as a folder that only its user may enter, made when missing."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        path.chmod(0o700)
    return path


def write_private(path: Path, text: str) -> None:
    """Write ``text`` so that a crash leaves the old file or the new one, readable by its user alone."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp makes it 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)


class Lock:
    """An exclusive lock between processes and threads, held for a ``with`` block; the system drops it when its
    holder dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle = -1

    def __enter__(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._handle, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)


def service_user(data: Path) -> pwd.struct_passwd | None:
    """Who runs the server: None for an ordinary user (itself), for root the owner of ``data``, else an
    unprivileged user.

    Raises MachineError when root finds no such user.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid)
    for name in SERVICE_USERS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        if found.pw_uid != 0:
            return found
    raise MachineError(
        "no_service_user",
        zh="以 root 运行时需要一个普通用户来运行 PostgreSQL，但 xinheng、postgres、nobody 均不存在。"
        "请运行 useradd --system xinheng。",
        en="As root an unprivileged user must run PostgreSQL, and none of xinheng, postgres, nobody exists. "
        "Run: useradd --system xinheng",
    )


def runtime(state: Path, *, owner: int, socket_name: str) -> Path:
    """A folder for the server's socket whose path, with ``socket_name``, fits into 107 bytes; made, owned by user
    id ``owner``.

    ``<state>/run`` when short enough, else a folder under the system's runtime or temporary folder that carries the
    hash of ``state``. A folder that somebody else made beforehand is refused. Raises MachineError when nothing fits.
    """
    short = f"xinheng-{owner}-{short_hash(state)}"
    system = [SYSTEM_RUNTIME / short_hash(state)] if os.geteuid() == 0 else []
    temporary = Path("/tmp")  # noqa: S108 (the folder's kind and owner are checked before it is used)
    for folder in (state / "run", *system, Path(tempfile.gettempdir()) / short, temporary / short):
        if not socket_fits(folder, socket_name):
            continue
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o755)
            seen = folder.lstat()
            if stat.S_ISDIR(seen.st_mode) and seen.st_uid in {owner, os.geteuid()}:
                if os.geteuid() == 0:
                    os.chown(folder, owner, -1, follow_symlinks=False)
                folder.chmod(0o755 if os.geteuid() == 0 else 0o700)
                return folder
        except OSError:
            continue  # not writable here (a read-only /run, a missing parent): the next place is tried
    raise MachineError(
        "no_socket_folder",
        zh=f"找不到路径不超过 {SOCKET_LIMIT} 字节且可写的套接字文件夹。请把 XINHENG_HOME 设为更短的路径。",
        en=f"No writable socket folder with a path of at most {SOCKET_LIMIT} bytes. Set a shorter XINHENG_HOME.",
    )


def socket_fits(folder: Path, socket_name: str) -> bool:
    """Whether the socket's path is short enough and has no character that the server would read as a list or a
    quote."""
    text = os.fspath(folder)
    return len(os.fsencode(folder / socket_name)) <= SOCKET_LIMIT and not set(text) & set(",\"'\\\n@%")
