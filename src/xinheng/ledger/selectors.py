"""What does the log say: proof of an entry, a subject's chain, what an auditor reads?"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from xinheng.ledger import keys, tree
from xinheng.ledger.models import (
    LawVersion,
    LedgerCheckpoint,
    LedgerEntry,
    LedgerHead,
    LedgerHeadSeal,
    LedgerLeaf,
    LedgerVerification,
    SweepRun,
)
from xinheng.ledger.rules import (
    ENTRY_ERASED,
    Standing,
    body_place,
    head_leaf,
    open_promise,
    read_entry,
    shown_receipts,
    unpack_heads,
)
from xinheng.lib import merkle
from xinheng.lib.canonical import leaf_hash
from xinheng.lib.clock import parse_stamp, stamp
from xinheng.lib.errors import BadInput, Conflict, NotFound
from xinheng.store import crypto


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """An entry with its body opened. ``index`` is None while it waits, ``body`` None when it was erased.

    ``seq``: its number in its subject's chain, 0 when it is about no subject, or erased and asked for by itself.
    """

    entry_id: int
    act: str
    at: datetime
    law: str
    commit: str
    leaf: str
    index: int | None
    tag: bytes | None
    body: Mapping[str, Any] | None
    seq: int = 0


@dataclass(frozen=True, slots=True)
class CheckpointFacts:
    """The newest signed state of the log."""

    size: int
    root: str
    note: str
    at: datetime


_LARGEST = 2**63 - 1
_ENTRY = """
SELECT e.id, e.bytes, b.tag, b.sealed, l."index"
FROM ledger_entry e LEFT JOIN ledger_body b ON b.entry_id = e.id LEFT JOIN ledger_leaf l ON l.entry_id = e.id
"""


def open_body(leaf: bytes, sealed: bytes) -> Mapping[str, Any]:
    """The body of the entry with this leaf hash. Raises Conflict when either was altered or moved."""
    body: Mapping[str, Any] = orjson.loads(crypto.unseal(sealed, aad=body_place(leaf)))
    return body


def _open(rows: Iterable[tuple[Any, ...]]) -> list[OpenEntry]:
    opened = []
    for entry_id, raw, tag, sealed, index in rows:
        data = bytes(raw)
        facts = read_entry(data)
        leaf = leaf_hash(data)
        body = None if sealed is None else open_body(leaf, sealed)
        opened.append(
            OpenEntry(
                entry_id=entry_id,
                act=facts.act,
                at=parse_stamp(facts.at),
                law=facts.law,
                commit=facts.commit,
                leaf=leaf.hex(),
                index=index,
                tag=None if tag is None else bytes(tag),
                body=body,
                seq=int(body["seq"]) if body else 0,
            )
        )
    return opened


def _select(where: str, values: list[Any]) -> list[OpenEntry]:
    with connection.cursor() as cursor:
        cursor.execute(_ENTRY + where, values)
        return _open(cursor.fetchall())


def entry(entry_id: int) -> OpenEntry:
    """One entry. Raises NotFound ``entry_unknown``."""
    found = _select("WHERE e.id = %s", [entry_id])
    if not found:
        raise NotFound("entry_unknown", entry=str(entry_id))
    return found[0]


def chain(tag: bytes, *, before_seq: int | None = None, limit: int | None = None) -> list[OpenEntry]:
    """The entries of a subject, oldest first. One whose body was erased stands in its place with ``body`` None.

    ``before_seq`` and ``limit`` give the last ``limit`` numbers of the chain below ``before_seq``: a part of it, which
    costs what it holds however long the chain is. No number is left out of a part unless the chain is damaged.
    """
    past = chain_length(tag) + 1 if before_seq is None else before_seq
    first = 1 if limit is None else max(past - limit, 1)
    found = _select(
        "WHERE b.tag = %s AND b.seq >= %s AND b.seq < %s ORDER BY b.seq",
        [tag, first, _LARGEST if before_seq is None else past],
    )
    by_number = {one.seq: one for one in found}
    if len(by_number) < past - first:
        by_number |= {number: gone for number, gone in _erased(tag) if first <= number < past}
    return [by_number[number] for number in sorted(by_number)]


def chain_length(tag: bytes) -> int:
    """How many entries are about a subject: the number of its last one, which `head_proof` proves."""
    return LedgerHead.objects.filter(tag=tag).values_list("last_seq", flat=True).first() or 0


def _erased(tag: bytes) -> Iterator[tuple[int, OpenEntry]]:
    """The erased entries of a subject with their numbers, as the entries of their erasure tell them."""
    said = _select(
        "WHERE b.tag = %s AND convert_from(e.bytes, 'UTF8')::jsonb ->> 'act' = %s ORDER BY b.seq", [tag, ENTRY_ERASED]
    )
    for one in said:
        if one.body:
            number = int(one.body["fields"]["seq"])
            yield number, replace(entry(int(one.body["fields"]["entry"])), tag=tag, seq=number)


def entries(
    *,
    act: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[OpenEntry]:
    """What an auditor reads, newest first: what waits, then by position in the tree.

    ``since`` and ``until`` bound the instant of the act, half-open; ``before`` is the entry id of the last row already
    shown. Raises NotFound ``entry_unknown`` for an unknown ``before``.
    """
    conditions, values = "", list[Any]()
    for clause, value in (
        (" AND convert_from(e.bytes, 'UTF8')::jsonb ->> 'act' = %s", act),
        (" AND convert_from(e.bytes, 'UTF8')::jsonb ->> 'at' >= %s", since and stamp(since)),
        (" AND convert_from(e.bytes, 'UTF8')::jsonb ->> 'at' < %s", until and stamp(until)),
    ):
        if value is not None:
            conditions += clause
            values.append(value)
    shown = entry(before) if before is not None else None
    found: list[OpenEntry] = []
    if shown is None or shown.index is None:
        below = _LARGEST if shown is None else shown.entry_id
        found = _select(
            f"JOIN ledger_pending p ON p.entry_id = e.id WHERE e.id < %s{conditions} ORDER BY e.id DESC LIMIT %s",
            [below, *values, limit],
        )
    if len(found) < limit:
        below = _LARGEST if shown is None or shown.index is None else shown.index
        found += _select(
            f'WHERE l."index" < %s{conditions} ORDER BY l."index" DESC LIMIT %s', [below, *values, limit - len(found)]
        )
    return found


def leaves() -> int:
    """How many entries are sealed."""
    newest = LedgerLeaf.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if newest is None else newest + 1


def sealed_between(*, first: int, last: int, acts: Collection[str]) -> list[OpenEntry]:
    """The sealed entries of these acts at the places ``first`` to ``last`` of the tree, in order.

    Only bodies of these acts are opened; one that was erased has ``body`` None.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ENTRY + 'WHERE l."index" BETWEEN %s AND %s ORDER BY l."index"', [first, last])
        rows = [row for row in cursor.fetchall() if read_entry(bytes(row[1])).act in acts]
    return _open(rows)


