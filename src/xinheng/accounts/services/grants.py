"""Rights by two people: one administrator proposes a role, a power, an account or an organisation, another grants it.

Each proposal, grant and refusal is an entry; a proposal that is open or was withdrawn binds nobody. It is judged
when it is made and again when it is granted, for roles, powers and law change in between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from xinheng.accounts import selectors
from xinheng.accounts.models import Account, GrantProposal, Organisation
from xinheng.accounts.rules import (
    Decision,
    GrantKind,
    OrganisationKind,
    Role,
    Target,
    conflicting,
    may_decide,
    may_grant_power,
    may_propose,
)
from xinheng.accounts.selectors import rights
from xinheng.accounts.services.factor import factor_in_use, take_lost_factor
from xinheng.accounts.services.judging import CHANNEL, competent_article, hold_rights, refuse_unless
from xinheng.accounts.services.proposals import (
    decided,
    enter,
    keep_proposal,
    one_account_each,
    open_proposal,
    said,
)
from xinheng.accounts.services.staff import (
    create_account,
    create_organisation,
    enter_organisation,
    grant_power,
    grant_role,
    open_account,
)
from xinheng.law import lookup
from xinheng.law.pack import Pack, Power
from xinheng.ledger.selectors import law_version
from xinheng.lib.clock import day_of
from xinheng.lib.errors import Conflict, NotAllowed, NotFound


@dataclass(frozen=True, slots=True)
class Granted:
    """A proposal that was granted; ``password`` opens an account for the first time and is shown once, else empty."""

    proposal: GrantProposal
    password: str = ""


@transaction.atomic
def propose_role(*, account: Account, role: Role, reason: str, by: Account, pack: Pack, at: datetime) -> GrantProposal:
    """Propose a role for an account that is open or waits to be opened.

    Raises NotAllowed by `rules.may_propose` and for roles that exclude each other, Conflict ``role_held`` or
    ``grant_proposed``.
    """
    hold_rights()
    target = Target(GrantKind.ROLE, account.organisation_id, account.id, role)
    _may_propose(target, by, pack, at)
    _role_fits(account, role)
    return keep_proposal(GrantKind.ROLE, account=account, what=role.value, reason=reason, by=by, pack=pack, at=at)


@transaction.atomic
def propose_power(
    *, organisation: Organisation, power: str, reason: str, by: Account, pack: Pack, at: datetime
) -> GrantProposal:
    """Propose a power of an organisation, at the level and under the article that the law gives (ORG-1).

    Raises RefusedByLaw by `rules.may_grant_power`, NotAllowed, NotFound for a power that the law does not know.
    """
    hold_rights()
    _may_propose(Target(GrantKind.POWER, organisation.id), by, pack, at)
    found = _power_fits(organisation, power, pack, at)
    given = {"level": found.level, "article": found.article}
    return keep_proposal(
        GrantKind.POWER, organisation=organisation, what=power, reason=reason, by=by, pack=pack, at=at, **given
    )


@transaction.atomic
def propose_account(
    *,
    username: str,
    organisation: Organisation,
    department: str,
    staff_number: str,
    display_name: str,
    reason: str,
    by: Account,
    pack: Pack,
    at: datetime,
) -> GrantProposal:
    """Propose an account for somebody of an organisation. Until it is granted nobody can sign in with it.

    Raises NotAllowed by `rules.may_propose`, Conflict ``username_taken``, and ``staff_number_taken`` for somebody who
    has an account: two accounts of one person would be two administrators, or one who asks and one who watches.
    """
    hold_rights()
    _may_propose(Target(GrantKind.ACCOUNT, organisation.id), by, pack, at)
    if Account.objects.filter(username=username.strip().lower()).exists():
        raise Conflict("username_taken")
    one_account_each(organisation.id, staff_number)
    account = create_account(
        username=username,
        password=None,
        organisation=organisation,
        department=department,
        staff_number=staff_number,
        display_name=display_name,
        active=False,
    )
    return keep_proposal(GrantKind.ACCOUNT, account=account, reason=reason, by=by, pack=pack, at=at)


@transaction.atomic
def propose_account_with_roles(
    *, roles: Sequence[Role], reason: str, by: Account, pack: Pack, at: datetime, **described: Any
) -> int:
    """`propose_account`, and a proposal for each role: the number of the account. Roles that exclude each other are
    refused when the later one is granted.
    """
    account = propose_account(**described, reason=reason, by=by, pack=pack, at=at).account
    assert account is not None
    for role in roles:
        propose_role(account=account, role=role, reason=reason, by=by, pack=pack, at=at)
    return account.id


@transaction.atomic
def propose_reopening(*, account: Account, reason: str, by: Account, pack: Pack, at: datetime) -> GrantProposal:
    """Propose to open an account again that was closed or refused. It comes back without any role."""
    hold_rights()
    _may_propose(Target(GrantKind.ACCOUNT, account.organisation_id, account.id), by, pack, at)
    if account.is_active:
        raise Conflict("account_is_open")
    one_account_each(account.organisation_id, account.staff_number, but=account.id)
    return keep_proposal(GrantKind.ACCOUNT, account=account, reason=reason, by=by, pack=pack, at=at)


@transaction.atomic
def propose_organisation(
    *, described: Mapping[str, str], kind: OrganisationKind, reason: str, by: Account, pack: Pack, at: datetime
) -> GrantProposal:
    """Propose an organisation for the register. ``described``: code, name_zh, name_en, uscc, level, sector.

    Raises NotAllowed by `rules.may_propose`, Conflict ``organisation_taken`` when code or social credit code is known.
    """
    hold_rights()
    _may_propose(Target(GrantKind.ORGANISATION, None), by, pack, at)
    known = Organisation.objects.filter(code=described["code"])
    if described["uscc"]:
        known |= Organisation.objects.filter(uscc=described["uscc"])
    if known.exists():
        raise Conflict("organisation_taken")
    body = create_organisation(
        **described,
        kind=kind,
        actor=f"account:{by.id}",
        channel=CHANNEL,
        law=law_version(pack.label),
        at=at,
        active=False,
    )
    return keep_proposal(GrantKind.ORGANISATION, organisation=body, reason=reason, by=by, pack=pack, at=at)


@transaction.atomic
def reopen_organisation(*, body: Organisation, reason: str, by: Account, pack: Pack, at: datetime) -> GrantProposal:
    """Propose to open an organisation again that was closed or refused; powers that it still has come back with it."""
    hold_rights()
    _may_propose(Target(GrantKind.ORGANISATION, body.id), by, pack, at)
    if body.active:
        raise Conflict("organisation_is_open")
    return keep_proposal(GrantKind.ORGANISATION, organisation=body, reason=reason, by=by, pack=pack, at=at)


@transaction.atomic
def propose_reset(*, account: Account, reason: str, by: Account, pack: Pack, at: datetime) -> GrantProposal:
    """Propose to take the authenticator of an account away that its holder lost; it stays until another administrator
    agrees. Raises NotAllowed by `rules.may_propose`, NotFound ``factor_unknown``, Conflict ``account_closed``.
    """
    hold_rights()
    _may_propose(Target(GrantKind.FACTOR, account.organisation_id, account.id), by, pack, at)
    meant = factor_in_use(account)
    return keep_proposal(GrantKind.FACTOR, account=account, what=str(meant.id), reason=reason, by=by, pack=pack, at=at)


@transaction.atomic
def withdraw_proposal(*, number: int, by: Account, at: datetime) -> GrantProposal:
    """Take the own proposal back. Raises NotFound, NotAllowed ``grant_of_another``, Conflict ``grant_decided``."""
    hold_rights()
    found = open_proposal(number)
    if found.proposed_by != by.id:
        raise NotAllowed("grant_of_another")
    found.decision, found.decided_at = Decision.WITHDRAWN.value, at
    found.save(update_fields=["decision", "decided_at"])
    return found


@transaction.atomic
def refuse_proposal(*, number: int, reason: str, second: Account, pack: Pack, at: datetime) -> GrantProposal:
    """Refuse a proposal with a reason as the second administrator; one entry ``grant.refused``. Raises as
    `grant_proposal`.
    """
    hold_rights()
    found = open_proposal(number)
    _may_decide(found, second, pack, at)
    found.decision, found.refusal = Decision.REFUSED.value, reason
    found.second_by, found.decided_at = second.id, at
    return decided(found, enter(found, act="grant.refused", by=second, result="refused", pack=pack, at=at))


@transaction.atomic
def grant_proposal(*, number: int, second: Account, pack: Pack, at: datetime) -> Granted:
    """Grant a proposal as the second administrator; the act's own entry binds it.

    Raises NotFound ``grant_unknown``, Conflict ``grant_decided`` or what has changed since, NotAllowed or RefusedByLaw
    with the reason of the rule.
    """
    hold_rights()
    found = open_proposal(number)
    _may_decide(found, second, pack, at)
    found.decision, found.second_by, found.decided_at = Decision.GRANTED.value, second.id, at
    password = ""
    match GrantKind(found.kind):
        case GrantKind.ROLE:
            entry = _give_role(found, second, pack, at)
        case GrantKind.POWER:
            entry = _give_power(found, pack, at)
        case GrantKind.ACCOUNT:
            entry, password = _open_account(found, pack, at)
        case GrantKind.ORGANISATION:
            entry = _open_organisation(found, pack, at)
        case GrantKind.FACTOR:
            entry = take_lost_factor(found, second=second, law=law_version(pack.label), at=at, extra=said(found))
    return Granted(decided(found, entry), password)


def _give_role(found: GrantProposal, second: Account, pack: Pack, at: datetime) -> int:
    account = selectors.account(found.account_id or 0)
    if not account.is_active:
        raise Conflict("account_closed")
    _role_fits(account, Role(found.what))
    given = grant_role(
        account=account,
        role=Role(found.what),
        granted_by=selectors.account(found.proposed_by),
        second_by=second,
        channel=CHANNEL,
        law=law_version(pack.label),
        at=at,
        extra=said(found),
    )
    return given.entry_id


def _give_power(found: GrantProposal, pack: Pack, at: datetime) -> int:
    body = selectors.organisation(found.organisation_id or 0)
    law = _power_fits(body, found.what, pack, at)
    if (law.level, law.article) != (found.level, found.article):
        raise Conflict("power_changed_by_law")
    given = grant_power(
        organisation=body,
        power=found.what,
        level=found.level,
        article=found.article,
        actor=f"account:{found.proposed_by}",
        channel=CHANNEL,
        law=law_version(pack.label),
        at=at,
        extra=said(found),
    )
    assert given.entry_id is not None
    return given.entry_id


def _open_account(found: GrantProposal, pack: Pack, at: datetime) -> tuple[int, str]:
    account = selectors.account(found.account_id or 0)
    if account.organisation is None or not account.organisation.active:
        raise Conflict("organisation_closed")
    one_account_each(account.organisation_id, account.staff_number, but=account.id)
    actor, second = f"account:{found.proposed_by}", str(found.second_by)
    return open_account(
        account=account,
        actor=actor,
        second=second,
        channel=CHANNEL,
        law=law_version(pack.label),
        at=at,
        extra=said(found),
    )


def _open_organisation(found: GrantProposal, pack: Pack, at: datetime) -> int:
    body = selectors.organisation(found.organisation_id or 0)
    body.active = True
    body.save(update_fields=["active"])
    actor = f"account:{found.proposed_by}"
    return enter_organisation(
        body=body, actor=actor, channel=CHANNEL, law=law_version(pack.label), at=at, extra=said(found)
    )


def _role_fits(account: Account, role: Role) -> None:
    held = selectors.roles_of(account.id)
    if role in held:
        raise Conflict("role_held")
    if conflicting(role, held) is not None:
        raise NotAllowed("role_conflict", role=role.value)


def _power_fits(body: Organisation, code: str, pack: Pack, at: datetime) -> Power:
    if not body.active:
        raise Conflict("organisation_closed")
    if code not in pack.powers:
        raise NotFound("power_unknown")
    found = lookup.power(pack, code, day_of(at, pack.zone))
    held = selectors.powers_of(body.id)
    kind = OrganisationKind(body.kind)
    refuse_unless(may_grant_power(found, kind=kind, level=body.level, sector=body.sector, held=held))
    return found


def _may_propose(target: Target, by: Account, pack: Pack, at: datetime) -> None:
    facts = selectors.account_asker(by)
    refuse_unless(may_propose(target, facts, article=competent_article(pack, at)))


def _may_decide(found: GrantProposal, second: Account, pack: Pack, at: datetime) -> None:
    proposer = selectors.account_asker(selectors.account(found.proposed_by))
    facts = selectors.account_asker(second)
    article = competent_article(pack, at)
    refuse_unless(may_decide(rights.target_of(found), proposer=proposer, second=facts, article=article))
