"""How does a file become a batch whose every row is accounted for? (INT-1)

Block by block: what was judged is told apart into rows that become records at once and rows that don't, each gets its
leaf, and both are written. The batch is closed with the root over all leaves and its ledger entry, in the same
transaction; if we crash anywhere, nothing of the batch exists.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import polars as pl
from django.db import transaction

from xinheng.intake.models import BatchState, IntakeBatch, IntakeRow, IntakeSheet
from xinheng.intake.reading.checking import FileReport, JudgedBlock, Sheet
from xinheng.intake.rules.check import FROM, ROW, UNTIL
from xinheng.intake.rules.leaves import SALT, row_leaf
from xinheng.intake.rules.quality import Tally
from xinheng.intake.rules.roles import Roles, full_values, roles_of
from xinheng.intake.rules.timing import DueDays
from xinheng.intake.rules.verdicts import Finding, RowResult, RowState, Standing, Verdict, verdict_of
from xinheng.intake.services.measuring import count_block, open_tally, write_tally
from xinheng.intake.services.storing import KeptRow, Span, store_piece, store_results
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack
from xinheng.lib import merkle
from xinheng.lib.canonical import canonical
from xinheng.lib.errors import Conflict
from xinheng.lib.freetext import masked
from xinheng.store import ids
from xinheng.store.copying import Writer, copy_rows

_FOUND = {
    Standing.UNCHANGED: "unchanged",
    Standing.DIFFERS: "differs_from_record",
    Standing.OPERATOR_DIFFERS: "operator_differs",
}
_STATES = {
    Verdict.ACCEPT: RowState.REGISTERED,
    Verdict.REVIEW: RowState.WAITING,
    Verdict.REJECT: RowState.RETURNED,
}
BODY, SALTS, LEAF, ID = "#body", "#salt", "#leaf", "#id"


@dataclass(frozen=True, slots=True)
class ReceivedRow:
    """One row of a batch as its sender is told of it. ``leaf``: 32 bytes."""

    row_id: int
    row: int
    verdict: Verdict
    state: RowState
    values: Mapping[str, str]
    findings: tuple[Finding, ...]
    leaf: bytes


@dataclass(frozen=True, slots=True)
class ReceivedBatch:
    """A batch with its sums; ``accepted`` counts the registered rows, those unchanged or ending a record apart.

    ``root``: 64 hex.
    """

    batch_id: int
    file_sha256: str
    row_count: int
    accepted: int
    review: int
    rejected: int
    unchanged: int
    ended: int
    timely: int
    late: int
    root: str
    report: FileReport


@dataclass(slots=True)
class OpenBatch:
    """A batch while its blocks arrive. ``tree`` holds the leaves so far, ``counts`` the rows by state."""

    batch_id: int
    item: ItemVersion
    at: datetime
    due: DueDays
    tree: merkle.Frontier = field(default_factory=merkle.Frontier)
    counts: dict[RowState, int] = field(default_factory=lambda: dict.fromkeys(RowState, 0))
    timely: int = 0
    late: int = 0
    pieces: int = 0
    sheets: int = 0
    tally: Tally = field(default_factory=Tally)

    @property
    def roles(self) -> Roles:
        return roles_of(self.item)


@dataclass(frozen=True, slots=True)
class TakenBlock:
    """The rows of a block. ``registered``: those that become records now, with the fields of the item and `BODY`,
    `SALTS`, `LEAF`, `ID`, ``#row``, ``#kind``; ``rows``: all that have findings or become no record now.
    """

    registered: pl.DataFrame
    rows: Sequence[KeptRow]

    def told(self) -> list[ReceivedRow]:
        """Every row as its sender is told of it, in file order."""
        held = {row.row_id: row.result for row in self.rows}
        plain = [
            ReceivedRow(
                row[ID], row[ROW], Verdict.ACCEPT, RowState.REGISTERED,
                {code: text for code, text in row.items() if not code.startswith("#") and text}, (), row[LEAF],
            )
            for row in self.registered.iter_rows(named=True)
            if row[ID] not in held
        ]  # fmt: skip
        others = [
            ReceivedRow(
                row.row_id, row.result.row, row.result.verdict, row.state, row.result.values, row.result.findings,
                row.leaf,
            )
            for row in self.rows
        ]  # fmt: skip
        return sorted([*plain, *others], key=lambda row: row.row)


def open_batch(
    *,
    file_name: str,
    item: ItemVersion,
    item_version_id: int,
    pack: Pack,
    law_version_id: int,
    provider_id: int,
    uploaded_by: int | None,
    at: datetime,
    today: date,
) -> OpenBatch:
    """Begin a batch inside the caller's transaction. Raises Conflict outside of one."""
    if not transaction.get_connection().in_atomic_block:
        raise Conflict("no_transaction")
    batch_id = ids.next_id("batch")
    IntakeBatch.objects.create(
        id=batch_id,
        provider_id=provider_id,
        item_code=item.code,
        item_version_id=item_version_id,
        law_version_id=law_version_id,
        file_name=masked(file_name)[-255:],
        file_sha256="",
        encoding="",
        marked=False,
        row_count=0,
        accepted=0,
        review=0,
        rejected=0,
        unchanged=0,
        root="",
        uploaded_by=uploaded_by,
        received_at=at,
        state=BatchState.RECEIVED,
    )
    tally = open_tally(provider_id=provider_id, item=item)
    return OpenBatch(batch_id, item, at, DueDays(pack, item, today), tally=tally)


