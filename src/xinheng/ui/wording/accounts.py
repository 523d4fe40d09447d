"""Codes of organisations, accounts and sign-in."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a msgid; looked up when it is shown, so that this module needs no settings."""
    return text


WORDS = {
    "sign_in_failed": _("用户名或密码不对，没有登录。"),
    "sign_in_locked": _("连续输错五次，这个用户名暂停登录，还有%(minutes)s分钟。"),
    "sign_in_unfinished": _("登录还差一步，没有处理。"),
    "password_wrong": _("密码不对，没有办。"),
    "password_same": _("新密码和现在的一样，没有保存。"),
    "giver_not_administrator": _("发一次性密码的人要是管理员。"),
    "password_to_oneself": _("不能给自己发一次性密码。"),
    "code_wrong": _("口令不对或者已经用过。"),
    "first_code_wrong": _("口令不对，动态口令还没有启用。"),
    "factor_not_offered": _("密钥已经过期或者还没有生成，没有启用。"),
    "factor_unknown": _("这个账号没有启用动态口令。"),
    "factor_of_oneself": _("不能收回自己的动态口令，要另外两名管理员办。"),
    "resetter_not_administrator": _("收回动态口令的人要是管理员。"),
    "reset_second_person_missing": _("收回动态口令要两名管理员一起办。"),
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
    "sign_in_failed": _("检查大小写和输入法，再试一次；忘了密码找本单位管理员。"),
    "sign_in_locked": _("到时间再试；急用的话找本单位管理员。"),
    "sign_in_unfinished": _("先把登录办完，再试一次。"),
    "code_wrong": _("等手机显示下一个口令再试；手机的时间要准。"),
    "first_code_wrong": _("等手机显示下一个口令再试；手机的时间要准。"),
    "factor_not_offered": _("回到“动态口令”页，重新开始。"),
    "password_too_weak": _("至少十个字符，不要用常见的词、姓名和单位，也不要用自己的用户名。"),
    "password_same": _("另想一个。"),
    "password_to_oneself": _("在“改密码”页改自己的密码；忘了请另一名管理员发。"),
    "second_person_missing": _("请另一名管理员同意。"),
    "client_second_person_missing": _("请另一名管理员登录后启用。"),
}
