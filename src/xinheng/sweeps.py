"""Which work falls due by itself? Each room lists its idempotent sweeps; the worker runs them in room order."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from importlib.util import find_spec

from xinheng.lib import clock

# Rooms with background work, from the ground up.
ROOMS = ("ledger", "accounts", "norms", "intake", "records", "disclosure")


def run_sweeps() -> Iterator[tuple[str, int]]:
    """Run every sweep once, note when, and yield its name and how much it did."""
    from xinheng.ledger.services import note_sweep

    for room in ROOMS:
        if find_spec(f"xinheng.{room}.tasks") is None:
            continue
        sweeps: tuple[Callable[..., int], ...] = importlib.import_module(f"xinheng.{room}.tasks").SWEEPS
        for sweep in sweeps:
            name = f"{room}.{sweep.__name__}"
            done = sweep(at=clock.now())
            note_sweep(name, at=clock.now())
            yield name, done
