"""Which rows of a batch are left to handle, which were mended where, and who wants the whole batch back?"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from django.db.models import Count, Q

from xinheng.intake.models import IntakeBatch, IntakeRow, IntakeRowKey, IntakeSheet, IntakeWithdrawal, WithdrawalState
from xinheng.intake.rules.verdicts import RowState, Verdict
from xinheng.intake.selectors.files import header_of, records_of, sheet_of, sheets
from xinheng.intake.selectors.rows import LISTED, RowView, views_of
from xinheng.lib.errors import NotFound
from xinheng.store.guard import across_subjects

SHOWN = Q(verdict__in=[Verdict.REVIEW.value, Verdict.REJECT.value]) | Q(state=RowState.WITHDREW.value)


@dataclass(frozen=True, slots=True)
class MendedFile:
    """A file that says rows of one table again, mended: the header as sent, then ``rows`` in their order."""

    name: str
    data: bytes
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A proposal to withdraw a batch. ``state``: proposed, confirmed or refused; ``answer``: why it was decided so."""

    number: int
    batch_id: int
    file_name: str
    item_code: str
    state: str
    reason: str
    proposed_by: int
    proposed_at: datetime
    answer: str
    decided_by: int | None
    decided_at: datetime | None
    decided_entry_id: int | None


def rows_to_handle(batch_id: int, *, after: int = 0, limit: int | None = None) -> list[RowView]:
    """The rows of a batch behind row ``after`` that were not simply registered, handled ones too, in file order."""
    found = IntakeRow.objects.filter(SHOWN, batch_id=batch_id, row__gt=after).order_by("row")
    return views_of(batch_id, list(found[:limit]))


def handled(batch_id: int) -> Mapping[RowState, int]:
    """How many of those rows stand in which state."""
    counted = IntakeRow.objects.filter(SHOWN, batch_id=batch_id).values_list("state").annotate(n=Count("id"))
    return dict.fromkeys(RowState, 0) | {RowState(state): n for state, n in counted}


def mended_by(batch_id: int) -> list[IntakeBatch]:
    """The batches that say rows of this one again, oldest first."""
    return list(IntakeBatch.objects.filter(mends=batch_id).order_by("id"))


def mended_files(batch_id: int, changes: Mapping[int, Mapping[str, str]]) -> list[MendedFile]:
    """Files that say rows of a batch again with other cells, one for each table of the batch.

    ``changes``: row → field code → the new cell, as the column of the file states it. A field without a column gets
    one. Raises NotFound ``row_unknown`` when what a row said was not kept.
    """
    found, told = sheets(batch_id), records_of(batch_id, changes)
    name = IntakeBatch.objects.values_list("file_name", flat=True).get(pk=batch_id)
    of_sheet: dict[int, list[int]] = {}
    for row in sorted(changes):
        if row not in told or told[row].stray:
            raise NotFound("row_unknown")
        of_sheet.setdefault(sheet_of(found, row).n, []).append(row)
    return [
        MendedFile(
            f"{PurePath(name).stem}-改正.csv",
            _written(batch_id, found[n], [(told[row].cells, changes[row]) for row in rows]),
            tuple(rows),
        )
        for n, rows in sorted(of_sheet.items())
    ]


def _written(batch_id: int, sheet: IntakeSheet, rows: Sequence[tuple[list[str], Mapping[str, str]]]) -> bytes:
    header, columns = header_of(batch_id, sheet), sheet.columns.split(",")
    missing = list(dict.fromkeys(code for _, changed in rows for code in changed if code not in columns))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*header, *missing])
    for cells, changed in rows:
        said = [*cells[: len(columns)], *[""] * (len(columns) - len(cells) + len(missing))]
        writer.writerow(
            [changed.get(code, cell) if code else cell for code, cell in zip([*columns, *missing], said, strict=True)]
        )
    return out.getvalue().encode()


def decisions_of_reviewed(batch_id: int) -> list[str]:
    """Digests of the natural keys of the rows of a batch that a second person accepted."""
    keys = IntakeRowKey.objects.filter(
        row__batch_id=batch_id,
        row__state=RowState.REGISTERED.value,
        row__verdict=Verdict.REVIEW.value,
        key__startswith="decision:",
    )
    return sorted(key.removeprefix("decision:") for key in keys.values_list("key", flat=True))


def withdrawal(batch_id: int) -> Withdrawal | None:
    """The last proposal to withdraw a batch, None when there is none."""
    found = IntakeWithdrawal.objects.select_related("batch").filter(batch_id=batch_id).order_by("-id").first()
    return None if found is None else _view(found)


@across_subjects("the work list of reviewers: proposals of one organisation, a handful")
def proposals(*, provider_id: int, limit: int = LISTED) -> list[Withdrawal]:
    """The open proposals of an organisation, oldest first."""
    found = IntakeWithdrawal.objects.select_related("batch").filter(
        state=WithdrawalState.PROPOSED, batch__provider_id=provider_id
    )
    return [_view(one) for one in found.order_by("id")[:limit]]


def _view(found: IntakeWithdrawal) -> Withdrawal:
    same = {name: getattr(found, name) for name in Withdrawal.__dataclass_fields__ if hasattr(found, name)}
    return Withdrawal(number=found.id, file_name=found.batch.file_name, item_code=found.batch.item_code, **same)
