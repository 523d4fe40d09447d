"""How is a proposal kept, opened and decided, and what does its entry say of it?

Every proposal is entered when it is made: without an entry of its own somebody with access to the tables could write
one in another administrator's name and grant it himself.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from xinheng.accounts.models import Account, GrantProposal
from xinheng.accounts.rules import GrantKind, same_number
from xinheng.accounts.selectors import rights
from xinheng.accounts.services.judging import CHANNEL
from xinheng.law.pack import Pack
from xinheng.ledger.selectors import law_version
from xinheng.ledger.services import append
from xinheng.lib.errors import Conflict, NotFound
from xinheng.store.ids import next_id


def keep_proposal(
    kind: GrantKind, *, reason: str, by: Account, pack: Pack, at: datetime, **given: Any
) -> GrantProposal:
    """Keep a proposal; one entry ``grant.proposed``. Raises Conflict ``grant_proposed`` for the same one again."""
    same = {name: given.get(name) for name in ("account", "organisation")} | {"what": given.get("what", "")}
    if GrantProposal.objects.filter(kind=kind.value, decision="", **same).exists():
        raise Conflict("grant_proposed")
    made = GrantProposal.objects.create(
        id=next_id("account"), kind=kind.value, reason=reason, proposed_by=by.id, proposed_at=at, **given
    )
    enter(made, act="grant.proposed", by=by, result="done", pack=pack, at=at)
    return made


def enter(found: GrantProposal, *, act: str, by: Account, result: str, pack: Pack, at: datetime) -> int:
    """Enter an act about a proposal that changes no right yet; the number of the entry."""
    receipt = append(
        act=act,
        at=at,
        law=law_version(pack.label),
        actor=f"account:{by.id}",
        organisation=house(found),
        channel=CHANNEL,
        subject=None,
        ground={},
        result=result,
        fields={},
        extra=said(found),
    )
    return receipt.entry_id


def open_proposal(number: int) -> GrantProposal:
    """A proposal that waits, locked. Raises NotFound ``grant_unknown``, Conflict ``grant_decided``."""
    found = (
        GrantProposal.objects.select_for_update(of=("self",))
        .select_related("account__organisation", "organisation")
        .filter(id=number)
        .first()
    )
    if found is None:
        raise NotFound("grant_unknown")
    if found.decision:
        raise Conflict("grant_decided")
    return found


def decided(found: GrantProposal, entry_id: int) -> GrantProposal:
    """Keep what was decided of a proposal under this entry."""
    found.entry_id = entry_id
    found.save(update_fields=["decision", "second_by", "decided_at", "refusal", "entry_id"])
    return found


def said(found: GrantProposal) -> dict[str, Any]:
    """What every entry about a proposal says of it."""
    return {"grant": rights.proposal_line(found)}


def house(found: GrantProposal) -> str:
    """The code of the organisation that a proposal is about."""
    body = found.organisation or (found.account.organisation if found.account else None)
    return body.code if body else ""


def one_account_each(organisation_id: int | None, staff_number: str, *, but: int = 0) -> None:
    """Raise Conflict when the person of this staff number has another account, open or proposed."""
    waiting = GrantProposal.objects.filter(kind=GrantKind.ACCOUNT.value, decision="").values("account_id")
    others = Account.objects.filter(Q(is_active=True) | Q(id__in=waiting), organisation_id=organisation_id or 0)
    number = same_number(staff_number)
    if number and number in map(same_number, others.exclude(id=but).values_list("staff_number", flat=True)):
        raise Conflict("staff_number_taken")
