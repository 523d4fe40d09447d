"""Sealing numbers what waits, signs it, writes it outside, and never signs what contradicts an earlier note."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from tests.ledger.conftest import AT, SUBJECTS, act
from xinheng.ledger import keys, selectors, services, tasks, tree, witness
from xinheng.ledger.models import LedgerCheckpoint, LedgerHeadSeal, LedgerLeaf, LedgerPending
from xinheng.ledger.rules import Receipt, head_leaf
from xinheng.ledger.services import sealing
from xinheng.lib import checkpoint as checkpoints
from xinheng.lib import merkle
from xinheng.lib.errors import Conflict, NotFound

pytestmark = [pytest.mark.django_db, pytest.mark.req("INV-8", kind="rule")]
Fill = Callable[..., list[Receipt]]


def stored_leaves() -> list[bytes]:
    return [bytes(leaf) for leaf in LedgerLeaf.objects.order_by("index").values_list("hash", flat=True)]


def test_each_round_continues_the_tree_with_the_same_root_as_the_whole_tree(fill: Fill) -> None:
    old = 0
    for count in (3, 253, 1, 300, 700):
        fill(count)
        made = services.seal(at=AT)
        leaves = stored_leaves()
        assert made is not None
        assert (made.size, made.root) == (len(leaves), merkle.root(leaves))
        stored = tree.StoredTree(made.size)
        assert stored.consistency_proof(old) == merkle.consistency_proof(leaves, old)
        old = made.size
    assert not LedgerPending.objects.exists()


def test_nothing_new_makes_no_checkpoint(fill: Fill) -> None:
    fill(2)
    assert services.seal(at=AT) is not None
    assert services.seal(at=AT) is None
    assert tasks.seal_pending(at=AT) == 0


def test_waiting_entries_are_numbered_in_the_order_of_their_ids(fill: Fill) -> None:
    receipts = fill(20)
    services.seal(at=AT)
    positions = [selectors.position(receipt.entry_id) for receipt in sorted(receipts, key=lambda r: r.entry_id)]
    assert positions == list(range(positions[0] or 0, (positions[0] or 0) + 20))


def test_a_round_reads_few_rows_however_long_the_log_is(fill: Fill, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(1000)
    services.seal(at=AT)
    read: list[int] = []
    original = tree.hashes

    def counted(level: int, low: int, high: int) -> list[bytes]:
        found = original(level, low, high)
        read.append(len(found))
        return found

    monkeypatch.setattr(tree, "hashes", counted)
    fill(1)
    services.seal(at=AT)
    assert sum(read) < 4 * 256


def test_the_same_note_lies_in_the_database_and_in_every_folder_outside(
    fill: Fill, settings: Any, tmp_path: Path
) -> None:
    settings.XINHENG_CHECKPOINT_DIR = [tmp_path / "own"]
    fill(2)
    first = services.seal(at=AT)
    settings.XINHENG_CHECKPOINT_DIR = [tmp_path / "own", tmp_path / "second"]
    fill(2)
    second = services.seal(at=AT)
    assert first is not None and second is not None
    for folder in settings.XINHENG_CHECKPOINT_DIR:
        assert witness.sizes(folder) == [first.size, second.size]
    note = LedgerCheckpoint.objects.get(size=second.size).note
    assert witness.newest(tmp_path / "second") == note
    assert checkpoints.open_checkpoint(note, keys.verifier(), origin=keys.origin()) == second
    paths = list((tmp_path / "own").rglob("*.note"))
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o444}
    assert not list(tmp_path.rglob(".*"))


@pytest.mark.req("INV-8", kind="refusal")
def test_a_tree_that_contradicts_a_note_outside_is_not_signed(fill: Fill, checkpoint_folder: Path) -> None:
    fill(2)
    made = services.seal(at=AT)
    assert made is not None
    forged = checkpoints.Checkpoint(made.origin, made.size + 1, b"x" * 32, made.at)
    witness.write(checkpoints.sign(forged, keys.signer()), size=forged.size)
    fill(1)
    with pytest.raises(Conflict, match="log_contradicts_checkpoint"):
        services.seal(at=AT)
    fill(5)
    with pytest.raises(Conflict, match="log_contradicts_checkpoint"):
        services.seal(at=AT)
    with pytest.raises(Conflict, match="checkpoint_contradicts_witness"):
        witness.write(checkpoints.sign(made, keys.signer()) + "\n", size=forged.size)


@pytest.mark.req("INV-8", kind="refusal")
def test_a_log_shorter_than_a_note_outside_takes_no_more_leaves(fill: Fill) -> None:
    fill(2)
    made = services.seal(at=AT)
    assert made is not None
    ahead = checkpoints.Checkpoint(made.origin, made.size + 100, b"x" * 32, made.at)
    witness.write(checkpoints.sign(ahead, keys.signer()), size=ahead.size)
    fill(1)
    with pytest.raises(Conflict, match="log_contradicts_checkpoint"):
        services.seal(at=AT)


def test_a_note_left_outside_by_a_crash_is_taken_over(fill: Fill, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(3)
    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(sealing, "parse_stamp", _crash)
        services.seal(at=AT)
    made = services.seal(at=AT + timedelta(seconds=9))
    assert made is not None
    assert made.at == "2026-11-20T01:02:03.000004Z"


def test_entries_that_came_after_such_a_crash_are_sealed_beyond_that_note(
    fill: Fill, monkeypatch: pytest.MonkeyPatch, checkpoint_folder: Path
) -> None:
    fill(3)
    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(sealing, "parse_stamp", _crash)
        services.seal(at=AT)
    fill(2)
    made = services.seal(at=AT + timedelta(seconds=9))
    assert made is not None
    assert witness.sizes(checkpoint_folder) == [made.size - 2, made.size]
    assert list(LedgerCheckpoint.objects.order_by("size").values_list("size", flat=True)) == [made.size - 2, made.size]


def test_a_long_queue_is_numbered_in_rounds(fill: Fill, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "ROUND", 100)
    fill(250)
    made = services.seal(at=AT)
    assert made is not None
    assert selectors.waiting() == 0
    assert made.root == merkle.root(stored_leaves())


def _crash(text: str) -> None:
    raise RuntimeError("crash after the note was written outside")


def test_every_sealed_entry_has_a_proof_that_leads_to_the_signed_root(fill: Fill) -> None:
    receipts = fill(600)
    services.seal(at=AT)
    for receipt in receipts[::50] + receipts[-1:]:
        proof = selectors.prove(receipt.entry_id)
        assert set(proof) == {"entry", "leaf", "index", "tree_size", "proof", "checkpoint"}
        made = checkpoints.open_checkpoint(proof["checkpoint"], keys.verifier(), origin=keys.origin())
        assert proof["leaf"] == receipt.leaf
        assert merkle.verify_inclusion(
            leaf=bytes.fromhex(proof["leaf"]),
            index=proof["index"],
            size=made.size,
            proof=[base64.b64decode(step) for step in proof["proof"]],
            root=made.root,
        )


@pytest.mark.req("INV-8", kind="refusal")
def test_an_entry_that_waits_or_is_unknown_has_no_proof(fill: Fill) -> None:
    receipt = fill(1)[0]
    with pytest.raises(Conflict, match="entry_not_sealed_yet"):
        selectors.prove(receipt.entry_id)
    assert selectors.position(receipt.entry_id) is None
    with pytest.raises(NotFound, match="entry_unknown"):
        selectors.prove(2**52)


def test_heads_are_sealed_once_an_hour_and_prove_a_subjects_last_entry(fill: Fill) -> None:
    assert selectors.head_proof(SUBJECTS[1].tag) is None
    fill(30)
    assert tasks.seal_subject_heads(at=AT) == 1
    assert tasks.seal_subject_heads(at=AT + timedelta(minutes=59)) == 0
    last = selectors.chain(SUBJECTS[1].tag)[-1]
    fill(30)
    proof = selectors.head_proof(SUBJECTS[1].tag)
    assert proof is not None
    assert (proof["seq"], proof["head"]) == (5, last.leaf)
    leaf = head_leaf(SUBJECTS[1].tag, proof["seq"], bytes.fromhex(proof["head"]))
    assert leaf.hex() == proof["leaf"]
    assert merkle.verify_inclusion(
        leaf=leaf,
        index=proof["index"],
        size=proof["tree_size"],
        proof=[base64.b64decode(step) for step in proof["proof"]],
        root=bytes.fromhex(proof["root"]),
    )
    sealed = selectors.entry(int(proof["entry"])).body
    assert sealed is not None
    assert sealed["fields"]["root"] == proof["root"]
    assert tasks.seal_subject_heads(at=AT + timedelta(hours=1)) == 1
    assert services.seal_heads(at=AT + timedelta(hours=2)) is None
    assert sealing.heads_due(at=AT + timedelta(hours=3))
    assert LedgerHeadSeal.objects.values_list("at", flat=True).distinct().get() == AT + timedelta(hours=2)


def test_only_one_sealer_works_at_a_time(fill: Fill, owner: Any) -> None:
    fill(2)
    with owner.transaction():
        # The row is committed by the test's database or made here by the owner; either way it is locked elsewhere.
        owner.execute("INSERT INTO ledger_sealer (id) VALUES (1) ON CONFLICT DO NOTHING")
        owner.execute("SELECT id FROM ledger_sealer FOR UPDATE")
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
        assert _seal_beside_another() is None


def _seal_beside_another() -> object:
    """Where the row is not committed yet the insert waits and times out: that is no sealing either."""
    from django.db import OperationalError

    try:
        with transaction.atomic():
            return services.seal(at=AT, wait=False)
    except OperationalError:
        return None


def test_acts_of_the_log_stand_under_the_law_loaded_last() -> None:
    with transaction.atomic():
        services.append_many([act()])
    receipt = services.seal_heads(at=AT)
    assert receipt is not None
    assert receipt.law == sealing._newest_law()
