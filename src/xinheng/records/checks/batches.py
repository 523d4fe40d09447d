"""Is every batch of intake what its ledger entry bound, row by row, and does each row stand where an act put it?

Registered with `ledger verify`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from xinheng.intake.models import BatchState, IntakeBatch, IntakeFinding, IntakeWithdrawal
from xinheng.intake.rules.leaves import row_leaf
from xinheng.intake.rules.verdicts import NOT_KEPT, RowState, Verdict
from xinheng.intake.selectors import LeafCheck, leaf_checks
from xinheng.intake.services.mending import FIRST
from xinheng.ledger.verify import Damage, Erased, Finding, Tally, Verification
from xinheng.lib import merkle
from xinheng.lib.canonical import canonical
from xinheng.records import selectors

CHUNK = 2000
RETURNED, REGISTERED = (RowState.RETURNED,), (RowState.REGISTERED,)
NOWHERE = (None, None)


@dataclass(frozen=True, slots=True)
class _Act:
    """What an entry did to a row: the states it leads to, who did it, and where the row is said again."""

    states: tuple[RowState, ...]
    who: int | None
    entry_id: int
    mended: tuple[int | None, int | None] = NOWHERE


@dataclass(frozen=True, slots=True)
class _Bound:
    """What entries bound about batches and rows, by (batch, row) or batch."""

    rows: Mapping[tuple[str, str], _Act]
    withdrew: Mapping[tuple[str, str], int]  # rows that told of a revoked decision -> entry
    withdrawn: Mapping[str, int]  # batches that their sender took back -> entry


def check_batches(verification: Verification) -> Iterator[Finding]:
    """Every batch is what its ledger entry bound, row by row. One CheckResult ``batches`` at the end, counting rows."""
    tally = Tally("batches")
    bound = {str(body["batch"]): entry for entry, body in verification.bodies("batch.accepted") if body is not None}
    acts = _acts(verification)
    for batch in IntakeBatch.objects.select_related("provider").order_by("id").iterator(chunk_size=CHUNK):
        entry_id = bound.pop(str(batch.id), None)
        if entry_id is None or entry_id != batch.entry_id:
            place = entry_id or batch.entry_id or 0
            yield tally.damage(
                "batch_without_entry", "intake_batch", expected=entry_id, found=batch.entry_id, entry=place
            )
            continue
        yield from _batch(tally, verification, batch, entry_id, acts)
    for batch_id, entry_id in bound.items():
        yield tally.damage("batch_missing", "intake_batch", expected=batch_id, found="none", entry=entry_id)
    yield from _proposals(tally, verification)
    yield tally.result()


def _acts(verification: Verification) -> _Bound:
    """Every act on a row or a whole batch; of a row the last one counts, which none can follow."""
    rows: dict[tuple[str, str], _Act] = {}
    withdrawn: dict[str, int] = {}
    for entry, body in verification.bodies("batch.reviewed"):
        if body is not None:
            states = RETURNED if body["outcome"] == "return" else REGISTERED
            rows[str(body["batch"]), str(body["row"])] = _Act(states, _who(body), entry)
    for entry, body in verification.bodies("batch.withdrawn"):
        if body is not None:
            withdrawn[str(body["batch"])] = entry
            rows |= {(str(body["batch"]), str(row)): _Act(RETURNED, _who(body), entry) for row in body["returned"]}
    for entry, body in verification.bodies("row.dropped"):
        if body is not None:
            rows[str(body["batch"]), str(body["row"])] = _Act((RowState.DROPPED,), _who(body), entry)
    for entry, body in verification.bodies("batch.accepted"):
        for n, row in enumerate(body["mends"]["rows"] if body is not None and "mends" in body else ()):
            assert body is not None
            place = (int(str(body["batch"])), FIRST + n)
            rows[str(body["mends"]["batch"]), str(row)] = _Act((RowState.MENDED,), _who(body), entry, place)
    withdrew = {
        (str(body["batch"]), str(body["row"])): entry
        for entry, body in verification.bodies("record.withdrawn")
        if body is not None and "batch" in body
    }
    return _Bound(rows, withdrew, withdrawn)


def _who(body: Mapping[str, Any]) -> int | None:
    number = str(body["actor"]).removeprefix("account:")
    return int(number) if number.isdigit() else None


def _batch(
    tally: Tally, verification: Verification, batch: IntakeBatch, entry_id: int, acts: _Bound
) -> Iterator[Damage | Erased]:
    body = verification.body(entry_id) or {}
    leaves, registered, ended, verdicts = [], 0, 0, dict.fromkeys(Verdict, 0)
    for row in _with_records(leaf_checks(batch.id), entry_id):
        leaves.append(row.leaf)
        registered += row.verdict is Verdict.ACCEPT and row.state is RowState.REGISTERED
        ended += row.state is RowState.WITHDREW
        verdicts[row.verdict] += 1
        yield from _said(tally, verification, row, entry_id)
        place = str(batch.id), str(row.row)
        withdrew = acts.withdrew.get(place)
        if withdrew is not None or row.state is RowState.WITHDREW:
            yield from _withdrew(tally, row, withdrew, entry_id)
        yield from _stands(tally, row, acts.rows.get(place), entry_id)
    tally.count += len(leaves)
    stored = {
        "file_sha256": batch.file_sha256,
        "rows": str(batch.row_count),
        "root": batch.root,
        "records": str(batch.accepted),
        "provider": batch.provider.code,
        "item": batch.item_code,
        "mends": str(batch.mends),
        "withdrawn": str(batch.withdrawn_entry_id),
        "state": batch.state,
    }
    gone = acts.withdrawn.get(str(batch.id))
    bound = {
        **body,
        "provider": body.get("org"),
        "item": body.get("ground", {}).get("item"),
        "mends": body.get("mends", {}).get("batch"),
        "withdrawn": gone,
        "state": BatchState.CLOSED if gone is None else BatchState.WITHDRAWN,
    }
    recomputed = {"rows": str(len(leaves)), "root": merkle.root(leaves).hex(), "records": str(registered)}
    for name, value in sorted({*stored.items(), *recomputed.items()}):
        if value != str(bound.get(name)):
            yield tally.damage(f"batch_{name}", "intake_batch", expected=bound.get(name), found=value, entry=entry_id)
    counts = (verdicts[Verdict.ACCEPT], verdicts[Verdict.REVIEW], verdicts[Verdict.REJECT], ended)
    told = (batch.accepted + batch.unchanged + batch.ended, batch.review, batch.rejected, batch.ended)
    if counts != told:
        yield tally.damage("batch_counts", "intake_batch", expected=counts, found=told, entry=entry_id)


def _with_records(rows: Iterator[LeafCheck], entry_id: int) -> Iterator[LeafCheck]:
    """The rows; one that was registered at once is recomputed from the content of its record."""
    while block := list(islice(rows, CHUNK)):
        wanted = [row.row for row in block if row.recomputed is None and row.state is RowState.REGISTERED]
        contents = selectors.first_contents(entry_id, wanted)
        for row in block:
            if row.row in contents:
                salt, content = contents[row.row]
                leaf = row_leaf(salt=salt, row=row.row, verdict=row.verdict, body=canonical(dict(content)))
                yield replace(row, recomputed=leaf)
            else:
                yield row


def _said(tally: Tally, verification: Verification, row: LeafCheck, entry_id: int) -> Iterator[Damage | Erased]:
    """What a row said gives its leaf; or it had to be left out when it came, or a sealed entry erased it."""
    erased = verification.erasures("intake_row_content")
    table, leaf = "intake_row_content", row.leaf.hex()
    if row.recomputed == row.leaf:
        return
    if row.recomputed is not None:
        yield tally.damage("row_altered", table, expected=leaf, found=row.recomputed.hex(), entry=entry_id)
    elif str(row.row_id) in erased:
        yield erased[str(row.row_id)]
    elif row.verdict is not Verdict.REJECT or not _left_out(row.row_id):
        yield tally.damage("row_content_missing", table, expected=leaf, found="none", entry=entry_id)


def _withdrew(tally: Tally, row: LeafCheck, withdrew: int | None, entry_id: int) -> Iterator[Damage]:
    """A row that told of a revoked decision has the entry by which the record was withdrawn; and back."""
    if withdrew is None or row.state is not RowState.WITHDREW:
        expected = RowState.WITHDREW.value if withdrew is not None else "an entry"
        found = row.state.value if withdrew is not None else "none"
        yield tally.damage("row_withdrew", "intake_row", expected=expected, found=found, entry=withdrew or entry_id)


def _stands(tally: Tally, row: LeafCheck, act: _Act | None, entry_id: int) -> Iterator[Damage]:
    """A row is where its verdict put it, or where the entry of an act did. How many accepted rows were registered
    the entry of the batch tells.
    """
    if row.verdict is Verdict.ACCEPT or act is None:
        act = _Act(_AT_ONCE[row.verdict], None, entry_id)
    if row.state not in act.states:
        expected = " or ".join(act.states)
        yield tally.damage("row_state", "intake_row", expected=expected, found=row.state.value, entry=act.entry_id)
    if row.decided_by != act.who:
        yield tally.damage("row_decided_by", "intake_row", expected=act.who, found=row.decided_by, entry=act.entry_id)
    if row.mended != act.mended:
        yield tally.damage("row_mended", "intake_row", expected=act.mended, found=row.mended, entry=act.entry_id)


_AT_ONCE = {
    Verdict.ACCEPT: (RowState.REGISTERED, RowState.UNCHANGED, RowState.WITHDREW),
    Verdict.REVIEW: (RowState.WAITING,),
    Verdict.REJECT: RETURNED,
}


def _proposals(tally: Tally, verification: Verification) -> Iterator[Damage]:
    """Every proposal to take a batch back, and what became of it, is what its entries say."""
    said: dict[int, tuple[str, ...]] = {}
    for entry, body in verification.bodies("withdrawal.proposed"):
        if body is not None:
            said[entry] = (
                str(body["batch"]),
                str(_who(body)),
                str(body["ground"]["ground"]),
                "proposed",
                "None",
                "None",
            )
    for act, state in (("batch.withdrawn", "confirmed"), ("withdrawal.refused", "refused")):
        for entry, body in verification.bodies(act):
            if body is not None and int(body["proposal"]) in said:
                batch, by, reason = said[int(body["proposal"])][:3]
                said[int(body["proposal"])] = (batch, by, reason, state, str(_who(body)), str(entry))
    for one in IntakeWithdrawal.objects.order_by("id"):
        expected = said.pop(one.entry_id, None)
        found = tuple(
            str(part)
            for part in (one.batch_id, one.proposed_by, one.reason, one.state, one.decided_by, one.decided_entry_id)
        )
        if found != expected:
            yield tally.damage(
                "withdrawal_altered", "intake_withdrawal", expected=expected, found=found, entry=one.entry_id
            )
    for entry in said:
        yield tally.damage("withdrawal_missing", "intake_withdrawal", expected="a row", found="none", entry=entry)


def _left_out(row_id: int) -> bool:
    """Whether the law forbade to keep what this row said."""
    return IntakeFinding.objects.filter(row_id=row_id, code__in=NOT_KEPT).exists()
