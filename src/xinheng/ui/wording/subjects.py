"""Codes of credit subjects."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a msgid; looked up when it is shown, so that this module needs no settings."""
    return text


WORDS = {
    "subject_unknown": _("没有这个信用主体。"),
    "subject_without_identifier": _("没有代码或证件号码，认不出是哪个主体。"),
    "placeholder_identifies_nobody": _("占位号码不代表任何主体，没有建档。"),
    "identifier_of_another_kind": _("代码的种类和主体的类别不一致，没有建档。"),
}

INSTEAD = {
    "subject_without_identifier": _("请报送单位补上统一社会信用代码或证件号码。"),
    "placeholder_identifies_nobody": _("请报送单位补上真实的代码。"),
    "identifier_of_another_kind": _("核对主体类别和代码，改好后再报。"),
}
