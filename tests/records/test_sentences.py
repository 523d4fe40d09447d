"""Pages and files that leave the house repeat no mistyped number of a person; the dry run prints what is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.records.conftest import Send
from tests.records.rows import PERSON, row, sheet
from xinheng.accounts.models import Account
from xinheng.records.commands import intake

MISTYPED = "620799196512120848"  # the check character is wrong
WRONG = {"CF_XDR_ZJLX": MISTYPED, "CF_JDRQ": MISTYPED}


@pytest.mark.req("PIP-1", "INT-1", kind="journey")
@pytest.mark.django_db(transaction=True)
def test_the_page_of_a_batch_masks_a_mistyped_number(send: Send) -> None:
    sent: Any = send(row(1, PERSON, **WRONG))
    client = Client()
    client.force_login(Account.objects.get(username="scjgj.collector"))
    page = client.get(f"/desk/intake/{sent.batch_id}").content.decode()
    assert f"的“{'*' * 16}{MISTYPED[-2:]}”不在可选值中" in page
    assert f"“{MISTYPED}”" not in page  # the sender's own cells stand there to be mended, no sentence repeats them


@pytest.mark.req("INT-1", kind="journey")
def test_the_dry_run_prints_the_value_in_full(tmp_path: Path) -> None:
    file = tmp_path / "处罚.csv"
    file.write_bytes(sheet([row(1, PERSON, **WRONG)]))
    ran = CliRunner().invoke(intake, [str(file), "--item", "CF", "--provider", "scjgj", "--dry-run", "--json"])
    told = json.loads(ran.stdout.splitlines()[0])
    assert any(MISTYPED in one["message"] for one in told["findings"])
