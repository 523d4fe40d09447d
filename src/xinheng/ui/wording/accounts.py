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
    "role_conflict": _("“%(role)s”和这个账号已有的岗位不能由一人兼任，没有授予。"),
    "role_to_oneself": _("不能给自己授予岗位。"),
    "granter_not_administrator": _("授予岗位的人要是管理员。"),
    "second_person_missing": _("这个岗位要两名管理员一起授予。"),
    "second_not_administrator": _("第二个人也要是管理员。"),
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
    "account_unknown": _("核对用户名；新同事请本单位管理员开账号。"),
    "organisation_unknown": _("核对单位代码；没有登记的单位，请主管部门登记。"),
    "power_without_article": _("写明哪部法规的哪一条给了这项职权。"),
    "role_conflict": _("把这个岗位给另一个人；办事的不能又管审计。"),
    "role_to_oneself": _("请另一名管理员授予。"),
    "granter_not_administrator": _("请本单位管理员办理。"),
    "second_not_administrator": _("请另一名管理员同意。"),
    "client_unknown": _("回到接口账号的列表，从那里再选。"),
    "client_decided": _("回到接口账号的列表，看它现在的样子。"),
    "client_locked": _("到时间再试；密钥丢了，请管理员停用后重新提出。"),
    "token_missing": _("用接口账号的名称和密钥领取令牌，放在Authorization里再发。"),
    "token_invalid": _("重新领取令牌；还不行，请管理员看接口账号是否停用。"),
    "scope_missing": _("请管理员提出有这项权限的接口账号。"),
    "request_running": _("过几秒钟，用同一个请求编号再问结果。"),
    "demo_in_production": _("用管理命令登记真实的单位和账号。"),
    "sign_in_failed": _("检查大小写和输入法，再试一次；忘了密码找本单位管理员。"),
    "sign_in_locked": _("到时间再试；急用的话找本单位管理员。"),
    "password_too_weak": _("至少十个字符，不要用常见的词，也不要用自己的用户名。"),
    "second_person_missing": _("请另一名管理员同意。"),
    "client_second_person_missing": _("请另一名管理员登录后启用。"),
}
