"""How does a look at a file read, in words?"""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from xinheng.disclosure.services import Look, Seen
from xinheng.ui import wording
from xinheng.ui.language import current
from xinheng.ui.templatetags.xinheng import article, moment, timeline_entry

register = template.Library()

ACTS = {
    "disclosure.answered": gettext_noop("查询"),
    "disclosure.batch": gettext_noop("按文件查询"),
    "disclosure.refused": gettext_noop("没有受理的查询"),
    "log.read": gettext_noop("查看记录"),
    "query.reviewed": gettext_noop("核对查询"),
    "query.flagged": gettext_noop("标出异常查询"),
    "batch.accepted": gettext_noop("接收报送"),
    "batch.reviewed": gettext_noop("复核报送"),
    "batch.returned": gettext_noop("发还要改的行"),
    "record.corrected": gettext_noop("更正"),
    "record.withdrawn": gettext_noop("撤销"),
    "row.dropped": gettext_noop("取消报送一行"),
    "withdrawal.proposed": gettext_noop("提出撤回整批"),
    "withdrawal.refused": gettext_noop("不同意撤回整批"),
    "batch.withdrawn": gettext_noop("撤回整批"),
    "organisation.entered": gettext_noop("登记单位"),
    "subject.linked": gettext_noop("账号关联主体"),
    "subject.unlinked": gettext_noop("解除账号关联"),
    "unlink.refused": gettext_noop("不同意解除账号关联"),
    "subject.frozen": gettext_noop("停止披露档案"),
    "role.granted": gettext_noop("授予岗位"),
    "power.granted": gettext_noop("登记职权"),
    "role.revoked": gettext_noop("撤销岗位"),
    "power.revoked": gettext_noop("撤销职权"),
    "grant.proposed": gettext_noop("提出授予"),
    "grant.refused": gettext_noop("不同意授予"),
    "account.opened": gettext_noop("开通账号"),
    "account.closed": gettext_noop("停用账号"),
    "account.unlocked": gettext_noop("解除登录暂停"),
    "platform.founded": gettext_noop("设立最初的管理员"),
    "client.proposed": gettext_noop("提出接口账号"),
    "client.granted": gettext_noop("启用接口账号"),
    "client.revoked": gettext_noop("停用接口账号"),
    "factor.set": gettext_noop("启用动态口令"),
    "password.set": gettext_noop("改密码"),
    "password.given": gettext_noop("发一次性密码"),
    "factor.reset": gettext_noop("收回动态口令"),
    "pack.published": gettext_noop("公布法规包"),
    "norm.published": gettext_noop("公布目录项"),
    "norm.step": gettext_noop("办理补充目录"),
    "norm.closed": gettext_noop("终止目录项"),
    "sweep.done": gettext_noop("到期处理"),
    "clock.opened": gettext_noop("起算期限"),
    "clock.stopped": gettext_noop("期限内事项办结"),
    "clocks.recomputed": gettext_noop("重算期限"),
    "entry.erased": gettext_noop("依法删除台账内容"),
    "content.erased": gettext_noop("依法删除内容"),
    "heads.sealed": gettext_noop("封存各主体末条"),
    "counts.closed": gettext_noop("封存公开查询次数"),
}
RESULTS = {
    "granted": gettext_noop("有信息"),
    "empty": gettext_noop("查询期内无相关信息"),
    "refused": gettext_noop("拒绝"),
    "done": gettext_noop("已办"),
}
OWN_VERBS = {"file": gettext_noop("看了档案"), "copy": gettext_noop("复制了档案"), "looks": gettext_noop("看了谁看过")}
CAPACITIES = {
    "self": gettext_noop("本人"),
    "representative": gettext_noop("法定代表人"),
    "agent": gettext_noop("代理人"),
    "guardian": gettext_noop("监护人"),
}
DOORS = {
    "own_file": ("disclosure:own_file", "", gettext_noop("看我的信息")),
    "own_looks": ("disclosure:own_looks", "", gettext_noop("看谁看过")),
    "own_copy": ("disclosure:own_copy", "", gettext_noop("打印或存成PDF")),
    "correct": ("portal:service", "#correct", gettext_noop("怎么更正")),
    "window": ("portal:service", "", gettext_noop("到服务窗口办")),
}
UNLISTED = "matter_not_listed"
CHIPS = 24  # more labels than these are counted, not listed


@register.filter
def act_word(act: str) -> str:
    """An act of the ledger in words."""
    return _(ACTS[act]) if act in ACTS else act


@register.filter
def result_said(result: str) -> str:
    """What the asker was told, in words."""
    return _(RESULTS[result]) if result in RESULTS else ""


@register.filter
def result_word(look: Look) -> str:
    """The result of a look in words."""
    return _(RESULTS[look.result]) if look.result in RESULTS else ""


@register.filter
def capacity_word(capacity: str) -> str:
    """In which capacity an account stands for a subject, in words."""
    return _(CAPACITIES[capacity]) if capacity in CAPACITIES else ""


