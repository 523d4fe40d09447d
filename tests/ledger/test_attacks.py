"""The owner of the tables deletes, alters, adds, reorders, truncates and signs again; verification finds each of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from tests.ledger.conftest import AT, SUBJECTS, act
from xinheng.ledger import keys, selectors, services, verify
from xinheng.ledger.models import LedgerCheckpoint, LedgerEntry, LedgerHead, LedgerLeaf
from xinheng.ledger.rules import Head, Receipt, make_entry
from xinheng.lib import checkpoint as checkpoints
from xinheng.lib import merkle
from xinheng.lib.canonical import leaf_hash
from xinheng.lib.errors import Conflict
from xinheng.lib.note import Ed25519Signer, Signer

pytestmark = [pytest.mark.owner, pytest.mark.req("INV-8", kind="refusal")]
Fill = Callable[..., list[Receipt]]
STRANGER = Ed25519Signer("stranger.example", bytes(32))


@pytest.fixture(autouse=True)
def without_checks_of_other_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies above the ledger is tested there."""
    monkeypatch.setattr(verify, "CHECKS", [])


def damages() -> set[str]:
    return {one.what for one in verify.run() if isinstance(one, verify.Damage)}


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


# Places: a sealed entry in the middle, the last sealed one, the last that waits, the newest checkpoint
WORDS = {
    "$SOME": "(SELECT entry_id FROM ledger_leaf JOIN ledger_body USING (entry_id) WHERE seq IS NOT NULL"
    ' ORDER BY "index" LIMIT 1 OFFSET 20)',
    "$LAST": '(SELECT entry_id FROM ledger_leaf ORDER BY "index" DESC LIMIT 1)',
    "$TOP": '(SELECT max("index") FROM ledger_leaf)',
    "$WAITING": "(SELECT max(entry_id) FROM ledger_pending)",
    "$NEWEST": "(SELECT max(size) FROM ledger_checkpoint)",
    "$OLDEST": "(SELECT min(size) FROM ledger_checkpoint)",
    "$SUBJECT": f"decode('{SUBJECTS[0].tag.hex()}', 'hex')",
}
ATTACKS: dict[str, tuple[str, set[str]]] = {
    "a sealed entry is deleted": ("DELETE FROM ledger_entry WHERE id = $SOME", {"entry_missing"}),
    "the last sealed entry is deleted": ("DELETE FROM ledger_entry WHERE id = $LAST", {"entry_missing"}),
    "the last sealed entry goes with its leaf": (
        'DELETE FROM ledger_entry WHERE id = $LAST; DELETE FROM ledger_leaf WHERE "index" = $TOP',
        {"log_truncated", "body_without_entry"},
    ),
    "the last sealed entry goes with its leaf and body": (
        "DELETE FROM ledger_entry WHERE id = $LAST; DELETE FROM ledger_body WHERE entry_id = $LAST;"
        'DELETE FROM ledger_leaf WHERE "index" = $TOP',
        {"log_truncated"},
    ),
    "a leaf is deleted": (
        'DELETE FROM ledger_leaf WHERE "index" = 100',
        {"leaf_missing", "entry_outside_log"},
    ),
    "the last leaf is deleted": (
        'DELETE FROM ledger_leaf WHERE "index" = $TOP',
        {"log_truncated", "entry_outside_log"},
    ),
    "the last leaf is put back into the queue": (
        'INSERT INTO ledger_pending SELECT $LAST; DELETE FROM ledger_leaf WHERE "index" = $TOP',
        {"log_truncated"},
    ),
    "an entry is altered": ("UPDATE ledger_entry SET bytes = $FLIP(bytes) WHERE id = $SOME", {"entry_altered"}),
    "the last entry is altered": ("UPDATE ledger_entry SET bytes = $FLIP(bytes) WHERE id = $LAST", {"entry_altered"}),
    "an entry and its leaf are altered": (
        "UPDATE ledger_entry SET bytes = $FLIP(bytes) WHERE id = $SOME;"
        "UPDATE ledger_leaf l SET hash = sha256('\\x00'::bytea || e.bytes) FROM ledger_entry e WHERE e.id = l.entry_id",
        {"tree_differs", "log_rewritten", "body_altered"},
    ),
    "a waiting entry is altered": (
        "UPDATE ledger_entry SET bytes = replace(encode(bytes, 'escape'), '2026-11', '2025-11')::bytea"
        " WHERE id = $WAITING",
        {"body_altered"},
    ),
    "an entry is copied under another id": (
        "INSERT INTO ledger_entry SELECT id + 1000000, bytes FROM ledger_entry LIMIT 1",
        {"entry_outside_log", "entry_renamed", "body_missing"},
    ),
    "a foreign entry is queued": (
        "INSERT INTO ledger_entry SELECT id + 1000000, bytes FROM ledger_entry WHERE id = $LAST;"
        "INSERT INTO ledger_pending SELECT $LAST + 1000000",
        {"entry_renamed", "body_missing"},
    ),
    "an entry is taken out of the queue": (
        "DELETE FROM ledger_pending WHERE entry_id = $WAITING",
        {"entry_outside_log"},
    ),
    "a sealed entry is queued again": (
        "INSERT INTO ledger_pending SELECT $SOME",
        {"entry_sealed_and_waiting"},
    ),
    "a waiting entry is deleted": (
        "DELETE FROM ledger_entry WHERE id = $WAITING",
        {"entry_missing", "body_without_entry"},
    ),
    "a body is deleted": ("DELETE FROM ledger_body WHERE entry_id = $SOME", {"body_missing"}),
    "a body is altered": (
        "UPDATE ledger_body SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) WHERE entry_id = $SOME",
        {"body_altered"},
    ),
    "a body is emptied": ("UPDATE ledger_body SET sealed = '' WHERE entry_id = $SOME", {"body_altered"}),
    "a salt is altered": ("UPDATE ledger_body SET salt = $FLIP(salt) WHERE entry_id = $SOME", {"body_altered"}),
    "a body is moved to another entry": (
        "UPDATE ledger_body b SET sealed = o.sealed, salt = o.salt FROM ledger_body o"
        " WHERE b.entry_id = $SOME AND o.entry_id = $LAST",
        {"body_altered"},
    ),
    "a body is added": (
        "INSERT INTO ledger_body (entry_id, sealed, salt) SELECT 1000000000, sealed, salt FROM ledger_body LIMIT 1",
        {"body_without_entry"},
    ),
    "a body is renumbered": (
        "UPDATE ledger_body SET seq = seq + 1000 WHERE entry_id = $SOME",
        {"body_renumbered", "chain_gap"},
    ),
    "a body is given to another subject": (
        "UPDATE ledger_body SET tag = decode(repeat('ff', 16), 'hex') WHERE entry_id = $SOME",
        {"chain_gap"},
    ),
    "two bodies change subjects": (
        "UPDATE ledger_body SET tag = NULL, seq = NULL WHERE tag = $SUBJECT AND seq = 2",
        {"body_renumbered", "chain_gap"},
    ),
    "a head is altered": ("UPDATE ledger_head SET last_seq = last_seq + 1", {"head_differs"}),
    "heads are deleted": ("DELETE FROM ledger_head", {"head_differs"}),
    "a head is added": (
        "INSERT INTO ledger_head SELECT decode(repeat('ff', 16), 'hex'), 1, last_leaf FROM ledger_head LIMIT 1",
        {"chain_missing"},
    ),
    "a subject's chain is deleted": (
        "DELETE FROM ledger_body WHERE tag = $SUBJECT",
        {"body_missing", "chain_missing", "chain_shortened"},
    ),
    "the sealed heads are deleted": ("DELETE FROM ledger_head_seal", {"head_seal_missing"}),
    "the sealed heads are altered": ("UPDATE ledger_head_seal SET heads = $FLIP(heads)", {"head_seal_altered"}),
    "the sealed heads name another entry": (
        "UPDATE ledger_head_seal SET entry_id = $SOME",
        {"head_seal_missing"},
    ),
    "a stored node is altered": ("UPDATE ledger_node SET hash = $FLIP(hash)", {"node_altered"}),
    "a stored node is deleted": ("DELETE FROM ledger_node", {"node_missing"}),
    "a stored node is added": (
        "INSERT INTO ledger_node SELECT 2, 0, hash FROM ledger_node LIMIT 1",
        {"node_altered"},
    ),
    "the newest checkpoint is deleted": (
        "DELETE FROM ledger_checkpoint WHERE size = $NEWEST",
        {"checkpoint_missing", "leaves_unsigned"},
    ),
    "an older checkpoint is deleted": (
        "DELETE FROM ledger_checkpoint WHERE size = $OLDEST",
        {"checkpoint_missing"},
    ),
    "all checkpoints are deleted": ("DELETE FROM ledger_checkpoint", {"checkpoint_missing", "leaves_unsigned"}),
    "the newest checkpoint's root is altered": (
        "UPDATE ledger_checkpoint SET root = $FLIP(root) WHERE size = $NEWEST",
        {"checkpoint_altered"},
    ),
    "the newest checkpoint's time is altered": (
        "UPDATE ledger_checkpoint SET at = at + interval '1 second' WHERE size = $NEWEST",
        {"checkpoint_altered"},
    ),
    "the newest checkpoint's note is altered": (
        "UPDATE ledger_checkpoint SET note = replace(note, 'at 2026', 'at 2025') WHERE size = $NEWEST",
        {"checkpoint_forged", "checkpoint_resigned"},
    ),
    "a checkpoint is added": (
        "INSERT INTO ledger_checkpoint SELECT size - 1, root, note, at FROM ledger_checkpoint WHERE size = $NEWEST",
        {"checkpoint_altered", "checkpoint_not_witnessed"},
    ),
}


