"""What was an account told of what others did to it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from xinheng.accounts.models import AccountNotice, Organisation

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing as its holder reads it. ``by``: (Chinese, English) names of the organisations, each once."""

    what: str
    by: tuple[tuple[str, str], ...]
    about: str
    reason: str
    at: datetime
    entry_id: int | None
    new: bool


def unread(account_id: int) -> bool:
    """Is there something that the holder has not yet said to have read?"""
    return AccountNotice.objects.filter(account_id=account_id, read_at__isnull=True).exists()


def notices(account_id: int, *, new: bool = False) -> list[Notice]:
    """The last `SHOWN` things, newest first; ``new``: only those not read."""
    found = AccountNotice.objects.filter(account_id=account_id).order_by("-at", "-id")
    rows = list(found.filter(read_at__isnull=True) if new else found[:SHOWN])
    codes = {code for row in rows for code in row.by.split()}
    names = {
        code: (zh, en or zh)
        for code, zh, en in Organisation.objects.filter(code__in=codes).values_list("code", "name_zh", "name_en")
    }
    return [
        Notice(
            str(row.what),
            tuple(names.get(code, (code, code)) for code in row.by.split()),
            row.about,
            row.reason,
            row.at,
            row.entry_id,
            row.read_at is None,
        )
        for row in rows
    ]
