"""pandera on polars: the file read by polars as text, one schema, every check over whole columns.

python -m bench.peers.pandera_polars FILE OUT
"""

from __future__ import annotations

import sys
import time
import warnings

import pandera.polars as pa
import polars as pl

from bench.peers import rules
from bench.peers.columns import codes_fit, identities_fit
from bench.peers.told import tell

warnings.filterwarnings("ignore")


def _over(column, fits):
    """A check of one column by a function over its texts."""

    def check(data):
        return data.lazyframe.select(
            pl.col(column).map_batches(lambda s: pl.Series(fits(s.fill_null("").to_list())), return_dtype=pl.Boolean)
        )

    return pa.Check(check, name=f"fits {column}")


def _day(column):
    return pl.col(column).str.to_date("%Y/%m/%d", strict=False)


def _row(name, fits):
    """A check of rows by an expression; the name tells the column."""
    return pa.Check(lambda data: data.lazyframe.select(fits.fill_null(True)), name=name)


def schema():
    """The rules in pandera's words."""
    columns = {}
    for name in rules.COLUMNS:
        checks = []
        if name in rules.PATTERNS:
            checks.append(pa.Check.str_matches(rules.PATTERNS[name]))
        if name in rules.LENGTHS:
            checks.append(pa.Check.str_length(max_value=rules.LENGTHS[name]))
        if name in rules.ENUMS:
            checks.append(pa.Check.isin(rules.ENUMS[name]))
        if name in rules.CODES:
            checks.append(_over(name, codes_fit))
        if name in rules.IDENTITIES:
            checks.append(_over(name, identities_fit))
        if name in rules.DATES:
            checks.append(_row_of_column(name))
        if name in ("CF_CFJGDM", "CF_SJLYDM"):
            checks.append(pa.Check.isin([rules.SENDER]))
        columns[name] = pa.Column(str, checks, nullable=name not in rules.REQUIRED)
    across = [
        _row("row CF_YXQ", _day("CF_YXQ") >= _day("CF_JDRQ")),
        _row("row CF_GSJZQ", _day("CF_GSJZQ") >= _day("CF_JDRQ")),
        _row("row CF_JDRQ", pl.col("CF_JDRQ") <= rules.TODAY),
    ]
    for name, (other, pattern) in rules.REQUIRED_WHEN.items():
        across.append(_row(f"row {name}", ~pl.col(other).str.contains(pattern) | pl.col(name).is_not_null()))
    return pa.DataFrameSchema(
        columns, checks=across, unique=list(rules.UNIQUE), report_duplicates="exclude_first", strict=True
    )


def _row_of_column(name):
    return pa.Check(
        lambda data: data.lazyframe.select(_day(name).is_not_null() | pl.col(name).is_null()), name=f"day {name}"
    )


def _column(column: str, check: str) -> str:
    """The column that a failure names: a check of rows tells it in its name, uniqueness is the row's."""
    return check.removeprefix("row ") if check.startswith("row ") else "" if "uniqu" in check else column


def main(file: str, out: str) -> None:
    """Read, validate, tell."""
    wanted = schema()
    start = time.perf_counter()
    frame = pl.read_csv(file, infer_schema=False, truncate_ragged_lines=True)
    found = []
    try:
        wanted.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
        for column, check, index in zip(*(cases[n].to_list() for n in ("column", "check", "index")), strict=True):
            if index is not None:
                found.append([int(index) + 2, _column(str(column), str(check)), str(check)])
    tell(out, rows=frame.height, seconds=time.perf_counter() - start, found=found)


if __name__ == "__main__":
    main(*sys.argv[1:])
