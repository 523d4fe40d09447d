"""Which roles exist, which exclude each other, and who may grant one?

Roles are what an account may do in the software; powers are what an organisation may do under the law. Neither
replaces the other: an official query needs the role of the officer and the power of the organisation.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations

from xinheng.law.decision import Allowed, Refused
from xinheng.law.pack import Power

HOUSE = "H"  # a rule of the house, cited to no article
DEMO_PASSWORD = "xinheng-demo-2026"  # noqa: S105 - printed by `xinheng demo`; in production it opens nothing


class Role(StrEnum):
    """What an account may do in the software."""

    COLLECTOR = "collector"
    REVIEWER = "reviewer"
    QUERIER = "querier"
    OPERATOR = "operator"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SUPERVISOR = "supervisor"
    SUBJECT = "subject"


class OrganisationKind(StrEnum):
    """Kinds of organisations that may provide or ask; the pack says which kind may do what (ZY-3, 33; SP-3, 8)."""

    STATE_ORGAN = "state_organ"
    AUTHORISED_ORGANISATION = "authorised_organisation"
    PEOPLES_ORGANISATION = "peoples_organisation"
    PUBLIC_SERVICE_ENTERPRISE = "public_service_enterprise"
    CREDIT_SERVICE_INSTITUTION = "credit_service_institution"
    ASSOCIATION = "association"
    CHAMBER = "chamber"
    ENTERPRISE = "enterprise"


DOING: frozenset[Role] = frozenset({Role.COLLECTOR, Role.REVIEWER, Role.QUERIER, Role.OPERATOR, Role.ADMINISTRATOR})
WATCHING: frozenset[Role] = frozenset({Role.AUDITOR, Role.SUPERVISOR})
STAFF: frozenset[Role] = DOING | WATCHING

# Who watches does nothing that is watched. Who hands out rights uses none of those that touch files. A person's own
# file has an account of its own, apart from the work.
CONFLICTS: frozenset[frozenset[Role]] = frozenset(
    {frozenset({watching, doing}) for watching in WATCHING for doing in DOING}
    | {frozenset({Role.ADMINISTRATOR, using}) for using in (Role.COLLECTOR, Role.REVIEWER, Role.QUERIER)}
    | {frozenset({Role.SUBJECT, staff}) for staff in STAFF}
)

# Roles that one person alone may not hand out.
TWO_PERSON: frozenset[Role] = STAFF


@dataclass(frozen=True, slots=True)
class AskerFacts:
    """What the law needs to know about who asks. ``subject_id`` is the own file of the account, when it has one."""

    account_id: int
    organisation_id: int | None
    organisation_code: str
    organisation_kind: OrganisationKind | None
    powers: frozenset[str]
    roles: frozenset[Role]
    staff_number: str
    department: str
    display_name: str


def conflicting(role: Role, held: Set[Role]) -> Role | None:
    """The first role in ``held`` that excludes ``role``, in the order of the enum."""
    return next((other for other in Role if other in held and frozenset({role, other}) in CONFLICTS), None)


def conflicts_of(held: Set[Role]) -> list[tuple[Role, Role]]:
    """The pairs in ``held`` that no account may have, in the order of the enum."""
    order = [role for role in Role if role in held]
    return [(one, other) for one, other in combinations(order, 2) if frozenset({one, other}) in CONFLICTS]


def may_grant(
    *,
    role: Role,
    held: Set[Role],
    account_id: int,
    granted_by: int | None,
    second_by: int | None,
    granter_roles: Set[Role],
    second_roles: Set[Role],
) -> Allowed | Refused:
    """May ``role`` be given to an account that holds ``held``?

    ``granted_by`` is None only when the platform is filled from its pack before any account exists. House rules:
    nobody grants to himself; the granter is an administrator; the roles of `TWO_PERSON` need a second administrator
    who is a third person.
    """
    if conflicting(role, held) is not None:
        return Refused("role_conflict", HOUSE)
    if granted_by is None:
        return Allowed()
    if account_id in (granted_by, second_by):
        return Refused("role_to_oneself", HOUSE)
    if Role.ADMINISTRATOR not in granter_roles:
        return Refused("granter_not_administrator", HOUSE)
    if role in TWO_PERSON:
        if second_by is None or second_by == granted_by:
            return Refused("second_person_missing", HOUSE)
        if Role.ADMINISTRATOR not in second_roles:
            return Refused("second_not_administrator", HOUSE)
    return Allowed()


# The power of the department that keeps the register: it runs the platform and is the city's department alone (ORG-1).
COMPETENT = "platform.operate"


LEVELS = ("city", "county")  # of an organisation


def same_number(staff_number: str) -> str:
    """A staff number for comparing: width, case, blanks and hyphens make no other person."""
    plain = unicodedata.normalize("NFKC", staff_number).casefold()
    return "".join(one for one in plain if one.isalnum())


class GrantKind(StrEnum):
    """What two administrators decide: a role, a power, an account or organisation that is opened, a lost authenticator
    that is taken away.
    """

    ROLE = "role"
    POWER = "power"
    ACCOUNT = "account"
    ORGANISATION = "organisation"
    FACTOR = "factor"


class Decision(StrEnum):
    """What became of a proposal."""

    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Target:
    """What a right is given to or taken from. ``organisation_id`` is the house of an account, None for one of no
    organisation; ``account_id`` None for an organisation; ``role`` when the right is one.
    """

    kind: GrantKind
    organisation_id: int | None
    account_id: int | None = None
    role: Role | None = None


def may_administer(target: Target, by: AskerFacts, *, article: str) -> Allowed | Refused:
    """May this administrator take part in giving a right, or take it away?

    The register of organisations, their powers and the roles that watch everybody are the competent department's;
    everything else of an account its own organisation's too. ``article`` names the department.
    """
    if Role.ADMINISTRATOR not in by.roles:
        return Refused("granter_not_administrator", HOUSE)
    if COMPETENT in by.powers:
        return Allowed()
    if target.kind in (GrantKind.POWER, GrantKind.ORGANISATION):
        return Refused("grant_not_competent", article)
    if target.role in WATCHING:
        return Refused("watching_by_competent_only", HOUSE)
    if target.organisation_id is None or target.organisation_id != by.organisation_id:
        return Refused("account_of_another_organisation", HOUSE)
    return Allowed()


def may_open_way(
    *, organisation_id: int | None, account_id: int, roles: Set[Role], by: AskerFacts
) -> Allowed | Refused:
    """May this administrator let the holder of an account in again: a password for one time, an end of a lock? Whoever
    may not give each of its roles may not.
    """
    for role in (*(one for one in Role if one in roles), None):
        verdict = may_administer(Target(GrantKind.ACCOUNT, organisation_id, account_id, role), by, article=HOUSE)
        if not verdict:
            return verdict
    return Allowed()


def may_propose(target: Target, by: AskerFacts, *, article: str) -> Allowed | Refused:
    """May this administrator propose the right? Nobody does so for himself; an own file's role comes with the file."""
    if target.account_id == by.account_id:
        return Refused("factor_of_oneself" if target.kind is GrantKind.FACTOR else "role_to_oneself", HOUSE)
    if target.role is not None and target.role not in STAFF:
        return Refused("role_not_of_staff", HOUSE)
    return may_administer(target, by, article=article)


