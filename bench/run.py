"""Run the lines and print the table; the whole run is kept in docs/reference/bench.md."""

from __future__ import annotations

import os
import platform
import sys
import sysconfig
from datetime import UTC, datetime

from bench import batch, codes, files, ledger, load, page, query, search, validation
from bench.line import HEAD, Line
from bench.world import ORGANISATIONS, ROOT, World, world

NAMES = ("query", "batch", "page", "search", "ledger", "codes", "intake")
REPORT = ROOT / "docs" / "reference" / "bench.md"


def main(name: str | None = None) -> int:
    """Measure one line or all; 1 when a reach is missed."""
    if name is not None and name not in NAMES:
        raise SystemExit(f"no line {name!r}; there are {', '.join(NAMES)}")
    runs = int(os.environ.get("XINHENG_BENCH_RUNS", "5"))
    seconds = int(os.environ.get("XINHENG_BENCH_SECONDS", "8"))
    entries = int(os.environ.get("XINHENG_BENCH_ENTRIES", str(ledger.ENTRIES)))
    if name == "codes":
        print("\n".join(rows(lines := [codes.line(runs=runs)])))
        return int(any(line.missed for line in lines))
    searched = [search.line(runs=runs)] if name in (None, "search") else []
    if name == "search":
        print("\n".join(rows(searched)))
        return int(any(line.missed for line in searched))
    judged, tools = validation.lines(runs=runs) if name in (None, "intake") else ([], [])
    loaded = load.lines(runs=runs) if name in (None, "intake") else []
    lists = int(os.environ.get("XINHENG_BENCH_BATCH", str(batch.ROWS)))
    with world(lists if name == "batch" else ORGANISATIONS if name else max(lists, ORGANISATIONS)) as city:
        busy = os.getloadavg()[0]
        found: dict[str, list[Line]] = {}
        # The ledger first: pgbench's entries are as long as ours, but no entries, and verification would say so.
        if name in (None, "ledger"):
            found["ledger"] = ledger.lines(city, runs=runs, entries=entries)
        if name in (None, "page"):
            found["page"] = [page.line(city, runs=runs, seconds=seconds)]
        if name in (None, "query"):
            found["query"] = [query.line(city, runs=runs, seconds=seconds)]
        if name in (None, "batch"):
            found["batch"] = [batch.line(city, runs=runs)]
        if name is None:
            found["codes"] = [codes.line(runs=runs)]
        found["search"] = searched
        if name in (None, "intake"):
            found["intake"] = [*judged, *loaded, files.line(city)]
        lines = [line for one in NAMES for line in found.get(one, [])]
        busyness = f"load {busy:.1f} at the start and {os.getloadavg()[0]:.1f} at the end"
        said = f"{machine(city)}, {busyness}; medians of {runs} pairs in turn, {seconds} s each"
    parts = [said, "", *rows(lines), *(["", TOOLS, "", *tools] if tools else [])]
    table = "\n".join(parts) + "\n"
    print(table)
    if name is None:
        REPORT.write_text(HEADING + table)
    return int(any(line.missed for line in lines))


HEADING = """# Speed

Made by `make bench`. Each line is measured against a floor in the same run, in turn, so that a busy machine slows both;
the ratio is the figure to compare, the rates are lower bounds.

"""

TOOLS = """The same file, or a smaller one of its kind, judged by each tool in a process of its own; the share of seeded
defects found, at the row and at its column:"""


def rows(lines: list[Line]) -> list[str]:
    """The lines as a Markdown table."""
    cells = [HEAD, tuple("---" for _ in HEAD), *(line.cells() for line in lines)]
    return [f"| {' | '.join(row)} |" for row in cells]


def machine(city: World) -> str:
    """Where this was measured."""
    import psycopg

    with psycopg.connect(city.app_url) as conn:
        row = conn.execute("SELECT current_setting('server_version'), current_setting('fsync')").fetchone()
    assert row is not None
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python "
        f"{platform.python_version()} ({_built()}), PostgreSQL {row[0]} (fsync {row[1]}), "
        "Granian 2 workers × 16 threads"
    )


def _built() -> str:
    """How the interpreter was compiled: it matters as much as anything here."""
    optimised = "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or "")
    return "built with --enable-optimizations" if optimised else "built without --enable-optimizations"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
