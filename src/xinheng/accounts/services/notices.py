"""What does the holder of an account learn that others did to it?

Shown at every sign-in until the holder says it was read, and afterwards in the list of the account: what happened,
when, by administrators of which organisations (their names are for supervisor and auditor), and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from xinheng.accounts.models import AccountNotice
from xinheng.store.ids import next_id

FACTOR_RESET = "factor.reset"
LINK_ENDED = "link.ended"
LINK_KEPT = "link.kept"


def notice_account(
    *,
    account_id: int,
    what: str,
    by: Sequence[str],
    reason: str,
    at: datetime,
    entry_id: int | None = None,
    about: str = "",
) -> None:
    """Tell the holder of an account, in the caller's transaction. ``by``: codes of the organisations whose
    administrators did it; ``about``: an organisation's name that it is about, never a person's.
    """
    AccountNotice.objects.create(
        id=next_id("account"),
        account_id=account_id,
        what=what,
        by=" ".join(dict.fromkeys(by)),
        about=about,
        reason=reason,
        at=at,
        entry_id=entry_id,
    )


def read_notices(*, account_id: int, at: datetime) -> int:
    """The holder has read what was told so far; how many were new."""
    return AccountNotice.objects.filter(account_id=account_id, read_at__isnull=True, at__lte=at).update(read_at=at)
