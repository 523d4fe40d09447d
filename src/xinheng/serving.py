"""How are the pages served? Granian, WSGI, two workers of sixteen threads, persistent database connections."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence

from django.core.management import call_command

from xinheng.machine.errors import MachineError


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
        os.environ.get("XINHENG_THREADS", "16"),
        "--log-level",
        "error",
        "--no-ws",
        "xinheng.wsgi:application",
    ]


def serving_environment() -> dict[str, str]:
    """The environment of the serving processes: the application's address without the owner's."""
    return {key: value for key, value in os.environ.items() if key != "XINHENG_OWNER_DATABASE_URL"}


def start_server(*, port: int, extra: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    """Start the server as a child process and return it."""
    return subprocess.Popen([*granian_command(port=port), *extra], env=serving_environment())


def wait_until_up(url: str, ended: Callable[[], int | None]) -> None:
    """Wait until the server answers, at most 30 seconds."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(300):
        if ended() is not None:
            raise MachineError(
                "server_ended", zh="网站没有启动，原因在上面的日志里。", en="The server ended; its log says why."
            )
        try:
            with opener.open(url + "healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise MachineError("server_silent", zh="网站30秒内没有启动。", en="The server did not answer within 30 seconds.")


def serve_pages(*, port: int) -> None:
    """Serve in the foreground until interrupted; the process is replaced by the server."""
    collect_static()
    os.execve(sys.executable, granian_command(port=port), serving_environment())  # noqa: S606 (our own interpreter)
