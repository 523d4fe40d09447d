"""Do the commands of the law print exactly what was promised?"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.law.packs import write
from xinheng.law.commands import law
from xinheng.law.loader import load
from xinheng.law.pack import Pack

ROOT = Path(__file__).resolve().parents[2] / "lawpacks"


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(law, list(arguments))


@pytest.mark.req("OBJ-1", "ZY-46", kind="journey")
def test_deadline_is_one_json_object() -> None:
    found = _run("deadline", "objection.decide", "--received", "2026-02-28T23:59:00+08:00", "--law", "zhangye")
    assert found.exit_code == 0
    assert json.loads(found.stdout) == {
        "due": "2026-03-10",
        "provisional": False,
        "counted": ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-09", "2026-03-10"],
        "article": "ZY-46",
        "law": load("zhangye", root=ROOT).edition,
    }


@pytest.mark.req("OBJ-1", "SP-25", kind="refusal")
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_deadline_that_the_law_lacks_is_a_sentence_and_exit_1(form: tuple[str, ...]) -> None:
    found = _run("deadline", "objection.mark", "--received", "2026-02-28T23:59:00+08:00", "--law", "siping", *form)
    assert found.exit_code == 1
    error = json.loads(found.stdout)["error"]
    assert error["code"] == "no_value_in_force"
    assert "没有期限“objection.mark”" in error["message"]
    assert ("错误：" in found.stderr) is not bool(form)


def test_unreadable_timestamp_is_said_in_words() -> None:
    found = _run("deadline", "objection.mark", "--received", "soon", "--law", "zhangye")
    assert found.exit_code == 1
    assert "看不懂时间“soon”" in found.stderr


def test_workdays_are_csv_with_both_ends() -> None:
    found = _run("workdays", "--from", "2026-02-27", "--to", "2026-03-02", "--law", "siping")
    assert found.exit_code == 0
    assert found.stdout == (
        "date,is_workday,kind,provisional\n"
        "2026-02-27,1,workday,0\n2026-02-28,1,makeup,0\n2026-03-01,0,weekend,0\n2026-03-02,1,workday,0\n"
    )


def test_workdays_are_objects_with_json_and_provisional_next_year() -> None:
    found = _run("workdays", "--from", "2026-12-31", "--to", "2027-01-04", "--json")
    days = [json.loads(line) for line in found.stdout.splitlines()]
    assert days[0] == {"date": "2026-12-31", "is_workday": True, "kind": "workday", "provisional": False}
    assert [day["provisional"] for day in days[1:-1]] == [True] * 4
    assert days[-1] == {"summary": {"days": 5, "workdays": 3}}


@pytest.mark.parametrize(
    ("from_", "to", "code"),
    [
        ("2026-03-02", "2026-03-01", "period_reversed"),
        ("2026-3-2", "2026-03-04", "day_unreadable"),
        ("2003-12-30", "2004-01-02", "no_value_in_force"),
        ("2026-01-01", "9999-12-31", "day_too_far"),
    ],
)
def test_workdays_that_cannot_be_counted_are_an_error(from_: str, to: str, code: str) -> None:
    found = _run("workdays", "--from", from_, "--to", to, "--json")
    assert found.exit_code == 1
    assert json.loads(found.stdout)["error"]["code"] == code


def test_csv_of_workdays_counts_a_whole_year() -> None:
    rows = list(csv.DictReader(io.StringIO(_run("workdays", "--from", "2025-01-01", "--to", "2025-12-31").stdout)))
    assert (len(rows), sum(row["is_workday"] == "1" for row in rows)) == (365, 248)


@pytest.mark.parametrize("city", ["zhangye", "siping", "demo-city"])
def test_sound_pack_is_said_to_be_sound(city: str) -> None:
    by_path, by_law = _run("check", str(ROOT / city)), _run("check", "--law", city, "--json")
    assert (by_path.exit_code, by_law.exit_code) == (0, 0)
    label = load(city, root=ROOT).label
    assert by_path.stdout.startswith(label)
    assert json.loads(by_law.stdout) == {"summary": {"pack": label, "findings": 0}}


def test_wrong_pack_is_said_line_by_line(tmp_path: Path) -> None:
    folder = write(tmp_path, {"deadlines.yaml": ("unit: working_day", "unit: fortnight")})
    text, objects = _run("check", str(folder)), _run("check", str(folder), "--json")
    assert (text.exit_code, objects.exit_code) == (1, 1)
    place, code, sentence = text.stdout.splitlines()[0].split(" ", 2)
    assert (place, code) == (f"{folder}/deadlines.yaml:3:59", "not_in_vocabulary")
    first, last = (json.loads(line) for line in objects.stdout.splitlines())
    assert first == {
        "file": f"{folder}/deadlines.yaml",
        "line": 3,
        "column": 59,
        "code": "not_in_vocabulary",
        "message": sentence,
    }
    assert last["summary"]["findings"] == 1


def test_pack_that_does_not_exist_is_an_error() -> None:
    found = _run("check", "atlantis", "--json")
    assert (found.exit_code, json.loads(found.stdout)["error"]["code"]) == (1, "pack_unknown")


def test_refused_pack_stops_every_command(tmp_path: Path) -> None:
    folder = write(tmp_path, {"deadlines.yaml": ("unit: working_day", "unit: fortnight")})
    found = _run("workdays", "--from", "2026-01-01", "--to", "2026-01-02", "--law", str(folder))
    assert found.exit_code == 1
    assert "deadlines.yaml:3:59" in found.stderr


def test_official_text_is_stored_under_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.law.test_texts import TEXT

    monkeypatch.setenv("XINHENG_HOME", str(tmp_path / "home"))
    folder = write(tmp_path / "packs")
    (tmp_path / "law.txt").write_text(TEXT, encoding="utf-8")
    found = _run("text", str(tmp_path / "law.txt"), "--law", str(folder), "--json")
    assert found.exit_code == 0
    assert json.loads(found.stdout)["summary"] == {"law": "toytown@2026.1", "articles": 3, "stored": True}
    assert (tmp_path / "home" / "law-text" / "toytown.json").is_file()
    wrong = _run("text", str(tmp_path / "law.txt"), "--law", "siping")
    assert wrong.exit_code == 1
    assert "article_missing" in wrong.stdout


def test_conformance_names_every_invariant_function_and_article_of_both_laws() -> None:
    lines = [json.loads(line) for line in _run("conformance", "--law", "siping", "--json").stdout.splitlines()]
    ids = [line["id"] for line in lines[:-1]]
    assert len(ids) == len(set(ids))
    assert [id for id in ids if id.startswith("INV-")] == [f"INV-{n}" for n in range(1, 10)]
    assert [id for id in ids if id.startswith("ZY-")] == [f"ZY-{n}" for n in range(1, 57)]
    assert [id for id in ids if id.startswith("SP-")] == [f"SP-{n}" for n in range(1, 41)]
    for line in lines[:-1]:
        assert set(line) == {"id", "kind", "state", "tests", "note"}
        assert line["kind"] in {"requirement", "article", "invariant"}
        assert line["state"] in {"done", "partly", "not_yet"}
        assert set(line["note"]) == {"zh", "en"}
    assert sum(lines[-1]["summary"].values()) == len(ids)


@pytest.mark.parametrize("arguments", [("deadline", "objection.decide", "--received", "2026-02-28")])
def test_commands_need_neither_database_nor_web_framework(arguments: tuple[str, ...]) -> None:
    code = (
        "import sys\nfrom xinheng.law.commands import law\n"
        f"law({list(arguments)!r}, standalone_mode=False)\n"
        "heavy = {'django', 'psycopg', 'polars', 'numpy', 'jsonschema', 'cryptography'} & set(sys.modules)\n"
        "print(sorted(heavy), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_law_of_every_command_is_the_one_asked_for(law_pack: Pack) -> None:
    found = _run("deadline", "publicity.report", "--received", "2026-02-28", "--law", law_pack.id)
    assert json.loads(found.stdout)["law"] == law_pack.edition
