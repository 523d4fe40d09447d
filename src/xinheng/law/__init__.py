"""The law as data: which value of which article is in force on a day, and what follows from it?

Pure: no Django, no clock, no environment. Packs under ``lawpacks/`` are read by `xinheng.law.loader`; every other room
asks `xinheng.law.lookup` and never a pack file.
"""

from __future__ import annotations

from xinheng.law.citation import cite
from xinheng.law.decision import Allowed, Decision, Refused
from xinheng.law.enums import SubjectKind
from xinheng.law.errors import Finding, NoValueInForce, PackError
from xinheng.law.loader import check, load
from xinheng.law.pack import Bilingual, Pack

__all__ = [
    "Allowed",
    "Bilingual",
    "Decision",
    "Finding",
    "NoValueInForce",
    "Pack",
    "PackError",
    "Refused",
    "SubjectKind",
    "check",
    "cite",
    "load",
]
