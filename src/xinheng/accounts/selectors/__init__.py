"""Who is this account or machine, for which organisation does it act, and with which powers?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Now

from xinheng.accounts.models import (
    Account,
    AccountFactor,
    AccountRole,
    MachineClient,
    MachineToken,
    Organisation,
    OrganisationPower,
    Session,
    SignInAttempt,
)
from xinheng.accounts.rules import (
    COMPETENT,
    IDLE_FOR,
    LOCKED_FOR,
    SEEN_EVERY,
    AskerFacts,
    OrganisationKind,
    Role,
    locked_until,
)
from xinheng.lib.errors import NotFound
from xinheng.store.crypto import blind
from xinheng.store.together import Together


@dataclass(frozen=True, slots=True)
class StaffFacts:
    """An officer as others see one. ``display_name`` is for supervisor and auditor only (QRY-2)."""

    account_id: int
    organisation_zh: str
    organisation_en: str
    department: str
    staff_number: str
    display_name: str


def roles_of(account_id: int) -> frozenset[Role]:
    """The roles of an account that have no end."""
    held = AccountRole.objects.filter(account_id=account_id, ended_at__isnull=True)
    return frozenset(Role(role) for role in held.values_list("role", flat=True))


def powers_of(organisation_id: int) -> frozenset[str]:
    """The powers of an organisation that are in force."""
    held = OrganisationPower.objects.filter(organisation_id=organisation_id, active=True)
    return frozenset(held.values_list("power", flat=True))


def account_asker(account: Account) -> AskerFacts:
    """What the law needs to know about ``account`` as an asker. An inactive account or organisation has no role and
    no power.
    """
    powers = powers_of(account.organisation.id) if account.organisation else frozenset[str]()
    return _asker(account, powers, roles_of(account.id))


def _asker(account: Account, powers: frozenset[str], roles: frozenset[Role]) -> AskerFacts:
    organisation = account.organisation
    works = account.is_active and (organisation is None or organisation.active)
    return AskerFacts(
        account_id=account.id,
        organisation_id=organisation.id if organisation else None,
        organisation_code=organisation.code if organisation else "",
        organisation_kind=OrganisationKind(organisation.kind) if organisation else None,
        powers=powers if works else frozenset(),
        roles=roles if works else frozenset(),
        staff_number=account.staff_number,
        department=account.department,
        display_name=account.display_name,
    )


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that is not over: its signed content, and the account that signed in with what the law asks of it.

    ``factor``: the number of the authenticator that the account has in use; ``stale``: it is time to write that the
    session is used.
    """

    data: str
    account: Account | None
    asker: AskerFacts | None
    factor: int | None = None
    stale: bool = False


HANDLE = 24
_KEY = re.compile(r"[a-z0-9]{32}")  # anything else was never given out


def open_session(key: str) -> OpenSession | None:
    """The session under ``key`` by the database's clock, None when it is unknown or over.

    What every signed-in request reads, so those that arrive at once share the statement.
    """
    return _sessions.ask(kept_key(key)) if _KEY.fullmatch(key) else None


def kept_key(key: str) -> str:
    """Under what the session of a key is kept. Its first 24 signs are its handle. Who reads the table, or a copy of
    it, has no key to enter with.
    """
    return hashlib.sha256(f"session/{key}".encode()).hexdigest()[:40]


def _open_sessions(keys: Sequence[str]) -> list[OpenSession | None]:
    statement, width = _session_statement()
    with connection.cursor() as cursor:
        cursor.execute(statement, [SEEN_EVERY.total_seconds(), list({*keys}), IDLE_FOR.total_seconds()])
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    return [_opened(found[key], width) if key in found else None for key in keys]


_sessions: Together[str, OpenSession | None] = Together(
    _open_sessions, alone=lambda key: _open_sessions([key])[0], quick=True
)


@cache
def _session_statement() -> tuple[str, int]:
    """Session, account, organisation, roles and powers in one statement built from the models' own names, and how
    many columns the account has.
    """
    account, body = Account._meta, Organisation._meta
    columns = [f'a."{f.column}"' for f in account.concrete_fields] + [f'o."{f.column}"' for f in body.concrete_fields]
    roles = f"SELECT role FROM {AccountRole._meta.db_table} WHERE account_id = a.id AND ended_at IS NULL"  # noqa: S608 - names of models
    powers = f"SELECT power FROM {OrganisationPower._meta.db_table} WHERE organisation_id = o.id AND active"  # noqa: S608
    factor = f"SELECT id FROM {AccountFactor._meta.db_table} WHERE account_id = a.id AND confirmed_at IS NOT NULL"  # noqa: S608
    statement = (
        f"SELECT s.session_key, s.session_data, {', '.join(columns)}, ({factor}), ARRAY({roles}), ARRAY({powers}),"  # noqa: S608
        " s.seen_at < statement_timestamp() - make_interval(secs => %s)"
        f" FROM {Session._meta.db_table} s LEFT JOIN {account.db_table} a ON a.id = s.account_id"
        f" LEFT JOIN {body.db_table} o ON o.id = a.organisation_id"
        " WHERE s.session_key = ANY(%s) AND s.expire_date > statement_timestamp()"
        " AND s.seen_at > statement_timestamp() - make_interval(secs => %s)"
    )
    return statement, len(account.concrete_fields)


