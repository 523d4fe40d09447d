"""Files that lie or attack get one clear answer, take no more than they were given, and disturb nothing else."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.intake import hostile
from xinheng.intake.reading.lines import read_lines
from xinheng.intake.reading.tables import Table
from xinheng.intake.reading.workbook import Limits, read_workbook
from xinheng.intake.rules.reader import FileRefused
from xinheng.ui import wording

GROWTH = 64 << 20  # bytes that the parent may grow, whatever it is fed
SCRIPT = """
import json, resource, sys
from pathlib import Path
from xinheng.intake.reading.lines import read_lines
from xinheng.intake.reading.workbook import Limits, read_workbook
from xinheng.intake.rules.reader import FileRefused
folder = Path(sys.argv[1])
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
def read(path):
    with path.open("rb") as file:
        try:
            tables = [read_lines(file)] if path.suffix == ".jsonl" else read_workbook(file, limits=Limits())
            return "".join(table.text.read().decode() for table in tables)[:20]
        except FileRefused as refused:
            return refused.code
read(folder / "good.xlsx")
for path in sorted(folder.glob("[0-9]*")):
    before = peak()
    answer = read(path)
    print(json.dumps([path.name, answer, peak() - before, read(folder / "good.xlsx")]))
print(json.dumps(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every hostile file, written once: the numbers are places in the lists of `hostile`."""
    place = tmp_path_factory.mktemp("hostile")
    (place / "good.xlsx").write_bytes(hostile.good())
    for suffix, files in (("xlsx", hostile.WORKBOOKS), ("jsonl", hostile.LINES)):
        for number, (make, _) in enumerate(files.values()):
            (place / f"{number:02}.{suffix}").write_bytes(make())
    return place


@contextmanager
def tables_of(data: bytes, *, lines: bool = False, limits: Limits = Limits()) -> Iterator[list[Table]]:
    """The tables of a file, closed afterwards."""
    tables = [read_lines(io.BytesIO(data))] if lines else read_workbook(io.BytesIO(data), limits=limits)
    try:
        yield tables
    finally:
        for table in tables:
            table.text.close()


def check(path: Path, code: str, *, lines: bool) -> None:
    if not code:
        with tables_of(path.read_bytes(), lines=lines) as tables:
            assert tables
        return
    with pytest.raises(FileRefused) as refused, tables_of(path.read_bytes(), lines=lines):
        pass
    assert refused.value.code == code
    said = wording.say(code, refused.value.params)
    assert not re.search(r"%\(|…$", said), said


@pytest.mark.req("INT-1", kind="refusal")
@pytest.mark.parametrize("name", hostile.WORKBOOKS)
def test_a_hostile_workbook_gets_one_clear_answer(folder: Path, name: str) -> None:
    number = list(hostile.WORKBOOKS).index(name)
    check(folder / f"{number:02}.xlsx", hostile.WORKBOOKS[name][1], lines=False)


@pytest.mark.req("INT-1", kind="refusal")
@pytest.mark.parametrize("name", hostile.LINES)
def test_hostile_lines_get_one_clear_answer(folder: Path, name: str) -> None:
    number = list(hostile.LINES).index(name)
    check(folder / f"{number:02}.jsonl", hostile.LINES[name][1], lines=True)


def test_the_reading_process_stays_small_and_reads_the_next_file(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder)],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
    )
    *answers, child = map(json.loads, done.stdout.splitlines())
    assert len(answers) == len(hostile.WORKBOOKS) + len(hostile.LINES)
    assert [name for name, _, growth, _ in answers if growth > GROWTH] == []
    assert {after for _, _, _, after in answers} == {"甲,乙\n1,2\n"}
    assert child <= Limits().memory


def test_nothing_is_left_behind(folder: Path) -> None:
    before = set(os.listdir("/proc/self/fd"))
    for number in (0, 1, 8):
        with pytest.raises(FileRefused):
            read_workbook(io.BytesIO((folder / f"{number:02}.xlsx").read_bytes()), limits=Limits())
    assert set(os.listdir("/proc/self/fd")) == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.req("INT-1", kind="refusal")
@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(rows=1), "workbook_too_many_rows"),
        (Limits(columns=1), "workbook_too_many_columns"),
        (Limits(cells=10), "workbook_too_many_cells"),
        (Limits(sheets=0), "workbook_too_many_sheets"),
    ],
)
def test_each_limit_is_said_in_the_refusal(limits: Limits, code: str) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="B{n}"><v>2</v></c></row>' for n in range(1, 60))
    for data in (hostile.book(hostile.sheet(rows)), hostile.old()):
        with pytest.raises(FileRefused) as refused, tables_of(data, limits=limits):
            pass
        assert refused.value.code == code
        assert any(letter.isdigit() for letter in wording.say(code, refused.value.params))


@pytest.mark.req("INT-1", kind="refusal")
def test_a_workbook_that_takes_too_much_memory_or_time_is_refused() -> None:
    far = hostile.book(
        hostile.sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="99999"><c r="CV99999"><v>1</v></c></row>')
    )
    with pytest.raises(FileRefused) as memory, tables_of(far, limits=Limits(memory=200 << 20)):
        pass
    assert (memory.value.code, memory.value.params) == ("workbook_memory", {"limit": "200 MB"})
    with pytest.raises(FileRefused) as time, tables_of(far, limits=Limits(seconds=1)):
        pass
    assert (time.value.code, time.value.params) == ("workbook_time", {"limit": "1"})


def test_a_null_character_spoils_its_row_alone() -> None:
    with tables_of(hostile.nul_bytes()) as (table,):
        assert table.faults[1].code == "cell_null"
        assert table.text.read() == b"\n"