def carry_out(attack: str) -> None:
    for statement in attack.split(";"):
        text = statement
        for word, meaning in WORDS.items():
            text = text.replace(word, meaning)
        for column in ("bytes", "salt", "heads", "hash", "root"):
            text = text.replace(f"$FLIP({column})", f"set_byte({column}, 5, get_byte({column}, 5) # 1)")
        sql(text)


@pytest.fixture
def log(as_owner: None, db: None, fill: Fill) -> None:
    """Two checkpoints, sealed heads, a full node, and a few entries that wait."""
    fill(150)
    services.seal(at=AT)
    fill(150, start=150)
    services.seal_heads(at=AT)
    services.seal(at=AT)
    fill(12, start=300)
    assert not damages()


def test_every_attack_on_rows_is_found(log: None) -> None:
    missed: dict[str, set[str]] = {}
    for name, (attack, expected) in ATTACKS.items():
        with transaction.atomic():
            carry_out(attack)
            found = damages()
            transaction.set_rollback(True)
        if not expected <= found:
            missed[name] = found
    assert not missed
    assert not damages()


def test_swapped_leaves_and_swapped_entries_are_found(log: None) -> None:
    one, two = LedgerLeaf.objects.get(index=100), LedgerLeaf.objects.get(index=101)
    with transaction.atomic():
        for index, entry_id in ((100, -1), (101, one.entry_id), (100, two.entry_id)):
            LedgerLeaf.objects.filter(index=index).update(entry_id=entry_id)
        assert damages() == {"entry_altered"}
        LedgerLeaf.objects.filter(index=100).update(hash=two.hash)
        LedgerLeaf.objects.filter(index=101).update(hash=one.hash)
        assert {"tree_differs", "log_rewritten", "node_altered"} <= damages()


