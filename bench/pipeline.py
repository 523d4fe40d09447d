"""What does one file cost in the real pipeline? (a process of its own measures memory)

    python -m bench.pipeline FILE OUT

The database is the one that ``XINHENG_DATABASE_URL`` names. OUT is JSON: seconds of `accept_batch` from the first byte
read to the commit, rows, peak memory in MB, the batch, its records, and where the time goes if the pipeline tells it.
"""

from __future__ import annotations

import inspect
import sys
import time
from pathlib import Path
from typing import Any

from bench.made import PROVIDER
from bench.peers.told import tell
from bench.world import LAW


def main(file: str, out: str) -> None:
    """Accept the file as its sender would and tell how it went."""
    from xinheng.start import prepare

    prepare(LAW, migrate=False)
    from xinheng.accounts.selectors import organisation_by_code
    from xinheng.lib import clock
    from xinheng.records.services import accept_batch, batches

    provider, at, path = organisation_by_code(PROVIDER), clock.now(), Path(file)
    takes_path = "Path" in str(inspect.signature(accept_batch).parameters["file"].annotation)
    start = time.perf_counter()
    given: Any = path if takes_path else path.read_bytes()
    receipt = accept_batch(
        file=given, file_name=path.name, item_code="CF", provider=provider, actor="platform", channel="cli", at=at
    )
    took = time.perf_counter() - start
    times = {str(name): float(seconds) for name, seconds in dict(getattr(batches, "TIMES", {})).items()}
    received = receipt.received
    sums = {name: getattr(received, name) for name in ("accepted", "review", "rejected", "unchanged")}
    tell(
        out,
        rows=received.row_count,
        seconds=took,
        times=times,
        batch=receipt.batch_id,
        records=receipt.records,
        sums=sums,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
