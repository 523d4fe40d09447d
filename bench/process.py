"""How is something measured in a process of its own, with its own memory and, for a peer, its own environment?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.world import ROOT

LONGEST = 1800  # seconds


@dataclass(frozen=True, slots=True)
class Told:
    """What a process measured of itself: rows, seconds, peak memory in MB, what it found, and anything else."""

    rows: int
    seconds: float
    peak: float
    found: list[list[Any]] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.rows / self.seconds


def measured(module: str, *arguments: str, python: str = sys.executable, env: Mapping[str, str] | None = None) -> Told:
    """Run ``python -m module arguments… OUT`` and read what it told. A process that fails ends the bench."""
    ours = python == sys.executable
    # A peer gets no address, key or path of ours.
    kept = os.environ if ours else {k: v for k, v in os.environ.items() if not k.startswith(("XINHENG", "DJANGO"))}
    paths = [str(ROOT), str(ROOT / "src")] if ours else [str(ROOT)]
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        ended = subprocess.run(
            [python, "-m", module, *arguments, out.name],
            env={**kept, **(env or {}), "PYTHONPATH": os.pathsep.join(paths)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        if ended.returncode:
            raise SystemExit(f"{module} failed:\n{ended.stderr[-3000:]}")
        result = told(json.loads(Path(out.name).read_text(encoding="utf-8")))
    print(f"{module}: {result.rows:,} rows, {result.seconds:.1f} s, {result.peak:,.0f} MB", file=sys.stderr, flush=True)
    return result


def told(data: dict[str, Any]) -> Told:
    """The figures of a process from what it wrote."""
    names = ("rows", "seconds", "peak", "found")
    more = {name: value for name, value in data.items() if name not in names}
    return Told(data["rows"], data["seconds"], data["peak"], data["found"], more)


def peer(name: str) -> str:
    """The interpreter of a peer's environment, made from its pinned requirements where missing; kept for next time."""
    from xinheng.machine import home

    made = subprocess.run(
        ["sh", str(ROOT / "tools" / "peers.sh"), name, str(home.home() / "bench" / "peers")],
        env={**os.environ, "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise SystemExit(
            f"the environment of {name} can't be made, and without its peer nothing is printed:\n{made.stderr}"
        )
    return made.stdout.strip()
