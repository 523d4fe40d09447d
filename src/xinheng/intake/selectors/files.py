"""What did the file say, cell by cell, exactly as it was sent?"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from xinheng.intake.models import IntakeChunk, IntakeRow, IntakeSheet
from xinheng.intake.rules.places import chunk_place
from xinheng.intake.rules.reader import Record, records
from xinheng.store import crypto


def sheets(batch_id: int) -> list[IntakeSheet]:
    """The tables of a batch in their order."""
    return list(IntakeSheet.objects.filter(batch_id=batch_id).order_by("n"))


def sheet_of(found: Sequence[IntakeSheet], row: int) -> IntakeSheet:
    """The table that holds a row number of the batch."""
    return next(sheet for sheet in reversed(found) if row > sheet.shift or sheet is found[0])


def place_of(found: Sequence[IntakeSheet], row: int) -> tuple[str, int]:
    """(sheet, row in it) as the sender counts: the name is empty when the file is one table."""
    sheet = sheet_of(found, row)
    return (sheet.name if len(found) > 1 else ""), row - sheet.shift


def file_text(batch_id: int) -> str:
    """The text of the file as kept, its tables one behind the other: what must not be kept, or was erased, is blank."""
    pieces = IntakeChunk.objects.filter(batch_id=batch_id).order_by("n")
    return b"".join(_open(piece) for piece in pieces).decode()


def cells_of(batch_id: int, rows: Collection[int]) -> dict[int, dict[str, str]]:
    """Row number → field code → the cell exactly as it stood in the file; rows whose content is not kept are absent.

    Cells may hold identifiers of persons: only for the provider who sent them.
    """
    found = sheets(batch_id)
    return {
        row: {
            code: cell
            for code, cell in zip(sheet_of(found, row).columns.split(","), record.cells, strict=False)
            if code
        }
        for row, record in records_of(batch_id, rows).items()
    }


def records_of(batch_id: int, rows: Collection[int]) -> dict[int, Record]:
    """Row number → the whole record as it stood in the file; see `cells_of`."""
    found = sheets(batch_id)
    pieces = list(IntakeChunk.objects.filter(batch_id=batch_id).order_by("n").values_list("n", "sheet", "start"))
    held: dict[int, bytes] = {}  # the piece opened last: rows come in their order
    told: dict[int, Record] = {}
    for row in IntakeRow.objects.filter(batch_id=batch_id, row__in=list(rows)).order_by("row"):
        sheet = sheet_of(found, row.row)
        behind = [(start, n) for n, of, start in pieces if of == sheet.n and start <= row.span_from]
        if not behind:
            continue
        start, n = max(behind)
        if n not in held:
            held = {n: _open(IntakeChunk.objects.get(batch_id=batch_id, n=n))}
        said = held[n][row.span_from - start : row.span_until - start]
        if said.strip():
            told[row.row] = next(records(said.decode(), sheet.separator, width=len(sheet.columns.split(","))))
    return told


def header_of(batch_id: int, sheet: IntakeSheet) -> list[str]:
    """The header of a table as it was sent, one text for each column; empty texts for a table that has none."""
    piece = IntakeChunk.objects.filter(batch_id=batch_id, sheet=sheet.n).order_by("n").first()
    assert piece is not None, "a table has a text before its first row"
    read = records(_open(piece).decode(), sheet.separator, limit=sheet.header_row)
    width = len(sheet.columns.split(","))
    header = next((record.cells for record in read if record.number == sheet.header_row), [""] * width)
    return header[:width]


def _open(piece: IntakeChunk) -> bytes:
    return crypto.unseal(bytes(piece.sealed), aad=chunk_place(piece.batch_id, piece.n))
