"""How are the pages served? Granian, WSGI, two workers of eight threads, persistent database connections."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from django.core.management import call_command


def collect_static() -> None:
    """Put the static files under hashed names where the server finds them."""
    call_command("collectstatic", interactive=False, verbosity=0)


def granian_command(*, port: int, host: str = "127.0.0.1") -> list[str]:
    """The command line of the server."""
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        os.environ.get("XINHENG_WORKERS", "2"),
        "--blocking-threads",
        os.environ.get("XINHENG_THREADS", "8"),
        "--log-level",
        "warning",
        "--no-ws",
        "xinheng.wsgi:application",
    ]


def serving_environment() -> dict[str, str]:
    """The environment of the serving processes: the application's address without the owner's."""
    return {key: value for key, value in os.environ.items() if key != "XINHENG_OWNER_DATABASE_URL"}


def start_server(*, port: int, extra: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    """Start the server as a child process and return it."""
    return subprocess.Popen([*granian_command(port=port), *extra], env=serving_environment())


def serve_pages(*, port: int) -> None:
    """Serve in the foreground until interrupted; the process is replaced by the server."""
    collect_static()
    os.execve(sys.executable, granian_command(port=port), serving_environment())  # noqa: S606 (our own interpreter)
