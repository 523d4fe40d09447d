"""The verbs of the subjects: find or register, link an account, freeze, forget."""

from __future__ import annotations

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
    "enter_verified",
    "find_or_register",
    "find_or_register_many",
    "forget_identity",
    "freeze",
    "latin",
    "link_account",
    "link_demo_subjects",
    "name_key",
    "spell",
    "spell_all",
    "spell_earlier",
    "unlink_account",
]
