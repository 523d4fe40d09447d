"""Are the register of organisations, their powers, the roles of accounts and the machine clients what the ledger says?

Registered with `ledger verify`. No act takes a power or a role away yet: a row that is gone is damage.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from xinheng.accounts.models import Account, AccountFactor, AccountRole, MachineClient, Organisation, OrganisationPower
from xinheng.accounts.selectors import client_line, register_line
from xinheng.accounts.services.staff import PLATFORM
from xinheng.ledger.verify import Damage, Finding, Tally, Verification

CHUNK = 2000
NOTHING: tuple[int, Mapping[str, Any]] = (0, {})  # no entry, and what it says


def check_powers(verification: Verification) -> Iterator[Finding]:
    """Every organisation, power, role and machine client stands as its newest entry says. One CheckResult ``powers``,
    counting rows.
    """
    tally = Tally("powers")
    yield from _organisations(tally, verification)
    yield from _powers(tally, verification)
    yield from _roles(tally, verification)
    yield from _clients(tally, verification)
    yield tally.result()


def _organisations(tally: Tally, verification: Verification) -> Iterator[Damage]:
    newest: dict[str, tuple[int, Mapping[str, Any]]] = {
        str(body["fields"]["id"]): (entry, body["fields"])
        for entry, body in verification.bodies("organisation.entered")
        if body is not None
    }
    for row in Organisation.objects.order_by("id").iterator(chunk_size=CHUNK):
        tally.count += 1
        entry, said = newest.pop(str(row.id), NOTHING)
        yield from compared(tally, "organisation", said, register_line(row), entry)
    for number, (entry, _) in newest.items():
        yield tally.damage("organisation_missing", "organisation", expected=number, found="none", entry=entry)


def _powers(tally: Tally, verification: Verification) -> Iterator[Damage]:
    granted: dict[tuple[str, str], tuple[int, Mapping[str, Any]]] = {}
    for entry, body in verification.bodies("power.granted"):
        if body is not None:
            gave = {"level": body["level"], "article": body["ground"]["article"], "active": True}
            granted[str(body["holder"]), str(body["power"])] = entry, gave
    rows = OrganisationPower.objects.select_related("organisation").order_by("id")
    for row in rows.iterator(chunk_size=CHUNK):
        tally.count += 1
        entry, said = granted.pop((row.organisation.code, row.power), NOTHING)
        found = {"level": row.level, "article": row.article, "active": row.active}
        yield from compared(tally, "organisation_power", said, found, entry)
    for (holder, power), (entry, _) in granted.items():
        what = "organisation_power_missing"
        yield tally.damage(what, "organisation_power", expected=f"{holder}: {power}", found="none", entry=entry)


def _roles(tally: Tally, verification: Verification) -> Iterator[Damage]:
    granted: dict[int, Mapping[str, Any]] = {}
    for entry, body in verification.bodies("role.granted"):
        if body is not None:
            gave = {name: body[name] for name in ("role", "account", "second", "actor")}
            granted[entry] = {**gave, "organisation": body["org"]}
    houses = dict(Account.objects.values_list("id", "organisation__code").iterator(chunk_size=CHUNK))
    for row in AccountRole.objects.order_by("id").iterator(chunk_size=CHUNK):
        tally.count += 1
        found = {
            "role": str(row.role),
            "account": str(row.account_id),
            "second": str(row.second_by or ""),
            "actor": f"account:{row.granted_by}" if row.granted_by else PLATFORM,
            "organisation": houses.get(row.account_id) or "",
        }
        yield from compared(tally, "account_role", granted.pop(row.entry_id, NOTHING[1]), found, row.entry_id)
    for entry, said in granted.items():
        yield tally.damage("account_role_missing", "account_role", expected=said["role"], found="none", entry=entry)


def _clients(tally: Tally, verification: Verification) -> Iterator[Damage]:
    """A client that is in use or ended without its entry, or is not what the entry says; a proposal binds nothing."""
    said: dict[int, Mapping[str, Any]] = {}
    for act in ("client.granted", "client.revoked"):
        said |= {
            entry: {**{name: body[name] for name in _CLIENT}, "second": body["second"], "actor": body["actor"]}
            for entry, body in verification.bodies(act)
            if body is not None
        }
    for row in MachineClient.objects.select_related("organisation").order_by("id").iterator(chunk_size=CHUNK):
        tally.count += 1
        line = client_line(row)
        granted = {**line, "second": str(row.second_by or ""), "actor": f"account:{row.proposed_by}"}
        revoked = {**line, "second": "", "actor": f"account:{row.revoked_by}"}
        for entry, found in ((row.grant_entry, granted), (row.revoke_entry, revoked)):
            if entry is not None:
                yield from compared(tally, "machine_client", said.pop(entry, NOTHING[1]), found, entry)
    for entry, held in said.items():
        yield tally.damage(
            "machine_client_missing", "machine_client", expected=held["client_id"], found="none", entry=entry
        )


_CLIENT = ("client", "client_id", "holder", "scopes", "secret_sha256", "proposed_by")


def check_factors(verification: Verification) -> Iterator[Finding]:
    """Every account has the authenticator that its newest entry set, and none after a reset. One CheckResult
    ``factors``, counting rows: who takes a second step away in silence, or puts one in, is seen.
    """
    tally = Tally("factors")
    newest: dict[str, tuple[int, str]] = {}
    said = [
        (entry, str(body["account"]), str(body["factor"]) if act == "factor.set" else "")
        for act in ("factor.set", "factor.reset")
        for entry, body in verification.bodies(act)
        if body is not None
    ]
    for entry, account, number in sorted(said):
        newest[account] = entry, number
    rows = AccountFactor.objects.filter(confirmed_at__isnull=False).order_by("id")
    for row in rows.iterator(chunk_size=CHUNK):
        tally.count += 1
        entry, number = newest.pop(str(row.account_id), (0, ""))
        if (row.entry_id, str(row.id)) != (entry, number):
            what = "account_factor_without_entry"
            yield tally.damage(what, "account_factor", expected=number or "none", found=str(row.id), entry=entry)
    for entry, number in newest.values():
        if number:
            yield tally.damage("account_factor_missing", "account_factor", expected=number, found="none", entry=entry)
    yield tally.result()


def compared(
    tally: Tally, table: str, said: Mapping[str, Any], found: Mapping[str, Any], entry: int
) -> Iterator[Damage]:
    """A damage for each column that differs from what the entry says, or one for a row without entry."""
    if not said:
        yield tally.damage(f"{table}_without_entry", table, expected="an entry", found="none", entry=entry)
        return
    for name, expected in said.items():
        if found[name] != expected:
            yield tally.damage(f"{table}_{name}", table, expected=expected, found=found[name], entry=entry)