def test_a_forged_leaf_at_the_end_is_found(log: None) -> None:
    entry = make_entry(act(subject=None), entry_id=2**50, salt=b"s" * 32, head=Head())
    sql("INSERT INTO ledger_entry (id, bytes) VALUES (%s, %s)", entry.id, entry.data)
    sql(
        'INSERT INTO ledger_leaf ("index", entry_id, hash) SELECT max("index") + 1, %s, %s FROM ledger_leaf',
        entry.id,
        entry.leaf,
    )
    assert damages() == {"leaves_unsigned", "body_missing"}


@pytest.mark.parametrize("thief", [STRANGER, None], ids=["with another key", "with the stolen key"])
def test_a_log_rewritten_and_signed_again_is_found(log: None, thief: Signer | None) -> None:
    entry_id = LedgerLeaf.objects.get(index=250).entry_id
    data = bytes(LedgerEntry.objects.get(id=entry_id).bytes).replace(b"2026-11-20", b"2026-11-21")
    LedgerEntry.objects.filter(id=entry_id).update(bytes=data)
    LedgerLeaf.objects.filter(index=250).update(hash=leaf_hash(data))
    leaves = [bytes(one) for one in LedgerLeaf.objects.order_by("index").values_list("hash", flat=True)]
    sql('UPDATE ledger_node SET hash = %s WHERE level = 1 AND "index" = 0', merkle.root(leaves[:256]))
    for row in LedgerCheckpoint.objects.all():
        made = checkpoints.parse(row.note.partition("\n\n")[0] + "\n")
        forged = checkpoints.Checkpoint(made.origin, made.size, merkle.root(leaves[: made.size]), made.at)
        note = checkpoints.sign(forged, thief or keys.signer())
        LedgerCheckpoint.objects.filter(size=row.size).update(root=forged.root, note=note)
    found = damages()
    assert {"log_rewritten", "checkpoint_resigned"} <= found
    assert ("checkpoint_forged" in found) is (thief is not None)


