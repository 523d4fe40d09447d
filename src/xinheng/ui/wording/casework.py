"""Codes of clocks."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a msgid; looked up when it is shown, so that this module needs no settings."""
    return text


WORDS = {
    "clock_unknown": _("这件事没有期限“%(deadline)s”。"),
    "clock_received_earlier": _("这件事的期限已从更晚的收到时间起算，与现在说的时间不一致。"),
}

INSTEAD = {
    "clock_received_earlier": _("核对第一次收到的时间；确实更早的，先更正案件，再起算期限。"),
}
