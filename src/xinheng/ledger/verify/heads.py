"""Is any entry about a subject missing? Each subject's entries are one chain up to its head, and heads were sealed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from xinheng.ledger.models import LedgerHeadSeal
from xinheng.ledger.rules import HEADS_SEALED, heads_root, unpack_heads
from xinheng.ledger.verify.findings import Damage, Finding, Tally
from xinheng.ledger.verify.snapshot import Verification, open_committed, stream
from xinheng.lib.canonical import leaf_hash

_CHAINS = """
SELECT b.tag, b.seq, e.id, e.bytes, b.sealed, b.salt FROM ledger_body b JOIN ledger_entry e ON e.id = b.entry_id
WHERE b.tag IS NOT NULL ORDER BY b.tag, b.seq
"""
_HEADS = "SELECT tag, last_seq, last_leaf FROM ledger_head"

Head = tuple[int, bytes]


def check_heads(verification: Verification) -> Iterator[Finding]:
    """Chains without gap but lawful ones, ending in the stored head and running through the sealed one."""
    tally = Tally("heads")
    heads: dict[bytes, Head] = {bytes(tag): (seq, bytes(leaf)) for tag, seq, leaf in stream(_HEADS)}
    sealed = _sealed_heads()
    yield from _check_seal(tally, verification, sealed)
    for tag, links in groupby(stream(_CHAINS), key=lambda row: bytes(row[0])):
        tally.count += 1
        yield from _check_chain(tally, list(links), verification.erased_links.get(tag, {}), heads.pop(tag, None),
                                sealed.pop(tag, None))  # fmt: skip
    for tag, (seq, leaf) in heads.items():
        yield tally.damage(
            "chain_missing", "ledger_body", expected=f"{seq} {leaf.hex()}", found=f"tag {tag.hex()}: none"
        )
    for tag, (seq, leaf) in sealed.items():
        yield tally.damage(
            "chain_shortened", "ledger_body", expected=f"{seq} {leaf.hex()}", found=f"tag {tag.hex()}: none"
        )
    yield tally.result()


def _sealed_heads() -> dict[bytes, Head]:
    chunks = LedgerHeadSeal.objects.order_by("chunk").values_list("heads", flat=True)
    return {tag: (seq, leaf) for tag, seq, leaf in unpack_heads(b"".join(bytes(chunk) for chunk in chunks))}


def _check_seal(tally: Tally, verification: Verification, sealed: dict[bytes, Head]) -> Iterator[Damage]:
    """The stored copy of the sealed heads is what the newest ``heads.sealed`` entry covers."""
    seals = list(verification.bodies(HEADS_SEALED))
    kept = LedgerHeadSeal.objects.order_by("chunk").values_list("entry_id", flat=True).first()
    if not seals:
        if kept is not None:
            yield tally.damage("head_seal_without_entry", "ledger_head_seal", expected="an entry", found=kept)
        return
    newest = max(seals, key=lambda one: int(one[1]["fields"]["number"]) if one[1] else -1)
    if kept != newest[0]:
        yield tally.damage("head_seal_missing", "ledger_head_seal", expected=newest[0], found=kept, entry=newest[0])
    elif newest[1] is not None:
        root = heads_root([(tag, seq, leaf) for tag, (seq, leaf) in sealed.items()]).hex()
        if root != newest[1]["fields"]["root"]:
            expected = newest[1]["fields"]["root"]
            yield tally.damage("head_seal_altered", "ledger_head_seal", expected=expected, found=root, entry=newest[0])


def _check_chain(
    tally: Tally, links: list[tuple[Any, ...]], erased: dict[int, str], head: Head | None, sealed: Head | None
) -> Iterator[Damage]:
    """One subject's chain."""
    tag = bytes(links[0][0]).hex()
    number, leaf = 0, ""
    passed: dict[int, str] = dict(erased)
    for _, seq, entry_id, raw, secret, salt in links:
        data = bytes(raw)
        while number + 1 < seq and number + 1 in erased:  # lawfully erased entries keep their place in the chain
            number, leaf = number + 1, erased[number + 1]
        body = open_committed(data, secret, salt)
        if number + 1 != seq:
            yield tally.damage("chain_gap", "ledger_body", expected=number + 1, found=seq, entry=entry_id)
        elif body is not None and body["prev"] != leaf:
            yield tally.damage("chain_broken", "ledger_body", expected=leaf, found=body["prev"], entry=entry_id)
        number, leaf = seq, leaf_hash(data).hex()
        passed[seq] = leaf
    if head is None or (head[0], head[1].hex()) != (number, leaf):
        stored = f"{head[0]} {head[1].hex()}" if head else "none"
        yield tally.damage("head_differs", "ledger_head", expected=f"{number} {leaf}", found=f"tag {tag}: {stored}")
    if sealed and passed.get(sealed[0]) != sealed[1].hex():
        place = f"tag {tag}: {passed.get(sealed[0], 'none')}"
        yield tally.damage("chain_shortened", "ledger_body", expected=f"{sealed[0]} {sealed[1].hex()}", found=place)
