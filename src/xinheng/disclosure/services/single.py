"""What does everybody see of one record, at its permanent address?"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from xinheng.disclosure.rules import Reason, article, for_bulk
from xinheng.disclosure.services.counting import count_public
from xinheng.disclosure.services.public import ListedRecord, listed, organisation_of
from xinheng.law.pack import Pack
from xinheng.lib.errors import NotFound
from xinheng.records.selectors import record


def public_record(*, code: str, record_id: int, at: datetime, pack: Pack, bulk: bool = False) -> ListedRecord:
    """One record of an organisation that is public today; ``bulk``: without what exports leave out (INV-3).

    Raises NotFound ``record_not_public``, with the same article and words, for a record that ended, is not public, is
    another's or unknown, and for whatever is no organisation's code, a person's number among it (INV-4).
    """
    day = at.astimezone(pack.tz).date()
    subject = organisation_of(code)
    found: list[ListedRecord] = []
    if subject is not None:
        try:
            held = record(subject.subject_id, record_id)
        except NotFound:
            pass
        else:
            found = listed([held], day, pack, partial(for_bulk, day=day, pack=pack) if bulk else None)
    count_public([one.record.item for one in found], at=at)
    if not found:
        raise NotFound("record_not_public", article=article(pack, Reason.PUBLICITY_NOT_RUNNING, day) or None)
    return found[0]
