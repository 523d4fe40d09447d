"""What is the answer about each row of a table?

Faultless rows go through the lane, thousands at a time; every other row is judged by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from xinheng.intake.rules.blocks import Block
from xinheng.intake.rules.lane import NATURAL, Lane, as_values
from xinheng.intake.rules.layout import is_repeated_header, same_columns
from xinheng.intake.rules.persons import check_person, ground, sealed_in
from xinheng.intake.rules.reader import FileRefused, Record
from xinheng.intake.rules.roles import full_values
from xinheng.intake.rules.rows import Judge, Row, check_row, read_row
from xinheng.intake.rules.seen import Before, Seen
from xinheng.intake.rules.verdicts import Finding, RowResult, Verdict, Weight, keeps, verdict_of
from xinheng.lib.canonical import canonical

ROW, FROM, UNTIL = "#row", "#from", "#until"


@dataclass(frozen=True, slots=True)
class Judged:
    """The answers about a block. ``clean``: accepted rows without a finding: `ROW`, `FROM`, `UNTIL`, the columns of the
    lane and every field of the item, missing = empty. ``results``: every other row, in file order.
    """

    clean: pl.DataFrame
    results: Sequence[RowResult]

    def each(self) -> Iterator[RowResult]:
        """Every row in file order."""
        clean = (
            RowResult(row[ROW], Verdict.ACCEPT, as_values(row), (), True, (row[FROM], row[UNTIL]))
            for row in self.clean.iter_rows(named=True)
        )
        yield from _merged(clean, iter(self.results))


def _merged(one: Iterator[RowResult], other: Iterator[RowResult]) -> Iterator[RowResult]:
    left, right = next(one, None), next(other, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left.row < right.row):
            assert left is not None
            yield left
            left = next(one, None)
        else:
            yield right
            right = next(other, None)


@dataclass(slots=True)
class Sitting:
    """The judgement of one table. ``shift`` makes record numbers row numbers of the file; ``seen`` is the file's."""

    judge: Judge
    seen: Seen
    shift: int = 0
    faults: Mapping[int, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    _lane: Lane | None = None

    def block(self, block: Block) -> Judged:
        """The answers about the next block behind the header."""
        self.counts["records"] += len(block)
        clean, left = self._through_the_lane(block)
        results = sorted(self._one_by_one(block, left), key=lambda result: result.row)
        judged = self._without_repeats(clean, results)
        self._count(judged)
        return judged

    def _through_the_lane(self, block: Block) -> tuple[pl.DataFrame, Iterator[Record]]:
        """The faultless rows, and the records that are left."""
        lane = self._lane = self._lane or Lane(self.judge)
        if lane.open and block.frame.height:
            ok, values = lane.clean(block.frame)
            mask = ok.to_numpy()
        else:
            mask, values = np.zeros(block.frame.height, dtype=bool), None
        if values is None or not mask.any():
            empty = {**dict.fromkeys((ROW, FROM, UNTIL), pl.Int64), **dict.fromkeys(self._names(), pl.String)}
            return pl.DataFrame(schema=empty), iter([*block.records(np.flatnonzero(~mask)), *block.odd])
        places = {ROW: block.numbers + self.shift, FROM: block.starts, UNTIL: block.ends}
        clean = pl.DataFrame({name: numbers[mask] for name, numbers in places.items()})
        said = values.filter(ok).select(self._names())
        return clean.hstack(said), iter([*block.records(np.flatnonzero(~mask)), *block.odd])

    def _names(self) -> list[str]:
        return ["#kind", NATURAL, *(entry.code for entry in self.judge.roles.item.fields)]

    def _one_by_one(self, block: Block, left: Iterator[Record]) -> Iterator[RowResult]:
        for record in left:
            part = self._part(record)
            if part == "rows":
                yield self._result(record)
            else:
                self.counts[part] += 1

    def _part(self, record: Record) -> str:
        if record.number in self.faults:
            return "rows"
        if record.blank:
            return "blank"
        if not is_repeated_header(record.cells, self.judge.roles.item):
            return "rows"
        if not same_columns(record.cells, self.judge.layout, self.judge.roles.item):
            raise FileRefused("header_changes", row=str(record.number))
        return "headers"

    def _result(self, record: Record) -> RowResult:
        judge = self.judge
        fault = self._shape(record)
        if fault is not None:
            row = Row(record.number, findings=[fault])
            raw = judge.layout.separator.join(record.cells)
            if sealed_in(raw, judge):
                row.find("sealed", article=ground(judge.pack, "intake.sealed", judge.today), what="")
        else:
            row = read_row(judge, record.number, record.cells)
            check_row(judge, row)
            check_person(judge, row)
        verdict, findings = verdict_of(row.findings), tuple(row.findings)
        return RowResult(
            record.number + self.shift, verdict, row.values, findings, keeps(verdict, findings), record.span
        )

    def _shape(self, record: Record) -> Finding | None:
        """A record that has not as many cells as there are columns: it is told, never padded."""
        width, cells = self.judge.layout.width, record.cells
        if record.number in self.faults:
            code, params = self.faults[record.number]
            return Finding("", code, params)
        if record.stray:
            return Finding("", "stray_quote")
        if len(cells) < width:
            return Finding("", "row_too_short", {"cells": str(len(cells)), "columns": str(width)})
        if any(cell.strip() for cell in cells[width:]):
            return Finding("", "row_too_long", {"cells": str(len(cells)), "columns": str(width)})
        return None

    def _without_repeats(self, clean: pl.DataFrame, results: list[RowResult]) -> Judged:
        """The rows, those apart that the file brought before: equal or differing."""
        held = {result.row: place for place, result in enumerate(results) if result.verdict is not Verdict.REJECT}
        rows = [*clean[ROW].to_list(), *held]
        if not rows:
            return Judged(clean, results)
        others = [results[place] for place in held.values()]
        natural = pl.concat([clean[NATURAL], pl.Series([self._natural(one) for one in others], dtype=pl.String)])
        content = pl.concat([self._content(clean), pl.Series([self._said(one) for one in others], dtype=pl.String)])
        order = np.argsort(np.array(rows, dtype=np.int64), kind="stable")
        found = self.seen.compared(natural[order], content[order], np.array(rows, dtype=np.int64)[order])
        for row, place in held.items():
            if row in found:
                results[place] = _repeated(results[place], found[row])
        repeats = clean.filter(pl.col(ROW).is_in([row for row in found if row not in held]))
        if repeats.height:
            clean = clean.join(repeats.select(ROW), on=ROW, how="anti", maintain_order="left")
            again = (_repeated(one, found[one.row]) for one in Judged(repeats, ()).each())
            results = sorted([*results, *again], key=lambda result: result.row)
        return Judged(clean, results)

    def _natural(self, result: RowResult) -> str:
        return canonical(list(self.judge.roles.natural_key(result.values))).decode()

    def _said(self, result: RowResult) -> str:
        return "\0".join(full_values(self.judge.roles.item, result.values).values())

    def _content(self, clean: pl.DataFrame) -> pl.Series:
        fields = [pl.col(entry.code) for entry in self.judge.roles.item.fields]
        return clean.select(pl.concat_str(fields, separator="\0").alias("said")).to_series()

    def _count(self, judged: Judged) -> None:
        self.counts["rows"] += judged.clean.height + len(judged.results)
        self.counts[Verdict.ACCEPT.value] += judged.clean.height
        for result in judged.results:
            self.counts[result.verdict.value] += 1
            self.counts["unchanged"] += result.unchanged


def _repeated(result: RowResult, before: Before) -> RowResult:
    """A row that an earlier one of the file has said already, or said otherwise.

    What waits for a second person waits once: the notes of a repeated row are kept, what it would wait for is not.
    """
    code = "unchanged_in_file" if before.same else "differs_in_file"
    said = [found for found in result.findings if not before.same or found.effect is Weight.NOTE]
    findings = (*said, Finding("", code, {"first": str(before.row)}))
    return replace(result, verdict=verdict_of(findings), findings=findings)
