"""The public page that explains a date: right under each law, in both languages, and silent about cases."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext

from xinheng.casework.services import open_clock
from xinheng.law.deadlines import due, receipt
from xinheng.law.pack import Pack
from xinheng.ledger.models import LawVersion
from xinheng.ui import clocks

pytestmark = pytest.mark.django_db
DATE = "/law/date"


def get(client: Client, **asked: str) -> Any:
    return client.get(DATE, asked)


@pytest.mark.req("OBJ-1", "ZY-46", "SP-25", kind="journey")
def test_the_page_shows_the_day_the_strip_and_a_sentence_for_each_day_left_out(law_city: Pack, client: Client) -> None:
    page = get(client, deadline="objection.decide", received="2026-02-14", time="23:59")
    assert page.status_code == 200
    last = due(law_city, "objection.decide", receipt(law_city, "2026-02-14T23:59"))
    title = re.sub(r"<[^>]+>", "", page.text.split("<h1>")[1].split("</h1>")[0])
    assert f"{last.due.year}年{last.due.month}月{last.due.day}日" in title
    assert page.text.count("<li", page.text.index("xh-days"), page.text.index("</ol>")) == (
        (last.due - last.received_on).days + 1
    )
    assert "2026年2月15日至2026年2月23日春节放假，9天不算。" in page.text
    assert "2026年2月28日虽是星期六，因春节调休上班，算第5个工作日。" in page.text
    assert "国务院办公厅关于2026年部分节假日安排的通知" in page.text
    assert f'href="/law#{last.article}"' in page.text


@pytest.mark.req("OBJ-1", "ZY-46", kind="rule")
def test_a_provisional_day_says_so_and_why(law_city: Pack, client: Client) -> None:
    page = get(client, deadline="objection.decide", received="2026-12-28")
    assert "，暂定</h1>" in page.text and "2027年的放假安排还没有公布" in page.text
    english = client.get(
        DATE, {"deadline": "objection.decide", "received": "2026-12-28"}, headers={"cookie": "xinheng_language=en"}
    )
    assert ", provisional</h1>" in english.text and "are not announced yet" in english.text


@pytest.mark.req("OBJ-1", kind="refusal")
@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"received": ""}, "请填写“哪一天收到”"),
        ({"received": "2026-02-30"}, "日期请写成2026-02-14这样"),
        ({"received": "昨天"}, "日期请写成2026-02-14这样"),
        ({"received": "2001-01-01"}, "日历从2004年算到2199年"),
        ({"received": "9999-12-31"}, "日历从2004年算到2199年"),
        ({"received": "2010-01-04"}, "这项期限从"),
        ({"received": "2026-02-14", "time": "25:00"}, "时间请写成17:30这样"),
        ({"received": "2026-02-14", "deadline": "objection.never"}, "请从列出的里面选"),
        ({"received": "2026-02-14", "deadline": "<script>"}, "请从列出的里面选"),
    ],
)
def test_wrong_input_is_said_in_words(law_city: Pack, client: Client, asked: dict[str, str], says: str) -> None:
    page = get(client, **{"deadline": "objection.decide", **asked})
    assert page.status_code == 422
    assert says in page.text and "govuk-error-summary" in page.text and "<script>" not in page.text
    english = client.get(DATE, {"deadline": "objection.decide", **asked}, headers={"cookie": "xinheng_language=en"})
    assert english.status_code == 422 and says not in english.text


@pytest.mark.req("SP-25", "OBJ-1", kind="refusal")
def test_only_the_deadlines_of_this_law_are_offered(law_city: Pack, client: Client) -> None:
    page = client.get(DATE)
    offered = set(re.findall(r'<option value="([^"]+)"', page.text))
    assert page.status_code == 200 and offered == set(law_city.deadlines)
    asked = get(client, deadline="objection.mark", received="2026-11-20")
    assert asked.status_code == (200 if "objection.mark" in law_city.deadlines else 422)


@pytest.mark.req("OBJ-1", "REP-1", kind="rule")
def test_every_deadline_of_every_law_can_be_explained_in_both_languages(law_city: Pack, client: Client) -> None:
    for name, timeline in law_city.deadlines.items():
        for value in timeline.values:
            for language in ("zh-hans", "en"):
                client.cookies["xinheng_language"] = language
                page = get(client, deadline=name, received=value.from_.isoformat())
                assert page.status_code == 200, (name, value.from_)


@pytest.mark.req("INV-3", "INV-4", kind="refusal")
def test_the_page_knows_nothing_but_what_the_visitor_says(law_city: Pack, client: Client) -> None:
    """A case with a clock open on that day changes no byte of the page, and the page asks no table about cases."""
    asked = {"deadline": "objection.decide", "received": "2026-11-20"}
    before = Client().get(DATE, asked).content
    at = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
    version = LawVersion.objects.get(label=law_city.label)
    open_clock(
        case_kind="objection", case_id=1, deadline="objection.decide", received_at=at, pack=law_city,
        law_version=version, at=at,
    )  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(DATE, asked).content == before
    assert not any("clock" in query["sql"] for query in queries.captured_queries)


@pytest.mark.req("OBJ-1", kind="journey")
def test_promises_and_clocks_lead_to_the_explanation(law_city: Pack, client: Client) -> None:
    service = client.get("/service")
    assert f'href="{DATE}?deadline=objection.decide"' in service.text
    page = client.get(f"{DATE}?deadline=objection.decide")
    assert page.status_code == 200
    assert re.search(r'<option value="objection.decide" selected', page.text)
    why = clocks.why_url(deadline="objection.decide", received=date(2026, 2, 14))
    assert client.get(why).status_code == 200
    chip = clocks.chip(due=date(2026, 3, 3), today=date(2026, 3, 2), left=1, why=why)
    shown = Template("{% clock chip %}").render(Context({"chip": chip}))
    assert f'href="{why.replace("&", "&amp;")}"' in shown and "为什么是这一天" in shown