def _opened(row: tuple[Any, ...], width: int) -> OpenSession:
    """A session from its row; each caller gets an account of its own, for an account is an object that can change."""
    data, *columns, factor, roles, powers, stale = row
    names = [f.attname for f in Account._meta.concrete_fields]
    found = Account.from_db(connection.alias, names, columns[:width])
    if found.id is None:
        return OpenSession(data, None, None)
    names = [f.attname for f in Organisation._meta.concrete_fields]
    found.organisation = (
        None if found.organisation_id is None else Organisation.from_db(connection.alias, names, columns[width:])
    )
    asker = _asker(found, frozenset(powers), frozenset(Role(role) for role in roles))
    return OpenSession(data, found, asker, factor, stale)


@dataclass(frozen=True, slots=True)
class SessionLine:
    """An open session in its account's list. ``handle`` names it without telling its key; ``here``: the one in use."""

    handle: str
    device: str
    started_at: datetime
    seen_at: datetime
    here: bool


def session_lines(account_id: int, key: str | None) -> list[SessionLine]:
    """The open sessions of an account, the one under ``key`` first, then the last used."""
    here = kept_key(key) if key else ""
    held = Session.objects.filter(account_id=account_id, expire_date__gt=Now(), seen_at__gt=Now() - IDLE_FOR)
    lines = [
        SessionLine(one.session_key[:HANDLE], one.device, one.started_at, one.seen_at, one.session_key == here)
        for one in held.order_by("-seen_at")
    ]
    return sorted(lines, key=lambda line: not line.here)


def handle_of(key: str) -> str:
    """What stands for the key of a session on a page."""
    return kept_key(key)[:HANDLE]


def account(account_id: int) -> Account:
    """The account of this number. Raises NotFound."""
    return _one(Account.objects.select_related("organisation").filter(id=account_id))


def account_by_username(username: str) -> Account:
    """The account of this user name. Raises NotFound."""
    return _one(Account.objects.select_related("organisation").filter(username=username))


def accounts_by_username(usernames: Iterable[str]) -> dict[str, int]:
    """Account numbers by user name, in one statement; unknown names are absent."""
    return dict(Account.objects.filter(username__in=set(usernames)).values_list("username", "id"))


def asker_by_username(username: str) -> AskerFacts:
    """`account_asker` for a user name. Raises NotFound."""
    return account_asker(account_by_username(username))


def _one(found: QuerySet[Account]) -> Account:
    account = found.first()
    if account is None:
        raise NotFound("account_unknown")
    return account


def organisation_by_code(code: str) -> Organisation:
    """The organisation with the pack's short code. Raises NotFound."""
    return _organisation(Organisation.objects.filter(code=code))


def organisation(organisation_id: int) -> Organisation:
    """The organisation of this number. Raises NotFound."""
    return _organisation(Organisation.objects.filter(id=organisation_id))


def _organisation(found: QuerySet[Organisation]) -> Organisation:
    one = found.first()
    if one is None:
        raise NotFound("organisation_unknown")
    return one


def register_line(body: Organisation) -> dict[str, str | bool]:
    """All that the register says of an organisation, as its ledger entry binds it."""
    return {
        "id": str(body.id),
        "code": body.code,
        "name_zh": body.name_zh,
        "name_en": body.name_en,
        "uscc": body.uscc,
        "kind": str(body.kind),
        "level": body.level,
        "sector": body.sector,
        "active": body.active,
    }


def organisations() -> QuerySet[Organisation]:
    """All organisations with their powers, by code."""
    return Organisation.objects.prefetch_related("powers").order_by("code")


def names_of(account_ids: Iterable[int]) -> dict[int, StaffFacts]:
    """Officers by account number, in one statement; unknown numbers are absent."""
    found = Account.objects.select_related("organisation").filter(id__in=set(account_ids))
    return {
        a.id: StaffFacts(
            a.id,
            a.organisation.name_zh if a.organisation else "",
            a.organisation.name_en if a.organisation else "",
            a.department,
            a.staff_number,
            a.display_name,
        )
        for a in found
    }


