"""The first two administrators are made once, by whoever runs the machine, and only while there is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from tests.accounts.rights import account, organisation
from xinheng.accounts import services
from xinheng.accounts.checks import check_powers
from xinheng.accounts.commands import found
from xinheng.accounts.models import Account, AccountRole
from xinheng.accounts.rules import COMPETENT, Role
from xinheng.accounts.selectors import powers_of, rights, roles_of
from xinheng.accounts.services.founding import Founder, found_platform
from xinheng.ledger import selectors as ledger
from xinheng.ledger.verify import Damage, Verification
from xinheng.lib import clock
from xinheng.lib.errors import BadInput, Conflict, RefusedByLaw
from xinheng.ui import city

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
TWO = (Founder("first.admin", "甲", "A1"), Founder("second.admin", "乙", "A2"))


@pytest.fixture
def nobody() -> None:
    """No administrator: as a platform is before it is founded. The entries of the demo's ones go with their rows."""
    AccountRole.objects.filter(role=Role.ADMINISTRATOR.value).delete()


def founded(code: str = "newfgw", founders: tuple[Founder, ...] = TWO) -> list[tuple[str, str]]:
    return found_platform(
        code=code, name="新设主管部门（演示）", uscc="", founders=founders, user="root", pack=city.pack(), at=AT
    )


def damages() -> set[str]:
    return {one.what for one in check_powers(Verification({})) if isinstance(one, Damage)}


@pytest.mark.req("ORG-1", "ACC-1", kind="journey")
def test_two_administrators_are_made_and_can_give_rights(nobody: None) -> None:
    opened = founded()
    assert [name for name, _ in opened] == ["first.admin", "second.admin"]
    for name, password in opened:
        assert services.sign_in(username=name, password=password, at=AT).username == name
        assert roles_of(account(name).id) == {Role.ADMINISTRATOR}
    assert COMPETENT in powers_of(organisation("newfgw").id)
    assert len(rights.administrators()) == 2
    entry = ledger.entries(act="platform.founded")[0]
    assert entry.body is not None
    assert (entry.body["actor"], entry.body["accounts"]) == ("os:root", [str(account(n).id) for n, _ in opened])
    assert all(password not in str(entry.body) for _, password in opened)
    assert damages() == {"account_role_missing"}  # only what the fixture took away
    waiting = services.propose_role(
        account=account("zjj.querier"),
        role=Role.REVIEWER,
        reason="x",
        by=account("first.admin"),
        pack=city.pack(),
        at=AT,
    )
    services.grant_proposal(number=waiting.id, second=account("second.admin"), pack=city.pack(), at=AT)
    assert Role.REVIEWER in roles_of(account("zjj.querier").id)


@pytest.mark.req("ORG-1", "ACC-1", kind="refusal")
def test_where_there_is_an_administrator_nobody_is_made() -> None:
    before = Account.objects.count()
    with pytest.raises(Conflict, match="founded_already"):
        founded()
    assert Account.objects.count() == before
    assert not ledger.entries(act="platform.founded")


@pytest.mark.req("ORG-1", "ACC-1", kind="refusal")
def test_it_takes_two_and_the_right_department(nobody: None) -> None:
    for wrong in ((), TWO[:1], (TWO[0], TWO[0]), (*TWO, Founder("third", "丙", "A3"))):
        with pytest.raises(BadInput, match="founders_not_two"):
            founded(founders=wrong)
    with pytest.raises(Conflict, match="username_taken"):
        founded(founders=(TWO[0], Founder("scjgj.querier", "丁", "A4")))
    with pytest.raises(RefusedByLaw, match="power_not_of_sector"):
        founded(code="scjgj")
    assert not Account.objects.filter(username="first.admin").exists()
    founded()
    with pytest.raises(Conflict, match="founded_already"):
        founded(founders=(Founder("x.y", "戊", "A5"), Founder("x.z", "己", "A6")))


@pytest.mark.req("ORG-1", kind="journey")
def test_the_command_prints_the_passwords_once(nobody: None) -> None:
    words = ["--code", "newfgw", "--name", "新设主管部门（演示）"]
    for one in TWO:
        words += ["--admin", one.username, one.display_name, one.staff_number]
    done = CliRunner().invoke(found, words, catch_exceptions=False)
    assert done.exit_code == 0
    for one in TWO:
        line = next(line for line in done.output.splitlines() if line.startswith(one.username))
        password = line.partition("　")[2]
        assert services.sign_in(username=one.username, password=password, at=clock.now())
    with pytest.raises(Conflict, match="founded_already"):
        CliRunner().invoke(found, [*words, "--json"], catch_exceptions=False)
