"""The people, records and sessions that the access matrix is played with, under any law.

Four records carry a word of their own in every field of free text (`MARKS`), so that a single field of a record in a
wrong answer shows; what is asked for by number stands in no mark.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

from django.db import transaction
from django.test import Client

from tests.accounts.machines import law
from tests.disclosure import oracle
from tests.journeys.cast import THIRD, Cast
from tests.journeys.matrix import GONE, ROLE_REVOKED, SIGNED_IN
from tests.records.rows import row
from tests.subjects.verified import proof
from xinheng.accounts import selectors, services
from xinheng.accounts.models import Account, AccountRole, Organisation, Session
from xinheng.accounts.rules import STAFF, OrganisationKind, Role
from xinheng.law import lookup
from xinheng.law.items import ItemVersion
from xinheng.ledger.models import LedgerEntry
from xinheng.lib import clock
from xinheng.subjects.models import SubjectAccount
from xinheng.subjects.rules import Capacity
from xinheng.subjects.selectors import by_identifier
from xinheng.subjects.services import freeze, link_account

WRITTEN = ("CF_WFXW", "CF_SY", "CF_YJ", "CF_NR")  # the fields that carry a mark
ORGANISATION, BUSINESS, PERSON, OTHER = "企标", "店标", "人标", "他标"
MARKS = (ORGANISATION, BUSINESS, PERSON, OTHER)
_SENTENCES = {"CF_YJ": "《{0}条例》第三条"}


def marks_of(who: str) -> dict[str, str]:
    """Field -> the word that stands in this field of this record only."""
    return {code: f"{who}{code.removeprefix('CF_')}字" for code in WRITTEN}


@dataclass
class MatrixCity:
    """A city of one law with the records reported and an account for every value of the axes."""

    cast: Cast
    accounts: dict[str, Account] = field(default_factory=dict)

    # Building

    def build(self) -> Self:
        """Report the records, enter the organisations and their accounts."""
        self.report()
        powers = sorted({power for m in lookup.matters(self.cast.pack, self.cast.today) for power in m.powers})
        for name, kind, held in (
            ("competent", OrganisationKind.STATE_ORGAN, powers),
            ("without the power", OrganisationKind.STATE_ORGAN, []),
            ("another kind", self._kind_without_matters(), powers),
            ("inactive", OrganisationKind.STATE_ORGAN, powers),
        ):
            self._staff(name, self._enter(name, kind, held))
        Organisation.objects.filter(code=_code("inactive")).update(active=False)
        self._staff("holder", self.organisation())
        self.accounts["no role"] = self._account("no role", self.organisation())
        for username in ("qiye", "gongmin", "getihu"):
            self.accounts[username] = Account.objects.get(username=username)
        for name in ("no file", "guardian"):
            self.accounts[name] = self._account(name, None, Role.SUBJECT)
        link_account(
            subject_id=self.subject_id,
            account_id=self.accounts["guardian"].id,
            capacity=Capacity.GUARDIAN,
            verified=proof(self.subject_id, clock.now()),
            at=clock.now() - timedelta(minutes=1),
        )
        return self

    def report(self) -> None:
        """The four records."""
        people = (
            (ORGANISATION, self.cast.company),
            (OTHER, self.cast.other),
            (BUSINESS, self.cast.shop),
            (PERSON, self.cast.person()),
        )
        page = self.cast.report(*(self._penalty(mark, who) for mark, who in people))
        assert "4行已接收，没有要处理的" in page.words, page.words[:600]

    def _penalty(self, mark: str, who: Mapping[str, str]) -> dict[str, str]:
        words = {code: _SENTENCES.get(code, "{0}").format(word) for code, word in marks_of(mark).items()}
        return row(MARKS.index(mark) + 1, who, **{**_authority(self.cast), **words})

    def _kind_without_matters(self) -> OrganisationKind:
        """A kind that no matter of this law names."""
        named = {kind for matter in lookup.matters(self.cast.pack, self.cast.today) for kind in matter.askers}
        return next(kind for kind in OrganisationKind if kind.value not in named)

    def _enter(self, name: str, kind: OrganisationKind, powers: list[str]) -> Organisation:
        given: dict[str, Any] = {"actor": "account:1", "channel": "cli", "law": law(), "at": clock.now()}
        body = services.create_organisation(
            code=_code(name),
            name_zh=f"某局{name}",
            name_en=name,
            uscc="",
            kind=kind,
            level="county",
            sector="",
            **given,
        )
        for power in powers:
            services.grant_power(
                organisation=body, power=power, level="county", article=self.cast.matter.article, **given
            )
        return body

    def organisation(self, name: str = "") -> Organisation:
        """One of the matrix, or the bureau that reported."""
        return Organisation.objects.get(code=_code(name) if name else self.cast.bureau)

    def _staff(self, name: str, body: Organisation) -> None:
        """An account for each role of staff: roles exclude each other."""
        for role in sorted(STAFF):
            self.accounts[f"{name}/{role.value}"] = self._account(f"{name}.{role.value}", body, role)

    def _account(self, name: str, body: Organisation | None, *roles: Role) -> Account:
        account = services.create_account(username=_code(name), password=None, organisation=body, staff_number="M-1")
        for role in roles:
            services.grant_role(
                account=account, role=role, granted_by=None, second_by=None, channel="cli", law=law(), at=clock.now()
            )
        return account

    @property
    def subject_id(self) -> int:
        """The person's bare number."""
        known = by_identifier("id", self.cast.person_id)
        assert known is not None
        return known.subject_id

    # What the records say

    @property
    def item(self) -> ItemVersion:
        return lookup.item(self.cast.pack, "CF", self.cast.today)

    def seen(self, mark: str, channel: str, kind: str) -> set[str]:
        """The marks of a record that a channel may read, by the columns of the pack."""
        found = set()
        for one in self.item.fields:
            special = {str(key): value for key, value in one.disclosure_for.get(kind, {}).items()}
            plain = {str(key): str(value) for key, value in one.disclosure.items()}
            words = [
                str(special[column].release) if column in special else plain.get(column, "withheld")
                for column in oracle.COLUMNS[channel]
                if column != "public" or kind != "natural_person"
            ]
            if one.code in WRITTEN and max(oracle.LEVEL[word] for word in words or ["withheld"]):
                found.add(marks_of(mark)[one.code])
        return found

    def secret(self, *but: str) -> set[str]:
        """What an answer may not hold: every mark but those of ``but``, and who the persons are."""
        words = {word for mark in MARKS if mark not in but for word in (mark, *marks_of(mark).values())}
        return words | {THIRD} | (set() if PERSON in but else {self.cast.person_id, self.cast.person_name})

    # Sessions

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever a cell does is taken back."""
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    def browser(self, account: Account | None, session: str) -> Client:
        """A browser of ``account`` whose session is in the stated state; a visitor's without an account."""
        client = Client(raise_request_exception=False)
        if account is None or session == "anonymous":
            return client
        client.force_login(account)
        held = client.cookies["xinheng_session"].value
        match session:
            case "expired":
                kept = Session.objects.filter(session_key=selectors.kept_key(held))
                kept.update(expire_date=clock.now() - timedelta(seconds=1))
            case "signed out":
                client.post("/sign-out")
                client.cookies["xinheng_session"] = held
            case "forged":
                client.cookies["xinheng_session"] = secrets.token_hex(16)
            case _:
                self.mishap(account, session)
        return client

    def mishap(self, account: Account, session: str) -> None:
        """What ends an account's access without touching its session."""
        match session:
            case "account closed":
                Account.objects.filter(id=account.id).update(is_active=False)
            case "password changed":
                account = Account.objects.get(id=account.id)
                account.set_password(None)
                account.save(update_fields=["password"])
            case _ if session == ROLE_REVOKED:
                AccountRole.objects.filter(account_id=account.id).delete()
            case _:
                assert session in (SIGNED_IN, *GONE), session

    def end_link(self, account: Account) -> None:
        """The account stands for its subject no longer."""
        SubjectAccount.objects.filter(account_id=account.id).update(until_at=clock.now() - timedelta(seconds=1))

    def freeze(self) -> None:
        """The person has died."""
        freeze(subject_id=self.subject_id, ground="death", article="", actor="account:1", at=clock.now())


def entries() -> int:
    """How many entries the ledger has."""
    return LedgerEntry.objects.count()


def _authority(cast: Cast) -> dict[str, str]:
    """Who decided: the fields that `Cast.penalty` fills."""
    made = cast.penalty(1, cast.company)
    return {code: made[code] for code in ("CF_CFJG", "CF_CFJGDM", "CF_SJLY", "CF_SJLYDM")}


def _code(name: str) -> str:
    return "m_" + name.replace(" ", "_").replace(".", "_")
