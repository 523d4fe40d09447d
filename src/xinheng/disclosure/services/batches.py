"""How is a list of up to ten thousand subjects answered at once? (QRY-1)

Every subject has its own decision and its own entry, as if it had been asked about alone; they are entered some
hundreds at a time. Then one more entry binds them: how many rows, and the root over their leaves in file order, under
one signed promise. If we crash in the middle there are entries of rows whose answer nobody saw, and no entry of the
batch; the officer asks again (decisions §2).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from xinheng.disclosure.reading import ListFile
from xinheng.disclosure.rules import Asker, Channel, Ground
from xinheng.disclosure.services.official import QueryAnswer, prepared, shown_answer, still_asking
from xinheng.disclosure.services.question import Identifier, Officer, Question
from xinheng.disclosure.services.settling import settle
from xinheng.law.pack import Pack
from xinheng.ledger.rules import Act, Receipt
from xinheng.ledger.services import append_many, promise_batch
from xinheng.lib import merkle
from xinheng.lib.sheetsafe import csv_pieces

ACT = "disclosure.batch"
TOGETHER = 1_000  # subjects entered in one transaction
LINES_AT_ONCE = 500  # answers written into one piece of a file


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """The answers about a list in its order, the rows that could not be read, and the receipt of the whole.

    ``entry``, ``leaf`` and ``promise`` are empty when no row could be read: then nothing was asked.
    """

    answers: tuple[QueryAnswer, ...]
    faults: tuple[tuple[int, str], ...]
    sha256: str
    root: str
    entry: str
    leaf: str
    promise: str
    at: datetime

    def counts(self) -> dict[str, int]:
        """How many rows had which result."""
        results = Counter(answer.result for answer in self.answers)
        told = {result: results[result] for result in ("granted", "empty", "refused")}
        return {"rows": len(self.answers) + len(self.faults), **told, "unreadable": len(self.faults)}

    def receipt(self) -> dict[str, Any]:
        """What binds the whole, for machines."""
        names = ("entry", "leaf", "root", "promise")
        return {**{name: getattr(self, name) for name in names}, "file_sha256": self.sha256}


def query_batch(
    *, asker: Asker, officer: Officer, ground: Ground, listed: ListFile, channel_name: str, at: datetime, pack: Pack
) -> BatchAnswer:
    """Answer an official question about each row of a list. A person is a party of the case where the row says its
    role; other persons are refused. Raises what `official_query` raises, before anything is asked.
    """
    asked = [
        Identifier(one.row, one.kind, one.identifier, one.name, party=bool(one.role), role=one.role)
        for one in listed.rows
    ]
    question, identifiers = prepared(
        asker=asker,
        officer=officer,
        ground=ground,
        identifiers=asked,
        channel_name=channel_name,
        at=at,
        pack=pack,
    )
    question = replace(question, batch=0)
    answers: list[QueryAnswer] = []
    for start in range(0, len(identifiers), TOGETHER):
        if start:
            still_asking(question, left=len(identifiers) - start)
        settled = settle(question, identifiers[start : start + TOGETHER])
        answers += [shown_answer(question, outcome, receipt, "") for outcome, receipt in settled]
        question = replace(question, batch=question.batch or settled[0][1].entry_id)
    if not answers:
        return BatchAnswer((), listed.faults, listed.sha256, "", "", "", "", at)
    leaves = [answer.leaf for answer in answers]
    root = merkle.root([bytes.fromhex(leaf) for leaf in leaves]).hex()
    bound = _bind(question, answers, listed, root)
    promised = promise_batch(bound, leaves)
    return BatchAnswer(
        tuple(answers), listed.faults, listed.sha256, root, str(bound.entry_id), bound.leaf, promised, at
    )


def _bind(question: Question, answers: Sequence[QueryAnswer], listed: ListFile, root: str) -> Receipt:
    """The entry of the batch: who asked for which case, how many rows, and the root over their leaves."""
    officer, ground = question.officer, question.ground
    results = Counter(answer.result for answer in answers)
    act = Act(
        act=ACT,
        at=question.at,
        law=question.pack.label,
        actor=f"account:{question.asker.account_id}",
        organisation=officer.organisation_code,
        channel=question.channel_name,
        subject=None,
        ground={
            "channel": Channel.OFFICIAL.value,
            "matter": ground.matter or "",
            "case": ground.case_number or "",
            "statute": ground.statute or "",
        },
        result="done",
        fields={"rows": len(answers), "root": root, "unreadable": len(listed.faults), **results},
        extra={
            "officer": {"department": officer.department, "staff_number": officer.staff_number},
            "file_sha256": listed.sha256,
        },
    )
    with transaction.atomic():
        return append_many([act])[0]


# The answer as a file -------------------------------------------------------------------------------------------------


def batch_jsonl(batch: BatchAnswer) -> Iterator[bytes]:
    """An object a row as ``query --json`` prints it, then the counts with the receipt of the whole."""
    faults = [
        {"input_row": row, "result": "unreadable", "records": [], "reason": reason, "article": ""}
        for row, reason in batch.faults
    ]
    lines = (answer.as_dict() for answer in batch.answers)
    for piece in _pieces(lines):
        yield b"".join(orjson.dumps(line) + b"\n" for line in piece)
    yield b"".join(orjson.dumps(line) + b"\n" for line in faults)
    yield orjson.dumps({"summary": batch.counts(), "receipt": batch.receipt()}) + b"\n"


HEADER = (
    "row", "result", "reason", "subject_kind", "subject_name", "item", "record", "marks", "field", "label", "value",
    "release", "field_reason", "article", "entry", "leaf", "promise",
)  # fmt: skip


def batch_csv(batch: BatchAnswer, *, language: str) -> Iterator[bytes]:
    """A line a field; a row without a record has one line, and the last line is the receipt of the whole."""
    return csv_pieces(_csv_blocks(batch, language))


def _csv_blocks(batch: BatchAnswer, language: str) -> Iterator[list[tuple[str, ...]]]:
    yield [HEADER]
    for piece in _pieces(batch.answers):
        yield [line for answer in piece for line in _csv_lines(answer, language)]
    yield [(str(row), "unreadable", reason, *[""] * (len(HEADER) - 3)) for row, reason in batch.faults]
    if batch.entry:
        yield [("batch", "done", *[""] * (len(HEADER) - 5), batch.entry, batch.leaf, batch.promise)]


def _csv_lines(answer: QueryAnswer, language: str) -> Iterator[tuple[str, ...]]:
    head = (str(answer.input_row), answer.result, answer.reason)
    tail = (answer.entry, answer.leaf, answer.promise)
    if not answer.records:
        yield (*head, *[""] * 10, answer.article, *tail)
    for record in answer.records:
        about = (answer.subject_kind, answer.subject_name, record.item, str(record.record_id), " ".join(record.marks))
        for shown in record.fields:
            told = (shown.code, shown.label.get(language), shown.value, shown.release, shown.reason, shown.article)
            yield (*head, *about, *told, *tail)


def _pieces[T](things: Iterator[T] | Sequence[T]) -> Iterator[list[T]]:
    piece: list[T] = []
    for one in things:
        piece.append(one)
        if len(piece) == LINES_AT_ONCE:
            yield piece
            piece = []
    if piece:
        yield piece
