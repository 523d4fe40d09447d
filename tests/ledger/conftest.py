"""A small log to look at, and the owner of the tables as the one who attacks it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from xinheng.ledger.rules import Act, Receipt, SubjectRef

AT = datetime(2026, 11, 20, 1, 2, 3, 4, tzinfo=UTC)
SUBJECTS = tuple(SubjectRef(n, bytes([n]) * 16) for n in range(1, 6))
LAW = "demo-city@2026.1#0123456789ab"


def act(number: int = 0, *, subject: SubjectRef | None = SUBJECTS[0], **changed: Any) -> Act:
    """An act that differs by ``number``."""
    facts: dict[str, Any] = {
        "act": "disclosure.answered",
        "at": AT,
        "law": LAW,
        "actor": "account:7",
        "organisation": "scjgj",
        "channel": "web",
        "subject": subject,
        "ground": {"matter": "public_resource_trading", "case": f"〔2026〕{number}号"},
        "result": "granted",
        "fields": {"42": ["CF_NR", "CF_CFLB"]},
        "data_version": str(number),
        **changed,
    }
    return Act(**facts)


@pytest.fixture
def fill() -> Callable[..., list[Receipt]]:
    """Append ``count`` acts about five subjects in turn, every sixth about none."""
    from django.db import transaction

    from xinheng.ledger.services import append_many

    def run(count: int, *, start: int = 0) -> list[Receipt]:
        acts = [act(n, subject=None if n % 6 == 5 else SUBJECTS[n % 6]) for n in range(start, start + count)]
        with transaction.atomic():
            return append_many(acts)

    return run
