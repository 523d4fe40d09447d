"""Merge the evidence of a whole test run and keep the committed conformance result and page up to date.

    tools/conformance.py merge PART.json ...   write docs/reference/conformance.json and conformance.md
    tools/conformance.py compare PART.json ... fail when the committed result is not what these parts say

A test that did not run is not a passing test, so a part that is missing shows as a difference.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "docs" / "reference" / "conformance.json"
PAGE = ROOT / "docs" / "reference" / "conformance.md"
MARKS = {"done": "done", "partly": "partly", "not_yet": "not yet"}


def merged(parts: list[Path]) -> str:
    """The result file of these parts, as text."""
    found = {}
    for part in parts:
        for line in json.loads(part.read_text())["tests"]:
            key = (line["test"], line["kind"], line["law"] or "")
            before = found.get(key)
            found[key] = line if before is None else {**line, "passed": line["passed"] and before["passed"]}
    return json.dumps({"tests": [found[key] for key in sorted(found)]}, ensure_ascii=False, indent=1) + "\n"


def page(result: Path) -> str:
    """The conformance page in Markdown, article by article."""
    sys.path.insert(0, str(ROOT / "src"))
    from xinheng.law.conformance import lines

    out = [
        "# Conformance",
        "",
        "Generated from the marks of the tests and their outcome; do not edit. A requirement is *done* only with at",
        "least one test of a rule, one journey through a door and one refusal, under each law whose articles it names.",
        "The provincial regulations of both cities rank above the packs and were not read in full: no release calls",
        "itself conforming.",
    ]
    kind = None
    for line in lines(ROOT / "lawpacks", result):
        if line.kind != kind:
            kind = line.kind
            out += ["", f"## {kind.capitalize()}s", "", "| id | state | tests | note |", "|---|---|---|---|"]
        tests = f"{len(line.tests)}" if line.tests else "–"
        out.append(f"| {line.id} | {MARKS[line.state]} | {tests} | {line.note.en.replace('|', '/')} |")
    return "\n".join(out) + "\n"


def main(arguments: list[str]) -> int:
    """Merge or compare; 1 when the committed result differs."""
    verb, parts = arguments[0], [Path(p) for p in arguments[1:]]
    text = merged(parts)
    if verb == "merge":
        RESULT.parent.mkdir(parents=True, exist_ok=True)
        RESULT.write_text(text)
        PAGE.write_text(page(RESULT))
        return 0
    committed = RESULT.read_text() if RESULT.exists() else '{"tests": []}'
    if committed == text:
        return 0
    was = {(t["test"], t["kind"], t["law"]): t["passed"] for t in json.loads(committed)["tests"]}
    now = {(t["test"], t["kind"], t["law"]): t["passed"] for t in json.loads(text)["tests"]}
    for key in sorted(was.keys() | now.keys(), key=str):
        if was.get(key) != now.get(key):
            print(f"conformance differs: {key} committed {was.get(key)}, this run {now.get(key)}")
    print("Run `make test` and commit docs/reference/conformance.json.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
