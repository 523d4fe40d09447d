"""The verbs of the subjects: find or register, link an account and end that, freeze, forget."""

from __future__ import annotations

from xinheng.subjects.services.endings import end_link, end_or_ask, keep_link, may_end_links
from xinheng.subjects.services.pinyin import latin, name_key
from xinheng.subjects.services.registering import find_or_register, find_or_register_many
from xinheng.subjects.services.spelling import OperatorsOf, spell, spell_all, spell_earlier
from xinheng.subjects.services.standing import (
    forget_identity,
    freeze,
    link_account,
    link_demo_subjects,
    unlink_account,
)
from xinheng.subjects.services.verifying import enter_verified

__all__ = [
    "OperatorsOf",
    "end_link",
    "end_or_ask",
    "enter_verified",
    "find_or_register",
    "find_or_register_many",
    "forget_identity",
    "freeze",
    "keep_link",
    "latin",
    "link_account",
    "link_demo_subjects",
    "may_end_links",
    "name_key",
    "spell",
    "spell_all",
    "spell_earlier",
    "unlink_account",
]
