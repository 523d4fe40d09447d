"""A citizen on a phone, without scripts: looks up an organisation, reads its penalty, the law, the ledger."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import PHONE
from tests.world import World


@pytest.mark.req("QRY-4", "PUB-1", "PUB-2", kind="journey")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", {"search": "查询", "label": "单位名称或统一社会信用代码", "law": "法规", "other": "English"}),
        ("en", {"search": "Search", "label": "Name or unified social credit code", "law": "Law", "other": "中文"}),
    ],
)
def test_a_visitor_finds_an_organisation_and_reads_why(
    world: World, eyes: Any, language: str, words: dict[str, str]
) -> None:
    window = eyes(PHONE, language, script=False)
    page = window.open("/publicity/CF")
    name = page.locator("tbody th a").first.inner_text()
    window.open("/")
    page.get_by_label(words["label"]).fill(name[:6])
    page.get_by_role("button", name=words["search"], exact=True).click()
    page.get_by_role("link", name=name, exact=True).first.click()
    assert page.locator("h1").inner_text() == name
    assert page.locator(".xh-scale").first.is_visible()
    page.get_by_role("navigation").first.get_by_role("link", name=words["law"], exact=True).click()
    assert page.url.endswith("/law")
    page.get_by_role("button", name=words["other"], exact=True).click()
    assert page.url.endswith("/law")
    assert page.locator("html").get_attribute("lang") == ("en" if language == "zh-hans" else "zh-CN")
    assert window.messages == [] and window.foreign == []


def test_the_keyboard_reaches_the_search_after_the_skip_link(world: World, eyes: Any) -> None:
    window = eyes(PHONE)
    page = window.open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "govuk-skip-link"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    assert "rgb(255, 203, 61)" in page.evaluate("getComputedStyle(document.activeElement).outlineColor")
