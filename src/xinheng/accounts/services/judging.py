"""What every change of a right asks first: one after another, by which article, and what a refusal raises."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from xinheng.accounts.rules import COMPETENT
from xinheng.law import lookup
from xinheng.law.decision import Allowed, Refused
from xinheng.law.pack import Pack
from xinheng.lib.clock import day_of
from xinheng.lib.errors import NotAllowed, RefusedByLaw

CHANNEL = "web"
_RIGHTS = 7_301_984  # any number: the one lock under which rights change, one after another


def hold_rights() -> None:
    """Let no other right change until the caller's transaction is over: who is the last administrator must not depend
    on who is faster.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_RIGHTS])


def competent_article(pack: Pack, at: datetime) -> str:
    """The article that makes one department keep the register."""
    return lookup.power(pack, COMPETENT, day_of(at, pack.zone)).article


def refuse_unless(verdict: Allowed | Refused, **params: str) -> None:
    """Raise the refusal of a rule: RefusedByLaw when an article of the law speaks, else NotAllowed."""
    if isinstance(verdict, Refused):
        if verdict.article != "H":
            raise RefusedByLaw(verdict.reason, verdict.article, **params)
        raise NotAllowed(verdict.reason, article=verdict.article, **params)
