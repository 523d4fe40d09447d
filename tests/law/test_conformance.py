"""Is a line done only when every kind of proof passed under every law that asks for it?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xinheng.law import conformance
from xinheng.law.conformance import State
from xinheng.law.gaps import GAPS
from xinheng.law.requirements import FUNCTIONS, INVARIANTS, order

ROOT = Path(__file__).resolve().parents[2] / "lawpacks"


def _states(tmp_path: Path, *tests: tuple[str, str, str | None, bool]) -> dict[str, conformance.Line]:
    path = tmp_path / "conformance.json"
    rows = [
        {"test": f"tests/x.py::test_{n}", "ids": ids.split(), "kind": kind, "law": law, "passed": passed}
        for n, (ids, kind, law, passed) in enumerate(tests)
    ]
    path.write_text(json.dumps({"tests": rows}), encoding="utf-8")
    return {line.id: line for line in conformance.lines(ROOT, path)}


def _all(law: str | None, *, but: str = "") -> list[tuple[str, str, str | None, bool]]:
    return [("OBJ-1", kind, law, True) for kind in conformance.KINDS if kind != but]


@pytest.fixture
def complete(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody found nothing missing from what objections ask."""
    monkeypatch.setitem(GAPS, "OBJ-1", None)


def test_every_kind_of_proof_under_both_laws_is_done(complete: None, tmp_path: Path) -> None:
    named = [("OBJ-1 ZY-46", "rule", "zhangye", True), ("OBJ-1 SP-25", "rule", "siping", True)]
    found = _states(tmp_path, *_all("zhangye"), *_all("siping"), *named)
    assert found["OBJ-1"].state is State.DONE
    assert found["ZY-46"].state is State.DONE
    assert found["SP-25"].state is State.DONE


def test_what_is_known_to_be_missing_keeps_an_id_from_done(tmp_path: Path) -> None:
    found = _states(tmp_path, *_all("zhangye"), *_all("siping"))["OBJ-1"]
    gap = GAPS["OBJ-1"]
    assert gap is not None
    assert found.state is State.PARTLY
    assert found.note.zh.endswith(gap[0])
    assert found.note.en.endswith(gap[1])


def test_article_that_no_test_under_its_law_names_is_not_yet_proved(complete: None, tmp_path: Path) -> None:
    elsewhere = ("OBJ-1 ZY-46 SP-25", "rule", "demo-city", True)
    found = _states(tmp_path, *_all("zhangye"), *_all("siping"), elsewhere)
    assert found["OBJ-1"].state is State.DONE
    assert found["ZY-46"].state is found["SP-25"].state is State.NOT_YET


def test_every_id_was_compared_with_its_text() -> None:
    assert set(GAPS) == {*INVARIANTS, *FUNCTIONS}
    assert all(gap is None or all(gap) for gap in GAPS.values())


def test_one_kind_missing_under_one_law_is_partly(tmp_path: Path) -> None:
    found = _states(tmp_path, *_all("zhangye"), *_all("siping", but="refusal"))["OBJ-1"]
    assert found.state is State.PARTLY
    assert found.note.zh.endswith("四平市缺拒绝测试")
    assert found.note.en.endswith("Siping lacks a refusal")


def test_test_bound_to_no_law_counts_for_the_law_it_cites(complete: None, tmp_path: Path) -> None:
    both = _states(tmp_path, *_all(None))
    assert both["OBJ-1"].state is State.DONE
    one = _states(tmp_path, *[("OBJ-1 ZY-46", kind, None, True) for kind in conformance.KINDS])
    assert one["OBJ-1"].state is State.PARTLY


def test_failed_test_proves_nothing(tmp_path: Path) -> None:
    failed = [("OBJ-1", kind, None, False) for kind in conformance.KINDS]
    assert _states(tmp_path, *failed)["OBJ-1"].state is State.NOT_YET


def test_without_results_nothing_is_done_but_what_asks_nothing(tmp_path: Path) -> None:
    found = {line.id: line for line in conformance.lines(ROOT, tmp_path / "none.json")}
    assert {line.state for line in found.values() if line.kind != "article"} == {State.NOT_YET}
    assert found["ZY-1"].state is State.DONE
    assert found["ZY-46"].state is State.NOT_YET
    assert found["ZY-46"].tests == ()


def test_fictional_city_is_no_law_to_conform_to() -> None:
    assert [pack.id for pack in conformance.laws(ROOT)] == ["siping", "zhangye"]


def test_every_id_that_an_article_asks_is_known() -> None:
    known = {*INVARIANTS, *FUNCTIONS}
    for pack in conformance.laws(ROOT):
        for article in pack.articles.values():
            assert set(article.asks) <= known, article.id


def test_ids_are_ordered_as_the_table_has_them() -> None:
    assert sorted(["SUB-1", "INV-9", "ZZ-1", "INV-1"], key=order) == ["INV-1", "INV-9", "SUB-1", "ZZ-1"]


def test_article_named_by_a_test_is_partly_before_its_function_is_done(tmp_path: Path) -> None:
    found = _states(tmp_path, ("ZY-46(1)", "rule", None, True))["ZY-46"]
    assert found.state is State.PARTLY
    assert found.tests == ("tests/x.py::test_0",)


@pytest.mark.parametrize("id", ["OBJ-1", "INV-3"])
def test_line_lists_its_passing_tests(tmp_path: Path, id: str) -> None:
    found = _states(tmp_path, (id, "rule", None, True), (id, "journey", None, False))
    assert found[id].tests == ("tests/x.py::test_0",)
