"""Sealing and verifying the ledger against the bare work on the same bytes."""

from __future__ import annotations

import hashlib
import time

import psycopg
from psycopg import sql

from bench.line import Line, in_turn
from bench.world import LAW, World

ENTRIES = 50_000
SUBJECTS = 2_000
_CLONES = ("ledger_leaf", "ledger_node", "ledger_checkpoint")


def lines(world: World, *, runs: int, entries: int = ENTRIES) -> list[Line]:
    """Entries a second sealed and verified."""
    seal = _seal_line(world, runs=runs, entries=entries)
    return [seal, _verify_line(world, runs=runs)]


def _seal_line(world: World, *, runs: int, entries: int) -> Line:
    from xinheng.ledger.services import seal
    from xinheng.ledger.tree import size
    from xinheng.lib import clock

    seal(at=clock.now())
    sealed: list[tuple[int, int]] = []

    def ours() -> float:
        _append(entries)
        before, start = size(), time.perf_counter()
        seal(at=clock.now())
        took = time.perf_counter() - start
        sealed.append((before, size()))
        return entries / took

    def floor() -> float:
        return entries / _bare_seal(world, *sealed[-1])

    rates, floors = in_turn(ours, floor, runs=runs)
    return Line(
        name="ledger: seal",
        unit="entries/s",
        ours=rates,
        floor=floors,
        floor_is="SHA-256 of the same leaf bytes, tree, COPY of exactly the rows left behind",
        note=f"{entries:,} waiting entries at a time, log of {sealed[-1][1]:,}; ours also empties the queue, compares "
        "with the witness, signs and writes the checkpoint outside",
    )


def _append(count: int) -> None:
    """Enter ``count`` refused questions about ``SUBJECTS`` subjects, as the official query would."""
    from django.db import transaction

    from xinheng.ledger.models import LawVersion
    from xinheng.ledger.rules import Act, SubjectRef
    from xinheng.ledger.services import append_many
    from xinheng.lib import clock
    from xinheng.subjects.models import Subject

    label = LawVersion.objects.values_list("label", flat=True).first() or LAW
    at = clock.now()
    known = [SubjectRef(number, bytes(tag)) for number, tag in Subject.objects.values_list("id", "tag")[:SUBJECTS]]
    why = {"channel": "official", "matter": "bench", "case": "1", "statute": "", "article": "X-1", "reason": "power"}
    for start in range(0, count, 500):
        acts = [
            Act(
                act="disclosure.answered",
                at=at,
                law=label,
                actor="account:1",
                organisation="scjgj",
                channel="cli",
                subject=known[n % len(known)],
                ground=why,
                result="refused",
                fields={"items": {}, "hidden": 0},
                data_version=hashlib.sha256(b"").hexdigest(),
            )
            for n in range(start, min(start + 500, count))
        ]
        with transaction.atomic():
            append_many(acts)


def _bare_seal(world: World, low: int, high: int) -> float:
    """Seconds for hashing the leaves again and copying the rows that the sealer left into tables of the same shape."""
    from xinheng.lib import merkle

    with psycopg.connect(world.owner_url) as owner:
        for table in _CLONES:
            owner.execute(
                sql.SQL("CREATE TABLE IF NOT EXISTS {} (LIKE {} INCLUDING ALL)").format(
                    sql.Identifier(f"bench_{table}"), sql.Identifier(table)
                )
            )
        leaves = owner.execute(
            'SELECT l."index", l.entry_id, e.bytes FROM ledger_leaf l JOIN ledger_entry e ON e.id = l.entry_id'
            ' WHERE l."index" >= %s AND l."index" < %s ORDER BY l."index"',
            [low, high],
        ).fetchall()
        nodes = owner.execute(
            'SELECT level, "index", hash FROM ledger_node WHERE ("index" + 1) * (256::bigint ^ level) > %s'
            ' AND ("index" + 1) * (256::bigint ^ level) <= %s',
            [low, high],
        ).fetchall()
        notes = owner.execute(
            "SELECT size, root, note, at FROM ledger_checkpoint WHERE size > %s AND size <= %s", [low, high]
        ).fetchall()
        owner.commit()
        start = time.perf_counter()
        hashes = [hashlib.sha256(b"\x00" + data).digest() for _, _, data in leaves]
        merkle.root(hashes)
        with owner.cursor() as cursor:
            rows = ((index, entry, leaf) for (index, entry, _), leaf in zip(leaves, hashes, strict=True))
            for table, found in zip(_CLONES, (rows, nodes, notes), strict=True):
                with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(f"bench_{table}"))) as copy:
                    for row in found:
                        copy.write_row(row)
        owner.commit()
        took = time.perf_counter() - start
        owner.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(sql.Identifier(f"bench_{t}") for t in _CLONES)))
    return took


def _verify_line(world: World, *, runs: int) -> Line:
    from xinheng.ledger import verify
    from xinheng.ledger.tree import size

    total = size()

    def ours() -> float:
        start = time.perf_counter()
        for finding in verify.run():
            if isinstance(finding, verify.Damage):
                raise SystemExit(f"the bench's ledger is damaged: {finding}")
        return total / (time.perf_counter() - start)

    def floor() -> float:
        return total / _bare_verify(world)

    rates, floors = in_turn(ours, floor, runs=runs)
    return Line(
        name="ledger: verify",
        unit="entries/s",
        ours=rates,
        floor=floors,
        floor_is="reading the same bytes once, SHA-256 of leaf, body and tree",
        note=f"{total:,} entries; ours also opens each body, follows each subject's chain, checks the records, their "
        "batches and every checkpoint",
    )


def _bare_verify(world: World) -> float:
    """Seconds for reading entries, leaves, bodies and salts once and hashing them."""
    from xinheng.lib import merkle

    start = time.perf_counter()
    leaves: list[bytes] = []
    with psycopg.connect(world.app_url) as conn, conn.cursor(name="bench", binary=True) as cursor:
        cursor.itersize = 5_000
        cursor.execute(
            "SELECT e.bytes, l.hash, b.sealed, b.salt FROM ledger_leaf l JOIN ledger_entry e ON e.id = l.entry_id"
            ' LEFT JOIN ledger_body b ON b.entry_id = e.id ORDER BY l."index"'
        )
        for data, leaf, sealed, salt in cursor:
            leaves.append(hashlib.sha256(b"\x00" + data).digest())
            if leaves[-1] != leaf:
                raise SystemExit("a leaf does not fit its entry")
            hashlib.sha256((salt or b"") + (sealed or b"")).digest()
    merkle.root(leaves)
    return time.perf_counter() - start
