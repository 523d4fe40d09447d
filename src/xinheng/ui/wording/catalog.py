"""Words of the catalog: attributes, types, what differs between versions, and what to do about an unknown item."""

from __future__ import annotations

from xinheng.law.catalog_words import WORDS as SAID


def _(sentence: str) -> str:
    """Mark a msgid; looked up when it is shown, so that this module needs no settings."""
    return sentence


WORDS = SAID
INSTEAD = {
    "catalog_item_unknown": _("到“信用信息目录”页，从列表里选一项。网址里的代码要和列表里的一样。"),
    "catalog_version_unknown": _("到这一项的页面，从“各个版本”里选。网址里写的是版本施行的第一天，如2018-07-01。"),
}
