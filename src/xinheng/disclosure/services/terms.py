"""How does the content of the log of queries end on its day? (QRY-5)

The law pack says how long what an entry says is kept. Past it the body and the salt are erased under an entry of their
own, with the reviews of the query and its line; the entry, its leaf and every proof stay. If we crash, each query is
either whole or erased, and the next sweep goes on.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xinheng.disclosure.models import QueryLine, QueryReview
from xinheng.disclosure.rules import HOUSE
from xinheng.disclosure.rules.unusual import day_of
from xinheng.disclosure.services.folding import ANSWERED, READ, REVIEWED
from xinheng.law.lookup import query_log
from xinheng.law.pack import Pack
from xinheng.ledger.selectors import opened_entries
from xinheng.ledger.services import erase
from xinheng.lib.errors import Conflict

GROUND = "query_log.kept"
ACTOR = "platform"
MOST = 500  # queries erased in one sweep


def erase_ended(*, at: datetime, pack: Pack, most: int = MOST) -> int:
    """Erase what the log says of queries whose term has run out, the oldest first; how many.

    The term is that of the law in force today, counted from the legal day of the query. Lines only tell which entry to
    look at: the day is the entry's own, so that nobody has one erased by making its line older.
    """
    today = day_of(at, pack)
    rule = query_log(pack, today)
    oldest = QueryLine.objects.order_by("at", "entry_id").values_list("entry_id", "at")[:most]
    lines = [entry for entry, asked_at in oldest if rule.kept.after(day_of(asked_at, pack)) <= today]
    opened = opened_entries(lines)
    asked = {one for one, said in opened.items() if said.act in (ANSWERED, READ)}
    due = [one for one in lines if one in asked and rule.kept.after(day_of(opened[one].at, pack)) <= today]
    return sum(_erase(entry, article=HOUSE if rule.house else rule.article, at=at, law=pack.label) for entry in due)


@transaction.atomic
def _erase(entry_id: int, *, article: str, at: datetime, law: str) -> bool:
    """Erase one query with its reviews; False when another sweep is at it."""
    line = QueryLine.objects.select_for_update(skip_locked=True).filter(entry_id=entry_id).first()
    if line is None:
        return False
    for one in (entry_id, *_reviews(entry_id)):
        try:
            with transaction.atomic():
                erase(entry_id=one, ground=GROUND, article=article, actor=ACTOR, at=at, law=law)
        except Conflict as error:
            if error.code != "entry_erased_already":
                raise
    QueryReview.objects.filter(line_id=entry_id).delete()
    line.delete()
    return True


def _reviews(entry_id: int) -> list[int]:
    """The entries that review a query, by what they say themselves."""
    rows = QueryReview.objects.filter(line_id=entry_id).order_by("entry_id").values_list("entry_id", flat=True)
    opened = opened_entries(list(rows))
    return [
        number
        for number, one in opened.items()
        if one.act == REVIEWED and one.body is not None and one.body["fields"]["entry"] == str(entry_id)
    ]