def factor_of(account_id: int) -> AccountFactor | None:
    """The authenticator that an account has in use."""
    return AccountFactor.objects.filter(account_id=account_id, confirmed_at__isnull=False).first()


def unused_accounts(*, since: datetime) -> int:
    """How many open staff accounts hold roles since before ``since`` and were not signed in to after it."""
    held = Account.objects.filter(is_active=True, organisation__isnull=False, roles__granted_at__lt=since)
    used = set(
        SignInAttempt.objects.filter(succeeded=True, at__gte=since).values_list("username_digest", flat=True).distinct()
    )
    names = held.distinct().values_list("username", flat=True)
    return sum(used.isdisjoint(blind("username", name)) for name in names)


def locked_names(*, at: datetime) -> int:
    """How many user names are locked now after failures, whether or not such an account exists."""
    failed: dict[str, list[datetime]] = {}
    recent = SignInAttempt.objects.filter(at__gt=at - LOCKED_FOR, at__lte=at).order_by("at", "id")
    for digest, instant, succeeded in recent.values_list("username_digest", "at", "succeeded"):
        failed[digest] = [] if succeeded else [*failed.get(digest, ()), instant]
    return sum(locked_until(instants, at) is not None for instants in failed.values())


def proposals_waiting(by: AskerFacts) -> int:
    """How many proposed machine clients that the administrator reaches wait for a second person."""
    waiting = _clients_of(by).filter(granted_at__isnull=True, revoked_at__isnull=True)
    return waiting.exclude(proposed_by=by.account_id).count()


def _clients_of(by: AskerFacts) -> QuerySet[MachineClient]:
    """The machine clients that an administrator reaches: all, or those of the own organisation."""
    known = MachineClient.objects.select_related("organisation")
    return known if COMPETENT in by.powers else known.filter(organisation_id=by.organisation_id or 0)


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """A machine client that is in use."""

    number: int
    client_id: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class MachineFacts:
    """The machine that shows a token: for which organisation it acts, and what the token lets it do."""

    number: int
    organisation_id: int
    scopes: frozenset[str]


def client_facts(client: MachineClient) -> ClientFacts:
    """What the door for tokens needs to know of a client."""
    return ClientFacts(client.id, client.client_id, frozenset(client.scopes.split()))


def client_line(client: MachineClient) -> dict[str, str]:
    """What an entry of the ledger binds of a client; of the secret its digest."""
    return {
        "client": str(client.id),
        "client_id": client.client_id,
        "holder": client.organisation.code,
        "scopes": client.scopes,
        "secret_sha256": client.secret_digest,
        "proposed_by": str(client.proposed_by),
    }


def machine_by_token(token: str) -> MachineFacts | None:
    """The machine whose token this is; None when the token is unknown, over or revoked, its client or organisation not
    in use.
    """
    digest = hashlib.sha256(token.encode()).hexdigest()
    held = MachineToken.objects.select_related("client").filter(
        digest=digest, revoked_at__isnull=True, expires_at__gt=Now()
    )
    one = held.filter(
        client__granted_at__isnull=False, client__revoked_at__isnull=True, client__organisation__active=True
    ).first()
    if one is None:
        return None
    scopes = frozenset(one.scopes.split()) & frozenset(one.client.scopes.split())
    return MachineFacts(one.client.id, one.client.organisation_id, scopes)


@dataclass(frozen=True, slots=True)
class ClientLine:
    """A machine client in a list. ``state``: proposed, used or revoked; ``proposed_by`` an account's number."""

    number: int
    client_id: str
    name: str
    organisation_zh: str
    organisation_en: str
    scopes: tuple[str, ...]
    state: str
    proposed_by: int
    since: datetime


def client_lines(by: AskerFacts) -> list[ClientLine]:
    """The machine clients that an administrator reaches, the newest proposal first."""
    return [_client_line(one) for one in _clients_of(by).order_by("-id")]


def _client_line(one: MachineClient) -> ClientLine:
    state, since = "proposed", one.proposed_at
    if one.granted_at is not None:
        state, since = "used", one.granted_at
    if one.revoked_at is not None:
        state, since = "revoked", one.revoked_at
    body, scopes = one.organisation, tuple(one.scopes.split())
    return ClientLine(
        one.id, one.client_id, one.name, body.name_zh, body.name_en, scopes, state, one.proposed_by, since
    )
