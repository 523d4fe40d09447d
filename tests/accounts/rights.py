"""Rights for tests: proposed by one administrator of the demo's competent department, granted by the other."""

from __future__ import annotations

from datetime import UTC, datetime

from xinheng.accounts import selectors, services
from xinheng.accounts.models import Account, GrantProposal, Organisation
from xinheng.accounts.rules import Role
from xinheng.law.pack import Pack
from xinheng.ui import city

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
WHY = "岗位调整，科长批准"


def pack_() -> Pack:
    return city.pack()


def account(username: str) -> Account:
    return selectors.account_by_username(username)


def first() -> Account:
    return account("fgw.admin")


def second() -> Account:
    return account("fgw.admin2")


def propose_role(username: str, role: Role, by: Account | None = None) -> GrantProposal:
    return services.propose_role(
        account=account(username), role=role, reason=WHY, by=by or first(), pack=pack_(), at=AT
    )


def propose_power(code: str, power: str, by: Account | None = None) -> GrantProposal:
    body = selectors.organisation_by_code(code)
    return services.propose_power(organisation=body, power=power, reason=WHY, by=by or first(), pack=pack_(), at=AT)


def propose_account(
    username: str = "zjj.new", of: str = "zjj", by: Account | None = None, *, staff_number: str = ""
) -> GrantProposal:
    return services.propose_account(
        username=username,
        organisation=selectors.organisation_by_code(of),
        department="窗口",
        staff_number=staff_number or f"T77{username}",
        display_name="试一",
        reason=WHY,
        by=by or first(),
        pack=pack_(),
        at=AT,
    )


def grant(proposal: GrantProposal, by: Account | None = None) -> services.Granted:
    return services.grant_proposal(number=proposal.id, second=by or second(), pack=pack_(), at=AT)


def local_administrator(username: str, of: str) -> Account:
    """An administrator of an organisation that does not keep the register, made by the two that do."""
    made = propose_account(username, of)
    grant(made)
    grant(propose_role(username, Role.ADMINISTRATOR))
    Account.objects.filter(username=username).update(one_time_until=None)  # the first password was changed
    return account(username)


def organisation(code: str) -> Organisation:
    return selectors.organisation_by_code(code)
