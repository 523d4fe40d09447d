"""A supplement to the catalog from the first draft to its end, and every shortcut that is refused (ZY-32, SP-8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.catalog.rows import company, made, sheet
from tests.norms.city import CODE, Road, item, text
from xinheng.accounts.selectors import organisation_by_code
from xinheng.catalog.models import CatalogItemVersion
from xinheng.catalog.selectors import item_version_id, supplemented
from xinheng.law import lookup
from xinheng.law.errors import NoValueInForce
from xinheng.law.pack import Pack
from xinheng.ledger import selectors as ledger
from xinheng.ledger import verify
from xinheng.lib.errors import BadInput, Conflict, NotFound, RefusedByLaw
from xinheng.norms import selectors, services
from xinheng.norms.rules import Change, Outcome, State
from xinheng.records.services import accept_batch
from xinheng.ui import city

pytestmark = pytest.mark.django_db


@pytest.mark.req("CAT-3", "CAT-2", "ZY-32", kind="journey")
def test_a_supplement_goes_the_whole_road_and_is_law_from_its_day_only(pack: Pack) -> None:
    road = Road(pack).draft().cosigned().consulting()
    assert road.view().facts.state is State.CONSULTING
    first = road.opinion()
    road.heard().answered().over().closed().submitted().approved()
    day = road.today + timedelta(days=10)
    road.published(day)
    assert road.view().facts.state is State.PUBLISHED
    law = supplemented(pack)
    with pytest.raises(NoValueInForce):
        lookup.item(law, CODE, day - timedelta(days=1))
    version = lookup.item(law, CODE, day)
    assert (version.from_, version.until, version.level.value) == (day, None, "city")
    row = CatalogItemVersion.objects.get(item__code=CODE)
    assert row.id == item_version_id(code=CODE, on=day)
    assert row.sha256 == version.sha256
    with pytest.raises(NotFound):
        item_version_id(code=CODE, on=day - timedelta(days=1))
    steps = [entry.body["fields"]["act"] for entry in ledger.entries(act="norm.step", limit=500) if entry.body]
    assert steps == [step.act.value for step in road.view().steps] or steps[::-1] == [
        step.act.value for step in road.view().steps
    ]
    assert selectors.opinions(road.norm_id, opened=False)[0].text is None
    kept = selectors.opinions(road.norm_id, opened=True)[0]
    assert (kept.id, kept.text, kept.answer and kept.answer.outcome) == (first, "检查频次建议写明", Outcome.ADOPTED)


@pytest.mark.req("CAT-1", "CAT-3", "ZY-32", "SP-8", kind="journey")
def test_under_each_law_the_road_leads_to_a_record_or_is_refused(law_city: Pack) -> None:
    road = Road(law_city)
    if law_city.id == "siping":
        with pytest.raises(RefusedByLaw) as caught:
            road.draft()
        assert caught.value.article == "SP-8"
        return
    road.ready_to_publish()
    day = road.today + timedelta(days=1)
    road.published(day)
    city.forget()
    version = lookup.item(city.pack(), CODE, day)
    assert version.article == road.view().procedure.article
    receipt = accept_batch(
        file=sheet(version, made(city.pack(), version, company(law_city))),
        file_name="检查.csv",
        item_code=CODE,
        provider=organisation_by_code("scjgj"),
        actor="test",
        channel="cli",
        at=road.at + timedelta(days=1),
    )
    assert (receipt.received.rejected, receipt.received.accepted + receipt.received.review) == (0, 1)
    assert [one for one in verify.run() if isinstance(one, verify.Damage)] == []


@pytest.mark.req("CAT-3", "ZY-32", kind="journey")
def test_a_new_version_closes_the_old_one_and_a_retirement_ends_it(pack: Pack) -> None:
    road = Road(pack).ready_to_publish()
    first = road.today + timedelta(days=2)
    road.published(first)
    law = supplemented(pack)
    again = Road(law, change=Change.AMEND, at=road.at + timedelta(days=5))
    again.draft(text(pack, frequency={"count": "1", "unit": "month"})).cosigned().consulting().heard()
    again.over().closed().submitted().approved()
    second = again.today + timedelta(days=1)
    again.published(second)
    law = supplemented(pack)
    assert [(v.from_, v.until) for v in law.items[CODE].versions] == [(first, second), (second, None)]
    assert lookup.item(law, CODE, second - timedelta(days=1)).frequency.count == 7
    assert lookup.item(law, CODE, second).frequency.unit.value == "month"
    end = Road(law, change=Change.RETIRE, at=again.at + timedelta(days=5))
    end.draft(text(pack)).cosigned().submitted().approved()
    last = end.today + timedelta(days=1)
    end.published(last)
    law = supplemented(pack)
    assert lookup.item(law, CODE, last - timedelta(days=1))
    with pytest.raises(NoValueInForce):
        lookup.item(law, CODE, last)
    with pytest.raises(NotFound):
        item_version_id(code=CODE, on=last)


@pytest.mark.req("CAT-3", "ZY-32", kind="refusal")
def test_no_step_can_be_left_out(pack: Pack) -> None:
    road = Road(pack).draft()

    def refused(reason: str) -> None:
        assert caught.value.reason == reason
        assert caught.value.article

    for step in (road.submitted, road.closed, road.approved, lambda: road.published(date(2027, 1, 1))):
        with pytest.raises(RefusedByLaw) as caught:
            step()
    with pytest.raises(RefusedByLaw) as caught:
        road.consulting()
    refused("norm_department_missing")
    road.cosigned()
    with pytest.raises(RefusedByLaw) as caught:
        road.submitted()
    refused("norm_not_consulted")
    road.consulting()
    with pytest.raises(RefusedByLaw) as caught:
        road.closed()
    refused("norm_consultation_running")
    last = road.view().facts.due_on
    road.over()
    with pytest.raises(RefusedByLaw) as caught:
        road.opinion()
    refused("norm_opinions_closed")
    with pytest.raises(RefusedByLaw) as caught:
        road.closed()
    refused("norm_group_not_heard")
    assert last is not None
    road.at -= timedelta(minutes=1)  # the last minute of the last day
    road.opinion()
    road.over().heard().closed()
    with pytest.raises(RefusedByLaw) as caught:
        road.submitted()
    refused("norm_opinion_unanswered")
    road.answered().submitted()
    with pytest.raises(RefusedByLaw) as caught:
        road.published(road.today + timedelta(days=1))
    refused("norm_step_impossible")
    road.approved()
    with pytest.raises(RefusedByLaw) as caught:
        road.published(road.today)
    refused("norm_effective_too_early")


@pytest.mark.req("CAT-3", "INV-2", "ZY-32", "PIP-1", kind="refusal")
def test_a_text_with_faults_never_reaches_the_public(pack: Pack) -> None:
    road = Road(pack).draft(replace(text(pack), basis=())).cosigned()
    with pytest.raises(RefusedByLaw) as caught:
        road.consulting()
    assert caught.value.reason == "norm_text_faulty"
    for wrong in ({"kinds": {"natural_person": "public"}}, {"article": "ZY-999"}, {"publicity": "all"}):
        services.revise(text=text(pack, **wrong), why="改", **road.fgw)
        road.cosigned()
        with pytest.raises(RefusedByLaw) as caught:
            road.consulting()
        assert caught.value.reason == "norm_text_faulty"
    persons = text(pack, kinds={"natural_person": "by_matter", "legal_person": "public"})
    services.revise(text=persons, why="改", **road.fgw)
    road.cosigned()
    with pytest.raises(RefusedByLaw) as caught:
        road.consulting()
    assert (caught.value.reason, caught.value.article) == ("norm_assessment_missing", "CN-PIPL-55")
    services.revise(text=replace(persons, assessment="只收办理必需的字段，不公开。"), why="补评估", **road.fgw)
    with pytest.raises(RefusedByLaw) as caught:
        road.consulting()
    assert caught.value.reason == "norm_department_missing"  # the departments are asked about each text
    road.cosigned().consulting()


@pytest.mark.req("CAT-3", "ZY-32", kind="refusal")
def test_nobody_acts_outside_his_office(pack: Pack) -> None:
    road = Road(pack).draft()
    for name in ("scjgj.collector", "scjgj.querier", "fgw.admin", "fgw.auditor", "fgw.supervisor", "zjj.collector"):
        with pytest.raises(RefusedByLaw):
            services.cosign(agreed=True, reason="", **(road.fgw | {"asker": road.asker(name)}))
        with pytest.raises(RefusedByLaw):
            services.abandon(reason="不办了", **(road.fgw | {"asker": road.asker(name)}))
        given = road.fgw | {"asker": road.asker(name)}
        given.pop("norm_id")
        with pytest.raises(RefusedByLaw):
            services.draft(change=Change.ENACT, text=text(pack, code="HC_X"), departments=[1], **given)
    road.cosigned().consulting().heard().over().closed().submitted()
    wrote = road.asker("fgw.operator2")
    alone = replace(wrote, account_id=road.asker("fgw.operator").account_id)
    with pytest.raises(RefusedByLaw) as caught:
        services.approve(document="衡政函〔2026〕31号", approved_on=road.today, **(road.fgw | {"asker": alone}))
    assert caught.value.reason == "norm_own_text"


@pytest.mark.req("CAT-1", "CAT-3", "SP-8", kind="refusal")
def test_a_city_without_supplement_refuses_with_its_article(law_city: Pack) -> None:
    road = Road(law_city)
    if law_city.id != "siping":
        road.draft(text(law_city))
        assert road.view().procedure.article in {"ZY-32", "DC-17"}
        return
    with pytest.raises(RefusedByLaw) as caught:
        road.draft(text(law_city))
    assert (caught.value.reason, caught.value.article) == ("norm_not_provided", "SP-8")


def test_one_draft_about_an_item_at_a_time_and_no_code_twice(pack: Pack) -> None:
    road = Road(pack).draft()
    with pytest.raises(Conflict):
        Road(pack).draft()
    services.abandon(reason="改由另一部门起草", **road.fgw)
    Road(pack).draft()
    for change, code, error in (
        (Change.ENACT, "CF", Conflict),
        (Change.AMEND, "CF", BadInput),
        (Change.RETIRE, "HC_NONE", BadInput),
        (Change.ENACT, "lower", BadInput),
        (Change.ENACT, "../etc", BadInput),
    ):
        with pytest.raises(error):
            Road(pack, change=change).draft(replace(text(pack), item=item(pack, code)))


@pytest.mark.req("PIP-1", kind="refusal")
def test_opinions_and_answers_hold_no_numbers_of_persons(pack: Pack) -> None:
    road = Road(pack).draft().cosigned().consulting()
    for said in ("我的电话13800138000请联系", "", "啊" * 4001):
        with pytest.raises(BadInput):
            road.opinion(said)
    number = road.opinion("不要公开检查人姓名")
    with pytest.raises(BadInput):
        services.answer_opinion(
            opinion=number, outcome=Outcome.DECLINED, gist="某人电话13800138000", reasons="不采纳", **road.fgw
        )
    with pytest.raises(Conflict):  # an inconvenient opinion does not go unanswered
        services.erase_opinion(opinion=number, reason="本人要求删除", **road.fgw)
    road.answered()
    services.erase_opinion(opinion=number, reason="本人要求删除", **road.fgw)
    kept = selectors.opinions(road.norm_id, opened=True)[0]
    assert kept.erased and kept.text is None
    newest = next(entry.body for entry in ledger.entries(act="norm.step", limit=500) if entry.body)
    assert newest["ground"] == {"article": "CN-PIPL-47"}
    with pytest.raises(Conflict):
        services.erase_opinion(opinion=number, reason="再删", **road.fgw)


@pytest.mark.req("CAT-3", "ZY-32", kind="refusal")
@pytest.mark.parametrize(
    ("changes", "beyond"),
    [
        ({"providers": ["emergency"]}, True),
        ({"channel": ["api"]}, True),
        ({"frequency": {"count": "1", "unit": "month"}}, True),
        ({"conduct": {"zh": "别的行为", "en": "something else"}}, True),
        ({"kinds": {"legal_person": "public"}}, True),
        ({"basis": ["《消防法》第五十四条"]}, True),
    ],
)
def test_after_the_opinions_nothing_new_comes_in(pack: Pack, changes: dict[str, Any], beyond: bool) -> None:
    road = Road(pack).draft().cosigned().consulting().heard().over().closed()
    services.revise(text=text(pack, **changes), why="意见之后再改", **road.fgw)
    road.cosigned()
    with pytest.raises(RefusedByLaw) as caught:
        road.submitted()
    assert caught.value.reason in {"norm_beyond_what_was_asked", "norm_source_not_along"}
    services.reopen(reason="重新征求意见", **road.fgw)
    assert selectors.norm(road.norm_id, pack=pack, today=road.today).public
    services.revise(text=text(pack), why="改回", **road.fgw)
    road.cosigned().consulting()


@pytest.mark.req("CAT-3", kind="rule")
def test_after_the_opinions_a_field_may_go_or_be_shown_to_fewer(pack: Pack) -> None:
    road = Road(pack).draft().cosigned().consulting().heard().over().closed()
    less = text(pack)
    fields = [dict(one) for one in less.item["fields"] if one["code"] != "BZ"]
    for one in fields:
        if one["code"] == "CF_SY":
            one["disclosure"] = dict(one["disclosure"]) | {"public": "withheld"}
    services.revise(text=replace(less, item={**less.item, "fields": fields}), why="少收一个字段", **road.fgw)
    road.cosigned().submitted()


@pytest.mark.req("CAT-3", "ZY-32", kind="refusal")
def test_who_drafts_along_is_a_public_body_that_reports_the_item(pack: Pack) -> None:
    given = Road(pack).fgw
    given.pop("norm_id")
    for code in ("xh", "xyfw"):
        with pytest.raises(BadInput) as refused:
            body = organisation_by_code(code).id
            services.draft(change=Change.ENACT, text=text(pack), departments=[body], **given)
        assert refused.value.code == "norm_departments_kind"
    road = Road(pack).draft(text(pack, providers=["emergency"])).cosigned()
    with pytest.raises(RefusedByLaw) as caught:
        road.consulting()
    assert caught.value.reason == "norm_source_not_along"


@pytest.mark.req("CAT-1", kind="refusal")
def test_the_city_makes_no_national_item(pack: Pack) -> None:
    with pytest.raises(RefusedByLaw) as caught:
        Road(pack).draft(replace(text(pack), item={**item(pack), "level": "national"}))
    assert caught.value.reason == "norm_level"


@pytest.mark.req("CAT-3", "PUB-2", "ZY-32", kind="journey")
def test_an_end_is_published_too(pack: Pack) -> None:
    road = Road(pack).ready_to_publish()
    road.published(road.today + timedelta(days=1))
    end = Road(supplemented(pack), change=Change.RETIRE, at=road.at + timedelta(days=3))
    end.draft(text(pack)).cosigned().submitted().approved()
    assert not end.view().public
    end.published(end.today + timedelta(days=1))
    assert end.view().public


@pytest.mark.req("PIP-1", "INV-8", kind="rule")
def test_what_was_written_goes_when_its_time_is_over(pack: Pack) -> None:
    road = Road(pack).ready_to_publish()
    road.published(road.today + timedelta(days=1))
    assert services.forget_opinions(at=road.at + timedelta(days=364), pack=pack) == 0
    assert services.forget_opinions(at=road.at + timedelta(days=366), pack=pack) == 1
    assert services.forget_opinions(at=road.at + timedelta(days=367), pack=pack) == 0
    [kept] = selectors.opinions(road.norm_id, opened=True)
    assert kept.erased and kept.answer is not None and kept.answer.gist
    assert [one for one in verify.run() if isinstance(one, verify.Damage)] == []


def test_opinions_come_in_no_flood(pack: Pack) -> None:
    road = Road(pack).draft().cosigned().consulting()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("xinheng.norms.services.hearing.AN_HOUR_TAKES", 3)
        for n in range(3):
            road.opinion(f"第{n}条意见")
        with pytest.raises(Conflict) as refused:
            road.opinion("再来一条")
        assert refused.value.code == "norm_opinions_too_many"
        road.at += timedelta(hours=2)
        road.opinion("过一会儿再提")


def test_a_list_of_instruments_asks_no_more_for_many(pack: Pack, django_assert_max_num_queries: Any) -> None:
    for n in range(6):
        Road(pack).draft(replace(text(pack), item=item(pack, f"HC_N{n}")))
    with django_assert_max_num_queries(8):
        assert len(selectors.norms(pack=pack, today=date(2026, 11, 20))) == 6


def test_the_law_of_the_running_platform_knows_the_supplement(pack: Pack) -> None:
    road = Road(pack).ready_to_publish()
    assert CODE not in city.pack().items
    road.published(road.today + timedelta(days=1))
    city.forget()
    assert city.pack().items[CODE].versions[-1].from_ == road.today + timedelta(days=1)
    assert city.pack().label == pack.label
