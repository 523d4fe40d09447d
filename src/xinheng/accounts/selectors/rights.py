"""Which rights were given, by whom, which wait for a second person, and what does the ledger bind of each?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from xinheng.accounts.models import Account, AccountRole, GrantProposal, Organisation, OrganisationPower
from xinheng.accounts.rules import COMPETENT, AskerFacts, GrantKind, Role, Target, may_administer
from xinheng.accounts.selectors import StaffFacts, names_of
from xinheng.lib.canonical import canonical
from xinheng.lib.errors import NotFound


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


def person_digest(account: Account) -> str:
    """Whose account it is, as the entry of its opening binds it: a digest, for names stay out of what is never erased.

    Entries and tables name officers by the number of their account, so another name there would be another person.
    """
    names = ("username", "department", "staff_number", "display_name")
    return hashlib.sha256(canonical({name: getattr(account, name) for name in names})).hexdigest()


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


PAGE = 50


@dataclass(frozen=True, slots=True)
class GivenRole:
    """A role that an account has or had; who gave and ended it, None for the platform itself."""

    number: int
    role: str
    granted_at: datetime
    granted_by: StaffFacts | None
    second_by: StaffFacts | None
    entry_id: int
    ended_at: datetime | None
    ended_by: StaffFacts | None
    end_reason: str
    end_entry: int | None


@dataclass(frozen=True, slots=True)
class GivenPower:
    """A power that an organisation has or had."""

    number: int
    power: str
    level: str
    article: str
    entry_id: int | None
    ended_at: datetime | None
    ended_by: StaffFacts | None
    end_reason: str
    end_entry: int | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was proposed, for whom, by whom and why. ``account``: user name, empty for an organisation."""

    number: int
    kind: str
    what: str
    article: str
    reason: str
    account_id: int | None
    account: str
    display_name: str
    organisation: Organisation | None
    proposer_id: int
    proposer: StaffFacts | None
    proposed_at: datetime
    target: Target


