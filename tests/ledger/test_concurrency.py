"""Several appenders and a sealer at once lose nothing, and a process killed at any moment loses nothing either."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction

from tests.ledger.conftest import AT, SUBJECTS, act
from xinheng.ledger import selectors, services, verify
from xinheng.ledger.models import LedgerLeaf
from xinheng.ledger.rules import Receipt
from xinheng.store.retry import atomic_retry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("INV-3", "INV-8", kind="rule")]
Fill = Callable[..., list[Receipt]]


@pytest.fixture(autouse=True)
def without_checks_of_other_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies above the ledger is tested there."""
    monkeypatch.setattr(verify, "CHECKS", [])


def damages() -> list[dict[str, object]]:
    return [one.line() for one in verify.run() if isinstance(one, verify.Damage)]


def test_appenders_and_sealers_at_once_lose_no_entry_and_break_no_chain(fill: Fill) -> None:
    fill(6)  # every subject has its head
    receipts: list[Receipt] = []
    failures: list[BaseException] = []
    done = threading.Event()

    def append(worker: int) -> None:
        for n in range(30):
            acts = [act(n, subject=SUBJECTS[(worker + n) % 5]), act(n, subject=SUBJECTS[n % 5])]
            receipts.extend(atomic_retry(lambda acts=acts: services.append_many(acts)))  # type: ignore[misc]

    def seal(wait: bool) -> None:
        while not done.is_set():
            services.seal(at=AT, wait=wait)

    def guarded(work: Callable[..., None], *arguments: object) -> None:
        try:
            work(*arguments)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    appenders = [threading.Thread(target=guarded, args=(append, n)) for n in range(4)]
    sealers = [threading.Thread(target=guarded, args=(seal, wait)) for wait in (True, False)]
    for thread in (*appenders, *sealers):
        thread.start()
    for thread in appenders:
        thread.join()
    assert not damages() or failures  # also while the sealers are at work
    done.set()
    for thread in sealers:
        thread.join()
    assert not failures
    services.seal(at=AT)
    sealed = set(LedgerLeaf.objects.values_list("entry_id", flat=True))
    assert len(receipts) == 240
    assert {receipt.entry_id for receipt in receipts} <= sealed
    assert selectors.waiting() == 0
    assert not damages()


def test_entries_of_an_open_transaction_are_sealed_after_it_and_not_before(fill: Fill) -> None:
    opened, go_on = threading.Event(), threading.Event()
    late: list[Receipt] = []

    def slow() -> None:
        with transaction.atomic():
            late.extend(services.append_many([act(1, subject=SUBJECTS[4])]))
            opened.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert opened.wait(10)
    early = fill(3)
    services.seal(at=AT)
    assert all(selectors.position(receipt.entry_id) is not None for receipt in early)
    go_on.set()
    thread.join()
    assert selectors.position(late[0].entry_id) is None
    services.seal(at=AT)
    assert selectors.position(late[0].entry_id) is not None
    assert not damages()


# A child process that acts, tells what it was promised, and is killed at a named moment.
CHILD = """
import json, os, signal, sys
import django
django.setup()
from django.conf import settings
from django.db import connection, transaction
from pathlib import Path
facts = json.loads(sys.argv[1])
connection.settings_dict.update(facts["database"])
settings.XINHENG_CHECKPOINT_DIR = [Path(facts["folder"])]
from tests.ledger.conftest import AT, SUBJECTS, act
from xinheng.ledger import services, witness
from xinheng.ledger.services import sealing

def die(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)

def say(receipts):
    print(json.dumps([[r.entry_id, r.leaf] for r in receipts]), flush=True)

with transaction.atomic():
    receipts = services.append_many([act(n, subject=SUBJECTS[n % 5]) for n in range(10)])
say(receipts)
moment = facts["moment"]
if moment == "before the commit":
    with transaction.atomic():
        services.append_many([act(99)])
        die()
elif moment == "while numbering":
    sealing.tree.new_nodes = die
elif moment == "after numbering":
    sealing._publish = die
elif moment == "before writing outside":
    witness.write = die
elif moment == "after writing outside":
    sealing.parse_stamp = die
elif moment == "half written outside":
    os.link = die
elif moment == "before the seal":
    die()
services.seal(at=AT)
"""
MOMENTS = [
    "before the commit", "before the seal", "while numbering", "after numbering", "before writing outside",
    "half written outside", "after writing outside",
]  # fmt: skip


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_process_killed_at_any_moment_loses_no_entry(moment: str, fill: Fill, checkpoint_folder: Path) -> None:
    fill(250)
    services.seal(at=AT)
    database = {name: connection.settings_dict[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    facts = json.dumps({"database": database, "folder": str(checkpoint_folder), "moment": moment})
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", django_settings.SETTINGS_MODULE),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    child = subprocess.run(
        [sys.executable, "-c", CHILD, facts], capture_output=True, text=True, check=False, env=environment
    )
    assert child.returncode == -signal.SIGKILL, child.stderr
    told = json.loads(child.stdout)
    assert len(told) == 10
    assert not damages()  # before anyone repairs anything
    fill(3, start=500)
    services.seal(at=AT)
    for entry_id, leaf in told:
        found = selectors.entry(entry_id)
        assert (found.leaf, found.index is not None) == (leaf, True)
    assert not damages()
    assert selectors.waiting() == 0
