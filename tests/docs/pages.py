"""The Markdown pages of the repository, and what can be read out of them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def committed(*patterns: str) -> list[Path]:
    """Files of the repository that match, those that are not yet committed included; ignored files are not."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return [path for name in done.stdout.splitlines() if (path := ROOT / name).is_file()]


def links(page: Path) -> Iterator[tuple[str, Path, str]]:
    """(text, file, anchor) of every relative link."""
    for text, target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if "://" in target or target.startswith("mailto:"):
            continue
        file, _, anchor = target.partition("#")
        yield text, (page.parent / file).resolve() if file else page, anchor


def fences(page: Path, language: str) -> Iterator[str]:
    """The blocks of code in one language."""
    return (body for named, body in FENCE.findall(page.read_text(encoding="utf-8")) if named == language)


def rows(page: Path) -> Iterator[list[str]]:
    """The cells of every line of every table, heads included."""
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("|") and not line.startswith("|---"):
            yield [cell.strip() for cell in line.strip("|").split("|")]
