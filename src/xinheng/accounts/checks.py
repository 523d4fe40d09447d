"""Are the register of organisations, their powers, the roles of accounts and the machine clients what the ledger says?

Registered with `ledger verify`. A right without its entry, an end without one, an entry without its row: damage.
No row is ever deleted, so one that is gone is damage too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from xinheng.accounts.models import (
    Account,
    AccountFactor,
    AccountRole,
    GrantProposal,
    MachineClient,
    Organisation,
    OrganisationPower,
)
from xinheng.accounts.rules import GrantKind, Role, conflicts_of
from xinheng.accounts.selectors import client_line, register_line, rights
from xinheng.accounts.services.staff import PLATFORM
from xinheng.ledger.verify import Damage, Finding, Tally, Verification
from xinheng.lib.clock import stamp

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
    yield from _conflicts(tally)
    yield from _accounts(tally, verification)
    yield from _proposals(tally, verification)
    yield from _clients(tally, verification)
    yield tally.result()


def _organisations(tally: Tally, verification: Verification) -> Iterator[Damage]:
    newest: dict[str, tuple[int, Mapping[str, Any]]] = {}
    for entry, body in verification.bodies("organisation.entered"):
        number = str(body["fields"]["id"]) if body is not None else ""
        if body is not None and _later(verification, entry, newest.get(number, NOTHING)[0]):
            newest[number] = entry, body["fields"]
    for row in Organisation.objects.order_by("id").iterator(chunk_size=CHUNK):
        tally.count += 1
        entry, said = newest.pop(str(row.id), NOTHING)
        yield from compared(tally, "organisation", said, register_line(row), entry)
    for number, (entry, _) in newest.items():
        yield tally.damage("organisation_missing", "organisation", expected=number, found="none", entry=entry)


def _when(verification: Verification, entry: int) -> str:
    """The instant of an entry, as its own bytes say it."""
    facts = verification.facts(entry)
    return facts.at if facts else ""


def _later(verification: Verification, entry: int, other: int) -> bool:
    """Was ``entry`` written after ``other`` (0: none)? By instants, for each process has numbers of its own."""
    if not other:
        return True
    one, two = verification.facts(entry), verification.facts(other)
    return one is not None and (two is None or (one.at, entry) > (two.at, other))


def _powers(tally: Tally, verification: Verification) -> Iterator[Damage]:
    granted: dict[int, Mapping[str, Any]] = {}
    unnamed: dict[tuple[str, str], int] = {}  # rows that were entered before entries were named in them
    for entry, body in verification.bodies("power.granted"):
        if body is not None:
            holder, power = str(body["holder"]), str(body["power"])
            gave = {"power": power, "level": body["level"], "article": body["ground"]["article"], "holder": holder}
            granted[entry] = gave
            unnamed[holder, power] = entry
    ended = _ends(verification, "power.revoked", _POWER_END)
    rows = OrganisationPower.objects.select_related("organisation").order_by("id")
    for row in rows.iterator(chunk_size=CHUNK):
        tally.count += 1
        entry = row.entry_id or unnamed.get((row.organisation.code, row.power), 0)
        found = {"power": row.power, "level": row.level, "article": row.article, "holder": row.organisation.code}
        yield from compared(tally, "organisation_power", granted.pop(entry, NOTHING[1]), found, entry)
        if row.end_entry is not None:
            line = {**rights.power_end_line(row), "actor": f"account:{row.ended_by}", "ended_at": _ended(row.ended_at)}
            yield from compared(tally, "organisation_power_end", ended.pop(row.end_entry, {}), line, row.end_entry)
    yield from _without_row(tally, "organisation_power", granted, "power")
    yield from _without_row(tally, "organisation_power_end", ended, "power")


def _roles(tally: Tally, verification: Verification) -> Iterator[Damage]:
    granted: dict[int, Mapping[str, Any]] = {}
    for entry, body in verification.bodies("role.granted"):
        if body is not None:
            gave = {name: body[name] for name in ("role", "account", "second", "actor")}
            granted[entry] = {**gave, "organisation": body["org"], "granted_at": _when(verification, entry)}
    ended = _ends(verification, "role.revoked", _ROLE_END)
    houses = dict(Account.objects.values_list("id", "organisation__code").iterator(chunk_size=CHUNK))
    for row in AccountRole.objects.order_by("id").iterator(chunk_size=CHUNK):
        tally.count += 1
        found = {
            "role": str(row.role),
            "account": str(row.account_id),
            "second": str(row.second_by or ""),
            "actor": f"account:{row.granted_by}" if row.granted_by else PLATFORM,
            "organisation": houses.get(row.account_id) or "",
            "granted_at": stamp(row.granted_at),
        }
        yield from compared(tally, "account_role", granted.pop(row.entry_id, NOTHING[1]), found, row.entry_id)
        if row.end_entry is not None:
            line = {**rights.role_end_line(row), "actor": f"account:{row.ended_by}", "ended_at": _ended(row.ended_at)}
            yield from compared(tally, "account_role_end", ended.pop(row.end_entry, {}), line, row.end_entry)
    yield from _without_row(tally, "account_role", granted, "role")
    yield from _without_row(tally, "account_role_end", ended, "role")


_POWER_END = ("power", "holder", "article", "grant_entry", "reason", "actor")
_ROLE_END = ("role", "account", "grant_entry", "reason", "actor")


def _ends(verification: Verification, act: str, names: Sequence[str]) -> dict[int, Mapping[str, Any]]:
    """What the entries of revocations say, by entry."""
    return {
        entry: {**{name: body[name] for name in names}, "ended_at": _when(verification, entry)}
        for entry, body in verification.bodies(act)
        if body is not None
    }


def _ended(at: datetime | None) -> str:
    return stamp(at) if at else ""


def _without_row(tally: Tally, table: str, left: Mapping[int, Mapping[str, Any]], name: str) -> Iterator[Damage]:
    """A damage for each entry that no row stands for."""
    for entry, said in left.items():
        yield tally.damage(f"{table}_missing", table, expected=said[name], found="none", entry=entry)


def _accounts(tally: Tally, verification: Verification) -> Iterator[Damage]:
    """An account is open or closed as its newest entry says, in the organisation that it was opened for. One that two
    people had to open is not open without an entry; accounts of before have none.
    """
    newest: dict[int, tuple[int, Mapping[str, Any]]] = {}
    persons: dict[int, tuple[int, str]] = {}
    for act, is_open in (("account.opened", True), ("account.closed", False)):
        for entry, body in verification.bodies(act):
            number = int(body["account"]) if body is not None else 0
            if body is not None and is_open and _later(verification, entry, persons.get(number, (0, ""))[0]):
                persons[number] = entry, body["person_sha256"]
            if body is not None and _later(verification, entry, newest.get(number, NOTHING)[0]):
                newest[number] = entry, {"active": is_open, "organisation": body["org"]}
    proposed = set(GrantProposal.objects.filter(kind=GrantKind.ACCOUNT.value).values_list("account_id", flat=True))
    rows = Account.objects.select_related("organisation").filter(id__in={*newest, *proposed})
    for account in rows.iterator(chunk_size=CHUNK):
        tally.count += 1
        entry, said = newest.pop(account.id, NOTHING)
        code = account.organisation.code if account.organisation else ""
        if entry or account.is_active:
            yield from compared(tally, "account", said, {"active": account.is_active, "organisation": code}, entry)
        opened, person = persons.get(account.id, (0, ""))
        if opened and person != rights.person_digest(account):
            yield tally.damage("account_person", "account", expected=person, found=account.id, entry=opened)
    for number, (entry, _) in newest.items():
        yield tally.damage("account_missing", "account", expected=number, found="none", entry=entry)


def _proposals(tally: Tally, verification: Verification) -> Iterator[Damage]:
    """What was proposed is what its entry says, and so is what was granted or refused of it."""
    proposed = {
        str(body["grant"]["proposal"]): (entry, {**body["grant"], "proposed_at": _when(verification, entry)})
        for entry, body in verification.bodies("grant.proposed")
        if body is not None
    }
    for row in GrantProposal.objects.select_related("organisation").order_by("id").iterator(chunk_size=CHUNK):
        entry, made = proposed.pop(str(row.id), NOTHING)
        found = rights.proposal_line(row) | {"second": "", "decision": "", "refusal": ""}
        yield from compared(tally, "grant_proposal", made, {**found, "proposed_at": stamp(row.proposed_at)}, entry)
    yield from _without_row(tally, "grant_proposal", dict(proposed.values()), "proposal")
    said: dict[int, Mapping[str, Any]] = {}
    for act in (
        "role.granted",
        "power.granted",
        "account.opened",
        "organisation.entered",
        "grant.refused",
        "factor.reset",
    ):
        said |= {
            entry: body["grant"] for entry, body in verification.bodies(act) if body is not None and "grant" in body
        }
    rows = GrantProposal.objects.select_related("organisation").filter(entry_id__isnull=False).order_by("id")
    for row in rows.iterator(chunk_size=CHUNK):
        tally.count += 1
        entry = row.entry_id or 0
        yield from compared(tally, "grant_proposal", said.pop(entry, {}), rights.proposal_line(row), entry)
    yield from _without_row(tally, "grant_proposal", said, "proposal")


def _conflicts(tally: Tally) -> Iterator[Damage]:
    """No account may both do and watch, whatever entries its roles have (ACC-1)."""
    held: dict[int, set[Role]] = {}
    for account, role in (
        AccountRole.objects.filter(ended_at__isnull=True).values_list("account_id", "role").iterator(chunk_size=CHUNK)
    ):
        held.setdefault(account, set()).add(Role(role))
    for account, roles in held.items():
        for one, other in conflicts_of(roles):
            found = f"account {account}: {one} + {other}"
            yield tally.damage("account_role_conflict", "account_role", expected="apart", found=found)


def _clients(tally: Tally, verification: Verification) -> Iterator[Damage]:
    """A client that was proposed, is in use or ended without its entry, or is not what the entry says."""
    proposed = {
        str(body["client"]): (entry, {name: body[name] for name in (*_CLIENT, "name", "actor")})
        for entry, body in verification.bodies("client.proposed")
        if body is not None
    }
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
        entry_made, made = proposed.pop(str(row.id), NOTHING)
        waited = {**line, "secret_sha256": "", "name": row.name, "actor": f"account:{row.proposed_by}"}
        yield from compared(tally, "machine_client", made, waited, entry_made)
        granted = {**line, "second": str(row.second_by or ""), "actor": f"account:{row.proposed_by}"}
        revoked = {**line, "second": "", "actor": f"account:{row.revoked_by}"}
        for entry, found in ((row.grant_entry, granted), (row.revoke_entry, revoked)):
            if entry is not None:
                yield from compared(tally, "machine_client", said.pop(entry, NOTHING[1]), found, entry)
    left = {**said, **dict(proposed.values())}
    for entry, held in left.items():
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
