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

type Found = tuple[int, str, str, str]  # row, field, code, verdict


def judged(path: Path) -> Iterator[tuple[int, list[Found]]]:
    """(how many rows, what was found in them), part by part; a row of which nothing was found is accepted.

    The one place that knows the way into the rules.
    """
    from xinheng.intake.reading import FileReport, check_blocks
    from xinheng.intake.rules import item_to_report, provider_in_pack
    from xinheng.law.loader import load

    pack = load(LAW, root=ROOT / "lawpacks")
    with path.open("rb") as file:
        blocks = check_blocks(
            file,
            item=item_to_report(pack, "CF", TODAY),
            pack=pack,
            provider=provider_in_pack(pack, "scjgj"),
            today=TODAY,
            report=FileReport(),
        )
        for block in blocks:
            rows = block.judged.results
            found = [(row.row, f.field, f.code, row.verdict.value) for row in rows for f in row.findings]
            yield block.judged.clean.height + len(rows), found


def main(file: str, out: str) -> None:
    """Judge the file and tell what was found."""
    from xinheng.intake.reading import check_blocks  # noqa: F401 (imports are no part of the time)
    from xinheng.law.loader import load

    load(LAW, root=ROOT / "lawpacks")
    start, rows = time.perf_counter(), 0
    found: list[Found] = []
    for count, some in judged(Path(file)):
        rows += count
        found += some
    tell(out, rows=rows, seconds=time.perf_counter() - start, found=found)


if __name__ == "__main__":
    main(*sys.argv[1:])
