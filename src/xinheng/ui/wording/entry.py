"""Codes of persons and organisations whom somebody else verifies."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a msgid; looked up when it is shown, so that this module needs no settings."""
    return text


WORDS = {
    "verification_failed": _("核验没有完成，或者结果不是给这一次登录的，没有登录。"),
    "verification_unreachable": _("身份核验平台没有回应，没有登录。"),
    "verification_level": _("核验的等级不够，没有登录。请用刷脸或者网证等更高等级的方式核验。"),
    "verification_nobody": _("核验结果里没有能认的证件号或者信用代码，没有登录。"),
    "verified_another": _("核验的不是这个主体，没有关联。"),
}
