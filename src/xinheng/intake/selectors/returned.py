"""Which rows went back to their sender and have not come again, and which of them is the most urgent?

Document numbers come out, nothing that identifies a person: the sender finds the row by them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import orjson
from django.db.models import Count, F, Min, QuerySet
from django.db.models.functions import TruncDate

from xinheng.intake.models import BatchState, IntakeBatch, IntakeRow, IntakeRowContent
from xinheng.intake.rules.quality import OpenRow
from xinheng.intake.rules.verdicts import RowState
from xinheng.intake.selectors.files import cells_of, place_of, sheets
from xinheng.intake.selectors.rows import item_of, open_content
from xinheng.law.items import ItemVersion
from xinheng.store.guard import across_subjects
from xinheng.ui import city

KNOWN_AGAIN = 5_000  # returned rows of one sender and item that a new batch is compared with
LISTED = 50


@dataclass(frozen=True, slots=True)
class Urgent:
    """A row that is still to be dealt with. ``number``: its document number, empty when it is not kept.

    ``place``: (sheet, row) as the sender counts. ``due_on`` None: its day of decision can't be read. ``waiting``: for a
    second person, received already.
    """

    batch_id: int
    file_name: str
    item_code: str
    row: int
    place: tuple[str, int]
    number: str
    due_on: date | None
    waiting: bool


@dataclass(frozen=True, slots=True)
class LateRows:
    """Rows of a batch that were taken in after their last day: (row, document number, last day)."""

    batch_id: int
    file_name: str
    item_code: str
    received_on: date
    count: int
    rows: tuple[tuple[tuple[str, int], str, date], ...]


def legal_day() -> TruncDate:
    """The legal day on which a batch was received."""
    return TruncDate("received_at", tzinfo=ZoneInfo(city.pack().zone))


def _open() -> QuerySet[IntakeRow]:
    return IntakeRow.objects.filter(
        state=RowState.RETURNED.value, followed_in__isnull=True, batch__state=BatchState.CLOSED
    )


@across_subjects("a provider's own rows that went back, by a partial index, limited")
def returned_rows(*, provider_id: int, item: ItemVersion) -> list[OpenRow]:
    """The rows of an item that went back to a provider and are kept, oldest first; the newest of very many."""
    number, name = item.role("document_number"), item.role("name")
    mine = _open().filter(batch__provider_id=provider_id, batch__item_code=item.code, content__isnull=False)
    ids = list(mine.order_by("-id").values_list("id", flat=True)[:KNOWN_AGAIN]) if number and name else []
    values = _values(ids)
    return [
        OpenRow(row_id, said[number], said.get(name, ""))
        for row_id, said in sorted(values.items())
        if number and name and said.get(number)
    ]


def _values(row_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    found = IntakeRowContent.objects.filter(row_id__in=list(row_ids)).values_list("row_id", "sealed")
    return {row_id: orjson.loads(open_content(row_id, bytes(sealed))[1]) for row_id, sealed in found}


@across_subjects("how many of a provider's rows went back and did not come again, by a partial index")
def returned_count(*, provider_id: int, item_code: str | None = None) -> int:
    """How many rows went back to a provider and have not come again."""
    found = _open().filter(batch__provider_id=provider_id)
    return (found if item_code is None else found.filter(batch__item_code=item_code)).count()


@across_subjects("a provider's own rows to deal with, by partial indexes, limited")
def urgent(*, provider_id: int, batch_id: int | None = None, limit: int = LISTED) -> list[Urgent]:
    """The rows that a provider has to deal with, of one batch or of all: those that went back, the earliest last day
    first and those without one last; behind them those that wait for a second person, oldest first.
    """
    waiting = IntakeRow.objects.filter(state=RowState.WAITING.value, batch__state=BatchState.CLOSED)
    rows: list[IntakeRow] = []
    for found, order in ((_open(), (F("due_on").asc(nulls_last=True), "id")), (waiting, ("id",))):
        mine = found.filter(batch__provider_id=provider_id).select_related("batch")
        mine = mine if batch_id is None else mine.filter(batch_id=batch_id)
        rows += mine.order_by(*order)[: limit - len(rows)]
    said = _values(row.id for row in rows)
    laid = {batch: (sheets(batch), item_of(batch).role("document_number")) for batch in {row.batch_id for row in rows}}
    return [
        Urgent(
            batch_id=row.batch_id,
            file_name=row.batch.file_name,
            item_code=row.batch.item_code,
            row=row.row,
            place=place_of(laid[row.batch_id][0], row.row),
            number=said.get(row.id, {}).get(laid[row.batch_id][1] or "", ""),
            due_on=row.due_on,
            waiting=row.state == RowState.WAITING,
        )
        for row in rows
    ]


@across_subjects("the first last day among a provider's rows that went back, by a partial index")
def next_due(*, provider_id: int, today: date) -> tuple[date, str] | None:
    """(the next last day from today on, its item) among rows that went back; None when there is none.

    Rows that wait were received already: the day of their receipt counts, whenever they are decided.
    """
    mine = _open().filter(batch__provider_id=provider_id, due_on__gte=today).order_by("due_on", "id")
    first = mine.values_list("due_on", "batch__item_code").first()
    return (first[0], first[1]) if first and first[0] else None


@across_subjects("what each provider has still to mend, by a partial index, counted")
def unmended() -> list[tuple[int, str, int, date | None]]:
    """(provider, item, rows that went back and did not come again, the first of their last days)."""
    found = _open().values_list("batch__provider_id", "batch__item_code")
    return list(found.annotate(n=Count("id"), first=Min("due_on")).order_by())


@across_subjects("a provider's own rows that came late, batch by batch, limited")
def late_rows(*, provider_id: int, since: date, limit: int = LISTED) -> list[LateRows]:
    """The newest batches with rows that were taken in late, from a legal day on; ``limit`` rows in all."""
    found = IntakeBatch.objects.filter(provider_id=provider_id, state=BatchState.CLOSED, late__gt=0)
    found = found.annotate(day=legal_day()).filter(day__gte=since).order_by("-received_at", "-id")
    told, left = [], limit
    for batch in found[:limit]:
        taken = (RowState.REGISTERED.value, RowState.WAITING.value)
        rows = IntakeRow.objects.filter(batch_id=batch.id, state__in=taken, due_on__lt=batch.day).order_by("row")[:left]
        due = {row.row: row.due_on for row in rows if row.due_on}
        number, laid = item_of(batch.id).role("document_number") or "", sheets(batch.id)
        cells = cells_of(batch.id, due)
        lines = tuple((place_of(laid, row), cells.get(row, {}).get(number, "").strip(), due[row]) for row in due)
        told.append(LateRows(batch.id, batch.file_name, batch.item_code, batch.day, batch.late, lines))
        left -= len(lines)
        if left <= 0:
            break
    return told