def may_decide(target: Target, *, proposer: AskerFacts, second: AskerFacts, article: str) -> Allowed | Refused:
    """May ``second`` grant or refuse what ``proposer`` proposed? Both must still have the right to take part."""
    if second.account_id == proposer.account_id:
        return Refused("grant_own_proposal", HOUSE)
    if Role.ADMINISTRATOR not in second.roles:
        return Refused("second_not_administrator", HOUSE)
    refused = may_propose(target, second, article=article)
    return may_propose(target, proposer, article=article) if refused else refused


def may_grant_power(
    power: Power, *, kind: OrganisationKind, level: str, sector: str, held: Set[str]
) -> Allowed | Refused:
    """May an organisation of this kind, level and sector hold the power? The power's own article refuses (ORG-1)."""
    if power.code in held:
        return Refused("power_held", HOUSE)
    if kind not in power.kinds:
        return Refused("power_not_of_kind", power.article)
    if "any" not in power.holders and sector not in power.holders:
        return Refused("power_not_of_sector", power.article)
    if power.level not in ("any", level):
        return Refused("power_not_of_level", power.article)
    return Allowed()


class Scope(StrEnum):
    """What a machine client may do. A token carries some of the scopes of its client."""

    REPORT = "intake.report"
    READ = "intake.read"


TOKEN_LIFE = timedelta(hours=1)
REQUESTS_KEPT = timedelta(
    days=30
)  # how long a repeated request of a machine gets the receipt of the first (house rule)


def may_keep_client(*, organisation_id: int, by: AskerFacts) -> Allowed | Refused:
    """May this administrator propose, put into use or end a system of an organisation? As for an account of it: a
    system reports in the organisation's name.
    """
    return may_administer(Target(GrantKind.ACCOUNT, organisation_id), by, article=HOUSE)


def may_grant_client(
    *, proposed_by: int, second_by: int, proposer_roles: Set[Role], second_roles: Set[Role]
) -> Allowed | Refused:
    """May a proposed machine client be put into use? House rules, as for the roles of `TWO_PERSON`: two administrators,
    neither of whom is the other.
    """
    if Role.ADMINISTRATOR not in proposer_roles:
        return Refused("granter_not_administrator", HOUSE)
    if second_by == proposed_by:
        return Refused("client_second_person_missing", HOUSE)
    if Role.ADMINISTRATOR not in second_roles:
        return Refused("second_not_administrator", HOUSE)
    return Allowed()


class Step(StrEnum):
    """What an account that gave its password has still to do before it may do anything else."""

    CODE = "code"  # the code of its authenticator
    PASSWORD = "password"  # noqa: S105 - a password of its own in place of one given once
    FACTOR = "factor"  # set an authenticator up


