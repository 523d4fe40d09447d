"""A city whose processes die: its database, what it must hold afterwards, and the questions that show it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.journeys.cast import Cast
from tests.journeys.conftest import people_of
from tests.kill.points import ACTS, choose
from tests.records.rows import sheet
from xinheng.law.pack import Pack
from xinheng.machine import database, postgres

ROWS = 6
ENDING = ("mend", "withdraw", "revoke")


@dataclass
class Doomed:
    """One city under one law, and the process that is killed again and again."""

    cast: Cast
    urls: database.Urls
    checkpoints: Path
    seed: int
    process: subprocess.Popen[str]
    steps: dict[str, int] = field(default_factory=dict)
    told: list[dict[str, Any]] = field(default_factory=list)
    sent: int = 0
    kills: int = 0

    def file(self, number: int) -> tuple[list[dict[str, str]], str]:
        """New rows of one file: companies, a shop, a person, one row without its document, one that waits."""
        who = [self.cast.company, self.cast.other, self.cast.shop, self.cast.person()]
        rows = [self.cast.penalty(f"{number}00{n}", one) for n, one in enumerate(who)]
        rows.append(self.cast.penalty("", self.cast.other, CF_WSH=""))
        rows.append({**rows[0], "CF_NR": "罚款五万元", "CF_NR_FK": "5"})  # waits: differs from the first row
        return rows, sheet(rows).decode()

    def point(self, act: str, step: int, outcome: str) -> dict[str, Any]:
        from xinheng.accounts.selectors import account_by_username

        self.sent += 1
        accounts = {
            name: account_by_username(getattr(self.cast, name)).id for name in ("querier", "collector", "reviewer")
        }
        from django.conf import settings

        target, revoking = self.before(act, accounts["collector"])
        return {
            **accounts,
            "target": target,
            "row": ROWS + 1,  # the one that waits; the header is the first record
            "revoking": revoking,
            "withdrew": self.withdrew(),
            "law": str(settings.XINHENG_LAW),
            "app": self.urls.app,
            "checkpoints": str(self.checkpoints),
            "matter": self.cast.matter.code,
            "codes": [self.cast.company_code, self.cast.person_id],
            "bureau": self.cast.bureau,
            "file": self.file(self.sent)[1],
            "act": act,
            "step": step,
            "outcome": outcome,
        }

    def before(self, act: str, collector: int) -> tuple[int, str]:
        """What mending, withdrawal and revocation are about: a batch, and the file that revokes its first row."""
        if act not in ENDING:
            return 0, ""
        from xinheng.records.services import propose_withdrawal

        rows, text = self.file(self.sent + 2000)
        batch = int(self.send(text).batch_id)
        if act == "withdraw":
            propose_withdrawal(batch_id=batch, reason="报错了月份", clerk=collector, at=self.cast.now())
        return batch, sheet([{**rows[0], "CF_ZT": "撤销"}]).decode()

    def withdrew(self) -> int:
        """How many rows ended a record so far."""
        from xinheng.intake.models import IntakeRow

        return IntakeRow.objects.filter(state="withdrew").count()

    def ended(self, act: str, batch: int, withdrew: int) -> str:
        """How much of a mending, withdrawal or revocation is there: "none", "all" or, never, "half"."""
        from xinheng.intake.models import IntakeBatch, IntakeRow
        from xinheng.records.models import Record

        states = sorted(Record.objects.filter(batch_id=batch).values_list("state", flat=True))
        gone = states.count("withdrawn")
        if act == "mend":
            made = IntakeBatch.objects.filter(mends=batch).count()
            row = IntakeRow.objects.get(batch_id=batch, row=ROWS + 1).state
            return {("waiting", 0): "none", ("mended", 1): "all"}.get((row, made), "half")
        if act == "withdraw":
            state = IntakeBatch.objects.get(id=batch).state
            return {("closed", 0): "none", ("withdrawn", len(states)): "all"}.get((state, gone), "half")
        told = self.withdrew() - withdrew
        return {(0, 0): "none", (1, 1): "all"}.get((gone, told), "half")

    def run(self, point: Mapping[str, Any]) -> tuple[list[dict[str, Any]], bool]:
        """Let the process do a point; what it told, and whether it was killed."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(point) + "\n")
        self.process.stdin.flush()
        lines: list[dict[str, Any]] = []
        for line in self.process.stdout:
            lines.append(json.loads(line))
            if "killed" in lines[-1]:
                break
        else:
            raise AssertionError(f"the process ended: {self.process.poll()}")
        assert not [one for one in lines if "error" in one], lines
        self.told += [one for one in lines if "entry" in one]
        killed = bool(lines.pop()["killed"])
        self.kills += killed
        return lines, killed

    def measure(self) -> None:
        """How many steps each act makes when nobody kills it."""
        for act in ACTS:
            lines, killed = self.run(self.point(act, 0, "accept"))
            assert not killed
            self.steps[act] = int(lines[-1]["ended"])
            assert self.steps[act] >= 4, (act, lines)

    def die(self, number: int) -> tuple[str, int, bool]:
        """Kill at point ``number`` of the seed, then check everything that must hold."""
        from xinheng.intake.models import IntakeBatch
        from xinheng.records.models import Record

        act, step, outcome = choose(self.seed, number, self.steps)
        reviewed = self.send(self.file(self.sent + 1000)[1]).batch_id if act == "review_row" else 0
        point = {**self.point(act, step, outcome), "reviewed": reviewed}
        before = set(Record.objects.values_list("id", flat=True))
        batches = IntakeBatch.objects.count()
        _, killed = self.run(point)
        whole(self)
        if act in ENDING:
            assert self.ended(act, point["target"], point["withdrew"]) in ("none", "all"), (number, act, step)
        if act == "accept_batch":
            new = Record.objects.exclude(id__in=before).count()
            assert (IntakeBatch.objects.count() - batches, new) in ((0, 0), (1, 4)), (number, step, new)
            again = self.send(point["file"])
            assert again.records + new == 4
            assert Record.objects.exclude(id__in=before).count() == 4
            whole(self)
        return act, step, killed

    def send(self, text: str) -> Any:
        from xinheng.accounts.selectors import account_by_username, organisation_by_code
        from xinheng.records.services import accept_batch

        uploader = account_by_username(self.cast.collector).id
        return accept_batch(
            file=text.encode(), file_name="断电.csv", item_code="CF",
            provider=organisation_by_code(self.cast.bureau), actor=f"account:{uploader}", channel="web",
            at=self.cast.now(), uploaded_by=uploader,
        )  # fmt: skip

    def prove_all(self) -> int:
        """Every promise given out is in the sealed tree; gives how many."""
        from xinheng.ledger import selectors
        from xinheng.ledger.services import seal

        seal(at=self.cast.now())
        for one in self.told:
            entry = selectors.entry(int(one["entry"]))
            assert entry.leaf == one["leaf"]
            assert entry.index is not None
            proof = selectors.prove(int(one["entry"]))
            assert proof["leaf"] == one["leaf"]
        assert selectors.waiting() == 0
        whole(self)
        return len(self.told)


