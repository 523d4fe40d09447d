"""Words of consent and will, as an article asks them."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a msgid; looked up when it is shown, so that this module needs no settings."""
    return text


WORDS = {
    "written.not_provided": _("本市不编制"),
    "consent_rule.collection": _("采集之前"),
    "consent_rule.push": _("推送之前"),
    "consent_rule.publication": _("公开之前"),
    "consent_rule.authorisation": _("向他人提供之前"),
    "consent_rule.own_consent": _("要本人同意"),
    "consent_rule.guardian_consent": _("要监护人同意"),
    "consent_rule.will": _("要按主体的意愿"),
    "consent_rule.written": _("书面"),
    "consent_rule.recorded": _("留下记录"),
    "consent_rule.coercion": _("不得强迫"),
    "consent_rule.disguised_coercion": _("不得变相强迫"),
    "consent_rule.bundling": _("不得捆绑"),
    "consent_rule.none": _("没有例外"),
    "consent_rule.law_or_regulation": _("法律、法规另有规定的除外"),
    "consent_rule.any_time": _("随时可以撤回"),
}
