"""Where may a process die? At any statement, commit or file that an act of the platform makes; a seed chooses.

`python -m tests.kill.points` is the process that gets killed. It reads one point a line (JSON) from standard input,
forks, and the fork does the acts of the point until it kills itself with SIGKILL. What it had already told anybody
is printed before; the last line says how it ended. No code of the platform knows of this.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ACTS = ("accept_batch", "official_query", "review_row", "seal", "mend", "withdraw", "revoke")


@dataclass
class Killer:
    """Counts what an act does to the world; at the chosen step the process is gone."""

    at: int = 0
    seen: int = 0
    armed: bool = False

    def step(self) -> None:
        """One more step; the chosen one is the last."""
        if not self.armed:
            return
        self.seen += 1
        if self.seen == self.at:
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, work: Callable[..., Any]) -> Callable[..., Any]:
        """``work`` with a step before and a step after it."""

        def counted(*arguments: Any, **named: Any) -> Any:
            self.step()
            done = work(*arguments, **named)
            self.step()
            return done

        return counted

    def watch(self) -> None:
        """Statements, rows copied, commits, and the note outside the database."""
        from django.db import connection
        from django.db.backends.utils import CursorWrapper

        from xinheng.ledger import witness

        commit = "_commit"  # the one place through which every commit of Django goes

        def statement(execute: Callable[..., Any], *rest: Any) -> Any:
            return self.around(execute)(*rest)

        connection.execute_wrappers.append(statement)
        setattr(connection, commit, self.around(getattr(connection, commit)))
        CursorWrapper.copy = self.around(lambda cursor, *rest: cursor.cursor.copy(*rest))  # type: ignore[attr-defined]
        witness.write = self.around(witness.write)
        os.link = self.around(os.link)


def play(point: dict[str, Any]) -> None:
    """Do the acts of a point: a query that is promised, then the act during which the process dies."""
    from django.conf import settings
    from django.db import connection

    from xinheng.lib import clock
    from xinheng.machine import database
    from xinheng.store import ids

    settings.XINHENG_LAW = point["law"]
    settings.XINHENG_CHECKPOINT_DIR = [Path(point["checkpoints"])]
    connection.settings_dict.update(database.django(point["app"]))
    ids.forget()
    killer = Killer()
    killer.watch()
    acts = Acts(point, clock.now())
    acts.official_query()
    killer.at = int(point["step"])
    killer.armed = True
    getattr(acts, point["act"])()
    killer.armed = False
    tell(ended=killer.seen)


class Acts:
    """The acts, as the doors call them. What is given out is printed at once."""

    def __init__(self, point: dict[str, Any], at: Any) -> None:
        from django.conf import settings

        from xinheng.law.loader import load

        self.point, self.at = point, at
        self.pack = load(point["law"], root=settings.XINHENG_LAWPACKS)

    def official_query(self) -> None:
        from xinheng.disclosure import services
        from xinheng.disclosure.rules import Channel, Ground

        asker, officer = services.officer_of(self.point["querier"])
        ground = Ground(Channel.OFFICIAL, self.point["matter"], "〔2026〕断电1号", None, None)
        asked = [services.Identifier(n, "", text) for n, text in enumerate(self.point["codes"], 1)]
        answers = services.official_query(
            asker=asker, officer=officer, ground=ground, identifiers=asked, channel_name="web", at=self.at,
            pack=self.pack,
        )  # fmt: skip
        for answer in answers:
            tell(entry=answer.entry, leaf=answer.leaf, promise=answer.promise)

    def accept_batch(self) -> None:
        from xinheng.accounts.selectors import organisation_by_code
        from xinheng.records.services import accept_batch

        receipt = accept_batch(
            file=self.point["file"].encode(), file_name="断电.csv", item_code="CF",
            provider=organisation_by_code(self.point["bureau"]), actor=f"account:{self.point['collector']}",
            channel="web", at=self.at, uploaded_by=self.point["collector"],
        )  # fmt: skip
        tell(entry=str(receipt.entry_id), leaf=receipt.leaf, promise=receipt.promise, batch=receipt.batch_id)

    def review_row(self) -> None:
        from xinheng.intake.selectors import waiting_rows
        from xinheng.records.services import review_row

        rows = waiting_rows(exclude_uploader=self.point["reviewer"])
        row = next((one for one in rows if one.batch_id == self.point.get("reviewed")), rows[0])
        receipt = review_row(
            row_id=row.row_id, outcome=self.point["outcome"], reviewer=self.point["reviewer"],
            reason="核对原文书后决定。", channel="web", at=self.at,
        )  # fmt: skip
        tell(entry=str(receipt.entry_id), leaf=receipt.leaf)

    def mend(self) -> None:
        from xinheng.records.services import mend

        changed = {"CF_NR": "罚款六万元", "CF_NR_FK": "6"}
        done = mend(
            batch_id=self.point["target"], changes={self.point["row"]: changed}, drops={},
            clerk=self.point["collector"], at=self.at,
        )  # fmt: skip
        tell(mended=done.batches)

    def withdraw(self) -> None:
        from xinheng.records.services import withdraw_batch

        receipt = withdraw_batch(
            batch_id=self.point["target"], reason="属实", reviewer=self.point["reviewer"], at=self.at
        )
        tell(entry=str(receipt.entry_id), leaf=receipt.leaf)

    def revoke(self) -> None:
        self.point["file"] = self.point["revoking"]
        self.accept_batch()

    def seal(self) -> None:
        from xinheng.ledger.services import seal

        note = seal(at=self.at)
        tell(sealed=note.size if note else None)


def tell(**facts: Any) -> None:
    """One line to whoever waits for the answer."""
    print(json.dumps(facts), flush=True)


def choose(seed: int, number: int, steps: dict[str, int]) -> tuple[str, int, str]:
    """The act, the step and the reviewer's decision of one point. Acts take turns, the step is drawn."""
    drawn = random.Random(f"{seed}/{number}")
    act = ACTS[number % len(ACTS)]
    return act, drawn.randint(1, steps[act]), drawn.choice(["accept", "return"])


def main() -> None:
    """Fork for each point; the parent never opens the database."""
    import django

    django.setup()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                play(json.loads(line))
            except BaseException as error:
                tell(error=f"{type(error).__name__}: {error}")
            finally:
                sys.stdout.flush()
                os._exit(0)
        _, status = os.waitpid(child, 0)
        tell(killed=os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL)


if __name__ == "__main__":
    main()
