"""Run the checks and tests part by part, say how long each took, and end with one line of totals.

    tools/test.py [--full] [PART ...]     parts: static rules database journeys browser kill (default: all)

Each part of pytest leaves ``test-results/PART.xml``. After a whole run the evidence for the conformance page is merged,
or, where ``CI`` is set, compared with the committed one; and outside ``CI`` the list of the values of the law that code
reads is renewed, for ``xinheng law check --used``. A whole run with ``--full`` leaves its report in ``docs/reports``
instead. Standard library only; run by the interpreter of ``.venv``.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "test-results"
LAW_USED = RESULTS / "law-used.json"
BIN = Path(sys.executable).parent
CHECKS: tuple[tuple[str, list[str | Path]], ...] = (
    ("ruff check", [BIN / "ruff", "check", "."]),
    ("ruff format", [BIN / "ruff", "format", "--check", "."]),
    ("mypy", [BIN / "mypy"]),
    ("import contracts", [BIN / "lint-imports", "--no-cache"]),
)
PURE = ("lib", "law")
OWN_PART = ("journeys", "browser", "kill")
TWO = ("-n", "2")


@dataclass(frozen=True)
class Part:
    """A group of tests: where they lie, the options of pytest, and the seconds it should stay within on two cores."""

    name: str
    paths: tuple[Path, ...]
    options: tuple[str, ...]
    budget: int


@dataclass
class Totals:
    """What has been counted so far."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0


def folders(*names: str) -> tuple[Path, ...]:
    """Those folders of tests that exist and hold tests."""
    found = (ROOT / "tests" / name for name in names)
    return tuple(folder for folder in found if any(folder.rglob("test_*.py")))


def parts() -> list[Part]:
    """Every part with tests, in the order in which a mistake is found soonest."""
    others = sorted(
        folder.name
        for folder in (ROOT / "tests").iterdir()
        if folder.is_dir() and folder.name not in {*PURE, *OWN_PART} and not folder.name.startswith(("_", "."))
    )
    every = (
        Part("rules", folders(*PURE), TWO, 120),
        Part("database", folders(*others), TWO, 240),
        Part("journeys", folders("journeys"), (*TWO, "--dist", "loadgroup"), 180),
        Part("browser", folders("browser"), (), 240),
        Part("kill", folders("kill"), (), 60),
    )
    return [part for part in every if part.paths]


def quick_place() -> Path:
    """Memory where there is room for a database that no test needs afterwards, else the folder for temporary files."""
    memory = Path("/dev/shm")
    usable = memory.is_dir() and os.access(memory, os.W_OK) and not os.statvfs(memory).f_flag & os.ST_NOEXEC
    return memory if usable and shutil.disk_usage(memory).free > 2 * 2**30 else Path(tempfile.gettempdir())


def environment(*, full: bool) -> dict[str, str]:
    """Test mode, and a state folder that no other checkout shares."""
    own = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:8]
    home = os.environ.get("XINHENG_TEST_HOME") or str(quick_place() / f"xinheng-test-{os.getuid()}-{own}")
    return {
        **os.environ,
        "XINHENG_MODE": "test",
        "XINHENG_TEST_HOME": home,
        "XINHENG_HOME": home,
        "XINHENG_TEST_PROFILE": "full" if full else "ci",
    }


def static(env: dict[str, str], totals: Totals) -> None:
    """Style, types and import contracts; each counts as one test."""
    for name, command in CHECKS:
        began = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        ok = done.returncode == 0
        totals.passed += ok
        totals.failed += not ok
        print(f"  {'ok  ' if ok else 'FAIL'} {name} {time.monotonic() - began:.1f} s")
        if not ok:
            print(done.stdout + done.stderr)


def tests(part: Part, env: dict[str, str], totals: Totals, *, full: bool) -> None:
    """Run one part; a run that leaves no report, or fails without a failed test, counts as one failure."""
    report = RESULTS / f"{'full-' if full else ''}{part.name}.xml"
    chosen = () if full else ("-m", "not full")
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        *chosen,
        *part.options,
        f"--junitxml={report}",
        *part.paths,
    ]
    part_env = {**env, "XINHENG_EVIDENCE": str(RESULTS / f"evidence-{part.name}.json")}
    code = subprocess.run(command, cwd=ROOT, env=part_env, check=False).returncode
    bad = 0
    if report.exists():
        suite = ET.parse(report).getroot().find("testsuite")
        count = (
            {name: int(suite.get(name, "0")) for name in ("tests", "errors", "failures", "skipped")}
            if suite is not None
            else {}
        )
        bad = count.get("errors", 0) + count.get("failures", 0)
        totals.passed += max(0, count.get("tests", 0) - bad - count.get("skipped", 0))
        totals.skipped += count.get("skipped", 0)
    nothing_chosen = code == 5 and report.exists()
    totals.failed += bad or (0 if code == 0 or nothing_chosen else 1)


