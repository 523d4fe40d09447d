"""The owner of the tables moves a deadline, hides a delay or a trace; verification finds each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.casework.conftest import RECEIVED, City, announce
from xinheng.casework import services
from xinheng.ledger import verify
from xinheng.ledger.verify import CheckResult, Damage

pytestmark = [pytest.mark.owner, pytest.mark.req("INV-8", "ACC-1", kind="refusal")]
FIRST, SECOND = "(SELECT id FROM clock WHERE case_id = 1)", "(SELECT id FROM clock WHERE case_id = 2)"
BOTH = "UPDATE clock SET {0}; UPDATE clock_opened SET {0}"
ATTACKS = {
    "a last day is moved": ("UPDATE clock SET due_on = due_on + 5", "clock_due_on"),
    "a last day is moved with its history": (
        "UPDATE clock SET due_on = due_on + 5; UPDATE clock_trace SET due_before = due_before + 5, "
        "due_after = due_after + 5; UPDATE clock_opened SET due_on = due_on + 5",
        "clock_opened_due_on",
    ),
    "a receipt is moved": (BOTH.format("received_at = received_at + interval '5 days'"), "clock_opened_received_at"),
    "a provisional day is called final": ("UPDATE clock SET provisional = NOT provisional", "clock_provisional"),
    "a clock runs for another case": (BOTH.format("case_id = case_id + 7"), "clock_opened_case"),
    "a late act is called timely": ("UPDATE clock SET late = false WHERE late", "clock_late"),
    "a late act is called timely in the trace too": (
        "UPDATE clock SET late = false WHERE late; UPDATE clock_trace SET late = false WHERE late",
        "clock_trace_late",
    ),
    "a stopped clock runs again": (
        f"UPDATE clock SET stopped_at = NULL, late = NULL WHERE id = {SECOND}", "clock_stopped_at",
    ),
    "a stopped clock runs again without a trace": (
        f"DELETE FROM clock_trace WHERE clock_id = {SECOND};"
        f" UPDATE clock SET stopped_at = NULL, late = NULL WHERE id = {SECOND}",
        "clock_trace_missing",
    ),
    "a trace is deleted": (f"DELETE FROM clock_trace WHERE clock_id = {FIRST}", "clock_trace_missing"),
    "a trace is altered": (
        f"UPDATE clock_trace SET due_before = due_after WHERE clock_id = {FIRST}", "clock_trace_broken",
    ),
    "the editions of a trace are altered": (
        f"UPDATE clock_trace SET law_before_id = law_after_id WHERE clock_id = {FIRST}", "clock_trace_root",
    ),
    "a clock is deleted": (f"DELETE FROM clock WHERE id = {FIRST}", "clock_missing"),
    "an opening is deleted": (f"DELETE FROM clock_opened WHERE clock_id = {FIRST}", "clock_opened_missing"),
    "a clock is invented": (
        "UPDATE clock SET id = id + 1000000, case_id = 77 WHERE case_id = 1",
        "clock_without_opening",
    ),
}  # fmt: skip


@pytest.fixture
def history(zhangye: City, packs: Callable[[str], Path]) -> Iterator[None]:
    """Case 1: computed again, runs. Case 2: stopped late."""
    zhangye.open(1)
    zhangye.open(2)
    known = packs("known")
    services.stop_clock(case_kind="objection", case_id=2, deadline="objection.decide", at=RECEIVED.replace(year=2027))
    announce(known)
    zhangye.use(known)
    yield


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attack", ["nothing", *ATTACKS])
def test_verification_finds_what_the_owner_did(history: None, owner: Any, attack: str) -> None:
    statement, expected = ATTACKS.get(attack, ("SELECT 1", ""))
    owner.execute(statement)
    found = list(verify.run())
    damage = {one.what for one in found if isinstance(one, Damage)}
    (result,) = [one for one in found if isinstance(one, CheckResult) and one.check == "clocks"]
    assert (expected in damage) if expected else not damage
    assert result.ok is (attack == "nothing") and result.count >= 1
