"""An officer asks about an organisation and a party, checks the receipts and sends a list: by phone and at a desk."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, NARROW, PHONE, Eyes
from tests.browser.test_every_page import RULES
from tests.world import World
from xinheng.accounts import selectors as accounts
from xinheng.disclosure import selectors, services
from xinheng.ui import city

CASE = "〔2026〕0041号"


def seen(window: Eyes, name: str, size: dict[str, int]) -> list[str]:
    """What is wrong with the page as it stands."""
    found = Axe().run(window.page, options=RULES).response["violations"]
    window.shoot(name)
    wrong = [f"{name}: {one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in found]
    wrong += [f"{name}: {message}" for message in window.messages + window.foreign]
    window.resize(NARROW)
    wrong += [f"{name} at 320: {one}" for one in window.sideways()]
    window.resize(size)
    window.messages.clear()
    window.requests.clear()
    return wrong


@pytest.mark.req("QRY-1", "INV-3", "INV-8", kind="journey")
@pytest.mark.parametrize(("language", "size"), [("zh-hans", PHONE), ("en", DESKTOP)], ids=["zh-phone", "en-desktop"])
def test_a_question_a_receipt_and_a_list(
    world: World, eyes: Any, language: str, size: dict[str, int], tmp_path: Any
) -> None:
    person = world.person("querier")
    asker, _ = services.officer_of(accounts.account_by_username(person.username).id)
    matter = next(m for m in selectors.matters_for(asker, city.today(), world.pack).offered if m.statute == "none")
    code, tag = world.places["organisation"], f"{language[:2]}-{size['width']}"
    window: Eyes = eyes(size, language, client=world.client("querier"), script=True)
    wrong: list[str] = []
    page = window.open("/desk/query")
    page.select_option("#id_matter", matter.code)
    page.fill("#id_case_number", CASE)
    page.fill("#id_who", f"{code}\n91620798MA9000046Q")
    page.fill("#id_party_list", "622201200510101380 周与同 投标人")
    with page.expect_navigation():
        page.locator("form[action='/desk/query'] button").click()
    wrong += seen(window, f"query-result-{tag}", size)
    page.locator(".xh-rcpt details summary").first.click()
    with page.expect_navigation():
        page.locator("a[href^='/ledger/receipt?']").first.click()
    wrong += seen(window, f"receipt-{tag}", size)
    page = window.open("/desk/query/receipts")
    wrong += seen(window, f"receipts-{tag}", size)
    with page.expect_navigation():
        page.locator("td a").first.click()
    wrong += seen(window, f"kept-receipt-{tag}", size)
    names = tmp_path / "list.csv"
    names.write_text(f"identifier,kind,name\n{code},,\n91620798MA9000046Q,,\n1,passport,\n", encoding="utf-8")
    page = window.open("/desk/query/batch")
    wrong += seen(window, f"batch-form-{tag}", size)
    page.select_option("#id_matter", matter.code)
    page.fill("#id_case_number", CASE)
    page.set_input_files("#id_file", names)
    with page.expect_navigation():
        page.locator("form[action='/desk/query/batch'] button").click()
    wrong += seen(window, f"batch-result-{tag}", size)
    page = window.open("/desk/query")
    page.select_option("#id_matter", matter.code)
    page.fill("#id_who", code)
    with page.expect_navigation():
        page.locator("form[action='/desk/query'] button").click()
    wrong += [one for one in seen(window, f"refusal-{tag}", size) if "403" not in one]  # the console names the status
    assert wrong == []
