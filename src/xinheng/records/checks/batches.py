"""Is every batch of intake what its ledger entry bound, row by row, and does each row stand where an act put it?

Registered with `ledger verify`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from xinheng.intake.models import IntakeBatch, IntakeFinding
from xinheng.intake.rules.leaves import row_leaf
from xinheng.intake.rules.verdicts import NOT_KEPT, RowState, Verdict
from xinheng.intake.selectors import LeafCheck, leaf_checks
from xinheng.ledger.verify import Damage, Erased, Finding, Tally, Verification
from xinheng.lib import merkle
from xinheng.lib.canonical import canonical
from xinheng.records import selectors

CHUNK = 2000
RETURNED, REGISTERED = (RowState.RETURNED,), (RowState.REGISTERED,)
Reviews = Mapping[tuple[str, str], tuple[tuple[RowState, ...], int | None, int]]


def check_batches(verification: Verification) -> Iterator[Finding]:
    """Every batch is what its ledger entry bound, row by row. One CheckResult ``batches`` at the end, counting rows."""
    tally = Tally("batches")
    bound = {str(body["batch"]): entry for entry, body in verification.bodies("batch.accepted") if body is not None}
    reviews = _reviews(verification)
    for batch in IntakeBatch.objects.select_related("provider").order_by("id").iterator(chunk_size=CHUNK):
        entry_id = bound.pop(str(batch.id), None)
        if entry_id is None or entry_id != batch.entry_id:
            place = entry_id or batch.entry_id or 0
            yield tally.damage(
                "batch_without_entry", "intake_batch", expected=entry_id, found=batch.entry_id, entry=place
            )
            continue
        yield from _batch(tally, verification, batch, entry_id, reviews)
    for batch_id, entry_id in bound.items():
        yield tally.damage("batch_missing", "intake_batch", expected=batch_id, found="none", entry=entry_id)
    yield tally.result()


def _reviews(verification: Verification) -> Reviews:
    """(batch, row) -> (states the decision leads to, who decided, entry)."""
    found: dict[tuple[str, str], tuple[tuple[RowState, ...], int | None, int]] = {}
    for entry, body in verification.bodies("batch.reviewed"):
        if body is not None:
            states = RETURNED if body["outcome"] == "return" else REGISTERED
            number = str(body["actor"]).removeprefix("account:")
            who = int(number) if number.isdigit() else None
            found[str(body["batch"]), str(body["row"])] = states, who, entry
    return found


def _batch(
    tally: Tally, verification: Verification, batch: IntakeBatch, entry_id: int, reviews: Reviews
) -> Iterator[Damage | Erased]:
    body = verification.body(entry_id) or {}
    leaves, registered, verdicts = [], 0, dict.fromkeys(Verdict, 0)
    for row in _with_records(leaf_checks(batch.id), entry_id):
        leaves.append(row.leaf)
        registered += row.verdict is Verdict.ACCEPT and row.state is RowState.REGISTERED
        verdicts[row.verdict] += 1
        yield from _said(tally, verification, row, entry_id)
        yield from _stands(tally, row, reviews.get((str(batch.id), str(row.row))), entry_id)
    tally.count += len(leaves)
    stored = {
        "file_sha256": batch.file_sha256,
        "rows": str(batch.row_count),
        "root": batch.root,
        "records": str(batch.accepted),
        "provider": batch.provider.code,
        "item": batch.item_code,
    }
    bound = {**body, "provider": body.get("org"), "item": body.get("ground", {}).get("item")}
    recomputed = {"rows": str(len(leaves)), "root": merkle.root(leaves).hex(), "records": str(registered)}
    for name, value in sorted({*stored.items(), *recomputed.items()}):
        if value != str(bound.get(name)):
            yield tally.damage(f"batch_{name}", "intake_batch", expected=bound.get(name), found=value, entry=entry_id)
    counts = (verdicts[Verdict.ACCEPT], verdicts[Verdict.REVIEW], verdicts[Verdict.REJECT])
    told = (batch.accepted + batch.unchanged, batch.review, batch.rejected)
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


def _stands(
    tally: Tally, row: LeafCheck, review: tuple[tuple[RowState, ...], int | None, int] | None, entry_id: int
) -> Iterator[Damage]:
    """A row is where its verdict put it, or where the entry of a review did. How many accepted rows were registered
    the entry of the batch tells.
    """
    who: Any = None
    match row.verdict:
        case Verdict.ACCEPT:
            states: tuple[RowState, ...] = (RowState.REGISTERED, RowState.UNCHANGED)
        case Verdict.REJECT:
            states = RETURNED
        case _ if review is None:
            states = (RowState.WAITING,)
        case _:
            states, who, entry_id = review
    if row.state not in states:
        expected = " or ".join(states)
        yield tally.damage("row_state", "intake_row", expected=expected, found=row.state.value, entry=entry_id)
    if row.decided_by != who:
        yield tally.damage("row_decided_by", "intake_row", expected=who, found=row.decided_by, entry=entry_id)


def _left_out(row_id: int) -> bool:
    """Whether the law forbade to keep what this row said."""
    return IntakeFinding.objects.filter(row_id=row_id, code__in=NOT_KEPT).exists()