def opened_entries(entry_ids: Collection[int]) -> dict[int, OpenEntry]:
    """Several entries by their ids; unknown ones are absent."""
    return {one.entry_id: one for one in _select("WHERE e.id = ANY(%s)", [list(entry_ids)])}


def position(entry_id: int) -> int | None:
    """The leaf index of an entry, None while it waits for the sealer."""
    return LedgerLeaf.objects.filter(entry_id=entry_id).values_list("index", flat=True).first()


def prove(entry_id: int) -> dict[str, Any]:
    """The proof that an entry is in the tree of the newest checkpoint, as ``ledger prove`` prints it.

    Raises NotFound ``entry_unknown`` and, within the minute before the sealer, Conflict ``entry_not_sealed_yet``.
    """
    found = entry(entry_id)
    newest = LedgerCheckpoint.objects.order_by("-size").first()
    if found.index is None or newest is None or found.index >= newest.size:
        raise Conflict("entry_not_sealed_yet", entry=str(entry_id))
    return _inclusion(entry_id, found.leaf, found.index, newest)


@dataclass(frozen=True, slots=True)
class Examined:
    """What the log says to one receipt. ``proof`` as `prove` gives it where the entry is sealed."""

    standing: Standing
    entry: str
    leaf: str
    promised: bool = False
    proof: Mapping[str, Any] | None = None

    @property
    def number(self) -> int:
        """The place in the log as people count, from 1; 0 where there is none."""
        return int(self.proof["index"]) + 1 if self.proof else 0


def examine(text: str, *, at: datetime) -> list[Examined]:
    """What the log says to each receipt in a pasted text: promises, or entry numbers with their leaves."""
    promises, pairs = shown_receipts(text)
    return [_promised(one, at=at) for one in promises] or [look_up(entry, leaf) for entry, leaf in pairs]


