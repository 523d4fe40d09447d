"""Organisations with powers, accounts with roles, sessions, attempts to sign in, and the machines of organisations.

Organisations and powers are reference tables: every subject-owned row may point to them. Accounts are local tables:
rows of subjects keep the bare number of an account, never a foreign key. No permission tables and no superuser:
rights are roles.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from xinheng.accounts.models.notices import AccountNotice as AccountNotice
from xinheng.accounts.models.sources import SourceFailure as SourceFailure
from xinheng.accounts.rules import AskerFacts, Decision, GrantKind, OrganisationKind, Role, Step
from xinheng.store.kinds import Keeping, Placement, kept


def _one_of(column: str, values: list[str]) -> Q:
    return Q(**{f"{column}__in": values})


_RUNNING = Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="", end_entry__isnull=True)
_ENDED = Q(ended_at__isnull=False, ended_by__isnull=False, end_entry__isnull=False) & ~Q(end_reason="")


@kept(Keeping.REFERENCE, Placement.REFERENCE)
class Organisation(models.Model):
    """A body that provides, asks or decides. ``code`` is the pack's short code, ``uscc`` its unified social credit
    code.
    """

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=64, unique=True)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    uscc = models.CharField(max_length=18, blank=True)
    kind = models.CharField(max_length=40)
    level = models.CharField(max_length=20)
    sector = models.CharField(max_length=64, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "organisation"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=_one_of("kind", [k.value for k in OrganisationKind]), name="organisation_kind_known"
            ),
            models.UniqueConstraint(fields=["uscc"], condition=~Q(uscc=""), name="organisation_uscc_once"),
        ]

    def __str__(self) -> str:
        return self.code


@kept(Keeping.REFERENCE, Placement.REFERENCE)
class OrganisationPower(models.Model):
    """A power of an organisation at a level, with the article that gives it. Never deleted: an end stands in the row.

    ``entry_id`` is null for what was entered before entries were named in the row; ``active`` says it has no end.
    """

    id = models.BigIntegerField(primary_key=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="powers")
    power = models.CharField(max_length=64)
    level = models.CharField(max_length=20)
    article = models.CharField(max_length=64)
    active = models.BooleanField(default=True)
    entry_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)
    end_reason = models.CharField(max_length=500, blank=True)
    end_entry = models.BigIntegerField(null=True)

    class Meta:
        db_table = "organisation_power"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation", "power"], condition=Q(active=True), name="organisation_power_once"
            ),
            models.CheckConstraint(condition=~Q(article=""), name="organisation_power_cites"),
            models.CheckConstraint(
                condition=(Q(active=True) & _RUNNING) | (Q(active=False) & _ENDED),
                name="organisation_power_ended_whole",
            ),
        ]


class AccountManager(BaseUserManager["Account"]):
    """Accounts are made by `services.create_account`; Django's own look-up by user name stays."""


@lru_cache(maxsize=4096)
def _auth_hash(password: str) -> str:
    """Django's keyed digest of a stored password; asked for at every request of a signed-in account."""
    return AbstractBaseUser.get_session_auth_hash(Account(password=password))


