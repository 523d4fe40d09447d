"""The public page of an organisation against a bare callable that answers as many bytes."""

from __future__ import annotations

import os
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from bench.line import Line, in_turn
from bench.world import PORT, ROOT, World, fetch, wait_for, wrk

CONNECTIONS = 32
BARE, PLAIN = PORT + 1, PORT + 2
LOOKED_AT = 500  # organisations; each page is made anew after a minute, or when something changed


def line(world: World, *, runs: int, seconds: int) -> Line:
    """Pages a second of the platform, of the bare callable, and of a plain Django view as a named peer."""
    path = "/subjects/"
    codes = world.codes[:LOOKED_AT]
    size = len(fetch(world.base + path + world.codes[0]))
    asks = load(codes)

    def rate(base: str) -> float:
        return wrk(replace(world, base=base), script=asks, path=path, seconds=seconds, connections=CONNECTIONS).rate

    slow: list[float] = []

    def ours() -> float:
        measured = wrk(world, script=asks, path=path, seconds=seconds, connections=CONNECTIONS)
        slow.append(measured.slow)
        return measured.rate

    with served("bench.bare:application", BARE, size, world) as bare:
        rates, floors = in_turn(ours, lambda: rate(bare), runs=runs)
    with served("bench.plain:application", PLAIN, size, world) as plain:
        peers = [rate(plain) for _ in range(3)]
    anew = wrk(world, script=load(codes, "?anew"), path=path, seconds=seconds, connections=CONNECTIONS).rate
    return Line(
        name="public page",
        unit="pages/s",
        ours=rates,
        floor=floors,
        floor_is="a bare WSGI callable that reads one row and answers as many bytes, same server settings",
        note=f"{size / 1024:.0f} KB, {CONNECTIONS} connections, {len(codes):,} organisations at random; aim ≥ 1,000/s; "
        f"p99 {statistics.median(slow[1:]):.0f} ms; every page made anew {anew:,.0f}/s; "
        f"peer: a plain Django view with one ORM read, no template, {statistics.median(peers):,.0f}/s",
    )


def load(codes: tuple[str, ...], asks: str = "") -> str:
    """The Lua of wrk: visitors look at one organisation after another."""
    listed = ", ".join(f'"{code}"' for code in codes)
    return f"""
local codes = {{ {listed} }}
local threads = 0
function setup(thread) threads = threads + 1; thread:set("number", threads) end
function init(args) math.randomseed(os.time() * 7 + number) end
function request()
  return wrk.format("GET", "/subjects/" .. codes[math.random(#codes)] .. "{asks}", {{ ["Accept"] = "text/html" }})
end
"""


@contextmanager
def served(application: str, port: int, size: int, world: World) -> Iterator[str]:
    """``application`` under the server settings of the platform; its address."""
    from xinheng.serving import granian_command, serving_environment

    command = [*granian_command(port=port)[:-1], application]
    environment = {
        **serving_environment(),
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        "XINHENG_BENCH_BYTES": str(size),
    }
    server = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        base = f"http://127.0.0.1:{port}"
        wait_for(f"{base}/subjects/{world.codes[0]}")
        yield base
    finally:
        server.terminate()
        server.wait(timeout=10)
