"""A batch becomes records: intake rows, subjects, records, versions, contents and one ledger entry in one transaction.

Good rows are not held up by bad ones (INT-1). What is on file already, word for word, writes nothing; what differs
waits for a second person. The file is read and written block by block, so that its size does not matter. If we crash
anywhere, nothing of the batch exists.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

import polars as pl
from django.conf import settings

from xinheng.accounts.models import Organisation
from xinheng.catalog.selectors import item_version_id
from xinheng.intake.reading import FileReport, Limits, check_blocks
from xinheng.intake.rules import FileRefused, ProviderFacts, item_to_report
from xinheng.intake.rules.check import ROW
from xinheng.intake.services import (
    OpenBatch,
    ReceivedBatch,
    ReceivedRow,
    TakenBlock,
    close_batch,
    open_batch,
    store_block,
    take_block,
)
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack
from xinheng.ledger.models import LawVersion
from xinheng.ledger.rules import Receipt
from xinheng.ledger.services import append, promise
from xinheng.lib.clock import day_of
from xinheng.machine.scanning import Scan, scan
from xinheng.records import selectors
from xinheng.records.services.comparing import KEY, Comparison
from xinheng.records.services.judging import Origin, natural_key_now
from xinheng.records.services.registering import Raced, Register
from xinheng.records.services.revoking import withdraw_revoked
from xinheng.store.copying import Writer
from xinheng.store.ids import next_id
from xinheng.store.retry import atomic_retry

ATTEMPTS = 4
Tell = Callable[[Sequence[ReceivedRow], FileReport], None]


@dataclass(frozen=True, slots=True)
class BatchReceipt:
    """What the provider is told: what happened to each row, and the ledger entry that binds it."""

    batch_id: int
    entry_id: int
    leaf: str
    law: str
    promise: str
    records: int
    received: ReceivedBatch


@dataclass(frozen=True, slots=True)
class Mends:
    """The batch whose returned rows a file says again; its k-th row is row ``rows[k]`` there."""

    batch_id: int
    rows: tuple[int, ...]

    @property
    def bound(self) -> dict[str, object]:
        """What the entry of the new batch says of it."""
        return {"mends": {"batch": str(self.batch_id), "rows": [str(row) for row in self.rows]}}


@dataclass(frozen=True, slots=True)
class _Sending:
    """One file on its way in: who sends what, under which law, when."""

    file: BinaryIO
    file_name: str
    item: ItemVersion
    item_version_id: int
    pack: Pack
    law_version: LawVersion
    provider: Organisation
    facts: ProviderFacts
    actor: str
    channel: str
    uploaded_by: int | None
    at: datetime
    day: date
    tell: Tell | None
    within: Callable[[int], None] | None
    mends: Mends | None


def accept_batch(
    *,
    file: bytes | Path | BinaryIO,
    file_name: str,
    item_code: str,
    provider: Organisation,
    actor: str,
    channel: str,
    at: datetime,
    uploaded_by: int | None = None,
    tell: Tell | None = None,
    within: Callable[[int], None] | None = None,
    mends: Mends | None = None,
) -> BatchReceipt:
    """Receive a file and register its good rows. Call it outside a transaction: the promise is signed after the commit.

    ``tell`` is given the rows of each block in file order, and what is known of the file; they count only when this
    function returns. ``within`` is called with the number of the batch inside its transaction, at the end, and again
    when the batch has to be judged again. ``mends``: what the file says again; the entry names it. Raises FileRefused
    when the file is refused whole, NotFound when the item is in no catalog in force (INV-2).
    """
    pack, law_version = selectors.law_in_force()
    day = day_of(at, pack.zone)
    item = item_to_report(pack, item_code, day)
    with _opened(file) as opened:
        _scanned(opened)
        sending = _Sending(
            file=opened,
            file_name=file_name,
            item=item,
            item_version_id=item_version_id(code=item_code, on=day),
            pack=pack,
            law_version=law_version,
            provider=provider,
            facts=selectors.provider_facts(provider.id),
            actor=actor,
            channel=channel,
            uploaded_by=uploaded_by,
            at=at,
            day=day,
            tell=tell,
            within=within,
            mends=mends,
        )
        for attempt in range(1, ATTEMPTS + 1):
            try:
                received, receipt, count = atomic_retry(lambda: _receive(sending))
                break
            except Raced:
                if attempt == ATTEMPTS:
                    raise
    return BatchReceipt(
        received.batch_id, receipt.entry_id, receipt.leaf, receipt.law, promise(receipt), count, received
    )


def _opened(file: bytes | Path | BinaryIO) -> BinaryIO:
    if isinstance(file, bytes):
        return io.BytesIO(file)
    return file.open("rb") if isinstance(file, Path) else file


def _scanned(file: BinaryIO) -> None:
    """Raise FileRefused for a file that the scanner of the house does not let pass."""
    found = scan(file, settings.XINHENG_SCAN_COMMAND)
    if found is not Scan.CLEAN:
        raise FileRefused("file_infected" if found is Scan.INFECTED else "file_not_scanned")


def _receive(sending: _Sending) -> tuple[ReceivedBatch, Receipt, int]:
    """One attempt, inside its transaction: (the batch, its entry, how many records)."""
    report = FileReport()
    blocks = check_blocks(
        sending.file,
        item=sending.item,
        pack=sending.pack,
        provider=sending.facts,
        today=sending.day,
        report=report,
        limits=Limits(cells=settings.XINHENG_MAX_CELLS),
    )
    batch = open_batch(
        file_name=sending.file_name,
        item=sending.item,
        item_version_id=sending.item_version_id,
        pack=sending.pack,
        law_version_id=sending.law_version.id,
        provider_id=sending.provider.id,
        uploaded_by=sending.uploaded_by,
        at=sending.at,
        today=sending.day,
    )
    origin = Origin(
        sending.pack, sending.law_version, sending.item, sending.item_version_id, sending.provider.id,
        batch.batch_id, sending.at, sending.day,
    )  # fmt: skip
    comparison = Comparison(sending.item, sending.pack, sending.provider.id)
    with Writer() as writer:
        register = Register(origin, sending.provider, sending.actor, next_id("entry"), writer)
        for block in blocks:  # one block is being written while the next is judged
            judged = comparison.block(block.judged)
            taken = take_block(batch, judged.clean, judged.results)
            placed = register.place(taken.registered, _keys(sending.item, judged.clean, taken))
            writer.wait()
            store_block(batch, block, taken, report, writer)
            register.write(placed)
            if sending.tell is not None:
                sending.tell(taken.told(), report)
    if withdraw_revoked(
        comparison.revocations,
        origin=origin,
        actor=sending.actor,
        organisation=sending.provider.code,
        channel=sending.channel,
    ):
        raise Raced("batch_raced")
    receipt = _entered(sending, batch, register, report)
    received = close_batch(batch, report, entry_id=receipt.entry_id)
    if sending.within is not None:
        sending.within(batch.batch_id)
    return received, receipt, register.tree.size


def _keys(item: ItemVersion, clean: pl.DataFrame, taken: TakenBlock) -> list[str]:
    """The digest of the natural key of each row to register; those of clean rows are known from the comparison."""
    known = dict(clean.select(ROW, KEY).iter_rows())
    fields = [entry.code for entry in item.fields]
    rest = taken.registered.filter(~pl.col(ROW).is_in(list(known))) if taken.registered.height > len(known) else None
    if rest is not None:
        known |= {row[ROW]: natural_key_now(item, {c: row[c] for c in fields}) for row in rest.iter_rows(named=True)}
    return [known[row] for row in taken.registered[ROW]]


def _entered(sending: _Sending, batch: OpenBatch, register: Register, report: FileReport) -> Receipt:
    """The entry ``batch.accepted``: it binds the file (``root`` over every row) and the records (``records_root``:
    RFC 6962 root over the leaves of their first versions in the order of their ids).
    """
    return append(
        act="batch.accepted",
        at=sending.at,
        law=sending.law_version,
        actor=sending.actor,
        organisation=sending.provider.code,
        channel=sending.channel,
        subject=None,
        ground={"item": sending.item.code, "article": sending.item.article},
        result="done",
        fields={},
        data_version="",
        entry_id=register.entry_id,
        extra={
            "batch": str(batch.batch_id),
            "file_sha256": report.sha256,
            "rows": str(batch.tree.size),
            "root": batch.tree.root().hex(),
            "records": str(register.tree.size),
            "records_root": register.tree.root().hex(),
            **(sending.mends.bound if sending.mends else {}),
        },
    )