def system_packages(*names: str) -> bool:
    """Whether the system has those packages; as root on Debian they are installed first."""
    return subprocess.run(["sh", "tools/debian.sh", *names], cwd=ROOT, check=False).returncode == 0


def conformance(env: dict[str, str], totals: Totals) -> None:
    """Write the conformance result, or in CI compare it with the committed one."""
    evidence = sorted(RESULTS.glob("evidence-*.json"))
    if not evidence or not (ROOT / "tools" / "conformance.py").exists():
        return
    verb = "compare" if os.environ.get("CI") else "merge"
    done = subprocess.run([sys.executable, "tools/conformance.py", verb, *evidence], cwd=ROOT, env=env, check=False)
    totals.failed += done.returncode != 0


def law_used() -> None:
    """Keep which values of the law the whole run saw code read; in CI it is neither written nor compared."""
    if LAW_USED.exists() and not os.environ.get("CI"):
        shutil.copyfile(LAW_USED, ROOT / "docs" / "reference" / "law-used.json")


def report() -> None:
    """Keep what the long tests showed, for whoever wants to know without running them; parts may run one by one."""
    rows, failed = [], 0
    for part in parts():
        file = RESULTS / f"full-{part.name}.xml"
        suite = ET.parse(file).getroot().find("testsuite") if file.exists() else None
        if suite is None:
            return
        count = {name: int(suite.get(name, "0")) for name in ("tests", "errors", "failures", "skipped")}
        bad = count["errors"] + count["failures"]
        failed += bad
        day, seconds = suite.get("timestamp", "")[:10], float(suite.get("time", "0"))
        rows.append(f"| {part.name} | {count['tests'] - bad - count['skipped']} | {bad} | {seconds:.0f} s | {day} |")
    told = f"{os.cpu_count()} cores; {'nothing failed' if not failed else f'{failed} failed'}."
    file = ROOT / "docs" / "reports" / "test-full.md"
    file.write_text(LONG_PROOFS.format(told=told, rows="\n".join(rows)), encoding="utf-8")


LONG_PROOFS = """# The long proofs

Made by `make test-full`, on {told}

Properties ran with 1,000 examples each; 200 processes were killed under each law; every page was opened for every role
in both languages, light and dark, with usual and with more contrast, on a phone and on a desk, in usual and in large
text.

| part | passed | failed | took | on |
| --- | --- | --- | --- | --- |
{rows}
"""


def stop_server(env: dict[str, str]) -> None:
    """Stop the quick database server that the tests started and give its memory back; nothing is left running."""
    code = (
        "from pathlib import Path; from xinheng.machine.postgres import Server; "
        f"Server(Path({env['XINHENG_TEST_HOME']!r}), durable=False).stop('immediate')"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=False)
    if "XINHENG_TEST_HOME" not in os.environ:
        shutil.rmtree(env["XINHENG_TEST_HOME"], ignore_errors=True)


def main(arguments: list[str]) -> int:
    """Run the chosen parts; 0 when nothing failed."""
    full = "--full" in arguments
    chosen = [word for word in arguments if not word.startswith("-")]
    known = parts()
    unknown = set(chosen) - {"static", "rules", "database", "journeys", "browser", "kill"}
    if unknown:
        print(f"unknown part: {', '.join(sorted(unknown))}")
        return 2
    env, totals, times, unfit = environment(full=full), Totals(), [], []
    RESULTS.mkdir(exist_ok=True)
    if not chosen:
        for old in RESULTS.iterdir():
            if old.suffix in {".xml", ".json"} and (full or not old.name.startswith("full-")):
                old.unlink()
        env["XINHENG_LAW_USED"] = str(LAW_USED)
    try:
        if not chosen or "static" in chosen:
            print("── static", flush=True)
            began = time.monotonic()
            static(env, totals)
            times.append(("static", time.monotonic() - began, 120))
        for part in known:
            if chosen and part.name not in chosen:
                continue
            print(f"── {part.name}", flush=True)
            began = time.monotonic()
            if part.name == "browser" and not system_packages("chromium", "fonts-noto-cjk"):
                unfit.append(part.name)
                continue
            tests(part, env, totals, full=full)
            times.append((part.name, time.monotonic() - began, part.budget))
    finally:
        stop_server(env)
    if not chosen and not unfit and not totals.failed and not full:  # continuous integration runs no long test
        conformance(env, totals)
        law_used()
    if full:
        report()
    print("── time")
    for name, seconds, budget in times:
        print(f"  {name:9} {seconds:6.1f} s of {budget} s" + ("" if full or seconds <= budget else "   OVER"))
    for name in unfit:
        print(f"  {name:9} 未运行 not run: Debian packages are missing (see above)")
    if totals.skipped:
        print(f"  {totals.skipped} skipped")
    print(f"{totals.passed} passed, {totals.failed} failed")
    return 1 if totals.failed or (unfit and os.environ.get("CI")) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
