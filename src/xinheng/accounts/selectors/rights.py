"""Which rights were given, by whom, which wait for a second person, and what does the ledger bind of each?"""

from __future__ import annotations

from xinheng.accounts.models import AccountRole, GrantProposal, OrganisationPower
from xinheng.accounts.rules import COMPETENT, GrantKind, Role, Target


def target_of(found: GrantProposal) -> Target:
    """What a proposal gives to whom, as the rules ask it."""
    kind = GrantKind(found.kind)
    if found.account is not None:
        role = Role(found.what) if kind is GrantKind.ROLE else None
        return Target(kind, found.account.organisation_id, found.account_id, role)
    return Target(kind, found.organisation_id)


def proposal_line(found: GrantProposal) -> dict[str, str]:
    """All that an entry binds of a proposal that was decided."""
    return {
        "proposal": str(found.id),
        "kind": str(found.kind),
        "what": found.what,
        "account": str(found.account_id or ""),
        "holder": found.organisation.code if found.organisation else "",
        "level": found.level,
        "article": found.article,
        "reason": found.reason,
        "proposed_by": str(found.proposed_by),
        "second": str(found.second_by or ""),
        "decision": str(found.decision),
        "refusal": found.refusal,
    }


def role_end_line(row: AccountRole) -> dict[str, str]:
    """What an entry binds of the end of a role."""
    return {
        "role": str(row.role),
        "account": str(row.account_id),
        "grant_entry": str(row.entry_id),
        "reason": row.end_reason,
    }


def power_end_line(row: OrganisationPower) -> dict[str, str]:
    """What an entry binds of the end of a power."""
    return {
        "power": row.power,
        "holder": row.organisation.code,
        "article": row.article,
        "grant_entry": str(row.entry_id or ""),
        "reason": row.end_reason,
    }


def administrators() -> list[int]:
    """The open accounts that administer the register: administrators of an open organisation that has the power."""
    held = AccountRole.objects.filter(
        role=Role.ADMINISTRATOR.value,
        ended_at__isnull=True,
        account__is_active=True,
        account__organisation__active=True,
        account__organisation__powers__power=COMPETENT,
        account__organisation__powers__active=True,
    )
    return list(held.order_by("account_id").values_list("account_id", flat=True))