def look_up(entry_id: int, leaf: str) -> Examined:
    """Whether the entry of this number has this leaf (64 hex), and where it is in the log.

    Number and leaf must fit together: a number alone tells nothing, not even whether there is such an entry.
    """
    entries = LedgerEntry.objects.filter(id=min(entry_id, _LARGEST))
    raw = entries.values_list("bytes", flat=True).first()
    found = leaf_hash(bytes(raw)).hex() if raw is not None else "0" * 64
    if not hmac.compare_digest(found, leaf) or raw is None:
        return Examined(Standing.UNKNOWN, str(entry_id), leaf)
    index = position(entry_id)
    newest = LedgerCheckpoint.objects.order_by("-size").first()
    if index is None or newest is None or index >= newest.size:
        return Examined(Standing.WAITING, str(entry_id), leaf)
    return Examined(Standing.SEALED, str(entry_id), leaf, proof=_inclusion(entry_id, leaf, index, newest))


def _promised(text: str, *, at: datetime) -> Examined:
    try:
        made = open_promise(text, keys.verifier())
    except BadInput:
        return Examined(Standing.FORGED, "", "")
    found = look_up(made.entry_id, made.leaf)
    standing = found.standing
    if standing is Standing.UNKNOWN:
        standing = Standing.BROKEN
    elif standing is Standing.WAITING and at > made.until:
        standing = Standing.LATE
    return Examined(standing, found.entry, found.leaf, promised=True, proof=found.proof)


def _inclusion(entry_id: int, leaf: str, index: int, newest: LedgerCheckpoint) -> dict[str, Any]:
    proof = tree.StoredTree(newest.size).inclusion_proof(index)
    return {
        "entry": str(entry_id),
        "leaf": leaf,
        "index": index,
        "tree_size": newest.size,
        "proof": [base64.b64encode(step).decode() for step in proof],
        "checkpoint": newest.note,
    }


def head_proof(tag: bytes) -> dict[str, Any] | None:
    """The subject's head in the newest ``heads.sealed`` entry with its proof; None when it had no entry by then."""
    seals = list(LedgerHeadSeal.objects.order_by("chunk"))
    heads = unpack_heads(b"".join(bytes(seal.heads) for seal in seals))
    position = next((n for n, head in enumerate(heads) if head[0] == tag), None)
    if position is None:
        return None
    leaves = [head_leaf(*head) for head in heads]
    return {
        "entry": str(seals[0].entry_id),
        "seq": heads[position][1],
        "head": heads[position][2].hex(),
        "leaf": leaves[position].hex(),
        "index": position,
        "tree_size": len(heads),
        "proof": [base64.b64encode(step).decode() for step in merkle.inclusion_proof(leaves, position)],
        "root": merkle.root(leaves).hex(),
    }


def latest_checkpoint() -> CheckpointFacts | None:
    """The newest checkpoint, None before the first sealing."""
    newest = LedgerCheckpoint.objects.order_by("-size").first()
    if newest is None:
        return None
    return CheckpointFacts(newest.size, bytes(newest.root).hex(), newest.note, newest.at)


def waiting() -> int:
    """How many entries wait for the sealer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_pending")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many entries wait for the sealer, and since when the first of them."""

    count: int
    since: datetime | None


def waiting_since() -> Waiting:
    """What waits for the sealer; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM ledger_pending), (SELECT e.bytes FROM ledger_entry e"
            " WHERE e.id = (SELECT min(entry_id) FROM ledger_pending))"
        )
        count, first = cursor.fetchone() or (0, None)
    return Waiting(int(count), parse_stamp(read_entry(bytes(first)).at) if first is not None else None)


@dataclass(frozen=True, slots=True)
class VerificationFacts:
    """The last verification that came to its end."""

    at: datetime
    leaves: int
    damage: int


def last_verification() -> VerificationFacts | None:
    """When the log was last verified, and what was found; None when never."""
    found = LedgerVerification.objects.order_by("-at", "-id").first()
    return VerificationFacts(found.at, found.leaves, found.damage) if found else None


def sweeps_run() -> dict[str, datetime]:
    """When each sweep last came to its end, by name."""
    return dict(SweepRun.objects.values_list("name", "at"))


def vkey() -> str:
    """The log's public key as C2SP spells it."""
    return keys.verifier().vkey


def law_version(label: str) -> LawVersion:
    """The law version of a label. Raises NotFound ``law_version_unknown``."""
    found = LawVersion.objects.filter(label=label).first()
    if found is None:
        raise NotFound("law_version_unknown", label=label)
    return found
