"""What is a machine told of its batches?

Everything is read from what is stored, so a repeated request gets the same receipt. No value of a row is told, and
numbers of persons in a sentence are masked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import translation

from xinheng.intake import selectors as received
from xinheng.intake.rules.verdicts import Verdict
from xinheng.law.items import ItemVersion
from xinheng.ledger import selectors as ledger
from xinheng.ledger.rules import Receipt
from xinheng.ledger.services import promise
from xinheng.lib.clock import stamp
from xinheng.lib.errors import NotFound
from xinheng.lib.freetext import guarded
from xinheng.ui import language, wording

ROWS_SHOWN = 200
NOT_ACCEPTED = (Verdict.REVIEW, Verdict.REJECT)


def own_batch(batch_id: int, organisation_id: int) -> received.BatchView:
    """A batch of this organisation. Raises NotFound ``batch_unknown`` for another's too."""
    found = received.batch(batch_id)
    if found.provider_id != organisation_id:
        raise NotFound("batch_unknown")
    return found


def receipt(batch: received.BatchView) -> dict[str, Any]:
    """The receipt, in the words of `xinheng intake --json`: sums, and the entry of the ledger that binds the batch."""
    assert batch.entry_id is not None
    entry = ledger.entry(batch.entry_id)
    bound = Receipt(entry_id=entry.entry_id, leaf=entry.leaf, at=entry.at, act=entry.act, law=entry.law)
    return {
        "batch": str(batch.batch_id),
        "item": batch.item_code,
        "received_at": stamp(batch.received_at),
        "file_sha256": batch.file_sha256,
        "rows": batch.row_count,
        "accept": batch.accepted + batch.unchanged + batch.ended,
        "registered": batch.accepted,
        "unchanged": batch.unchanged,
        "ended": batch.ended,
        "review": batch.review,
        "reject": batch.rejected,
        "law": entry.law,
        "entry": str(entry.entry_id),
        "leaf": entry.leaf,
        "promise": promise(bound),
    }


def findings(batch: received.BatchView) -> dict[str, Any]:
    """What is wrong with the rows that were not accepted, one line for each finding, and where the rest stands."""
    shown, following = _page(batch, NOT_ACCEPTED, 0)
    item = received.item_of(batch.batch_id)
    told = [
        {"row": row.row, "verdict": row.verdict.value, **_finding(one, item)} for row in shown for one in row.findings
    ]
    return {"findings": told, "next": following}


def rows(batch: received.BatchView, verdicts: Iterable[Verdict], after: int) -> dict[str, Any]:
    """A page of rows with their findings, in the order of the file."""
    shown, following = _page(batch, tuple(verdicts), after)
    item = received.item_of(batch.batch_id)
    told = [
        {
            "row": row.row,
            "verdict": row.verdict.value,
            "state": row.state.value,
            "findings": [_finding(one, item) for one in row.findings],
        }
        for row in shown
    ]
    return {"batch": str(batch.batch_id), "rows": told, "next": following}


def _page(
    batch: received.BatchView, verdicts: tuple[Verdict, ...], after: int
) -> tuple[list[received.RowView], str | None]:
    found = received.rows(batch.batch_id, *verdicts, after=after, limit=ROWS_SHOWN + 1)
    shown = found[:ROWS_SHOWN]
    if len(found) <= ROWS_SHOWN:
        return shown, None
    asked = [("verdict", verdict.value) for verdict in verdicts] + [("after", str(shown[-1].row))]
    return shown, f"{reverse('records:api_rows', args=[batch.batch_id])}?{urlencode(asked)}"


def _finding(found: received.FindingView, item: ItemVersion) -> dict[str, Any]:
    told: dict[str, Any] = {
        "field": found.field,
        "code": found.code,
        "message": found.plain,
        "message_en": guarded(_english(found, item)),
    }
    return {**told, "article": found.article} if found.article else told


def _english(found: received.FindingView, item: ItemVersion) -> str:
    """The sentence in English, columns by their English labels."""
    labels = {field.label.zh: field.label.get(language.ENGLISH) for field in item.fields}
    with translation.override(language.ENGLISH):
        return wording.say(found.code, {name: labels.get(text, text) for name, text in found.params.items()})
