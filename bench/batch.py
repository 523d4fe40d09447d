"""A list of ten thousand organisations through the real page, against its rows written by COPY.

The floor does in as many transactions what any program would have to do: lock the subjects, read their records, write
the rows that the batch leaves behind (the same bytes, by COPY, into tables with the same indexes), commit.
"""

from __future__ import annotations

import statistics
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import psycopg
from psycopg import sql

from bench.line import Line, in_turn
from bench.world import World

ROWS = 10_000
LONGEST = 5.0  # seconds
TOGETHER = 1_000  # rows in one transaction of the floor, as in `disclosure.services.batches`
CASE = "测速〔2026〕2号"
_BOUNDARY = "xinheng-bench-boundary"
# table, its column that names the entry, and what is copied
TABLES = (
    ("ledger_entry", "id"),
    ("ledger_body", "entry_id"),
    ("ledger_pending", "entry_id"),
    ("asked_question", "id"),
)
_LOCK = (
    "SELECT k.key, s.id, s.kind, s.name, s.code, s.tag, s.frozen FROM subject_key k JOIN subject s"
    " ON s.id = k.subject_id WHERE k.key = ANY(%s) ORDER BY s.id FOR NO KEY UPDATE OF s"
)
_RECORDS = (
    "SELECT r.*, c.body, c.personal FROM record r LEFT JOIN record_content c"
    " ON c.subject_id = r.subject_id AND c.id = r.content_id WHERE r.subject_id = ANY(%s)"
)


@dataclass(frozen=True, slots=True)
class Left:
    """What a batch left behind in one table, cut into the parts of its transactions: the binary form of COPY."""

    table: str
    parts: tuple[bytes, ...]


def line(world: World, *, runs: int) -> Line:
    """Organisations a second, every one with its own committed entry, in the answer as a page and as a file."""
    codes = world.codes[:ROWS]
    _send(world, codes, "page")
    left = _left(world, len(codes))
    ours, floor = in_turn(
        lambda: len(codes) / _send(world, codes, "page"), lambda: len(codes) / _floor(world, codes, left), runs=runs
    )
    as_file = _send(world, codes, "csv")
    seconds = [len(codes) / rate for rate in ours]
    return Line(
        name="batch by file",
        unit="organisations/s",
        ours=ours,
        floor=floor,
        floor_is="lock the subjects, read their records, COPY the rows that the batch leaves, commit, 1,000 at a time",
        least=len(codes) / LONGEST,
        note=f"{len(codes):,} organisations through the page, median {statistics.median(seconds):.2f} s, longest "
        f"{max(seconds):.2f} s (goal < {LONGEST:.0f} s); as a CSV file {as_file:.2f} s",
    )


def _send(world: World, codes: Sequence[str], answer: str) -> float:
    """Seconds from the first byte of the list to the last byte of its answer."""
    before = _settled(world)
    request = urllib.request.Request(
        f"{world.base}/desk/query/batch", data=b"".join(_form(world, codes, answer)), method="POST"
    )
    request.add_header("Content-Type", f"multipart/form-data; boundary={_BOUNDARY}")
    request.add_header("Cookie", world.cookies)
    request.add_header("Referer", f"{world.base}/desk/query/batch")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    began = time.perf_counter()
    with opener.open(request, timeout=120) as told:
        size = len(told.read())
    took = time.perf_counter() - began
    gained = _entries(world) - before
    if gained != len(codes) + 1 or not size:
        raise SystemExit(f"{gained} entries for {len(codes)} rows and their batch: nothing is measured")
    return took


def _form(world: World, codes: Sequence[str], answer: str) -> Iterator[bytes]:
    fields = {"csrfmiddlewaretoken": world.token, "matter": world.matter, "case_number": CASE, "answer": answer}
    for name, value in fields.items():
        yield f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    head = 'Content-Disposition: form-data; name="file"; filename="list.csv"\r\nContent-Type: text/csv'
    yield f"--{_BOUNDARY}\r\n{head}\r\n\r\nidentifier\n".encode() + "\n".join(codes).encode()
    yield f"\r\n--{_BOUNDARY}--\r\n".encode()


def _left(world: World, rows: int) -> list[Left]:
    """The rows of the newest batch, and empty tables like those they stand in."""
    with psycopg.connect(world.owner_url, autocommit=True) as owner:
        found = owner.execute(
            "SELECT entries FROM asked_question ORDER BY at DESC, id DESC LIMIT %s", [-(-rows // TOGETHER)]
        )
        parts = [row[0] for row in found]
        for table, _ in TABLES:
            name, copy = sql.Identifier(table), sql.Identifier(f"floor_{table}")
            owner.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(copy, name))
            owner.execute(sql.SQL("GRANT ALL ON {} TO PUBLIC").format(copy))
        return [Left(table, tuple(_copied(owner, table, column, part) for part in parts)) for table, column in TABLES]


def _copied(owner: psycopg.Connection[tuple[object, ...]], table: str, column: str, entries: Sequence[int]) -> bytes:
    query = sql.SQL("COPY (SELECT * FROM {} WHERE {} = ANY({})) TO STDOUT (FORMAT binary)")
    wanted = sql.Literal(list(entries))
    with owner.cursor().copy(query.format(sql.Identifier(table), sql.Identifier(column), wanted)) as copy:
        return b"".join(bytes(piece) for piece in copy)


def _floor(world: World, codes: Sequence[str], left: Sequence[Left]) -> float:
    with psycopg.connect(world.owner_url, autocommit=True) as owner:
        for table, _ in TABLES:
            owner.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(f"floor_{table}")))
    with psycopg.connect(world.app_url) as app:
        began = time.perf_counter()
        for number in range(len(left[0].parts)):
            part = codes[number * TOGETHER : (number + 1) * TOGETHER]
            subjects = app.execute(_LOCK, [[f"uscc:{code}" for code in part]]).fetchall()
            app.execute(_RECORDS, [[row[1] for row in subjects]]).fetchall()
            for one in left:
                statement = sql.SQL("COPY {} FROM STDIN (FORMAT binary)")
                with app.cursor().copy(statement.format(sql.Identifier(f"floor_{one.table}"))) as copy:
                    copy.write(one.parts[number])
            app.commit()
        return time.perf_counter() - began


def _settled(world: World) -> int:
    """`_entries` once the server is through with what an earlier line asked of it."""
    last = -1
    while last != (last := _entries(world)):
        time.sleep(0.5)
    return last


def _entries(world: World) -> int:
    with psycopg.connect(world.app_url) as app:
        row = app.execute(
            "SELECT count(*) FROM ledger_entry WHERE convert_from(bytes, 'UTF8') LIKE %s", ['{"act":"disclosure.%']
        ).fetchone()
    return int(row[0]) if row else 0
