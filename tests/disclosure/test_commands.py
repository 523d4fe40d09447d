"""The query of the command line: row numbers instead of values, an entry each, both users in the ledger."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.disclosure.city import CASE, MATTER, OFFICER, PERSON_ID, UNKNOWN_COMPANY, City
from tests.records.rows import COMPANY
from xinheng.disclosure.commands import query, read_identifiers
from xinheng.ledger import selectors as ledger
from xinheng.lib.errors import BadInput, NotAllowed

pytestmark = pytest.mark.django_db
CODE = COMPANY["CF_XDR_SHXYM"]
LIST = f"identifier,kind,name\r\n{CODE},uscc,{COMPANY['CF_XDR_MC']}\r\n\r\n{UNKNOWN_COMPANY},,\r\n{PERSON_ID},id,\r\n"


@pytest.fixture(autouse=True)
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database of the test is ready; nothing is started."""
    monkeypatch.setattr("xinheng.start.prepare", lambda law=None: None)


def run(tmp_path: Path, text: str = LIST, **changed: str) -> Result:
    """Run the command on a list."""
    path = tmp_path / "ids.csv"
    path.write_text(text, encoding="utf-8")
    options = {"as": OFFICER, "matter": MATTER, "case": CASE, **changed}
    flags = [part for name, value in options.items() for part in (f"--{name}", value) if value]
    return CliRunner().invoke(query, [*flags, "--file", str(path), "--json"])


@pytest.mark.req("QRY-1", "INV-3", kind="journey")
def test_each_line_answers_a_row_and_the_last_counts(city: City, tmp_path: Path) -> None:
    done = run(tmp_path)
    *lines, last = [json.loads(line) for line in done.output.splitlines()]
    assert [(line["input_row"], line["result"]) for line in lines] == [(2, "granted"), (4, "empty"), (5, "granted")]
    assert last == {"summary": {"rows": 3, "granted": 2, "empty": 1, "refused": 0}}
    assert set(lines[0]) == {"input_row", "result", "subject", "records", "article", "entry", "leaf", "promise"}
    assert lines[0]["subject"] == {"kind": "legal_person", "name": COMPANY["CF_XDR_MC"]}
    assert "subject" not in lines[1]
    for value in (PERSON_ID, UNKNOWN_COMPANY):
        assert value not in done.output


@pytest.mark.req("QRY-1", "ACC-1", "INV-3", kind="journey")
def test_the_ledger_keeps_the_user_of_the_machine_and_the_claimed_one(city: City, tmp_path: Path) -> None:
    done = run(tmp_path)
    body = ledger.entry(int(json.loads(done.output.splitlines()[0])["entry"])).body
    assert body is not None
    assert (body["channel"], body["actor"]) == ("cli", f"cli:{getpass.getuser()}:{OFFICER}")


@pytest.mark.req("QRY-1", kind="refusal")
def test_refusals_are_answers_with_article_and_entry(city: City, tmp_path: Path) -> None:
    done = run(tmp_path, matter="daily_inspection")
    *lines, last = [json.loads(line) for line in done.output.splitlines()]
    assert {(line["result"], line["reason"]) for line in lines} == {("refused", "matter_not_listed")}
    assert all(line["article"] and line["entry"] for line in lines)
    assert last["summary"]["refused"] == 3


@pytest.mark.req("QRY-1", kind="refusal")
def test_an_account_without_the_role_may_not_ask(city: City, tmp_path: Path) -> None:
    done = run(tmp_path, **{"as": "fgw.auditor"})
    assert isinstance(done.exception, NotAllowed)
    assert not done.output


def test_people_read_the_same_in_words(city: City, tmp_path: Path) -> None:
    path = tmp_path / "ids.csv"
    path.write_text(LIST + "91620798MA90000117,,\r\n", encoding="utf-8-sig")
    flags = ["--as", OFFICER, "--matter", MATTER, "--case", CASE, "--file", str(path)]
    said = CliRunner().invoke(query, flags).output
    assert COMPANY["CF_XDR_MC"] in said
    assert "不显示" in said
    assert "查询期内无相关信息" in said
    assert "代码读不懂" in said
    assert "共4个：有信息2，无信息2，拒绝0" in said
    refused = CliRunner().invoke(query, [*flags[:3], "daily_inspection", *flags[4:]]).output
    assert "拒绝：" in refused


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"code,kind\n1,uscc\n", "ids_file_unreadable"),
        (b"\xff\xfea", "file_encoding"),
    ],
)
def test_a_list_that_can_not_be_read_is_refused_without_its_values(data: bytes, code: str) -> None:
    with pytest.raises(BadInput, match=code) as refused:
        read_identifiers(data)
    assert set(refused.value.params) <= {"row", "line"}


def test_rows_count_records_of_the_file_and_unreadable_ones_hold_nobody_up() -> None:
    found, faults = read_identifiers(b'identifier,kind,name\n1,uscc,"a\nb"\n\n2,org,\n3,passport,\n"91')
    rows: list[Any] = found
    assert [(one.row, one.kind) for one in rows] == [(2, "uscc"), (4, "org")]
    assert faults == ((5, "ids_kind_unknown"), (6, "ids_row_unreadable"))
