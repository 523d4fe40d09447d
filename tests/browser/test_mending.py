"""A clerk sends a month's file with four faults among 312 rows and mends them by keyboard, without scripts too."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.conftest import DESKTOP, PHONE
from tests.disclosure.test_doors import as_user
from tests.world import World
from xinheng.intake.models import IntakeBatch
from xinheng.ledger import verify
from xinheng.records.models import Record

FAULTS = {
    57: {"CF_JDRQ": "2027/11/12"},
    118: {"CF_XDR_SHXYM": "9162O798MA90000116"},
    203: {"CF_NR": "罚款20000元", "CF_NR_FK": "两万左右"},
    266: {"CF_CFLB": "罚款款", "CF_JDRQ": "2026/13/12"},
}


def month(world: World) -> bytes:
    """312 rows of penalties; row 57 of the file is its 56th penalty."""
    from tests.records.rows import row

    rows = [row(f"浏览{n}", **FAULTS.get(n, {})) for n in range(2, 314)]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def tab_to(page: Page, wanted: Locator) -> None:
    """Walk with the tabulator until the control has the focus; a group of radios is one stop."""
    wanted.evaluate("element => element.dataset.wanted = '1'")
    for _ in range(80):
        if page.evaluate("document.activeElement.dataset.wanted === '1'"):
            wanted.evaluate("element => delete element.dataset.wanted")
            return
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not reach the control")


def press_enter(page: Page) -> None:
    """Submit by the keyboard and wait for the answer."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page: Page, row: int, how: str) -> None:
    """Reach the radios of a row with the tabulator and choose with the arrows."""
    checked = page.locator(f"input[name=how_{row}]:checked")
    tab_to(page, checked)
    for _ in range(5):
        if page.locator(f"input[name=how_{row}]:checked").get_attribute("value") == how:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"row {row} has no choice {how}")


@pytest.mark.req("INT-1", "ZY-33", "SP-8", kind="journey")
@pytest.mark.parametrize("script", [False, True])
def test_a_month_with_four_faults_is_mended_by_keyboard_and_the_receipt_printed(
    world: World, eyes: Any, script: bool
) -> None:
    window = eyes(DESKTOP, client=as_user("scjgj.collector"), script=script)
    page: Page = window.open("/desk/intake")
    page.select_option("select[name=item]", "CF")
    file = {"name": "弱市监_处罚_202611.csv", "mimeType": "text/csv", "buffer": month(world)}
    page.set_input_files("input[type=file]", file)
    page.locator("main form button[type=submit]").click()
    assert page.locator("h1").inner_text() == "308行已接收，4行等处理"
    address = page.url
    assert page.locator("section[aria-labelledby=row57] .xh-diff del").inner_text() == "7"
    assert page.locator("section[aria-labelledby=row118] .xh-diff ins").inner_text() == "0"
    number = int(address.rsplit("/", 1)[-1])

    tab_to(page, page.get_by_role("button", name="全部采用建议"))
    press_enter(page)
    assert page.locator("input[name=how_57]:checked").get_attribute("value") == "suggested"
    choose(page, 203, "own")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("3万")
    choose(page, 266, "own")
    for value in ("罚款", "2026/14/12"):
        page.keyboard.press("Tab")
        page.keyboard.press("Control+A")
        page.keyboard.type(value)
    press_enter(page)
    assert page.title().startswith("错误")
    assert page.locator("input[name=how_57]:checked").get_attribute("value") == "suggested"
    assert page.locator("[name=cell_266_CF_CFLB]").input_value() == "罚款"
    assert IntakeBatch.objects.filter(mends=number).count() == 0

    for name, value in (("cell_203_CF_NR_FK", "2"), ("cell_266_CF_JDRQ", "2026/11/12")):
        tab_to(page, page.locator(f"[name={name}]"))
        page.keyboard.press("Control+A")
        page.keyboard.type(value)
    press_enter(page)
    assert page.url == address
    assert page.locator("h1").inner_text() == "308行已接收，没有要处理的"
    assert page.locator(".xh-mark", has_text="已改正").count() == 4
    made = IntakeBatch.objects.get(mends=number)
    assert (made.row_count, made.accepted) == (4, 4)
    assert Record.objects.filter(batch_id=made.id).count() == 4

    page.get_by_role("link", name="打印回执").click()
    assert page.locator("h1").inner_text() == "报送回执"
    assert str(made.id) in page.locator(".xh-paper").inner_text()
    assert page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF")
    assert window.messages == [] or all("422" in message for message in window.messages)
    assert window.foreign == []
    assert [one for one in verify.run() if isinstance(one, verify.Damage)] == []


@pytest.mark.req("INT-1", kind="journey")
def test_what_a_choice_needs_shows_with_the_choice_on_a_phone(world: World, eyes: Any) -> None:
    window = eyes(PHONE, client=as_user("scjgj.collector"), script=False)
    page: Page = window.open("/desk/intake")
    page.select_option("select[name=item]", "CF")
    file = {"name": "处罚.csv", "mimeType": "text/csv", "buffer": month(world)}
    page.set_input_files("input[type=file]", file)
    page.locator("main form button[type=submit]").click()
    inside = page.locator("[name=cell_57_CF_JDRQ]")
    assert not inside.is_visible()
    page.locator("label[for=id_how_57_2]").click()
    assert inside.is_visible() and not page.locator("[name=why_57]").is_visible()
    page.locator("label[for=id_how_57_3]").click()
    assert page.locator("[name=why_57]").is_visible() and not inside.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
