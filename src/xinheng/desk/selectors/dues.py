"""What is due now for the querier, auditor, administrator, operator and supervisor? One or two statements a card."""

from __future__ import annotations

import shutil
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinheng.accounts.rules import AskerFacts, Role
from xinheng.accounts.selectors import locked_names, proposals_waiting, unused_accounts
from xinheng.accounts.selectors.rights import reaches_all, waiting_count
from xinheng.casework.rules import ClockFacts
from xinheng.casework.selectors import open_clocks
from xinheng.desk.rules import SEALS_WITHIN, VERIFIED_WITHIN, Due, Recent, Task, late_sweeps, standing
from xinheng.disclosure.selectors import Asked, last_asked, unusual_open
from xinheng.intake.selectors import reminder_sums
from xinheng.ledger.selectors import last_verification, sweeps_run, waiting_since
from xinheng.lib import clock
from xinheng.subjects.selectors.links import asked_ends_count
from xinheng.ui import city, format, language

UNUSED_AFTER = timedelta(days=90)
LEAST_FREE = 2 * 1024**3  # as `xinheng doctor` asks for
WHERE = {"norm_round": "norms:norms"}  # kind of case -> the page where it is handled


def query(facts: AskerFacts) -> Task:
    """For the querier: ask, and what was asked of late with how it ended."""
    said = _("先写事项和案件编号，再看结果；每次查询都先记账。")
    asked = last_asked(facts.account_id, pack=city.pack())
    told = () if asked else (_("您还没有查过，或者刚查的还没有封账。"),)
    return Task(
        "disclosure:query",
        _("为一件公事查询"),
        said,
        _("去查询"),
        told=told,
        recent=tuple(_recent(one) for one in asked),
    )


def _recent(one: Asked) -> Recent:
    if one.result == "granted":
        result = ngettext("看到%(n)s条", "看到%(n)s条", one.records) % {"n": one.records}
    else:
        result = _("查询期内无相关信息") if one.result == "empty" else _("被拒绝")
    url = reverse("disclosure:kept_receipt", args=[one.entry_id])
    return Recent(one.at, one.matter.get(language.current()), result, one.entry_id, url)


def audit(facts: AskerFacts) -> Task:
    """For auditor and supervisor: the unusual queries nobody looked at."""
    n = unusual_open()
    said = _("谁查了什么、为什么、看到了什么；您看日志也会记账。")
    due = ngettext("%(n)s次异常查询还没有核对", "%(n)s次异常查询还没有核对", n) % {"n": n}
    dues = standing([Due(n, due, "oversight:log")])
    told = () if n else (_("没有等着核对的异常查询。"),)
    # only the auditor reviews: for others it is told and does not count as theirs
    count = n if Role.AUDITOR in facts.roles else None
    return Task("oversight:log", _("披露日志"), said, _("看日志"), count, dues, told)


def administer(facts: AskerFacts) -> Task:
    """For the administrator: proposals that wait for a second person, accounts nobody uses, names that are locked."""
    now = clock.now()
    asked = asked_ends_count() if reaches_all(facts) else 0
    rights, waits, unused, locked = (
        waiting_count(facts),
        proposals_waiting(facts),
        unused_accounts(since=now - UNUSED_AFTER),
        locked_names(at=now),
    )
    dues = standing(
        [
            Due(
                rights,
                ngettext("%(n)s件申请等您作为第二人决定。", "%(n)s件申请等您作为第二人决定。", rights) % {"n": rights},
                "accounts:grants",
            ),
            Due(
                waits,
                ngettext("%(n)s个接口账号等第二个人同意", "%(n)s个接口账号等第二个人同意", waits) % {"n": waits},
                "accounts:clients",
            ),
            Due(
                asked,
                ngettext("%(n)s件解除关联的要求等您核对。", "%(n)s件解除关联的要求等您核对。", asked) % {"n": asked},
                "subjects:links",
            ),
            Due(
                unused,
                ngettext("%(n)s个账号90天没有人用", "%(n)s个账号90天没有人用", unused) % {"n": unused},
                "accounts:accounts",
            ),
            Due(
                locked,
                ngettext("%(n)s个用户名因多次输错密码锁定", "%(n)s个用户名因多次输错密码锁定", locked) % {"n": locked},
                "accounts:accounts",
            ),
        ]
    )
    said = _("谁有哪些岗位。做事的和审计的不在同一个账号上。")
    told = () if dues else (_("没有等您办的提议，没有闲置或锁定的账号。"),)
    return Task("accounts:accounts", _("账号和岗位"), said, _("看账号"), sum(d.count for d in dues), dues, told)


