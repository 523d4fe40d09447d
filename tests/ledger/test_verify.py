"""Verification accepts an honest log at every moment, also after lawful erasure, and watches the notes outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from tests.ledger.conftest import AT, LAW, SUBJECTS
from xinheng.ledger import keys, selectors, services, verify, witness
from xinheng.ledger.models import LedgerBody, LedgerLeaf
from xinheng.ledger.rules import Receipt
from xinheng.lib import checkpoint as checkpoints
from xinheng.lib.errors import Conflict

Fill = Callable[..., list[Receipt]]


@pytest.fixture(autouse=True)
def without_checks_of_other_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies above the ledger is tested there."""
    monkeypatch.setattr(verify, "CHECKS", [])


def findings() -> list[verify.Finding]:
    return list(verify.run())


def damages() -> list[str]:
    return [one.what for one in findings() if isinstance(one, verify.Damage)]


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


# The honest log ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.req("INV-8", kind="rule")
def test_an_honest_log_has_no_damage_at_any_moment(fill: Fill) -> None:
    assert not damages()
    fill(300)
    assert not damages()
    services.seal(at=AT)
    services.seal_heads(at=AT)
    fill(300)
    assert not damages()
    services.seal(at=AT)
    found = findings()
    results = [one for one in found if isinstance(one, verify.CheckResult)]
    assert [one.check for one in results] == ["tree", "entries", "bodies", "heads", "witness"]
    assert all(one.ok for one in results)
    leaves = LedgerLeaf.objects.count()
    assert [one.count for one in results] == [leaves, leaves, leaves, 5, 2]


@pytest.mark.django_db
@pytest.mark.req("INV-8", kind="rule")
def test_an_erased_body_is_accepted_once_its_entry_is_sealed_and_told_with_its_article(fill: Fill) -> None:
    receipts = fill(30)
    services.seal(at=AT)
    services.seal_heads(at=AT)
    erased = receipts[6]
    under = services.erase(
        entry_id=erased.entry_id, ground="court order", article="ZY-35(2)", actor="account:1", at=AT, law=LAW
    )
    assert damages() == ["body_missing", "chain_gap"]  # accepted if and only if the erasure is sealed
    services.seal(at=AT)
    found = findings()
    assert not [one for one in found if isinstance(one, verify.Damage)]
    [told] = [one for one in found if isinstance(one, verify.Erased)]
    assert told.line() == {
        "erased": {
            "table": "ledger_body", "key": str(erased.entry_id), "what": "erased under ZY-35(2)",
            "under": str(under.entry_id), "ground": "court order", "article": "ZY-35(2)",
        }
    }  # fmt: skip
    assert not LedgerBody.objects.filter(entry_id=erased.entry_id).exists()
    opened = selectors.entry(erased.entry_id)
    assert (opened.body, opened.leaf) == (None, erased.leaf)
    chain = selectors.chain(SUBJECTS[0].tag)
    assert [one.body is None for one in chain].count(True) == 1
    assert len(chain) == 6
    assert chain[1].entry_id == erased.entry_id


@pytest.mark.django_db
@pytest.mark.req("INV-8", kind="rule")
def test_neighbours_in_a_chain_may_both_be_erased(fill: Fill) -> None:
    receipts = fill(30)
    for receipt in (receipts[6], receipts[12], receipts[0], receipts[5]):
        services.erase(entry_id=receipt.entry_id, ground="g", article="ZY-35(2)", actor="a", at=AT, law=LAW)
    services.seal(at=AT)
    assert not damages()


@pytest.mark.django_db
@pytest.mark.req("INV-8", kind="refusal")
def test_an_erasure_is_not_erased_and_nothing_is_erased_twice(fill: Fill) -> None:
    [receipt] = fill(1)
    order: dict[str, Any] = {"ground": "g", "article": "ZY-35(2)", "actor": "a", "at": AT, "law": LAW}
    under = services.erase(entry_id=receipt.entry_id, **order)
    with pytest.raises(Conflict, match="entry_erased_already"):
        services.erase(entry_id=receipt.entry_id, **order)
    with pytest.raises(Conflict, match="entry_is_kept"):
        services.erase(entry_id=under.entry_id, **order)


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("INV-8", kind="rule")
def test_an_erasure_is_sealed_as_soon_as_it_is_committed(fill: Fill) -> None:
    [receipt] = fill(1)
    under = services.erase(entry_id=receipt.entry_id, ground="g", article="ZY-35(2)", actor="a", at=AT, law=LAW)
    assert selectors.position(under.entry_id) is not None
    assert not damages()


@pytest.mark.django_db
@pytest.mark.req("INV-8", kind="rule")
def test_rooms_above_learn_which_of_their_rows_were_erased(fill: Fill) -> None:
    order: dict[str, Any] = {
        "table": "record_content", "keys": [7, 8], "ground": "retention ended", "article": "SP-28(2)", "actor": "sweep",
        "organisation": "", "channel": "system", "at": AT, "law": LAW,
    }  # fmt: skip
    with transaction.atomic():
        receipt = services.record_erasure(**order, subject=SUBJECTS[0])
    with verify.snapshot() as before:
        assert not before.erasures("record_content")
    services.seal(at=AT)
    with verify.snapshot() as after:
        assert {key: one.under for key, one in after.erasures("record_content").items()} == {
            "7": receipt.entry_id, "8": receipt.entry_id,
        }  # fmt: skip
        body = after.body(receipt.entry_id)
        assert body is not None and body["fields"]["keys"] == ["7", "8"]
        assert after.body(2**52) is None


@pytest.mark.django_db
def test_checks_of_rooms_above_run_between_bodies_and_heads() -> None:
    def check(verification: verify.Verification) -> Iterator[verify.Finding]:
        yield verify.Damage("record_altered", "record", "a", "b", record=5)
        yield verify.CheckResult("records", False, 1)

    verify.extend(check)
    verify.extend(check)
    found = findings()
    assert [check] == verify.CHECKS
    assert found[3].line() == {
        "damage": {"what": "record_altered", "table": "record", "record": "5", "expected": "a", "found": "b"}
    }
    assert found[4].line() == {"check": "records", "ok": False, "count": 1}


@pytest.mark.django_db
@pytest.mark.req("INV-8", kind="refusal")
def test_what_happens_to_the_notes_outside_is_found(
    fill: Fill, checkpoint_folder: Path, settings: Any, tmp_path: Path
) -> None:
    fill(10)
    made = services.seal(at=AT)
    fill(10)
    services.seal(at=AT)
    assert made is not None
    path = next(checkpoint_folder.rglob(f"*{made.size}.note"))
    note = path.read_text()
    other_root = checkpoints.Checkpoint(made.origin, made.size, b"x" * 32, made.at)
    other_size = checkpoints.Checkpoint(made.origin, 7, made.root, made.at)
    for changed, expected in (
        (note.replace("at 2026", "at 2025"), "witness_forged"),
        ("", "witness_forged"),
        (checkpoints.sign(other_root, keys.signer()), "log_rewritten"),
        (checkpoints.sign(other_size, keys.signer()), "witness_renamed"),
        (None, "checkpoint_not_witnessed"),
    ):
        path.unlink()
        if changed is not None:
            path.write_text(changed)
        assert expected in damages(), expected
        path.write_text(note)
    assert not damages()
    settings.XINHENG_CHECKPOINT_DIR = [tmp_path / "empty"]
    assert damages() == ["checkpoint_not_witnessed"]
    assert witness.newest(tmp_path / "empty") is None
