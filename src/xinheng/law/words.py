"""In which Chinese sentence does the command line say an error about the law?"""

from __future__ import annotations

from collections.abc import Mapping

from xinheng.lib.errors import XinhengError

WHAT = {
    "article": "条文",
    "item": "目录项",
    "matter": "查询事项",
    "deadline": "期限",
    "person": "自然人规则",
    "ground": "依据",
    "reason": "理由",
    "power": "职权",
    "measure": "措施",
    "conduct": "行为",
    "severe": "严重失信类别",
    "severe_field": "严重失信领域",
    "calendar": "日历年份",
    "repair": "公示和修复规则",
    "query_log": "查询日志规则",
    "field": "字段",
    "class": "失信程度类别",
}
SENTENCES = {
    "pack_refused": "法规包有{count}处错误，不能使用。第一处：{first}",
    "pack_unknown": "没有法规包“{name}”",
    "no_value_in_force": "{pack}在{on}没有{what}“{name}”",
    "no_value_in_force.ever": "{pack}没有{what}“{name}”",
    "timestamp_unreadable": "看不懂时间“{text}”：请写成2026-02-28T23:59:00+08:00（不写时区时按法规包的时区）",
    "timestamp_without_zone": "时间“{text}”没有时区",
    "day_unreadable": "看不懂日期“{text}”：请写成2026-02-28",
    "period_reversed": "起始日{from_}晚于终止日{to}",
    "day_too_far": "日期{day}太远，日历只算到{limit}年",
    "file_unreadable": "读不到文件“{path}”",
    "file_unwritable": "写不了文件“{path}”：请检查法规包文件夹的权限。年度日历可能只写了一部分，重新运行一次即可补全",
    "notice_not_text": "“{path}”不是纯文本：请把通知全文复制到文本文件，按UTF-8或GB18030保存",
    "notice_source_malformed": "发文字号“{source}”写法不对：请照通知写成“国办发明电〔2026〕7号”",
    "notice_source_differs": "发文字号不一致：--source是{source}，通知里是{found}。请核对是不是同一份通知",
    "notice_unbalanced": "调休上班日与应补的天数相差{difference}天，历年通知都相等：请逐句核对“上班”日期；"
    "通知确实如此的，加--unbalanced",
    "notice_year_apart": "{year}年的日历接不上：下一个可以公布的年份是{next}年",
    "notice_contradicts": "{year}年的通知与已公布的日历有{count}天不同，没有写入：确实是更正的，加--replace",
    "law_text_refused": "法规全文有{count}处问题，没有保存",
    "used_file_missing": "没有读取记录“{path}”：先运行一遍测试",
}


def variant(code: str, params: Mapping[str, str]) -> str:
    """The sentence that fits: what a pack never holds is said without a day."""
    ever = f"{code}.ever"
    return ever if ever in SENTENCES and not params.get("on") else code


def sentence(error: XinhengError) -> str:
    """Word an error in Chinese; an unknown code is shown as it is."""
    params = dict(error.params)
    if "what" in params:
        params["what"] = WHAT.get(params["what"], params["what"])
    template = SENTENCES.get(variant(error.code, params))
    return template.format(**params) if template else error.code