def operate(facts: AskerFacts) -> Task:
    """For the operator: what waits for the sealer and since when, the last verification, late sweeps, the disk."""
    now, zone, tongue = clock.now(), city.pack().zone, language.current()
    waits, verified = waiting_since(), last_verification()
    ran = sweeps_run()
    late = late_sweeps(ran, now)
    free = shutil.disk_usage(settings.XINHENG_HOME).free
    told, dues = [], []
    if waits.since is None:
        told.append(_("没有等封账的条目。"))
    else:
        words = {"n": waits.count, "at": format.moment(waits.since, zone, tongue)}
        said = ngettext("%(n)s条等封账，最早的是%(at)s", "%(n)s条等封账，最早的是%(at)s", waits.count) % words
        overdue = now - waits.since > SEALS_WITHIN
        dues += [Due(waits.count, said, "portal:ledger")] if overdue else []
        told += [] if overdue else [said]
    if verified is None:
        dues.append(Due(1, _("台账还没有核对过：运行“xinheng ledger verify”"), "portal:ledger"))
    else:
        words = {"at": format.moment(verified.at, zone, tongue), "n": verified.leaves}
        if verified.damage:
            dues.append(Due(verified.damage, _("核对发现改动：%(at)s，共%(n)s条") % words, "portal:ledger"))
        elif now - verified.at > VERIFIED_WITHIN:
            dues.append(Due(1, _("一周没有核对台账了：最近一次%(at)s") % words, "portal:ledger"))
        else:
            told.append(_("最近一次核对：%(at)s，%(n)s条一致。") % words)
    if not ran:
        dues.append(Due(1, _("定时工作还没有跑过：运行“xinheng worker”")))
    elif late:
        said = ngettext("%(n)s项定时工作没有按时跑：%(names)s", "%(n)s项定时工作没有按时跑：%(names)s", len(late))
        dues.append(Due(len(late), said % {"n": len(late), "names": _("、").join(late)}))
    else:
        told.append(_("定时工作都按时跑了。"))
    amount = {"n": f"{free / 1024**3:.1f}"}
    if free < LEAST_FREE:
        dues.append(Due(1, _("磁盘只剩%(n)s GB：写不进台账时系统不答复任何查询") % amount))
    else:
        told.append(_("磁盘还有%(n)s GB。") % amount)
    said = _("封账、核对、定时工作和磁盘。")
    count = sum(due.count for due in dues)
    return Task("portal:ledger", _("台账"), said, _("看台账"), count, tuple(dues), tuple(told))


def supervise(facts: AskerFacts) -> list[Task]:
    """For the supervisor: clocks past their last day, and how providers keep theirs; the log besides."""
    today = city.today()
    late = open_clocks(due_by=today - timedelta(days=1))
    standing_now = [one for one in reminder_sums() if one.standing]
    reminded = sum(one.standing for one in standing_now)
    bodies = len({one.name_zh for one in standing_now})
    dues = [_clock(one) for one in late[:5]]
    if more := len(late) - len(dues):
        said = ngettext("还有%(n)s件也过了期限", "还有%(n)s件也过了期限", more) % {"n": more}
        dues.append(Due(more, said, "norms:norms"))
    if reminded:
        words = {"n": reminded, "bodies": bodies}
        said = ngettext(
            "报送提醒%(n)s项没有办完，涉及%(bodies)s个单位", "报送提醒%(n)s项没有办完，涉及%(bodies)s个单位", reminded
        )
        dues.append(Due(reminded, said % words, "intake:providers"))
    told = [] if late else [_("没有过了期限的事项。")]
    told += [] if reminded else [_("各单位没有未办完的报送提醒。")]
    said = _("办理期限和各单位报送是不是按时。")
    count = len(late) or (None if reminded else 0)  # reminders are for the organisations to settle
    task = Task("intake:providers", _("期限和报送"), said, _("看各单位"), count, tuple(dues), tuple(told))
    return [task, audit(facts)]


def _clock(one: ClockFacts) -> Due:
    """A clock past its last day, leading to where such cases are handled."""
    words = {"day": format.day(one.due_on, language.current())}
    said = _("征求意见期到%(day)s已满，还没有往下办") if one.case_kind in WHERE else _("有一件事应在%(day)s前办完")
    return Due(1, said % words, WHERE.get(one.case_kind, ""))
