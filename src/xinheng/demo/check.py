"""Does the main story hold, under each law, on a machine without a screen? One line a step; a failed one ends it.

Each law gets a scratch database and a process of its own, for a process serves one law. The tampering happens on a
clone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import click

BUSINESS_DAY = "2026-11-20"


def play_all(law: str | None) -> int:
    """Play the story under ``law`` or under both; returns the exit code."""
    from xinheng.law.loader import load
    from xinheng.machine import database, home

    laws = (law,) if law else packs_of_cities(home.lawpacks())
    failed = 0
    for chosen in laws:
        pack = load(chosen, root=home.lawpacks())
        urls = database.scratch("check_" + pack.id.replace("-", "_"))
        with tempfile.TemporaryDirectory(prefix="xinheng-check-") as folder:
            environment = {
                **os.environ,
                "XINHENG_LAW": chosen,
                "XINHENG_DATABASE_URL": urls.app,
                "XINHENG_OWNER_DATABASE_URL": urls.owner,
                "XINHENG_TODAY": BUSINESS_DAY,
                "XINHENG_CHECKPOINT_DIR": str(Path(folder) / "checkpoints"),
                "XINHENG_LEDGER_ORIGIN": f"check.xinheng.invalid/{pack.id}",
            }
            click.echo(f"— {pack.name.zh}（{pack.label}）")
            played = subprocess.run([sys.executable, "-m", "xinheng.demo.story"], env=environment, check=False)
            failed += played.returncode != 0
        database.drop(urls)
    return 1 if failed else 0


def packs_of_cities(root: Path) -> tuple[str, ...]:
    """The packs of real cities: those that rank as a city and are not fictional."""
    from xinheng.law.loader import load

    packs = [load(folder.name, root=root) for folder in sorted(root.iterdir()) if (folder / "pack.yaml").exists()]
    return tuple(pack.id for pack in packs if pack.rank == "city" and not pack.fictional)