@kept(Keeping.LOCAL, Placement.LOCAL)
class Account(AbstractBaseUser):
    """A person who signs in: staff of an organisation, or the person behind an own file (``organisation`` null)."""

    last_login = None  # sign-ins are rows of their own
    id = models.BigIntegerField(primary_key=True)
    username = models.CharField(max_length=64, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="accounts")
    department = models.CharField(max_length=100, blank=True)
    staff_number = models.CharField(max_length=40, blank=True)
    display_name = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, default="zh-hans")
    one_time_until = models.DateTimeField(null=True)  # the password was given by an administrator and holds till then

    asker: AskerFacts | None = None  # what was read with the account of a signed-in request
    step: Step | None = None  # what that request's session has still to do

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "account"

    def get_session_auth_hash(self) -> str:
        """What a session remembers of the password, so that a new password ends it."""
        return _auth_hash(self.password)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's permissions are not used: rights are roles."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Django's permissions are not used: rights are roles."""
        return False


@kept(Keeping.LOCAL, Placement.LOCAL)
class AccountRole(models.Model):
    """A role of an account, by whom it was granted and who was the second person, and its end. The ledger has both.

    Never deleted: a role that was given again has a row of its own.
    """

    id = models.BigIntegerField(primary_key=True)
    account = models.ForeignKey(Account, models.CASCADE, related_name="roles")
    role = models.CharField(max_length=20)
    granted_by = models.BigIntegerField(null=True)
    second_by = models.BigIntegerField(null=True)
    granted_at = models.DateTimeField()
    entry_id = models.BigIntegerField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)
    end_reason = models.CharField(max_length=500, blank=True)
    end_entry = models.BigIntegerField(null=True)

    class Meta:
        db_table = "account_role"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "role"], condition=Q(ended_at__isnull=True), name="account_role_once"
            ),
            models.CheckConstraint(condition=_RUNNING | _ENDED, name="account_role_ended_whole"),
            models.CheckConstraint(condition=_one_of("role", [r.value for r in Role]), name="account_role_known"),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | (Q(granted_by__isnull=False) & ~Q(second_by=F("granted_by"))),
                name="account_role_two_persons",
            ),
        ]


_OF_ACCOUNT = Q(account__isnull=False, organisation__isnull=True)
_OF_ORGANISATION = Q(account__isnull=True, organisation__isnull=False)
_BY_NOBODY = Q(second_by__isnull=True, entry_id__isnull=True)
_BY_SECOND = Q(second_by__isnull=False, entry_id__isnull=False)


@kept(Keeping.PROJECTION, Placement.LOCAL)
class GrantProposal(models.Model):
    """What one administrator proposes and another grants or refuses: a role, a power, the opening of an account or of
    an organisation, the end of a lost authenticator. Never deleted.

    ``what``: the role, the power, the number of the authenticator; empty for an opening. ``level`` and ``article``: of
    a power, as the law gives it. ``entry_id``: the entry of the grant or of the refusal; a withdrawal has none.
    """

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=20)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="proposals")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="proposals")
    what = models.CharField(max_length=64, blank=True)
    level = models.CharField(max_length=20, blank=True)
    article = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=500)
    proposed_by = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    second_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=20, blank=True)
    refusal = models.CharField(max_length=500, blank=True)
    entry_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "grant_proposal"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=(_OF_ACCOUNT & Q(kind=GrantKind.ROLE.value) & ~Q(what=""))
                | (_OF_ACCOUNT & Q(kind=GrantKind.ACCOUNT.value, what=""))
                | (_OF_ACCOUNT & Q(kind=GrantKind.FACTOR.value) & ~Q(what=""))
                | (_OF_ORGANISATION & Q(kind=GrantKind.POWER.value) & ~Q(what="") & ~Q(article=""))
                | (_OF_ORGANISATION & Q(kind=GrantKind.ORGANISATION.value, what="")),
                name="grant_proposal_of_one_thing",
            ),
            models.CheckConstraint(
                condition=(Q(decision="", decided_at__isnull=True, refusal="") & _BY_NOBODY)
                | (Q(decision=Decision.WITHDRAWN.value, decided_at__isnull=False, refusal="") & _BY_NOBODY)
                | (Q(decision=Decision.GRANTED.value, decided_at__isnull=False, refusal="") & _BY_SECOND)
                | (Q(decision=Decision.REFUSED.value, decided_at__isnull=False) & ~Q(refusal="") & _BY_SECOND),
                name="grant_proposal_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | ~Q(second_by=F("proposed_by")), name="grant_proposal_two_persons"
            ),
            models.CheckConstraint(
                condition=Q(account__isnull=True)
                | (~Q(proposed_by=F("account")) & (Q(second_by__isnull=True) | ~Q(second_by=F("account")))),
                name="grant_proposal_not_to_oneself",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="grant_proposal_reasoned"),
            models.UniqueConstraint(
                fields=["kind", "account", "what"],
                condition=Q(decision="", account__isnull=False),
                name="grant_proposal_account_once",
            ),
            models.UniqueConstraint(
                fields=["kind", "organisation", "what"],
                condition=Q(decision="", organisation__isnull=False),
                name="grant_proposal_organisation_once",
            ),
        ]


@kept(Keeping.LOCAL, Placement.LOCAL)
class Session(AbstractBaseSession):
    """A session of the pages, kept under a digest of its key. ``account_id`` (null before sign-in) repeats what the
    signed data says, so that one statement reads the session with its account. For the account's own list: when it
    began, when it was last used (written once a minute), and the kind of device; no network address.
    """

    account_id = models.BigIntegerField(null=True, db_index=True)
    started_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())
    device = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        db_table = "session"


@kept(Keeping.LOCAL, Placement.LOCAL)
class SignInAttempt(models.Model):
    """One attempt. The name typed is kept as a keyed digest only: people type identity numbers and passwords there."""

    id = models.BigIntegerField(primary_key=True)
    username_digest = models.CharField(max_length=80)
    at = models.DateTimeField()
    succeeded = models.BooleanField()

    class Meta:
        db_table = "sign_in_attempt"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["username_digest", "at"], name="sign_in_attempt_recent")
        ]


@kept(Keeping.LOCAL, Placement.LOCAL)
class AccountFactor(models.Model):
    """An authenticator of an account: one in use at most, and one that was shown and waits for its first code.

    ``sealed``: the shared secret, encrypted. ``last_step``: the newest step whose code was taken, for a code opens
    once. ``recovery``: keyed digests of the recovery codes left, parted by spaces. The act: ``entry_id``.
    """

    id = models.BigIntegerField(primary_key=True)
    account = models.ForeignKey(Account, models.CASCADE, related_name="factors")
    sealed = models.BinaryField()
    begun_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)
    recovery = models.TextField(blank=True)
    entry_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "account_factor"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(confirmed_at__isnull=False), name="account_factor_one_in_use"
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(confirmed_at__isnull=True), name="account_factor_one_offered"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, entry_id__isnull=True)
                | Q(confirmed_at__isnull=False, entry_id__isnull=False),
                name="account_factor_confirmed_whole",
            ),
        ]


@kept(Keeping.PROJECTION, Placement.LOCAL)
class MachineClient(models.Model):
    """A system of an organisation that reports by itself. Proposed by one administrator, put into use by another.

    ``secret_digest``: SHA-256 of 256 random bits, empty until it is in use; there is nothing to guess that a slow hash
    would protect. ``scopes`` parted by spaces, as OAuth writes them. Never deleted: a revocation ends it for good.
    """

    id = models.BigIntegerField(primary_key=True)
    client_id = models.CharField(max_length=40, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="clients")
    name = models.CharField(max_length=100)
    scopes = models.CharField(max_length=200)
    secret_digest = models.CharField(max_length=64, blank=True)
    proposed_by = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    second_by = models.BigIntegerField(null=True)
    granted_at = models.DateTimeField(null=True)
    grant_entry = models.BigIntegerField(null=True)
    revoked_by = models.BigIntegerField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoke_entry = models.BigIntegerField(null=True)

    class Meta:
        db_table = "machine_client"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(second_by__isnull=True, granted_at__isnull=True, grant_entry__isnull=True, secret_digest="")
                | (
                    Q(second_by__isnull=False, granted_at__isnull=False, grant_entry__isnull=False)
                    & ~Q(secret_digest="")
                ),
                name="machine_client_granted_whole",
            ),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | ~Q(second_by=F("proposed_by")), name="machine_client_two_persons"
            ),
            models.CheckConstraint(
                condition=Q(revoked_by__isnull=True, revoked_at__isnull=True, revoke_entry__isnull=True)
                | Q(revoked_by__isnull=False, revoked_at__isnull=False, revoke_entry__isnull=False),
                name="machine_client_revoked_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.client_id


@kept(Keeping.LOCAL, Placement.LOCAL)
class MachineToken(models.Model):
    """A token of a machine client for an hour. Only its SHA-256 is kept; who reads the table cannot use it."""

    id = models.BigIntegerField(primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    client = models.ForeignKey(MachineClient, models.PROTECT, related_name="tokens")
    scopes = models.CharField(max_length=200)
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "machine_token"


@kept(Keeping.LOCAL, Placement.LOCAL)
class MachineRequest(models.Model):
    """A request of a machine that was carried out, so that its repetition is answered and not carried out again.

    Written in the transaction of what it did; ``result`` is the number of that (a batch). ``key_digest``: the client's
    own key under the keyed digest, for a system may build it from anything; ``body_digest``: SHA-256 of what was asked.
    """

    id = models.BigIntegerField(primary_key=True)
    client = models.ForeignKey(MachineClient, models.PROTECT, related_name="requests")
    key_digest = models.CharField(max_length=80)
    body_digest = models.CharField(max_length=64)
    result = models.BigIntegerField()
    done_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "machine_request"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["client", "key_digest"], name="machine_request_once"),
        ]
