"""Which rows of a batch go back to be mended, with what was found in each and what was probably meant?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from xinheng.intake.models import IntakeRow, IntakeSheet
from xinheng.intake.rules.suggesting import suggest
from xinheng.intake.rules.verdicts import WEIGHTS, RowState, Weight
from xinheng.intake.selectors.files import cells_of, place_of, sheet_of, sheets
from xinheng.intake.selectors.rows import FindingView, RowView, item_of, rows
from xinheng.intake.writing import Returned, Told, returned
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack

PART = 2_000  # rows of one sheet
# Found in rows whose cells may stand in the wrong columns, or that were read with columns this sheet does not have.
_NOT_IN_CELLS = frozenset(
    {
        *("row_too_short", "row_too_long", "stray_quote", "cell_too_long", "cell_null"),
        *("line_not_json", "line_not_object", "line_nested", "line_name_doubled", "line_unicode", "line_too_long"),
        *("old_status_unknown", "old_status_revoked", "old_status_open"),
    }
)


def parts_to_mend(batch_id: int) -> list[int]:
    """For each sheet that `returned_sheet` gives of a batch the row behind which it begins; empty: nothing to mend."""
    found = IntakeRow.objects.filter(batch_id=batch_id, state=RowState.RETURNED.value).order_by("row")
    numbers = list(found.values_list("row", flat=True))
    return [numbers[start - 1] if start else 0 for start in range(0, len(numbers), PART)]


def returned_sheet(batch_id: int, *, pack: Pack, today: date, after: int = 0, waiting: bool = False) -> bytes:
    """The rows that were not taken in, behind row ``after``, as a workbook with their faults marked; at most `PART`.

    ``waiting``: those that wait for a second person too. It holds what the sender wrote, identifiers of persons among
    it: only for the provider who sent the batch.
    """
    item = item_of(batch_id)
    states = (RowState.RETURNED, RowState.WAITING) if waiting else (RowState.RETURNED,)
    found = rows(batch_id, states=states, after=after, limit=PART, masked=False)
    kept = cells_of(batch_id, [row.row for row in found])
    tables = sheets(batch_id)
    made = [_returned(row, kept.get(row.row), tables, item, today) for row in found]
    return returned(item, made, pack=pack)


def _returned(
    row: RowView, cells: Mapping[str, str] | None, tables: Sequence[IntakeSheet], item: ItemVersion, today: date
) -> Returned:
    sheet, place = place_of(tables, row.row)
    values = row.values or {}
    if cells is None or any(found.code in _NOT_IN_CELLS for found in row.findings):
        return Returned(place, sheet, None, tuple(_told(row.findings, {}, {}, item, today)))
    columns = sheet_of(tables, row.row).columns.split(",")
    filled = {code: text for code, text in values.items() if code not in columns}  # what the old layout left to us
    return Returned(place, sheet, {**filled, **cells}, tuple(_told(row.findings, cells, values, item, today)))


def _told(
    findings: Collection[FindingView],
    cells: Mapping[str, str],
    values: Mapping[str, str],
    item: ItemVersion,
    today: date,
) -> list[Told]:
    """What decided about the row; mere notes are left out."""
    return [
        Told(
            field=found.field,
            says=found.plain,
            meant=suggest(item, found.code, found.field, cells.get(found.field, ""), values, found.params, today),
            article=found.article or "",
            review=WEIGHTS.get(found.code) is Weight.REVIEW,
        )
        for found in findings
        if WEIGHTS.get(found.code, Weight.REJECT) is not Weight.NOTE
    ]
