"""A million rows into the real schema, against COPY of what they leave behind and against django-import-export."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench.floor import Copied, Left, copied, left_behind, transaction_now
from bench.line import Line
from bench.made import Made, earlier, month
from bench.process import Told, measured, peer
from bench.world import LAW, ROOT

ROWS = 1_000_000
PEER_ROWS = 50_000
MEMORY = 600  # MB
REACH, AIM = 2.5, 2.0  # times the seconds of the floor
PEER_TIMES = 5


def lines(*, runs: int, rows: int | None = None) -> list[Line]:
    """Pipeline, floor and peer in turn, each into a fresh copy of the same database."""
    rows = rows or int(os.environ.get("XINHENG_BENCH_ROWS", str(ROWS)))
    with tempfile.TemporaryDirectory(prefix="xinheng-bench-") as place:
        folder = Path(place)
        made = month(folder / "month.csv", rows=rows)
        few = made if rows <= PEER_ROWS else month(folder / "few.csv", rows=PEER_ROWS)
        with city(folder, earlier(folder / "earlier.csv", rows=rows)) as before:
            first = _first(before, made, folder)
            pairs, peers = [], []
            for number in range(runs):
                with clone(before) as run:
                    pipe = _pipeline(run, made)
                with clone(before) as run:
                    pairs.append((pipe, copied(run.app, first.left)))
                if number < 3:
                    peers.append((pipe, _peer(few)))
    return [_against_floor(made, first, pairs), _against_peer(few, peers)]


@dataclass(frozen=True, slots=True)
class First:
    """What the run that does not count told: what it left, the same file again, and whether all of it verifies."""

    told: Told
    left: list[Left]
    again: Told
    verified: tuple[int, bool]


def _first(before: Any, made: Made, folder: Path) -> First:
    with clone(before) as run:
        since = transaction_now(run.owner)
        told = _pipeline(run, made)
        left = left_behind(before=before.owner, after=run.owner, since=since, folder=folder)
        _visible(run, told)
        verified = _verified(run)
        again = _pipeline(run, made, again=True)
    return First(told, left, again, verified)


def _pipeline(urls: Any, made: Made, *, again: bool = False) -> Told:
    """One file through the pipeline. Sums that are not those of the truth end the bench: nothing is measured."""
    with addressed(urls):
        told = measured("bench.pipeline", str(made.path))
    sums = _sums(made, again=again)
    if told.rows != made.rows or told.more["sums"] != sums:
        raise SystemExit(
            f"{told.rows} rows and sums {told.more['sums']}, not {made.rows} and {sums}: nothing is measured"
        )
    return told


def _sums(made: Made, *, again: bool) -> dict[str, int]:
    """What must become of the rows; sent again, what is registered or waits is unchanged, the rest refused."""
    verdicts = [one.verdict for one in made.truth.values()]
    repeated = sum(("", "unchanged_in_file") in one.findings for one in made.truth.values())
    review, rejected = verdicts.count("review"), verdicts.count("reject")
    accepted = made.rows - review - rejected - repeated
    if again:
        return {"accepted": 0, "review": 0, "rejected": rejected, "unchanged": accepted + review + repeated}
    return {"accepted": accepted, "review": review, "rejected": rejected, "unchanged": repeated}


def _visible(urls: Any, told: Told) -> None:
    """The batch is closed and has its entry, and its records are there to be read."""
    with psycopg.connect(urls.owner) as connection:
        batch = connection.execute(
            "SELECT count(*) FROM intake_batch WHERE id = %s AND entry_id IS NOT NULL", [told.more["batch"]]
        ).fetchone()
        records = connection.execute(
            "SELECT count(*) FROM record WHERE batch_id = %s AND publicity_from IS NOT NULL", [told.more["batch"]]
        ).fetchone()
    if batch != (1,) or not records or not 0 < records[0] <= told.more["records"]:
        raise SystemExit(f"batch {told.more['batch']} is not visible: {batch}, {records}")


def _verified(urls: Any) -> tuple[int, bool]:
    """How many leaves `xinheng ledger verify` went through, and whether it found no damage."""
    with addressed(urls):
        ended = subprocess.run(
            [sys.executable, "-m", "xinheng", "ledger", "verify"],
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
            capture_output=True,
            text=True,
            check=False,
        )
    found = [json.loads(line) for line in ended.stdout.splitlines()]
    if not found:
        raise SystemExit(f"ledger verify told nothing:\n{ended.stderr[-2000:]}")
    checked = sum(one.get("count", 0) for one in found if one.get("check") == "records")
    return checked, ended.returncode == 0 and bool(found[-1].get("summary", {}).get("ok"))


@contextmanager
def city(folder: Path, made: Made) -> Iterator[Any]:
    """A city with its organisations and half of the subjects on file, through the pipeline itself."""
    from xinheng.machine import database

    os.environ |= {"XINHENG_MODE": "demo", "XINHENG_LAW": LAW, "XINHENG_TODAY": "2026-11-20"}
    os.environ |= {"XINHENG_CHECKPOINT_DIR": str(folder / "checkpoints")}
    os.environ |= {"XINHENG_LEDGER_ORIGIN": "bench.xinheng.invalid/log"}
    folder.chmod(0o755)
    urls = database.scratch("bench_load")
    try:
        with addressed(urls):
            measured("bench.founded", "accounts")
            measured("bench.pipeline", str(made.path))
        yield urls
    finally:
        database.drop(urls)
        shutil.rmtree(folder / "checkpoints", ignore_errors=True)


@contextmanager
def clone(before: Any) -> Iterator[Any]:
    """A copy of the database that is gone afterwards."""
    from xinheng.machine import database

    urls = database.clone(before, "bench_run")
    try:
        yield urls
    finally:
        database.drop(urls)


@contextmanager
def addressed(urls: Any) -> Iterator[None]:
    """Processes started meanwhile use this database."""
    names = ("XINHENG_DATABASE_URL", "XINHENG_OWNER_DATABASE_URL")
    held = {name: os.environ.get(name) for name in names}
    os.environ |= dict(zip(names, (urls.app, urls.owner), strict=True))
    try:
        yield
    finally:
        for name, value in held.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)


def _peer(made: Made) -> Told:
    """django-import-export in bulk on the same server, in a database of its own."""
    from xinheng.machine import database

    python = peer("import-export")
    urls = database.scratch("bench_peer")
    try:
        return measured("bench.peers.import_export", str(made.path), python=python, env={"BENCH_URL": urls.owner})
    finally:
        database.drop(urls)


def _against_floor(made: Made, first: First, pairs: list[tuple[Told, Copied]]) -> Line:
    times = statistics.median(pipe.seconds / floor.seconds for pipe, floor in pairs)
    peak = max(pipe.peak for pipe, _ in pairs)
    written = sum(left.rows for left in first.left)
    checked, sound = first.verified
    broken = [f"{peak:,.0f} MB at most {MEMORY} MB"] if peak > MEMORY else []
    broken += [] if sound else ["the ledger does not verify"]
    parts = {
        name: statistics.median(p.more["times"].get(name, 0) for p, _ in pairs) for name in first.told.more["times"]
    }
    shares = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in parts.items())
    return Line(
        name="load",
        unit="rows/s",
        ours=[pipe.rate for pipe, _ in pairs],
        floor=[made.rows / floor.seconds for _, floor in pairs],
        floor_is=f"COPY of the {written:,} rows left behind in {len(first.left)} tables, sorted, same indexes",
        reach=1 / REACH,
        aim=1 / AIM,
        broken=tuple(broken),
        note=f"{made.rows:,} rows, {made.size:,.0f} MB, {made.subjects:,} subjects, half of them new: "
        f"**{times:.2f}×** its floor in seconds (reach ≤ {REACH}×, aim ≤ {AIM}×); peak memory {peak:,.0f} MB; "
        f"the same file again {first.again.rate:,.0f} rows/s; {checked:,} records verified"
        + f"; of the floor {pairs[-1][1].largest()}"
        + (f"; where the time goes: {shares}" if shares else ""),
    )


def _against_peer(made: Made, pairs: list[tuple[Told, Told]]) -> Line:
    alone = [theirs.rows / (theirs.seconds - theirs.more["traced"]) for _, theirs in pairs]
    return Line(
        name="load, against a peer",
        unit="rows/s",
        ours=[ours.rate for ours, _ in pairs],
        floor=[theirs.rate for _, theirs in pairs],
        floor_is="django-import-export in bulk, with history, origin and key of each record (a peer, no floor)",
        reach=PEER_TIMES,
        note=f"the peer with {made.rows:,} of the rows, without any of the checks, seals or encryption; "
        f"its own table alone {statistics.median(alone):,.0f} rows/s; "
        f"its memory {max(theirs.peak for _, theirs in pairs):,.0f} MB",
    )
