"""One person, or one house, is not two: what an insider with an account tries is refused, or verification tells it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from tests.accounts.rights import (
    AT,
    WHY,
    account,
    first,
    grant,
    local_administrator,
    pack_,
    propose_account,
    propose_role,
    second,
)
from xinheng.accounts import selectors, services
from xinheng.accounts.checks import check_powers
from xinheng.accounts.models import Account, GrantProposal, MachineClient, Organisation, OrganisationPower, Session
from xinheng.accounts.rules import Role, Scope
from xinheng.accounts.services import DEMO_PASSWORD
from xinheng.accounts.services.founding import Founder, found_platform
from xinheng.ledger.selectors import law_version
from xinheng.ledger.verify import Damage, Verification
from xinheng.lib.errors import BadInput, Conflict, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


def law() -> Any:
    return law_version(pack_().label)


def damages() -> set[str]:
    return {one.what for one in check_powers(Verification({})) if isinstance(one, Damage)}


@pytest.fixture
def two_of_zjj() -> tuple[Account, Account]:
    """Two administrators of a bureau that does not keep the register."""
    return local_administrator("zjj.one", "zjj"), local_administrator("zjj.two", "zjj")


def _body(code: str) -> Organisation:
    return selectors.organisation_by_code(code)


# Systems of another organisation --------------------------------------------------------------------------------------


@pytest.mark.req("ORG-1", "IOP-1", kind="refusal")
def test_administrators_give_no_system_to_another_organisation(two_of_zjj: tuple[Account, Account]) -> None:
    """With such a system they would report in the other's name."""
    one, two = two_of_zjj
    with pytest.raises(NotAllowed, match="account_of_another_organisation"):
        services.propose_client(
            organisation=_body("scjgj"), name="报送系统", scopes=[Scope.REPORT], proposed_by=one, at=AT
        )
    theirs = services.propose_client(
        organisation=_body("scjgj"), name="报送系统", scopes=[Scope.REPORT], proposed_by=first(), at=AT
    )
    with pytest.raises(NotAllowed, match="account_of_another_organisation"):
        services.grant_client(number=theirs.id, second_by=two, law=law(), at=AT)
    services.grant_client(number=theirs.id, second_by=second(), law=law(), at=AT)
    with pytest.raises(NotAllowed, match="account_of_another_organisation"):
        services.revoke_client(number=theirs.id, revoked_by=one, law=law(), at=AT)
    own = services.propose_client(
        organisation=_body("zjj"), name="报送系统", scopes=[Scope.REPORT], proposed_by=one, at=AT
    )
    services.grant_client(number=own.id, second_by=two, law=law(), at=AT)


@pytest.mark.req("ORG-1", "IOP-1", kind="journey")
def test_the_page_of_systems_shows_the_own_house_only(two_of_zjj: tuple[Account, Account]) -> None:
    for code in ("scjgj", "zjj"):
        services.propose_client(
            organisation=_body(code), name=f"系统{code}", scopes=[Scope.REPORT], proposed_by=first(), at=AT
        )
    client = Client()
    client.force_login(two_of_zjj[0])
    said = client.get("/desk/clients").content.decode()
    assert "系统zjj" in said
    assert "系统scjgj" not in said
    assert 'value="scjgj"' not in said
    assert selectors.proposals_waiting(selectors.account_asker(two_of_zjj[0])) == 1
    form = {"organisation": "scjgj", "name": "甲", "scopes": ["intake.report"]}
    assert client.post("/desk/clients", form).status_code == 422
    assert MachineClient.objects.filter(organisation__code="scjgj").count() == 1
    client.force_login(first())
    assert "系统scjgj" in client.get("/desk/clients").content.decode()


@pytest.mark.req("ORG-1", kind="refusal")
def test_administrators_of_a_closed_organisation_give_and_take_nothing(two_of_zjj: tuple[Account, Account]) -> None:
    own = services.propose_client(
        organisation=_body("zjj"), name="报送系统", scopes=[Scope.REPORT], proposed_by=two_of_zjj[0], at=AT
    )
    services.close_organisation(organisation_id=_body("zjj").id, reason=WHY, by=first(), pack=pack_(), at=AT)
    two = account("zjj.two")
    for act in (
        lambda: services.grant_client(number=own.id, second_by=two, law=law(), at=AT),
        lambda: services.revoke_client(number=own.id, revoked_by=two, law=law(), at=AT),
    ):
        with pytest.raises(NotAllowed):
            act()


# Passwords for those who watch ----------------------------------------------------------------------------------------


