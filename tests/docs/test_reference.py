"""Do the pages say what the code is? Generated pages, settings, commands, links, and the tests that pages name."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.conftest import ROOT
from tests.docs.pages import FENCE, committed, links, rows
from xinheng.cli import xinheng
from xinheng.machine.environment import SETTINGS

PAGES = committed("*.md")
# Lines of a terminal stand in blocks, indented or fenced, and in single words of code.
BLOCK = re.compile(r"^ {4}(\S.*)$", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
GUIDES = [
    page
    for page in PAGES
    if page.parent in (ROOT, ROOT / "docs", ROOT / "lawpacks") or ROOT / "docs" / "how-to" in page.parents
]


def test_the_reference_pages_are_what_the_code_says() -> None:
    done = subprocess.run(
        [sys.executable, "tools/build_reference.py", "--check"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_generated_page_knows_this_machine_or_today() -> None:
    for page in (ROOT / "docs" / "reference").glob("*.md"):
        text = page.read_text(encoding="utf-8")
        assert str(ROOT) not in text and "/tmp/" not in text, page.name


def test_every_setting_that_is_read_is_listed_and_every_listed_one_is_read() -> None:
    name = re.compile(r"\bXINHENG_[A-Z]+(?:_[A-Z]+)*\b")
    listed = {setting.name for setting in SETTINGS}
    used: dict[str, str] = {}
    for path in committed("src/**", "tools/**", "tests/**", "Makefile", ".ci/**"):
        if path.suffix in (".py", ".sh", ".toml", "") and path.name not in ("environment.py", Path(__file__).name):
            used |= dict.fromkeys(name.findall(path.read_text(encoding="utf-8")), str(path.relative_to(ROOT)))
    assert {one: used[one] for one in used.keys() - listed} == {}
    assert listed - used.keys() == set()


def test_every_setting_that_a_page_names_is_listed() -> None:
    listed = {setting.name for setting in SETTINGS}
    for page in PAGES:
        assert set(re.findall(r"\bXINHENG_[A-Z_]+\b", page.read_text(encoding="utf-8"))) <= listed, page


def documented() -> list[tuple[str, list[str]]]:
    """(page, words) of every command that a guide shows: `xinheng …` and `make …`."""
    found = []
    for page in GUIDES:
        text = page.read_text(encoding="utf-8")
        lines = [*BLOCK.findall(text), *(line for _, body in FENCE.findall(text) for line in body.splitlines())]
        for line in [*lines, *CODE.findall(text)]:
            for part in line.split("#")[0].split("&&"):
                words = shlex.split(part)
                if words and Path(words[0]).name in ("xinheng", "make"):
                    found.append((f"{page.relative_to(ROOT)}: {part.strip()}", words))
    return found


def options_of(command: click.Command) -> set[str]:
    return {name for param in command.params if isinstance(param, click.Option) for name in param.opts}


def test_every_command_that_a_guide_shows_exists_with_its_options() -> None:
    shown = documented()
    assert len(shown) > 30
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for place, (program, *words) in shown:
        if program == "make":
            assert {word for word in words if "=" not in word} <= targets, place
            continue
        command: click.Command = xinheng
        while isinstance(command, click.Group) and words:
            inner = command.get_command(click.Context(command), words[0])
            assert inner is not None, place
            command = inner
            words.pop(0)
        options = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert options <= options_of(command) | {"--help"}, place


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for text, target, anchor in links(page):
        assert target.exists(), f"{text}: {target}"
        if anchor and target.suffix == ".md":
            heads = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}, anchor


def test_every_control_names_tests_that_exist() -> None:
    controls = [row for row in rows(ROOT / "docs" / "threat-model.md") if len(row) == 3 and row[0] != "threat"]
    assert len(controls) > 10
    for threat, _, proof in controls:
        files = CODE.findall(proof)
        assert files, threat
        for name in files:
            assert (ROOT / name).is_file() or any((ROOT / name).rglob("test_*.py")), name


def test_every_test_that_a_page_names_exists() -> None:
    for page in PAGES:
        for name in re.findall(r"`(tests/[\w/.]+)`", page.read_text(encoding="utf-8")):
            assert (ROOT / name).exists(), f"{page.relative_to(ROOT)}: {name}"


def shape(page: Path) -> list[tuple[str, int]]:
    """Headings, tables and blocks of code of a page, in their order, without the words."""
    marks: list[tuple[str, int]] = []
    for line in page.read_text(encoding="utf-8").splitlines():
        kind = "block" if line.startswith("    ") else "row" if line.startswith("|") else line.partition(" ")[0]
        if kind in ("block", "row") or set(kind) == {"#"}:
            marks.append((kind, marks.pop()[1] + 1 if marks and marks[-1][0] == kind != "##" else 1))
    return marks


def test_both_readmes_have_the_same_sections() -> None:
    assert shape(ROOT / "README.md") == shape(ROOT / "README.en.md")


def test_the_changelog_has_an_entry_for_the_version() -> None:
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert version is not None
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    entry = re.search(rf"^## {re.escape(version[1])}\b.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert entry is not None and entry[0].count("\n- ") >= 1
