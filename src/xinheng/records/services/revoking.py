"""How does a record end because its sender reports that the decision was revoked? (INV-2, INV-7; ZY-33, SP-8)

The provider of a record says by a status of its row that the decision is no longer in force. The record leaves
publicity, sharing and use in the transaction of the batch that says so. Nobody else is waited for: such a row only
takes away, and every hour longer would show what has no legal document any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from xinheng.intake.rules import RowResult, Standing, Verdict
from xinheng.intake.rules.check import ROW, Judged
from xinheng.intake.rules.revoking import after_lookup
from xinheng.law.items import ItemVersion
from xinheng.records import selectors
from xinheng.records.rules import LIVE, Act, RecordState, ended
from xinheng.records.services import writing
from xinheng.records.services.judging import Origin, natural_key_now, natural_keys
from xinheng.records.services.waiting import told_where_they_wait

ACT = "record.withdrawn"
CAUSE = "revoked_by_authority"
KEY = "#key"
Place = tuple[int, int]  # (subject, record)


@dataclass(slots=True)
class Revocations:
    """The rows of one file that tell of revoked decisions. ``due``: the record that ends -> the row that says so."""

    item: ItemVersion
    provider_id: int
    due: dict[Place, int] = field(default_factory=dict)
    _keys: set[str] = field(default_factory=set)

    def block(self, judged: Judged) -> Judged:
        """The block with what is on file of revoked decisions. ``clean`` has the digest of its natural key in `KEY`.

        A decision that the same file reports as revoked elsewhere is not registered: the row waits for its sender. A
        row that waits already does not wait twice.
        """
        judged = told_where_they_wait(judged, item=self.item, provider_id=self.provider_id)
        told = [row for row in judged.results if row.revoked]
        stands = self._stands(told)
        self._keys |= {natural_key_now(self.item, row.values) for row in told}
        if not self._keys:
            return judged
        against = judged.clean.filter(pl.col(KEY).is_in(sorted(self._keys)))
        moved = list(Judged(against.drop(KEY), ()).each())
        rest = [self._of_revoked(row) if row.row not in stands else row for row in judged.results]
        results = [
            *(after_lookup(row, stands.get(row.row, Standing.NEW), self.item.article) for row in rest),
            *(after_lookup(row, Standing.REVOKED_IN_FILE, self.item.article) for row in moved),
        ]
        left = judged.clean.filter(~pl.col(ROW).is_in([row.row for row in moved]))
        return Judged(left, sorted(results, key=lambda row: row.row))

    def _of_revoked(self, row: RowResult) -> RowResult:
        """A row that would be registered, or wait, though the file says that its decision is revoked."""
        if row.verdict is Verdict.REJECT or row.unchanged or natural_key_now(self.item, row.values) not in self._keys:
            return row
        return after_lookup(row, Standing.REVOKED_IN_FILE, self.item.article)

    def _stands(self, told: Sequence[RowResult]) -> dict[int, Standing]:
        """Row -> how its decision stands on file; rows of which nothing is there are absent."""
        keys = {row.row: natural_keys(self.item, row.values) for row in told}
        found = selectors.found_by_keys([key for several in keys.values() for key in several])
        held = selectors.senders_of(set(found.values()))
        stands: dict[int, Standing] = {}
        for row in told:
            place = next((found[key] for key in keys[row.row] if key in found), None)
            if place is not None:
                stands[row.row] = self._stand(row.row, place, *held[place])
        return stands

    def _stand(self, row: int, place: Place, state: RecordState, provider_id: int) -> Standing:
        if provider_id != self.provider_id:
            return Standing.REVOKES_ANOTHERS
        if state not in LIVE or place in self.due:
            return Standing.REVOKED_BEFORE
        self.due[place] = row
        return Standing.REVOKES


def withdraw_revoked(
    revocations: Revocations, *, origin: Origin, actor: str, organisation: str, channel: str
) -> list[Place]:
    """Withdraw the records that end by a file, by subject, inside the transaction of its batch.

    Each is one version and one entry ``record.withdrawn`` in the chain of its subject, which names batch and row.
    Returns the records that somebody ended in the meantime: the batch is to be judged again.
    """
    raced = []
    for (subject_id, record_id), row in sorted(revocations.due.items()):
        before, n = writing.locked(subject_id, record_id)
        if before.state not in LIVE:
            raced.append((subject_id, record_id))
            continue
        after = ended(before, state=RecordState.WITHDRAWN, cause=CAUSE, day=origin.day)
        writing.single(
            ledger_act=ACT,
            act=Act.WITHDRAWN,
            before=before,
            after=replace(after, law_version_id=origin.law_version.id),
            n=n,
            actor=actor,
            organisation=organisation,
            channel=channel,
            reason=CAUSE,
            article=origin.item.article,
            law=origin.law_version,
            at=origin.at,
            extra={"cause": CAUSE, "batch": str(origin.batch_id), "row": str(row)},
        )
    return raced
