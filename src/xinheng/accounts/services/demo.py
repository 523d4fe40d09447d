"""Filling a demo city: organisations, powers and officers of the pack's ``demo.yaml``.

Invented people and a password that everybody may read: production refuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from xinheng.accounts.models import Account, AccountRole, Organisation, OrganisationPower
from xinheng.accounts.rules import DEMO_PASSWORD, OrganisationKind, Role
from xinheng.accounts.services.staff import (
    PLATFORM,
    create_account,
    create_organisation,
    enter_organisation,
    grant_power,
    grant_role,
)
from xinheng.law.lookup import power as power_in_force
from xinheng.law.pack import Pack
from xinheng.ledger.models import LawVersion
from xinheng.ledger.services import publish_pack
from xinheng.lib.clock import day_of
from xinheng.lib.errors import NotAllowed

CHANNEL = "cli"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A line of the list that `xinheng demo` prints."""

    username: str
    password: str
    display_name: str
    roles: tuple[Role, ...]
    organisation: str
    subject: str  # key of the person or code of the enterprise in demo.yaml; "" for officers
    also: tuple[tuple[str, str], ...] = ()  # (capacity, code or key) of those it stands for besides


@transaction.atomic
def load_demo_accounts(*, pack: Pack, at: datetime) -> list[DemoAccount]:
    """Enter the organisations, powers and accounts of the pack's demo; what is there already stays. Idempotent."""
    if settings.XINHENG_MODE == "production":
        raise NotAllowed("demo_in_production")
    law = publish_pack(pack=pack, at=at)
    day = day_of(at, pack.zone)
    bodies = {row["code"]: _organisation(row, pack, law, day, at) for row in _rows(pack, "organisations")}
    officers = [_officer(row, bodies[row["organisation"]], law, at) for row in _rows(pack, "officers")]
    return officers + [_subject_account(row, law, at) for row in _rows(pack, "accounts")]


def _rows(pack: Pack, name: str) -> Iterable[Mapping[str, Any]]:
    """The rows of a list of demo.yaml; the loader has checked their shape."""
    return pack.demo.get(name) or ()  # type: ignore[return-value]


def _organisation(row: Mapping[str, Any], pack: Pack, law: LawVersion, day: date, at: datetime) -> Organisation:
    name_zh, name_en = _both(row["name"])
    described = {
        "name_zh": name_zh,
        "name_en": name_en,
        "uscc": row.get("uscc") or "",
        "kind": OrganisationKind(row["kind"]),
        "level": row["level"],
        "sector": row.get("sector") or "",
    }
    body = Organisation.objects.filter(code=row["code"]).first()
    if body is None:
        body = create_organisation(code=row["code"], **described, actor=PLATFORM, channel=CHANNEL, law=law, at=at)
    elif any(getattr(body, column) != value for column, value in described.items()):
        Organisation.objects.filter(id=body.id).update(**described)
        body.refresh_from_db()
        enter_organisation(body=body, actor=PLATFORM, channel=CHANNEL, law=law, at=at)
    held = set(OrganisationPower.objects.filter(organisation=body).values_list("power", flat=True))
    for code in row.get("powers") or ():
        if code not in held:
            value = power_in_force(pack, code, day)
            grant_power(
                organisation=body,
                power=code,
                level=value.level,
                article=value.article,
                actor=PLATFORM,
                channel=CHANNEL,
                law=law,
                at=at,
            )
    return body


def _officer(row: Mapping[str, Any], body: Organisation, law: LawVersion, at: datetime) -> DemoAccount:
    described = {
        "organisation": body,
        "department": _both(row.get("department") or "")[0],
        "staff_number": row.get("staff_number") or "",
        "display_name": _both(row.get("display_name") or "")[0],
        "language": row.get("language") or "zh-hans",
    }
    roles = tuple(Role(role) for role in row["roles"])
    _account(row["username"], described, roles, law, at)
    return DemoAccount(row["username"], DEMO_PASSWORD, str(described["display_name"]), roles, body.code, "")


def _subject_account(row: Mapping[str, Any], law: LawVersion, at: datetime) -> DemoAccount:
    display_name = _both(row.get("display_name") or "")[0]
    _account(row["username"], {"organisation": None, "display_name": display_name}, (Role.SUBJECT,), law, at)
    subject = _named(row["subject"])
    also = tuple((str(one["capacity"]), _named(one["subject"])) for one in row.get("also") or ())
    return DemoAccount(row["username"], DEMO_PASSWORD, display_name, (Role.SUBJECT,), "", subject, also)


def _named(subject: Mapping[str, Any]) -> str:
    """The code or the key by which demo.yaml names a subject."""
    return str(subject.get("code") or subject.get("person") or "")


def _account(
    username: str, described: Mapping[str, Any], roles: tuple[Role, ...], law: LawVersion, at: datetime
) -> None:
    account = Account.objects.filter(username=username).first()
    if account is None:
        account = create_account(username=username, password=None, **described)
    if account.password != _demo_hash():
        Account.objects.filter(id=account.id).update(password=_demo_hash(), **described)
        account.refresh_from_db()
    held = set(AccountRole.objects.filter(account=account).values_list("role", flat=True))
    for role in roles:
        if role.value not in held:
            grant_role(account=account, role=role, granted_by=None, second_by=None, channel=CHANNEL, law=law, at=at)


@cache
def _demo_hash() -> str:
    """One slow hash for all demo accounts: the password is known to everybody anyway."""
    return make_password(DEMO_PASSWORD)


def _both(name: Any) -> tuple[str, str]:
    """(Chinese, English) of a bilingual value or of a plain text."""
    return (name["zh"], name.get("en") or "") if isinstance(name, Mapping) else (str(name), "")
