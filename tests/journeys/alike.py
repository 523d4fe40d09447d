"""Are two answers alike: in status, in words, and in the work that was done for them?

Time itself is not measured. What takes time is told by the statements sent to the database: the same number of the same
kinds in the same order, whatever the values.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus

from django.db import connection
from django.test.utils import CaptureQueriesContext

_VALUE = re.compile(r"'(?:[^']|'')*'(?:::\w+(?:\[\])?)?|\b\d+\b|\bNULL\b|\btrue\b|\bfalse\b|\\x[0-9a-f]+")
_LIST = re.compile(r"\?(?:\s*,\s*\?)+")
_POINT = re.compile(r'(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT) "[^"]+"')
# What is entered about a subject is chained to it; about nobody there is no chain. The entry itself is written alike.
_CHAIN = re.compile(r"^SELECT tag, last_seq, last_leaf FROM ledger_head|^WITH entry AS \(INSERT INTO ledger_entry")
_CHANGING = re.compile(
    r'"(?:entry|leaf|promise|request)": ?"[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"'
    r'|xh-code">(?:[0-9a-f]{16}|\d+)<|[0-9a-f]{64}|[A-Za-z0-9+/=]{80,}|(?<=receipts/)\d+|(?<=entry=)\d+|\d\d:\d\d:\d\d'
)


def kind_of(statement: str) -> str:
    """A statement without its values."""
    bare = _POINT.sub(r"\1", statement)
    return _LIST.sub("?", _VALUE.sub("?", " ".join(bare.split())))


@dataclass(frozen=True, slots=True)
class Answered:
    """Status, what was said without what was typed, and the kinds of statements sent."""

    status: int
    said: str
    work: tuple[str, ...]


def answered(go: Callable[[], Any], *typed: str) -> Answered:
    """Do it, and see what can be told from it. ``typed`` stands in the answer because the asker said it."""
    with CaptureQueriesContext(connection) as sent:
        answer = go()
    said = bytes(answer.content).decode(errors="replace")
    for word in sorted(typed, key=len, reverse=True):
        for written in (word, quote(word), quote_plus(word)):
            said = said.replace(written, "")
    work = tuple(kind for one in sent.captured_queries if not _CHAIN.search(kind := kind_of(one["sql"])))
    return Answered(answer.status_code, _CHANGING.sub("", said), work)


def _first_difference(one: str, other: str) -> str:
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"…{one[max(at - 60, 0) : at + 60]}… / …{other[max(at - 60, 0) : at + 60]}…"


def differences(one: Answered, other: Answered) -> list[str]:
    """In what two answers are not alike."""
    found = []
    if one.status != other.status:
        found.append(f"status {one.status}, {other.status}")
    if one.said != other.said:
        found.append(f"words: {_first_difference(one.said, other.said)}")
    if sorted(one.work) != sorted(other.work):
        found.append(
            f"work: only {sorted(set(one.work) - set(other.work))}, only {sorted(set(other.work) - set(one.work))}"
        )
    return found
