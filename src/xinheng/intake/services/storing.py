"""How is what was received kept so that the database alone tells nothing, and how is it taken away again?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q

from xinheng.intake import selectors
from xinheng.intake.models import IntakeBatch, IntakeChunk, IntakeFinding, IntakeRow, IntakeRowContent, IntakeRowKey
from xinheng.intake.rules.places import chunk_place, finding_place, row_place
from xinheng.intake.rules.roles import Roles
from xinheng.intake.rules.verdicts import NOT_KEPT, Finding, RowResult, RowState
from xinheng.lib.canonical import canonical
from xinheng.store import crypto, ids
from xinheng.store.copying import copy_rows
from xinheng.subjects.selectors import keys_of

PIECE = 4 << 20  # bytes
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row that no record speaks for yet: ``body`` is its canonical values, ``leaf`` covers salt and body."""

    row_id: int
    result: RowResult
    state: RowState
    leaf: bytes
    salt: bytes
    body: bytes


def store_piece(*, batch_id: int, n: int, sheet: int, start: int, text: bytes, blank: Sequence[Span]) -> None:
    """Keep a piece of the text of a table, encrypted, with ``blank`` (bytes of that text) where nothing may be kept."""
    sealed = crypto.seal(blanked(text, start, blank), aad=chunk_place(batch_id, n))
    number = ids.next_id("row")
    IntakeChunk.objects.create(id=number, batch_id=batch_id, n=n, sheet=sheet, start=start, sealed=sealed)


def blanked(text: bytes, start: int, spans: Sequence[Span]) -> bytes:
    """``text``, which begins at ``start``, with blanks in the place of the records at ``spans``; all others stay."""
    pieces, at = [], 0
    for first, last in sorted((max(a - start, 0), b - start) for a, b in spans):
        record = text[first:last]
        tail = record[len(record.rstrip(b"\r\n")) :]
        pieces += [text[at:first], b" " * (len(record) - len(tail)), tail]
        at = last
    return b"".join(pieces) + text[at:]


def store_results(rows: Sequence[KeptRow], roles: Roles) -> None:
    """Write contents, findings and keys of rows; the rows themselves are written with those of their block."""
    told = [row for row in rows if row.state is not RowState.REGISTERED and row.result.keep]
    copy_rows(
        [
            IntakeRowContent(row_id=row.row_id, sealed=crypto.seal(row.salt + row.body, aad=row_place(row.row_id)))
            for row in told
        ]
    )
    findings = [(row, finding) for row in rows for finding in _findings(row)]
    numbers = ids.take("row", len(findings))
    copy_rows([_finding(number, row, finding) for number, (row, finding) in zip(numbers, findings, strict=True)])
    keys = [(row.row_id, key) for row in told for key in _keys(row, roles)]
    fresh = zip(ids.take("row", len(keys)), keys, strict=True)
    copy_rows([IntakeRowKey(id=number, row_id=row_id, key=key) for number, (row_id, key) in fresh])


def _findings(row: KeptRow) -> Iterator[Finding]:
    """All findings; of a row that must not be kept only the reasons for that, without anything it said."""
    for finding in row.result.findings:
        if row.result.keep:
            yield finding
        elif finding.code in NOT_KEPT:
            said = {"field": finding.params["field"]} if "field" in finding.params else {}
            yield Finding(finding.field, finding.code, said, finding.article)


def _finding(number: int, row: KeptRow, finding: Finding) -> IntakeFinding:
    params = dict(finding.params)
    return IntakeFinding(
        id=number,
        row_id=row.row_id,
        field=finding.field,
        code=finding.code,
        article=finding.article or "",
        sealed=crypto.seal(canonical(params), aad=finding_place(number)) if params else None,
    )


def _keys(row: KeptRow, roles: Roles) -> Iterator[str]:
    """The subject of a waiting row, and the decision that any row speaks of."""
    values = row.result.values
    identifier = roles.identifier(values)
    if row.state is RowState.WAITING and identifier is not None:
        yield keys_of(*identifier)[0]
    if roles.value("document_number", values):
        yield "decision:" + crypto.blind_now("record", canonical(list(roles.natural_key(values))).decode())


def erase_row_content(*, batch_id: int, rows: Sequence[int], keys: Collection[str] = ()) -> list[int]:
    """Take away what rows of a batch said: contents, findings, keys, and their place in the kept file.

    ``keys``: digests of natural keys; rows of any batch that speak of the same decision are erased with them. The leaf,
    the verdict and the row number stay. Returns the ids of the rows. The caller has recorded the ground in the ledger.
    """
    same = [f"decision:{key}" for key in keys]
    found = IntakeRow.objects.filter(batch_id=batch_id, row__in=list(rows))
    if not same:
        same = list(
            IntakeRowKey.objects.filter(row__in=found, key__startswith="decision:").values_list("key", flat=True)
        )
    also = IntakeRow.objects.filter(keys__key__in=same)
    wanted = {row.id: row for row in (*found, *also)}
    wanted |= {row.id: row for row in _said_before(wanted.values())}
    IntakeRowContent.objects.filter(row_id__in=wanted).delete()
    IntakeFinding.objects.filter(row_id__in=wanted).delete()
    IntakeRowKey.objects.filter(row_id__in=wanted).delete()
    for touched in sorted({row.batch_id for row in wanted.values()}):
        _blank_file(touched, [row for row in wanted.values() if row.batch_id == touched])
    return sorted(wanted)


def _said_before(rows: Iterable[IntakeRow]) -> list[IntakeRow]:
    """The returned rows that rows say again, mended: they speak of the same, perhaps by another number."""
    places = {(row.batch_id, row.row) for row in rows}
    mended = IntakeRow.objects.filter(mended_in__in={batch for batch, _ in places})
    return [row for row in mended if (row.mended_in, row.mended_as) in places]


def _blank_file(batch_id: int, rows: Sequence[IntakeRow]) -> None:
    """Blank the places of rows in the kept file: only the pieces that hold them are written again."""
    IntakeBatch.objects.select_for_update().get(pk=batch_id)
    sheets = selectors.sheets(batch_id)
    by_sheet: dict[int, list[Span]] = {}
    for row in rows:
        by_sheet.setdefault(selectors.sheet_of(sheets, row.row).n, []).append((row.span_from, row.span_until))
    for sheet, spans in by_sheet.items():
        for piece in _pieces(batch_id, sheet, spans):
            text = crypto.unseal(bytes(piece.sealed), aad=chunk_place(batch_id, piece.n))
            inside = [span for span in spans if piece.start <= span[0] < piece.start + len(text)]
            if inside:
                IntakeChunk.objects.filter(pk=piece.pk).delete()
                store_piece(batch_id=batch_id, n=piece.n, sheet=sheet, start=piece.start, text=text, blank=inside)


def _pieces(batch_id: int, sheet: int, spans: Sequence[Span]) -> list[IntakeChunk]:
    """The pieces that hold the beginning of a span."""
    starts = IntakeChunk.objects.filter(batch_id=batch_id, sheet=sheet).order_by("-start")
    ids_ = {starts.filter(start__lte=span[0]).values_list("pk", flat=True).first() for span in spans}
    return list(IntakeChunk.objects.filter(Q(pk__in=ids_)).order_by("n"))
