"""A finished page is given out again only while it is true, and to everybody the same."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.test import Client

from tests.world import World
from xinheng.disclosure.services.counting import counted
from xinheng.lib import clock
from xinheng.portal import selectors
from xinheng.portal.selectors import KeptPages
from xinheng.records.selectors import public_page, records_of
from xinheng.records.services import withdraw
from xinheng.subjects.selectors import by_code


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> KeptPages:
    """Pages of this test only."""
    pages = KeptPages(1_000_000)
    monkeypatch.setattr(selectors, "SUBJECT_PAGES", pages)
    monkeypatch.setattr(selectors, "LIST_PAGES", pages)
    return pages


def made(client: Client, address: str) -> bool:
    """Whether the page at ``address`` was made anew: only then a template was rendered."""
    page = client.get(address)
    assert page.status_code == 200
    return bool(page.templates)


@pytest.mark.req("PUB-1", kind="journey")
def test_the_same_page_is_made_once_and_counted_each_time(world: World) -> None:
    address = world.address("/subjects/{organisation}")
    assert made(Client(), address)
    day = (datetime(2026, 11, 19, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC))
    before = counted(since=day[0], until=day[1])
    assert not made(Client(), address)
    after = counted(since=day[0], until=day[1])
    assert sum(after.values()) > sum(before.values())
    assert Client().get(address).content == Client().get(address).content


@pytest.mark.req("PUB-1", "INV-6", kind="refusal")
def test_a_withdrawn_record_is_gone_from_the_next_view(world: World) -> None:
    code = world.places["organisation"]
    address = f"/subjects/{code}"
    assert made(Client(), address) and not made(Client(), address)
    subject = by_code(code)
    assert subject is not None
    held = records_of(subject.subject_id, items=["CF"])[0]
    withdraw(
        subject_id=subject.subject_id,
        record_id=held.record_id,
        cause="revoked",
        reason="撤销",
        article="ZY-33",
        actor="platform",
        organisation="scjgj",
        channel="cli",
        at=clock.now(),
    )
    assert made(Client(), address)


@pytest.mark.req("PUB-1", "INV-6", kind="refusal")
def test_no_page_outlives_the_legal_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    address = world.address("/subjects/{organisation}")
    assert made(Client(), address) and not made(Client(), address)
    monkeypatch.setenv("XINHENG_TODAY", "2026-11-21")
    assert made(Client(), address)


@pytest.mark.req("PUB-1", kind="journey")
def test_language_text_size_and_visitors_with_a_session_do_not_share_a_page(world: World) -> None:
    address = world.address("/subjects/{organisation}")
    assert made(Client(), address)
    english, large = Client(), Client()
    english.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    large.cookies["xinheng_text"] = "large"
    assert made(english, address) and "Penalt" in english.get(address).text
    assert made(large, address) and 'class="xh-text-l"' in large.get(address).text
    officer = world.client("querier")
    assert made(officer, address) and made(officer, address)
    assert made(Client(), address + "?from=elsewhere")


@pytest.mark.req("PUB-1", "PUB-2", "INV-6", kind="journey")
@pytest.mark.parametrize("address", ["/", "/publicity/CF"])
def test_lists_are_made_once_and_anew_after_a_change_or_on_another_day(
    world: World, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert made(Client(), address) and not made(Client(), address)
    assert made(Client(), address + "?after=")
    held = public_page(item_code="CF", day=date(2026, 11, 20), limit=1)[0]
    said = Client().get(address).text
    withdraw(
        subject_id=held.subject_id,
        record_id=held.record_id,
        cause="revoked",
        reason="撤销",
        article="ZY-33",
        actor="platform",
        organisation="scjgj",
        channel="cli",
        at=clock.now(),
    )
    assert made(Client(), address) and not made(Client(), address)
    assert Client().get(address).text != said
    monkeypatch.setenv("XINHENG_TODAY", "2026-11-21")
    assert made(Client(), address)


@pytest.mark.req("PUB-1", kind="rule")
def test_a_list_that_is_kept_is_counted_each_time(world: World) -> None:
    day = (datetime(2026, 11, 19, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC))
    assert made(Client(), "/publicity/CF")
    before = counted(since=day[0], until=day[1])["CF"]
    assert not made(Client(), "/publicity/CF")
    assert counted(since=day[0], until=day[1])["CF"] == before + 1


def test_old_pages_make_room_and_a_changed_state_finds_nothing() -> None:
    pages = KeptPages(10)
    pages.put(("a",), "1", b"12345", ())
    pages.put(("b",), "1", b"12345", ())
    assert pages.get(("a",), "1") is not None and pages.get(("a",), "2") is None
    pages.put(("c",), "1", b"12345", ())
    assert pages.get(("b",), "1") is None and pages.get(("a",), "1") is not None