@register.simple_tag
def right_door(door: str) -> SafeString:
    """The page through which a right is used, as a link; nothing for a right without one."""
    if door not in DOORS:
        return format_html("")
    name, anchor, words = DOORS[door]
    return format_html('{}<a href="{}{}">{}</a>', _("　"), reverse(name), anchor, _(words))


@register.filter
def look_matter(look: Look) -> str:
    """For what matter it was asked; what the asker wrote and no law lists is told as that."""
    said = look.matter.get(current())
    if said and look.reason == UNLISTED:
        return _("法律没有列出的事项，对方写的是“%(said)s”") % {"said": said}
    return said or _("没有写")


@register.filter
def look_verb(look: Look) -> str:
    """What was done at a look, and what came of it, in words."""
    return _own_verb(look) if look.own else _verb(look)


@register.filter
def look_fields(look: Look) -> list[str]:
    """The labels that a look showed, item by item, all of them."""
    return [word for seen in look.seen for word in _words(seen, current(), most=None)]


@register.inclusion_tag("ui/parts/timeline_entry.html")
def look_entry(look: Look, account_id: int | None = None) -> dict[str, Any]:
    """One look in the timeline of a file, as this account reads it."""
    return timeline_entry(_entry(look, account_id))


def _entry(look: Look, account_id: int | None) -> dict[str, Any]:
    language = current()
    if look.erased:
        rows = [(_("台账条目"), str(look.entry_id))]
        return {"when": _when(look), "who": _("一次查询"), "verb": _("内容已依法删除"), "rows": rows}
    if look.own:
        verb = _own_verb(look)
        who = _("您自己") if account_id is None or look.actor == f"account:{account_id}" else _("能替您看的另一个账号")
        return {"when": _when(look), "who": who, "verb": verb, "self": True, "rows": _place(look)}
    refused = look.result == "refused"
    return {
        "when": _when(look),
        "who": look.organisation.get(language),
        "verb": _verb(look),
        "refused": refused,
        "rows": _rows(look, language),
        "seen": [] if refused else [word for seen in look.seen for word in _words(seen, language)],
        "unseen": [label.get(language) for seen in look.seen for label in seen.withheld][:CHIPS],
    }


def _when(look: Look) -> str:
    return moment(look.at)


def _own_verb(look: Look) -> str:
    return _(OWN_VERBS.get(look.purpose, OWN_VERBS["file"]))


def _verb(look: Look) -> str:
    if look.result == "refused":
        return _("想看，被拒绝")
    if look.result == "empty":
        return _("查了，没有看到信息")
    return _("看了%(n)s条信息") % {"n": sum(seen.records for seen in look.seen)}


def _rows(look: Look, language: str) -> list[tuple[str, str | SafeString]]:
    by = [part for part in (look.staff_number and _("工号%(n)s") % {"n": look.staff_number}, look.department) if part]
    rows: list[tuple[str, str | SafeString]] = [(_("办理人"), _("，").join(by))] if by else []
    rows.append((_("为什么事"), look_matter(look)))
    if look.case_number:
        rows.append((_("案件编号"), look.case_number))
    if look.role:
        rows.append((_("写您是本案的"), look.role))
    if look.statute:
        rows.append((_("写明的依据"), look.statute))
    if look.reason:
        cited = format_html("{}{}{}", wording.say(look.reason, {}), _("　"), article(look.article))
        rows.append((_("为什么拒绝") if look.result == "refused" else _("说明"), cited))
    elif look.article:
        rows.append((_("法律依据"), article(look.article)))
    if look.result == "refused":
        rows.append((_("看到的"), _("什么也没有看到")))
    if look.hidden > sum(len(seen.withheld) for seen in look.seen):
        rows.append((_("没有给看的"), _("共%(n)s项") % {"n": look.hidden}))
    return rows + _place(look) + [(_("觉得不对"), _complain(look))]


def _complain(look: Look) -> SafeString:
    """The way to the complaint door, with the number by which the look is named."""
    where = f"{reverse('disclosure:own_notice')}?about={look.entry_id}#complain"
    words = _("投诉这次查看")
    return format_html('<a href="{}">{}<span class="govuk-visually-hidden"> {}</span></a>', where, words, look.entry_id)


def _place(look: Look) -> list[tuple[str, str | SafeString]]:
    waiting = _("台账条目%(entry)s，一分钟内封入账页") % {"entry": look.entry_id}
    sealed = _("第%(n)s条") % {"n": (look.index or 0) + 1}
    return [(_("台账位置"), waiting if look.index is None else sealed)]


def _words(seen: Seen, language: str, most: int | None = CHIPS) -> list[str]:
    """The labels shown of one item; a list longer than ``most`` keeps its head and says how many more."""
    labels = [label.get(language) for label in seen.shown]
    labels += [_("%(label)s（部分隐去）") % {"label": label.get(language)} for label in seen.masked]
    head = _("%(item)s：%(n)s条") % {"item": seen.item.get(language), "n": seen.records}
    rest = [_("另%(n)s项") % {"n": len(labels) - most}] if most is not None and len(labels) > most else []
    return [head, *labels[:most], *rest]
