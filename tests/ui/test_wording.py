"""Every code has words, in Chinese and in English."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from tests.conftest import ROOT, load_pack
from xinheng.law import lookup
from xinheng.law.words import sentence
from xinheng.lib.errors import XinhengError
from xinheng.ui import wording

SOURCE = ROOT / "src" / "xinheng"
ERRORS = {"NotFound", "NotAllowed", "RefusedByLaw", "Conflict", "BadInput", "FileRefused", "Refused", "XinhengError"}
OWN_WORDS = "MachineError"  # speaks before there is any setting, so it brings both sentences along


def calls() -> Iterator[tuple[Path, str, ast.Call]]:
    """Every call in our source: its file, the name of what is called, the call."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                yield path.relative_to(SOURCE), name, node


def codes_raised() -> dict[str, str]:
    """Code -> file of every error or refusal that is made with a constant code, by errors with a code of their own
    too.
    """
    return {
        node.args[0].value: str(place)
        for place, name, node in calls()
        if name in ERRORS | {"__init__"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_every_code_that_is_raised_has_words() -> None:
    raised = codes_raised()
    assert {"no_value_in_force", "pack_unknown", "pack_refused", "role_missing"} <= raised.keys()
    missing = {code: place for code, place in raised.items() if not wording.known(code)}
    assert missing == {}


def test_every_error_of_the_machine_brings_both_sentences() -> None:
    made = [(place, node) for place, name, node in calls() if name == OWN_WORDS]
    assert len(made) > 10
    for place, node in made:
        assert {"zh", "en"} <= {keyword.arg for keyword in node.keywords}, f"{place}:{node.lineno}"


def test_errors_of_the_law_are_said_in_sentences_of_both_languages() -> None:
    pack = load_pack("demo-city")
    with pytest.raises(XinhengError) as item:
        lookup.item(pack, "ZZ", date(2026, 11, 20))
    with pytest.raises(XinhengError) as article:
        lookup.article(pack, "DC-999")
    for caught in (item, article):
        said = wording.plain(caught.value.code, caught.value.params)
        assert said == sentence(caught.value)
        assert said.startswith("demo-city@") and "没有" in said and "…" not in said
    with translation.override("en"):
        assert "Catalog item “ZZ”" in wording.say(item.value.code, item.value.params)
        assert "2026-11-20" in wording.say(item.value.code, item.value.params)
        assert "Article “DC-999”" in wording.say(article.value.code, article.value.params)
    assert wording.plain("pack_unknown", {"name": "/tmp/nope"}) == "没有法规包“/tmp/nope”"


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
