"""Each line of the bench still runs through to its figures, on a little of everything: what it measures has changed
often enough under it.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bench.run import NAMES
from tests.conftest import HOME, ROOT

LITTLE = {"RUNS": 1, "SECONDS": 1, "ROWS": 2000, "ENTRIES": 2000, "BATCH": 200, "ORGANISATIONS": 2000}
TOLD = {
    "query": ("official query",),
    "batch": ("batch by file",),
    "page": ("public page",),
    "search": ("public search",),
    "ledger": ("ledger: seal", "ledger: verify"),
    "codes": ("codes check",),
    "intake": ("file judged", "load", "load, against a peer", "files by the web"),
}


@pytest.mark.full
@pytest.mark.parametrize("name", NAMES)
def test_a_line_runs_through(name: str) -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("XINHENG", "DJANGO"))}
    little = {f"XINHENG_BENCH_{key}": str(value) for key, value in LITTLE.items()}
    done = subprocess.run(
        [sys.executable, "-m", "xinheng", "bench", name],
        env={**kept, **little, "XINHENG_HOME": str(HOME), "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    lines = [row.split("|")[1].strip() for row in done.stdout.splitlines() if row.startswith("| ")]
    assert [line for line in TOLD[name] if not any(line in told for told in lines)] == [], done.stdout + done.stderr