def truncate(*, to: int) -> None:
    """Take the log back to an earlier checkpoint, working state and all."""
    later = f'SELECT entry_id FROM ledger_leaf WHERE "index" >= {to} UNION SELECT entry_id FROM ledger_pending'
    sql(f"DELETE FROM ledger_entry WHERE id IN ({later})")
    sql(f"DELETE FROM ledger_body WHERE entry_id IN ({later})")
    sql("DELETE FROM ledger_pending")
    sql(f'DELETE FROM ledger_leaf WHERE "index" >= {to}')
    sql(f'DELETE FROM ledger_node WHERE ("index" + 1) * 256 > {to}')
    sql(f"DELETE FROM ledger_checkpoint WHERE size > {to}")
    sql("DELETE FROM ledger_head_seal")
    rebuild_heads()


def rebuild_heads() -> None:
    LedgerHead.objects.all().delete()
    for subject in SUBJECTS:
        chain = selectors.chain(subject.tag)
        if chain:
            LedgerHead.objects.create(tag=subject.tag, last_seq=len(chain), last_leaf=bytes.fromhex(chain[-1].leaf))


def test_a_log_taken_back_is_found_and_not_continued(log: None, fill: Fill) -> None:
    truncate(to=min(LedgerCheckpoint.objects.values_list("size", flat=True)))
    assert damages() == {"log_truncated", "checkpoint_missing"}
    fill(400, start=1000)
    with pytest.raises(Conflict, match="log_contradicts_checkpoint"):
        services.seal(at=AT)


@pytest.mark.parametrize("head_too", [False, True])
def test_a_subjects_last_entry_deleted_everywhere_is_found(
    as_owner: None, db: None, fill: Fill, head_too: bool
) -> None:
    fill(60)
    services.seal_heads(at=AT)
    entry_id = selectors.chain(SUBJECTS[0].tag)[-1].entry_id
    for table, key in (("ledger_entry", "id"), ("ledger_body", "entry_id"), ("ledger_pending", "entry_id")):
        sql(f"DELETE FROM {table} WHERE {key} = %s", entry_id)
    if head_too:
        rebuild_heads()
        assert damages() == {"chain_shortened"}
    else:
        assert damages() == {"head_differs", "chain_shortened"}
