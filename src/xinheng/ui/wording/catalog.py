"""Words of the catalog: attributes, types, what differs between versions, and what to do about an unknown item."""

from __future__ import annotations

from xinheng.law.catalog_words import WORDS as SAID


def _(sentence: str) -> str:
    """Mark a msgid; looked up when it is shown, so that this module needs no settings."""
    return sentence


WORDS = SAID | {
    "catalog_supplement_collides": _(
        "法规包里%(item)s自%(day)s起的版本，与本市按编制程序公布或者终止的版本冲突，这个法规包不能启用。"
        "先把平台上公布的版本和终止日原样写进法规包，再在后面加新版本；要改已公布的内容，请走编制程序。"
    ),
}
INSTEAD = {
    "catalog_item_unknown": _("到“信用信息目录”页，从列表里选一项。网址里的代码要和列表里的一样。"),
    "catalog_version_unknown": _("到这一项的页面，从“各个版本”里选。网址里写的是版本施行的第一天，如2018-07-01。"),
}
