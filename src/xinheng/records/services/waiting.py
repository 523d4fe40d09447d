"""What becomes of a row that waits for a second person already and is sent again? (INT-1)

The same row waits once: whoever sends it again is told where, and nobody has to decide it twice. A row that says
anything else waits beside it.
"""

from __future__ import annotations

from dataclasses import replace

from xinheng.intake.rules import RowResult, Verdict
from xinheng.intake.rules.check import Judged
from xinheng.intake.rules.verdicts import WAITS, Finding, Weight
from xinheng.intake.selectors import Waits, waiting_by_decision
from xinheng.law.items import ItemVersion
from xinheng.records.services.judging import natural_keys, same_content


def told_where_they_wait(judged: Judged, *, item: ItemVersion, provider_id: int) -> Judged:
    """The block in which rows that would wait a second time say where they wait."""
    asked = {row.row: natural_keys(item, row.values) for row in judged.results if row.verdict is Verdict.REVIEW}
    if not asked:
        return judged
    waits = waiting_by_decision([key for keys in asked.values() for key in keys], provider_id=provider_id)
    results = []
    for row in judged.results:
        places = (place for key in asked.get(row.row, ()) for place in waits.get(key, ()))
        same = next((place for place in places if same_content(item, row.values, place.values)), None)
        results.append(row if same is None else _answered(row, same))
    return Judged(judged.clean, results)


def _answered(row: RowResult, where: Waits) -> RowResult:
    notes = [one for one in row.findings if one.effect is Weight.NOTE]
    place = {"batch": str(where.batch_id), "row": str(where.row)}
    return replace(row, verdict=Verdict.ACCEPT, findings=(*notes, Finding("", WAITS, place)))
