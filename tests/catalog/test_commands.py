"""Does the command line show, compare and export the catalog without a database and without the framework?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from tests.conftest import ROOT
from tests.law.packs import CATALOG, write
from xinheng.catalog.commands import catalog
from xinheng.lib.errors import BadInput, NotFound


@pytest.fixture
def toytown(tmp_path: Path) -> Path:
    """A pack on disk whose item has two versions."""
    first = CATALOG.split("versions:\n")[1].split("roles:")[0]
    second = first.replace('from: "2024-01-01"', 'from: "2026-06-01"').replace(
        "sharing: [government]", "sharing: [none]"
    )
    return write(tmp_path, {"catalog/TF.yaml": (first, first + second.replace("[upload]", "[api]"))})


def run(*words: str, law: str | Path = "zhangye") -> Result:
    return CliRunner().invoke(catalog, [*words, "--law", str(law)], catch_exceptions=False)


def lines(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.req("CAT-2", "ZY-32", "SP-8", kind="journey")
def test_every_version_is_listed_with_its_standing(toytown: Path) -> None:
    *items, last = lines(run("list", "--json", law=toytown))
    assert [(one["item"], one["version"], one["standing"]) for one in items] == [
        ("TF", "2024-01-01", "ended"),
        ("TF", "2026-06-01", "in_force"),
    ]
    assert last == {"summary": {"law": "toytown@2026.1", "versions": 2}}
    assert "TF\t2026-06-01\t生效\t市级补充目录\t向社会公开\t玩具处罚" in run("list", law=toytown).stdout


@pytest.mark.req("CAT-2", "ZY-32", "SP-8", kind="journey")
@pytest.mark.parametrize("law", ["zhangye", "siping", "demo-city"])
def test_an_item_is_shown_with_its_attributes_and_fields(law: str) -> None:
    text = run("show", "CF", law=law).stdout
    assert "公开属性：向社会公开" in text and "归集的主体：自然人：不公开，按事项查询" in text
    assert "CF_NR_FK\t罚款金额(万元)\t数字，共18位，其中小数6位\t“处罚类别”里有“罚款”时必填" in text
    (whole,) = lines(run("show", "CF", "--json", law=law))
    assert whole["kinds"]["natural_person"] == "by_matter"
    assert [field["code"] for field in whole["fields"]][:2] == ["CF_XDR_MC", "CF_XDR_LB"]
    assert whole["fields"][19]["required"]["test"] == "contains"


@pytest.mark.req("CAT-2", "ZY-32", kind="journey")
def test_two_versions_are_compared_line_by_line_with_both_judgements(toytown: Path) -> None:
    *changes, last = lines(run("compare", "TF", "2024-01-01", "2026-06-01", "--json", law=toytown))
    assert [(c["path"], c["what"], c["disclosure"], c["files"]) for c in changes] == [
        (["sharing", "none"], "added", "same", "fits"),
        (["sharing", "government"], "removed", "narrower", "fits"),
        (["channel", "api"], "added", "same", "fits"),
        (["channel", "upload"], "removed", "same", "breaks"),
    ]
    assert last == {"summary": {"changes": 4, "disclosure": {"narrower": 1, "same": 3}, "breaks": 1}}
    text = run("compare", "TF", "2024-01-01", "2026-06-01", law=toytown).stdout
    assert "TF\t共享范围\t删去\t国家机关（依法定职责） → 没有\t公开范围缩小\t旧文件照样能报" in text
    assert "没有不同" in run("compare", "TF", "2024-01-01", "2024-01-01", law=toytown).stdout


@pytest.mark.req("CAT-2", "IOP-1", "ZY-32", "SP-8", kind="journey")
@pytest.mark.parametrize("law", ["zhangye", "siping", "demo-city"])
def test_the_catalog_is_exported_for_machines(law: str) -> None:
    schemas = lines(run("export", "--format", "json-schema", law=law))
    assert {"CF", "XK"} <= {one["x-item"] for one in schemas}
    for schema in schemas:
        Draft202012Validator.check_schema(schema)
    one = json.loads(
        run("export", "--format", "json-schema", "--item", "XK", "--base", "https://x.example", law=law).stdout
    )
    assert one["$id"] == "https://x.example/catalog/XK/2018-07-01/schema.json"
    (document,) = lines(run("export", "--format", "dcat", "--json", law=law))
    assert [d["dct:identifier"] for d in document["dcat:dataset"]] == [
        f"{schema['x-item']}@{schema['x-version']}" for schema in schemas
    ]


@pytest.mark.req("CAT-1", "CAT-2", "ZY-32", kind="refusal")
def test_a_draft_is_listed_as_a_draft_and_never_exported_as_in_force(tmp_path: Path) -> None:
    drafted = ("    publicity: public\n", "    publicity: public\n    state: draft\n")
    law = write(tmp_path, {"catalog/TF.yaml": drafted, "matters.yaml": ("items: [TF]", "items: []")})
    assert [one["standing"] for one in lines(run("list", "--json", law=law))[:-1]] == ["draft"]
    assert lines(run("export", "--format", "dcat", "--json", law=law))[0]["dcat:dataset"] == []
    assert run("export", "--format", "json-schema", law=law).stdout == ""
    with pytest.raises(BadInput, match="catalog_item_not_in_force"):
        run("export", "--format", "json-schema", "--item", "TF", law=law)


@pytest.mark.req("CAT-2", "SP-8", kind="refusal")
def test_an_unknown_item_or_version_is_an_error_of_the_house() -> None:
    for words in (("show", "NOPE"), ("compare", "CF", "2018-07-01", "1999-01-01"), ("show", "CF", "--version", "x")):
        with pytest.raises(NotFound, match=r"catalog_(item|version)_unknown"):
            run(*words)


def house(*words: str) -> subprocess.CompletedProcess[str]:
    """The command as a user starts it, with a database address that nobody answers."""
    env = {**os.environ, "XINHENG_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    command = [sys.executable, *words[:-1]] if words[-1] == "bare" else [sys.executable, "-m", "xinheng", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=env)


def test_an_error_is_one_sentence_or_one_json_line_and_exit_1() -> None:
    said = house("catalog", "show", "NOPE")
    assert (said.returncode, said.stdout) == (1, "") and said.stderr == "错误：目录里没有这一项\n"
    told = house("catalog", "compare", "CF", "2018-07-01", "1999-01-01", "--json")
    assert told.returncode == 1
    assert json.loads(told.stdout) == {"error": {"code": "catalog_version_unknown", "message": "这一项没有这个版本"}}


def test_no_command_of_the_catalog_loads_the_framework_or_a_database_driver() -> None:
    program = (
        "import sys; from click.testing import CliRunner; from xinheng.catalog.commands import catalog\n"
        "for words in (['list'], ['show', 'CF'], ['compare', 'CF', '2018-07-01', '2018-07-01'],"
        " ['export', '--format', 'dcat'], ['export', '--format', 'json-schema']):\n"
        "    assert CliRunner().invoke(catalog, [*words, '--law', 'zhangye']).exit_code == 0, words\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(loaded & {'django', 'psycopg', 'polars', 'numpy', 'jsonschema'}))"
    )
    done = house("-c", program, "bare")
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr
