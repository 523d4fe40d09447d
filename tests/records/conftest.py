"""What the tests of the records stand on: the bureau of the demo city that sends penalties."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest

from tests.records.rows import AT, sheet

Send = Callable[..., Any]


@pytest.fixture
def bureau(db: None) -> Any:
    """The market regulation bureau, which provides penalties."""
    from xinheng.accounts.selectors import organisation_by_code

    return organisation_by_code("scjgj")


@pytest.fixture
def officers(db: None) -> Mapping[str, int]:
    """Account numbers of the bureau's officers by user name."""
    from xinheng.accounts.models import Account

    return {account.username: account.id for account in Account.objects.all()}


@pytest.fixture
def send(bureau: Any, officers: Mapping[str, int]) -> Send:
    """Send rows of penalties as the bureau's collector."""
    from tests.records.sending import sent

    def act(*rows: Mapping[str, str], at: datetime = AT, uploader: str = "scjgj.collector") -> Any:
        return sent(
            file=sheet(rows),
            file_name="处罚.csv",
            item_code="CF",
            provider=bureau,
            actor=f"account:{officers[uploader]}",
            channel="web",
            at=at,
            uploaded_by=officers[uploader],
        )

    return act
