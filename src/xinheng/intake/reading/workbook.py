"""Which tables does a workbook hold? Read in a child process that cannot take more than it was given.

Rows and columns that are hidden or filtered out in a sheet are read like any other: they are part of what was sent. A
hidden sheet is not read, since it mostly holds lists for a form and its sender does not see it; it is named, so that
no row is lost in silence.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import asdict, dataclass
from typing import IO, Any, BinaryIO, cast

from xinheng.intake.reading.cells import LONGEST
from xinheng.intake.reading.limits import Limits
from xinheng.intake.reading.tables import Fault, Table
from xinheng.intake.reading.text import temporary
from xinheng.intake.rules.reader import FileRefused
from xinheng.machine.limited import Bounds, Reason, Stopped, run

__all__ = ["Limits", "Workbook", "open_workbook", "read_workbook"]


@dataclass(frozen=True, slots=True)
class Workbook:
    """``tables``: one for each visible sheet with content; ``hidden``: names of hidden sheets with content."""

    tables: list[Table]
    hidden: list[str]


def read_workbook(file: BinaryIO, *, limits: Limits) -> list[Table]:
    """The tables of `open_workbook`."""
    return open_workbook(file, limits=limits).tables


def open_workbook(file: BinaryIO, *, limits: Limits) -> Workbook:
    """Record k of a table is row k of its sheet. Raises FileRefused; nothing else, whatever the file holds."""
    with _real(file) as source, tempfile.TemporaryFile() as target:
        bounds = Bounds(memory=limits.memory, seconds=limits.seconds, file=2 * limits.unpacked)
        try:
            answer = run(
                "xinheng.intake.reading.child:read", given=asdict(limits), files=[source, target], bounds=bounds
            )
        except Stopped as stopped:
            raise _refusal(stopped.reason, limits) from None
        if "refused" in answer:
            raise FileRefused(answer["refused"], **answer["params"])
        if not answer["sheets"]:
            if answer["hidden"]:
                raise FileRefused("workbook_all_hidden", sheets="、".join(answer["hidden"]))
            raise FileRefused("file_empty")
        target.seek(0)
        tables = [_table(sheet, target, since_1904=answer["since_1904"]) for sheet in answer["sheets"]]
        return Workbook(tables, answer["hidden"])


def _real(file: BinaryIO) -> BinaryIO:
    """The bytes of ``file`` in a file of the operating system, so that a child can inherit it."""
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the caller
    file.seek(0)
    shutil.copyfileobj(file, copy, 1 << 20)
    copy.flush()
    return cast(BinaryIO, copy)


def _table(sheet: dict[str, Any], source: IO[bytes], *, since_1904: bool) -> Table:
    text = temporary()
    left = sheet["bytes"]
    while left:
        block = source.read(min(left, 1 << 20))
        if not block:
            raise FileRefused("workbook_damaged")
        left -= text.write(block)
    text.seek(0)
    faults = {
        number: Fault(code, {"column": column, **({"limit": str(LONGEST)} if code == "cell_too_long" else {})})
        for number, code, column in sheet["faults"]
    }
    return Table(sheet["name"], text, faults=faults, since_1904=since_1904)


def _refusal(reason: Reason, limits: Limits) -> FileRefused:
    if reason is Reason.MEMORY:
        return FileRefused("workbook_memory", limit=f"{limits.memory >> 20} MB")
    if reason is Reason.TIME:
        return FileRefused("workbook_time", limit=str(limits.seconds))
    if reason is Reason.FILE:
        return FileRefused("workbook_too_large", limit=f"{limits.unpacked >> 20} MB")
    return FileRefused("workbook_damaged")
