"""Which faces does a page have that no address opens: answers of a form, refusals, empty lists, things that broke?

Each state has a name, the role of who meets it, the status it comes with, and how to get there in a browser. A page
that answers a form in a new way gets a line here; `test_every_state.py` looks at all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client
from playwright.sync_api import Page

from tests.accounts.machines import administrator, law, proposed
from tests.browser.conftest import Eyes
from tests.records.rows import row, sheet
from tests.subjects.verified import proof
from tests.world import World
from xinheng.accounts import selectors, services
from xinheng.accounts.models import Account, Organisation
from xinheng.accounts.rules import Role
from xinheng.law.enums import SubjectKind
from xinheng.ledger.selectors import law_version
from xinheng.lib import clock
from xinheng.lib.codes import check
from xinheng.subjects.rules import Capacity, Scheme
from xinheng.subjects.services import find_or_register, link_account
from xinheng.ui import city

UNKNOWN = "91350100M000100Y43"
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@dataclass
class Stage:
    """What a state needs: the city, a window of its account, and a way to break things behind the pages."""

    world: World
    window: Eyes
    break_: Callable[[str, Exception], None]
    account: Account | None = None
    notes: dict[str, Any] = field(default_factory=dict)

    def open(self, address: str) -> Page:
        return self.window.open(address)

    def send(self, address: str, **answers: str) -> Page:
        """Open a page, fill its form by the names of its fields, submit it."""
        page = self.open(address)
        form = page.locator("main form[method=post]").first
        for name, value in answers.items():
            box = form.locator(f"[name={name}]")
            if value == "on":
                box.check()
            elif box.evaluate("element => element.tagName") == "SELECT":
                box.select_option(value)
            else:
                box.fill(value)
        with page.expect_navigation():
            form.locator("button").first.click()
        return page

    def ask(self, *who: str, case: str = "M-0041") -> None:
        """An official question about ``who`` for the first matter that is offered."""
        page = self.open("/desk/query")
        matter = page.locator("[name=matter] option").nth(1).get_attribute("value") or ""
        persons = [one for one in who if check(one.split()[0]).kind == "id"]
        others = [one for one in who if one not in persons]
        self.send("/desk/query", matter=matter, case_number=case, who="\n".join(others), party_list="\n".join(persons))

    def upload(self, name: str, data: bytes) -> Page:
        """Send a file of penalties."""
        page = self.open("/desk/intake")
        page.select_option("select[name=item]", "CF")
        page.set_input_files("input[type=file]", {"name": name, "mimeType": "text/csv", "buffer": data})
        page.locator("main form button[type=submit]").first.click()
        return page


@dataclass(frozen=True, slots=True)
class State:
    """``role``: a role of the city, "" for a visitor, or the name of an account that `somebody` makes."""

    name: str
    role: str
    status: int
    reach: Callable[[Stage], object]


def somebody(world: World, role: str) -> Account | None:
    """The account of a state: of a role of the city, or one made for a state that no account of the city is in."""
    if not role:
        return None
    if role in {one.value for one in Role}:
        return selectors.account_by_username(world.person(role).username)
    made = Account.objects.filter(username=role).first()
    if made is not None:
        return made
    if role == "second.admin":
        return administrator(role)
    body = Organisation.objects.order_by("-code").first() if role == "idle.reviewer" else None
    account = services.create_account(username=role, password=None, organisation=body, display_name="Example")
    kind = Role.REVIEWER if body else Role.SUBJECT
    services.grant_role(
        account=account, role=kind, granted_by=None, second_by=None, channel="cli", law=law(), at=clock.now()
    )
    if role == "empty.subject":
        version = law_version(city.pack().label)
        number = find_or_register(
            kind=SubjectKind.LEGAL_PERSON, scheme=Scheme.USCC, identifier=UNKNOWN, name="Example Trading Ltd",
            on=AT.date(), law_version=version, at=AT,
        )  # fmt: skip
        link_account(
            subject_id=number,
            account_id=account.id,
            capacity=Capacity.REPRESENTATIVE,
            verified=proof(number, clock.now()),
            at=clock.now() - timedelta(minutes=1),
        )
    return account


def _locked(stage: Stage) -> None:
    wrong = {"username": "locked.example", "password": "wrong-password"}
    for _ in range(5):
        Client().post("/sign-in", wrong)
    stage.send("/sign-in", **wrong)


def _secret(stage: Stage) -> None:
    """A second administrator puts into use what the first proposed."""
    proposed(Organisation.objects.order_by("code")[0])
    page = stage.open("/desk/clients")
    page.locator("form[action$='/grant'] button").first.click()


def _stale(stage: Stage) -> None:
    """Meanwhile another administrator decided about the same client."""
    client = proposed(Organisation.objects.order_by("code")[0])
    page = stage.open("/desk/clients")
    services.revoke_client(number=client.id, revoked_by=administrator("admin.one"), law=law(), at=AT)
    page.locator(f"form[action$='/{client.id}/grant'] button").click()


def _from_elsewhere(stage: Stage) -> None:
    page = stage.open("/sign-in")
    stage.window.context.clear_cookies(name="xinheng_csrf")
    page.locator("main form[method=post] button").first.click()


def _away(stage: Stage) -> None:
    from django.db import OperationalError

    stage.break_("xinheng.portal.selectors.promises", OperationalError("away"))
    stage.open("/service")


def _broken(stage: Stage) -> None:
    stage.break_("xinheng.portal.selectors.promises", RuntimeError("broken"))
    stage.open("/service")


def _faults(stage: Stage) -> None:
    good, bad = row("M1"), row("M2", CF_JDRQ="2027/11/12", CF_NR_FK="x")
    worse = row("M3", CF_XDR_SHXYM="9162O798MA90000116")
    stage.upload("faults.csv", sheet([good, bad, worse]))


def _mended_wrong(stage: Stage) -> None:
    _faults(stage)
    page = stage.window.page
    page.locator("main form[method=post] button[type=submit]").last.click()


STATES: tuple[State, ...] = (
    State("query granted", "querier", 200, lambda on: on.ask(on.world.places["organisation"])),
    State("query empty", "querier", 200, lambda on: on.ask(UNKNOWN)),
    State("query of several", "querier", 200, lambda on: on.ask(on.world.places["organisation"], UNKNOWN)),
    State("query refused", "querier", 403, lambda on: on.ask(UNKNOWN, case="")),
    State("query not filled in", "querier", 422, lambda on: on.send("/desk/query")),
    State("query with a code that can not be read", "querier", 422, lambda on: on.ask("123")),
    State("sign-in failed", "", 422, lambda on: on.send("/sign-in", username="nobody", password="wrong-password")),
    State("sign-in locked", "", 422, _locked),
    State("page for another role", "collector", 403, lambda on: on.open("/desk/log")),
    State("page for staff, to a subject", "subject", 403, lambda on: on.open("/desk")),
    State("form from elsewhere", "", 403, _from_elsewhere),
    State("no such page", "", 404, lambda on: on.open("/nowhere")),
    State("no such batch", "collector", 404, lambda on: on.open("/desk/intake/999999999")),
    State("no file of one's own", "no.file", 404, lambda on: on.open("/my/file")),
    State("page key unreadable", "", 422, lambda on: on.open("/publicity/CF?after=x")),
    State("decided meanwhile", "second.admin", 409, _stale),
    State("secret shown once", "second.admin", 200, _secret),
    State("own file without records", "empty.subject", 200, lambda on: on.open("/my/file")),
    State("nobody looked", "empty.subject", 200, lambda on: on.open("/my/looks")),
    State("public page without records", "", 200, lambda on: on.open(f"/subjects/{UNKNOWN}")),
    State("search without a result", "", 200, lambda on: on.open("/search?q=nosuchorganisation")),
    State("nothing to review", "idle.reviewer", 200, lambda on: on.open("/desk/review")),
    State("upload refused whole", "collector", 422, lambda on: on.upload("notes.csv", b"\x00\x01 no table")),
    State("batch with faults", "collector", 200, _faults),
    State("batch mended wrongly", "collector", 422, _mended_wrong),
    State("database away", "", 503, _away),
    State("something broke", "", 500, _broken),
)
