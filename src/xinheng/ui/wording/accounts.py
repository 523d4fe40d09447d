"""Codes of organisations, accounts and sign-in."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a msgid; looked up when it is shown, so that this module needs no settings."""
    return text


WORDS = {
    "sign_in_failed": _("用户名或密码不对，没有登录。"),
    "sign_in_locked": _("连续输错五次，这个用户名暂停登录，还有%(minutes)s分钟。"),
    "account_unknown": _("没有这个账号。"),
    "organisation_unknown": _("没有这个单位。"),
    "password_too_weak": _("密码太容易猜，没有保存。"),
    "power_without_article": _("权力要写明条文，没有登记。"),
    "role_conflict": _("这个岗位和账号已有的岗位不能由一人兼任，没有授予。"),
    "role_to_oneself": _("不能给自己授予岗位。"),
    "granter_not_administrator": _("授予岗位的人要是管理员。"),
    "second_person_missing": _("这个岗位要两名管理员一起授予。"),
    "second_not_administrator": _("第二个人也要是管理员。"),
    "role_not_of_staff": _("这个岗位随本人档案设立，不由管理员授予。"),
    "role_held": _("账号已经有这个岗位。"),
    "role_unknown": _("没有这个岗位记录。"),
    "role_ended": _("这个岗位已经撤销，没有再办。"),
    "watching_by_competent_only": _("审计员和监督员看全市的日志，只由主管部门的管理员授予和撤销。"),
    "account_of_another_organisation": _("这个账号不是您单位的，没有办理。"),
    "grant_not_competent": _("单位和职权由主管部门的管理员登记，没有办理。"),
    "grant_own_proposal": _("自己提出的不能自己决定，要另一名管理员决定。"),
    "grant_of_another": _("只能收回自己提出的。"),
    "grant_unknown": _("没有这件申请。"),
    "grant_decided": _("这件申请已经决定或者收回，没有再办。"),
    "grant_proposed": _("同样的申请已经提出，正等另一名管理员决定。"),
    "power_held": _("单位已经有这项职权。"),
    "power_unknown": _("没有这项职权。"),
    "power_ended": _("这项职权已经撤销，没有再办。"),
    "power_not_of_kind": _("这类单位不能有这项职权，没有办理。"),
    "power_not_of_sector": _("这项职权归别的行业主管部门，没有办理。"),
    "power_not_of_level": _("这项职权只归市级部门，没有办理。"),
    "power_changed_by_law": _("提出以后法规变了，条文或层级不同，请收回后重新提出。"),
    "username_taken": _("这个用户名已经有人用，请换一个。"),
    "organisation_taken": _("单位代号或者统一社会信用代码已经登记过。"),
    "account_closed": _("账号没有开通或者已经停用，没有办理。"),
    "account_is_open": _("账号已经开通。"),
    "account_not_locked": _("这个用户名没有暂停登录。"),
    "organisation_closed": _("单位没有启用或者已经停用，没有办理。"),
    "organisation_is_open": _("单位已经启用。"),
    "last_administrator": _("这是主管部门最后一名管理员，撤销以后谁也不能再授予，没有办理。"),
    "end_without_reason": _("撤销和停用要写明理由，没有办理。"),
    "founded_already": _("已经有管理员，不能再用这个命令设立；新的管理员由两名管理员授予。"),
    "founders_not_two": _("要正好两名管理员，两个不同的用户名。"),
    "act_unreadable": _("没有看懂要办什么，没有办理。"),
    "client_unknown": _("没有这个接口账号。"),
    "client_decided": _("这个接口账号已经启用或者停用，没有再办。"),
    "client_second_person_missing": _("提出接口账号的人不能自己启用，要另一名管理员启用。"),
    "client_locked": _("密钥连续错了五次，这个接口账号暂停领取令牌，还有%(minutes)s分钟。"),
    "token_missing": _("请求没有带令牌，没有处理。"),
    "token_invalid": _("令牌无效、过期或者已经停用，没有处理。"),
    "scope_missing": _("令牌没有“%(scope)s”的权限，没有处理。"),
    "request_running": _("同一个请求编号的请求正在处理，这一次没有处理。"),
    "demo_in_production": _("正式运行时不装入示范单位和账号。"),
}

INSTEAD = {
    "sign_in_failed": _("检查大小写和输入法，再试一次；忘了密码找本单位管理员。"),
    "sign_in_locked": _("到时间再试；急用的话找本单位管理员。"),
    "password_too_weak": _("至少十个字符，不要用常见的词，也不要用自己的用户名。"),
    "second_person_missing": _("请另一名管理员同意。"),
    "grant_own_proposal": _("请另一名管理员登录后决定。"),
    "role_conflict": _("先撤销已有的岗位，或者另开一个账号给别的人。"),
    "last_administrator": _("先由两人授予另一名管理员，再撤销这一名。"),
    "account_closed": _("先由两人开通账号。"),
    "client_second_person_missing": _("请另一名管理员登录后启用。"),
}
