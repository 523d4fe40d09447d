"""What of the questions that never became one stands in the ledger? (QRY-5, ACC-1)

A list longer than the matter allows, and a question sent by an account without the post: nobody was looked up, so the
entry has no subject. It says who tried what; nothing that was typed into the question but its ground, and of an account
without the post not even that. How many have an entry each: `refusals`.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xinheng.disclosure.rules import Channel
from xinheng.law.pack import Pack
from xinheng.ledger.rules import Act, Receipt
from xinheng.ledger.services import append_many
from xinheng.lib.clock import stamp

ACT = "disclosure.refused"


def enter_denial(
    *,
    account_id: int | None,
    organisation: str,
    reason: str,
    at: datetime,
    pack: Pack,
    matter: str = "",
    case_number: str = "",
    given: int = 0,
    channel_name: str = "web",
    since: datetime | None = None,
    until: datetime | None = None,
) -> Receipt:
    """Enter a question that was not taken up, in a transaction of its own. ``given``: how many it was about; with
    ``since`` and ``until``: how many questions of that time this one entry stands for.
    """
    fields: dict[str, int | str] = {"given": given}
    if since is not None and until is not None:
        fields = {"questions": given, "since": stamp(since), "until": stamp(until)}
    ground = {"channel": Channel.OFFICIAL.value, "matter": matter, "case": case_number, "reason": reason}
    act = Act(
        act=ACT,
        at=at,
        law=pack.label,
        actor=f"account:{account_id}",
        organisation=organisation,
        channel=channel_name,
        subject=None,
        ground=ground,
        result="refused",
        fields=fields,
    )
    with transaction.atomic():
        return append_many([act])[0]
