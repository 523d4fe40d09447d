"""Which state marks exist?

Each mark is a drawing, a word and a colour, in this order of importance. The word is never shortened away: a disputed
record carries its mark in lists, pages, reports and in an official's result alike.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Mark:
    """``tone``: disputed (ochre), ok, bad, info, plain."""

    tone: str
    icon: str
    word: str
    when: str


MARKS = {
    "disputed": Mark("disputed", "half", _("异议处理中"), _("受理后加上，决定后去掉；凡显示该条之处都带")),
    "repaired": Mark("ok", "tick", _("已修复"), _("只在本人档案和承办人处出现；公开页面整条不显示")),
    "corrected": Mark("ok", "pen", _("已更正"), _("本人档案；点开看改了什么")),
    "withdrawn": Mark("plain", "cross", _("已撤销"), _("原决定被撤销，退出公示")),
    "ended": Mark("plain", "dash", _("公示期满"), _("到最长公示期，自动停止")),
    "expired": Mark("plain", "dash", _("已过有效期"), _("许可的有效期已过，不含贬义")),
    "erased": Mark("plain", "cross", _("内容已依法删除"), _("只剩凭证，本人和审计可见")),
    "valid": Mark("plain", "tick", _("有效"), _("许可在有效期内")),
    "self_declared": Mark("plain", "pen", _("自行申报"), _("主体自己提供，平台未核实")),
    "returned": Mark("bad", "cross", _("未接收"), _("报送行有错")),
    "accepted": Mark("ok", "tick", _("已接收"), _("报送行已登记")),
    "unchanged": Mark("plain", "dash", _("与已有相同"), _("同一条已经报过，没有重复登记")),
    "waiting": Mark("disputed", "clock", _("等第二人复核"), _("已收下，不公示，等另一人决定")),
    "mended": Mark("ok", "pen", _("已改正"), _("报送行改正后另行收下")),
    "dropped": Mark("plain", "dash", _("不报了"), _("报送人取消了这一行")),
    "new": Mark("info", "pen", _("新收到"), _("本人档案：上次看过以后登记的")),
    "record_ended": Mark("plain", "cross", _("已撤下记录"), _("报送行说决定已撤销，原记录退出公示")),
    "batch_gone": Mark("plain", "cross", _("整批已撤回"), _("报送单位撤回了整批")),
    "confirm": Mark("disputed", "warn", _("需要您确认"), _("可能有错，人来定")),
    "refused": Mark("bad", "lock", _("不能查询"), _("拒绝页")),
    "written": Mark("ok", "tick", _("已写入"), _("台账已经记下")),
    "checked": Mark("ok", "tick", _("核对一致"), _("台账核对")),
    "damaged": Mark("bad", "warn", _("核对不一致"), _("台账核对发现改动")),
    "done": Mark("ok", "tick", _("已做到"), _("法规页：条文已有测试证明")),
    "partly": Mark("disputed", "half", _("部分做到"), _("法规页：还有一部分没有证明")),
    "not_yet": Mark("plain", "dash", _("还没做到"), _("法规页：如实说明")),
    "conduct": Mark("plain", "dash", _("不要求软件做事"), _("法规页：条文约束的是人的行为")),
    "in_force": Mark("ok", "tick", _("适用"), _("清单页：这一项现在可以采取")),
    "off": Mark("plain", "lock", _("没有启用"), _("清单页和法规页：依据没有核对清楚，写明缘由")),
    "provisional": Mark("plain", "clock", _("暂定"), _("次年节假日安排未公布")),
    "suggested": Mark("plain", "pen", _("平台推定"), _("失信程度未由机关认定")),
}
