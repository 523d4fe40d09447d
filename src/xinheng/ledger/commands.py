"""The log's doors: `xinheng ledger checkpoint | verify | prove ENTRY | export DIR`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from xinheng.ledger import selectors, verify
from xinheng.ledger.export import export as export_log
from xinheng.ledger.services import note_verification, seal
from xinheng.lib import clock
from xinheng.lib.errors import Conflict, XinhengError
from xinheng.ui.wording import plain

DAMAGED = 2  # exit status of a verification that found damage


@click.group()
def ledger() -> None:
    """存证日志：封存、核验、证明、导出。 The tamper-evident log: seal, verify, prove, export."""


@ledger.command()
def checkpoint() -> None:
    """封存待封条目，输出签名的检查点。 Seal what waits and print the signed checkpoint."""
    seal(at=clock.now())
    newest = selectors.latest_checkpoint()
    if newest is None:
        raise Conflict("log_not_sealed")
    click.echo(newest.note, nl=False)


@ledger.command(name="verify")
def verify_command() -> None:
    """逐项核验，发现损坏时以状态 2 退出。 Verify everything; exit status 2 on damage."""
    damaged = erased = 0
    for finding in verify.run():
        damaged += isinstance(finding, verify.Damage)
        erased += isinstance(finding, verify.Erased)
        _print(finding.line())
    note_verification(damage=damaged, erased=erased, at=clock.now())
    _print({"summary": {"ok": not damaged, "damage": damaged, "erased": erased}})
    if damaged:
        sys.exit(DAMAGED)


@ledger.command()
@click.argument("entry", type=int)
def prove(entry: int) -> None:
    """证明一条条目已封存。 Prove that an entry is sealed: one JSON object."""
    try:
        _print(selectors.prove(entry))
    except XinhengError as error:  # this command always speaks JSON
        _print({"error": {"code": error.code, "message": plain(error.code, error.params)}})
        sys.exit(1)


@ledger.command(name="export")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def export_command(folder: Path) -> None:
    """按 C2SP 格式导出，供任何人核验。 Export as C2SP tiles, for anyone to verify."""
    seal(at=clock.now())
    size = export_log(folder)
    _print({"summary": {"leaves": size, "folder": str(folder)}})


def _print(line: object) -> None:
    click.echo(json.dumps(line, ensure_ascii=False))
