"""One catalogue, complete and committed."""

from __future__ import annotations

import re
import sys

from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "tools"))
import build_locale

CHINESE = re.compile(r"[一-鿿]")


def test_every_msgid_of_templates_and_python_has_english() -> None:
    assert sorted(f"{word.place}: {word.msgid}" for word in build_locale.missing()) == []


def test_the_committed_catalogue_is_what_its_parts_give() -> None:
    po, mo = build_locale.rendered()
    assert (build_locale.TARGET / "django.po").read_bytes() == po
    assert (build_locale.TARGET / "django.mo").read_bytes() == mo


def test_no_english_word_is_kept_that_nobody_asks_for() -> None:
    assert build_locale.unused() == []


def test_msgids_are_chinese_and_their_english_is_not() -> None:
    wrong = [
        f"{message.id} -> {message.string}"
        for message in build_locale.merged()
        if message.id and CHINESE.search(str(message.string))
    ]
    assert wrong == []


def test_no_chinese_stands_in_a_template_outside_a_translation() -> None:
    hidden = re.compile(
        r"\{%\s*blocktranslate.*?endblocktranslate\s*%\}|\{%\s*translate\s.*?%\}|_\(.*?\)|\{#.*?#\}"
        r"|\{%\s*comment.*?endcomment\s*%\}|lang=\"zh-CN\">中文<",
        re.DOTALL,
    )
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "src" / "xinheng").rglob("*.html")
        if CHINESE.search(hidden.sub("", path.read_text(encoding="utf-8")))
    ]
    assert found == []
