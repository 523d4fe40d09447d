"""Codes of the credit record: what forbids a change, and what may be found wrong by verification."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a msgid; looked up when it is shown, so that this module needs no settings."""
    return text


WORDS = {
    "item_not_by_machine": _("目录没有把“%(item)s”列为接口报送，请上传文件。"),
    "idempotency_key_missing": _("请求没有写请求编号（Idempotency-Key），没有处理。"),
    "idempotency_key_unreadable": _("请求编号（Idempotency-Key）要用1到255个可见的ASCII字符，没有处理。"),
    "idempotency_key_reused": _("这个请求编号已经用在另一份内容上，这一次没有处理。"),
    "content_type_unknown": _("不接受这种内容类型；可以用：%(kinds)s。"),
    "content_coding_unknown": _("不接受压缩的内容，没有处理。"),
    "body_cut_short": _("收到的内容比写明的长度短，没有处理。"),
    "verdict_unknown": _("结论只能是accept、review、reject。"),
    "revoked_by_authority": _("作出决定的机关撤销了决定，报送单位报告后当即撤下，不再公示、共享和使用。"),
    "batch_withdrawn": _("报送单位撤回了整批报送，这条记录随之撤下，不再公示、共享和使用。"),
    "batch_taken_back": _("这一批已经由报送单位撤回，不能再处理。"),
    "mending_wrong_again": _("改过的行还有错，没有提交。"),
    "row_handled_meanwhile": _("第%(row)s行刚刚由别人处理过了，这一次什么都没有提交。"),
    "withdrawal_proposed": _("已经有人提出撤回这一批，等第二人决定。"),
    "withdrawal_unknown": _("没有人提出撤回这一批，或者已经决定过了。"),
    "withdrawal_decided": _("撤回已经决定过了。"),
    "record_unknown": _("没有这条记录。"),
    "record_state": _("这条记录已经结束，不能这样改。"),
    "reason_missing": _("没有写理由，没有办理。"),
    "reason_holds_identifier": _("理由里有号码，可能是个人的，没有办理。"),
    "correction_names_another_subject": _("更正后的内容说的是另一个主体，没有更正。"),
    "natural_key_of_another_record": _("更正后的文号已经是另一条记录的，没有更正。"),
    "record_of_another_provider": _("这条记录是别的单位报送的，没有更正。"),
    "registered_meanwhile": _("这一行刚刚被登记过，没有重复登记。"),
    "batch_raced": _("同一些行正被另一批登记，这一批没有收下。"),
    "batch_without_returned_rows": _("这个批次没有要改的行。"),
    "outcome_unknown": _("只能接受或者退回。"),
    "history_empty": _("这条记录没有历史。"),
    "history_has_gap": _("这条记录的历史缺了一环。"),
    "history_start": _("这条记录的历史不是从登记开始的。"),
    "history_act_and_state": _("这条记录的历史里，动作和状态对不上。"),
    "history_origin_changed": _("这条记录的来源在历史里变了。"),
    "history_content_changed": _("这条记录的内容在历史里变了，却没有更正。"),
    "history_transition": _("这条记录的历史里有一步不可能发生。"),
}

INSTEAD = {
    "reason_missing": _("写明依据的事实，再办一次。"),
    "reason_holds_identifier": _("用文号指明，不要写身份证号、卡号、电话号码。"),
    "correction_names_another_subject": _("撤回这条记录，再为另一个主体登记。"),
    "record_of_another_provider": _("退回这一行，请报送那条记录的单位更正。"),
    "registered_meanwhile": _("重新打开这一行，看它现在的样子。"),
    "batch_raced": _("过一分钟再报一次。"),
    "row_handled_meanwhile": _("重新打开这一批，看它现在的样子，再处理其余的行。"),
    "withdrawal_unknown": _("重新打开这一批，看它现在的样子。"),
}
