"""Reasons of the lists: why a measure or an incentive may not be applied, why dishonesty may not be determined."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a msgid; looked up when it is shown, so that this module needs no settings."""
    return text


WORDS = {
    # a row of a list
    "measure_not_in_force": _("清单里的这一项现在不适用：还没开始、已经终止，或者依据没有核对清楚而停用"),
    "measure_power_missing": _("您单位没有采取这一项的职权"),
    "measure_target_not_named": _("清单里的这一项不及于这一类主体"),
    "measure_passed_on": _("清单里的这一项只及于行为人本身，不及于有关联的人"),
    "measure_responsibility_missing": _("没有查明本人的责任，不能及于责任人员"),
    "measure_conduct_not_linked": _("清单里的这一项与这种行为没有关联"),
    "measure_too_heavy": _("超过了清单里这一项最重的程度"),
    "measure_too_long": _("没有写明截止日，或者超过了清单里这一项的最长期限"),
    "measure_reasons_missing": _("没有写明理由"),
    "measure_mandatory": _("法律规定必须采取，不能不采取"),
    "measure_not_served": _("决定书还没有送达，措施不生效"),
    "incentive_honour_missing": _("对个人的激励只能依据写明名称和授予机关的表彰，不能依据没有失信记录"),
    "incentive_consent_missing": _("没有本人的同意，不能采取这一项激励"),
    # a determination of serious dishonesty
    "severe_not_in_force": _("这一类严重失信现在不能认定：依据没有核对清楚，或者不在适用期内"),
    "severe_field_off": _("这个领域的名单停用，或者不是这一类的依据"),
    "severe_power_missing": _("您单位没有认定严重失信的职权"),
    "severe_element_missing": _("要件没有全部查明，不能认定"),
    # words of the vocabularies that the page of lists shows
    "side.incentive": _("激励措施"),
    "side.punishment": _("惩戒措施"),
    "side.severe": _("严重失信惩戒措施"),
    "list_level.national": _("国家清单"),
    "list_level.provincial": _("省级清单"),
    "list_level.city": _("本市条例"),
    "modality.may": _("可以采取"),
    "modality.one_or_more": _("采取一项或者多项"),
    "modality.shall": _("应当采取"),
    "bar.mandatory": _("法律规定必须采取，不能免除"),
    "bar.discretion": _("可以裁量，不采取的要写明理由"),
    "reaches.responsible_person": _("查明本人有责任的责任人员"),
    "weight.1": _("轻"),
    "weight.2": _("中"),
    "weight.3": _("重"),
    "founder.law": _("法律"),
    "founder.regulation": _("行政法规和地方性法规"),
    "founder.state_rule": _("国家规定"),
    "founder.provincial_rule": _("省的规定"),
    "founder.city_rule": _("市的规定"),
    "step.lead": _("发现线索"),
    "step.notice": _("事先告知"),
    "step.statement": _("陈述申辩"),
    "step.reply": _("答复申辩"),
    "step.review": _("内部复核"),
    "step.decision": _("作出决定"),
    "step.service": _("送达"),
    "step.listing": _("列入名单"),
    "step.publication_if_ordered": _("依规定公布"),
    "step.exit": _("移出名单"),
}
