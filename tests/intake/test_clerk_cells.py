"""Cells as clerks type them, each with the answer that the law and a careful colleague would give.

`clerk_cells.jsonl` was written from the requirements before the code was read: a row's changed cells, the verdicts
that are right, the fields that have to be named when it is not accepted, and what accepted cells say. Where more than
one verdict stands there, refusing what could be read is no fault; reading it wrongly is one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.intake.made import Desk, business_penalty, licence, penalty, person_penalty
from xinheng.intake.rules import RowResult, Verdict
from xinheng.law.loader import load
from xinheng.law.pack import Pack
from xinheng.machine import home

CASES = [json.loads(line) for line in Path(__file__).with_name("clerk_cells.jsonl").read_bytes().splitlines()]
THEMES = sorted({case["theme"] for case in CASES})
MADE = {"penalty": penalty, "person": person_penalty, "business": business_penalty, "licence": licence}


@pytest.fixture(scope="module")
def zhangye() -> Pack:
    return load("zhangye", root=home.lawpacks())


@pytest.mark.req("INT-1", "CAT-2", kind="rule")
@pytest.mark.parametrize("theme", THEMES)
def test_every_cell_of_a_clerk_gets_the_right_answer(zhangye: Pack, theme: str) -> None:
    cases = [case for case in CASES if case["theme"] == theme]
    rows = [_row(case, number) for number, case in enumerate(cases, 1)]
    found = Desk(zhangye, "XK" if theme == "licence" else "CF").rows(*rows)
    wrong = [said for case, result in zip(cases, found, strict=True) for said in _wrong(case, result)]
    assert not wrong, "\n".join(wrong)


def _row(case: Mapping[str, Any], number: int) -> dict[str, str]:
    row = MADE[case["base"]](number)
    day = {} if case["base"] == "licence" else {"CF_JDRQ": "2026/05/06"}
    return row | day | case["cells"]


def _wrong(case: Mapping[str, Any], result: RowResult) -> Iterator[str]:
    told = {finding.field for finding in result.findings if finding.code != "normalised"}
    if result.verdict.value not in case["verdicts"]:
        yield f"{case['cells']}: {result.verdict.value}, {sorted(finding.code for finding in result.findings)}"
    elif result.verdict is not Verdict.ACCEPT and case["fields"] and not told & set(case["fields"]):
        yield f"{case['cells']}: nothing said of {case['fields']}"
    elif result.verdict is Verdict.ACCEPT:
        for code, allowed in case["values"].items():
            if result.values.get(code) not in allowed:
                yield f"{case['cells']}: {code} read as {result.values.get(code)!r}"
