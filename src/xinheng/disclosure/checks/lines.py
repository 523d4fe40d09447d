"""Do the lines of the log of queries say what the log says? Registered with `ledger verify`.

Compared is every line up to the place where the reading stopped, both ways: a line changed, missing or made up is
damage. Flags and reviews are compared with their own entries.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import batched
from typing import Any

from xinheng.disclosure.checks.flags import Looked, check_reviews, entered_flags
from xinheng.disclosure.models import QueryLine, QueryMark
from xinheng.disclosure.rules import case_words
from xinheng.disclosure.services.folding import LINED, ONE_MARK, STEP, Known, case_place, line_of
from xinheng.law.pack import Pack
from xinheng.ledger.rules import read_entry
from xinheng.ledger.selectors import OpenEntry, leaves
from xinheng.ledger.verify import Damage, Finding, Tally, Verification, stream
from xinheng.ledger.verify.snapshot import open_committed
from xinheng.lib.canonical import leaf_hash
from xinheng.lib.clock import parse_stamp, stamp
from xinheng.lib.errors import XinhengError
from xinheng.store.crypto import blind, unseal
from xinheng.ui import city

TABLE = "query_line"
_READ_SO_FAR = """
SELECT e.id, e.bytes, b.tag, b.sealed, b.salt, l."index"
FROM ledger_leaf l JOIN ledger_entry e ON e.id = l.entry_id LEFT JOIN ledger_body b ON b.entry_id = e.id
WHERE l."index" <= %s AND EXISTS (
  SELECT FROM unnest(%s::bytea[]) AS act (begins) WHERE substring(e.bytes FROM 1 FOR length(begins)) = begins)
ORDER BY l."index"
"""
COMPARED = (
    "leaf", "ground", "organisation_id", "account_id", "channel", "matter", "result", "reason", "article", "person",
    "items", "records", "withheld", "asked",
)  # fmt: skip


def check_query_lines(verification: Verification) -> Iterator[Finding]:
    """One CheckResult ``query_lines``, counting the lines."""
    tally = Tally("query_lines")
    mark = QueryMark.objects.filter(id=ONE_MARK).values_list("leaf", flat=True).first()
    reached, sealed = -1 if mark is None else mark, leaves()
    if reached >= sealed:
        yield tally.damage("query_mark_ahead", "query_mark", expected=f"under {sealed}", found=reached)
    looked = Looked(entered_flags(verification))
    yield from check_reviews(tally, verification, looked, reached)
    pack, known = city.pack(), set[int]()
    for part in batched(_entries(reached), STEP, strict=False):
        known |= {entry.entry_id for entry in part}
        yield from _compared(tally, part, pack, looked)
    for (entry_id,) in stream("SELECT entry_id FROM query_line ORDER BY entry_id"):
        if entry_id not in known:
            yield tally.damage("query_line_without_entry", TABLE, expected="an entry", found=entry_id, entry=entry_id)
    yield tally.result()


def _entries(mark: int) -> Iterator[OpenEntry]:
    """The sealed entries that have a line, opened; what can't be opened is the business of the check of bodies."""
    begins = [b'{"act":"' + act.encode() + b'",' for act in LINED]
    for entry_id, data, tag, sealed, salt, index in stream(_READ_SO_FAR, [mark, begins]):
        raw = bytes(data)
        body = open_committed(raw, sealed, salt)
        if body is None:
            continue
        facts = read_entry(raw)
        yield OpenEntry(
            entry_id=entry_id,
            act=facts.act,
            at=parse_stamp(facts.at),
            law=facts.law,
            commit=facts.commit,
            leaf=leaf_hash(raw).hex(),
            index=index,
            tag=None if tag is None else bytes(tag),
            body=body,
        )


def _compared(tally: Tally, part: tuple[OpenEntry, ...], pack: Pack, looked: Looked) -> Iterator[Damage]:
    lines = QueryLine.objects.in_bulk([entry.entry_id for entry in part])
    known = Known(part)
    for entry in part:
        tally.count += 1
        line = lines.get(entry.entry_id)
        if line is None:
            yield tally.damage("query_line_missing", TABLE, expected="a line", found="none", entry=entry.entry_id)
            continue
        yield from _flags(tally, line, looked)
        expected, found = _said(line_of(entry, known, pack)), _said(line)
        if found["case"] == expected["case"] and line.case_digest in blind("case", case_words(found["case"])):
            found["digest"] = expected["digest"]  # under an earlier key
        if wrong := {name for name in expected if expected[name] != found[name]}:
            yield tally.damage(
                "query_line_differs",
                TABLE,
                expected={name: expected[name] for name in sorted(wrong)},
                found={name: found[name] for name in sorted(wrong)},
                entry=entry.entry_id,
            )


def _flags(tally: Tally, line: QueryLine, looked: Looked) -> Iterator[Damage]:
    """The flags of a line are those that were entered, and it counts as reviewed when somebody wrote a review."""
    flags, stage = looked.of(line.entry_id)
    found = set(line.flags.split())
    if found != flags:
        expected, told = " ".join(sorted(flags)), " ".join(sorted(found))
        yield tally.damage("query_line_flags", TABLE, expected=expected, found=told, entry=line.entry_id)
    if line.stage != stage:
        yield tally.damage("query_line_stage", TABLE, expected=stage, found=line.stage, entry=line.entry_id)


def _said(line: QueryLine) -> dict[str, Any]:
    """A line in words that can be compared."""
    said: dict[str, Any] = {name: getattr(line, name) for name in COMPARED}
    tag = "" if line.subject_tag is None else bytes(line.subject_tag).hex()
    return {**said, "at": stamp(line.at), "tag": tag, "case": _case(line), "digest": line.case_digest}


def _case(line: QueryLine) -> str:
    if line.case_sealed is None:
        return ""
    try:
        return unseal(bytes(line.case_sealed), aad=case_place(line.entry_id)).decode()
    except (XinhengError, IndexError, ValueError):
        return "unreadable"
