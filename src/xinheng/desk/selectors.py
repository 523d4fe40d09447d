"""What waits for this account, and what may it do?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinheng.accounts.rules import AskerFacts, Role
from xinheng.accounts.selectors.rights import waiting_count as waiting_count_of_rights
from xinheng.desk.rules import Task
from xinheng.intake.rules.quality import COMPETENT, Kind
from xinheng.intake.selectors import batches, reminded, waiting_count
from xinheng.law.lookup import matters as matters_in_force
from xinheng.law.pack import Matter, Pack
from xinheng.ledger.selectors import CheckpointFacts, latest_checkpoint
from xinheng.ledger.selectors import waiting as entries_waiting
from xinheng.norms.selectors import waiting as norms_waiting
from xinheng.ui import city, format, language


def tasks(facts: AskerFacts) -> list[Task]:
    """A task for each role of the account, in the order of the roles; behind them the drafts of the catalog."""
    found = [_TASKS[role](facts) for role in Role if role in facts.roles and role in _TASKS]
    found += _quality(facts)
    return found + (_norms(facts) if facts.roles & {Role.OPERATOR, Role.REVIEWER} else [])


def matters(facts: AskerFacts, day: date, pack: Pack) -> list[Matter]:
    """The matters in which the organisation of an officer with the role may query."""
    if Role.QUERIER not in facts.roles or facts.organisation_kind is None:
        return []
    running = matters_in_force(pack, day)
    return [m for m in running if facts.organisation_kind in m.askers and (not m.powers or m.powers & facts.powers)]


def checkpoint() -> CheckpointFacts | None:
    """The newest signed state of the ledger."""
    return latest_checkpoint()


def _collect(facts: AskerFacts) -> Task:
    last = next(iter(batches(provider_id=facts.organisation_id)), None)
    if last is None:
        said = _("还没有报送过。上传双公示文件，好的行当场登记，有错的逐行告诉您。")
        return Task("records:intake", _("报送"), said, _("上传文件"))
    said = _("上一批%(name)s：接收%(a)s行，等复核%(w)s行，未接收%(r)s行。") % {
        "name": last.file_name,
        "a": last.accepted,
        "w": last.review,
        "r": last.rejected,
    }
    return Task("records:intake", _("报送"), said, _("上传文件，看以前的批次"))


def _review(facts: AskerFacts) -> Task:
    n = waiting_count(exclude_uploader=facts.account_id, provider_id=facts.organisation_id)
    said = ngettext("%(n)s行等您复核：登记、改为更正，或者退回。", "%(n)s行等您复核：登记、改为更正，或者退回。", n) % {
        "n": n
    }
    nothing = _("没有等复核的行。")
    return Task("records:review", _("复核"), said if n else nothing, _("逐行复核"), n)


def _query(facts: AskerFacts) -> Task:
    said = _("先写事项和案件编号，再看结果；每次查询都先记账。")
    return Task("disclosure:query", _("为一件公事查询"), said, _("去查询"))


def _audit(facts: AskerFacts) -> Task:
    said = _("谁查了什么、为什么、看到了什么；您看日志也会记账。")
    return Task("disclosure:log", _("披露日志"), said, _("看日志"))


def _administer(facts: AskerFacts) -> Task:
    n = waiting_count_of_rights(facts)
    if n:
        said = ngettext("%(n)s件申请等您作为第二人决定。", "%(n)s件申请等您作为第二人决定。", n) % {"n": n}
        return Task("accounts:grants", _("授予岗位和职权"), said, _("去决定"), n)
    said = _("谁有哪些岗位。做事的和审计的不在同一个账号上。")
    return Task("accounts:accounts", _("账号和岗位"), said, _("看账号"))


def _quality(facts: AskerFacts) -> list[Task]:
    """What the organisation is reminded of; for the competent department, how all report."""
    found = []
    for role, kind in ((Role.COLLECTOR, Kind.RETURNED), (Role.REVIEWER, Kind.WAITING)):
        if role in facts.roles and facts.organisation_id is not None:
            n, rows, due = reminded(provider_id=facts.organisation_id, kinds=[kind])
            if due is not None:
                found.append(_reminder(kind, n, rows, due))
    if COMPETENT in facts.powers and facts.roles & {Role.OPERATOR, Role.SUPERVISOR}:
        said = _("各单位报送的及时、准确、完整，提醒过什么，办得怎样。")
        found.append(Task("intake:providers", _("各单位报送质量"), said, _("看各单位")))
    return found


def _reminder(kind: Kind, n: int, rows: int, due: date) -> Task:
    said = {"rows": rows, "day": format.day(due, language.current())}
    if kind is Kind.WAITING:
        text = _("%(rows)s行等第二人复核太久，最早的该在%(day)s前复核。") % said
        return Task("records:review", _("提醒：复核太久"), text, _("逐行复核"), n)
    text = _("退回的%(rows)s行没有改好再报，最早的%(day)s到期。") % said
    return Task("intake:quality", _("提醒：改好再报"), text, _("看是哪些行"), n)


def _norms(facts: AskerFacts) -> list[Task]:
    """The drafts of the city's supplement that this account's organ has to do with."""
    n = norms_waiting(facts, pack=city.pack(), today=city.today())
    if n is None:
        return []
    said = ngettext("%(n)s份草案等您办。", "%(n)s份草案等您办。", n) % {"n": n} if n else _("没有等您办的草案。")
    return [Task("norms:norms", _("补充目录"), said, _("看草案"), n)]


def _operate(facts: AskerFacts) -> Task:
    n = entries_waiting()
    said = _("%(n)s条等封账。运行“xinheng ledger verify”核对台账。") % {"n": n}
    return Task("portal:ledger", _("台账"), said, _("看台账"))


_TASKS: Mapping[Role, Callable[[AskerFacts], Task]] = {
    Role.COLLECTOR: _collect,
    Role.REVIEWER: _review,
    Role.QUERIER: _query,
    Role.OPERATOR: _operate,
    Role.AUDITOR: _audit,
    Role.ADMINISTRATOR: _administer,
    Role.SUPERVISOR: _audit,
}
