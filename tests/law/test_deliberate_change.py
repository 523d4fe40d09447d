"""A law is changed: seven working days become five from a day on. One file of the pack says so, and no code."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.conftest import ROOT
from xinheng.law.commands import law
from xinheng.law.deadlines import due
from xinheng.law.loader import load
from xinheng.ui import city

CHINA = timezone(timedelta(hours=8))
FROM = date(2026, 12, 1)
BEFORE = 'values: [{from: "2024-01-01", until: null, count: "7", unit: working_day, starts: day_after_receipt, article: "ZY-46", evidence: text}]'  # noqa: E501
AFTER = f"""values:
    - {{from: "2024-01-01", until: "{FROM}", count: "7", unit: working_day, starts: day_after_receipt, article: "ZY-46", evidence: text}}
    - {{from: "{FROM}", until: null, count: "5", unit: working_day, starts: day_after_receipt, article: "ZY-46", evidence: text}}"""  # noqa: E501
EXAMPLE = """\
- name: "12月1日收到的异议，5个工作日内决定"
  given: {received: "2026-12-01T00:01:00+08:00", deadline: objection.decide}
  expect: {due: "2026-12-08", provisional: false, article: "ZY-46"}
- name: "11月30日23时59分收到的异议，仍是7个工作日"
  given: {received: "2026-11-30T23:59:00+08:00", deadline: objection.decide}
  expect: {due: "2026-12-09", provisional: false, article: "ZY-46"}
"""


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The packs of the house with the one change in them; the folder they lie in."""
    root = tmp_path / "lawpacks"
    shutil.copytree(ROOT / "lawpacks", root)
    file = root / "zhangye" / "deadlines.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(BEFORE) == 1
    file.write_text(text.replace(BEFORE, AFTER), encoding="utf-8")
    return root


@pytest.mark.req("OBJ-1", "ZY-46", kind="rule")
def test_one_pack_file_changes_the_clock_and_only_from_its_day(changed: Path) -> None:
    pack, old = load("zhangye", root=changed), load("zhangye", root=ROOT / "lawpacks")
    assert pack.hash != old.hash
    for days in range(-40, 40):
        for clock in ("00:01", "23:59"):
            received = datetime.fromisoformat(f"{FROM + timedelta(days=days)}T{clock}:00+08:00")
            now, then = due(pack, "objection.decide", received), due(old, "objection.decide", received)
            assert len(now.counted) == (7 if days < 0 else 5)
            assert now.due == (then.due if days < 0 else then.counted[4])
            assert due(pack, "objection.mark", received).due == due(old, "objection.mark", received).due


@pytest.mark.req("OBJ-1", "ZY-46", kind="journey")
def test_examples_and_the_command_line_follow(changed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    examples = changed / "zhangye" / "examples" / "five_days.yaml"
    examples.write_text(EXAMPLE, encoding="utf-8")
    changelog = changed / "zhangye" / "CHANGELOG.md"
    changelog.write_text(
        changelog.read_text(encoding="utf-8") + "\n- Five working days from 2026-12-01.\n", encoding="utf-8"
    )
    place = str(changed / "zhangye")
    before = CliRunner().invoke(law, ["check", place])
    assert before.exit_code == 1 and "2027-01-06" in before.output  # an old example that the change reaches
    old = changed / "zhangye" / "examples" / "objection.yaml"
    old.write_text(old.read_text(encoding="utf-8").replace("2027-01-06", "2027-01-04"), encoding="utf-8")
    checked = CliRunner().invoke(law, ["check", place])
    assert checked.exit_code == 0, checked.output
    answers = [
        json.loads(
            CliRunner()
            .invoke(law, ["deadline", "objection.decide", "--received", at, "--law", place, "--json"])
            .output.splitlines()[-1]
        )
        for at in ("2026-11-30T23:59:00+08:00", "2026-12-01T00:01:00+08:00")
    ]
    assert [answer["due"] for answer in answers] == ["2026-12-09", "2026-12-08"]


@pytest.mark.req("OBJ-1", "ZY-46", kind="refusal")
def test_a_wrong_example_of_the_change_refuses_the_pack(changed: Path) -> None:
    examples = changed / "zhangye" / "examples" / "five_days.yaml"
    examples.write_text(EXAMPLE.replace('"2026-12-08"', '"2026-12-10"'), encoding="utf-8")
    checked = CliRunner().invoke(law, ["check", str(changed / "zhangye")])
    assert checked.exit_code == 1 and "five_days.yaml" in checked.output


@pytest.mark.django_db
@pytest.mark.req("OBJ-1", "PUB-2", "ZY-46", kind="journey")
@pytest.mark.parametrize(("day", "days"), [("2026-11-30", "7"), ("2026-12-01", "5")])
def test_the_pages_promise_what_holds_today_and_show_both_values(
    changed: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, day: str, days: str
) -> None:
    settings.XINHENG_LAWPACKS, settings.XINHENG_LAW = changed, "zhangye"
    monkeypatch.setenv("XINHENG_TODAY", day)
    city._read.clear()
    try:
        promised = Client().get("/service").content.decode()
        said = re.sub(r"<[^>]+>", "", promised)
        assert re.findall(r"异议决定和答复\s*(\d+)\s*个工作日", said) == [days]
        page = re.sub(r"<[^>]+>", "", Client().get("/law").content.decode())
        assert "异议决定和答复，7个工作日" in page and "异议决定和答复，5个工作日" in page
        assert ("从2026年12月1日起才适用" in page) is (day < "2026-12-01")
    finally:
        city._read.clear()
