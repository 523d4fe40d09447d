"""What does a clerk see of a row that was not taken in: which cells are wrong, what was sent, what was meant?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xinheng.intake.models import IntakeSheet
from xinheng.intake.rules.layout import resolve
from xinheng.intake.rules.masks import for_provider
from xinheng.intake.rules.suggesting import suggest
from xinheng.intake.rules.verdicts import WEIGHTS, RowState, Weight
from xinheng.intake.selectors.files import cells_of, header_of, place_of, sheet_of, sheets
from xinheng.intake.selectors.handling import rows_to_handle
from xinheng.intake.selectors.rows import FindingView, RowView, item_of
from xinheng.law.enums import FieldType
from xinheng.law.items import Field, ItemVersion
from xinheng.lib.money import money_text

# A fault that may lie in another cell than the one it is told at.
_RELATED = {
    "kind_does_not_fit_code": ("uscc",),
    "individual_business_code_not_92": ("kind",),
    "code_for_person": ("kind", "id_number"),
    "subject_unidentified": ("kind", "id_number"),
}

OPEN = (RowState.RETURNED, RowState.WAITING)


@dataclass(frozen=True, slots=True)
class FaultyCell:
    """A cell to mend. ``sent``: exactly as it stood in the file; ``shown``: with numbers of persons masked.

    ``suggested``: what was probably meant, as the column of the file states it. ``findings`` is empty for a cell that
    is offered because the fault of another may lie in it. ``hidden``: ``sent`` is the number of a person.
    """

    field: Field
    sent: str
    shown: str
    suggested: str | None
    findings: tuple[FindingView, ...]
    hidden: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A row with what is wrong with it. ``told``: findings of the whole row, or notes when nothing else is said.

    ``cells``: empty when it can't be mended cell by cell. ``whole``: every faulty cell has a suggestion.
    """

    row: RowView
    sheet: str
    number: int  # in its sheet
    whose: tuple[str, ...]
    told: tuple[FindingView, ...]
    cells: tuple[FaultyCell, ...]

    @property
    def kept(self) -> bool:
        """Whether what the row said is here."""
        return self.row.values is not None

    @property
    def open(self) -> bool:
        """Whether somebody has still to do something about it."""
        return self.row.state in OPEN

    @property
    def mendable(self) -> bool:
        """Whether it can be mended here."""
        return self.open and self.kept and any(cell.findings for cell in self.cells)

    @property
    def whole(self) -> bool:
        """Whether a suggestion mends all that is wrong."""
        faulty = [cell for cell in self.cells if cell.findings]
        return self.mendable and not self.told and all(cell.suggested is not None for cell in faulty)


def cards(batch_id: int, *, today: date, after: int = 0, limit: int | None = None) -> list[Card]:
    """The rows of a batch to handle, and those that were handled, in file order, behind row ``after``."""
    found = rows_to_handle(batch_id, after=after, limit=limit)
    if not found:
        return []
    item, tables = item_of(batch_id), sheets(batch_id)
    wanted = [row.row for row in found if row.state in OPEN and row.values is not None]
    said = cells_of(batch_id, wanted) if wanted else {}
    units = {table.n: _units(batch_id, table, item) for table in tables} if wanted else {}
    return [
        _card(
            row,
            item,
            place=place_of(tables, row.row),
            said=said.get(row.row),
            units=units.get(sheet_of(tables, row.row).n, {}),
            today=today,
        )
        for row in found
    ]


def _units(batch_id: int, table: IntakeSheet, item: ItemVersion) -> Mapping[str, str]:
    """Field code → the unit of money that the header of its column states."""
    columns = resolve(header_of(batch_id, table), item)
    return {column.field.code: column.unit for column in columns if column.field and column.unit}


def _card(
    row: RowView,
    item: ItemVersion,
    *,
    place: tuple[str, int],
    said: Mapping[str, str] | None,
    units: Mapping[str, str],
    today: date,
) -> Card:
    grave = [one for one in row.findings if WEIGHTS.get(one.code, Weight.REJECT) is not Weight.NOTE]
    faults: dict[str, list[FindingView]] = {}
    for one in grave if said is not None else ():
        if one.field in item.by_code:
            faults.setdefault(one.field, []).append(one)
    others = dict.fromkeys(code for one in grave for code in _related(one, item) if faults and code not in faults)
    cells = [
        _cell(
            item,
            code,
            said=said or {},
            faults=faults.get(code, []),
            values=row.values or {},
            unit=units.get(code, ""),
            today=today,
        )
        for code in (*faults, *others)
    ]
    in_cells = {id(one) for several in faults.values() for one in several}
    told = [one for one in grave if id(one) not in in_cells] or ([] if cells else list(row.findings))
    whose = [(row.values or {}).get(item.role(role) or "", "") for role in ("name", "document_number")]
    return Card(row, *place, tuple(part for part in whose if part), tuple(told), tuple(cells))


def _related(found: FindingView, item: ItemVersion) -> Iterator[str]:
    for role in _RELATED.get(found.code, ()):
        if code := item.role(role):
            yield code
    other = found.params.get("other")
    yield from (field.code for field in item.fields if other and field.label.zh == other)


def _cell(
    item: ItemVersion,
    code: str,
    *,
    said: Mapping[str, str],
    faults: Sequence[FindingView],
    values: Mapping[str, str],
    unit: str,
    today: date,
) -> FaultyCell:
    field, sent = item.field(code), said.get(code, "")
    meant = (suggest(item, one.code, code, sent, values, one.params, today) for one in faults)
    suggested = next((text for text in meant if text is not None), None)
    if suggested is not None and unit == "元":  # what is suggested is in 10,000 yuan, the column in yuan
        suggested = money_text(Decimal(suggested) * 10_000)
    shown = for_provider(item, {code: sent})[code]
    hidden = field.type is FieldType.IDNUMBER or shown != sent
    return FaultyCell(field, sent, shown, suggested, tuple(faults), hidden)
