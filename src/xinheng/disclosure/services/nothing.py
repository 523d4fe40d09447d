"""What does somebody get who was verified and about whom nothing is on file? That nothing is, and an entry of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from xinheng.disclosure.rules import Channel
from xinheng.disclosure.services.own import ACT
from xinheng.law.lookup import ground as law_ground
from xinheng.law.pack import Pack
from xinheng.ledger.services import append
from xinheng.lib.errors import NotFound
from xinheng.subjects.selectors import own_subject, verified_without_file


@dataclass(frozen=True, slots=True)
class NothingOnFile:
    """The empty answer: its entry, and the article that gives the right to ask."""

    entry: str
    article: str


@transaction.atomic
def nothing_on_file(*, account_id: int, at: datetime, pack: Pack) -> NothingOnFile:
    """Answer a verified account that has no file, entered before it is told (INV-3).

    Raises NotFound ``no_own_file`` for an account that was not verified, or was for a file that it no longer opens.
    """
    if own_subject(account_id) is not None or not verified_without_file(account_id):
        raise NotFound("no_own_file")
    law = law_ground(pack, "query.own", at.astimezone(pack.tz).date()).article
    receipt = append(
        act=ACT,
        at=at,
        law=pack.label,
        actor=f"account:{account_id}",
        organisation="",
        channel="web",
        subject=None,
        ground={"channel": Channel.OWN.value, "purpose": "file", "article": law},
        result="empty",
        fields={"items": {}, "hidden": 0},
    )
    return NothingOnFile(str(receipt.entry_id), law)
