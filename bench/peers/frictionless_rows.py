"""frictionless: a schema with constraints and one check of rows, cell by cell as the file streams.

python -m bench.peers.frictionless_rows FILE OUT
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import attrs
from frictionless import Check, Checklist, Dialect, Resource, Schema, errors, formats, system

from bench.peers import rules
from bench.peers.told import tell


@attrs.define(kw_only=True, repr=False)
class Rows(Check):
    """Check characters, conditions, order of days and keys: what the schema has no word for."""

    type = "rows"
    Errors: ClassVar = [errors.CellError, errors.RowError]
    seen: set[tuple[str, ...]] = attrs.field(factory=set)

    def validate_row(self, row: Any) -> Iterator[Any]:
        cells = {name: row[name] or "" for name in rules.COLUMNS if not isinstance(row[name], type(None))}
        for name in wrong(cells):
            yield errors.CellError.from_row(row, note="rule", field_name=name)
        key = tuple(cells.get(name, "") for name in rules.UNIQUE)
        if key in self.seen:
            yield errors.RowError.from_row(row, note="key repeated")
        self.seen.add(key)


def wrong(cells: dict[str, Any]) -> Iterator[str]:
    """The columns at which a rule across cells, or a check character, fails."""
    for name in rules.CODES:
        if name in cells and not rules.code_fits(cells[name]):
            yield name
    for name in rules.IDENTITIES:
        if name in cells and not rules.identity_fits(cells[name]):
            yield name
    for name, (other, pattern) in rules.REQUIRED_WHEN.items():
        if name not in cells and other in cells and re.search(pattern, cells[other]):
            yield name
    decided = cells.get("CF_JDRQ")
    for name in ("CF_YXQ", "CF_GSJZQ"):
        if decided and name in cells and cells[name] < decided:
            yield name


def schema() -> Any:
    """The rules in frictionless's words."""
    fields: list[dict[str, Any]] = []
    for name in rules.COLUMNS:
        constraints: dict[str, Any] = {"required": True} if name in rules.REQUIRED else {}
        kind: dict[str, Any] = {"type": "string"}
        if name in rules.DATES:
            kind = {"type": "date", "format": "%Y/%m/%d"}
        elif name in rules.AMOUNTS:
            kind = {"type": "number"}
            constraints["minimum"] = 0
        elif name in rules.PATTERNS:
            constraints["pattern"] = rules.PATTERNS[name].strip("^$")
        if name in rules.LENGTHS:
            constraints["maxLength"] = rules.LENGTHS[name]
        if name in rules.ENUMS:
            constraints["enum"] = list(rules.ENUMS[name])
        if name in ("CF_CFJGDM", "CF_SJLYDM"):
            constraints["enum"] = [rules.SENDER]
        if name == "CF_JDRQ":
            constraints["maximum"] = rules.TODAY
        fields.append({"name": name, **kind, "constraints": constraints})
    return Schema.from_descriptor({"fields": fields})


def main(file: str, out: str) -> None:
    """Stream, validate, tell."""
    path = Path(file)
    start = time.perf_counter()
    resource = Resource(
        path=path.name,
        basepath=str(path.parent),
        schema=schema(),
        encoding="utf-8",
        dialect=Dialect(controls=[formats.CsvControl(delimiter=",")]),
    )
    with system.use_context(trusted=True):
        report = resource.validate(Checklist(checks=[Rows()]), limit_errors=1_000_000, limit_rows=None)
    took = time.perf_counter() - start
    names = ("rowNumber", "fieldName", "type")
    found = [[row, column or "", kind] for row, column, kind in report.flatten(names)]
    tell(out, rows=report.tasks[0].stats["rows"], seconds=took, found=found)


if __name__ == "__main__":
    main(*sys.argv[1:])