def step_open(
    *, factor: int | None, passed: int | None, staff: bool, factor_required: bool, one_time: bool = False
) -> Step | None:
    """The next step of a session, None when it is signed in for good.

    ``factor``: number of the authenticator the account has; ``passed``: number of the one whose code this session gave.
    A session that passed with an authenticator that was replaced passes anew. ``one_time``: the password was given by
    an administrator.
    """
    if factor is not None and passed != factor:
        return Step.CODE
    if one_time:
        return Step.PASSWORD
    if factor is None and staff and factor_required:
        return Step.FACTOR
    return None


def without_rights(asker: AskerFacts) -> AskerFacts:
    """The asker of a session that is not signed in for good: known by number, with no role and no power."""
    return replace(asker, roles=frozenset(), powers=frozenset())


CODE_SECONDS = 30
CODE_DIGITS = 6
CODE_DRIFT = 1  # steps by which the clock of a telephone may differ, before and after


def totp(secret: bytes, step: int, *, digits: int = CODE_DIGITS) -> str:
    """The code of RFC 6238 for a step of `CODE_SECONDS` since 1970 (HMAC-SHA-1, truncated as in RFC 4226)."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    at = mac[-1] & 0xF
    number = int.from_bytes(mac[at : at + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_of_code(*, secret: bytes, code: str, at: datetime, last: int) -> int | None:
    """The step whose code this is, near ``at`` and later than ``last``; None for a wrong code and for one used before.

    Every candidate is compared whole, so that the time taken tells nothing.
    """
    now = int(at.timestamp()) // CODE_SECONDS
    steps = range(now - CODE_DRIFT, now + CODE_DRIFT + 1)
    given = code.encode()
    fits = [step for step in steps if hmac.compare_digest(totp(secret, step).encode(), given)]
    return next((step for step in fits if step > last), None)


def may_reset_factor(
    *, account_id: int, reset_by: int, second_by: int, first_roles: Set[Role], second_roles: Set[Role]
) -> Allowed | Refused:
    """May these two take the authenticator of an account away? House rules: two administrators, neither of whom is the
    other or the holder.
    """
    if account_id in (reset_by, second_by):
        return Refused("factor_of_oneself", HOUSE)
    if Role.ADMINISTRATOR not in first_roles:
        return Refused("resetter_not_administrator", HOUSE)
    if second_by == reset_by:
        return Refused("reset_second_person_missing", HOUSE)
    if Role.ADMINISTRATOR not in second_roles:
        return Refused("second_not_administrator", HOUSE)
    return Allowed()


IDLE_FOR = timedelta(minutes=30)  # a session that nobody used for so long is over
SEEN_EVERY = timedelta(minutes=1)  # that a session is used is written no oftener

_SYSTEMS = (
    ("HarmonyOS", "harmonyos"), ("HarmonyOS", "openharmony"), ("Android", "android"), ("iOS", "iphone"),
    ("iOS", "ipad"), ("Windows", "windows"), ("macOS", "mac os"), ("Linux", "linux"),
)  # fmt: skip
_BROWSERS = (
    ("WeChat", "micromessenger"), ("Edge", "edg/"), ("Firefox", "firefox/"), ("Chrome", "chrome/"),
    ("Safari", "safari/"),
)  # fmt: skip


def device_of(agent: str) -> str:
    """The kind of device and browser in what a browser says of itself: enough to know one's own, and no more is kept
    (no version, no network address). Empty when neither is known.
    """
    said = agent.lower()
    found = [next((name for name, sign in signs if sign in said), "") for signs in (_SYSTEMS, _BROWSERS)]
    return ", ".join(name for name in found if name)


ONE_TIME_FOR = timedelta(days=3)  # how long a password given by an administrator opens the page to set another


def may_give_password(*, account_id: int, by: int, roles: Set[Role]) -> Allowed | Refused:
    """May ``by`` give the account a one-time password? House rules: an administrator, and not to himself."""
    if Role.ADMINISTRATOR not in roles:
        return Refused("giver_not_administrator", HOUSE)
    if by == account_id:
        return Refused("password_to_oneself", HOUSE)
    return Allowed()


FACTOR_OFFERED_FOR = timedelta(minutes=30)  # how long a secret that was shown waits for its first code

ATTEMPTS_KEPT = timedelta(days=90)  # attempts to sign in, for a look back after an incident (house rule)
FAILURES_ALLOWED = 5
SOURCE_FAILURES_ALLOWED = 50  # from one address, under all names: a whole office may stand behind it
LOCKED_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Origin:
    """From where somebody tries to sign in: the network address, and what the device keeps; empty when unknown."""

    source: str = field(default="", repr=False)
    device: str = field(default="", repr=False)


def locked_until(failures: list[datetime], at: datetime, *, allowed: int = FAILURES_ALLOWED) -> datetime | None:
    """Until when sign-in is locked, given the instants of failures since the last success; None when it is open.

    The lock holds for `LOCKED_FOR` after the last of ``allowed`` failures that fell within `LOCKED_FOR` of
    each other.
    """
    recent = sorted(f for f in failures if f > at - LOCKED_FOR)
    return recent[-1] + LOCKED_FOR if len(recent) >= allowed else None