def standing(result: RowResult, how: Standing) -> RowResult:
    """A row with what the records say of it; a difference that the file itself holds is not told twice."""
    code = _FOUND.get(how)
    known = {finding.code for finding in result.findings}
    if code is None or (code == "differs_from_record" and "differs_in_file" in known):
        return result
    findings = (*result.findings, Finding("", code))
    return replace(result, findings=findings, verdict=verdict_of(findings))


def take_block(batch: OpenBatch, clean: pl.DataFrame, results: Sequence[RowResult]) -> TakenBlock:
    """Give every row of a block its id, salt and leaf. ``clean`` and ``results`` are judged and compared."""
    noted = [result for result in results if _state(result) is RowState.REGISTERED]
    accepted = _accepted(batch, clean, noted)
    others = [result for result in results if _state(result) is not RowState.REGISTERED]
    salts = os.urandom(SALT * (accepted.height + len(others)))
    numbers = ids.take("row", accepted.height + len(others))
    accepted = accepted.with_columns(
        pl.Series(ID, numbers[: accepted.height], dtype=pl.Int64),
        pl.Series(SALTS, [salts[n * SALT : (n + 1) * SALT] for n in range(accepted.height)], dtype=pl.Binary),
    )
    leaves = [
        row_leaf(salt=salt, row=row, verdict=Verdict.ACCEPT, body=body)
        for salt, row, body in zip(accepted[SALTS], accepted[ROW], accepted[BODY].cast(pl.Binary), strict=True)
    ]
    accepted = accepted.with_columns(pl.Series(LEAF, leaves, dtype=pl.Binary))
    kept = []
    for n, result in enumerate(others, start=accepted.height):
        salt, body = salts[n * SALT : (n + 1) * SALT], canonical(full_values(batch.item, result.values))
        leaf = row_leaf(salt=salt, row=result.row, verdict=result.verdict, body=body)
        kept.append(KeptRow(numbers[n], result, _state(result), leaf, salt, body))
    found = {result.row: result for result in noted}
    if found:
        for row_id, row, leaf in accepted.filter(pl.col(ROW).is_in(list(found))).select(ID, ROW, LEAF).iter_rows():
            kept.append(KeptRow(row_id, found[row], RowState.REGISTERED, leaf, b"", b""))
    return TakenBlock(accepted, kept)


def _state(result: RowResult) -> RowState:
    if result.withdrew:
        return RowState.WITHDREW
    return RowState.UNCHANGED if result.unchanged else _STATES[result.verdict]


def _accepted(batch: OpenBatch, clean: pl.DataFrame, noted: Sequence[RowResult]) -> pl.DataFrame:
    """The rows that become records, by row, with their canonical values in one text."""
    fields = [entry.code for entry in batch.item.fields]
    columns = [ROW, FROM, UNTIL, "#kind", *fields]
    frame = clean.select(columns)
    if noted:
        rows = [(one.row, *one.span, _kind(batch, one), *full_values(batch.item, one.values).values()) for one in noted]
        schema = {**dict.fromkeys((ROW, FROM, UNTIL), pl.Int64), **dict.fromkeys(columns[3:], pl.String)}
        frame = pl.concat([frame, pl.DataFrame(rows, schema=schema, orient="row")]).sort(ROW)
    body = pl.struct([pl.col(code) for code in sorted(fields)]).struct.json_encode()
    return frame.with_columns(body.alias(BODY))


def _kind(batch: OpenBatch, result: RowResult) -> str:
    kind = batch.roles.subject_kind(result.values)
    assert kind is not None, "an accepted row has a kind"
    return kind.value


