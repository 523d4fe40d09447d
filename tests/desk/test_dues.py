"""What must I do now: for each role the numbers that are due, each leading to where it is done; nothing due is said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.disclosure.city import CASE, OFFICER, PERSON_ID, City
from tests.disclosure.conftest import bureau, city, officers, send
from tests.disclosure.test_doors import as_user, text_of
from tests.disclosure.test_query_lines import read
from tests.records.rows import COMPANY
from xinheng.accounts.models import Account, AccountRole, MachineClient, Organisation
from xinheng.accounts.rules import FAILURES_ALLOWED
from xinheng.accounts.services import sign_in
from xinheng.casework.services import open_clock
from xinheng.desk.rules import RUNS_WITHIN, late_sweeps
from xinheng.ledger import commands
from xinheng.ledger.models import LedgerVerification, SweepRun
from xinheng.ledger.selectors import law_version
from xinheng.ledger.services import note_sweep, note_verification, seal
from xinheng.lib import clock
from xinheng.lib.errors import NotAllowed
from xinheng.sweeps import run_sweeps

__all__ = ["bureau", "city", "officers", "send"]
pytestmark = pytest.mark.django_db
CODE = COMPANY["CF_XDR_SHXYM"]


def desk(username: str) -> str:
    answer = as_user(username).get("/desk")
    assert answer.status_code == 200
    return text_of(answer)


@pytest.mark.req("QRY-1", "ORG-1", kind="journey")
def test_the_querier_sees_how_the_own_questions_ended_and_not_whom_they_were_about(city: City) -> None:
    assert "您还没有查过" in desk(OFFICER)
    granted, _ = city.ask(CODE, PERSON_ID)
    (refused,) = city.ask(CODE, matter="market_access")
    read()
    said = desk(OFFICER)
    assert "看到1条" in said
    assert "被拒绝" in said
    for entry in (granted.entry, refused.entry):
        assert entry in said
    for hidden in (CODE, PERSON_ID, COMPANY["CF_XDR_MC"], CASE):
        assert hidden not in said
    other = next(a for a in Account.objects.filter(roles__role="querier").order_by("username") if a.username != OFFICER)
    assert granted.entry not in desk(other.username)


@pytest.mark.req("QRY-5", "ACC-1", kind="journey")
def test_the_auditor_is_told_how_many_unusual_queries_wait(city: City) -> None:
    assert "没有等着核对的异常查询" in desk("fgw.auditor")
    first, second = city.ask(CODE, channel_name="cli"), city.ask(CODE, case_number="另一件", channel_name="cli")
    read()
    said = desk("fgw.auditor")
    assert "2次异常查询还没有核对" in said
    assert "有2件事等您" in said
    for (answer,) in (first, second):
        as_user("fgw.auditor").post(f"/desk/log/{answer.entry}", {"words": "已核对"})
    assert "没有等着核对的异常查询" in desk("fgw.auditor")


@pytest.mark.req("ORG-1", "SEC-1", kind="journey")
def test_the_administrator_is_told_of_proposals_unused_accounts_and_locked_names(city: City) -> None:
    now = clock.now()
    admin = Account.objects.get(username="fgw.admin")
    organisation = Organisation.objects.get(code="scjgj")
    AccountRole.objects.update(granted_at=now)
    assert "没有等您办的提议" in desk("fgw.admin")
    for number, proposer in ((1, admin.id), (2, admin.id + 1)):
        MachineClient.objects.create(
            id=number, client_id=f"c{number}", organisation=organisation, name="系统", scopes="intake.read",
            proposed_by=proposer, proposed_at=now,
        )  # fmt: skip
    AccountRole.objects.filter(account__username__in=["scjgj.collector", "scjgj.reviewer"]).update(
        granted_at=now - timedelta(days=91)
    )
    sign_in_fails(FAILURES_ALLOWED, "scjgj.querier", now)
    said = desk("fgw.admin")
    assert "1个接口账号等第二个人同意" in said  # not the own one
    assert "2个账号90天没有人用" in said
    assert "1个用户名因多次输错密码锁定" in said
    sign_in_fails(1, "fgw.auditor", now)
    assert "1个用户名因多次输错密码锁定" in desk("fgw.admin")


def sign_in_fails(times: int, username: str, at: datetime) -> None:
    for _ in range(times):
        with pytest.raises(NotAllowed):
            sign_in(username=username, password="wrong", at=at)


@pytest.mark.req("ORG-1", "SEC-1", kind="journey")
def test_an_account_that_signed_in_is_used(city: City) -> None:
    from xinheng.accounts.services.demo import DEMO_PASSWORD

    now = clock.now()
    AccountRole.objects.update(granted_at=now - timedelta(days=91))
    before = unused()
    assert before > 5
    sign_in(username="scjgj.collector", password=DEMO_PASSWORD, at=now)
    assert unused() == before - 1


def unused() -> int:
    from xinheng.accounts.selectors import unused_accounts

    return unused_accounts(since=clock.now() - timedelta(days=90))


@pytest.mark.req("INV-8", "SEC-1", kind="journey")
def test_the_operator_is_told_of_sealing_verification_sweeps_and_disk(city: City) -> None:
    said = desk("fgw.operator")
    assert "条等封账，最早的是" in said
    assert "台账还没有核对过" in said
    assert "定时工作还没有跑过" in said
    seal(at=clock.now())
    assert set(dict(run_sweeps())) == set(SweepRun.objects.values_list("name", flat=True))
    ran = CliRunner().invoke(commands.ledger, ["verify"])
    assert ran.exit_code == 0, ran.output
    seal(at=clock.now())
    said = desk("fgw.operator")
    for sentence in ("没有等封账的条目", "最近一次核对", "定时工作都按时跑了", "磁盘还有"):
        assert sentence in said
    assert "没有等您办的事" in said
    SweepRun.objects.filter(name="ledger.seal_pending").update(at=clock.now() - timedelta(hours=1))
    LedgerVerification.objects.update(at=clock.now() - timedelta(days=8))
    said = desk("fgw.operator")
    assert "1项定时工作没有按时跑：ledger.seal_pending" in said
    assert "一周没有核对台账了" in said
    note_verification(damage=3, erased=0, at=clock.now())
    assert "核对发现改动" in desk("fgw.operator")


@pytest.mark.req("ACC-1", "INT-2", kind="journey")
def test_the_supervisor_is_told_what_is_past_its_term(city: City) -> None:
    said = desk("fgw.supervisor")
    assert "没有过了期限的事项" in said
    assert "各单位没有未办完的报送提醒" in said
    for number in range(1, 8):
        open_clock(
            case_kind="norm_round", case_id=number, deadline="objection.decide", received_at=clock.now()
            - timedelta(days=30), pack=city.pack, law_version=law_version(city.pack.label), at=clock.now(),
        )  # fmt: skip
    said = desk("fgw.supervisor")
    assert said.count("还没有往下办") == 5
    assert "还有2件也过了期限" in said
    assert "有7件事等您" in said


@pytest.mark.req("ORG-1", kind="rule")
@pytest.mark.parametrize(
    ("username", "most"),
    [(OFFICER, 1), ("fgw.auditor", 1), ("fgw.admin", 4), ("fgw.operator", 3), ("fgw.supervisor", 4)],
)
def test_a_desk_costs_the_same_few_statements_however_much_is_due(
    city: City, username: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xinheng.ui import city as law

    monkeypatch.setattr(law, "KEPT_FOR", 3600.0)  # the law is read anew each second

    def statements() -> list[Any]:
        browser = as_user(username)
        browser.get("/desk")
        with CaptureQueriesContext(connection) as seen:
            browser.get("/desk")
        return [one["sql"] for one in seen]

    empty = statements()
    for number in range(4):
        city.ask(CODE, PERSON_ID, case_number=f"第{number}件", channel_name="cli")
        note_sweep(f"room.sweep{number}", at=clock.now() - timedelta(days=1))
        open_clock(
            case_kind="norm_round", case_id=number + 1, deadline="objection.decide", received_at=clock.now()
            - timedelta(days=30), pack=city.pack, law_version=law_version(city.pack.label), at=clock.now(),
        )  # fmt: skip
    read()
    full = statements()
    assert len(full) <= len(empty) + (1 if username == "fgw.supervisor" else 0), full  # the traces of late clocks
    shell = [sql for sql in full if any(table in sql for table in ('"session"', "FROM session", "ledger_checkpoint"))]
    named = [sql for sql in full if sql not in shell]
    assert len(named) <= most + 4, named  # the session, the checkpoint and what the city's supplement asks for


def test_a_sweep_is_late_when_it_did_not_end_of_late() -> None:
    now = clock.now()
    run = {"a": now, "b": now - RUNS_WITHIN, "c": now - RUNS_WITHIN - timedelta(seconds=1)}
    assert late_sweeps(run, now) == ("c",)
    assert late_sweeps({}, now) == ()
