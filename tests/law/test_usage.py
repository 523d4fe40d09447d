"""Are values that no code reads named?"""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.law.packs import write
from xinheng.law import commands, loader, usage
from xinheng.law.pack import Pack

ROOT = Path(__file__).resolve().parents[2] / "lawpacks"

# reads a deadline and nothing else, with reads noted; run apart, since noting stays on for the whole process
READ = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from xinheng.law import deadlines, usage
from xinheng.law.loader import load
usage.start()
usage.start()
pack = load("toytown", root=Path(sys.argv[1]))
deadlines.due(pack, "objection.decide", datetime(2026, 8, 7, tzinfo=UTC))
pack.deadlines["copy.make"].values[0].starts
usage.save(Path(sys.argv[2]))
usage.save(Path(sys.argv[2]))
"""


# one of several workers that end at the same moment, each with a read of its own
WORKER = """
import sys, time
from pathlib import Path
from xinheng.law import usage
usage.start()
usage.named("worker", sys.argv[2])
while not Path(sys.argv[1]).with_name("go").exists():
    time.sleep(0.005)
usage.save(Path(sys.argv[1]))
"""


@pytest.fixture
def noted(tmp_path: Path) -> Path:
    write(tmp_path / "packs")
    path = tmp_path / "docs" / "reference" / "law-used.json"
    path.parent.mkdir(parents=True)
    subprocess.run([sys.executable, "-c", READ, str(tmp_path / "packs"), str(path)], check=True)
    return path


def test_reads_of_our_code_are_noted_and_those_of_others_are_not(noted: Path) -> None:
    read = set(json.loads(noted.read_text(encoding="utf-8"))["read"])
    assert {"DeadlineValue.count", "DeadlineValue.unit", "DeadlineValue:objection.decide", "Pack.calendar"} <= read
    assert "DeadlineValue:copy.make" not in read
    assert "DeadlineValue.starts" not in read
    assert "Matter.items" not in read


def test_check_names_each_value_no_code_reads(noted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xinheng.machine.home.checkout", lambda: tmp_path)
    found = CliRunner().invoke(commands.law, ["check", str(tmp_path / "packs" / "toytown"), "--used"])
    assert found.exit_code == 1
    lines = found.stdout.splitlines()
    assert any("deadlines.yaml:5:3 unused" in line and "copy.make" in line for line in lines), lines
    assert any("matters.yaml" in line and "Matter.items" in line for line in lines)
    assert not any("DeadlineValue.count" in line or "objection.decide" in line for line in lines)


def test_every_value_of_a_pack_is_known_by_an_attribute_or_a_name(law_pack: Pack) -> None:
    known = {
        f"{name}.{field.name}"
        for module in usage.modules()
        for name, cls in vars(module).items()
        if isinstance(cls, type) and dataclasses.is_dataclass(cls)
        for field in dataclasses.fields(cls)
    }
    _, faults, _ = loader.read(ROOT / law_pack.id, ROOT)
    assert {key for key, *_ in faults.uses if ":" not in key} <= known
    named = {"Matter", "DeadlineValue", "Ground", "Power", "Item", "RuleSet", "Procedure"}
    named |= {"Measure", "Conduct", "SevereCategory", "SevereField", "Limit", "Statement"}
    named |= {"Measure", "Conduct", "SevereCategory", "SevereField", "Limit", "QueryLogRule"}
    assert {key.partition(":")[0] for key, *_ in faults.uses if ":" in key} == named


def test_without_a_test_run_there_is_nothing_to_compare_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xinheng.machine.home.checkout", lambda: tmp_path)
    found = CliRunner().invoke(commands.law, ["check", "demo-city", "--used", "--json"])
    assert found.exit_code == 1
    assert json.loads(found.stdout)["error"]["code"] == "used_file_missing"


def test_workers_that_end_together_all_leave_what_they_saw(tmp_path: Path) -> None:
    path = tmp_path / "law-used.json"
    workers = [subprocess.Popen([sys.executable, "-c", WORKER, str(path), str(number)]) for number in range(4)]
    (tmp_path / "go").touch()
    assert [worker.wait(timeout=60) for worker in workers] == [0, 0, 0, 0]
    assert usage.read(path) == {f"worker:{number}" for number in range(4)}
