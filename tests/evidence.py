"""Which test proves which requirement? Collects the marks of tests and whether they passed, for the conformance page.

Each run writes what it saw to the file named by ``XINHENG_EVIDENCE``; `tools/conformance.py` merges the parts of a
whole run into ``docs/reference/conformance.json``. A test that did not run is not a passing test.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

LAW_FIXTURES = ("law_city", "law_pack", "law")
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup"}
BASELINE = "demo-city"  # the city that the test database is laid out for
_seen: dict[tuple[str, str | None], dict[str, Any]] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Attach the marks of each test to its reports, which travel from the workers to the controller."""
    for item in items:
        ids: list[str] = []
        kinds: set[str] = set()
        for mark in item.iter_markers("req"):
            ids += [str(one) for one in mark.args]
            kinds.add(str(mark.kwargs.get("kind", "rule")))
        if not ids:
            continue
        params = getattr(getattr(item, "callspec", None), "params", {})
        law = next((_law_name(params[name]) for name in LAW_FIXTURES if name in params), _law_of_database(item))
        item.user_properties.append(("req", {"ids": sorted(set(ids)), "kinds": sorted(kinds), "law": law}))


def _law_of_database(item: pytest.Item) -> str | None:
    """A test on the database ran under the law of its city, which no real city's articles can claim; others under
    none.
    """
    used = set(getattr(item, "fixturenames", ()))
    return BASELINE if used & DATABASE_FIXTURES or item.get_closest_marker("django_db") else None


def _law_name(value: object) -> str:
    return value if isinstance(value, str) else str(getattr(value, "id", value))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note the outcome of each phase; one failed or skipped phase is no pass."""
    found = next((value for name, value in report.user_properties if name == "req"), None)
    if not isinstance(found, dict):
        return
    name = report.nodeid.split("[", 1)[0]
    note = _seen.setdefault((name, found["law"]), {"test": name, **found, "passed": True, "ran": False})
    if report.when == "call":
        note["ran"] = True
    if not report.passed:
        note["passed"] = False


def pytest_sessionfinish() -> None:
    """Write what this run saw, when asked to and when this is the controlling process."""
    target = os.environ.get("XINHENG_EVIDENCE")
    if not target or os.environ.get("PYTEST_XDIST_WORKER"):
        return
    lines = [
        {"test": n["test"], "ids": n["ids"], "kind": kind, "law": n["law"], "passed": n["passed"] and n["ran"]}
        for n in sorted(_seen.values(), key=lambda n: (n["test"], n["law"] or ""))
        for kind in n["kinds"]
    ]
    path = Path(target)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"tests": lines}, ensure_ascii=False, indent=1) + "\n")
