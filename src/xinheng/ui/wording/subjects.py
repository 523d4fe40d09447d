"""Codes of credit subjects."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a msgid; looked up when it is shown, so that this module needs no settings."""
    return text


WORDS = {
    "subject_unknown": _("没有这个信用主体。"),
    "subject_without_identifier": _("没有代码或证件号码，认不出是哪个主体。"),
    "placeholder_identifies_nobody": _("占位号码不代表任何主体，没有建档。"),
    "identifier_of_another_kind": _("代码的种类和主体的类别不一致，没有建档。"),
    "link_unknown": _("没有这个关联。"),
    "link_ended": _("这个关联已经解除，没有再办。"),
    "link_own_self": _("这是您自己看自己档案的账号，不能在这里解除。"),
    "link_not_yours": _("只有本人、本单位能要求解除别人的关联。"),
    "link_by_competent_only": _("账号和档案的关联由主管部门的管理员解除，没有办理。"),
    "link_without_reason": _("解除关联要写明理由，没有办理。"),
    "unlink_asked": _("同样的要求已经提出，正等主管部门核对。"),
    "unlink_unknown": _("没有这件要求。"),
    "unlink_decided": _("这件要求已经办完，没有再办。"),
}

INSTEAD = {
    "subject_without_identifier": _("请报送单位补上统一社会信用代码或证件号码。"),
    "placeholder_identifies_nobody": _("请报送单位补上真实的代码。"),
    "identifier_of_another_kind": _("核对主体类别和代码，改好后再报。"),
    "link_unknown": _("回到上一页，从现有的关联里选。"),
    "link_ended": _("回到上一页，看现在还有谁能看。"),
    "link_own_self": _("不想用这个账号了，请到服务窗口办。"),
    "link_not_yours": _("请档案的本人或者单位提出。"),
    "link_by_competent_only": _("请主管部门的管理员办。"),
    "link_without_reason": _("写一句理由再提交，例如“已不是法定代表人”。"),
    "unlink_asked": _("办完以后，您下次登录会看到结果。"),
    "unlink_unknown": _("回到上一页，从现有的要求里选。"),
    "unlink_decided": _("回到上一页，看现在还有谁能看。"),
}
