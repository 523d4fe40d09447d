"""``xinheng intake``: the answers a script reads, with and without a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.conftest import PACKS, load_pack
from tests.intake.made import AUTHORITY, Desk, penalty, person_penalty, table, text_of
from xinheng.accounts.models import Organisation
from xinheng.intake.models import IntakeBatch
from xinheng.intake.rules import provider_in_pack
from xinheng.law.pack import Pack
from xinheng.lib.errors import NotFound
from xinheng.records.commands import intake
from xinheng.records.models import Record

WAITING = {"CF_NR_FK": "2000"}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(intake, list(arguments))


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.output.splitlines()]


@pytest.fixture
def file(tmp_path: Path, pack: Pack) -> Path:
    rows = [penalty(1), penalty(2) | {"CF_JDRQ": "2026/02/30"}, person_penalty(3) | WAITING]
    path = tmp_path / "十一月.csv"
    path.write_bytes(sent_under(pack, text_of(table(Desk(pack).item, rows))))
    return path


def sent_under(pack: Pack, text: str) -> bytes:
    """The made file as the bureau of that city sends it: under its own code."""
    return text.replace(AUTHORITY, provider_in_pack(pack, "scjgj").uscc).encode("gb18030")


@pytest.mark.req("INT-1", "ZY-33", "SP-8", kind="journey")
@pytest.mark.parametrize("law", PACKS)
def test_a_dry_run_answers_every_row_in_full_and_needs_no_database(file: Path, law: str, pack: Pack) -> None:
    here = provider_in_pack(pack, "scjgj").uscc.encode()
    file.write_bytes(file.read_bytes().replace(here, provider_in_pack(load_pack(law), "scjgj").uscc.encode()))
    result = run(str(file), "--item", "CF", "--provider", "scjgj", "--dry-run", "--json", "--law", law)
    assert result.exit_code == 0, result.output
    *rows, last = lines(result)
    assert [list(row) for row in rows] == [["row", "verdict", "values", "findings"]] * 3
    assert [(row["row"], row["verdict"]) for row in rows] == [(2, "accept"), (3, "reject"), (4, "review")]
    assert rows[0]["values"]["CF_NR_FK"] == "0.2"
    assert "CF_JDRQ" not in rows[1]["values"]
    assert list(rows[1]["findings"][0]) == ["field", "code", "message"]
    assert rows[2]["values"]["CF_XDR_ZJHM"] == person_penalty(3)["CF_XDR_ZJHM"]
    assert last["summary"]["rows"] == 3
    assert last["summary"]["encoding"] == "gb18030"
    assert last["summary"]["dry_run"] is True


def test_a_file_refused_whole_is_one_line_and_exit_3(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"%PDF-1.7 a decision")
    result = run(str(path), "--item", "CF", "--provider", "scjgj", "--dry-run", "--json")
    assert result.exit_code == 3
    first, last = lines(result)
    assert first["file"]["verdict"] == "reject"
    assert first["file"]["code"] == "file_not_text"
    assert "PDF" in first["file"]["message"]
    assert "summary" in last


def test_without_json_the_answers_are_chinese_sentences(file: Path) -> None:
    result = run(str(file), "--item", "CF", "--provider", "scjgj", "--dry-run")
    assert "✗ 第3条 退回" in result.output
    assert "在日历上不存在" in result.output
    assert result.output.splitlines()[-1] == "共3行：通过1（其中未变0），待核对1，退回1。"


@pytest.mark.req("CAT-2", "INV-2", kind="refusal")
def test_an_item_in_no_catalog_and_an_unknown_provider_are_refused(file: Path) -> None:
    for item, provider, code in (("NO", "scjgj", "item_not_in_force"), ("CF", "nobody", "organisation_unknown")):
        result = run(str(file), "--item", item, "--provider", provider, "--dry-run", "--json")
        assert isinstance(result.exception, NotFound)
        assert result.exception.code == code


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("INT-1", kind="journey")
def test_a_batch_is_registered_with_its_entry_and_persons_are_masked(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xinheng.start.prepare", lambda law: None)
    arguments = (str(file), "--item", "CF", "--provider", "scjgj", "--json")
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    *rows, last = lines(result)
    assert [row["verdict"] for row in rows] == ["accept", "reject", "review"]
    assert rows[2]["values"]["CF_XDR_ZJHM"].startswith("****")
    assert last["summary"]["registered"] == 1
    assert last["summary"]["entry"].isdigit()
    assert Record.objects.count() == 1
    again = lines(run(*arguments))
    assert [f["code"] for f in again[0]["findings"]] == ["unchanged"]
    assert again[-1]["summary"]["registered"] == 0
    assert IntakeBatch.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_demo_that_was_never_filled_has_its_organisations_put_in_place(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xinheng.start.prepare", lambda law: None)
    monkeypatch.setattr("xinheng.accounts.selectors.organisation_by_code", _absent_once())
    result = run(str(file), "--item", "CF", "--provider", "scjgj", "--json")
    assert result.exit_code == 0, result.output


def _absent_once() -> Any:
    asked: list[str] = []

    def organisation_by_code(code: str) -> Organisation:
        asked.append(code)
        if len(asked) == 1:
            raise NotFound("organisation_unknown")
        return Organisation.objects.get(code=code)

    return organisation_by_code