@pytest.mark.req("ORG-1", "ACC-1", kind="refusal")
def test_only_the_department_that_keeps_the_register_gives_a_password_to_who_watches(
    two_of_zjj: tuple[Account, Account],
) -> None:
    grant(propose_account("zjj.watch", staff_number="T90"))
    grant(propose_role("zjj.watch", Role.AUDITOR))
    watcher = account("zjj.watch")
    before = watcher.password
    with pytest.raises(NotAllowed, match="watching_by_competent_only"):
        services.set_one_time_password(account_id=watcher.id, set_by=two_of_zjj[0], law=law(), at=AT)
    with pytest.raises(NotAllowed, match="watching_by_competent_only"):
        services.unlock_name(account_id=watcher.id, by=two_of_zjj[0], pack=pack_(), at=AT)
    with pytest.raises(NotAllowed, match="account_of_another_organisation"):
        services.set_one_time_password(account_id=account("scjgj.querier").id, set_by=two_of_zjj[0], law=law(), at=AT)
    assert account("zjj.watch").password == before
    services.set_one_time_password(account_id=watcher.id, set_by=first(), law=law(), at=AT)


# One person with two accounts -----------------------------------------------------------------------------------------


@pytest.mark.req("ORG-1", "ACC-1", kind="refusal")
@pytest.mark.parametrize("number", ["HC1021", " hc1021 ", "ＨＣ１０２１"])
def test_nobody_gets_a_second_account_under_the_own_staff_number(number: str) -> None:
    """Two accounts of one person would be two administrators, or one who asks and one who watches."""
    one = Account.objects.exclude(staff_number="").select_related("organisation").order_by("id")[0]
    assert one.organisation is not None
    same = number.replace("HC1021", one.staff_number).replace("hc1021", one.staff_number.lower())
    if number.startswith("Ｈ"):
        same = "".join(chr(ord(c) + 0xFEE0) for c in one.staff_number)
    with pytest.raises(Conflict, match="staff_number_taken"):
        propose_account("another.name", one.organisation.code, staff_number=same)
    propose_account("another.name", "zjj", staff_number=same)  # numbers are each organisation's own


@pytest.mark.req("ORG-1", "ACC-1", kind="refusal")
def test_an_account_is_not_opened_again_beside_another_of_the_same_person() -> None:
    grant(propose_account("zjj.old", staff_number="T91"))
    services.close_account(account_id=account("zjj.old").id, reason=WHY, by=first(), pack=pack_(), at=AT)
    waits = services.propose_reopening(account=account("zjj.old"), reason=WHY, by=first(), pack=pack_(), at=AT)
    services.withdraw_proposal(number=waits.id, by=first(), at=AT)
    grant(propose_account("zjj.young", staff_number="T91"))
    with pytest.raises(Conflict, match="staff_number_taken"):
        services.propose_reopening(account=account("zjj.old"), reason=WHY, by=first(), pack=pack_(), at=AT)


@pytest.mark.req("ORG-1", kind="refusal")
def test_the_first_two_administrators_are_two_persons() -> None:
    founders = [Founder("a.one", "甲", "W1"), Founder("a.two", "乙", " w1")]
    with pytest.raises(BadInput, match="founders_not_two"):
        found_platform(code="fgw", name="发改委", uscc="", founders=founders, user="root", pack=pack_(), at=AT)


# Proposals in another's name ------------------------------------------------------------------------------------------

FORGED = """
INSERT INTO grant_proposal
 (id, kind, account_id, what, level, article, reason, proposed_by, proposed_at, decision, refusal)
 SELECT 999999, 'role', a.id, 'operator', '', '', '调岗', b.id, now(), '', ''
 FROM account a, account b WHERE a.username = 'scjgj.querier' AND b.username = 'fgw.admin'
"""


@pytest.mark.req("INV-8", "ORG-1", kind="refusal")
def test_a_proposal_that_was_written_into_the_table_is_damage() -> None:
    """An administrator with access to the tables proposes in another's name and grants it himself."""
    assert damages() == set()
    with connection.cursor() as cursor:
        cursor.execute(FORGED)
    assert damages() == {"grant_proposal_without_entry"}
    services.grant_proposal(number=999999, second=second(), pack=pack_(), at=AT)
    assert "grant_proposal_without_entry" in damages()


@pytest.mark.req("INV-8", "ORG-1", kind="refusal")
@pytest.mark.parametrize("column", ["proposed_by = 1", "reason = '别的'", "what = 'collector'"])
def test_a_proposal_that_waits_is_what_was_proposed(column: str) -> None:
    made = propose_role("ggzy.querier", Role.OPERATOR)
    assert damages() == set()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE grant_proposal SET {column} WHERE id = %s", [made.id])
    assert any(what.startswith("grant_proposal") for what in damages())


