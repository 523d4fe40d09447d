"""The command line prints exactly the agreed forms, and exits with 2 on damage."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.ledger.conftest import AT
from xinheng.ledger import keys, selectors, services, verify
from xinheng.ledger.commands import ledger
from xinheng.ledger.models import LedgerBody
from xinheng.ledger.rules import Receipt
from xinheng.lib import checkpoint as checkpoints

pytestmark = [pytest.mark.django_db, pytest.mark.req("INV-8", kind="journey")]
Fill = Callable[..., list[Receipt]]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(ledger, arguments)


def lines(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture(autouse=True)
def without_checks_of_other_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies above the ledger is tested there."""
    monkeypatch.setattr(verify, "CHECKS", [])


def test_checkpoint_seals_what_waits_and_prints_the_note(fill: Fill) -> None:
    fill(3)
    result = run("checkpoint")
    assert result.exit_code == 0
    made = checkpoints.open_checkpoint(result.stdout, keys.verifier(), origin=keys.origin())
    assert made.size == selectors.latest_checkpoint().size  # type: ignore[union-attr]
    assert selectors.waiting() == 0


def test_prove_prints_one_object(fill: Fill) -> None:
    receipt = fill(3)[1]
    services.seal(at=AT)
    result = run("prove", str(receipt.entry_id))
    assert lines(result) == [selectors.prove(receipt.entry_id)]


@pytest.mark.req("INV-8", kind="refusal")
def test_prove_says_in_json_why_there_is_no_proof(fill: Fill) -> None:
    [receipt] = fill(1)
    for entry, code in ((receipt.entry_id, "entry_not_sealed_yet"), (2**52, "entry_unknown")):
        result = run("prove", str(entry))
        assert result.exit_code == 1
        [line] = lines(result)
        assert line["error"]["code"] == code  # type: ignore[index]
        assert line["error"]["message"]  # type: ignore[index]


def test_verify_prints_a_line_for_each_check_and_a_summary(fill: Fill) -> None:
    receipts = fill(6)
    services.erase(
        entry_id=receipts[0].entry_id, ground="g", article="ZY-35(2)", actor="a", at=AT, law="demo-city@2026.1#0"
    )
    services.seal(at=AT)
    result = run("verify")
    assert result.exit_code == 0
    found = lines(result)
    assert [line["check"] for line in found if "check" in line] == ["tree", "entries", "bodies", "heads", "witness"]
    assert all(set(line) == {"check", "ok", "count"} and line["ok"] for line in found if "check" in line)
    assert [line["erased"]["what"] for line in found if "erased" in line] == ["erased under ZY-35(2)"]  # type: ignore[index]
    assert found[-1] == {"summary": {"ok": True, "damage": 0, "erased": 1}}


@pytest.mark.req("INV-8", kind="refusal")
def test_verify_exits_with_2_and_names_what_is_damaged(fill: Fill) -> None:
    receipt = fill(6)[5]  # about no subject
    services.seal(at=AT)
    LedgerBody.objects.filter(entry_id=receipt.entry_id).delete()
    result = run("verify")
    assert result.exit_code == 2
    [damage] = [line["damage"] for line in lines(result) if "damage" in line]
    assert damage == {
        "what": "body_missing", "table": "ledger_body", "entry": str(receipt.entry_id),
        "expected": "a body, or its sealed erasure", "found": "",
    }  # fmt: skip
    assert lines(result)[-1] == {"summary": {"ok": False, "damage": 1, "erased": 0}}


def test_export_seals_what_waits_and_writes_the_files(fill: Fill, tmp_path: Path) -> None:
    fill(3)
    result = run("export", str(tmp_path / "out"))
    assert result.exit_code == 0
    assert selectors.waiting() == 0
    assert (tmp_path / "out" / "checkpoint").exists()
    [line] = lines(result)
    assert line["summary"]["leaves"] == selectors.latest_checkpoint().size  # type: ignore[index,union-attr]