def whole(city: Doomed) -> None:
    """Nothing half done: the ledger and all that hangs on it verify, each batch is closed with all its rows."""
    from django.db import connection

    from tests.journeys.cast import damages

    assert damages() == set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM intake_batch b WHERE b.entry_id IS NULL"
            " OR (SELECT count(*) FROM intake_row r WHERE r.batch_id = b.id) <> b.row_count"
        )
        half = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM record_version v WHERE NOT EXISTS (SELECT FROM record r WHERE r.id = v.record_id)"
        )
        orphans = cursor.fetchone()
    assert (half, orphans) == ((0,), (0,))


@contextmanager
def doomed(pack: Pack, *, server: postgres.Server, folder: Path, seed: int, blocker: Any) -> Iterator[Doomed]:
    """A city of its own in a scratch database of ``server``; the connection of this process points there meanwhile."""
    from django.core.management import call_command
    from django.db import connection

    from xinheng.store import grants, ids

    urls = database.scratch(f"kill_{pack.id.replace('-', '_')}_{os.getpid()}", server=server)
    kept = dict(connection.settings_dict)
    with blocker.unblock():
        try:
            connection.close()
            connection.settings_dict.update(database.django(urls.owner))
            call_command("migrate", interactive=False, verbosity=0)
            with connection.cursor() as cursor:
                for statement in grants.statements(database.role_of(urls.app)):
                    cursor.execute(statement)
            connection.close()
            connection.settings_dict.update(database.django(urls.app))
            ids.forget()
            cast = people_of(pack)
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.kill.points"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                cwd=Path(__file__).resolve().parents[2],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            )  # fmt: skip
            try:
                city = Doomed(cast, urls, folder, seed, process)
                city.send(city.file(9000)[1])
                city.measure()
                yield city
            finally:
                process.kill()
                process.wait()
                if process.stdin and process.stdout:
                    process.stdin.close()
                    process.stdout.close()
        finally:
            connection.close()
            connection.settings_dict.clear()
            connection.settings_dict.update(kept)
            ids.forget()
            database.drop(urls, server=server)
