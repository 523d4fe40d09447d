"""The operator's commands: serve, worker, migrate, doctor, bench."""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from pathlib import Path

import click

law_option = click.option("--law", metavar="L", help="法规包的代号或文件夹。 Law pack id or folder.")


@click.command()
@click.option("--port", type=int, default=None, help="端口，默认8000。")
@law_option
def serve(port: int | None, law: str | None) -> None:
    """启动网站。 Serve the pages and the API under Granian."""
    from xinheng.serving import serve_pages
    from xinheng.start import prepare

    prepare(law)
    serve_pages(port=port or int(os.environ.get("XINHENG_PORT", "8000")))


@click.command()
@click.option("--once", is_flag=True, help="每项工作做一遍就停。")
@law_option
def worker(once: bool, law: str | None) -> None:
    """执行到期的工作：封账、到期公示下线。 Run every room's sweeps."""
    from django.conf import settings

    from xinheng.start import prepare
    from xinheng.sweeps import run_sweeps

    prepare(law)
    while True:
        for name, done in run_sweeps():
            if done:
                click.echo(f"{name}: {done}")
        if once:
            return
        time.sleep(settings.XINHENG_SEAL_SECONDS)


@click.command()
@law_option
def migrate(law: str | None) -> None:
    """建库、迁移、授权、公布法规包。 Bring the database up to date."""
    from xinheng.start import prepare

    prepare(law)
    click.echo("数据库已是最新。")


@click.command()
@click.option("--json", "as_json", is_flag=True)
@law_option
def doctor(as_json: bool, law: str | None) -> None:
    """检查机器、数据库、权限和密钥，说出每处毛病和办法。"""
    from xinheng.law.loader import load
    from xinheng.machine import home
    from xinheng.machine.doctor import examine

    bad = 0
    for check in examine(law, pack_id=lambda named: load(named, root=home.lawpacks()).id):
        bad += not check.ok
        if as_json:
            click.echo(json.dumps(check.as_dict(), ensure_ascii=False))
        else:
            click.echo(f"{'✓' if check.ok else '✗'} {check.zh}" + ("" if check.ok else f"\n  办法：{check.remedy_zh}"))
    if as_json:
        click.echo(json.dumps({"summary": {"failed": bad}}))
    sys.exit(1 if bad else 0)


@click.command()
@click.argument("name", required=False)
def bench(name: str | None) -> None:
    """测速：每一行都和它的底线在同一次运行里比。 Print ratios against floors measured in the same run."""
    root = Path(__file__).resolve().parents[2]
    if not (root / "bench" / "run.py").is_file():
        raise click.ClickException("测速只能在源码文件夹里运行。 The bench runs from a checkout only.")
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    run = importlib.import_module("bench.run")
    sys.exit(run.main(name))
