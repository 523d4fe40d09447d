"""Kinds, classes and roles in words."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a msgid; looked up when it is shown, so that this module needs no settings."""
    return text


WORDS = {
    "kind.natural_person": _("自然人"),
    "kind.legal_person": _("法人"),
    "kind.unincorporated": _("非法人组织"),
    "kind.individual_business": _("个体工商户"),
    "severity.minor": _("轻微"),
    "severity.general": _("一般"),
    "severity.serious": _("严重"),
    "organ_level.city": _("市级"),
    "organ_level.county": _("区县级"),
    "organ_level.any": _("不限层级"),
    "grant_kind.role": _("岗位"),
    "grant_kind.power": _("职权"),
    "grant_kind.account": _("开通这个账号"),
    "grant_kind.organisation": _("启用单位"),
    "grant_kind.factor": _("收回动态口令"),
    "notice.factor.reset": _("您的动态口令被收回了"),
    "notice.link.ended": _("您的账号不再能看这份档案"),
    "notice.link.kept": _("您要求解除的关联没有解除"),
    "capacity.self": _("本人"),
    "capacity.representative": _("法定代表人"),
    "capacity.agent": _("代理人"),
    "capacity.guardian": _("监护人"),
    "role.collector": _("报送员"),
    "role.reviewer": _("复核员"),
    "role.querier": _("查询经办人"),
    "role.operator": _("运行人员"),
    "role.auditor": _("审计员"),
    "role.administrator": _("管理员"),
    "role.supervisor": _("监督员"),
    "role.subject": _("信用主体"),
}
