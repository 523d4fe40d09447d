"""Refused questions of one account are bounded in the log: nothing goes unlogged, and nobody floods it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.disclosure.city import City
from tests.disclosure.test_doors import CODE, GROUND, OFFICER, as_user, text_of
from xinheng.disclosure import services
from xinheng.disclosure.models import RefusalCount
from xinheng.disclosure.tasks import SWEEPS, sum_refusals
from xinheng.law.lookup import query_log
from xinheng.ledger import selectors as ledger
from xinheng.lib import clock
from xinheng.lib.errors import NotAllowed

pytestmark = pytest.mark.django_db
WRONG = {**GROUND, "who": CODE, "matter": "daily_inspection"}


def denials() -> list[Any]:
    return [one.body for one in ledger.entries(act="disclosure.refused", limit=500)]


def bound(city: City) -> int:
    return query_log(city.pack, clock.now().date()).refused


def used_up(city: City, username: str, but: int = 0) -> None:
    """The account has asked in vain as often as has an entry each."""
    number, now = city.accounts[username], clock.now()
    RefusalCount.objects.create(account_id=number, began_at=now, last_at=now, entered=bound(city) - but)


@pytest.mark.req("QRY-5", "ACC-1", "SEC-1", kind="refusal")
def test_beyond_the_bound_the_same_refusal_is_429_and_one_entry_sums_it(city: City) -> None:
    used_up(city, "scjgj.collector", but=2)
    client, asked = as_user("scjgj.collector"), {**GROUND, "who": CODE}
    before = len(ledger.entries(limit=500))
    seen = [client.post("/desk/query", asked).status_code for _ in range(5)]
    assert seen == [403, 403, 429, 429, 429]
    told = client.post("/desk/query", asked)
    assert "还有60分钟" in text_of(told) and told.headers["Retry-After"] and CODE not in text_of(told)
    answer = client.post("/desk/query", asked, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too_many_refusals")
    assert client.post("/desk/query/batch", asked).status_code == 429
    assert len(ledger.entries(limit=500)) == before + 2
    assert client.get("/desk/query").status_code == 403  # a reading was never entered
    assert sum_refusals(at=clock.now()) == 0  # not over yet
    later = clock.now() + timedelta(minutes=61)
    assert sum_refusals in SWEEPS and sum_refusals(at=later) == 1
    newest = denials()[0]
    assert newest["actor"] == f"account:{city.accounts['scjgj.collector']}"
    assert newest["org"] == "scjgj" and newest["ground"]["reason"] == "refusals_summed"
    assert newest["fields"]["questions"] == 6 and CODE not in repr(newest)
    assert not RefusalCount.objects.exists()
    assert sum_refusals(at=later) == 0 and len(ledger.entries(limit=500)) == before + 3


@pytest.mark.req("QRY-1", "QRY-5", "ACC-1", kind="refusal")
def test_a_querier_beyond_the_bound_is_still_answered_what_is_in_order(city: City) -> None:
    client = as_user(OFFICER)
    used_up(city, OFFICER, but=1)
    before = len(ledger.entries(limit=500))
    assert client.post("/desk/query", WRONG).status_code == 403
    assert len(ledger.entries(limit=500)) == before + 1  # its own entry, about the subject
    assert client.post("/desk/query", WRONG).status_code == 429
    machine = client.post("/desk/query", WRONG, headers={"Accept": "application/json"})
    assert (machine.status_code, machine.json()["error"]["code"]) == (429, "too_many_refusals")
    assert len(ledger.entries(limit=500)) == before + 1
    fine = client.post("/desk/query", {**GROUND, "who": CODE})
    assert fine.status_code == 200 and "台账" in text_of(fine)
    assert len(ledger.entries(limit=500)) == before + 2
    person = client.post("/desk/query", {**GROUND, "who": "622201199001010012"})
    assert person.status_code == 403 and len(ledger.entries(limit=500)) == before + 3  # about a person: an entry
    assert as_user("zjj.querier").post("/desk/query", WRONG).status_code == 403  # another account is not held up


@pytest.mark.req("QRY-5", "SEC-1", kind="rule")
def test_a_list_weighs_its_entries_and_a_new_time_begins_anew(city: City) -> None:
    at, pack = clock.now(), city.pack
    given: dict[str, Any] = {"account_id": 7, "organisation": "scjgj", "pack": pack}

    def ask(when: datetime, weight: int = 1) -> bool:
        try:
            services.bound_refusals(**given, at=when, weight=weight)
        except NotAllowed as refused:
            assert refused.code == "too_many_refusals" and 1 <= int(refused.params["minutes"]) <= 60
            return False
        return True

    assert ask(at, weight=500) and not ask(at + timedelta(minutes=59)) and not ask(at + timedelta(minutes=59))
    before = len(denials())
    assert ask(at + timedelta(minutes=60))  # the next one after the time enters the sum itself
    assert len(denials()) == before + 1 and denials()[0]["fields"]["questions"] == 2
    assert [ask(at + timedelta(minutes=61)) for _ in range(bound(city))] == [True] * (bound(city) - 1) + [False]
    assert ask(at - timedelta(days=1))  # a clock that was set back locks nobody out
    services.bound_refusals(account_id=None, organisation="", at=at, pack=pack)


def test_each_city_says_how_many(law_pack: Any) -> None:
    rule = query_log(law_pack, clock.now().date())
    assert rule.refused >= 10 and rule.refused_minutes >= 10
