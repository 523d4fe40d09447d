"""``xinheng demo``: a city to look at, or (``--check``) the main story played against it without a screen."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from xinheng.demo.fill import Filled


@click.command()
@click.option("--law", metavar="L", help="法规包的代号或文件夹。 Law pack id or folder.")
@click.option("--port", type=int, default=None, help="端口，默认8000。")
@click.option("--check", "only_check", is_flag=True, help="不开网页，把主要过程走一遍，两部法规都走。")
def demo(law: str | None, port: int | None, only_check: bool) -> None:
    """建一个演示城市并打开网站。 Fill a demo city and serve it."""
    os.environ.setdefault("XINHENG_MODE", "demo")
    if only_check:
        from xinheng.demo.check import play_all

        sys.exit(play_all(law))
    chosen = port or int(os.environ.get("XINHENG_PORT", "8000"))
    _refuse_taken(chosen)
    _serve(law, chosen)


def _refuse_taken(port: int) -> None:
    """Say at once when somebody else owns the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise click.ClickException(
                f"端口{port}已被占用。换一个：make demo PORT={port + 1}（或 xinheng demo --port {port + 1}）"
            ) from None


def _serve(law: str | None, port: int) -> None:
    """Fill, start the server and the sweeps, print the accounts and ``ready URL``, wait for the end."""
    from django.conf import settings

    from xinheng.law.loader import load
    from xinheng.lib import clock
    from xinheng.serving import collect_static, start_server, wait_until_up
    from xinheng.start import prepare

    prepare(law)
    pack = load(settings.XINHENG_LAW, root=settings.XINHENG_LAWPACKS)
    from xinheng.demo.fill import fill

    filled = fill(pack=pack, at=clock.now(), tell=_progress if sys.stdout.isatty() else None)
    collect_static()
    stopping = threading.Event()  # set before the server exists, so that it is never left behind
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stopping.set())
    server = start_server(port=port)
    url = f"http://127.0.0.1:{port}/"
    try:
        wait_until_up(url, server.poll)
        _introduce(pack.name.zh, pack.label, filled)
        click.echo(f"ready {url}")
        _sweep_until(stopping, server.poll, settings.XINHENG_SEAL_SECONDS)
    finally:
        server.terminate()
        server.wait(timeout=10)
    if not stopping.is_set():
        raise click.ClickException("网站停了，原因在上面的日志里。")


def _progress(done: int, files: int, rows: int) -> None:
    """One line that counts, written over itself; it ends when the last file is received."""
    click.echo(f"\r正在接收各部门的文件：{done}/{files}，共{rows}行", nl=done == files)


def _sweep_until(stopping: threading.Event, ended: Callable[[], int | None], seconds: int) -> None:
    """Seal the ledger and do what falls due every few seconds until told to stop."""
    from django.db import close_old_connections

    from xinheng.sweeps import run_sweeps

    while not stopping.wait(seconds):
        if ended() is not None:
            return
        for _ in run_sweeps():
            pass
        close_old_connections()


def _introduce(name: str, label: str, filled: Filled) -> None:
    """Print who may sign in, in the order of the work."""
    from xinheng.accounts.selectors import organisations
    from xinheng.ui.wording import plain

    bodies = {body.code: body.name_zh for body in organisations()}
    click.echo(f"\n{name}演示平台（{label}）。单位、个人、文号均为虚构。")
    if filled.batches:
        click.echo(f"已接收{filled.batches}个文件，共{filled.rows}行。")
    click.echo(f"登录账号（密码都是 {filled.accounts[0].password}）：")
    for account in filled.accounts:
        roles = "、".join(plain(f"role.{role}", {}) for role in account.roles)
        body = bodies.get(account.organisation, "")
        also = "、".join(_besides(capacity, code) for capacity, code in account.also)
        click.echo(f"  {account.username:<18}{'　'.join(filter(None, (roles, account.display_name, body, also)))}")


def _besides(capacity: str, code: str) -> str:
    """For whom else an account stands, as the list says it."""
    from xinheng.subjects.selectors import by_code
    from xinheng.ui.wording import plain

    body = by_code(code)
    return f"也是{body.name if body else code}的{plain(f'capacity.{capacity}', {})}"
