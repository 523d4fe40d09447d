"""A batch becomes records: intake rows, subjects, records, versions, contents and one ledger entry in one transaction.

Good rows are not held up by bad ones (INT-1). What is on file already, word for word, writes nothing; what differs
waits for a second person. If we crash anywhere, nothing of the batch exists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from xinheng.accounts.models import Organisation
from xinheng.accounts.selectors import powers_of
from xinheng.catalog.selectors import item_version_id
from xinheng.intake.rules import ProviderFacts, RowResult, RowState, Standing, Verdict, item_to_report, roles_of
from xinheng.intake.services import ReceivedBatch, ReceivedRow, close_batch, mark_registered, receive_batch
from xinheng.law.enums import SubjectKind
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack
from xinheng.ledger.rules import Receipt
from xinheng.ledger.services import append, promise
from xinheng.lib import merkle
from xinheng.lib.clock import day_of
from xinheng.lib.errors import Conflict
from xinheng.lib.text import bare_name
from xinheng.records import selectors
from xinheng.records.models import RecordContent
from xinheng.records.rules import Act, Version, version_leaf
from xinheng.records.services import writing
from xinheng.records.services.judging import (
    Origin,
    Prepared,
    Values,
    claim_of,
    dates_of,
    first_snapshot,
    natural_key_now,
    natural_keys,
    prepare,
    same_content,
)
from xinheng.store.ids import take
from xinheng.store.retry import atomic_retry
from xinheng.subjects.rules import Scheme, SubjectClaim
from xinheng.subjects.selectors import by_identifiers
from xinheng.subjects.services import find_or_register_many

ATTEMPTS = 4


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

    @property
    def rows(self) -> tuple[ReceivedRow, ...]:
        return self.received.rows


class _Raced(Conflict):
    """Another transaction registered one of our rows in between: the batch is judged again."""


def accept_batch(
    *,
    file: bytes,
    file_name: str,
    item_code: str,
    provider: Organisation,
    actor: str,
    channel: str,
    at: datetime,
    uploaded_by: int | None = None,
    within: Callable[[int], None] | None = None,
) -> BatchReceipt:
    """Receive a file and register its good rows. Call it outside a transaction: the promise is signed after the commit.

    ``within`` is called with the number of the batch inside the transaction, last before it commits; what it writes
    stands or falls with the batch. It is called again when the batch has to be judged again.

    Raises FileRefused when the file is refused whole, NotFound when the item is in no catalog in force (INV-2).
    """
    pack, law_version = selectors.law_in_force()
    day = day_of(at, pack.zone)
    item = item_to_report(pack, item_code, day)
    version_id = item_version_id(code=item_code, on=day)
    facts = ProviderFacts(provider.code, provider.name_zh, provider.uscc, provider.kind, powers_of(provider.id))

    def act() -> tuple[ReceivedBatch, Receipt, int]:
        received = receive_batch(
            file=file,
            file_name=file_name,
            item=item,
            item_version_id=version_id,
            pack=pack,
            law_version_id=law_version.id,
            provider=facts,
            provider_id=provider.id,
            uploaded_by=uploaded_by,
            at=at,
            today=day,
            compare=Comparison(item, pack),
        )
        origin = Origin(pack, law_version, item, version_id, provider.id, received.batch_id, at, day)
        receipt, count = register_batch(
            received=received, origin=origin, provider=provider, actor=actor, channel=channel
        )
        if within is not None:
            within(received.batch_id)
        return received, receipt, count

    for attempt in range(1, ATTEMPTS + 1):
        try:
            received, receipt, count = atomic_retry(act)
            break
        except _Raced:
            if attempt == ATTEMPTS:
                raise
    return BatchReceipt(
        received.batch_id, receipt.entry_id, receipt.leaf, receipt.law, promise(receipt), count, received
    )


class Comparison:
    """How rows stand to what is on file: new, the same, or different (decisions: natural key and identical content)."""

    def __init__(self, item: ItemVersion, pack: Pack) -> None:
        self._item, self._pack = item, pack
        self._taken: dict[str, Values] = {}  # natural key -> values of the row of this file that will be registered
        self._operators: dict[str, set[str]] = {}  # code of an individual business -> its operators, as far as known

    def __call__(self, rows: Sequence[RowResult]) -> Mapping[int, Standing]:
        """Row number -> standing, for a block of rows in file order."""
        keys = {result.row: natural_keys(self._item, result.values) for result in rows}
        found = selectors.found_by_keys([key for several in keys.values() for key in several])
        held = selectors.contents_in_force(set(found.values()))
        self._learn_operators(rows)
        return {result.row: self._stand(result, keys[result.row], found, held) for result in rows}

    def _stand(
        self,
        result: RowResult,
        keys: Sequence[str],
        found: Mapping[str, tuple[int, int]],
        held: Mapping[int, Values],
    ) -> Standing:
        known = next((found[key] for key in keys if key in found), None)
        if known is not None:
            on_file = held.get(known[1])  # None: erased; what comes again then waits for a person
        elif keys[0] in self._taken:
            on_file = self._taken[keys[0]]
        else:
            return self._new(result, keys[0])
        same = on_file is not None and same_content(self._item, result.values, on_file)
        return Standing.UNCHANGED if same else Standing.DIFFERS

    def _new(self, result: RowResult, key: str) -> Standing:
        """A record that is not on file; of an individual business only with the operator that is known (INV-4)."""
        code, operator = self._operator(result)
        known = self._operators.setdefault(code, set())
        if operator and known and operator not in known:
            return Standing.OPERATOR_DIFFERS
        if result.verdict is Verdict.ACCEPT:
            self._taken[key] = result.values
            known |= {operator} - {""}
        return Standing.NEW

    def _learn_operators(self, rows: Sequence[RowResult]) -> None:
        """Read the operators on file of the individual businesses among ``rows``: two statements, or none."""
        codes = sorted({code for row in rows if (code := self._operator(row)[0])} - self._operators.keys())
        if not codes:
            return
        businesses = zip(codes, by_identifiers([(Scheme.USCC, code) for code in codes]), strict=True)
        on_file = {subject.subject_id: code for code, subject in businesses if subject is not None}
        for number, names in selectors.named_ever(set(on_file), role="representative", pack=self._pack).items():
            self._operators[on_file[number]] = {bare_name(name) for name in names}

    def _operator(self, result: RowResult) -> tuple[str, str]:
        """(unified code, operator) that a row gives for an individual business; empty for every other subject."""
        roles = roles_of(self._item)
        if roles.subject_kind(result.values) is not SubjectKind.INDIVIDUAL_BUSINESS:
            return "", ""
        return roles.value("uscc", result.values), bare_name(roles.value("representative", result.values))


@dataclass(frozen=True, slots=True)
class _Row:
    """An accepted row on its way to a record."""

    received: ReceivedRow
    claim: SubjectClaim
    key: str
    prepared: Prepared


def register_batch(
    *, received: ReceivedBatch, origin: Origin, provider: Organisation, actor: str, channel: str
) -> tuple[Receipt, int]:
    """Turn the accepted rows of a received batch into records, inside the caller's transaction.

    One ledger entry ``batch.accepted`` binds the file (``root`` over every row) and the records (``records_root``:
    RFC 6962 root over the leaves of their first versions in the order of their ids). Returns the receipt and the
    number of records.
    """
    rows = [_row(origin, row) for row in received.rows if row.state is RowState.ACCEPTED]
    subjects = find_or_register_many([row.claim for row in rows], law_version=origin.law_version, at=origin.at)
    # Sorted by subject: rows of one subject lie together on the disk, and locks are taken in one order.
    placed = sorted(zip(subjects, rows, strict=True), key=lambda pair: (pair[0], pair[1].received.row))
    record_ids, version_ids = take("record", len(placed)), take("version", len(placed))
    _take_keys(
        {row.key: (subject, number) for (subject, row), number in zip(placed, record_ids, strict=True)}, len(rows)
    )
    versions: list[Version] = []
    contents: list[RecordContent] = []
    for (subject, row), record_id, version_id in zip(placed, record_ids, version_ids, strict=True):
        versions.append(
            _first_version(
                origin=origin,
                provider=provider,
                actor=actor,
                row=row,
                subject_id=subject,
                record_id=record_id,
                version_id=version_id,
            )
        )
        contents.append(row.prepared.row(subject_id=subject, content_id=version_id, record_id=record_id))
    receipt = append(
        act="batch.accepted",
        at=origin.at,
        law=origin.law_version,
        actor=actor,
        organisation=provider.code,
        channel=channel,
        subject=None,
        ground={"item": origin.item.code, "article": origin.item.article},
        result="done",
        fields={},
        data_version="",
        extra={
            "batch": str(received.batch_id),
            "file_sha256": received.file_sha256,
            "rows": str(received.row_count),
            "root": received.root,
            "records": str(len(versions)),
            "records_root": merkle.root([version_leaf(v) for v in versions]).hex(),
        },
    )
    writing.insert(versions, contents, receipt.entry_id)
    mark_registered(row_ids=[row.received.row_id for _, row in placed], at=origin.at)
    close_batch(batch_id=received.batch_id, entry_id=receipt.entry_id, at=origin.at)
    return receipt, len(versions)


def _row(origin: Origin, received: ReceivedRow) -> _Row:
    claim = claim_of(origin.item, received.values, f"batch:{origin.batch_id}")
    key = natural_key_now(origin.item, received.values)
    return _Row(received, claim, key, prepare(origin.item, claim.kind, received.values))


def _first_version(
    *, origin: Origin, provider: Organisation, actor: str, row: _Row, subject_id: int, record_id: int, version_id: int
) -> Version:
    dates = dates_of(origin, row.claim.kind, row.received.values)
    after = first_snapshot(
        origin,
        subject_id=subject_id,
        record_id=record_id,
        version_id=version_id,
        row=row.received.row,
        kind=row.claim.kind,
        dates=dates,
        commit=row.prepared.commit,
    )
    return Version(version_id, 1, Act.REGISTERED, origin.at, actor, provider.code, "", origin.item.article, after)


def _take_keys(wanted: Mapping[str, tuple[int, int]], rows: int) -> None:
    """Insert the natural keys, in key order. Raises `_Raced` when one is taken: then the batch has to be compared
    again.
    """
    keys = sorted(wanted)
    if not keys:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO record_key (key, subject_id, record_id)"
            " SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) ON CONFLICT (key) DO NOTHING",
            [keys, [wanted[key][0] for key in keys], [wanted[key][1] for key in keys]],
        )
        if cursor.rowcount != rows:
            raise _Raced("batch_raced")
