"""Organisations and their powers, accounts and their roles. Each power and each role is an entry of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth import password_validation
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction

from xinheng.accounts import selectors
from xinheng.accounts.models import Account, AccountRole, Organisation, OrganisationPower
from xinheng.accounts.rules import ONE_TIME_FOR, OrganisationKind, Role, may_grant
from xinheng.accounts.selectors.rights import person_digest
from xinheng.accounts.services.password import fresh_password
from xinheng.ledger.models import LawVersion
from xinheng.ledger.services import append
from xinheng.lib.errors import BadInput, NotAllowed
from xinheng.store.ids import next_id

PLATFORM = "platform"  # the actor of what the platform does while it is filled from its pack


@transaction.atomic
def create_organisation(
    *,
    code: str,
    name_zh: str,
    name_en: str,
    uscc: str,
    kind: OrganisationKind,
    level: str,
    sector: str,
    actor: str,
    channel: str,
    law: LawVersion,
    at: datetime,
    active: bool = True,
) -> Organisation:
    """Enter an organisation in the register. It has no power until one is granted (ORG-1), and before it is opened
    (``active``) nothing can be done for it.
    """
    body = Organisation.objects.create(
        id=next_id("account"),
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        uscc=uscc,
        kind=kind.value,
        level=level,
        sector=sector,
        active=active,
    )
    enter_organisation(body=body, actor=actor, channel=channel, law=law, at=at)
    return body


def enter_organisation(
    *,
    body: Organisation,
    actor: str,
    channel: str,
    law: LawVersion,
    at: datetime,
    extra: Mapping[str, Any] | None = None,
) -> int:
    """Record in the ledger how an organisation stands in the register, after it was made or changed.

    The caller is in the transaction of the change. ``extra``: what else the entry says. Gives the entry's number.
    """
    return append(
        act="organisation.entered",
        at=at,
        law=law,
        actor=actor,
        organisation=body.code,
        channel=channel,
        subject=None,
        ground={},
        result="done",
        fields=selectors.register_line(body),
        extra=extra,
    ).entry_id


@transaction.atomic
def grant_power(
    *,
    organisation: Organisation,
    power: str,
    level: str,
    article: str,
    actor: str,
    channel: str,
    law: LawVersion,
    at: datetime,
    extra: Mapping[str, Any] | None = None,
) -> OrganisationPower:
    """Enter a power of an organisation with the article that gives it; refuses a power without an article.

    ``extra``: what else the entry says.
    """
    if not article:
        raise BadInput("power_without_article", power=power)
    receipt = append(
        act="power.granted",
        at=at,
        law=law,
        actor=actor,
        organisation=organisation.code,
        channel=channel,
        subject=None,
        ground={"article": article},
        result="done",
        fields={},
        data_version="",
        extra={"power": power, "level": level, "holder": organisation.code, **(extra or {})},
    )
    return OrganisationPower.objects.create(
        id=next_id("account"),
        organisation=organisation,
        power=power,
        level=level,
        article=article,
        entry_id=receipt.entry_id,
    )


def create_account(
    *,
    username: str,
    password: str | None,
    organisation: Organisation | None,
    department: str = "",
    staff_number: str = "",
    display_name: str = "",
    language: str = "zh-hans",
    active: bool = True,
) -> Account:
    """Make an account without any role. ``password`` None: it cannot sign in with one; not ``active``: it waits to be
    opened. Raises BadInput for a weak password.
    """
    account = Account(
        id=next_id("account"),
        username=username.strip().lower(),
        organisation=organisation,
        department=department,
        staff_number=staff_number,
        display_name=display_name,
        language=language,
        is_active=active,
    )
    if password is not None:
        try:
            password_validation.validate_password(password, account)
        except ValidationError:
            raise BadInput("password_too_weak") from None
    account.set_password(password)
    account.save(force_insert=True)
    return account


def open_account(
    *, account: Account, actor: str, second: str, channel: str, law: LawVersion, at: datetime, extra: Mapping[str, Any]
) -> tuple[int, str]:
    """Open an account, in the caller's transaction: (the entry ``account.opened``, a password for the first time).

    The password holds for `ONE_TIME_FOR` and opens only the page where its holder sets another.
    """
    password = fresh_password()
    account.is_active, account.password, account.one_time_until = True, make_password(password), at + ONE_TIME_FOR
    account.save(update_fields=["is_active", "password", "one_time_until"])
    receipt = append(
        act="account.opened",
        at=at,
        law=law,
        actor=actor,
        organisation=account.organisation.code if account.organisation else "",
        channel=channel,
        subject=None,
        ground={},
        result="done",
        fields={},
        extra={"account": str(account.id), "second": second, "person_sha256": person_digest(account), **extra},
    )
    return receipt.entry_id, password


@transaction.atomic
def grant_role(
    *,
    account: Account,
    role: Role,
    granted_by: Account | None,
    second_by: Account | None,
    channel: str,
    law: LawVersion,
    at: datetime,
    extra: Mapping[str, Any] | None = None,
) -> AccountRole:
    """Give ``account`` a role, by `rules.may_grant`; one ledger entry ``role.granted``, which also says ``extra``.

    Raises NotAllowed with the reason of the rule: conflicting roles, a grant to oneself, a granter who is no
    administrator, a missing second person.
    """
    Account.objects.select_for_update().get(id=account.id)
    verdict = may_grant(
        role=role,
        held=selectors.roles_of(account.id),
        account_id=account.id,
        granted_by=granted_by.id if granted_by else None,
        second_by=second_by.id if second_by else None,
        granter_roles=selectors.roles_of(granted_by.id) if granted_by else frozenset(),
        second_roles=selectors.roles_of(second_by.id) if second_by else frozenset(),
    )
    if not verdict:
        raise NotAllowed(verdict.reason, article=verdict.article or None, role=role.value)
    receipt = append(
        act="role.granted",
        at=at,
        law=law,
        actor=f"account:{granted_by.id}" if granted_by else PLATFORM,
        organisation=account.organisation.code if account.organisation else "",
        channel=channel,
        subject=None,
        ground={},
        result="done",
        fields={},
        data_version="",
        extra={
            "role": role.value,
            "account": str(account.id),
            "second": str(second_by.id) if second_by else "",
            **(extra or {}),
        },
    )
    return AccountRole.objects.create(
        id=next_id("account"),
        account=account,
        role=role.value,
        granted_by=granted_by.id if granted_by else None,
        second_by=second_by.id if second_by else None,
        granted_at=at,
        entry_id=receipt.entry_id,
    )
