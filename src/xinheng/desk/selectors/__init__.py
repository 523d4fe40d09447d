"""What waits for this account, and what may it do? What each further role is due now stands in `dues`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinheng.accounts.rules import AskerFacts, Role
from xinheng.desk.rules import Task
from xinheng.desk.selectors import dues
from xinheng.intake.rules.quality import COMPETENT, Kind
from xinheng.intake.selectors import batches, reminded, waiting_count
from xinheng.law.lookup import matters as matters_in_force
from xinheng.law.pack import Matter, Pack
from xinheng.ledger.selectors import CheckpointFacts, latest_checkpoint
from xinheng.norms.selectors import waiting as norms_waiting
from xinheng.ui import city, format, language


def tasks(facts: AskerFacts) -> list[Task]:
    """A task for each role of the account, in the order of the roles; behind them the drafts of the catalog."""
    found = [_TASKS[role](facts) for role in Role if role in facts.roles and role in _TASKS]
    if Role.SUPERVISOR in facts.roles:
        found += dues.supervise(facts)
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


_TASKS: Mapping[Role, Callable[[AskerFacts], Task]] = {
    Role.COLLECTOR: _collect,
    Role.REVIEWER: _review,
    Role.QUERIER: dues.query,
    Role.OPERATOR: dues.operate,
    Role.AUDITOR: dues.audit,
    Role.ADMINISTRATOR: dues.administer,
}