@pytest.mark.req("INV-8", "IOP-1", kind="refusal")
def test_a_system_that_was_written_into_the_table_is_damage() -> None:
    made = services.propose_client(
        organisation=_body("scjgj"), name="报送系统", scopes=[Scope.REPORT], proposed_by=first(), at=AT
    )
    assert damages() == set()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE machine_client SET proposed_by = %s WHERE id = %s", [second().id, made.id])
    assert any(what.startswith("machine_client") for what in damages())


# Sessions -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def signed_in() -> Iterator[Client]:
    client = Client()
    client.post("/sign-in", {"username": "scjgj.querier", "password": DEMO_PASSWORD})
    assert client.get("/desk").status_code == 200
    yield client


@pytest.mark.req("SEC-1", "INV-3", kind="refusal")
def test_who_reads_the_table_of_sessions_enters_with_none(signed_in: Client) -> None:
    row = Session.objects.get()
    thief = Client()
    thief.cookies["xinheng_session"] = row.session_key
    assert thief.get("/desk").status_code == 302
    assert signed_in.session.session_key not in (row.session_key, row.session_data)
    assert signed_in.get("/desk").status_code == 200


@pytest.mark.req("SEC-1", "INV-3", kind="refusal")
def test_the_content_of_a_session_opens_nothing_under_another_key(signed_in: Client) -> None:
    """Who may write the table copies the officer's signed content under a key of his own."""
    own = Client()
    own.post("/sign-in", {"username": "gongmin", "password": DEMO_PASSWORD})
    theirs, mine = (
        Session.objects.get(account_id=Account.objects.get(username=name).id) for name in ("scjgj.querier", "gongmin")
    )
    with transaction.atomic():
        Session.objects.filter(session_key=mine.session_key).update(
            session_data=theirs.session_data, account_id=theirs.account_id
        )
    assert own.get("/desk").status_code == 302


# What stays for good --------------------------------------------------------------------------------------------------

NUMBER = "620799199006200457"


@pytest.mark.req("INV-3", "PIP-1", kind="refusal")
@pytest.mark.parametrize("column", ["reason", "display_name", "department", "staff_number", "username"])
def test_no_number_of_a_person_is_entered_about_rights(column: str) -> None:
    """Entries about rights are never erased."""
    client = Client()
    client.force_login(first())
    form = {
        "username": "zjj.form", "display_name": "试一", "organisation": "zjj", "department": "窗口",
        "staff_number": "T92", "reason": WHY, column: NUMBER,
    }  # fmt: skip
    answer = client.post("/desk/accounts/new", form)
    assert answer.status_code == 422
    assert "没有保存" in answer.content.decode()
    assert not Account.objects.filter(staff_number="T92").exists()
    assert not GrantProposal.objects.exists()


@pytest.mark.req("SEC-1", kind="refusal")
def test_the_password_of_the_demo_opens_nothing_in_production(settings: Any) -> None:
    """A database that was a demo before keeps its accounts."""
    assert services.sign_in(username="fgw.admin", password=DEMO_PASSWORD, at=AT).username == "fgw.admin"
    settings.XINHENG_MODE = "production"
    with pytest.raises(NotAllowed, match="sign_in_failed"):
        services.sign_in(username="fgw.admin", password=DEMO_PASSWORD, at=AT)


@pytest.mark.req("INV-8", "ACC-1", kind="refusal")
@pytest.mark.parametrize("column", ["username", "staff_number", "display_name", "department"])
def test_an_account_is_the_person_s_for_whom_it_was_opened(column: str) -> None:
    grant(propose_account("zjj.person"))
    assert damages() == set()
    Account.objects.filter(username="zjj.person").update(**{column: "别人"})
    assert damages() == {"account_person"}


@pytest.mark.req("INV-8", "ACC-1", kind="refusal")
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("account_role", "granted_at"), ("account_role", "ended_at"), ("organisation_power", "ended_at"),
        ("grant_proposal", "proposed_at"),
    ],
)  # fmt: skip
def test_when_a_right_was_given_and_taken_is_what_the_ledger_says(table: str, column: str) -> None:
    grant(propose_account("zjj.times"))
    grant(propose_role("zjj.times", Role.COLLECTOR))
    services.close_account(account_id=account("zjj.times").id, reason=WHY, by=first(), pack=pack_(), at=AT)
    power = OrganisationPower.objects.filter(organisation__code="scjgj")[0]
    services.revoke_power(number=power.id, reason=WHY, by=first(), pack=pack_(), at=AT)
    assert damages() == set()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = {column} - interval '1 day' WHERE {column} IS NOT NULL")
        assert cursor.rowcount > 0
    assert damages() == {f"{table}_end_{column}" if column == "ended_at" else f"{table}_{column}"}


def test_unknown_numbers_stay_unknown() -> None:
    with pytest.raises(NotFound, match="client_unknown"):
        services.revoke_client(number=1, revoked_by=first(), law=law(), at=AT)
    assert not GrantProposal.objects.exists()