@dataclass(frozen=True, slots=True)
class AccountSheet:
    """An account with all its roles, the newest first, and what is proposed for it."""

    account: Account
    running: tuple[GivenRole, ...]
    ended: tuple[GivenRole, ...]
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True)
class OrganisationSheet:
    """An organisation with all its powers by code, and what is proposed for it."""

    body: Organisation
    running: tuple[GivenPower, ...]
    ended: tuple[GivenPower, ...]
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account in the list of an administrator."""

    account_id: int
    username: str
    display_name: str
    staff_number: str
    organisation: Organisation
    roles: tuple[str, ...]
    open: bool


def reaches_all(by: AskerFacts) -> bool:
    """Does this administrator keep the register of all organisations?"""
    return COMPETENT in by.powers


def accounts_of(
    by: AskerFacts, *, words: str = "", organisation: str = "", role: str = "", after: str = ""
) -> list[AccountRow]:
    """Up to `PAGE` + 1 accounts of staff that the administrator reaches, by user name after ``after``."""
    found = Account.objects.select_related("organisation").filter(organisation__isnull=False, username__gt=after)
    if not reaches_all(by):
        found = found.filter(organisation_id=by.organisation_id or 0)
    if words:
        named = Q(username__icontains=words) | Q(display_name__icontains=words) | Q(staff_number__icontains=words)
        found = found.filter(named)
    if organisation:
        found = found.filter(organisation__code=organisation)
    if role:
        held = AccountRole.objects.filter(role=role, ended_at__isnull=True).values("account_id")
        found = found.filter(id__in=held)
    shown = list(found.order_by("username")[: PAGE + 1])
    roles: dict[int, list[str]] = {}
    running = AccountRole.objects.filter(account__in=[one.id for one in shown], ended_at__isnull=True)
    for number, held_role in running.values_list("account_id", "role"):
        roles.setdefault(number, []).append(str(held_role))
    return [
        AccountRow(
            one.id,
            one.username,
            one.display_name,
            one.staff_number,
            one.organisation,
            tuple(sorted(roles.get(one.id, ()))),
            one.is_active,
        )
        for one in shown
        if one.organisation is not None
    ]


def account_sheet(account_id: int, by: AskerFacts) -> AccountSheet:
    """An account of staff that the administrator reaches. Raises NotFound ``account_unknown`` for any other."""
    found = Account.objects.select_related("organisation").filter(id=account_id, organisation__isnull=False).first()
    if found is None or not (reaches_all(by) or found.organisation_id == by.organisation_id):
        raise NotFound("account_unknown")
    rows = list(AccountRole.objects.filter(account=found).order_by("-granted_at", "-id"))
    who = names_of([n for row in rows for n in (row.granted_by, row.second_by, row.ended_by) if n is not None])
    given = [_given_role(row, who) for row in rows]
    return AccountSheet(
        found,
        tuple(one for one in given if one.ended_at is None),
        tuple(one for one in given if one.ended_at is not None),
        tuple(_proposals(GrantProposal.objects.filter(account=found, decision=""))),
    )


def organisations_of(by: AskerFacts) -> list[Organisation]:
    """The organisations that the administrator may look at, by code: all, or the own one."""
    found = Organisation.objects.order_by("code")
    return list(found if reaches_all(by) else found.filter(id=by.organisation_id or 0))


def organisation_sheet(code: str, by: AskerFacts) -> OrganisationSheet:
    """An organisation that the administrator may look at. Raises NotFound ``organisation_unknown`` for any other."""
    body = next((one for one in organisations_of(by) if one.code == code), None)
    if body is None:
        raise NotFound("organisation_unknown")
    rows = list(OrganisationPower.objects.filter(organisation=body).order_by("power", "-id"))
    who = names_of([row.ended_by for row in rows if row.ended_by is not None])
    given = [_given_power(row, who) for row in rows]
    return OrganisationSheet(
        body,
        tuple(one for one in given if one.ended_at is None),
        tuple(one for one in given if one.ended_at is not None),
        tuple(_proposals(GrantProposal.objects.filter(organisation=body, decision=""))),
    )


def waiting(by: AskerFacts) -> list[Proposal]:
    """The open proposals that this administrator may decide or take back, the oldest first."""
    found = _proposals(GrantProposal.objects.filter(decision=""))
    reached = [one for one in found if may_administer(one.target, by, article="H")]
    return [one for one in reached if one.account_id != by.account_id]


def waiting_count(by: AskerFacts) -> int:
    """How many proposals wait for a decision of this administrator as the second person."""
    return sum(one.proposer_id != by.account_id for one in waiting(by))


def _proposals(found: QuerySet[GrantProposal]) -> list[Proposal]:
    rows = list(found.select_related("account__organisation", "organisation").order_by("proposed_at", "id"))
    who = names_of([row.proposed_by for row in rows])
    return [
        Proposal(
            number=row.id,
            kind=str(row.kind),
            what=row.what,
            article=row.article,
            reason=row.reason,
            account_id=row.account_id,
            account=row.account.username if row.account else "",
            display_name=row.account.display_name if row.account else "",
            organisation=row.account.organisation if row.account else row.organisation,
            proposer_id=row.proposed_by,
            proposer=who.get(row.proposed_by),
            proposed_at=row.proposed_at,
            target=target_of(row),
        )
        for row in rows
    ]


def _given_role(row: AccountRole, who: Mapping[int, StaffFacts]) -> GivenRole:
    return GivenRole(
        row.id,
        str(row.role),
        row.granted_at,
        who.get(row.granted_by or 0),
        who.get(row.second_by or 0),
        row.entry_id,
        row.ended_at,
        who.get(row.ended_by or 0),
        row.end_reason,
        row.end_entry,
    )


def _given_power(row: OrganisationPower, who: Mapping[int, StaffFacts]) -> GivenPower:
    return GivenPower(
        row.id,
        row.power,
        row.level,
        row.article,
        row.entry_id,
        row.ended_at,
        who.get(row.ended_by or 0),
        row.end_reason,
        row.end_entry,
    )
