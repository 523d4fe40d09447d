"""Sentences about how a provider reports: reminders and what became of them."""

from __future__ import annotations


def _(sentence: str) -> str:
    """Mark a msgid; Django's own marker asks for settings, which the command line does without."""
    return sentence


WORDS = {
    "not_competent": _("各单位的报送质量由社会信用主管部门查看，您单位没有这项职权。您单位自己的在“质量”页。"),
    "month_unreadable": _("月份要写成2026-11的样子。"),
    "reminder.returned.near": _("退回的%(rows)s行还没有改好再报，%(day)s到期。"),
    "reminder.returned.passed": _("退回的%(rows)s行没有改好再报，%(day)s已到期，再报记为迟报。"),
    "reminder.waiting.passed": _("%(rows)s行等第二人复核超过%(days)s个工作日。"),
    "reminder_outcome.open": _("还没办"),
    "reminder_outcome.done": _("已办完"),
    "reminder_outcome.overtaken": _("已到期，另发提醒"),
}
