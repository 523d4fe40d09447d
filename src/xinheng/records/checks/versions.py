"""Does the present state of every record follow from its history, and is that history what the ledger bound?

Recomputes each record as the fold of its versions, each content's commitment, and for each ledger entry the leaf or
root of the versions it bound. Missing content is accepted only where a sealed entry ``content.erased`` names it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from django.db import connection

from xinheng.ledger.verify import CheckResult, Damage, Erased, Verification
from xinheng.lib import merkle
from xinheng.lib.errors import Conflict
from xinheng.records import selectors
from xinheng.records.models import Record, RecordContent, RecordVersion
from xinheng.records.rules import Snapshot, Version, content_commit, fold, version_leaf

Found = CheckResult | Damage | Erased
BINDING = (
    *("batch.accepted", "batch.reviewed", "batch.withdrawn", "record.corrected", "record.withdrawn", "sweep.done"),
    "content.erased",
)
CHUNK = 2000


def check_records(verification: Verification) -> Iterator[Found]:
    """Projection, content and ledger binding of every record. One CheckResult ``records`` at the end, counting
    versions.
    """
    ok, count = True, 0
    for part in (_projections(), _keys(), _contents(verification), _bindings(verification)):
        for found in part:
            if isinstance(found, int):
                count += found
            else:
                ok = ok and not isinstance(found, Damage)
                yield found
    yield CheckResult(check="records", ok=ok, count=count)


def _projections() -> Iterator[Damage | int]:
    """Each record equals the fold of its history. Yields 1 for each version read."""
    present = _present()
    versions = RecordVersion.objects.order_by("subject_id", "record_id", "n").iterator(chunk_size=CHUNK)
    held = next(present, None)
    for key, group in groupby(versions, key=lambda row: (row.subject_id, row.record_id)):
        history = [row.version() for row in group]
        yield len(history)
        while held is not None and held[0] < key:
            yield _damage("record_without_history", "record", held[0][1], "versions", "none")
            held = next(present, None)
        if held is None or held[0] != key:
            yield _damage("record_missing", "record", key[1], "a record", "none")
            continue
        yield from _compare(history, held[1], held[2])
        held = next(present, None)
    while held is not None:
        yield _damage("record_without_history", "record", held[0][1], "versions", "none")
        held = next(present, None)


_UNKEYED = """
SELECT r.id, 'a key', 'none' FROM record r
WHERE NOT EXISTS (SELECT FROM record_key k WHERE k.subject_id = r.subject_id AND k.record_id = r.id)
AND NOT EXISTS (
    SELECT FROM record_version v
    WHERE v.subject_id = r.subject_id AND v.record_id = r.id AND v.cause = 'batch_withdrawn'
)
UNION ALL
SELECT k.record_id, 'a record', 'none' FROM record_key k
WHERE NOT EXISTS (SELECT FROM record r WHERE k.subject_id = r.subject_id AND k.record_id = r.id)
ORDER BY 1
"""


def _keys() -> Iterator[Damage]:
    """Each record has the key of its decision, each key its record: else a decision could be entered twice.

    The keys of a batch that its sender took back are free again.
    """
    with connection.cursor() as cursor:
        cursor.execute(_UNKEYED)
        for record, expected, found in cursor.fetchall():
            yield _damage("record_key_missing", "record_key", record, expected, found)


def _present() -> Iterator[tuple[tuple[int, int], Snapshot, int]]:
    for row in Record.objects.order_by("subject_id", "id").iterator(chunk_size=CHUNK):
        yield (row.subject_id, row.id), row.snapshot(row.id), row.version_n


def _compare(history: list[Version], present: Snapshot, n: int) -> Iterator[Damage]:
    try:
        folded = fold(history)
    except Conflict as fault:
        yield _damage(fault.code, "record_version", present.record_id, "a history without gaps", str(len(history)))
        return
    if n != len(history):
        yield _damage("record_version_count", "record", present.record_id, str(len(history)), str(n))
    for name in Snapshot.__dataclass_fields__:
        expected, found = getattr(folded, name), getattr(present, name)
        if expected != found:
            yield _damage(f"record_{name}", "record", present.record_id, _shown(expected), _shown(found))


def _contents(verification: Verification) -> Iterator[Found]:
    """Each version that brought content has it, and it is what the version committed to; or a sealed entry erased
    it.
    """
    erased = verification.erasures(RecordContent._meta.db_table)
    contents = RecordContent.objects.order_by("subject_id", "id").iterator(chunk_size=CHUNK)
    brought = RecordVersion.objects.order_by("subject_id", "id").values_list(
        "subject_id", "id", "record_id", "content_id", "content_commit"
    )
    content = next(contents, None)
    for subject_id, version_id, record_id, content_id, commit in brought.iterator(chunk_size=CHUNK):
        if content_id != version_id:
            continue
        while content is not None and (content.subject_id, content.id) < (subject_id, version_id):
            yield _damage("content_without_version", "record_content", content.record_id, "a version", str(content.id))
            content = next(contents, None)
        if content is not None and (content.subject_id, content.id) == (subject_id, version_id):
            yield from _content(content, record_id, bytes(commit))
            content = next(contents, None)
        elif str(version_id) in erased:
            yield erased[str(version_id)]
        else:
            yield _damage("content_missing", "record_content", record_id, bytes(commit).hex(), "none")
    while content is not None:
        yield _damage("content_without_version", "record_content", content.record_id, "a version", str(content.id))
        content = next(contents, None)


def _content(content: RecordContent, record_id: int, commit: bytes) -> Iterator[Damage]:
    if content.record_id != record_id:
        yield _damage("content_of_another_record", "record_content", record_id, str(record_id), str(content.record_id))
    try:
        opened = selectors.open_content(content.subject_id, content.id, content.body, content.personal)
    except (Conflict, ValueError):
        yield _damage("content_unreadable", "record_content", record_id, commit.hex(), "unreadable")
        return
    found = content_commit(bytes(content.salt), opened)
    if found != commit:
        yield _damage("content_altered", "record_content", record_id, commit.hex(), found.hex())


def _bindings(verification: Verification) -> Iterator[Damage]:
    """The versions of each ledger entry give the leaf or root that the entry bound; no entry has lost its versions."""
    seen: set[int] = set()
    versions = RecordVersion.objects.order_by("entry_id", "id").iterator(chunk_size=CHUNK)
    for entry_id, group in groupby(versions, key=lambda row: row.entry_id):
        seen.add(entry_id)
        tree, leaf, record = merkle.Frontier(), b"", 0
        for row in group:
            leaf, record = version_leaf(row.version()), row.record_id
            tree.append(leaf)
        body = verification.body(entry_id)
        alone = record if tree.size == 1 else None
        if body is None:  # erased or missing, the ledger's own checks tell which; or no entry that could bind versions
            if verification.act(entry_id) not in BINDING:
                yield Damage("versions_unbound", "record_version", "an entry of intake", "none", entry_id, alone)
            continue
        if "version" in body:
            expected, found = str(body["version"]), leaf.hex() if alone else tree.root().hex()
        else:
            expected, found = str(body.get("records_root", "none")), tree.root().hex()
        if found != expected:
            yield Damage("versions_altered", "record_version", expected, found, entry_id, alone)
    for act in BINDING:
        for entry_id, body in verification.bodies(act):
            bound = body is not None and ("version" in body or body.get("records", "0") != "0")
            if bound and entry_id not in seen:
                yield Damage("versions_missing", "record_version", "versions of the entry", "none", entry_id)


def _damage(what: str, table: str, record: int, expected: str, found: str) -> Damage:
    return Damage(what=what, table=table, expected=expected, found=found, record=record)


def _shown(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
