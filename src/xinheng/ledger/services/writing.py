"""How does an act enter the log? In the act's own transaction, in two statements, before anyone sees its result.

If we crash before the commit, neither the act nor its entry happened. If we crash after it, the entry waits in
``ledger_pending`` and the sealer numbers it. The promise is signed after the commit, so nobody holds a promise for an
entry that was rolled back.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from xinheng.ledger import keys
from xinheng.ledger.models import LawVersion
from xinheng.ledger.rules import SALT, Act, Entry, Head, Receipt, SubjectRef, body_place, make_entry, make_promise
from xinheng.lib import merkle
from xinheng.lib.errors import Conflict
from xinheng.store import crypto, ids

# Heads are locked in the order of their tags; whoever holds the lock of a subject meets nobody here.
_LOCK_HEAD = "SELECT tag, last_seq, last_leaf FROM ledger_head WHERE tag = %s FOR UPDATE"
_LOCK_HEADS = "SELECT tag, last_seq, last_leaf FROM ledger_head WHERE tag = ANY(%s) ORDER BY tag FOR UPDATE"

# One statement for one act (the hot path: plain values cost half of arrays), one for any number of acts.
_INSERT_ALONE = """
WITH entry AS (INSERT INTO ledger_entry (id, bytes) VALUES (%(id)s, %(data)s)),
body AS (
  INSERT INTO ledger_body (entry_id, tag, seq, sealed, salt)
  VALUES (%(id)s, %(tag)s, %(seq)s, %(sealed)s, %(salt)s)
)
INSERT INTO ledger_pending (entry_id) VALUES (%(id)s)
"""
_INSERT_ONE = """
WITH entry AS (INSERT INTO ledger_entry (id, bytes) VALUES (%(id)s, %(data)s)),
body AS (
  INSERT INTO ledger_body (entry_id, tag, seq, sealed, salt)
  VALUES (%(id)s, %(tag)s, %(seq)s, %(sealed)s, %(salt)s)
),
head AS (
  INSERT INTO ledger_head (tag, last_seq, last_leaf) VALUES (%(tag)s, %(seq)s, %(leaf)s)
  ON CONFLICT (tag) DO UPDATE SET last_seq = excluded.last_seq, last_leaf = excluded.last_leaf
)
INSERT INTO ledger_pending (entry_id) VALUES (%(id)s)
"""
_INSERT_MANY = """
WITH entry AS (
  INSERT INTO ledger_entry (id, bytes) SELECT * FROM unnest(%(id)b::bigint[], %(data)b::bytea[])
), body AS (
  INSERT INTO ledger_body (entry_id, tag, seq, sealed, salt)
  SELECT * FROM unnest(%(id)b::bigint[], %(tag)b::bytea[], %(seq)b::bigint[], %(sealed)b::bytea[], %(salt)b::bytea[])
), head AS (
  INSERT INTO ledger_head (tag, last_seq, last_leaf)
  SELECT tag, seq, leaf FROM unnest(%(tags)b::bytea[], %(last_seq)b::bigint[], %(last_leaf)b::bytea[])
    AS fresh (tag, seq, leaf) ORDER BY tag
  ON CONFLICT (tag) DO UPDATE SET last_seq = excluded.last_seq, last_leaf = excluded.last_leaf
)
INSERT INTO ledger_pending (entry_id) SELECT unnest(%(id)b::bigint[])
"""


def append(
    *,
    act: str,
    at: datetime,
    law: LawVersion | str,
    actor: str,
    organisation: str,
    channel: str,
    subject: SubjectRef | None,
    ground: Mapping[str, Any],
    result: str,
    fields: Mapping[str, Any],
    data_version: str = "",
    extra: Mapping[str, Any] | None = None,
    entry_id: int | None = None,
) -> Receipt:
    """Record one act in the caller's transaction (`Act` tells the meaning of each argument).

    ``entry_id``: an id of the family taken before, for rows that name their entry while it is not yet complete. The
    caller holds the lock of the subject. Raises Conflict ``no_transaction`` outside a transaction, BadInput for a
    value that has no canonical form, IntegrityError when two callers write a subject's first entry without the lock.
    """
    wanted = Act(
        act=act,
        at=at,
        law=str(law),
        actor=actor,
        organisation=organisation,
        channel=channel,
        subject=subject,
        ground=ground,
        result=result,
        fields=fields,
        data_version=data_version,
        extra=extra or {},
    )
    return _append([wanted], entry_ids=None if entry_id is None else [entry_id])[0]


def append_many(acts: Sequence[Act]) -> list[Receipt]:
    """Record several acts in the caller's transaction, in this order, in the same two statements. See `append`."""
    return _append(acts, entry_ids=None)


