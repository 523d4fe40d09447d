"""How is what was received kept so that the database alone tells nothing, and how is it taken away again?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from xinheng.intake import selectors
from xinheng.intake.models import IntakeBatch, IntakeChunk, IntakeFinding, IntakeRow, IntakeRowContent, IntakeRowKey
from xinheng.intake.rules.check import FileReport
from xinheng.intake.rules.places import chunk_place, finding_place, row_place
from xinheng.intake.rules.roles import Roles
from xinheng.intake.rules.verdicts import NOT_KEPT, Finding, RowResult, RowState
from xinheng.lib.canonical import canonical
from xinheng.store import crypto, ids
from xinheng.subjects.selectors import keys_of

PIECE = 4 << 20  # bytes
_BLOCK = 2000  # rows in one statement
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A judged row with what binds it: ``body`` is its canonical values, ``leaf`` covers salt and body."""

    row_id: int
    result: RowResult
    state: RowState
    leaf: bytes
    salt: bytes
    body: bytes


def store_file(batch_id: int, report: FileReport, *, blank: Sequence[Span]) -> None:
    """Keep the text of the file in encrypted pieces, with ``blank`` where content must not be kept."""
    _store_text(batch_id, blanked(report.text, blank), report.encoding)


def blanked(text: str, spans: Sequence[Span]) -> str:
    """``text`` with blanks in the place of the records at ``spans``; the places of all others stay."""
    pieces, at = [], 0
    for start, end in sorted(spans):
        record = text[start:end]
        tail = record[len(record.rstrip("\r\n")) :]
        pieces += [text[at:start], " " * (len(record) - len(tail)), tail]
        at = end
    return "".join(pieces) + text[at:]


def _store_text(batch_id: int, text: str, encoding: str) -> None:
    data = text.encode(encoding)
    pieces = [data[at : at + PIECE] for at in range(0, len(data), PIECE)]
    IntakeChunk.objects.bulk_create(
        IntakeChunk(
            id=ids.next_id("row"), batch_id=batch_id, n=n, sealed=crypto.seal(piece, aad=chunk_place(batch_id, n))
        )
        for n, piece in enumerate(pieces)
    )


def store_rows(batch_id: int, rows: Sequence[KeptRow], roles: Roles) -> None:
    """Write the rows of a batch with their contents, findings and keys."""
    IntakeRow.objects.bulk_create((_row(batch_id, row) for row in rows), batch_size=_BLOCK)
    IntakeRowContent.objects.bulk_create(
        (
            IntakeRowContent(row_id=row.row_id, sealed=crypto.seal(row.salt + row.body, aad=row_place(row.row_id)))
            for row in rows
            if row.result.keep
        ),
        batch_size=_BLOCK,
    )
    findings = [(row, finding) for row in rows for finding in _findings(row)]
    numbers = ids.take("row", len(findings))
    IntakeFinding.objects.bulk_create(
        (_finding(number, row, finding) for number, (row, finding) in zip(numbers, findings, strict=True)),
        batch_size=_BLOCK,
    )
    keys = [(row.row_id, key) for row in rows if row.result.keep for key in _keys(row, roles)]
    IntakeRowKey.objects.bulk_create(
        (
            IntakeRowKey(id=number, row_id=row_id, key=key)
            for number, (row_id, key) in zip(ids.take("row", len(keys)), keys, strict=True)
        ),
        batch_size=_BLOCK,
    )


def _row(batch_id: int, row: KeptRow) -> IntakeRow:
    start, end = row.result.span
    return IntakeRow(
        id=row.row_id,
        batch_id=batch_id,
        row=row.result.row,
        verdict=row.result.verdict.value,
        state=row.state.value,
        leaf=row.leaf,
        span_from=start,
        span_until=end,
    )


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
    IntakeRowContent.objects.filter(row_id__in=wanted).delete()
    IntakeFinding.objects.filter(row_id__in=wanted).delete()
    IntakeRowKey.objects.filter(row_id__in=wanted).delete()
    for touched in sorted({row.batch_id for row in wanted.values()}):
        spans = [(row.span_from, row.span_until) for row in wanted.values() if row.batch_id == touched]
        text, encoding = (
            selectors.file_text(touched),
            IntakeBatch.objects.values_list("encoding", flat=True).get(pk=touched),
        )
        IntakeChunk.objects.filter(batch_id=touched).delete()
        _store_text(touched, blanked(text, spans), encoding)
    return sorted(wanted)
