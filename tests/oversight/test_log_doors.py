"""The log of queries through its doors: filters, order, one query opened, reviews, files; and outsiders see nothing."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.test import Client

from tests.disclosure.city import CASE, MATTER, OFFICER, PERSON_ID, PERSON_NAME, UNKNOWN_PERSON, City
from tests.disclosure.conftest import bureau, city, officers, send
from tests.disclosure.test_doors import as_user, text_of
from tests.disclosure.test_query_lines import read
from tests.records.rows import AT, COMPANY, OTHER
from xinheng.accounts.models import Account, Organisation
from xinheng.disclosure.models import QueryLine, QueryReview
from xinheng.disclosure.services import rebuild
from xinheng.ledger import selectors as ledger
from xinheng.ledger.services import seal

__all__ = ["bureau", "city", "officers", "send"]
pytestmark = pytest.mark.django_db
CODE, NEXT = COMPANY["CF_XDR_SHXYM"], OTHER["CF_XDR_SHXYM"]
AUDITOR = "fgw.auditor"


def listed(said: str) -> list[int]:
    """The entries of a list page, in order."""
    return [int(number) for number in re.findall(r'<a class="xh-code" href="/desk/log/(\d+)">', said)]


def shown(query: dict[str, str] | None = None, by: str = AUDITOR) -> list[int]:
    answer = as_user(by).get("/desk/log", query or {})
    assert answer.status_code == 200
    return listed(text_of(answer))


def last_read() -> Any:
    body = ledger.entries(act="log.read", limit=1)[0].body
    assert body is not None
    return body


@pytest.mark.req("QRY-5", "ZY-35", "SP-15", kind="journey")
def test_unusual_queries_stand_first_and_the_reading_is_entered_before_it_is_shown(city: City) -> None:
    (told,) = city.ask(CODE, channel_name="cli")
    (usual,) = city.ask(NEXT, case_number="另一件")
    read()
    answer = as_user(AUDITOR).get("/desk/log")
    said = text_of(answer)
    assert listed(said) == [int(told.entry), int(usual.entry)]
    assert shown({"order": "newest"}) == [int(usual.entry), int(told.entry)]
    assert "命令行" in said
    assert "还没核对" in said
    for hidden in (CODE, COMPANY["CF_XDR_MC"], OTHER["CF_XDR_MC"], PERSON_NAME):
        assert hidden not in said
    body = last_read()
    assert body["ground"]["filter"] == {"order": "newest", "ground": "official"}
    assert body["actor"] == f"account:{Account.objects.get(username=AUDITOR).id}"
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.req("QRY-5", kind="journey")
def test_each_filter_shows_its_queries_and_is_told_in_its_entry(city: City) -> None:
    company, person = city.ask(CODE, PERSON_ID)
    (refused,) = city.ask(CODE, matter="market_access", case_number="另一件")
    (wire,) = city.ask(NEXT, channel_name="cli", case_number="第三件")
    read()
    ids = {"company": company, "person": person, "refused": refused, "wire": wire}
    every = {name: int(answer.entry) for name, answer in ids.items()}
    organisation = Organisation.objects.get(accounts__username=OFFICER).code
    for query, wanted in (
        ({"matter": MATTER}, {"company", "person", "wire"}),
        ({"result": "refused"}, {"refused"}),
        ({"reason": refused.reason}, {"refused"}),
        ({"channel": "cli"}, {"wire"}),
        ({"persons": "on"}, {"person"}),
        ({"case_number": f" {CASE} "}, {"company", "person"}),
        ({"case_number": "衡公易"}, set()),
        ({"entry": wire.entry}, {"wire"}),
        ({"organisation": organisation}, {*every}),
        ({"organisation": "scjgj"}, set()),
        ({"since": "2026-11-20", "until": "2026-11-20"}, {*every}),
        ({"since": "2026-11-21"}, set()),
        ({"until": "2026-11-19"}, set()),
        ({"result": "granted", "channel": "web"}, {"company", "person"}),
    ):
        assert set(shown({**query, "ground": "official"})) == {every[name] for name in wanted}, query
        said = last_read()["ground"]["filter"]
        assert said.keys() - {"order", "ground"} == {"case" if name == "case_number" else name for name in query}
    assert shown({"ground": "audit"}) == []  # not sealed yet
    read()
    assert len(shown({"ground": "audit"})) >= 14


@pytest.mark.req("QRY-5", kind="rule")
def test_pages_follow_by_key_without_gap_or_repetition(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from xinheng.disclosure.services import auditing

    for number in range(7):
        city.ask(CODE, NEXT, case_number=f"第{number}件", channel_name="cli" if number % 3 else "web")
    read()
    monkeypatch.setattr(auditing.read_lines, "__kwdefaults__", {"limit": 4})
    for order in ("unusual", "newest"):
        found, after = list[int](), ""
        while True:
            said = text_of(as_user(AUDITOR).get("/desk/log", {"order": order, "after": after}))
            found += listed(said)
            following = re.search(r'after=([\d-]+)" rel="next"', said)
            if following is None:
                break
            after = following[1]
        assert sorted(found) == sorted(QueryLine.objects.filter(ground="official").values_list("entry_id", flat=True))
        key = ["-stage", "-leaf"] if order == "unusual" else ["-leaf"]
        ordered = QueryLine.objects.filter(ground="official").order_by(*key)
        assert found == list(ordered.values_list("entry_id", flat=True))


@pytest.mark.req("QRY-5", kind="refusal")
@pytest.mark.parametrize(
    "query",
    [
        {"after": "x"}, {"after": "3-1"}, {"after": "1"}, {"order": "newest", "after": "1-1"}, {"since": "gestern"},
        {"since": "2026-11-20", "until": "2026-11-19"}, {"entry": "x"}, {"entry": "0"}, {"organisation": "nobody"},
        {"matter": "nothing"}, {"case_number": PERSON_ID}, {"ground": "public"},
    ],
)  # fmt: skip
def test_a_filter_that_means_nothing_shows_nothing(city: City, query: dict[str, str]) -> None:
    (answer,) = city.ask(CODE)
    read()
    before = len(ledger.entries(limit=500))
    page = as_user(AUDITOR).get("/desk/log", query)
    assert page.status_code == 422
    assert listed(text_of(page)) == []
    assert answer.entry not in text_of(page)
    assert len(ledger.entries(limit=500)) == before
    assert as_user(AUDITOR).get("/desk/log.csv", query).status_code == 422 or "after" in query


@pytest.mark.req("QRY-5", "ZY-35", "SP-15", kind="journey")
def test_one_query_opened_says_everything_but_whom_it_was_about(city: City) -> None:
    company, person = city.ask(CODE, PERSON_ID)
    again, _ = city.ask(PERSON_ID, UNKNOWN_PERSON, case_number="另一件")
    read()
    said = text_of(as_user(AUDITOR).get(f"/desk/log/{person.entry}"))
    officer = Account.objects.get(username=OFFICER)
    for told in (
        officer.display_name,
        officer.staff_number,
        CASE,
        person.leaf,
        "公共资源交易",
        "同一个人",
        again.entry,
    ):
        assert told in said
    for hidden in (PERSON_ID, PERSON_NAME, CODE, COMPANY["CF_XDR_MC"], "罚款三万元"):
        assert hidden not in said
    assert company.entry not in re.findall(r"/desk/log/(\d+)", said)
    body = last_read()
    assert (body["ground"]["purpose"], body["ground"]["filter"]) == ("entry", {"entry": person.entry})
    for unknown in (4_000_000, int(ledger.entries(act="log.read", limit=1)[0].entry_id)):
        assert as_user(AUDITOR).get(f"/desk/log/{unknown}").status_code == 404
        assert last_read()["ground"]["filter"] == {"entry": str(unknown)}


@pytest.mark.req("QRY-5", "ACC-1", kind="journey")
def test_a_review_in_words_is_an_entry_and_a_second_look_is_possible(city: City) -> None:
    (told,) = city.ask(CODE, channel_name="cli")
    (newer,) = city.ask(NEXT, channel_name="cli", case_number="另一件")
    read()
    assert shown() == [int(newer.entry), int(told.entry)]
    browser = as_user(AUDITOR)
    answer = browser.post(f"/desk/log/{newer.entry}", {"words": "已问运行人员，系夜间补录。"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/desk/log/{newer.entry}")
    said = text_of(browser.get(f"/desk/log/{newer.entry}"))
    assert "已问运行人员，系夜间补录。" in said
    assert "已核对" in said
    assert shown() == [int(told.entry), int(newer.entry)]  # what nobody looked at yet stands first
    browser.post(f"/desk/log/{newer.entry}", {"words": "复看一次，属实。"})
    assert "复看一次，属实。" in text_of(browser.get(f"/desk/log/{newer.entry}"))
    entry = ledger.entries(act="query.reviewed", limit=1)[0]
    assert entry.body is not None
    assert entry.body["fields"] == {"entry": newer.entry, "flags": ["command_line"]}
    reviews = sorted(QueryReview.objects.values_list("entry_id", "line_id"))
    seal(at=entry.at)
    rebuild(pack=city.pack, at=AT)
    assert sorted(QueryReview.objects.values_list("entry_id", "line_id")) == reviews
    assert shown() == [int(told.entry), int(newer.entry)]


@pytest.mark.req("QRY-5", kind="refusal")
def test_a_review_without_words_or_with_a_number_of_a_person_is_not_noted(city: City) -> None:
    (told,) = city.ask(CODE, channel_name="cli")
    read()
    browser = as_user(AUDITOR)
    for words in ("", "   ", f"查的是{PERSON_ID}", "长" * 501):
        assert browser.post(f"/desk/log/{told.entry}", {"words": words}).status_code == 422
    assert browser.post("/desk/log/4000000", {"words": "看过"}).status_code == 404
    assert QueryReview.objects.count() == 0
    assert ledger.entries(act="query.reviewed") == []


@pytest.mark.req("QRY-5", "ACC-1", kind="refusal")
def test_only_the_auditor_reviews(city: City) -> None:
    (told,) = city.ask(CODE, channel_name="cli")
    read()
    supervisor = as_user("fgw.supervisor")
    assert "看过之后怎么说" not in text_of(supervisor.get(f"/desk/log/{told.entry}"))
    assert supervisor.post(f"/desk/log/{told.entry}", {"words": "看过"}).status_code == 403
    assert QueryReview.objects.count() == 0


@pytest.mark.req("QRY-5", kind="journey")
def test_the_file_has_the_lines_of_the_filter_and_is_an_entry(city: City) -> None:
    city.ask(CODE, PERSON_ID, case_number="=1+1")
    city.ask(NEXT, case_number="另一件")
    read()
    answer = as_user(AUDITOR).get("/desk/log.csv", {"case_number": "=1+1"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="query-log.csv"'
    text = text_of(answer)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("﻿"))))
    assert [row["case"] for row in rows] == ["'=1+1", "'=1+1"]
    assert {row["person"] for row in rows} == {"0", "1"}
    for hidden in (CODE, PERSON_ID, PERSON_NAME):
        assert hidden not in text
    body = last_read()
    assert (body["ground"]["purpose"], body["ground"]["filter"]["case"], body["fields"]["entries"]) == (
        "export", "=1+1", 2,
    )  # fmt: skip


DOORS = ("/desk/log", "/desk/log.csv", "/desk/log/{entry}")


@pytest.mark.req("QRY-5", "INV-3", kind="refusal")
def test_outsiders_see_nothing_of_the_log(city: City) -> None:
    (told,) = city.ask(CODE)
    read()
    before = len(ledger.entries(limit=500))
    others = ("scjgj.collector", "scjgj.reviewer", OFFICER, "fgw.admin", "fgw.operator", "gongmin", "qiye")
    for door in DOORS:
        path = door.format(entry=told.entry)
        visitor = Client().get(path)
        assert visitor.status_code == 302
        for username in others:
            browser = as_user(username)
            for answer in (browser.get(path), browser.post(path, {"words": "看过"})):
                assert answer.status_code in (403, 405)
                assert CASE not in text_of(answer)
                assert told.leaf not in text_of(answer)
    assert len(ledger.entries(limit=500)) == before


@pytest.mark.req("INV-3", "QRY-5", kind="refusal")
@pytest.mark.parametrize("door", DOORS)
def test_when_the_reading_can_not_be_entered_nothing_is_shown(
    city: City, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    from xinheng.disclosure.services import auditing

    (told,) = city.ask(CODE)
    read()

    def full(**_: Any) -> None:
        raise OperationalError("could not extend file: no space left on device")

    monkeypatch.setattr(auditing, "append", full)
    answer = as_user(AUDITOR).get(door.format(entry=told.entry))
    assert answer.status_code == 503
    assert CASE not in text_of(answer)


@pytest.mark.req("QRY-5", kind="rule")
def test_a_page_of_the_log_costs_the_same_however_many_lines_it_has(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from xinheng.ui import city as law

    monkeypatch.setattr(law, "KEPT_FOR", 3600.0)  # the law is read anew each second

    def statements() -> int:
        browser = as_user(AUDITOR)
        browser.get("/desk/log")
        with CaptureQueriesContext(connection) as seen:
            browser.get("/desk/log")
        return sum("nextval" not in one["sql"] for one in seen)  # ids come in blocks, now and then

    city.ask(CODE)
    read()
    few = statements()
    for number in range(10):
        city.ask(CODE, NEXT, PERSON_ID, case_number=f"第{number}件", channel_name="cli")
    read()
    assert statements() <= few
