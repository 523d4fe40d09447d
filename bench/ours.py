"""How do the platform's own rules judge a file, without any database? (a process of its own measures memory)

    python -m bench.ours FILE OUT

OUT is JSON: seconds, rows, peak memory in MB, and every finding as [row, column, code, verdict].
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bench.peers.told import tell
from bench.world import ROOT

TODAY = date(2026, 11, 20)
LAW = "demo-city"

type Answer = tuple[int, str, tuple[tuple[str, str], ...]]


def judged(path: Path) -> Iterator[Answer]:
    """(row, verdict, findings as (field, code)) of every row: the one place that knows the way into the rules."""
    from xinheng.intake.rules import check_file, item_to_report, provider_in_pack
    from xinheng.law.loader import load

    pack = load(LAW, root=ROOT / "lawpacks")
    results = check_file(
        path.read_bytes(),
        item=item_to_report(pack, "CF", TODAY),
        pack=pack,
        provider=provider_in_pack(pack, "scjgj"),
        today=TODAY,
    )
    for result in results:
        yield result.row, result.verdict.value, tuple((f.field, f.code) for f in result.findings)


def main(file: str, out: str) -> None:
    """Judge the file and tell what was found."""
    from xinheng.intake.rules import check_file  # noqa: F401 (imports are no part of the time)
    from xinheng.law.loader import load

    load(LAW, root=ROOT / "lawpacks")
    start, rows, found = time.perf_counter(), 0, []
    for row, verdict, findings in judged(Path(file)):
        rows += 1
        found += [[row, column, code, verdict] for column, code in findings]
    tell(out, rows=rows, seconds=time.perf_counter() - start, found=found)


if __name__ == "__main__":
    main(*sys.argv[1:])
