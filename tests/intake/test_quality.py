"""A provider's figures, its returned rows and its reminders, over the verbs that receive its files."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client

from tests.disclosure.test_doors import as_user, text_of
from tests.records.conftest import Send, bureau, officers, send
from tests.records.rows import AT, COMPANY, OTHER, PERSON, PERSON_ID, PERSON_NAME, row
from xinheng.accounts.selectors import organisation_by_code
from xinheng.intake import selectors, services
from xinheng.intake.commands import quality
from xinheng.intake.models import IntakeBatch, IntakeReminder, IntakeRow
from xinheng.intake.rules.quality import Kind, Measure, Month, Outcome, Stage, Sums
from xinheng.law.pack import Pack
from xinheng.records.services.review import review_row

__all__ = ["bureau", "officers", "send"]
pytestmark = pytest.mark.django_db

NOVEMBER = Month(2026, 11)
GOOD = {"CF_JDRQ": "2026/11/18"}  # due on 27 November
LATE = {"CF_JDRQ": "2026/11/02"}  # due on 11 November
BAD = {"CF_NR_FK": "三万左右"}


def month_of(provider: Any, month: Month = NOVEMBER) -> Sums:
    """The sums of a provider in a month over all items."""
    return selectors.total(line.now for line in selectors.report(month=month, provider_id=provider.id))


@pytest.mark.req("INT-2", "ZY-33", "SP-8", kind="rule")
def test_what_a_file_adds_to_the_figures(send: Send, bureau: Any) -> None:
    send(
        row(41, **GOOD),
        row(42, OTHER, **LATE),
        row(43, **GOOD, **BAD),
        row(44, **GOOD, CF_WFXW=""),
        row(45, **GOOD, CF_YXQ="2026/11/01"),
    )
    assert month_of(bureau) == Sums(timely=2, late=1, first_sent=5, complete=4, judged=5, faultless=2)
    (line,) = selectors.report(month=NOVEMBER, provider_id=bureau.id)
    assert [str(line.share(measure).percent) for measure in Measure] == ["66.6", "40.0", "80.0"]
    assert (line.batches, line.open, line.last_on) == (1, 2, date(2026, 11, 20))


@pytest.mark.req("INT-2", kind="rule")
def test_the_same_rows_in_one_file_or_in_three_give_the_same_figures(send: Send, bureau: Any) -> None:
    rows = [row(50 + n, **GOOD, **(BAD if n % 3 == 0 else {})) for n in range(9)]
    send(*rows[:2])
    send(*rows[2:3])
    send(*rows[3:])
    assert month_of(bureau) == Sums(6, 0, 9, 9, 9, 6)


@pytest.mark.req("INT-2", "INT-1", kind="rule")
def test_a_mended_row_is_followed_counts_by_its_own_day_and_is_no_second_first_sending(send: Send, bureau: Any) -> None:
    send(row(61, **GOOD, **BAD), row(62, **GOOD))
    later = AT + timedelta(days=10)
    receipt = send(row(61, **GOOD), row(62, **GOOD), row(63, CF_JDRQ="2026/11/27"), at=later)
    assert month_of(bureau) == Sums(timely=2, late=1, first_sent=3, complete=3, judged=3, faultless=2)
    assert selectors.returned_count(provider_id=bureau.id) == 0
    assert IntakeRow.objects.get(state="returned").followed_in == receipt.batch_id


@pytest.mark.req("INT-2", kind="rule")
def test_a_row_that_goes_back_again_is_open_once(send: Send, bureau: Any) -> None:
    send(row(64, **GOOD, **BAD))
    send(row(64, **GOOD, CF_NR_FK="两万左右"))
    assert month_of(bureau) == Sums(0, 0, 1, 1, 1, 0)
    (one,) = selectors.urgent(provider_id=bureau.id)
    assert (one.number, one.due_on, one.waiting) == ("衡市监罚〔2026〕64号", date(2026, 11, 27), False)
    assert one.batch_id == IntakeBatch.objects.latest("id").id


@pytest.mark.req("INT-2", kind="rule")
def test_a_row_of_another_provider_or_item_mends_nothing(send: Send, bureau: Any) -> None:
    send(row(65, **GOOD, **BAD))
    other = organisation_by_code("zjj")
    assert selectors.returned_rows(provider_id=other.id, item=selectors.item_of(IntakeBatch.objects.get().id)) == []
    assert selectors.returned_count(provider_id=bureau.id, item_code="XK") == 0


@pytest.mark.req("INT-2", kind="rule")
def test_a_correction_waits_for_the_law_and_is_in_no_share_of_accuracy(send: Send, bureau: Any) -> None:
    send(row(66, **GOOD))
    send(row(66, **GOOD, CF_NR_FK="9"))
    assert month_of(bureau) == Sums(timely=2, late=0, first_sent=2, complete=2, judged=1, faultless=1)


@pytest.mark.req("INT-2", kind="rule")
def test_months_are_counted_by_the_legal_day(send: Send, bureau: Any) -> None:
    """15:59 UTC is the last day of October in the city, 16:00 UTC the first of November."""
    send(row(67, **LATE, CF_YXQ="2099/12/31"), at=datetime.fromisoformat("2026-11-30T15:59:00Z"))
    send(row(68, **LATE), at=datetime.fromisoformat("2026-11-30T16:00:00Z"))
    told = {
        month: (batches, sums.late)
        for month, batches, sums in selectors.months(provider_id=bureau.id, until=Month(2026, 12))
    }
    assert told[NOVEMBER] == told[Month(2026, 12)] == (1, 1)
    assert told[Month(2026, 10)] == (0, 0)
    assert len(told) == 12


# Reminders -----------------------------------------------------------------------------------------------------------


def standing() -> list[tuple[str, str, date, int]]:
    """The reminders that stand."""
    found = IntakeReminder.objects.filter(ended_at__isnull=True).order_by("kind", "due_on")
    return list(found.values_list("kind", "stage", "due_on", "rows"))


@pytest.mark.req("INT-2", kind="journey")
def test_reminders_come_once_in_each_stage_and_end_with_their_cause(send: Send, bureau: Any, pack: Pack) -> None:
    send(row(71, **GOOD, **BAD), row(72, **GOOD, **BAD), row(73, **LATE, **BAD))
    assert services.remind(at=AT, pack=pack) == 1
    assert standing() == [("returned", "passed", date(2026, 11, 11), 1)]
    near = datetime.fromisoformat("2026-11-25T01:00:00Z")
    assert services.remind(at=near, pack=pack) == 1
    assert services.remind(at=near, pack=pack) == 0
    assert ("returned", "near", date(2026, 11, 27), 2) in standing()
    passed = datetime.fromisoformat("2026-11-28T01:00:00Z")
    assert services.remind(at=passed, pack=pack) == 2
    assert services.remind(at=passed, pack=pack) == 0
    assert IntakeReminder.objects.get(stage="near").outcome == Outcome.OVERTAKEN
    send(row(71, **GOOD), row(72, **GOOD), row(73, **LATE), at=passed)
    assert services.remind(at=passed, pack=pack) == 2
    assert standing() == []
    assert {one.outcome for one in IntakeReminder.objects.filter(stage=Stage.PASSED.value)} == {Outcome.DONE.value}
    (told,) = selectors.reminder_sums()
    assert (told.kind, told.made, told.done, told.standing) == (Kind.RETURNED, 3, 2, 0)


@pytest.mark.req("INT-2", kind="journey")
def test_a_row_that_waits_too_long_reminds_until_it_is_decided(
    send: Send, bureau: Any, officers: Mapping[str, int], pack: Pack
) -> None:
    send(row(74, **GOOD, CF_YXQ="2026/11/01"))
    assert services.remind(at=AT + timedelta(days=7), pack=pack) == 0
    late = AT + timedelta(days=8)
    assert services.remind(at=late, pack=pack) == 1
    assert standing() == [("waiting", "passed", date(2026, 11, 27), 1)]
    (waiting,) = selectors.waiting_rows()
    review_row(
        row_id=waiting.row_id, outcome="accept", reviewer=officers["scjgj.reviewer"], reason="核对无误", channel="web",
        at=late,
    )  # fmt: skip
    assert services.remind(at=late, pack=pack) == 1
    assert standing() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("INT-2", kind="rule")
def test_two_workers_at_once_remind_once(send: Send, bureau: Any, pack: Pack) -> None:
    send(*(row(80 + n, **LATE, **BAD) for n in range(4)))
    send(*(row(90 + n, **GOOD, **BAD) for n in range(4)))
    start, done, wrong = threading.Barrier(4), [], []

    def sweep() -> None:
        try:
            start.wait()
            done.append(services.remind(at=AT + timedelta(days=10), pack=pack))
        except Exception as error:  # told below
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert sum(done) == IntakeReminder.objects.count() == 2


# Doors ---------------------------------------------------------------------------------------------------------------


@pytest.mark.req("INT-2", "STA-1", "ZY-5", "SP-4", kind="journey")
def test_page_file_command_and_the_providers_own_page_say_the_same(send: Send, bureau: Any) -> None:
    send(row(101, **GOOD), row(102, **LATE), row(103, **GOOD, **BAD))
    listed = as_user("fgw.supervisor").get("/desk/quality/providers.csv?month=2026-11&sort=timely")
    assert listed["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(listed.content.decode("utf-8-sig"))))
    mine = next(one for one in rows if one[1] == "scjgj" and one[3] == "CF")
    said = CliRunner().invoke(quality, ["--month", "2026-11", "--json"])
    assert said.exit_code == 0, said.output
    line = next(
        one for one in map(json.loads, said.output.splitlines()) if (one["provider"], one["item"]) == ("scjgj", "CF")
    )
    assert list(line.values()) == mine
    assert len(rows[0]) == len(mine)
    shares = {line[f"{measure}_percent"] for measure in Measure}
    assert shares == {"50.0", "66.6", "100.0"}
    for page in (
        as_user("fgw.operator").get("/desk/quality/providers"),
        as_user("scjgj.collector").get("/desk/quality"),
    ):
        assert page.status_code == 200
        assert all(one in text_of(page) for one in ("50.0%", "66.6%", "100%", "1/2", "2/3", "3/3")), text_of(page)


@pytest.mark.req("INT-2", "INV-3", kind="refusal")
def test_another_organisations_figures_are_not_seen(send: Send, bureau: Any) -> None:
    send(row(104, **GOOD), row(105, **GOOD, **BAD))
    assert "105号" in text_of(as_user("scjgj.reviewer").get("/desk/quality"))
    other = text_of(as_user("zjj.collector").get("/desk/quality"))
    assert "105号" not in other
    assert "处罚.csv" not in other
    for address in ("/desk/quality/providers", "/desk/quality/providers.csv"):
        assert Client().get(address).status_code == 302
        for username in ("scjgj.collector", "scjgj.reviewer", "zjj.collector", "gongmin", "fgw.auditor"):
            assert as_user(username).get(address).status_code == 403
        assert as_user("fgw.supervisor").get(address).status_code == 200
    assert Client().get("/desk/quality").status_code == 302
    assert as_user("gongmin").get("/desk/quality").status_code == 403


@pytest.mark.req("INT-2", "ZY-5", "SP-4", kind="refusal")
def test_a_supervisor_of_another_organ_is_refused_with_the_article(send: Send, officers: Mapping[str, int]) -> None:
    from xinheng.accounts.models import Account

    Account.objects.filter(username="fgw.supervisor").update(organisation=organisation_by_code("zjj"))
    answer = as_user("fgw.supervisor").get("/desk/quality/providers")
    assert answer.status_code == 403
    assert "社会信用主管部门" in text_of(answer)


@pytest.mark.req("INT-2", "STA-1", "INV-4", kind="refusal")
def test_no_person_is_on_any_of_the_pages(send: Send, bureau: Any, pack: Pack) -> None:
    send(row(106, PERSON, **LATE), row(107, PERSON, **GOOD, **BAD))
    services.remind(at=AT + timedelta(days=10), pack=pack)
    for username, address in (
        ("scjgj.collector", "/desk/quality"),
        ("scjgj.collector", "/desk"),
        ("fgw.supervisor", "/desk/quality/providers"),
        ("fgw.supervisor", "/desk/quality/providers.csv"),
    ):
        text = text_of(as_user(username).get(address))
        assert PERSON_NAME not in text
        assert PERSON_ID not in text
    assert "106号" in text_of(as_user("scjgj.collector").get("/desk/quality"))


@pytest.mark.req("INT-2", kind="journey")
def test_a_collector_is_told_at_the_start_and_says_that_it_was_seen(send: Send, bureau: Any, pack: Pack) -> None:
    send(row(108, **LATE, **BAD), row(109, **LATE, **BAD))
    services.remind(at=AT, pack=pack)
    browser = as_user("scjgj.collector")
    assert "退回的2行没有改好再报，最早的2026年11月11日到期。" in text_of(browser.get("/desk"))
    assert "提醒：改好再报" not in text_of(as_user("zjj.collector").get("/desk"))
    assert as_user("zjj.collector").post("/desk/quality").status_code == 302
    assert IntakeReminder.objects.get().seen_at is None
    assert browser.post("/desk/quality").status_code == 302
    assert IntakeReminder.objects.get().seen_by is not None
    assert "我看到了" not in text_of(browser.get("/desk/quality"))
    listed = as_user("fgw.supervisor").get("/desk/quality/providers")
    assert "提醒过什么" in text_of(listed)


@pytest.mark.req("INT-2", kind="refusal")
@pytest.mark.parametrize("month", ["2026-13", "2027-01", "x", "2026-11-01"])
def test_a_month_that_is_none_or_to_come_is_refused(month: str) -> None:
    assert as_user("fgw.supervisor").get(f"/desk/quality/providers?month={month}").status_code == 422


@pytest.mark.req("INT-2", "ZY-33", "ZY-5", "SP-8", "SP-4", kind="journey")
def test_each_city_cites_its_own_articles(law_city: Pack) -> None:
    expected = {"zhangye": ("三十三条", "第五条"), "siping": ("第八条", "第四条"), "demo-city": ("第十八条", "第五条")}[
        law_city.id
    ]
    page = text_of(as_user("fgw.supervisor").get("/desk/quality/providers"))
    assert all(one in page for one in expected)
    own = text_of(as_user("scjgj.collector").get("/desk/quality"))
    assert expected[0] in own
    assert "没有报送" in own


@pytest.mark.req("INT-2", kind="journey")
def test_the_page_of_a_batch_says_its_timeliness_and_its_most_urgent_row(send: Send, bureau: Any) -> None:
    batch = send(row(111, **GOOD), row(112, **LATE), row(113, COMPANY, **GOOD, **BAD)).batch_id
    page = text_of(as_user("scjgj.collector").get(f"/desk/intake/{batch}"))
    assert "1行在7个工作日内" in page
    assert "第4行，过后记为迟报" in page
    assert "您单位11月" in page
    assert "您单位11月" in text_of(as_user("scjgj.collector").get("/desk/intake"))
