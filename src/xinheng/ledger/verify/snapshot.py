"""What do all checks look at together? One view of the database, and the notes that lay outside before it was taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson
from django.db import connection, transaction
from psycopg.pq import Format

from xinheng.ledger import witness
from xinheng.ledger.models import LedgerSealer
from xinheng.ledger.rules import CONTENT_ERASED, ENTRY_ERASED, EntryFacts, body_place, read_entry
from xinheng.ledger.verify.findings import Erased
from xinheng.lib.canonical import commitment, leaf_hash
from xinheng.lib.errors import XinhengError
from xinheng.store import crypto

_FETCH = 5_000
BODY_TABLE = "ledger_body"

_BODIES_OF_ACT = """
SELECT e.id, e.bytes, b.tag, b.sealed, b.salt, l."index" IS NOT NULL
FROM ledger_entry e LEFT JOIN ledger_body b ON b.entry_id = e.id LEFT JOIN ledger_leaf l ON l.entry_id = e.id
WHERE substring(e.bytes FROM 1 FOR %s) = %s ORDER BY e.id
"""


def stream(sql: str, values: list[Any] | None = None) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, few at a time, from a cursor of the server."""
    with connection.chunked_cursor() as cursor:
        cursor.cursor.format = Format.BINARY  # hashes and bodies as bytes, not as hexadecimal text
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(_FETCH):
            yield from rows


def open_committed(data: bytes, sealed: bytes | None, salt: bytes | None) -> Mapping[str, Any] | None:
    """The body of an entry if it is the one that the entry commits to, else None."""
    if sealed is None or salt is None:
        return None
    try:
        body = crypto.unseal(sealed, aad=body_place(leaf_hash(data)))
        if commitment(bytes(salt), body).hex() != read_entry(data).commit:
            return None
        opened: Mapping[str, Any] = orjson.loads(body)
    except (XinhengError, ValueError, IndexError, KeyError):
        return None
    return opened


@dataclass(frozen=True, slots=True)
class _Erasure:
    """A sealed erasure: who is gone, and where the entry stood in its subject's chain."""

    entry_id: int
    tag: bytes | None
    body: Mapping[str, Any]

    def of(self, table: str, key: str) -> Erased:
        ground = self.body["ground"]
        return Erased(table, key, self.entry_id, str(ground["ground"]), str(ground["article"]))


@dataclass
class Verification:
    """What a check may ask. ``notes``: folder -> size -> note, read before the view of the database was taken."""

    notes: Mapping[Path, Mapping[int, str]]
    roots: dict[int, bytes] = field(default_factory=dict)  # tree size -> root, filled by the check of the tree
    size: int = 0  # leaves found by the check of the tree

    @cached_property
    def signing(self) -> int | None:
        """The size whose checkpoint was being made: a sealer is at work, or crashed there."""
        return LedgerSealer.objects.filter(id=1).values_list("signing", flat=True).first()

    def bodies(self, act: str) -> Iterator[tuple[int, Mapping[str, Any] | None]]:
        """The entries of one act with their bodies; None when erased, altered or missing."""
        for entry_id, data, _, sealed, salt, _ in self._of_act(act):
            yield entry_id, open_committed(bytes(data), sealed, salt)

    def body(self, entry_id: int) -> Mapping[str, Any] | None:
        """The body of one entry; None when the entry is unknown, or its body erased, altered or missing."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT e.bytes, b.sealed, b.salt FROM ledger_entry e"
                " JOIN ledger_body b ON b.entry_id = e.id WHERE e.id = %s",
                [entry_id],
            )
            row = cursor.fetchone()
        return None if row is None else open_committed(bytes(row[0]), row[1], row[2])

    def facts(self, entry_id: int) -> EntryFacts | None:
        """What one entry says by its own bytes, which no erasure touches; None when there is no such entry."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT bytes FROM ledger_entry WHERE id = %s", [entry_id])
            row = cursor.fetchone()
        try:
            return read_entry(bytes(row[0])) if row else None
        except XinhengError:
            return None

    def act(self, entry_id: int) -> str | None:
        """The act of one entry; None when there is no such entry."""
        found = self.facts(entry_id)
        return found.act if found else None

    def erasures(self, table: str) -> Mapping[str, Erased]:
        """Key -> erasure, for the rows of ``table`` that a sealed entry names as erased."""
        return self._erasures.get(table, {})

    @cached_property
    def _erasures(self) -> dict[str, dict[str, Erased]]:
        found: dict[str, dict[str, Erased]] = {}
        for one in self._sealed(CONTENT_ERASED):
            table = str(one.body["fields"]["table"])
            found.setdefault(table, {}).update({str(k): one.of(table, str(k)) for k in one.body["fields"]["keys"]})
        for one in self._sealed(ENTRY_ERASED):
            key = str(one.body["fields"]["entry"])
            found.setdefault(BODY_TABLE, {})[key] = one.of(BODY_TABLE, key)
        return found

    @cached_property
    def erased_links(self) -> dict[bytes, dict[int, str]]:
        """Subject tag -> number in the chain -> leaf hash (hex), of entries whose body was erased."""
        found: dict[bytes, dict[int, str]] = {}
        for one in self._sealed(ENTRY_ERASED):
            if one.tag is not None:
                found.setdefault(one.tag, {})[int(one.body["fields"]["seq"])] = str(one.body["fields"]["leaf"])
        return found

    def _sealed(self, act: str) -> Iterator[_Erasure]:
        for entry_id, data, tag, sealed, salt, is_leaf in self._of_act(act):
            body = open_committed(bytes(data), sealed, salt)
            if is_leaf and body is not None:
                yield _Erasure(entry_id, None if tag is None else bytes(tag), body)

    def _of_act(self, act: str) -> Iterator[tuple[Any, ...]]:
        """The rows of one act: the canonical form puts it first, so a prefix tells it."""
        prefix = b'{"act":"' + act.encode() + b'",'
        return stream(_BODIES_OF_ACT, [len(prefix), prefix])


@contextmanager
def snapshot() -> Iterator[Verification]:
    """One consistent view: appenders and the sealer go on, and what they do meanwhile is not seen."""
    notes = {
        folder: {size: witness.read(folder, size) or "" for size in witness.sizes(folder)}
        for folder in witness.folders()
    }
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield Verification(notes)
