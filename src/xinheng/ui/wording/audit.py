"""What is unusual about a query, and what an auditor is told when something can't be shown."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a msgid; looked up when it is shown."""
    return text


WORDS = {
    "flag.night": _("夜间"),
    "flag.night.why": _("在夜间查询：核对当时是不是值班、案件是不是急办。"),
    "flag.rest_day": _("休息日"),
    "flag.rest_day.why": _("在休息日查询：核对当天有没有这件公事。"),
    "flag.command_line": _("命令行"),
    "flag.command_line.why": _("不经网页，由能登录服务器的人用命令查询：核对是谁、谁同意的。"),
    "flag.same_person": _("同一人多个案号"),
    "flag.same_person.why": _("同一单位用多个案件编号查同一个人：核对各案是否都真有此人。"),
    "flag.case_persons": _("一案很多人"),
    "flag.case_persons.why": _("同一案件编号下查过的人超过了界限：核对当事人名单。"),
    "flag.case_matters": _("一案多事项"),
    "flag.case_matters.why": _("同一案件编号用在不同事项上：核对案卷是哪一件。"),
    "flag.misses": _("连续试查"),
    "flag.misses.why": _("短时间内多次查不认识的个人或者被拒绝：核对是不是在试号码。"),
    "flag.names": _("姓名连续不符"),
    "flag.names.why": _("短时间内填写的名称多次与代码不符：核对名单从哪里来。"),
    "flag.own_subject": _("查本人"),
    "flag.own_subject.why": _("经办人查的正是本人账号关联的主体：本人应当从“我的”查。"),
    "query_unknown": _("没有这条查询，或者内容已依法删除，或者还没有封账"),
    "review_without_words": _("没有写看过之后怎么说，没有记下"),
    "review_of_oneself": _("您自己做的查询不能由您核对，没有记下"),
    "review_holds_identifier": _("这里有身份证号、电话或者卡号，没有记下；请用台账条目和案件编号。"),
}
INSTEAD = {
    "query_unknown": _("核对条目号；刚刚发生的查询一分钟后再看。"),
    "review_of_oneself": _("请另一名审计员核对。"),
}