def _append(acts: Sequence[Act], *, entry_ids: Sequence[int] | None) -> list[Receipt]:
    if not connection.in_atomic_block:
        raise Conflict("no_transaction")
    if not acts:
        return []
    heads = _lock_heads([*{act.subject.tag: None for act in acts if act.subject}])
    if entry_ids is None:
        entry_ids = [ids.next_id("entry") for _ in acts] if len(acts) < ids.BLOCK else ids.take("entry", len(acts))
    entries: list[Entry] = []
    for act, entry_id in zip(acts, entry_ids, strict=True):
        tag = act.subject.tag if act.subject else b""
        entry = make_entry(act, entry_id=entry_id, salt=os.urandom(SALT), head=heads.get(tag, Head()))
        entries.append(entry)
        if entry.seq is not None:
            heads[tag] = Head(entry.seq, entry.leaf)
    with connection.cursor() as cursor:
        if len(entries) == 1:
            cursor.execute(_INSERT_ONE if heads else _INSERT_ALONE, _values(entries[0]))
        else:
            cursor.execute(_INSERT_MANY, _columns(entries, heads))
    return [
        Receipt(entry_id=entry.id, leaf=entry.leaf.hex(), at=act.at, act=act.act, law=act.law)
        for act, entry in zip(acts, entries, strict=True)
    ]


def _lock_heads(tags: list[bytes]) -> dict[bytes, Head]:
    """The last entry of each subject, locked; subjects without an entry are left out."""
    if not tags:
        return {}
    with connection.cursor() as cursor:
        if len(tags) == 1:
            cursor.execute(_LOCK_HEAD, tags)
        else:
            cursor.execute(_LOCK_HEADS, [tags])
        return {bytes(tag): Head(seq, bytes(leaf)) for tag, seq, leaf in cursor.fetchall()}


def _values(entry: Entry) -> dict[str, Any]:
    """What one entry writes; the body encrypted and bound to its place."""
    return {
        "id": entry.id,
        "data": entry.data,
        "tag": entry.tag,
        "seq": entry.seq,
        "sealed": crypto.seal(entry.body, aad=body_place(entry.leaf)),
        "salt": entry.salt,
        "leaf": entry.leaf,
    }


def _columns(entries: Sequence[Entry], heads: Mapping[bytes, Head]) -> dict[str, list[Any]]:
    """The same as columns, with the last head of each subject."""
    rows = [_values(entry) for entry in entries]
    columns = {name: [row[name] for row in rows] for name in ("id", "data", "tag", "seq", "sealed", "salt")}
    return {
        **columns,
        "tags": [*heads],
        "last_seq": [head.seq for head in heads.values()],
        "last_leaf": [head.leaf for head in heads.values()],
    }


def promise(receipt: Receipt) -> str:
    """The signed promise, in one line, that the entry is in the tree within 60 seconds. Call it after the commit."""
    return make_promise(receipt, origin=keys.origin(), signer=keys.signer())


def promise_batch(receipt: Receipt, leaves: Sequence[str]) -> str:
    """One signed promise for the entry of a batch and the entries of its rows (leaves in hex, in order)."""
    root = merkle.root([bytes.fromhex(leaf) for leaf in leaves])
    return make_promise(receipt, origin=keys.origin(), signer=keys.signer(), rows=len(leaves), root=root)
