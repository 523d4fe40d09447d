"""Who are the first two administrators, when nobody is there who could give them a right?

Once, by whoever runs the machine: in one act the department that keeps the register, its power, two accounts and their
roles. Afterwards every right takes two administrators.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from xinheng.accounts import selectors
from xinheng.accounts.models import Account, AccountRole, Organisation
from xinheng.accounts.rules import COMPETENT, OrganisationKind, Role, may_grant_power, same_number
from xinheng.accounts.services.judging import hold_rights, refuse_unless
from xinheng.accounts.services.staff import (
    PLATFORM,
    create_account,
    create_organisation,
    grant_power,
    grant_role,
    open_account,
)
from xinheng.law import lookup
from xinheng.law.pack import Pack
from xinheng.ledger.models import LawVersion
from xinheng.ledger.selectors import law_version
from xinheng.ledger.services import append
from xinheng.lib.clock import day_of
from xinheng.lib.errors import BadInput, Conflict

CHANNEL = "cli"
DEPARTMENT = "development_reform"  # the power of the department that the law makes competent (ZY-5, SP-4)


@dataclass(frozen=True, slots=True)
class Founder:
    """One of the first two administrators."""

    username: str
    display_name: str
    staff_number: str


@transaction.atomic
def found_platform(
    *, code: str, name: str, uscc: str, founders: Sequence[Founder], user: str, pack: Pack, at: datetime
) -> list[tuple[str, str]]:
    """Make the first two administrators: (user name, one-time password) of each. ``user``: who runs the machine.

    Raises Conflict ``founded_already`` when there is an administrator, open or not, ``username_taken`` or
    ``organisation_closed``; BadInput ``founders_not_two``; RefusedByLaw when the organisation cannot have the power.
    """
    hold_rights()
    names = [one.username.strip().lower() for one in founders]
    persons = {same_number(one.staff_number) for one in founders}
    if len(set(names)) != 2 or len(names) != 2 or len(persons - {""}) != 2:
        raise BadInput("founders_not_two")
    if AccountRole.objects.filter(role=Role.ADMINISTRATOR.value, ended_at__isnull=True).exists():
        raise Conflict("founded_already")
    if Account.objects.filter(username__in=names).exists():
        raise Conflict("username_taken")
    law = law_version(pack.label)
    body = _department(code=code, name=name, uscc=uscc, pack=pack, law=law, at=at)
    opened = [_administrator(one, body, user, law, at) for one in founders]
    append(
        act="platform.founded",
        at=at,
        law=law,
        actor=f"os:{user}",
        organisation=body.code,
        channel=CHANNEL,
        subject=None,
        ground={},
        result="done",
        fields={},
        extra={"accounts": [str(account.id) for account, _ in opened]},
    )
    return [(account.username, password) for account, password in opened]


def _department(*, code: str, name: str, uscc: str, pack: Pack, law: LawVersion, at: datetime) -> Organisation:
    """The organisation of that code, made when there is none, with the powers to keep the register."""
    body = Organisation.objects.filter(code=code).first()
    day = day_of(at, pack.zone)
    if body is None:
        body = create_organisation(
            code=code,
            name_zh=name,
            name_en="",
            uscc=uscc,
            kind=OrganisationKind.STATE_ORGAN,
            level="city",
            sector=min(lookup.power(pack, COMPETENT, day).holders),
            actor=PLATFORM,
            channel=CHANNEL,
            law=law,
            at=at,
        )
    if not body.active:
        raise Conflict("organisation_closed")
    held = selectors.powers_of(body.id)
    for power in (COMPETENT, DEPARTMENT):
        if power not in held:
            found = lookup.power(pack, power, day)
            kind = OrganisationKind(body.kind)
            refuse_unless(may_grant_power(found, kind=kind, level=body.level, sector=body.sector, held=held))
            grant_power(
                organisation=body,
                power=power,
                level=found.level,
                article=found.article,
                actor=PLATFORM,
                channel=CHANNEL,
                law=law,
                at=at,
            )
    return body


def _administrator(one: Founder, body: Organisation, user: str, law: LawVersion, at: datetime) -> tuple[Account, str]:
    account = create_account(
        username=one.username,
        password=None,
        organisation=body,
        staff_number=one.staff_number,
        display_name=one.display_name,
        active=False,
    )
    _, password = open_account(
        account=account, actor=f"os:{user}", second="", channel=CHANNEL, law=law, at=at, extra={}
    )
    role = Role.ADMINISTRATOR
    grant_role(account=account, role=role, granted_by=None, second_by=None, channel=CHANNEL, law=law, at=at)
    return account, password
