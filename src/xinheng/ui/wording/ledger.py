"""Codes of the tamper-evident log."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a msgid; looked up when it is shown, so that this module needs no settings."""
    return text


WORDS = {
    "entry_unknown": _("存证日志里没有编号为 %(entry)s 的条目。"),
    "entry_not_sealed_yet": _("条目 %(entry)s 已经记下，还没有封存。"),
    "entry_erased_already": _("条目 %(entry)s 的内容此前已经依法删除。"),
    "entry_is_kept": _("条目 %(entry)s 的内容是核验其他数据的依据，不能删除。"),
    "log_not_sealed": _("存证日志还没有任何封存的条目。"),
    "export_of_another_log": _("文件夹 %(folder)s 里存的是另一个日志，没有导出。请换一个空文件夹。"),
    "log_contradicts_checkpoint": _("存证日志和已经签名的检查点（共 %(size)s 条）不一致，停止封存。"),
    "checkpoint_contradicts_witness": _("库外已存有另一份 %(size)s 条的检查点，停止封存。"),
    "law_version_unknown": _("没有登记过法规版本 %(label)s。"),
    "sealed_data_altered": _("加密保存的内容被改动过，不能打开。"),
    "entry_malformed": _("存证条目的字节不是规定的格式。"),
    "promise_malformed": _("回执里的承诺读不出来。"),
    "act_unknown": _("“%(act)s”不是存证日志认识的行为。"),
    "law_label_malformed": _("法规版本的写法不对。"),
    "result_unknown": _("“%(result)s”不是存证日志认识的结果。"),
    "body_key_taken": _("存证条目的附加内容不能占用“%(key)s”。"),
    "no_transaction": _("存证条目必须和所记的行为在同一个事务里写入。"),
}

INSTEAD = {
    "entry_not_sealed_yet": _("通常一分钟内封存，请稍后再取证明。"),
    "log_contradicts_checkpoint": _("请运行 xinheng ledger verify 查明哪些条目被改动，并保留库外的检查点。"),
    "checkpoint_contradicts_witness": _("请运行 xinheng ledger verify 查明哪些条目被改动，并保留库外的检查点。"),
}
