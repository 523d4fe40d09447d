"""Codes of the libraries of the log: checkpoints, signed notes, trees, tiles."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a msgid; looked up when it is shown."""
    return text


WORDS = {
    "checkpoint_malformed": _("检查点的格式不对。"),
    "checkpoint_of_another_log": _("检查点属于另一个台账。"),
    "checkpoint_of_another_suite": _("检查点用的是另一套算法。"),
    "leaf_outside_tree": _("这一条不在树的范围内。"),
    "sizes_out_of_order": _("前一个检查点比后一个还大，顺序反了。"),
    "peaks_do_not_fit": _("存下的树与条数不符。"),
    "range_not_aligned": _("树的这一段没有对齐。"),
    "not_canonical": _("内容里有不能写成规范形式的值，不能写入台账。"),
    "note_malformed": _("签名文件的格式不对。"),
    "key_name_malformed": _("密钥的名称格式不对。"),
    "vkey_malformed": _("核验公钥的格式不对。"),
    "vkey_not_ed25519": _("核验公钥不是Ed25519的。"),
    "note_unsigned": _("签名文件上没有这把密钥的签名。"),
    "note_forged": _("签名与内容不符。"),
    "tile_width": _("台账分片的宽度不对。"),
    "entry_too_long": _("这一条太长，导出格式放不下。"),
    "tile_malformed": _("台账分片的格式不对。"),
    "bundle_malformed": _("台账条目包的格式不对。"),
}
