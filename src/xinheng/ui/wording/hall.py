"""Codes of the hall and of the libraries below it: dates, money, clock, ids, requests."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a msgid; looked up when it is shown, so that this module needs no settings."""
    return text


WORDS = {
    "not_signed_in": _("请先登录。"),
    "role_missing": _("这一页不在您的岗位职责内，没有显示任何内容。"),
    "page_not_found": _("没有这个网址。"),
    "request_unreadable": _("浏览器发来的请求不完整，没有处理。"),
    "form_from_elsewhere": _("这张表不是从本站页面提交的，或者页面开得太久，没有处理。"),
    "method_not_allowed": _("这个网址不接受这样的请求。"),
    "too_many_requests": _("请求太频繁，暂时没有处理。"),
    "too_large": _("提交的内容超过了%(limit)s，没有收下。"),
    "length_required": _("请求没有写明内容的长度，没有收下。"),
    "service_unavailable": _("数据库暂时连不上，没有处理，也没有改动任何内容。"),
    "something_broke": _("系统出错，没有处理。已经做完的事不会丢，没做完的事没有留下一半。"),
    "input_unreadable": _("提交的内容读不懂：%(value)s。"),
    "today_set_in_production": _("正式运行时不能设定营业日期。"),
    "today_not_a_day": _("%(value)s不是一个日期。"),
    "instant_without_zone": _("时间没有写明时区。"),
    "not_a_stamp": _("%(value)s不是规定格式的时间。"),
    "integer_too_large": _("整数过大，不能写入台账。"),
    "key_not_text": _("字段名不是文字，不能写入台账。"),
    "money_unreadable": _("金额%(value)s读不懂。"),
    "day_unreadable": _("日期%(value)s读不懂。"),
    "instant_shown_as_day": _("时间不能当作日期显示。"),
    "paging_key_unreadable": _("翻页的网址不完整。"),
    "data_key_missing": _("数据密钥第%(version)s版不在钥匙文件里，内容打不开。"),
    "application_role_has_owner_rights": _("应用账号在数据库里有所有者的权力（%(rights)s），不能这样运行。"),
}

INSTEAD = {
    # where a code says nothing itself, by the status of the answer
    "status.403": _("需要的话，请本单位管理员办理。"),
    "status.404": _("检查网址有没有少字，或者从首页找。"),
    "status.409": _("重新打开这一页，看它现在的样子，再决定。"),
    "status.422": _("回到上一页，照这句话改好，再提交一次。"),
    "method_not_allowed": _("回到上一页，用页面上的按钮再办。"),
    "not_signed_in": _("登录后再做一次。"),
    "role_missing": _("需要这一页的话，请本单位管理员为您增加岗位；要两个人同意，并记入台账。"),
    "page_not_found": _("检查网址有没有少字，或者从首页找。"),
    "request_unreadable": _("回到上一页，再提交一次。"),
    "form_from_elsewhere": _("回到上一页，刷新后再提交一次。填过的内容请先复制下来。"),
    "too_many_requests": _("等一分钟再试。"),
    "too_large": _("把内容分成几份，分几次提交。"),
    "length_required": _("换一个浏览器或程序，发送时写明长度（Content-Length）。"),
    "service_unavailable": _("过一分钟再试。"),
    "something_broke": _("再试一次；仍不行，把下面的编号告诉运行单位。"),
    "paging_key_unreadable": _("从第一页重新翻。"),
}
