"""A process is killed in the middle of an act, at seeded places: nothing is half done, nothing promised is lost."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import HOME, ROOT, load_pack
from tests.kill.world import doomed
from xinheng.machine import postgres

SEED = 20261120
POINTS = 28
MANY = 200
REPORTS = ROOT / "docs" / "reports"


@pytest.mark.req("INV-3", "INV-8", "INT-1", kind="rule")
def test_a_killed_process_leaves_no_half_act(
    settings: Any, tmp_path: Path, django_db_setup: None, django_db_blocker: Any
) -> None:
    settings.XINHENG_CHECKPOINT_DIR = [tmp_path]
    server = postgres.Server(HOME, durable=False)
    with doomed(load_pack("demo-city"), server=server, folder=tmp_path, seed=SEED, blocker=django_db_blocker) as city:
        for number in range(POINTS):
            city.die(number)
        assert city.kills >= POINTS * 3 // 4
        assert city.prove_all() >= POINTS


@pytest.mark.full
@pytest.mark.req("INV-3", "INV-8", "INT-1", kind="rule")
@pytest.mark.parametrize("law", ["zhangye", "siping"])
def test_two_hundred_kills_with_durability_on(
    law: str, settings: Any, tmp_path: Path, django_db_setup: None, django_db_blocker: Any
) -> None:
    """As above, on a server that writes to disk; every tenth time the server itself is crashed too."""
    settings.XINHENG_CHECKPOINT_DIR, settings.XINHENG_LAW = [tmp_path], law
    server = postgres.Server(HOME, durable=True)
    server.start()
    done: Counter[str] = Counter()
    with doomed(load_pack(law), server=server, folder=tmp_path, seed=SEED, blocker=django_db_blocker) as city:
        for number in range(MANY):
            act, _, killed = city.die(number)
            done[act] += killed
            if number % 10 == 9:
                crash(server)
                done["server"] += 1
        proved = city.prove_all()
        report(law, SEED, city.steps, done, proved)


def crash(server: postgres.Server) -> None:
    """Stop the database as a power cut would, and start it again."""
    from django.db import connection

    connection.close()
    server.stop("immediate")
    server.start()


def report(law: str, seed: int, steps: dict[str, int], done: Counter[str], proved: int) -> None:
    """Write what was done and seen to docs/reports, for whoever does not run it."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    rows = [f"| {act} | {steps[act]} | {done[act]} |" for act in steps]
    lines = [
        f"# Kill points under {law}",
        "",
        f"Written by `make test-full` on {datetime.now(UTC):%Y-%m-%d}, seed {seed}, durability on (fsync, synchronous",
        f"commit). {MANY} points: the process is killed (SIGKILL) at a drawn step of an act; a step is before or after",
        "a statement, a copied block, a commit or a note written outside the database. After each kill the ledger,",
        "records and batches verify, no batch is half written, and sending the file again registers nothing twice.",
        f"The database server itself was crashed {done['server']} times between the points.",
        "",
        "| act | steps | killed |",
        "|---|---|---|",
        *rows,
        "",
        f"Promises given out before a kill: {proved}; each is in the sealed tree with its leaf. Damage found: none.",
    ]
    (REPORTS / f"kill-points-{law}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