def store_block(batch: OpenBatch, block: JudgedBlock, taken: TakenBlock, report: FileReport, writer: Writer) -> None:
    """Write the rows of a block, what those without a record said, and the piece of the file that holds them; the rows
    themselves by ``writer``.
    """
    others = [row for row in taken.rows if row.state is not RowState.REGISTERED]
    frame = _rows(batch, taken.registered, others)
    writer.add(IntakeRow._meta.db_table, frame.drop("decided"))
    store_results(taken.rows, batch.roles)
    batch.tree.extend(frame["leaf"].to_list())
    for state, count in frame["state"].value_counts().iter_rows():
        batch.counts[RowState(state)] += count
    told = frame.filter(pl.col("state").is_in([RowState.REGISTERED.value, RowState.WAITING.value]))
    late = told.filter(pl.col("due_on") < batch.due.today).height
    batch.late += late
    batch.timely += told["due_on"].count() - late
    count_block(batch.tally, batch.roles, taken.registered, others)
    while batch.sheets <= block.sheet:
        _store_sheet(batch, report.sheets[batch.sheets])
    blank = [row.result.span for row in others if not row.result.keep]
    _store_text(batch, block.sheet, block.start, block.text, blank)


def _rows(batch: OpenBatch, registered: pl.DataFrame, others: Sequence[KeptRow]) -> pl.DataFrame:
    """Every row of the block as `IntakeRow` keeps it, in file order."""
    decided = batch.roles.code("decided_on") or ""
    at = batch.at.isoformat()
    schema = {
        "id": pl.Int64, "row": pl.Int64, "verdict": pl.String, "state": pl.String, "leaf": pl.Binary,
        "span_from": pl.Int64, "span_until": pl.Int64, "decided": pl.String, "decided_at": pl.String,
    }  # fmt: skip
    now = registered.select(
        id=pl.col(ID),
        row=pl.col(ROW),
        verdict=pl.lit(Verdict.ACCEPT.value),
        state=pl.lit(RowState.REGISTERED.value),
        leaf=pl.col(LEAF),
        span_from=pl.col(FROM),
        span_until=pl.col(UNTIL),
        decided=pl.col(decided) if decided else pl.lit(""),
        decided_at=pl.lit(at),
    )
    rest = pl.DataFrame(
        [
            (
                row.row_id, row.result.row, row.result.verdict.value, row.state.value, row.leaf, *row.result.span,
                row.result.values.get(decided, "") if row.result.keep else "", None,
            )
            for row in others
        ],
        schema=schema,
        orient="row",
    )  # fmt: skip
    frame = pl.concat([now, rest]).sort("row")
    return frame.with_columns(
        pl.lit(batch.batch_id).alias("batch_id"),
        pl.lit(None, dtype=pl.Int64).alias("decided_by"),
        batch.due.of(frame["decided"]).alias("due_on"),
    )


def _store_sheet(batch: OpenBatch, sheet: Sheet) -> None:
    """Keep how a table is laid out, and its text before the first row."""
    layout = sheet.layout
    columns = ",".join(column.field.code if column.field else "" for column in layout.columns)
    copy_rows(
        [
            IntakeSheet(
                id=ids.next_id("row"),
                batch_id=batch.batch_id,
                n=batch.sheets,
                name=masked(sheet.table.name)[:255],
                shift=sheet.shift,
                header_row=layout.header_row,
                separator=layout.separator,
                columns=columns,
            )
        ]
    )
    _store_text(batch, batch.sheets, sheet.table.start, sheet.head, ())
    batch.sheets += 1


def _store_text(batch: OpenBatch, sheet: int, start: int, text: bytes, blank: Sequence[Span]) -> None:
    store_piece(batch_id=batch.batch_id, n=batch.pieces, sheet=sheet, start=start, text=text, blank=blank)
    batch.pieces += 1


def close_batch(batch: OpenBatch, report: FileReport, *, entry_id: int) -> ReceivedBatch:
    """Write the sums of a batch and tie it to its ledger entry, once. Raises Conflict when it is closed already."""
    counts = batch.counts
    received = ReceivedBatch(
        batch_id=batch.batch_id,
        file_sha256=report.sha256,
        row_count=sum(counts.values()),
        accepted=counts[RowState.REGISTERED],
        review=counts[RowState.WAITING],
        rejected=counts[RowState.RETURNED],
        unchanged=counts[RowState.UNCHANGED],
        ended=counts[RowState.WITHDREW],
        timely=batch.timely,
        late=batch.late,
        root=batch.tree.root().hex(),
        report=report,
    )
    same = (
        "file_sha256",
        "row_count",
        "accepted",
        "review",
        "rejected",
        "unchanged",
        "ended",
        "timely",
        "late",
        "root",
    )
    found = IntakeBatch.objects.filter(pk=batch.batch_id, state=BatchState.RECEIVED).update(
        state=BatchState.CLOSED,
        entry_id=entry_id,
        file_size=report.size,
        format=report.format,
        encoding=report.encoding,
        marked=bool(report.mark),
        **{name: getattr(received, name) for name in same},
    )
    if found != 1:
        raise Conflict("batch_closed")
    write_tally(batch.tally, batch_id=batch.batch_id)
    return received
