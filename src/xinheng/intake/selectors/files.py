"""What did the file say, cell by cell, exactly as it was sent?"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from xinheng.intake.models import IntakeChunk, IntakeRow, IntakeSheet
from xinheng.intake.rules.places import chunk_place
from xinheng.intake.rules.reader import records
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
    cells: dict[int, dict[str, str]] = {}
    pieces = list(IntakeChunk.objects.filter(batch_id=batch_id).defer("sealed").order_by("start"))
    opened: tuple[int, bytes] = (-1, b"")  # rows in file order: one piece after the other
    for row in IntakeRow.objects.filter(batch_id=batch_id, row__in=list(rows)).order_by("row"):
        sheet = sheet_of(found, row.row)
        piece = next((p for p in reversed(pieces) if p.sheet == sheet.n and p.start <= row.span_from), None)
        if piece is None:
            continue
        if opened[0] != piece.n:
            opened = piece.n, _open(piece)
        said = opened[1][row.span_from - piece.start : row.span_until - piece.start]
        if said.strip():
            cells[row.row] = _cells(said.decode(), sheet)
    return cells


def _cells(said: str, sheet: IntakeSheet) -> dict[str, str]:
    columns = sheet.columns.split(",")
    record = next(records(said, sheet.separator, width=len(columns)))
    return {code: cell for code, cell in zip(columns, record.cells, strict=False) if code}


def _open(piece: IntakeChunk) -> bytes:
    return crypto.unseal(bytes(piece.sealed), aad=chunk_place(piece.batch_id, piece.n))
