"""Every code has words, in Chinese and in English."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

from django.utils import translation

from tests.conftest import ROOT
from xinheng.ui import wording

ERRORS = {"NotFound", "NotAllowed", "RefusedByLaw", "Conflict", "BadInput", "FileRefused", "Refused"}
SOURCE = ROOT / "src" / "xinheng"
# Raised only to the operator at the command line, worded there.
COMMAND_LINE = {"law", "machine", "lib"}


def codes_raised() -> dict[str, str]:
    """Code -> file of every error or refusal that is made with a constant code, in rooms whose errors reach a page."""
    found: dict[str, str] = {}
    for path in SOURCE.rglob("*.py"):
        place = path.relative_to(SOURCE)
        if place.parts[0] in COMMAND_LINE:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            first = node.args[0]
            if name in ERRORS and isinstance(first, ast.Constant) and isinstance(first.value, str):
                found[first.value] = str(place)
    return found


def test_every_code_that_is_raised_has_words() -> None:
    missing = {code: place for code, place in codes_raised().items() if not wording.known(code)}
    assert missing == {}


def test_every_sentence_exists_in_english() -> None:
    sentences = {**wording.WORDS, **wording.INSTEAD}
    with translation.override("en"):
        chinese = {code for code, text in sentences.items() if re.search(r"[一-鿿]", translation.gettext(text))}
    assert chinese == set()


def test_english_keeps_the_places_of_the_chinese_sentence() -> None:
    place = re.compile(r"%\((\w+)\)s")
    with translation.override("en"):
        wrong = {
            code: text
            for code, text in {**wording.WORDS, **wording.INSTEAD}.items()
            if set(place.findall(translation.gettext(text))) != set(place.findall(text))
        }
    assert wrong == {}


def test_words_are_filled_and_a_missing_value_never_breaks_a_page() -> None:
    assert wording.say("too_large", {"limit": "5 MB"}) == "提交的内容超过了5 MB，没有收下。"
    assert wording.say("too_large", {}) == "提交的内容超过了…，没有收下。"
    assert wording.say("no_such_code", {}) == "no_such_code"


def test_words_need_no_settings() -> None:
    code = "from xinheng.ui import wording; print(wording.plain('page_not_found', {}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "没有这个网址。", done.stderr
