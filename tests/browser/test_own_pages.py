"""A subject's own pages in a real browser: on a phone, on a narrow one, printed; by keyboard, without scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_every_page import faults, narrow
from tests.disclosure.test_doors import as_user
from tests.world import World
from xinheng.ui.pages import page

PATHS = {
    "disclosure:own": "/my",
    "disclosure:own_file": "/my/file",
    "disclosure:own_looks": "/my/looks?kind=own",
    "disclosure:own_notice": "/my/notice?about=1024#complain",
    "disclosure:own_copy": "/my/copy",
    "portal:notice": "/notice",
}


@pytest.mark.req("QRY-2", "PIP-1", "QRY-4", kind="journey")
@pytest.mark.parametrize("language", ["zh-hans", pytest.param("en", marks=pytest.mark.full)])
def test_the_own_pages_pass_axe_and_fit_a_narrow_phone(world: World, eyes: Any, language: str) -> None:
    window = eyes(PHONE, language, client=as_user("qiye"), script=True)
    wrong = []
    for name, path in PATHS.items():
        window.resize(PHONE)
        window.open(path)
        for element in window.page.locator("details").all():
            element.evaluate("one => one.open = true")
        wrong += faults(page(name), window)
        window.shoot(f"{name}-{language}-phone")
        wrong += narrow(page(name), window)
    assert wrong == []


@pytest.mark.req("QRY-2", "PIP-1", "SP-24", kind="journey")
def test_the_subject_filters_complains_and_prints_its_copy_without_scripts(
    world: World, eyes: Any, tmp_path: Path
) -> None:
    window = eyes(DESKTOP, client=as_user("qiye"), script=False)
    sheet: Page = window.open("/my/looks")
    sheet.select_option("select[name=kind]", "official")
    sheet.locator("form.xh-bar button").click()
    assert "kind=official" in sheet.url
    assert sheet.locator(".xh-tl--self").count() == 0
    sheet.get_by_role("link", name="投诉这次查看").first.click()
    assert "台账条目" in sheet.locator("#complain ~ p").first.inner_text()
    sheet.get_by_role("link", name="我的信息", exact=True).click()
    sheet.get_by_role("link", name="打印或存成PDF").click()
    number = sheet.locator(".xh-sheet__head").inner_text().split("第")[-1].partition("号")[0]
    assert sheet.locator("dd.xh-code").first.inner_text() == number
    sheet.emulate_media(media="print")
    assert not sheet.locator(".xh-nav").is_visible() and not sheet.locator(".xh-noprint").first.is_visible()
    printed = sheet.pdf(format="A4", prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page/") + printed.count(b"/Type/Page/") >= 3
    assert window.messages == [] and window.foreign == []
